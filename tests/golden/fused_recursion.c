/* Recursion in one descent: the adjoint of each call's result is known before the call, and goes down with it. */
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
double determinant(int n, const double a[n][n])
{
    int columns[n];
    for (int j = 0; j < n; j++)
        columns[j] = j;
    return minor_of(n, n, a, columns);
}

struct tree {
    double weight;
    const struct tree *left, *right;
};

static double evaluate(const struct tree *tree, double x)
{
    if (!tree)
        return x;
    return evaluate(tree->left, x * x) + tree->weight * evaluate(tree->right, x);
}

ADGEN(grad)
double tree_value(const struct tree *tree, double x)
{
    return evaluate(tree, x);
}
