#include <adgen/adgen.h>
#include <math.h>

ADGEN(grad)
double cleanup(double x, double t)
{
    double y = 0;
    if (x < 0)
        goto end;
    y = sqrt(x);
    if (t < 0)
        goto end;
    y *= t;
end:
    return y * x;
}

ADGEN(grad)
double shrink(double x, double t)
{
    double v = x;
again:
    v = v * t;
    if (v > 0.15)
        goto again;
    return v;
}

ADGEN(grad, wrt(a))
double found(int n, const double a[n][n])
{
    double s = 0;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            s += a[i][j] * a[j][i];
            if (s > 10)
                goto done;
        }
done:
    return s;
}
