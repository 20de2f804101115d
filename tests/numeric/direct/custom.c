/* Functions with derivatives of their own: every kind of argument, in loops, branches and after overwriting. The
 * derivatives are those of other functions than the ones that are called (scaled by a factor), so that it shows whether
 * they are used. */
#include <adgen/adgen.h>
#include <math.h>
#include <string.h>

int custom_calls;

/* by-value scalars and a result; the derivatives are three times the true ones */
ADGEN(custom, vjp(product_vjp), jvp(product_jvp))
double product(double a, double b, int shift)
{
    custom_calls++;
    return a * b + shift;
}

double product_vjp(double a, double *a_bar, double b, double *b_bar, int shift, double result_bar)
{
    *a_bar += 3 * b * result_bar;
    *b_bar += 3 * a * result_bar;
    return a * b + shift;
}

double product_jvp(double a, double a_dot, double b, double b_dot, int shift, double *result_dot)
{
    *result_dot = 3 * (a_dot * b + a * b_dot);
    return a * b + shift;
}

/* an array to a number */
ADGEN(custom, vjp(energy_vjp), jvp(energy_jvp))
double energy(int n, const double x[n])
{
    double s = 0;
    for (int i = 0; i < n; i++)
        s += x[i] * x[i];
    return s;
}

double energy_vjp(int n, const double x[n], double x_bar[n], double result_bar)
{
    for (int i = 0; i < n; i++)
        x_bar[i] += 10 * x[i] * result_bar;
    return energy(n, x);
}

double energy_jvp(int n, const double x[n], const double x_dot[n], double *result_dot)
{
    *result_dot = 0;
    for (int i = 0; i < n; i++)
        *result_dot += 10 * x[i] * x_dot[i];
    return energy(n, x);
}

/* arrays to arrays; the vjp writes the output again and clears the seeds */
ADGEN(custom, vjp(squares_vjp), jvp(squares_jvp))
void squares(int n, const double x[n], double y[n])
{
    for (int i = 0; i < n; i++)
        y[i] = x[i] * x[i];
}

void squares_vjp(int n, const double x[n], double x_bar[n], double y[n], double y_bar[n])
{
    squares(n, x, y);
    for (int i = 0; i < n; i++) {
        x_bar[i] += 4 * x[i] * y_bar[i];
        y_bar[i] = 0;
    }
}

void squares_jvp(int n, const double x[n], const double x_dot[n], double y[n], double y_dot[n])
{
    for (int i = 0; i < n; i++)
        y_dot[i] = 4 * x[i] * x_dot[i];
    squares(n, x, y);
}

/* in and out, with a factor; the jvp leaves the output alone */
ADGEN(custom, vjp(relax_vjp), jvp(relax_jvp))
void relax(int n, double y[n], double a)
{
    for (int i = 0; i < n; i++)
        y[i] = a * y[i] * y[i];
}

void relax_vjp(int n, double y[n], double y_bar[n], double a, double *a_bar)
{
    for (int i = 0; i < n; i++) {
        *a_bar += y[i] * y[i] * y_bar[i];
        y_bar[i] = 2 * a * y[i] * y_bar[i];
    }
    relax(n, y, a);
}

void relax_jvp(int n, double y[n], double y_dot[n], double a, double a_dot)
{
    for (int i = 0; i < n; i++)
        y_dot[i] = 2 * a * y[i] * y_dot[i] + y[i] * y[i] * a_dot;
}

/* integers that a pointer leads to, and the address of a scalar */
ADGEN(custom, vjp(pick_vjp), jvp(pick_jvp))
void pick(const double x[4], const int *index, double *out);

void pick(const double x[4], const int *index, double *out)
{
    *out = x[*index];
}

void pick_vjp(const double x[4], double x_bar[4], const int *index, double *out, double *out_bar)
{
    x_bar[*index] += *out_bar;
    *out_bar = 0;
    *out = x[*index];
}

void pick_jvp(const double x[4], const double x_dot[4], const int *index, double *out, double *out_dot)
{
    *out = x[*index];
    *out_dot = x_dot[*index];
}

/* only reverse mode is needed of this one */
ADGEN(custom, vjp(half_vjp))
double half(double x)
{
    return x / 2;
}

double half_vjp(double x, double *x_bar, double result_bar)
{
    *x_bar += 7 * result_bar;
    return half(x);
}

ADGEN(grad)
ADGEN(jvp)
ADGEN(jacobian)
double scalars(double x, double y)
{
    double p = product(x, sin(y), 2);
    return p * product(p, 5, 0) + product(2, 3, 1);
}

ADGEN(grad, wrt(x))
ADGEN(jvp, wrt(x))
double arrays(int n, double x[n])
{
    double first = energy(n, x);
    for (int i = 0; i < n; i++)
        x[i] = x[i] * first; /* what energy saw is gone */
    return first * energy(n, x);
}

ADGEN(vjp, wrt(x), of(y))
ADGEN(jvp, wrt(x), of(y))
void twice(int n, const double *x, double *y)
{
    double t[n];
    squares(n, x, t);
    squares(n, t, y);
}

ADGEN(vjp, wrt(y, a), of(y))
ADGEN(jvp, wrt(y, a), of(y))
void iterate(int n, double y[n], double a, int rounds)
{
    for (int k = 0; k < rounds; k++) {
        if (k != 1)
            relax(n, y, a);
        y[0] += a;
    }
}

/* a loop of unknown length: copies come from the tape */
ADGEN(vjp, wrt(y, a), of(y))
ADGEN(jvp, wrt(y, a), of(y))
void until(int n, double y[n], double a)
{
    while (y[0] < 20) {
        relax(n, y, a);
        y[0] += a;
    }
}

ADGEN(grad, wrt(x))
ADGEN(jvp, wrt(x))
double gather(const double x[4])
{
    double s = 1;
    for (int i = 0; i < 4; i++) {
        int at = 3 - i;
        double v;
        pick(x, &at, &v);
        at = 0;
        s = s * v + i;
    }
    return s;
}

ADGEN(grad)
double halves(double x)
{
    return half(x) * half(3);
}
