/* What is the same in every round of the outer loop is kept in a table of one element, which starts at zero: the loop may not run. */
#include <adgen/adgen.h>
#include <math.h>
ADGEN(vjp)
double table_in_a_loop(int n, int k, const double x[n], double y[n])
{
    double b[3] = {sin(x[0]), x[1], x[2]}, a = x[0];
    for (int i = 0; i < n; i++) {
        for (int j = 1; j < 2; j++)
            b[j] = 0.25 * (b[j - 1] + 2 * b[j] + b[j + 1]) + 0.198 * sin(y[k] * b[0]);
        a = log(a * a + b[n % 3] + 9);
    }
    y[k] = a * b[1];
    return a;
}
