/* The gradient of heat.c by hand: the fields are kept, one behind the other, so that no step copies anything. The
 * adjoint of a step gathers what its neighbours send, weighted by their conductivity; the border gets what is sent
 * to it. */
#include <adgen/runtime.h>
#include <string.h>

/* after: the adjoint of a field; before: of the field a step earlier; w: dt times the conductivity times `after`, zero on
 * the border. */
static void step_back(int m, int n, double dt, const double *restrict conductivity, double *restrict conductivity_bar,
                      const double *restrict u, const double *restrict after, double *restrict before,
                      double *restrict w)
{
    for (int i = 1; i < m - 1; i++) {
        const double *restrict const row = u + i * n, *restrict const a = after + i * n;
        for (int j = 1; j < n - 1; j++) {
            const double scaled = dt * a[j];
            w[i * n + j] = scaled * conductivity[i * n + j];
            conductivity_bar[i * n + j] += scaled * (row[j - n] + row[j + n] + row[j - 1] + row[j + 1] - 4 * row[j]);
        }
    }
    for (int i = 1; i < m - 1; i++) {
        const double *restrict const v = w + i * n, *restrict const a = after + i * n;
        for (int j = 1; j < n - 1; j++)
            before[i * n + j] = a[j] - 4 * v[j] + v[j - n] + v[j + n] + v[j - 1] + v[j + 1];
        before[i * n] = a[0] + v[1];
        before[i * n + n - 1] = a[n - 1] + v[n - 2];
    }
    for (int j = 0; j < n; j++) {
        before[j] = after[j] + w[n + j];
        before[(m - 1) * n + j] = after[(m - 1) * n + j] + w[(m - 2) * n + j];
    }
}

/* Of a field, what the step does not change. */
static void copy_border(int m, int n, const double *restrict u, double *restrict next)
{
    for (int j = 0; j < n; j++) {
        next[j] = u[j];
        next[(m - 1) * n + j] = u[(m - 1) * n + j];
    }
    for (int i = 0; i < m; i++) {
        next[i * n] = u[i * n];
        next[i * n + n - 1] = u[i * n + n - 1];
    }
}

double heat_hand(int m, int n, int steps, const double *restrict start, double *restrict start_bar,
                 const double *restrict conductivity, double *restrict conductivity_bar, double dt,
                 const double *restrict target)
{
    const int size = m * n;
    double *const fields = ad_alloc_array(double, (steps + 1) * size);
    double *const bars = ad_alloc_zeroed_array(double, 3 * size);
    memcpy(fields, start, sizeof(double) * (size_t)size);
    for (int s = 0; s < steps; s++) {
        const double *restrict const u = fields + s * size;
        double *restrict const next = fields + (s + 1) * size;
        copy_border(m, n, u, next);
        for (int i = 1; i < m - 1; i++)
            for (int j = i * n + 1; j < i * n + n - 1; j++)
                next[j] = u[j] + dt * conductivity[j] * (u[j - n] + u[j + n] + u[j - 1] + u[j + 1] - 4 * u[j]);
    }
    double misfit = 0;
    double *after = bars, *before = bars + size;
    for (int i = 0; i < size; i++) {
        after[i] = fields[steps * size + i] - target[i];
        misfit += after[i] * after[i];
    }
    for (int s = steps - 1; s >= 0; s--) {
        step_back(m, n, dt, conductivity, conductivity_bar, fields + s * size, after, before, bars + 2 * size);
        double *const t = after;
        after = before;
        before = t;
    }
    for (int i = 0; i < size; i++)
        start_bar[i] += after[i];
    ad_free(bars);
    ad_free(fields);
    return 0.5 * misfit;
}
