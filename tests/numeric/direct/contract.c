/* What the contract says of signatures: in-place parameters, overlap, work arrays, kinds of dependents. */
#include <adgen/adgen.h>
#include <math.h>

/* in place: one companion, seed and adjoint */
ADGEN(vjp, wrt(x), of(x))
ADGEN(jvp, wrt(x), of(x))
void prefix(int n, double x[n])
{
    for (int i = 1; i < n; i++)
        x[i] = x[i - 1] * x[i];
}

/* parameters that may overlap */
ADGEN(vjp, wrt(x), of(y))
ADGEN(jvp, wrt(x), of(y))
void scaled(int n, const double *x, double *y)
{
    for (int i = 0; i < n; i++)
        y[i] = 2 * x[i] * x[i];
}

ADGEN(vjp, wrt(a, x, y), of(y))
ADGEN(jvp, wrt(a, x, y), of(y))
void axpy(int n, double a, const double *x, double *y)
{
    for (int i = 0; i < n; i++)
        y[i] += a * x[i] * x[i];
}

/* the same of known extents: adgen asks at run time */
ADGEN(vjp, wrt(x, y), of(y))
ADGEN(jvp, wrt(x, y), of(y))
void smoothed(int n, int m, const double x[n], double y[m])
{
    for (int s = 0; s < 3; s++) {
        double sum = 0;
        for (int i = 0; i < n; i++)
            sum += x[i] * sin(x[i]);
        for (int i = 0; i < m && i < n; i++)
            y[i] = (y[i] + sum * x[n - 1 - i] * x[i]) / 4;
    }
}

ADGEN(vjp, wrt(a, b, y), of(y))
ADGEN(jvp, wrt(a, b, y), of(y))
void products(int n, const double a[n][n], const double b[n], double y[n])
{
    for (int i = 0; i < n; i++) {
        double sum = 0;
        for (int j = 0; j < n; j++)
            sum += a[i][j] * b[j] * b[j];
        y[i] = tanh(sum);
    }
}

/* arrays that may be missing where they are not looked at */
ADGEN(vjp, wrt(u, v), of(y))
void missing(int n, int m, int steps, double u[restrict n], double v[restrict 3], double y[restrict 1])
{
    for (int s = 0; s < steps; s++) {
        double sum = 1;
        for (int i = 0; i < n; i++)
            sum += u[i] * u[n - 1 - i];
        for (int i = 0; i < m; i++)
            sum += v[i] * v[m - 1 - i];
        for (int i = 0; i < n; i++)
            u[i] *= sum;
        for (int i = 0; i < m; i++)
            v[i] *= sum;
        y[0] = sum * sum;
    }
}

/* an independent that is overwritten, but not a dependent */
ADGEN(grad, wrt(x))
ADGEN(vjp, wrt(x), of(return), name(consumed_back))
double consumed(int n, double x[n])
{
    double s = 0;
    for (int i = 0; i < n; i++) {
        x[i] = x[i] * x[i];
        s += x[i] * x[i];
        x[i] = 0;
    }
    return s;
}

/* a work array */
ADGEN(grad, wrt(x), work(t[n]))
ADGEN(jvp, wrt(x), work(t[n]))
double with_work(int n, const double x[n], double *t)
{
    for (int i = 0; i < n; i++)
        t[i] = sin(x[i]);
    double s = 0;
    for (int i = 0; i < n; i++)
        s += t[i] * t[n - 1 - i];
    return s;
}

/* a scalar output through a pointer */
ADGEN(grad, wrt(x), of(y))
void output(const double x[2], double *y)
{
    *y = x[0] * x[1];
    *y = *y * *y;
}

/* by-value parameters, one of them overwritten; float stays float */
ADGEN(grad)
ADGEN(vjp)
ADGEN(jvp)
float by_value(float a, float b)
{
    a = a * b;
    return a * a;
}

/* a returned value and an output: vjp of both, in the order of the clauses */
ADGEN(vjp, wrt(x), of(return, y))
ADGEN(jvp, wrt(x), of(return, y))
double both(int n, const double x[n], double y[n])
{
    double s = 0;
    for (int i = 0; i < n; i++) {
        y[i] = x[i] * s;
        s += x[i];
    }
    return s * s;
}

/* a dependent that is no independent, and of which nothing depends on x: its seed still passes to what it held on entry */
ADGEN(vjp, wrt(x), of(y))
void kept(int n, const double *restrict x, double *restrict y)
{
    y[0] += 0.25;
    y[1] = 2 * y[1];
    y[2] = 1;
    for (int i = 3; i < n; i++)
        y[i] -= 0.5;
    (void)x;
}

/* pointers into a work array or an array of its own: the work array's adjoint, which is adgen's, is where they lead */
ADGEN(grad, wrt(x), work(t[n]))
ADGEN(hvp, wrt(x), work(t[n]))
double chosen(int n, const double x[n], double t[n], int which)
{
    double own[4] = {0}, s = 0;
    double *q = which ? t : own;
    for (int i = 0; i < n; i++) {
        q[i] = x[i] * x[i];
        s += q[i] * t[i];
    }
    return s;
}

/* a work array that carries nothing active, beside one that does */
ADGEN(grad, wrt(x), work(t[n]))
double beside(int n, const double x[n], double t[n], int which)
{
    double own[4] = {0}, s = 0;
    for (int i = 0; i < n; i++)
        own[i] = x[i] * x[i];
    const double *q = which ? t : own;
    for (int i = 0; i < n; i++)
        s += q[i] * q[i];
    return s;
}

/* an independent that is overwritten, by a pointer that may lead elsewhere */
ADGEN(grad, wrt(x[n]))
double squared(int n, double x[n], int which)
{
    double own[4] = {1, 1, 1, 1}, s = 0;
    double *q = which ? x : own;
    for (int i = 0; i < n; i++) {
        q[i] *= q[i];
        s += q[i] * x[i];
    }
    return s;
}

/* conventions at kinks and singular points */
ADGEN(grad)
double kink_abs(double x) { return fabs(x); }
ADGEN(grad)
double kink_max(double x, double y) { return fmax(x, y); }
ADGEN(grad)
double kink_min(double x, double y) { return fmin(x, y); }
ADGEN(grad)
double root(double x) { return sqrt(x); }
ADGEN(grad)
double root_times(double x, double y) { return sqrt(x) * y; }
ADGEN(grad, wrt(x))
double power(double x, double y) { return pow(x, y); }
ADGEN(grad)
double guarded(double x) { return x > 0 ? x * log(x) : 0; }
ADGEN(grad)
double relu(double x) { return x > 0 ? x : 0; }
ADGEN(grad)
double clipped_log(double x) { return fmax(log(x), -10); }
