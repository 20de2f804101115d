/* What iterations do to their neighbours, and what is different at the ends. */
#include <adgen/adgen.h>
#include <math.h>

/* Each element gets something from three iterations: what goes to the neighbours is added in loops of their own. */
ADGEN(grad, wrt(u))
double inside(int n, const double u[n], const double d[n])
{
    double next[n], sum = 0;
    for (int i = 0; i < n; i++)
        next[i] = u[i];
    for (int i = 1; i < n - 1; i++)
        next[i] += d[i] * (u[i - 1] - 2 * u[i] + u[i + 1]) * u[i];
    for (int i = 0; i < n; i++)
        sum += next[i] * next[i];
    return sum;
}

/* A ring: the first and the last iteration run apart, the others need no remainders. */
ADGEN(vjp)
void ring(int n, const double u[restrict n], double next[restrict n], double rate)
{
    for (int i = 0; i < n; i++)
        next[i] = u[i] + rate * u[i] * (u[(i + 1) % n] - u[(i + n - 1) % n]);
}

/* The iterations depend on each other: they stay as they are. */
ADGEN(jvp, wrt(u), of(u))
void in_place(int n, double u[n])
{
    for (int i = 0; i < n; i++)
        u[i] = 0.5 * (u[i] + u[i == 0 ? n - 1 : i - 1]);
}

/* Much arithmetic: what is added to the two ends, where the neighbours are looked up, is not cut into blocks. */
ADGEN(grad, wrt(px, py))
double curve(int n, const double px[n], const double py[n], double target)
{
    double length = 0, bend = 0;
    for (int i = 0; i < n; i++) {
        int next = (i + 1) % n, before = (i + n - 1) % n;
        double dx = px[next] - px[i], dy = py[next] - py[i];
        length += sqrt(dx * dx + dy * dy);
        double cx = px[next] - 2 * px[i] + px[before], cy = py[next] - 2 * py[i] + py[before];
        bend += cx * cx + cy * cy;
    }
    return (length - target) * (length - target) + 0.1 * bend;
}
