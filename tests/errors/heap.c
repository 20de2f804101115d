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

ADGEN(grad)
double resized(double x, int n)
{
    double *p = malloc(sizeof *p);
    p[0] = x;
    p = realloc(p, (size_t)n * sizeof *p);
    double y = p[0] * x;
    free(p);
    return y;
}
