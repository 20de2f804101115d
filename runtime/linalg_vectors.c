/* Vectors: BLAS level 1, and the elementwise sums that its derivatives need.
 *
 * Sums of contiguous vectors run in eight parts side by side, which is what vectorises and what also keeps
 * rounding small (each part is an eighth as long). */
#include "linalg.h"

#include <math.h>

enum { PARTS = 8 };

static real sum_of_parts(const real part[PARTS])
{
    return ((part[0] + part[4]) + (part[2] + part[6])) + ((part[1] + part[5]) + (part[3] + part[7]));
}

static real dot_contiguous(ptrdiff_t n, const real *x, const real *y)
{
    real part[PARTS] = {0};
    ptrdiff_t i = 0;
    for (; i + PARTS <= n; i += PARTS)
        for (int k = 0; k < PARTS; k++)
            part[k] += x[i + k] * y[i + k];
    for (; i < n; i++)
        part[i % PARTS] += x[i] * y[i];
    return sum_of_parts(part);
}

real AD_(view_dot)(ptrdiff_t n, const real *x, ptrdiff_t incx, const real *y, ptrdiff_t incy)
{
    if (incx == 1 && incy == 1)
        return dot_contiguous(n, x, y);
    real sum = 0;
    for (ptrdiff_t i = 0; i < n; i++)
        sum += x[i * incx] * y[i * incy];
    return sum;
}

void AD_(view_axpy)(ptrdiff_t n, real alpha, const real *x, ptrdiff_t incx, real *y, ptrdiff_t incy)
{
    if (alpha == 0)
        return;
    if (incx == 1 && incy == 1)
        for (ptrdiff_t i = 0; i < n; i++)
            y[i] += alpha * x[i];
    else
        for (ptrdiff_t i = 0; i < n; i++)
            y[i * incy] += alpha * x[i * incx];
}

void AD_(view_scale)(ptrdiff_t m, ptrdiff_t n, real alpha, View a)
{
    if (alpha == 1)
        return;
    if (a.columns != 1) {
        a = transposed(a);
        const ptrdiff_t rows = m;
        m = n;
        n = rows;
    }
    for (ptrdiff_t i = 0; i < m; i++)
        for (ptrdiff_t j = 0; j < n; j++)
            *element(a, i, j) = alpha == 0 ? 0 : alpha * *element(a, i, j);
}

void AD_(view_copy)(ptrdiff_t m, ptrdiff_t n, View a, View b)
{
    for (ptrdiff_t i = 0; i < m; i++)
        for (ptrdiff_t j = 0; j < n; j++)
            *element(b, i, j) = *element(a, i, j);
}

/* The first element in order: BLAS counts from the far end where the increment is negative. */
static const real *first(int n, const real *x, int incx)
{
    return column(n, x, incx).p;
}

static int sign(real x)
{
    return (x > 0) - (x < 0);
}

static void check_two(const char *function, int n, int incx, int incy)
{
    (void)function, (void)n, (void)incx, (void)incy;
    AD_REQUIRE_SIZE(function, n);
    AD_REQUIRE_STEP(function, incx);
    AD_REQUIRE_STEP(function, incy);
}

/* ---- BLAS level 1 ---- */

real AD_(dot)(int n, const real *x, int incx, const real *y, int incy)
{
    check_two("dot", n, incx, incy);
    return AD_(view_dot)(n, first(n, x, incx), incx, first(n, y, incy), incy);
}

void AD_(axpy)(int n, real alpha, const real *x, int incx, real *y, int incy)
{
    check_two("axpy", n, incx, incy);
    AD_(view_axpy)(n, alpha, first(n, x, incx), incx, column(n, y, incy).p, incy);
}

void AD_(scal)(int n, real alpha, real *x, int incx)
{
    check_two("scal", n, incx, 1);
    AD_(view_scale)(1, n, alpha, (View){column(n, x, incx).p, 1, incx});
}

void AD_(copy)(int n, const real *x, int incx, real *y, int incy)
{
    check_two("copy", n, incx, incy);
    AD_(view_copy)(n, 1, column(n, x, incx), column(n, y, incy));
}

real AD_(asum)(int n, const real *x, int incx)
{
    check_two("asum", n, incx, 1);
    const View v = column(n, x, incx);
    real part[PARTS] = {0};
    for (ptrdiff_t i = 0; i < n; i++)
        part[i % PARTS] += AD_MATH(fabs)(*element(v, i, 0));
    return sum_of_parts(part);
}

/* Scaled by the largest element: squares neither overflow nor vanish (Blue, A portable Fortran program to find
 * the Euclidean norm of a vector, ACM TOMS 4, 1978, has the reason). */
real AD_(nrm2)(int n, const real *x, int incx)
{
    check_two("nrm2", n, incx, 1);
    const View v = column(n, x, incx);
    real largest = 0;
    for (ptrdiff_t i = 0; i < n; i++) {
        const real size = AD_MATH(fabs)(*element(v, i, 0));
        if (!(size <= largest)) /* NaN too */
            largest = size;
        if (isnan(largest))
            return largest;
    }
    if (largest == 0 || isinf(largest))
        return largest;
    int exponent;
    AD_MATH(frexp)(largest, &exponent);
    real part[PARTS] = {0};
    for (ptrdiff_t i = 0; i < n; i++) {
        const real scaled = AD_MATH(ldexp)(*element(v, i, 0), -exponent);
        part[i % PARTS] += scaled * scaled;
    }
    return AD_MATH(ldexp)(AD_MATH(sqrt)(sum_of_parts(part)), exponent);
}

real AD_(sum)(int n, const real *x, int incx)
{
    check_two("sum", n, incx, 1);
    const View v = column(n, x, incx);
    real part[PARTS] = {0};
    for (ptrdiff_t i = 0; i < n; i++)
        part[i % PARTS] += *element(v, i, 0);
    return sum_of_parts(part);
}

/* ---- what their derivatives need ---- */

void AD_(fill)(int n, real alpha, real *x, int incx)
{
    check_two("fill", n, incx, 1);
    const View v = column(n, x, incx);
    for (ptrdiff_t i = 0; i < n; i++)
        *element(v, i, 0) = alpha;
}

void AD_(shift)(int n, real alpha, real *x, int incx)
{
    check_two("shift", n, incx, 1);
    const View v = column(n, x, incx);
    for (ptrdiff_t i = 0; i < n; i++)
        *element(v, i, 0) += alpha;
}

void AD_(axpy_sign)(int n, real alpha, const real *x, int incx, real *y, int incy)
{
    check_two("axpy_sign", n, incx, incy);
    const View v = column(n, x, incx), w = column(n, y, incy);
    for (ptrdiff_t i = 0; i < n; i++)
        *element(w, i, 0) += alpha * (real)sign(*element(v, i, 0));
}

real AD_(dot_sign)(int n, const real *x, int incx, const real *y, int incy)
{
    check_two("dot_sign", n, incx, incy);
    const View v = column(n, x, incx), w = column(n, y, incy);
    real sum = 0;
    for (ptrdiff_t i = 0; i < n; i++)
        sum += (real)sign(*element(v, i, 0)) * *element(w, i, 0);
    return sum;
}

void AD_(axpy_product)(int n, real alpha, const real *x, int incx, const real *y, int incy, real *z, int incz)
{
    check_two("axpy_product", n, incx, incy);
    AD_REQUIRE_STEP("axpy_product", incz);
    const View u = column(n, x, incx), v = column(n, y, incy), w = column(n, z, incz);
    for (ptrdiff_t i = 0; i < n; i++)
        *element(w, i, 0) += alpha * *element(u, i, 0) * *element(v, i, 0);
}

void AD_(axpy_inverse)(int n, real alpha, const real *x, int incx, real *y, int incy)
{
    check_two("axpy_inverse", n, incx, incy);
    const View v = column(n, x, incx), w = column(n, y, incy);
    for (ptrdiff_t i = 0; alpha != 0 && i < n; i++)
        *element(w, i, 0) += alpha / *element(v, i, 0);
}

real AD_(dot_inverse)(int n, const real *x, int incx, const real *y, int incy)
{
    check_two("dot_inverse", n, incx, incy);
    const View v = column(n, x, incx), w = column(n, y, incy);
    real sum = 0;
    for (ptrdiff_t i = 0; i < n; i++)
        sum += *element(w, i, 0) / *element(v, i, 0);
    return sum;
}

void AD_(axpy_inverse_slope)(int n, real alpha, const real *x, int incx, const real *y, int incy, real *z, int incz)
{
    check_two("axpy_inverse_slope", n, incx, incy);
    AD_REQUIRE_STEP("axpy_inverse_slope", incz);
    const View u = column(n, x, incx), v = column(n, y, incy), w = column(n, z, incz);
    for (ptrdiff_t i = 0; alpha != 0 && i < n; i++)
        *element(w, i, 0) += alpha * *element(v, i, 0) / *element(u, i, 0) / *element(u, i, 0);
}

real AD_(dot_inverse_slope)(int n, const real *x, int incx, const real *y, int incy, const real *z, int incz)
{
    check_two("dot_inverse_slope", n, incx, incy);
    AD_REQUIRE_STEP("dot_inverse_slope", incz);
    const View u = column(n, x, incx), v = column(n, y, incy), w = column(n, z, incz);
    real sum = 0;
    for (ptrdiff_t i = 0; i < n; i++)
        sum += *element(v, i, 0) / *element(u, i, 0) * *element(w, i, 0) / *element(u, i, 0);
    return sum;
}
