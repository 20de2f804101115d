/* The gradient of nbody.c by hand: forces in the same pass as the energy; that of the first particle of the pair is
 * gathered in registers. */

double nbody_hand(int n, const double x[restrict n][3], double x_bar[restrict n][3], double sigma, double epsilon,
                  double cutoff)
{
    const double sigma2 = sigma * sigma, cutoff2 = cutoff * cutoff;
    double energy = 0;
    for (int i = 0; i < n; i++) {
        const double a = x[i][0], b = x[i][1], c = x[i][2];
        double a_bar = 0, b_bar = 0, c_bar = 0;
        for (int j = i + 1; j < n; j++) {
            const double p = a - x[j][0], q = b - x[j][1], r = c - x[j][2];
            const double square = p * p + q * q + r * r;
            if (square < cutoff2) {
                const double inverse = 1 / square, ratio = sigma2 * inverse, power = ratio * ratio * ratio;
                energy += power * (power - 1);
                const double slope = power * (1 - 2 * power) * inverse * 24 * epsilon;
                a_bar += slope * p;
                b_bar += slope * q;
                c_bar += slope * r;
                x_bar[j][0] -= slope * p;
                x_bar[j][1] -= slope * q;
                x_bar[j][2] -= slope * r;
            }
        }
        x_bar[i][0] += a_bar;
        x_bar[i][1] += b_bar;
        x_bar[i][2] += c_bar;
    }
    return 4 * epsilon * energy;
}
