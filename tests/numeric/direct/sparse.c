/* Sparse Jacobians and Hessians beside the dense ones. */
#include <adgen/adgen.h>
#include <adgen/linalg.h>
#include <math.h>

/* Three columns a row, but for the ends. */
ADGEN(jacobian, sparse)
ADGEN(jacobian, name(stencil_dense))
void stencil(int n, const double u[n], double r[n])
{
    for (int i = 0; i < n; i++) {
        const double left = i > 0 ? u[i - 1] : 0, right = i + 1 < n ? u[i + 1] : 0;
        r[i] = left - 2 * u[i] + right + exp(u[i]) * right;
    }
}

/* A matrix of unknowns, five columns a row; the neighbours come by a function of its own. */
static double at(int n, int m, const double u[n][m], int i, int j)
{
    return i < 0 || j < 0 || i >= n || j >= m ? 0 : u[i][j];
}

ADGEN(jacobian, sparse)
ADGEN(jacobian, name(plate_dense))
void plate(int n, int m, const double u[n][m], double r[n][m])
{
    for (int i = 0; i < n; i++)
        for (int j = 0; j < m; j++)
            r[i][j] = 4 * u[i][j] * u[i][j] - at(n, m, u, i - 1, j) - at(n, m, u, i + 1, j) - at(n, m, u, i, j - 1) -
                      at(n, m, u, i, j + 1);
}

/* In place, downward: the entry values come from before. */
ADGEN(jacobian, sparse, wrt(x), of(x))
ADGEN(jacobian, wrt(x), of(x), name(shift_dense))
void shift(int n, double x[n])
{
    for (int i = n - 1; i > 0; i--)
        x[i] = sin(x[i - 1]) * x[i];
}

/* Dense rows and few of them, wide: by rows, in reverse. */
ADGEN(jacobian, sparse)
ADGEN(jacobian, name(halves_dense))
void halves(int n, const double x[n], double y[2])
{
    y[0] = y[1] = 1;
    for (int i = 0; i < n; i++)
        y[i % 2] *= 1 + x[i] * x[i];
}

/* Two independents, one by value, two dependents and the returned value, in the order of the clauses. */
ADGEN(jacobian, sparse, wrt(a, p), of(return, q, s))
ADGEN(jacobian, wrt(a, p), of(return, q, s), name(several_dense))
double several(int n, const double p[n], double q[n], double a, double s[2])
{
    for (int i = 0; i < n; i++)
        q[i] = i % 3 ? p[i] * p[i / 2] : a;
    s[0] = n > 0 ? p[0] * a : 0;
    s[1] = 3;
    return a * a;
}

/* Loops whose length is not known before they run, and single precision. */
ADGEN(jacobian, sparse)
ADGEN(jacobian, name(rounds_dense))
void rounds(int n, const float x[n], float y[n])
{
    for (int i = 0; i < n; i++) {
        float t = x[i];
        while (t > 0.25f)
            t *= i + 1 < n ? 0.5f * x[i + 1] * x[i + 1] : 0.5f;
        y[i] = t;
    }
}

/* Pointers that move, arrays on the heap. */
ADGEN(jacobian, sparse)
ADGEN(jacobian, name(windows_dense))
void windows(int n, const double x[n], double y[n])
{
    double buffer[3] = {0, 0, 0}, *oldest = buffer;
    for (int i = 0; i < n; i++) {
        *oldest++ = x[i];
        if (oldest == buffer + 3)
            oldest = buffer;
        y[i] = buffer[0] * buffer[1] + buffer[2];
    }
}

/* ---- Hessians ---- */

/* A band. */
ADGEN(hessian, sparse)
ADGEN(hessian, name(chain_dense))
double chain(int n, const double x[n])
{
    double s = 0;
    for (int i = 2; i < n; i++)
        s += x[i - 2] * x[i - 1] * x[i] * exp(x[i]);
    return s;
}

/* An arrow: the first is coupled with all. */
ADGEN(hessian, sparse)
ADGEN(hessian, name(arrow_dense))
double arrow(int n, const double x[n])
{
    double s = 0;
    for (int i = 1; i < n; i++)
        s += sin(x[0] * x[i]) + x[i] * x[i] * x[i];
    return s;
}

/* An arrow that points the other way, products of two independents, no curvature in `b`. */
ADGEN(hessian, sparse)
ADGEN(hessian, name(pairs_dense))
double pairs(int n, const double x[n], double b, const double z[n])
{
    double product = 1;
    for (int i = 0; i < n; i++)
        product += x[i] * z[n - 1 - i] * z[n - 1];
    return product + b;
}

/* Linear: nothing. */
ADGEN(hessian, sparse)
ADGEN(hessian, name(linear_dense))
double linear(int n, const double x[n])
{
    double s = 0;
    for (int i = 0; i < n; i++)
        s += i * x[i];
    return s;
}

/* Everything with everything. */
ADGEN(hessian, sparse)
ADGEN(hessian, name(norm_dense))
double norm(int n, const double x[n])
{
    double s = 1;
    for (int i = 0; i < n; i++)
        s += x[i] * x[i];
    return sqrt(s);
}

/* ---- patterns that depend on data ---- */

/* Upwind differences: which neighbour counts depends on the values. */
ADGEN(jacobian, sparse)
ADGEN(jacobian, name(upwind_dense))
void upwind(int n, const double u[n], double r[n])
{
    for (int i = 0; i < n; i++)
        if (u[i] > 0)
            r[i] = i > 0 ? u[i] * (u[i] - u[i - 1]) : u[i];
        else
            r[i] = i + 1 < n ? u[i] * (u[i + 1] - u[i]) : u[i];
}

/* Which elements, integers in memory say; how many of them, a number does. */
ADGEN(jacobian, sparse, wrt(x), of(y[m]))
ADGEN(jacobian, name(picked_dense), wrt(x), of(y[m]))
void picked(int n, int m, const int *k, const double x[n], double y[])
{
    for (int i = 0; i < m; i++) {
        y[i] = x[k[i]] * x[k[i]];
        for (int j = 0; j < (int)x[i % n]; j++)
            y[i] += x[j];
    }
}

/* By an integer that no extent tells. */
ADGEN(jacobian, sparse)
ADGEN(jacobian, name(strided_dense))
void strided(int n, int step, const double x[n], double y[n])
{
    for (int i = 0; i < n; i++)
        y[i] = i >= step ? x[i] * x[i - step] : x[i];
}

/* Pointers that are stored, and loaded again: found out each time. */
ADGEN(jacobian, sparse)
ADGEN(jacobian, name(sorted_dense))
void sorted(const double x[3], double y[3])
{
    double sum = x[0] + x[1] + x[2], own[3] = {x[0], x[1] * x[1], x[2] + sum * 0};
    double *by_size[3] = {&own[0], &own[1], &own[2]};
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 2; j++)
            if (*by_size[j] > *by_size[j + 1]) {
                double *larger = by_size[j];
                by_size[j] = by_size[j + 1];
                by_size[j + 1] = larger;
            }
    for (int i = 0; i < 3; i++)
        y[i] = *by_size[i];
}

/* A loop of data-dependent length in a Hessian. */
ADGEN(hessian, sparse)
ADGEN(hessian, name(halved_dense))
double halved(int n, const double x[n])
{
    double s = 0;
    for (int i = 1; i < n; i++) {
        double t = x[i];
        while (t > 1)
            t *= 0.5 * x[i - 1];
        s += t * t * x[i];
    }
    return s;
}

/* Calls of linear algebra: all that one writes depends on all that it reads. */
ADGEN(jacobian, sparse, wrt(x), of(y))
ADGEN(jacobian, name(blocks_dense), wrt(x), of(y))
void blocks(int n, const double a[9], const double x[3 * n], double y[3 * n])
{
    for (int i = 0; i < n; i++) {
        double t[3];
        ad_gemv(AD_NO_TRANS, 3, 3, 1, a, 3, x + 3 * i, 1, 0, t, 1);
        for (int k = 0; k < 3; k++)
            y[3 * i + k] = k ? t[k] * t[k] : x[3 * i] * ad_dot(3, t, 1, x, 1);
    }
}
