/* The gradient of kalman.c by hand. Of each step the filtered state and its covariance are kept, the gain before it is divided, the
 * error and the variance. Covariances and their adjoints are symmetric: rows are columns. */
#include <adgen/runtime.h>
#include <math.h>
#include <string.h>

/* y = a^T B, four columns at once: they stay in registers, however few there are. */
static void combine(int n, const double *restrict a, const double *restrict B, double *restrict y)
{
    int j = 0;
    for (; j + 4 <= n; j += 4) {
        double sums[4] = {0};
        for (int k = 0; k < n; k++)
            for (int l = 0; l < 4; l++)
                sums[l] += a[k] * B[k * n + j + l];
        for (int l = 0; l < 4; l++)
            y[j + l] = sums[l];
    }
    for (; j < n; j++) {
        double sum = 0;
        for (int k = 0; k < n; k++)
            sum += a[k] * B[k * n + j];
        y[j] = sum;
    }
}

/* C = A B */
static void multiply(int n, const double *restrict A, const double *restrict B, double *restrict C)
{
    for (int i = 0; i < n; i++)
        combine(n, A + i * n, B, C + i * n);
}

double kalman_hand(int n, int steps, const double *restrict transition, double *restrict transition_bar,
                   const double *restrict process, double *restrict process_bar, const double *restrict observation,
                   double noise, double *restrict noise_bar, const double *restrict y)
{
    const int square = n * n, record = square + 2 * n + 2; /* of a step: P, x, then what leads to the next: gain, error, variance */
    double *const records = ad_alloc_array(double, (steps + 1) * record);
    double transposed[square], product[square], P_bar[square], x_bar[n], predicted[n], gain_bar[n];
    const double *restrict const h = observation;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            transposed[j * n + i] = transition[i * n + j];
            records[i * n + j] = i == j;
        }
    memset(records + square, 0, sizeof(double) * (size_t)n);
    double likelihood = 0;
    for (int t = 0; t < steps; t++) {
        const double *restrict const P = records + t * record, *restrict const x = P + square;
        double *restrict const gain = records + t * record + square + n, *restrict const scalars = gain + n;
        double *restrict const P_next = records + (t + 1) * record, *restrict const x_next = P_next + square;
        combine(n, x, transposed, predicted);
        multiply(n, transition, P, product);
        multiply(n, product, transposed, P_next);
        for (int i = 0; i < n; i++)
            P_next[i * n + i] += process[i];
        combine(n, h, P_next, gain);
        double error = y[t], variance = noise;
        for (int i = 0; i < n; i++) {
            error -= h[i] * predicted[i];
            variance += h[i] * gain[i];
        }
        const double inverse = 1 / variance;
        for (int i = 0; i < n; i++) {
            const double scaled = gain[i] * inverse;
            x_next[i] = predicted[i] + scaled * error;
            for (int j = 0; j < n; j++)
                P_next[i * n + j] -= scaled * gain[j];
        }
        scalars[0] = error;
        scalars[1] = inverse;
        likelihood -= 0.5 * (log(2 * 3.141592653589793 * variance) + error * error * inverse);
    }
    double noise_sum = 0;
    memset(P_bar, 0, sizeof P_bar);
    memset(x_bar, 0, sizeof x_bar);
    for (int t = steps - 1; t >= 0; t--) {
        const double *restrict const P = records + t * record, *restrict const x = P + square;
        const double *restrict const gain = x + n;
        const double error = gain[n], inverse = gain[n + 1], scaled = error * inverse;
        combine(n, gain, P_bar, gain_bar);
        double along = 0, curvature = 0;
        for (int i = 0; i < n; i++) {
            along += x_bar[i] * gain[i];
            curvature += gain_bar[i] * gain[i];
        }
        const double error_bar = (along - error) * inverse;
        const double variance_bar = (0.5 * (error * scaled - 1) - along * scaled + curvature * inverse) * inverse;
        noise_sum += variance_bar;
        for (int i = 0; i < n; i++) {
            gain_bar[i] = x_bar[i] * scaled - 2 * inverse * gain_bar[i] + variance_bar * h[i];
            x_bar[i] -= error_bar * h[i]; /* now of what was predicted */
        }
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++)
                P_bar[i * n + j] += 0.5 * (gain_bar[i] * h[j] + h[i] * gain_bar[j]);
            process_bar[i] += P_bar[i * n + i];
        }
        multiply(n, P_bar, transition, product);
        multiply(n, transposed, product, P_bar);
        for (int i = 0; i < n; i++) {
            double *restrict const row = transition_bar + i * n;
            combine(n, product + i * n, P, predicted);
            for (int j = 0; j < n; j++)
                row[j] += x_bar[i] * x[j] + 2 * predicted[j];
        }
        combine(n, x_bar, transition, predicted);
        memcpy(x_bar, predicted, sizeof x_bar);
    }
    *noise_bar += noise_sum;
    ad_free(records);
    return likelihood;
}
