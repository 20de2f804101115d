/* Particles with a Lennard-Jones potential that is cut off: the energy. */
#include <adgen/adgen.h>

ADGEN(grad, wrt(x))
double nbody(int n, const double x[n][3], double sigma, double epsilon, double cutoff)
{
    double energy = 0;
    for (int i = 0; i < n; i++)
        for (int j = i + 1; j < n; j++) {
            double square = 0;
            for (int k = 0; k < 3; k++)
                square += (x[i][k] - x[j][k]) * (x[i][k] - x[j][k]);
            if (square < cutoff * cutoff) {
                double ratio = sigma * sigma / square;
                double power = ratio * ratio * ratio;
                energy += 4 * epsilon * (power * power - power);
            }
        }
    return energy;
}
