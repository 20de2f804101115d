/* Hand tracking: 200 vertices (a 600 x 26 Jacobian), and 20000. Each vertex is moved by two bones of a finger and the
 * wrist; the other weights are zero. */
#include "bench.h"
#include "tracking_grad.h"

enum { BONES = 16, PARAMETERS = 26 };

void tracking(int n, const double theta[PARAMETERS], const double base[BONES][12], const double inverse[BONES][12],
              const double vertices[n][3], const double weights[n][BONES], const double observed[n][3],
              double error[n][3]);
void tracking_hand(int n, const double theta[restrict PARAMETERS], const double base[restrict BONES][12],
                   const double inverse[restrict BONES][12], const double vertices[restrict n][3],
                   const double weights[restrict n][BONES], const double observed[restrict n][3],
                   double error[restrict n][3], double jacobian[restrict n][3][PARAMETERS]);

typedef struct Data {
    int n;
    BenchActive theta, jacobian;
    double *base, *inverse, *vertices, *weights, *observed, *error, *probe;
} Data;

static void *make(Bench *bench, BenchSize size)
{
    Data *const p = bench_alloc(bench, 1, sizeof *p);
    p->n = (int[]){5, 200, 20000}[size];
    const size_t n = (size_t)p->n;
    p->theta = bench_perturbed(bench, PARAMETERS, -1, 1);
    p->base = bench_uniform(bench, BONES * 12, -1, 1);
    p->inverse = bench_uniform(bench, BONES * 12, -1, 1);
    p->vertices = bench_uniform(bench, 3 * n, -1, 1);
    p->observed = bench_uniform(bench, 3 * n, -1, 1);
    p->weights = bench_zeros(bench, BONES * n);
    for (int v = 0; v < p->n; v++) {
        double *const w = p->weights + BONES * v;
        const int bone = 1 + 3 * (v % 5) + v / 5 % 2;
        w[0] = bench_random(bench, 0, 0.2);
        w[bone] = bench_random(bench, 0, 0.8);
        w[bone + 1] = 1 - w[0] - w[bone];
    }
    p->error = bench_zeros(bench, 3 * n);
    p->probe = bench_uniform(bench, 3 * n, -1, 1);
    p->jacobian = bench_result(bench, 3 * n * PARAMETERS);
    return p;
}

static double primal(void *data)
{
    const Data *const p = data;
    tracking(p->n, p->theta.x, (void *)p->base, (void *)p->inverse, (void *)p->vertices, (void *)p->weights,
             (void *)p->observed, (void *)p->error);
    return p->error[3 * p->n - 1];
}

static double hand(void *data)
{
    const Data *const p = data;
    tracking_hand(p->n, p->theta.x, (void *)p->base, (void *)p->inverse, (void *)p->vertices, (void *)p->weights,
                  (void *)p->observed, (void *)p->error, (void *)p->jacobian.hand);
    return p->error[3 * p->n - 1];
}

static double generated(void *data)
{
    const Data *const p = data;
    tracking_jacobian(p->n, p->theta.x, (void *)p->base, (void *)p->inverse, (void *)p->vertices, (void *)p->weights,
                      (void *)p->observed, (void *)p->error, p->jacobian.adgen);
    return p->error[3 * p->n - 1];
}

static double objective(void *data)
{
    const Data *const p = data;
    double sum = 0;
    primal(data);
    for (int i = 0; i < 3 * p->n; i++)
        sum += p->probe[i] * p->error[i];
    return sum;
}

static void contract(void *data)
{
    const Data *const p = data;
    for (int i = 0; i < 3 * p->n; i++)
        for (int k = 0; k < PARAMETERS; k++)
            p->theta.hand[k] += p->probe[i] * p->jacobian.hand[PARAMETERS * i + k];
}

const BenchCase bench_tracking[] = {{"tracking", make, primal, hand, generated, objective, contract}, {0}};
