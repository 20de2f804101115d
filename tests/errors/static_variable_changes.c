#include <adgen/adgen.h>
static double scratch[4], once = 2; static int n;
static void put(double *p, double x) { p[1] = x; }
ADGEN(grad) double f(double x) { put(scratch, x); return scratch[1] * once; }
ADGEN(grad) double g(double x) { n++; return once * x; }
ADGEN(grad) double h(double once) { return f(once); }
