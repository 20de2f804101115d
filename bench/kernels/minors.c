/* A determinant by recursive expansion in minors along the first row. */
#include <adgen/adgen.h>

static double minor_of(int n, int size, const double a[n][n], const int columns[n])
{
    if (size == 1)
        return a[n - 1][columns[0]];
    double sum = 0, sign = 1;
    for (int c = 0; c < size; c++) {
        int left[n];
        for (int j = 0, k = 0; j < size; j++)
            if (j != c)
                left[k++] = columns[j];
        sum += sign * a[n - size][columns[c]] * minor_of(n, size - 1, a, left);
        sign = -sign;
    }
    return sum;
}

ADGEN(grad)
double minors(int n, const double a[n][n])
{
    int columns[n];
    for (int j = 0; j < n; j++)
        columns[j] = j;
    return minor_of(n, n, a, columns);
}
