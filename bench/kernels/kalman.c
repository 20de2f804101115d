/* A Kalman filter: the logarithm of the likelihood of a series of observations under a linear state-space model. */
#include <adgen/adgen.h>
#include <math.h>

ADGEN(grad, wrt(transition, process, noise))
double kalman(int n, int steps, const double transition[n][n], const double process[n], const double observation[n],
              double noise, const double y[steps])
{
    double x[n], predicted[n], gain[n], P[n][n], FP[n][n];
    for (int i = 0; i < n; i++) {
        x[i] = 0;
        for (int j = 0; j < n; j++)
            P[i][j] = i == j ? 1 : 0;
    }
    double likelihood = 0;
    for (int t = 0; t < steps; t++) {
        for (int i = 0; i < n; i++) {
            predicted[i] = 0;
            for (int j = 0; j < n; j++) {
                predicted[i] += transition[i][j] * x[j];
                FP[i][j] = 0;
                for (int k = 0; k < n; k++)
                    FP[i][j] += transition[i][k] * P[k][j];
            }
        }
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++) {
                double sum = i == j ? process[i] : 0;
                for (int k = 0; k < n; k++)
                    sum += FP[i][k] * transition[j][k];
                P[i][j] = sum;
            }
        double error = y[t], variance = noise;
        for (int i = 0; i < n; i++) {
            gain[i] = 0;
            for (int j = 0; j < n; j++)
                gain[i] += P[i][j] * observation[j];
            error -= observation[i] * predicted[i];
            variance += observation[i] * gain[i];
        }
        for (int i = 0; i < n; i++) {
            x[i] = predicted[i] + gain[i] * error / variance;
            for (int j = 0; j < n; j++)
                P[i][j] -= gain[i] * gain[j] / variance;
        }
        likelihood -= 0.5 * (log(2 * 3.141592653589793 * variance) + error * error / variance);
    }
    return likelihood;
}
