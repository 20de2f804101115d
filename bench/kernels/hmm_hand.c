/* The gradient of hmm.c by hand: the backward algorithm. The scaled forward probabilities and the sums are kept; beta is
 * scaled with the same sums, so that no adjoint of a sum is needed. All inner loops run along rows. */
#include <adgen/runtime.h>
#include <math.h>

double hmm_hand(int states, int symbols, int n, const double *restrict initial, double *restrict initial_bar,
                const double *restrict transition, double *restrict transition_bar, const double *restrict emission,
                double *restrict emission_bar, const int *restrict observed)
{
    double *const alphas = ad_alloc_array(double, n * states);   /* scaled */
    double *const predicted = ad_alloc_array(double, n * states); /* before the emission */
    double *const inverse = ad_alloc_array(double, n);
    double likelihood = 0;
    for (int t = 0; t < n; t++) {
        double *restrict const alpha = alphas + t * states, *restrict const p = predicted + t * states;
        const double *restrict const before = alpha - states;
        for (int j = 0; j < states; j++)
            p[j] = t == 0 ? initial[j] : 0;
        for (int i = 0; t > 0 && i < states; i++)
            for (int j = 0; j < states; j++)
                p[j] += before[i] * transition[i * states + j];
        double sum = 0;
        for (int j = 0; j < states; j++) {
            alpha[j] = p[j] * emission[j * symbols + observed[t]];
            sum += alpha[j];
        }
        inverse[t] = 1 / sum;
        for (int j = 0; j < states; j++)
            alpha[j] *= inverse[t];
        likelihood += log(sum);
    }
    double beta[states], sent[states]; /* beta: d likelihood / d alpha, but for the scaling */
    for (int j = 0; j < states; j++)
        beta[j] = 1;
    for (int t = n - 1; t >= 0; t--) {
        const double *restrict const p = predicted + t * states, *restrict const before = alphas + (t - 1) * states;
        for (int j = 0; j < states; j++) {
            const double scaled = beta[j] * inverse[t];
            double *restrict const e_bar = &emission_bar[j * symbols + observed[t]];
            *e_bar += scaled * p[j];
            sent[j] = scaled * emission[j * symbols + observed[t]];
        }
        if (t == 0)
            break;
        for (int i = 0; i < states; i++) {
            double sum = 0;
            for (int j = 0; j < states; j++) {
                transition_bar[i * states + j] += before[i] * sent[j];
                sum += transition[i * states + j] * sent[j];
            }
            beta[i] = sum;
        }
    }
    for (int j = 0; j < states; j++)
        initial_bar[j] += sent[j];
    ad_free(inverse);
    ad_free(predicted);
    ad_free(alphas);
    return likelihood;
}
