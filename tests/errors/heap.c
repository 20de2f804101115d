#include <adgen/adgen.h>
#include <stdlib.h>

struct list { double value; struct list *next; };
struct holder { struct list *first; };

/* the caller has no way to seed what is made here */
ADGEN(vjp, wrt(x), of(out))
void handed_out(double x, struct holder *out)
{
    struct list *l = malloc(sizeof *l);
    l->value = x * x;
    l->next = out->first;
    out->first = l;
}

/* nobody here knows how large it is */
ADGEN(vjp)
void resized(double **rows, int n, double x, double *y)
{
    rows[0] = realloc(rows[0], (size_t)n * sizeof **rows);
    rows[0][n - 1] = x;
    *y = rows[0][0] * x;
}

ADGEN(grad)
double retyped(double x, int n)
{
    float *p = malloc(8 * sizeof *p);
    double *q = realloc(p, (size_t)n * sizeof *q);
    q[0] = x;
    x *= q[0];
    free(q);
    return x;
}
