# --report: what is active, what comes how and why, the strategies, and how memory grows; on standard error.
. "$SOURCE_DIR/tests/cli/lib.sh"
cat > report.c <<'SOURCE'
#include <adgen/adgen.h>
#include <math.h>

ADGEN(grad, wrt(w))
double loss(int n, const double x[n], double w)
{
    double s = 0;
    for (int i = 0; i < n; i++)
        s += exp(w * x[i]);
    return s / n;
}

ADGEN(vjp, wrt(x), of(x))
void prefix(int n, double x[n])
{
    for (int i = 1; i < n; i++)
        x[i] = sin(x[i - 1]) * x[i];
}

ADGEN(vjp, wrt(a), of(b))
void scaled(int n, const double *a, double *b)
{
    for (int i = 0; i < n; i++)
        b[i] = a[i] * a[i];
}

ADGEN(vjp, wrt(c), of(d))
void told(int n, const double c[n], double d[n])
{
    for (int i = 0; i < n; i++)
        d[i] = c[i] * c[i];
}

ADGEN(grad, wrt(u))
double steps(int n, int m, double u[n])
{
    for (int s = 0; s < m; s++) {
        double sum = 0;
        for (int i = 0; i < n; i++)
            sum += u[i] * u[n - 1 - i];
        for (int i = 0; i < n; i++)
            u[i] = sin(u[i]) + sum;
    }
    return u[0];
}

ADGEN(jvp)
double newton(double a, double b)
{
    double y = 1;
    while (fabs(y * y - a) > 1e-13)
        y = 0.5 * (y + a / y);
    return y;
}

ADGEN(vjp)
double series(double a)
{
    double y = 1;
    while (fabs(y * y - a) > 1e-13)
        y = 0.5 * (y + a / y);
    return y;
}

ADGEN(grad, wrt(w))
double root(int n, const double x[n], double w)
{
    double s = 0;
    for (int i = 0; i < n; i++)
        s += log1p(exp(w * x[i]));
    return sqrt(s);
}
SOURCE
status 0 "$ADGEN" -w --report -f 'scaled: vjp, wrt(a[n]), of(b[n]), name(again)' report.c -o out.c
silent out
exists out.c out.h
says err "loss (report.c:5), reverse"
says err "  active: w, s"
says err "report.c:8: loop over 'i': fused"
says err "memory, in bytes, besides adjoints of local arrays: 0"
says err "report.c:16: loop over 'i': a reverse loop of its own; its iterations hand something on in memory"
says err "an element of 'x' is kept: (n - 1) doubles; it may be overwritten at report.c:17"
says err "an element of 'x' is read again"
says err "sizeof(double)*(n - 1)"
says err "'b' is written at report.c:24 and may overlap 'a': restrict would tell"
says err "an element of 'c' is read again, unless 'd' overlaps 'c': then it is kept: n doubles; restrict would tell"
says err "an element of 'u' is read from a copy of 'u'"
says err "'u' is copied: m*n doubles; it is overwritten later"
says err "newton (report.c:48), forward"
says err "report.c:60: loop: a reverse loop of its own; how often it runs is not known before"
says err "on the tape, one double each time"
says err "sizeof(double)*rounds(report.c:60)"
says err "report.c:69: loop over 'i': replayed, the reverse loop runs each iteration again; what it would keep grows with it"
status 0 "$ADGEN" -w --report --strategy=store report.c -o stored.c
says err "report.c:69: loop over 'i': a reverse loop of its own; what it carries is more than sums whose adjoints are known before it; not replayed: it was switched off"
says err "a result of 'exp' is kept: n doubles"
status 0 "$ADGEN" -w --report --strategy=replay report.c -o replayed.c
says err "report.c:8: loop over 'i': replayed"
status 0 "$ADGEN" -w report.c -o quiet.c
silent err
