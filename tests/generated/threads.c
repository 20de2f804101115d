/* Eight threads call the same derivatives with data of their own, again and again: each must see what one thread alone sees. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "functions_grad.h"

enum { THREADS = 8, ROUNDS = 50, N = 40 };

typedef struct Job {
    int number, wrong;
    double answers[3 + N + 8];
} Job;

static void derive(int number, double *out)
{
    double x[N], bar[N] = {0}, h[4] = {1, 0, -1, 0.5}, hessian_h[4] = {0};
    for (int i = 0; i < N; i++)
        x[i] = 0.3 + 0.01 * i + 0.05 * number;
    double a_bar = 0, x_bar = 0;
    unknown_length_grad(2 + number, &a_bar);
    recursion_grad(x[0], &x_bar);
    heap_caches_grad(N, x, bar);
    out[0] = a_bar, out[1] = x_bar;
    memcpy(out + 2, bar, sizeof bar);
    double table_bar[4] = {0};
    tables_grad(x, table_bar);
    curved_hvp(x, h, hessian_h);
    memcpy(out + 2 + N, table_bar, sizeof table_bar);
    memcpy(out + 6 + N, hessian_h, sizeof hessian_h);
}

static void *work(void *argument)
{
    Job *job = argument;
    for (int round = 0; round < ROUNDS; round++) {
        double again[3 + N + 8] = {0};
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
