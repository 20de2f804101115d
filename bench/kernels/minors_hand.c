/* The gradient of minors.c by hand: the adjoint of a minor is the product of the elements chosen in the rows above it, which is known
 * before the minor is, so one recursion gives both. */

static double both(int n, int size, const double *restrict a, double *restrict a_bar, const int *restrict columns, double weight)
{
    const double *restrict const row = a + (n - size) * n;
    double *restrict const row_bar = a_bar + (n - size) * n;
    if (size == 1) {
        row_bar[columns[0]] += weight;
        return row[columns[0]];
    }
    double sum = 0, sign = 1;
    int left[size];
    for (int j = 1; j < size; j++)
        left[j - 1] = columns[j];
    for (int c = 0; c < size; c++) {
        const int column = columns[c];
        const double factor = sign * row[column];
        const double minor = both(n, size - 1, a, a_bar, left, weight * factor);
        sum += factor * minor;
        row_bar[column] += weight * sign * minor;
        sign = -sign;
        left[c] = column; /* instead of the next one */
    }
    return sum;
}

double minors_hand(int n, const double *restrict a, double *restrict a_bar)
{
    int columns[n];
    for (int j = 0; j < n; j++)
        columns[j] = j;
    return both(n, n, a, a_bar, columns, 1);
}
