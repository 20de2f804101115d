/* A network of LSTM layers that predicts the next of a sequence of vectors: its loss. The weights of a cell
 * are diagonal. */
#include <adgen/adgen.h>
#include <math.h>

static double sigmoid(double x)
{
    return 1 / (1 + exp(-x));
}

static void layer(int d, const double weights[4][d], const double biases[4][d], double hidden[d], double cell[d],
                  const double input[d])
{
    for (int i = 0; i < d; i++) {
        double forget = sigmoid(input[i] * weights[0][i] + biases[0][i]);
        double in = sigmoid(hidden[i] * weights[1][i] + biases[1][i]);
        double out = sigmoid(input[i] * weights[2][i] + biases[2][i]);
        double change = tanh(hidden[i] * weights[3][i] + biases[3][i]);
        cell[i] = cell[i] * forget + in * change;
        hidden[i] = out * tanh(cell[i]);
    }
}

ADGEN(grad, wrt(weights, biases, extra))
double lstm(int l, int d, int n, const double weights[l][4][d], const double biases[l][4][d], const double extra[3][d],
            const double state[l][2][d], const double sequence[n][d])
{
    double hidden[l][d], cell[l][d], x[d], prediction[d];
    for (int k = 0; k < l; k++)
        for (int i = 0; i < d; i++) {
            hidden[k][i] = state[k][0][i];
            cell[k][i] = state[k][1][i];
        }
    double total = 0;
    for (int t = 0; t < n - 1; t++) {
        for (int i = 0; i < d; i++)
            x[i] = sequence[t][i] * extra[0][i];
        layer(d, weights[0], biases[0], hidden[0], cell[0], x);
        for (int k = 1; k < l; k++)
            layer(d, weights[k], biases[k], hidden[k], cell[k], hidden[k - 1]);
        double sum = 2;
        for (int i = 0; i < d; i++) {
            prediction[i] = hidden[l - 1][i] * extra[1][i] + extra[2][i];
            sum += exp(prediction[i]);
        }
        for (int i = 0; i < d; i++)
            total += sequence[t + 1][i] * (prediction[i] - log(sum));
    }
    return -total / ((n - 1) * d);
}
