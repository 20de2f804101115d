/* <tgmath.h>, statement expressions with a value, error paths, printing.
 *
 * CHECK type_generic 3 3 0.2 0.9
 * CHECK type_generic_mixed 2 2 0.2 0.9 single
 * CHECK statement_values 2 2 -1 1
 * CHECK error_paths 2 1 0.2 0.9
 */
#include <adgen/adgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tgmath.h>

ADGEN(vjp)
ADGEN(jvp)
void type_generic(const double x[3], double y[3])
{
    y[0] = sin(x[0]) * exp(x[1]) + fmax(x[1], x[2]);
    y[1] = pow(x[0], x[2]) + hypot(x[1], x[0]) + log1p(x[2]);
    y[2] = fma(x[0], x[1], x[2]) + ldexp(x[0], 2) + fabs(x[1] - 1) + tgamma(x[2]);
}

ADGEN(vjp)
ADGEN(jvp)
void type_generic_mixed(const double x[2], double y[2])
{
    const float f = (float)x[0];
    const long double l = x[1];
    y[0] = sqrt(f) * cos(l);
    y[1] = (double)atan2(f, l) + floor(x[0]);
}

#define LARGER(a, b)                                                                                    \
    __extension__({                                                                                     \
        const double a_ = (a), b_ = (b);                                                                \
        a_ > b_ ? a_ : b_;                                                                              \
    })

ADGEN(vjp)
ADGEN(jvp)
void statement_values(const double x[2], double y[2])
{
    y[0] = LARGER(x[0] * x[0], x[1]) * x[1];
    y[1] = __extension__({
        double s = 0;
        for (int i = 0; i < 2; i++)
            s += x[i] * LARGER(x[i], 0.1);
        s;
    });
}

static void require(int holds, const char *what, double value)
{
    if (holds)
        return;
    fprintf(stderr, "%s: %g\n", what, value);
    if (value > 0)
        abort();
    exit(2);
}

ADGEN(vjp)
ADGEN(jvp)
void error_paths(const double x[2], double y[1])
{
    require(x[0] < 5, "too large", x[0]);
    if (x[1] <= 0) {
        printf("%f is not positive\n", x[1]);
        exit(3);
    }
    y[0] = log(x[1]) * x[0];
    require(y[0] < 100, "result", y[0]);
}
