#include <adgen/adgen.h>
#include <math.h>
ADGEN(grad) double f(double x) { struct { int a; } s; return x; }
ADGEN(grad) double g(double x) { int a[0]; double b[] = {}; return x; }
ADGEN(grad) double g2(double x) { double b[2] = {}; return x + b[1]; }
ADGEN(grad) double g3(double x, ...);
ADGEN(grad) int ADGEN(grad) *z(double x) { return 0; }
ADGEN(grad) typedef int tt;
ADGEN(grad) double glob; ADGEN(grad) struct S { double a; };
ADGEN(vjp, of(p)) void pp(double x, double **p) { **p = x; }
ADGEN(grad) double vv(double x, void *q) { return x + *(double *)q; }
ADGEN(grad) double bits(double x) { long b; __builtin_memcpy(&b, &x, 8); return b; }
ADGEN(grad) double wstr(double x) { const int *w = L"abc"; return x + w[0]; }
ADGEN(grad) double fnp(double x) { double (*f)(double) = sin; return f(x); }
ADGEN(grad) double fnm(double x) { return __func__[0] + x; }
ADGEN(grad) double off(double x) { return x + __builtin_offsetof(struct S, a); }
ADGEN(grad) double vec(double x) { typedef double v4 __attribute__((vector_size(32))); v4 v = {x}; return v[0]; }
ADGEN(grad) double gen(double x) { return _Generic(x, double: x * 2, default: x); }
ADGEN(grad) double alig(double x) { return x + _Alignof(double); } ADGEN(grad) double th(double x) { static _Thread_local double t; return x + t; }
ADGEN(grad) double regs(register double x) { register int i = 2; auto double y = x; return y * i; }
