#include <adgen/adgen.h>

struct pair {
    double a, b;
};

static double by_value(struct pair p, int n)
{
    const struct pair next = {p.b, p.a * p.b};
    return n == 0 ? p.a : by_value(next, n - 1);
}

ADGEN(grad)
double first(double x)
{
    const struct pair p = {x, 2};
    return by_value(p, 3);
}

ADGEN(grad)
double second(double x)
{
    const struct pair p = {2, x};
    return by_value(p, 3) * x;
}
