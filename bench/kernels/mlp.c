/* A network with one hidden layer and a softmax: its mean loss over the data. */
#include <adgen/adgen.h>
#include <math.h>

ADGEN(grad, wrt(W1, b1, W2, b2))
double mlp(int n, int d, int h, int o, const double X[n][d], const int label[n], const double W1[h][d],
           const double b1[h], const double W2[o][h], const double b2[o])
{
    double hidden[h], out[o];
    double loss = 0;
    for (int i = 0; i < n; i++) {
        for (int j = 0; j < h; j++) {
            double sum = b1[j];
            for (int k = 0; k < d; k++)
                sum += W1[j][k] * X[i][k];
            hidden[j] = tanh(sum);
        }
        for (int j = 0; j < o; j++) {
            out[j] = b2[j];
            for (int k = 0; k < h; k++)
                out[j] += W2[j][k] * hidden[k];
        }
        double max = out[0];
        for (int j = 1; j < o; j++)
            if (out[j] > max)
                max = out[j];
        double sum = 0;
        for (int j = 0; j < o; j++)
            sum += exp(out[j] - max);
        loss += max + log(sum) - out[label[i]];
    }
    return loss / n;
}
