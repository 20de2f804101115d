#include <adgen/adgen.h>

/* at the annotation */
ADGEN(custom, vjp(nowhere)) double a(double x);
double b_vjp(double x, double result_bar);
double b_jvp(double x, double x_dot, float *result_dot);
ADGEN(custom, vjp(b_vjp), jvp(b_jvp)) double b(double x, double y);
static double c_vjp(double x, double *x_bar, double result_bar) { *x_bar += result_bar; return x; }
ADGEN(custom, vjp(c_vjp)) double c(double x);
ADGEN(custom, vjp(c_vjp), vjp(c_vjp)) double d(double x);
ADGEN(custom, hvp(c_vjp)) double e(double x);

/* where they are needed */
double f_vjp(double x, double *x_bar, double result_bar);
ADGEN(custom, vjp(f_vjp)) double f(double x);
ADGEN(custom) double g(double x);
void h_vjp(double x, double *x_bar, double *y, double *y_bar);
void h_jvp(double x, double x_dot, double *y, double *y_dot);
ADGEN(custom, vjp(h_vjp), jvp(h_jvp)) void h(double x, double *y);
double i_vjp(double x, double *x_bar, double *side, double result_bar);
ADGEN(custom, vjp(i_vjp)) double i(double x, double *side);

ADGEN(grad) double fine(double x) { return f(x); }
ADGEN(jvp) double no_jvp(double x) { return f(x); }
ADGEN(grad) double neither(double x) { return g(x); }
ADGEN(grad) double not_needed(double x, int n) { return x * g(n); }
ADGEN(vjp) void unknown_extent(double x, double *y) { h(x, y + 1); }
ADGEN(vjp) void known_extent(double x, double *y) { double t[2]; h(x, t); *y = t[0]; }
ADGEN(grad) double aside(double x) { double s = 0; double r = i(x, &s); return r * s; }
