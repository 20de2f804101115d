/* The gradient of bspline.c by hand: one pass, blocks of points at a time, so that all but the adding up is vectorised. */
enum { BLOCK = 64 };

double bspline_hand(int n, const double *restrict control, double *restrict control_bar, double spacing,
                    double *restrict spacing_bar, int points, const double *restrict x, const double *restrict y)
{
    const double inverse = 1 / spacing;
    double misfit = 0, moment = 0; /* moment: the sum of x times the adjoint of t */
    for (int start = 0; start < points; start += BLOCK) {
        const int count = points - start < BLOCK ? points - start : BLOCK;
        int first[BLOCK];
        double r0[BLOCK], r1[BLOCK], r2[BLOCK], r3[BLOCK], squares[BLOCK], moments[BLOCK];
        for (int i = 0; i < count; i++) {
            const double at = x[start + i] * inverse;
            int k = (int)at; /* as floor, but below zero, where k is zero anyway */
            k = k < 0 ? 0 : k;
            k = k > n - 4 ? n - 4 : k;
            const double t = at - k, u = 1 - t, tt = t * t, uu = u * u;
            const double w0 = uu * u * (1.0 / 6), w3 = tt * t * (1.0 / 6);
            const double w1 = tt * (0.5 * t - 1) + 2.0 / 3, w2 = uu * (0.5 * u - 1) + 2.0 / 3;
            const double c0 = control[k], c1 = control[k + 1], c2 = control[k + 2], c3 = control[k + 3];
            const double r = w0 * c0 + w1 * c1 + w2 * c2 + w3 * c3 - y[start + i];
            const double slope = t * (1.5 * t - 2) * c1 - u * (1.5 * u - 2) * c2 + 0.5 * (tt * c3 - uu * c0);
            first[i] = k;
            r0[i] = r * w0;
            r1[i] = r * w1;
            r2[i] = r * w2;
            r3[i] = r * w3;
            squares[i] = r * r;
            moments[i] = r * slope * x[start + i];
        }
        for (int i = 0; i < count; i++) {
            double *restrict const c_bar = control_bar + first[i];
            c_bar[0] += r0[i];
            c_bar[1] += r1[i];
            c_bar[2] += r2[i];
            c_bar[3] += r3[i];
            misfit += squares[i];
            moment += moments[i];
        }
    }
    *spacing_bar -= moment * inverse * inverse;
    return 0.5 * misfit;
}
