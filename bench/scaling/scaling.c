/* Sums over data, and steps in time, whose gradients must take the same time for each of them, however many there are. */
#include <adgen/adgen.h>
#include <math.h>

ADGEN(grad, wrt(w, b))
double loss(int n, int d, const double x[n][d], const double label[n], const double w[d], double b)
{
    double sum = 0;
    for (int i = 0; i < n; i++) {
        double z = b;
        for (int j = 0; j < d; j++)
            z += x[i][j] * w[j];
        sum += log1p(exp(-label[i] * z));
    }
    return sum / n;
}

ADGEN(grad, wrt(w, b))
double root_of_loss(int n, int d, const double x[n][d], const double label[n], const double w[d], double b)
{
    double sum = 0;
    for (int i = 0; i < n; i++) {
        double z = b;
        for (int j = 0; j < d; j++)
            z += x[i][j] * w[j];
        sum += log1p(exp(-label[i] * z));
    }
    return sqrt(sum / n);
}

/* The product of two means: neither is known before the other. */
ADGEN(grad, wrt(w, b))
double product_of_means(int n, int d, const double x[n][d], const double label[n], const double w[d], double b)
{
    double misfit = 0, spread = 0;
    for (int i = 0; i < n; i++) {
        double z = b;
        for (int j = 0; j < d; j++)
            z += x[i][j] * w[j];
        const double t = tanh(z);
        misfit += (t - label[i]) * (t - label[i]);
        spread += t * t;
    }
    return misfit / n * (spread / n);
}

/* Mixtures: a maximum, exponentials and their sum for each point, in scratch. */
ADGEN(grad, wrt(w, b))
double squared_likelihood(int n, int d, const double x[n][d], const double label[n], const double w[d], double b)
{
    double total = 0, lik[d];
    for (int i = 0; i < n; i++) {
        double most = -1e300;
        for (int j = 0; j < d; j++) {
            const double delta = x[i][j] - w[j];
            lik[j] = -0.5 * delta * delta * b;
            if (lik[j] > most)
                most = lik[j];
        }
        double sum = 0;
        for (int j = 0; j < d; j++)
            sum += exp(lik[j] - most);
        total += label[i] * (most + log(sum));
    }
    return total / n * (total / n);
}

/* A root by Newton's method for each point: the number of rounds is known only when they have run. */
ADGEN(grad, wrt(w, b))
double squared_roots(int n, int d, const double x[n][d], const double label[n], const double w[d], double b)
{
    double total = 0;
    for (int i = 0; i < n; i++) {
        const double a = 2 + x[i][0] * w[0] + b;
        double r = 1;
        while (fabs(r * r - a) > 1e-8)
            r = 0.5 * (r + a / r);
        total += (r - label[i]) * (r - label[i]);
    }
    return total / n * (total / n);
}

/* A pendulum: steps in time, each from the one before it. */
ADGEN(grad, wrt(start, length))
double swing(int steps, double start, double length)
{
    double angle = start, speed = 0;
    const double h = 10.0 / steps;
    for (int s = 0; s < steps; s++) {
        speed -= h * sin(angle) / length;
        angle += h * speed;
    }
    return angle * angle;
}
