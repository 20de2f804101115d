/* The gradient of power.c by hand: the vectors of all steps are kept, nothing else. */
#include <adgen/runtime.h>
#include <math.h>
#include <string.h>

double power_hand(int n, int steps, const int *restrict first, const int *restrict column, const double *restrict value,
                  double *restrict value_bar)
{
    double *const vectors = ad_alloc_array(double, (steps + 1) * n);
    double *restrict const lengths = ad_alloc_array(double, steps);
    double *const bars = ad_alloc_zeroed_array(double, 2 * n);
    for (int i = 0; i < n; i++)
        vectors[i] = 1;
    for (int s = 0; s < steps; s++) {
        const double *restrict const x = vectors + s * n;
        double *restrict const y = vectors + (s + 1) * n;
        double square = 0;
        for (int i = 0; i < n; i++) {
            double sum = 0;
            for (int k = first[i]; k < first[i + 1]; k++)
                sum += value[k] * x[column[k]];
            y[i] = sum;
            square += sum * sum;
        }
        lengths[s] = sqrt(square);
        const double scale = 1 / lengths[s];
        for (int i = 0; i < n; i++)
            y[i] *= scale;
    }
    double *bar = bars, *before = bars + n; /* of the normalised vector */
    for (int s = steps - 1; s >= 0; s--) {
        const double *restrict const x = vectors + s * n, *restrict const y = x + n;
        double along = s == steps - 1 ? -lengths[s] : 0;
        for (int i = 0; i < n; i++)
            along += bar[i] * y[i];
        const double scale = 1 / lengths[s];
        memset(before, 0, sizeof(double) * (size_t)n);
        for (int i = 0; i < n; i++) {
            const double sum = (bar[i] - along * y[i]) * scale;
            for (int k = first[i]; k < first[i + 1]; k++) {
                value_bar[k] += sum * x[column[k]];
                before[column[k]] += sum * value[k];
            }
        }
        double *const t = bar;
        bar = before;
        before = t;
    }
    const double result = lengths[steps - 1];
    ad_free(bars);
    ad_free(lengths);
    ad_free(vectors);
    return result;
}
