#include <adgen/adgen.h>

ADGEN(gradient) double unknown_mode(double x) { return x; }
ADGEN(grad, within(x)) double unknown_clause(double x) { return x; }
ADGEN(grad, wrt x) double no_parenthesis(double x) { return x; }
ADGEN(grad, wrt(x) of(return)) double no_comma(double x) { return x; }
ADGEN(grad, wrt(x), wrt(x)) double twice(double x) { return x; }
ADGEN(grad, wrt()) double nothing(double x) { return x; }
ADGEN(grad, wrt(y)) double no_parameter(double x) { return x; }
ADGEN(grad, wrt(x[n +])) double half_extent(int n, double *x) { return x[n]; }
ADGEN(grad, wrt(x[m])) double wrong_extent(int n, const double *x) { return x[n]; }
ADGEN(jvp, directions(K)) double no_constant(double x) { return x; }
ADGEN(jvp, directions(0)) double zero(double x) { return x; }
ADGEN(grad, directions(2)) double no_directions(double x) { return x; }
ADGEN() double empty(double x) { return x; }
ADGEN(grad) ADGEN(grad) double same_name(double x) { return x; }
ADGEN(grad, name(zero)) double taken(double x) { return x; }
ADGEN(grad, name(other)) ADGEN(vjp, name(other)) double two(double x) { return x; }
ADGEN(grad, name(int)) double keyword(double x) { return x; }
ADGEN(grad) double declared_only(double x);
ADGEN(custom, vjp(f_rev)) double own(double x) { return x; }
ADGEN(custom, hvp(f_rev)) double own_wrong(double x) { return x; }
ADGEN(grad) double local(ADGEN(grad) double x) { ADGEN(quiet) double y = x; return y; }
ADGEN(grad, wrt(n)) double not_floating(int n, double x) { return n * x; }
ADGEN(vjp, of(y)) void never_written(double x, double *y) { (void)x; (void)y; }
ADGEN(vjp, of(x)) void by_value(double x, double *y) { *y = x; }
ADGEN(grad, of(y)) void of_array(double x, double y[3]) { y[0] = x; }
ADGEN(grad) void of_many(double x, double *y, double *z) { *y = x; *z = x; }
ADGEN(grad) int of_none(double x) { return x > 0; }
ADGEN(vjp, wrt(x[99999999999999999999])) double large(double *x) { return x[0]; }
ADGEN(inactive, wrt(x)) double odd(double x) { return x; }
ADGEN(grad, wrt(x)) double good(double x) { return x; }
