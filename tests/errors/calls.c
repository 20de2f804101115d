#include <adgen/adgen.h>
#include <complex.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* targets that nobody knows, or that the derivative cannot name */
ADGEN(grad) double callback(double (*f)(double), double x) { return f(x); }
static int later(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }
int compare(const void *a, const void *b);
ADGEN(grad) double sorted(double x) { double t[3] = {x, 1, 2}; qsort(t, 3, sizeof *t, compare); return t[0]; }
ADGEN(grad) double order(double x, int *order) { qsort(order, 3, sizeof *order, later); return x * order[0]; }
static double square(double v) { return v * v; }
static double (*changing[2])(double) = {square, square};
void set(int i, double (*f)(double)) { changing[i] = f; }
ADGEN(grad) double from_table(double x, int i) { return changing[i](x); }

/* functions without a body */
void fill(double x, double *out);
double outside(double x);
ADGEN(grad) double into_memory(double x) { double o; fill(x, &o); return o * o; }
ADGEN(grad) double result(double x) { return outside(x); }
double shared;
void touch(void);
ADGEN(grad) double behind_the_back(double x) { shared = x; touch(); return shared * x; }

/* what is no arithmetic */
ADGEN(grad) double complex_number(double x) { double _Complex z = x + 2 * I; return creal(z * z); }
ADGEN(grad) double modulus(double x) { return cabs(x + I); }
ADGEN(grad) double bits(double x) { uint64_t u; memcpy(&u, &x, sizeof u); double y; memcpy(&y, &u, sizeof y); return y; }
ADGEN(grad) double reinterpreted(double x) { uint64_t u = *(uint64_t *)&x; return *(double *)&u; }
ADGEN(grad) double assembly(double x) { __asm__("" : "+x"(x)); return x; }
static jmp_buf place;
ADGEN(grad) double leaps(double x) { if (setjmp(place)) return 0; if (x < 0) longjmp(place, 1); return x; }
ADGEN(grad) double many(int n, ...) { return n; }
ADGEN(grad) double jumps_out(double x) { return __extension__ ({ if (x < 0) return 1; x; }); }

/* fine: what is only looked at, and error paths */
ADGEN(grad) double fine(void (*note)(int), double x) { note(3); printf("%g\n", x); if (x > 100) exit(1); return x * x; }
ADGEN(grad) double also_fine(double x, int *order) { qsort(order, 3, sizeof *order, compare); return x * order[0]; }

/* a table of functions, one of which is called otherwise than it is defined */
static double halved(int v) { return 0.5 * v; }
static double kept(double v) { return v; }
static double (*const table[])(double) = {(double (*)(double))halved, kept};
ADGEN(grad) double otherwise(int kind, double x) { return table[kind](x); }
