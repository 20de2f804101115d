/* Cholesky: the factorisation, its tangent and its adjoint, by halves.
 *
 *     [A11  .  ]   [L11     ] [L11^T L21^T]      A11 = L11 L11^T
 *     [A21 A22 ] = [L21 L22 ] [      L22^T]      L21 = A21 L11^-T
 *                                                A22 - L21 L21^T = L22 L22^T
 *
 * The adjoint is that of these steps in opposite order, with the adjoint of A in the place of that of L (Murray,
 * Differentiation of the Cholesky decomposition, arXiv:1602.07527, 2016). Nothing is inverted. An upper factor is
 * the lower one of the transposed view. */
#include "linalg.h"

#include <math.h>

static const Triangle lower = {false, false}, upper = {true, false};

enum { BLOCK = 24 };

static View lower_view(int layout, int uplo, const real *a, int lda)
{
    return transposed_if(uplo_of(uplo) == AD_UPPER, view(layout, a, lda));
}

/* X L^T = B for X: L X^T = B^T. */
static void solve_right_transposed(ptrdiff_t m, ptrdiff_t n, View l, View b)
{
    AD_(view_trsm)(n, m, lower, l, transposed(b));
}

/* X L = B for X. */
static void solve_right(ptrdiff_t m, ptrdiff_t n, View l, View b)
{
    AD_(view_trsm)(n, m, upper, transposed(l), transposed(b));
}

typedef struct Blocks {
    ptrdiff_t n1, n2;
    View b11, b21, b22;
} Blocks;

static Blocks split(ptrdiff_t n, View a)
{
    const ptrdiff_t n1 = n / 2;
    return (Blocks){n1, n - n1, a, at(a, n1, 0), at(a, n1, n1)};
}

/* A small block, column by column: l_jj^2 = a_jj - sum of l_jk^2, l_ij = (a_ij - sum of l_ik l_jk) / l_jj. */
static ptrdiff_t factor_block(ptrdiff_t n, View a)
{
    for (ptrdiff_t j = 0; j < n; j++) {
        const real *row = element(a, j, 0);
        real *pivot = element(a, j, j);
        *pivot -= AD_(view_dot)(j, row, a.columns, row, a.columns);
        if (!(*pivot > 0)) /* NaN too */
            return j + 1;
        *pivot = AD_MATH(sqrt)(*pivot);
        for (ptrdiff_t i = j + 1; i < n; i++) {
            const real product = AD_(view_dot)(j, element(a, i, 0), a.columns, row, a.columns);
            *element(a, i, j) = (*element(a, i, j) - product) / *pivot;
        }
    }
    return 0;
}

/* 0, or the number (from 1) of the first pivot that is not positive. */
static ptrdiff_t factor(ptrdiff_t n, View a)
{
    if (n <= BLOCK)
        return factor_block(n, a);
    const Blocks l = split(n, a);
    ptrdiff_t info = factor(l.n1, l.b11);
    if (info)
        return info;
    solve_right_transposed(l.n2, l.n1, l.b11, l.b21);
    AD_(view_gemm_triangle)(l.n2, l.n1, lower, -1, l.b21, transposed(l.b21), l.b22);
    info = factor(l.n2, l.b22);
    return info ? l.n1 + info : 0;
}

/* On entry the tangent of A, on return that of L. */
static void factor_forward(ptrdiff_t n, View l, View dot)
{
    if (n <= 0)
        return;
    if (n == 1) {
        *dot.p /= 2 * *l.p;
        return;
    }
    const Blocks f = split(n, l), d = split(n, dot);
    factor_forward(f.n1, f.b11, d.b11);
    /* dL21 = (dA21 - L21 dL11^T) L11^-T */
    AD_(view_trmm_add)(f.n1, f.n2, lower, -1, d.b11, transposed(f.b21), transposed(d.b21));
    solve_right_transposed(f.n2, f.n1, f.b11, d.b21);
    AD_(view_gemm_triangle)(f.n2, f.n1, lower, -1, d.b21, transposed(f.b21), d.b22);
    AD_(view_gemm_triangle)(f.n2, f.n1, lower, -1, f.b21, transposed(d.b21), d.b22);
    factor_forward(f.n2, f.b22, d.b22);
}

/* The columns of a small block backward. */
static void factor_block_reverse(ptrdiff_t n, View l, View bar)
{
    for (ptrdiff_t j = n - 1; j >= 0; j--) {
        const real pivot = *element(l, j, j);
        real *pivot_bar = element(bar, j, j), *row_bar = element(bar, j, 0);
        for (ptrdiff_t i = j + 1; i < n; i++) {
            const real share = *element(bar, i, j) / pivot;
            *element(bar, i, j) = share;
            *pivot_bar -= share * *element(l, i, j);
            AD_(view_axpy)(j, -share, element(l, j, 0), l.columns, element(bar, i, 0), bar.columns);
            AD_(view_axpy)(j, -share, element(l, i, 0), l.columns, row_bar, bar.columns);
        }
        *pivot_bar /= 2 * pivot;
        AD_(view_axpy)(j, -2 * *pivot_bar, element(l, j, 0), l.columns, row_bar, bar.columns);
    }
}

/* The lower triangle, with zeros above, or (`both`) its sum with its transpose: a new matrix, to be freed. */
static View squared(ptrdiff_t n, bool both, View t)
{
    const View square = {ad_alloc_zeroed_elements(sizeof(real), n * n), n, 1};
    for (ptrdiff_t i = 0; i < n; i++)
        for (ptrdiff_t j = 0; j <= i; j++) {
            *element(square, i, j) += *element(t, i, j);
            if (both)
                *element(square, j, i) += *element(t, i, j);
        }
    return square;
}

/* C -= (S + S^T) B, S a lower triangle: its sum with its transpose is written out, so that this is one product. */
static void subtract_symmetric_product(ptrdiff_t m, ptrdiff_t n, View s, View b, View c)
{
    const View sum = squared(m, true, s);
    AD_(view_gemm)(m, n, m, -1, sum, b, c);
    ad_free(sum.p);
}

/* On entry the adjoint of L, on return that of A. */
static void factor_reverse(ptrdiff_t n, View l, View bar)
{
    if (n <= BLOCK) {
        factor_block_reverse(n, l, bar);
        return;
    }
    const Blocks f = split(n, l), b = split(n, bar);
    factor_reverse(f.n2, f.b22, b.b22);
    /* of A22 - L21 L21^T: L21_bar -= (S + S^T) L21, S the triangle A22_bar */
    subtract_symmetric_product(f.n2, f.n1, b.b22, f.b21, b.b21);
    /* of L21 = A21 L11^-T: A21_bar = L21_bar L11^-1, L11_bar -= A21_bar^T L21 */
    solve_right(f.n2, f.n1, f.b11, b.b21);
    AD_(view_gemm_triangle)(f.n1, f.n2, lower, -1, transposed(b.b21), f.b21, b.b11);
    factor_reverse(f.n1, f.b11, b.b11);
}

static void check(const char *function, int flag, int n, int lda)
{
    const AdUplo uplo = uplo_of(flag);
    (void)function, (void)uplo, (void)n, (void)lda;
    AD_REQUIRE_UPLO(function, uplo);
    AD_REQUIRE_SIZE(function, n);
    AD_REQUIRE_LD(function, lda, n);
}

int AD_(potrf)(AdUplo uplo, int n, real *A, int lda)
{
    check("potrf", uplo, n, lda);
    const View a = lower_view(AD_ROW_MAJOR, uplo, A, lda);
    ptrdiff_t info;
    return (int)(AD_(lapack_potrf)(n, a, &info) ? info : factor(n, a));
}

void AD_(potrf_forward)(int layout, int uplo, int n, const real *L, int ldl, real *A_dot, int lda)
{
    AD_REQUIRE_LAYOUT("potrf_forward", layout);
    check("potrf_forward", uplo, n, ldl);
    check("potrf_forward", uplo, n, lda);
    factor_forward(n, lower_view(layout, uplo, L, ldl), lower_view(layout, uplo, A_dot, lda));
}

void AD_(potrf_reverse)(int layout, int uplo, int n, const real *L, int ldl, real *A_bar, int lda)
{
    AD_REQUIRE_LAYOUT("potrf_reverse", layout);
    check("potrf_reverse", uplo, n, ldl);
    check("potrf_reverse", uplo, n, lda);
    factor_reverse(n, lower_view(layout, uplo, L, ldl), lower_view(layout, uplo, A_bar, lda));
}

/* ---- solving with the factor ---- */

static void solve(ptrdiff_t n, ptrdiff_t nrhs, View l, View b)
{
    AD_(view_trsm)(n, nrhs, lower, l, b);
    AD_(view_trsm)(n, nrhs, upper, transposed(l), b);
}

int AD_(potrs)(AdUplo uplo, int n, int nrhs, const real *A, int lda, real *B, int ldb)
{
    check("potrs", uplo, n, lda);
    AD_REQUIRE_SIZE("potrs", nrhs);
    AD_REQUIRE_LD("potrs", ldb, nrhs);
    solve(n, nrhs, lower_view(AD_ROW_MAJOR, uplo, A, lda), view(AD_ROW_MAJOR, B, ldb));
    return 0;
}

/* op(L) X, a new matrix of n x nrhs, to be freed. */
static View product(ptrdiff_t n, ptrdiff_t nrhs, Triangle part, View l, View x)
{
    const View p = {ad_alloc_zeroed_elements(sizeof(real), n * nrhs), nrhs, 1};
    AD_(view_trmm_add)(n, nrhs, part, 1, l, x, p);
    return p;
}

void AD_(potrs_product)(int layout, int uplo, int n, int nrhs, const real *L, int ldl, const real *D, int ldd,
                        const real *X, int ldx, real *B, int ldb)
{
    AD_REQUIRE_LAYOUT("potrs_product", layout);
    check("potrs_product", uplo, n, ldl);
    check("potrs_product", uplo, n, ldd);
    const View l = lower_view(layout, uplo, L, ldl), d = lower_view(layout, uplo, D, ldd);
    const View x = view(layout, X, ldx), b = view(layout, B, ldb);
    const View y = product(n, nrhs, upper, transposed(l), x), z = product(n, nrhs, upper, transposed(d), x);
    AD_(view_trmm_add)(n, nrhs, lower, -1, d, y, b);
    AD_(view_trmm_add)(n, nrhs, lower, -1, l, z, b);
    ad_free(z.p);
    ad_free(y.p);
}

void AD_(potrs_share)(int layout, int uplo, int n, int nrhs, const real *L, int ldl, const real *X, int ldx,
                      const real *W, int ldw, real *D, int ldd)
{
    AD_REQUIRE_LAYOUT("potrs_share", layout);
    check("potrs_share", uplo, n, ldl);
    check("potrs_share", uplo, n, ldd);
    const View l = lower_view(layout, uplo, L, ldl), d = lower_view(layout, uplo, D, ldd);
    const View x = view(layout, X, ldx), w = view(layout, W, ldw);
    const View y = product(n, nrhs, upper, transposed(l), x), z = product(n, nrhs, upper, transposed(l), w);
    AD_(view_gemm_triangle)(n, nrhs, lower, -1, x, transposed(z), d);
    AD_(view_gemm_triangle)(n, nrhs, lower, -1, w, transposed(y), d);
    ad_free(z.p);
    ad_free(y.p);
}

/* ---- what the derivatives of the factorisation change by, with the factor ---- */

void AD_(potrf_product)(int layout, int uplo, int n, const real *D, int ldd, const real *E, int lde, real *A, int lda)
{
    AD_REQUIRE_LAYOUT("potrf_product", layout);
    check("potrf_product", uplo, n, ldd);
    check("potrf_product", uplo, n, lde);
    check("potrf_product", uplo, n, lda);
    const View a = lower_view(layout, uplo, A, lda);
    const View d = squared(n, false, lower_view(layout, uplo, D, ldd));
    const View e = squared(n, false, lower_view(layout, uplo, E, lde));
    AD_(view_gemm_triangle)(n, n, lower, -1, d, transposed(e), a);
    AD_(view_gemm_triangle)(n, n, lower, -1, e, transposed(d), a);
    ad_free(e.p);
    ad_free(d.p);
}

void AD_(potrf_share)(int layout, int uplo, int n, const real *S, int lds, const real *E, int lde, real *D, int ldd)
{
    AD_REQUIRE_LAYOUT("potrf_share", layout);
    check("potrf_share", uplo, n, lds);
    check("potrf_share", uplo, n, lde);
    check("potrf_share", uplo, n, ldd);
    const View sum = squared(n, true, lower_view(layout, uplo, S, lds));
    const View e = squared(n, false, lower_view(layout, uplo, E, lde));
    AD_(view_gemm_triangle)(n, n, lower, -1, sum, e, lower_view(layout, uplo, D, ldd));
    ad_free(e.p);
    ad_free(sum.p);
}
