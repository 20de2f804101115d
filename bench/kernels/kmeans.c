/* k-means: the sum over the points of the squared distance to the nearest centre. */
#include <adgen/adgen.h>

ADGEN(grad, wrt(centres))
double kmeans(int n, int k, int d, const double points[n][d], const double centres[k][d])
{
    double total = 0;
    for (int i = 0; i < n; i++) {
        double least = 0;
        for (int c = 0; c < k; c++) {
            double distance = 0;
            for (int j = 0; j < d; j++) {
                double delta = points[i][j] - centres[c][j];
                distance += delta * delta;
            }
            if (c == 0 || distance < least)
                least = distance;
        }
        total += least;
    }
    return total;
}
