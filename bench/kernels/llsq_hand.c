/* The gradient of llsq.c by hand: the powers again, behind the residual, in the same pass. */

double llsq_hand(int n, int m, const double t[restrict n], const double y[restrict n], const double w[restrict m],
                 double w_bar[restrict m])
{
    double sum = 0;
    for (int i = 0; i < n; i++) {
        const double x = t[i];
        double power = 1, fit = 0;
        for (int j = 0; j < m; j++) {
            fit += w[j] * power;
            power *= x;
        }
        const double residual = fit - y[i];
        sum += residual * residual;
        double scaled = residual;
        for (int j = 0; j < m; j++) {
            w_bar[j] += scaled;
            scaled *= x;
        }
    }
    return sum / 2;
}
