/* What is computed but not used on the way that is taken never reaches a gradient, however infinite it is there. */
#include <adgen/adgen.h>
#include <math.h>
#include <stdlib.h>

ADGEN(grad)
ADGEN(hvp)
double quotient(double x, double y)
{
    const double t = x / y;
    return y > 0 ? t : x;
}

ADGEN(grad)
ADGEN(hvp)
double softplus(double x)
{
    const double e = exp(x);
    if (x > 30)
        return x * x;
    return log1p(e);
}

ADGEN(grad)
ADGEN(hvp)
double chain(double x, double y)
{
    const double t = x / y, u = t * y * sin(t);
    double r = 2 * x;
    if (y > 0)
        r = u * u;
    return r;
}

/* each element that the mask leaves out is divided by zero */
ADGEN(grad, wrt(x, w))
ADGEN(hvp, wrt(x, w))
double masked(int n, const double x[n], const double w[n])
{
    double s = 0;
    for (int i = 0; i < n; i++) {
        const double t = x[i] * x[i] / w[i];
        if (w[i] > 0)
            s += t;
    }
    return s;
}

/* both branches of `where` are computed */
ADGEN(grad)
ADGEN(hvp)
double where(double x)
{
    const double near = x * x, far = sqrt(x - 1) * log(x - 1) / (x - 1);
    return x < 1.5 ? near : far;
}

ADGEN(grad)
ADGEN(hvp)
double chosen_by_switch(int which, double x)
{
    const double a = 1 / x, b = pow(x, -1.5), c = exp(1 / x);
    switch (which) {
    case 0: return a;
    case 1: return b * a;
    case 2: return c;
    default: return x;
    }
}

/* the larger one passes the derivative; the other one is minus infinity */
ADGEN(grad)
double clipped(double x, double y)
{
    return fmax(-1 / (x * y), -10);
}

struct link {
    double value;
    struct link *next;
};

/* the work array carries nothing, beside pointers that have companions */
ADGEN(hvp, wrt(x), of(return), work(idle[2]))
ADGEN(hessian, wrt(x[2]), of(return), work(idle[2]))
double of_a_list(const double *restrict x, double *restrict idle)
{
    double s = 0;
    struct link *list = NULL;
    for (int i = 0; i < 2; i++) {
        struct link *e = malloc(sizeof *e);
        e->value = x[i] * x[i] * x[1];
        e->next = list;
        list = e;
    }
    for (struct link *e = list; e; e = e->next)
        s += e->value;
    while (list) {
        struct link *e = list;
        list = e->next;
        free(e);
    }
    idle[1] = 3;
    return s;
}
