/* A spline of 50 control points through 1000 points; of 1000 through 10^6. */
#include "bench.h"
#include "bspline_grad.h"

double bspline(int n, const double control[n], double spacing, int points, const double x[points],
               const double y[points]);
double bspline_hand(int n, const double *restrict control, double *restrict control_bar, double spacing,
                    double *restrict spacing_bar, int points, const double *restrict x, const double *restrict y);

typedef struct Data {
    int n, points;
    BenchActive control, spacing;
    double *x, *y;
} Data;

static void *make(Bench *bench, BenchSize size)
{
    Data *const p = bench_alloc(bench, 1, sizeof *p);
    p->n = (int[]){8, 50, 1000}[size];
    p->points = (int[]){20, 1000, 1000000}[size];
    p->control = bench_active(bench, (size_t)p->n, -1, 1);
    p->spacing = bench_active(bench, 1, 0.5, 1);
    p->x = bench_uniform(bench, (size_t)p->points, 0, (p->n - 3) * *p->spacing.x);
    p->y = bench_uniform(bench, (size_t)p->points, -1, 1);
    return p;
}

static double primal(void *data)
{
    const Data *const p = data;
    return bspline(p->n, p->control.x, *p->spacing.x, p->points, p->x, p->y);
}

static double hand(void *data)
{
    const Data *const p = data;
    return bspline_hand(p->n, p->control.x, p->control.hand, *p->spacing.x, p->spacing.hand, p->points, p->x, p->y);
}

static double generated(void *data)
{
    const Data *const p = data;
    return bspline_grad(p->n, p->control.x, p->control.adgen, *p->spacing.x, p->spacing.adgen, p->points, p->x, p->y);
}

const BenchCase bench_bspline[] = {{"bspline", make, primal, hand, generated, 0, 0}, {0}};
