/* Particles: 100 and 3000, of which each interacts with some tens. */
#include "bench.h"
#include "nbody_grad.h"

#include <math.h>

double nbody(int n, const double x[n][3], double sigma, double epsilon, double cutoff);
double nbody_hand(int n, const double x[restrict n][3], double x_bar[restrict n][3], double sigma, double epsilon,
                  double cutoff);

typedef struct Data {
    int n;
    BenchActive x;
} Data;

static void *make(Bench *bench, BenchSize size)
{
    Data *const p = bench_alloc(bench, 1, sizeof *p);
    p->n = (int[]){9, 100, 3000}[size];
    p->x = bench_active(bench, 3 * (size_t)p->n, -0.2, 0.2);
    const int side = (int)ceil(cbrt(p->n)); /* a shaken lattice, so that none are too near each other */
    for (int i = 0; i < p->n; i++) {
        p->x.x[3 * i] += i % side;
        p->x.x[3 * i + 1] += i / side % side;
        p->x.x[3 * i + 2] += i / side / side;
    }
    return p;
}

static double primal(void *data)
{
    const Data *const p = data;
    return nbody(p->n, (void *)p->x.x, 0.9, 1.5, 1.7);
}

static double hand(void *data)
{
    const Data *const p = data;
    return nbody_hand(p->n, (void *)p->x.x, (void *)p->x.hand, 0.9, 1.5, 1.7);
}

static double generated(void *data)
{
    const Data *const p = data;
    return nbody_grad(p->n, (void *)p->x.x, (void *)p->x.adgen, 0.9, 1.5, 1.7);
}

const BenchCase bench_nbody[] = {{"nbody", make, primal, hand, generated, 0, 0}, {0}};
