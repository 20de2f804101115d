#include <adgen/adgen.h>
#include <stdlib.h>

double scale = 2;
static int calls;

static double scaled(double x, int n)
{
    return n > 0 ? scale * scaled(x, n - 1) : x;
}

ADGEN(grad)
double uses_a_global(double x)
{
    return scaled(x, 5);
}

static double counted(double x, int n)
{
    calls++;
    return n > 0 ? x * counted(x, n - 1) : x;
}

ADGEN(grad)
double counts_its_calls(double x)
{
    return counted(x, 5) + calls;
}

static int depth(int n)
{
    calls++;
    return n > 0 ? 1 + depth(n / 2) : 0;
}

ADGEN(jvp)
double counts_inactive_calls(double x)
{
    return depth(9) * x;
}

static const double *find(const double *x, int n)
{
    return n == 0 || x[0] > 0 ? x : find(x + 1, n - 1);
}

ADGEN(grad)
double returns_a_pointer(const double x[5])
{
    return *find(x, 4);
}

struct pair {
    double a, b;
};

static double by_value(struct pair p, int n)
{
    const struct pair next = {p.b, p.a * p.b};
    return n == 0 ? p.a : by_value(next, n - 1);
}

ADGEN(grad)
double takes_a_struct(double x)
{
    const struct pair p = {x, 2};
    return by_value(p, 3);
}

static struct pair both(double x, int n)
{
    struct pair p = {x, n};
    if (n > 0)
        p = both(x * x, n - 1);
    return p;
}

ADGEN(grad)
double returns_a_struct(double x)
{
    return both(x, 3).a;
}

static double buffered(const double *x, int n)
{
    double s = x[0];
    for (int i = 0; i < n; i++) {
        double *t = malloc(n * sizeof *t);
        for (int k = 0; k < n; k++)
            t[k] = s * x[0];
        s += buffered(t, n - 1);
        free(t);
    }
    return s;
}

ADGEN(grad)
double frees_in_a_loop(const double x[1])
{
    return buffered(x, 2);
}
