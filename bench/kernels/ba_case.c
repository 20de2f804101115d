/* Bundle adjustment: the 2 x 15 Jacobians of all observations, each point seen by several cameras. */
#include "ba_grad.h"
#include "bench.h"

void ba(const double camera[11], const double point[3], double weight, const double observed[2], double error[2]);
void ba_hand(const double camera[restrict 11], const double point[restrict 3], double weight,
             const double observed[restrict 2], double error[restrict 2], double jacobian[restrict 2][15]);

enum { ROWS = 2, COLUMNS = 15 };

typedef struct Data {
    int observations, cameras, points;
    BenchActive camera, point, weight, jacobian;
    double *observed, *error, *probe;
} Data;

static void *make(Bench *bench, BenchSize size)
{
    Data *const p = bench_alloc(bench, 1, sizeof *p);
    p->observations = (int[]){7, 400, 40000}[size];
    p->cameras = (int[]){2, 10, 100}[size];
    p->points = (int[]){3, 100, 10000}[size];
    p->camera = bench_perturbed(bench, 11 * (size_t)p->cameras, -0.4, 0.4);
    for (int c = 0; c < p->cameras; c++) {
        p->camera.x[11 * c + 6] += 2;
        p->camera.x[11 * c + 5] -= 5;
    }
    p->point = bench_perturbed(bench, 3 * (size_t)p->points, -1, 1);
    p->weight = bench_perturbed(bench, (size_t)p->observations, 0.5, 1);
    p->observed = bench_uniform(bench, ROWS * (size_t)p->observations, -1, 1);
    p->error = bench_zeros(bench, ROWS * (size_t)p->observations);
    p->probe = bench_uniform(bench, ROWS * (size_t)p->observations, -1, 1);
    p->jacobian = bench_result(bench, ROWS * COLUMNS * (size_t)p->observations);
    return p;
}

static double *camera_of(const Data *p, double *cameras, int i)
{
    return cameras + 11 * (i % p->cameras);
}

static double *point_of(const Data *p, double *points, int i)
{
    return points + 3 * (i / 3 % p->points);
}

static double last_error(const Data *p)
{
    return p->error[ROWS * p->observations - 1];
}

static double primal(void *data)
{
    const Data *const p = data;
    for (int i = 0; i < p->observations; i++)
        ba(camera_of(p, p->camera.x, i), point_of(p, p->point.x, i), p->weight.x[i], p->observed + ROWS * i,
           p->error + ROWS * i);
    return last_error(p);
}

static double hand(void *data)
{
    const Data *const p = data;
    for (int i = 0; i < p->observations; i++)
        ba_hand(camera_of(p, p->camera.x, i), point_of(p, p->point.x, i), p->weight.x[i], p->observed + ROWS * i,
                p->error + ROWS * i, (void *)(p->jacobian.hand + ROWS * COLUMNS * i));
    return last_error(p);
}

static double generated(void *data)
{
    const Data *const p = data;
    for (int i = 0; i < p->observations; i++)
        ba_jacobian(camera_of(p, p->camera.x, i), point_of(p, p->point.x, i), p->weight.x[i], p->observed + ROWS * i,
                    p->error + ROWS * i, p->jacobian.adgen + ROWS * COLUMNS * i);
    return last_error(p);
}

static double objective(void *data)
{
    const Data *const p = data;
    double sum = 0;
    primal(data);
    for (int i = 0; i < ROWS * p->observations; i++)
        sum += p->probe[i] * p->error[i];
    return sum;
}

static void contract(void *data)
{
    const Data *const p = data;
    for (int row = 0; row < ROWS * p->observations; row++) {
        const int i = row / ROWS;
        const double *const j = p->jacobian.hand + COLUMNS * row;
        for (int k = 0; k < 11; k++)
            camera_of(p, p->camera.hand, i)[k] += p->probe[row] * j[k];
        for (int k = 0; k < 3; k++)
            point_of(p, p->point.hand, i)[k] += p->probe[row] * j[11 + k];
        p->weight.hand[i] += p->probe[row] * j[14];
    }
}

const BenchCase bench_ba[] = {{"ba", make, primal, hand, generated, objective, contract}, {0}};
