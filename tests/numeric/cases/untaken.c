/* What is not computed does not matter: where a branch that is not taken would be NaN or infinite, derivatives are as without it.
 *
 * CHECK guarded_sqrt 2 2 -2 2
 * CHECK guarded_quotient 2 2 -1 1
 * CHECK chosen_value 2 2 -2 2
 * CHECK early_exit 2 2 -2 2
 */
#include <adgen/adgen.h>
#include <math.h>

ADGEN(vjp)
ADGEN(jvp)
void guarded_sqrt(const double x[2], double y[2])
{
    for (int i = 0; i < 2; i++)
        y[i] = x[i] > 0 ? sqrt(x[i]) : x[i] * x[0];
}

ADGEN(vjp)
ADGEN(jvp)
void guarded_quotient(const double x[2], double y[2])
{
    const double zero = x[0] - x[0];
    y[0] = x[0] > 5 ? x[1] / zero : x[0] * x[1];
    y[1] = x[0] * x[1];
    if (x[1] > 5)
        y[1] = log(-x[1]) / zero;
}

ADGEN(vjp)
ADGEN(jvp)
void chosen_value(const double x[2], double y[2])
{
    const double a = x[0] > 5 ? exp(1e4 * x[0]) : x[0] * x[1];
    y[0] = a;
    y[1] = x[1] < -5 ? 0 : x[1] > 5 ? 1 / (x[0] - x[0]) : pow(x[1], 2);
}

ADGEN(vjp)
ADGEN(jvp)
void early_exit(const double x[2], double y[2])
{
    y[0] = x[0] * x[0];
    y[1] = x[1];
    if (x[0] * x[0] < 9)
        return;
    for (int i = 0; i < 2; i++)
        y[i] = acosh(x[i]) * log(x[1] - 100);
}
