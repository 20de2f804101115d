/* The gradient of kmeans.c by hand: only the nearest centre of each point gets something. */
#include <float.h>

double kmeans_hand(int n, int k, int d, const double points[restrict n][d], const double centres[restrict k][d],
                   double centres_bar[restrict k][d])
{
    double total = 0;
    for (int i = 0; i < n; i++) {
        const double *restrict x = points[i];
        double least = DBL_MAX;
        int nearest = 0;
        for (int c = 0; c < k; c++) {
            double distance = 0;
            for (int j = 0; j < d; j++) {
                const double delta = x[j] - centres[c][j];
                distance += delta * delta;
            }
            const int closer = distance < least; /* no branch: it would be mispredicted */
            least = closer ? distance : least;
            nearest = closer ? c : nearest;
        }
        total += least;
        for (int j = 0; j < d; j++)
            centres_bar[nearest][j] += 2 * (centres[nearest][j] - x[j]);
    }
    return total;
}
