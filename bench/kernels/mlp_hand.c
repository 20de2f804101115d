/* The gradient of mlp.c by hand: forward and backward for each point, nothing kept between points. */
#include <math.h>

double mlp_hand(int n, int d, int h, int o, const double X[restrict n][d], const int label[restrict n],
                const double W1[restrict h][d], double W1_bar[restrict h][d], const double b1[restrict h],
                double b1_bar[restrict h], const double W2[restrict o][h], double W2_bar[restrict o][h],
                const double b2[restrict o], double b2_bar[restrict o])
{
    double hidden[h], hidden_bar[h], out[o];
    double loss = 0;
    for (int i = 0; i < n; i++) {
        const double *restrict x = X[i];
        for (int j = 0; j < h; j++) {
            double sum = b1[j];
            for (int k = 0; k < d; k++)
                sum += W1[j][k] * x[k];
            hidden[j] = tanh(sum);
            hidden_bar[j] = 0;
        }
        double max = -HUGE_VAL;
        for (int j = 0; j < o; j++) {
            double sum = b2[j];
            for (int k = 0; k < h; k++)
                sum += W2[j][k] * hidden[k];
            out[j] = sum;
            max = sum > max ? sum : max;
        }
        loss += max - out[label[i]];
        double sum = 0;
        for (int j = 0; j < o; j++) {
            out[j] = exp(out[j] - max);
            sum += out[j];
        }
        loss += log(sum);
        const double scale = 1 / (sum * n);
        for (int j = 0; j < o; j++) {
            const double bar = out[j] * scale - (j == label[i] ? 1.0 / n : 0);
            b2_bar[j] += bar;
            for (int k = 0; k < h; k++) {
                W2_bar[j][k] += bar * hidden[k];
                hidden_bar[k] += bar * W2[j][k];
            }
        }
        for (int j = 0; j < h; j++) {
            const double bar = hidden_bar[j] * (1 - hidden[j] * hidden[j]);
            b1_bar[j] += bar;
            for (int k = 0; k < d; k++)
                W1_bar[j][k] += bar * x[k];
        }
    }
    return loss / n;
}
