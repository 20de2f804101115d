/* The gradient of lstm.c by hand: of each step the activations are kept, so that no exponential is computed twice;
 * what comes from the softmax is kept in the place of the exponentials. */
#include <adgen/runtime.h>
#include <math.h>
#include <string.h>

/* What a step of a layer keeps, d numbers each. */
enum { FORGET, IN, OUT, CHANGE, CELL, SQUASHED, HIDDEN, KEPT };

static void forward(int d, const double *restrict w, const double *restrict b, const double *restrict input,
                    const double *restrict hidden, const double *restrict cell, double *restrict kept)
{
    for (int i = 0; i < d; i++) {
        const double forget = 1 / (1 + exp(-(input[i] * w[i] + b[i])));
        const double in = 1 / (1 + exp(-(hidden[i] * w[d + i] + b[d + i])));
        const double out = 1 / (1 + exp(-(input[i] * w[2 * d + i] + b[2 * d + i])));
        const double change = tanh(hidden[i] * w[3 * d + i] + b[3 * d + i]);
        const double c = cell[i] * forget + in * change;
        const double squashed = tanh(c);
        kept[FORGET * d + i] = forget;
        kept[IN * d + i] = in;
        kept[OUT * d + i] = out;
        kept[CHANGE * d + i] = change;
        kept[CELL * d + i] = c;
        kept[SQUASHED * d + i] = squashed;
        kept[HIDDEN * d + i] = out * squashed;
    }
}

/* hidden_bar and cell_bar: of what the step left, then of what it found. */
static void reverse(int d, const double *restrict w, double *restrict w_bar, double *restrict b_bar,
                    const double *restrict input, double *restrict input_bar, const double *restrict hidden,
                    double *restrict hidden_bar, const double *restrict cell, double *restrict cell_bar,
                    const double *restrict kept)
{
    for (int i = 0; i < d; i++) {
        const double forget = kept[FORGET * d + i], in = kept[IN * d + i], out = kept[OUT * d + i];
        const double change = kept[CHANGE * d + i], squashed = kept[SQUASHED * d + i], h_bar = hidden_bar[i];
        const double c_bar = cell_bar[i] + h_bar * out * (1 - squashed * squashed);
        const double forget_bar = c_bar * cell[i] * forget * (1 - forget);
        const double in_bar = c_bar * change * in * (1 - in);
        const double out_bar = h_bar * squashed * out * (1 - out);
        const double change_bar = c_bar * in * (1 - change * change);
        cell_bar[i] = c_bar * forget;
        hidden_bar[i] = in_bar * w[d + i] + change_bar * w[3 * d + i];
        input_bar[i] += forget_bar * w[i] + out_bar * w[2 * d + i];
        w_bar[i] += forget_bar * input[i];
        b_bar[i] += forget_bar;
        w_bar[d + i] += in_bar * hidden[i];
        b_bar[d + i] += in_bar;
        w_bar[2 * d + i] += out_bar * input[i];
        b_bar[2 * d + i] += out_bar;
        w_bar[3 * d + i] += change_bar * hidden[i];
        b_bar[3 * d + i] += change_bar;
    }
}

double lstm_hand(int l, int d, int n, const double *restrict weights, double *restrict weights_bar,
                 const double *restrict biases, double *restrict biases_bar, const double *restrict extra,
                 double *restrict extra_bar, const double *restrict state, const double *restrict sequence)
{
    const int layer = KEPT * d, step = l * layer;
    double *const kept = ad_alloc_array(double, n * step);     /* step 0: the state; step t + 1: what step t kept */
    double *const softmax = ad_alloc_array(double, (n - 1) * d);
    double *const bars = ad_alloc_zeroed_array(double, (2 * l + 1) * d);
    double *const x = bars + 2 * l * d; /* the input, then its adjoint */
    for (int k = 0; k < l; k++) {
        memcpy(kept + k * layer + HIDDEN * d, state + 2 * k * d, sizeof(double) * (size_t)d);
        memcpy(kept + k * layer + CELL * d, state + (2 * k + 1) * d, sizeof(double) * (size_t)d);
    }
    double total = 0;
    for (int t = 0; t < n - 1; t++) {
        const double *const before = kept + t * step;
        double *const now = kept + (t + 1) * step, *restrict const e = softmax + t * d;
        for (int i = 0; i < d; i++)
            x[i] = sequence[t * d + i] * extra[i];
        for (int k = 0; k < l; k++)
            forward(d, weights + 4 * k * d, biases + 4 * k * d, k == 0 ? x : now + (k - 1) * layer + HIDDEN * d,
                    before + k * layer + HIDDEN * d, before + k * layer + CELL * d, now + k * layer);
        const double *restrict const last = now + (l - 1) * layer + HIDDEN * d;
        const double *restrict const target = sequence + (t + 1) * d;
        double sum = 2, wanted = 0;
        for (int i = 0; i < d; i++) {
            const double prediction = last[i] * extra[d + i] + extra[2 * d + i];
            e[i] = exp(prediction);
            sum += e[i];
            total += target[i] * prediction;
            wanted += target[i];
        }
        total -= wanted * log(sum);
        for (int i = 0; i < d; i++)
            e[i] *= wanted / sum;
    }
    const double scale = -1.0 / ((n - 1) * d);
    for (int t = n - 2; t >= 0; t--) {
        const double *const before = kept + t * step, *const now = before + step;
        const double *restrict const last = now + (l - 1) * layer + HIDDEN * d, *restrict const e = softmax + t * d;
        double *restrict const last_bar = bars + 2 * (l - 1) * d;
        for (int i = 0; i < d; i++) {
            const double prediction_bar = scale * (sequence[(t + 1) * d + i] - e[i]);
            extra_bar[d + i] += prediction_bar * last[i];
            extra_bar[2 * d + i] += prediction_bar;
            last_bar[i] += prediction_bar * extra[d + i];
        }
        for (int k = l - 1; k >= 1; k--)
            reverse(d, weights + 4 * k * d, weights_bar + 4 * k * d, biases_bar + 4 * k * d,
                    now + (k - 1) * layer + HIDDEN * d, bars + 2 * (k - 1) * d, before + k * layer + HIDDEN * d,
                    bars + 2 * k * d, before + k * layer + CELL * d, bars + (2 * k + 1) * d, now + k * layer);
        double input[d], input_bar[d];
        for (int i = 0; i < d; i++) {
            input[i] = sequence[t * d + i] * extra[i];
            input_bar[i] = 0;
        }
        reverse(d, weights, weights_bar, biases_bar, input, input_bar, before + HIDDEN * d, bars, before + CELL * d,
                bars + d, now);
        for (int i = 0; i < d; i++)
            extra_bar[i] += input_bar[i] * sequence[t * d + i];
    }
    ad_free(bars);
    ad_free(softmax);
    ad_free(kept);
    return total * scale;
}
