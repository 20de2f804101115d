/* Recursion: a function for each sweep, and one record per call on the tape. */
#include <adgen/adgen.h>

struct tree {
    double weight;
    const struct tree *left, *right;
};

static double evaluate(const struct tree *tree, double x)
{
    if (!tree)
        return x;
    const double left = evaluate(tree->left, x);
    return tree->weight * left * evaluate(tree->right, left);
}

ADGEN(grad)
ADGEN(jvp, wrt(x))
double tree_value(const struct tree *tree, double x)
{
    return evaluate(tree, x);
}

ADGEN(grad, wrt(x))
double power(double x, int n)
{
    if (n == 0)
        return 1;
    const double half = power(x, n / 2);
    return n % 2 ? x * half * half : half * half;
}
