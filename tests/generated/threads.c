/* Eight threads call the same derivatives with data of their own, again and again: each must see what one thread alone sees. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "functions_grad.h"

enum { THREADS = 8, ROUNDS = 50, N = 40, SMALL = 5, ROOM = 2 * N + 2 * SMALL * SMALL + SMALL * SMALL * SMALL + 100 };

typedef struct Job {
    int number, wrong;
    double answers[ROOM];
} Job;

/* Where the next answers go. */
static double *take(double **at, int count)
{
    double *here = *at;
    *at += count;
    return here;
}

static void derive_scalars(int number, const double *x, double **at)
{
    const double h[4] = {1, 0, -1, 0.5};
    unknown_length_grad(2 + number, take(at, 1));
    recursion_grad(x[0], take(at, 1));
    heap_caches_grad(N, x, take(at, N));
    tables_grad(x, take(at, 4));
    curved_hvp(x, h, take(at, 4));
    tree_hvp(N, x, x, take(at, N));
}

static void derive_matrices(const double *x, double **at)
{
    double state[SMALL], A[SMALL * SMALL], dot[SMALL][3] = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
    memcpy(state, x, sizeof state);
    smoothed_jacobian(SMALL, state, take(at, SMALL * SMALL));
    memcpy(state, x, sizeof state);
    AdPattern *pattern = smoothed_sparse_pattern(SMALL, state);
    memcpy(state, x, sizeof state);
    smoothed_sparse(SMALL, state, pattern, take(at, (int)pattern->nonzeros));
    ad_pattern_free(pattern);
    memcpy(state, x, sizeof state);
    smoothed_jvp(SMALL, state, dot);
    memcpy(take(at, SMALL * 3), dot, sizeof dot);
    for (int i = 0; i < SMALL * SMALL; i++)
        A[i] = x[i] + (i % (SMALL + 1) == 0 ? 2 : 0);
    double *A_bar = take(at, SMALL * SMALL), *x_bar = take(at, SMALL);
    solved_grad(SMALL, A, A_bar, x, x_bar);
    solved_hessian(SMALL, A, x, take(at, SMALL * SMALL));
}

static void derive(int number, double *out)
{
    double x[N], *at = out;
    for (int i = 0; i < N; i++)
        x[i] = 0.3 + 0.01 * i + 0.05 * number;
    derive_scalars(number, x, &at);
    derive_matrices(x, &at);
}

static void *work(void *argument)
{
    Job *job = argument;
    for (int round = 0; round < ROUNDS; round++) {
        double again[ROOM] = {0};
        derive(job->number, again);
        job->wrong += memcmp(again, job->answers, sizeof again) != 0;
    }
    return NULL;
}

int main(void)
{
    static Job jobs[THREADS];
    pthread_t threads[THREADS];
    int wrong = 0;
    for (int i = 0; i < THREADS; i++) {
        jobs[i].number = i;
        derive(i, jobs[i].answers);
    }
    for (int i = 0; i < THREADS; i++)
        if (pthread_create(&threads[i], NULL, work, &jobs[i]) != 0)
            return 1;
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        wrong += jobs[i].wrong;
    }
    printf("%d of %d answers differ\n", wrong, THREADS * ROUNDS);
    return wrong > 0;
}
