#include <adgen/adgen.h>
static double state = 1, rate = 0.5, part[8], once = 2;
static int n;
_Thread_local double own;
double w, w_bar, plain;
int whole;
extern double unsized[];
void set_rate(double r) { rate = r; }
static void put(double *p, double x) { p[1] = x; }

/* the derivative has only a copy of a static variable */
ADGEN(grad) double a(double x) { state = state * x; return state; }
ADGEN(grad) double b(double x) { return x * rate * x; }
ADGEN(grad) double c(double x) { put(part, x); return part[1] * part[2]; }
ADGEN(grad) double d(double x) { n++; return once * x; }
ADGEN(grad) double e(double x) { static double m; if (x > 0) m = x; return m; }
ADGEN(grad) double f(double x) { static double m = 1; m = m * x; return m; }
ADGEN(grad) double g(double x, int k) { for (int i = 0; i < k; i++) part[i] = x; double s = 0; for (int i = 0; i < 8; i++) s += part[i]; return s; }
ADGEN(grad) double h(double once) { return b(once); }

ADGEN(grad) double o(double x) { return x * own; }

/* clauses */
ADGEN(grad, wrt(nothing)) double i(double x) { return x; }
ADGEN(grad, wrt(unsized)) double j(int k) { return unsized[k]; }
ADGEN(grad, wrt(whole)) double k(double x) { return x * whole; }
ADGEN(grad, wrt(w)) double l(double x) { return x * w * w_bar; }
ADGEN(vjp, wrt(x), of(plain)) void m(double x, double *y) { *y = x; }

/* what is copied from, or handed to a function without a body, is read too */
#include <string.h>
double total(const double *p) ADGEN(inactive);
ADGEN(grad) double p(double x) { double t[8]; memcpy(t, part, sizeof t); return t[1] * x; }

/* not all of it is written when a pointer to it goes on its way */
static double few[3];
ADGEN(grad) double q(double x) { few[0] = x; few[2] = x * x; double *to = x > 0 ? few : few + 1; return to[0] * to[1]; }
static double row[4];
ADGEN(grad) double r(double x) { double *to = row; for (int i = 0; i < 3; i++, to++) *to = x * i; put(row, x); return row[1] * row[3]; }
