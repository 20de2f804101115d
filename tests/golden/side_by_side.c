/* Loops of which C compilers make vector instructions only if several iterations run side by side. */
#include <adgen/adgen.h>
#include <math.h>

/* Inner sums, of what is beside each other for the next iteration. */
ADGEN(grad, wrt(signal, filter))
double filtered(int n, int k, const double signal[n + k], const double filter[k], const double target[n])
{
    double misfit = 0;
    for (int i = 0; i < n; i++) {
        double sum = 0;
        for (int q = 0; q < k; q++)
            sum += filter[q] * signal[i + q];
        double r = sum - target[i];
        misfit += r > 0 ? r * r : 0.5 * r * r;
    }
    return misfit;
}

/* Much arithmetic, and then additions to elements that are looked up. */
ADGEN(grad, wrt(nodes))
double interpolated(int n, const double x[n], const double y[n], int m, const double nodes[m])
{
    double misfit = 0;
    for (int i = 0; i < n; i++) {
        int k = (int)floor(x[i]);
        k = k < 1 ? 1 : k > m - 3 ? m - 3 : k;
        double t = x[i] - k, weight[4];
        weight[0] = -0.5 * t * (1 - t) * (1 - t);
        weight[1] = 1 - 2.5 * t * t + 1.5 * t * t * t;
        weight[2] = 0.5 * t * (1 + 4 * t - 3 * t * t);
        weight[3] = -0.5 * t * t * (1 - t);
        double value = 0;
        for (int j = 0; j < 4; j++)
            value += weight[j] * nodes[k - 1 + j];
        misfit += (value - y[i]) * (value - y[i]) / (1 + t);
    }
    return misfit;
}

/* Not worth it: what is added is there at once. */
ADGEN(grad, wrt(table))
double histogram(int n, const int place[n], const double weight[n], int m, const double table[m])
{
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum += weight[i] * table[place[i]] * table[place[i]];
    return sum;
}

/* Sums along rows: eight rows at once, in registers, and then what is left. */
ADGEN(vjp, wrt(W, x), of(y))
void layer(int n, int m, const double W[restrict n][m], const double x[restrict m], double y[restrict n])
{
    for (int i = 0; i < n; i++) {
        double sum = 0;
        for (int k = 0; k < m; k++)
            sum += W[i][k] * x[k];
        y[i] = tanh(sum);
    }
}
