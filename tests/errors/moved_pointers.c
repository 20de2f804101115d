#include <adgen/adgen.h>
#include <string.h>
struct holder { const double *at; double weight; };

/* structs with pointers are moved within one array: their companions hold adjoints, which must stay */
ADGEN(grad, wrt(x))
double moved(const double *x)
{
    struct holder some[3];
    for (int i = 0; i < 3; i++)
        some[i] = (struct holder){x + i, x[i]};
    memmove(some, some + 1, 2 * sizeof some[0]);
    return *some[0].at * some[1].weight;
}
