/* P A = L U with partial pivoting: the factorisation, its tangent and its adjoint, by halves of the columns.
 *
 *     [A11 A12]   [L11    ] [U11 U12]      the left columns, which choose the pivots
 *     [A21 A22] = [L21 L22] [    U22]      U12 = L11^-1 A12;  A22 - L21 U12 = L22 U22
 *
 * (Toledo, Locality of reference in LU decomposition with partial pivoting, SIAM J. Matrix Anal. Appl. 18, 1997.)
 * Which rows are exchanged is constant where the derivative exists: tangents and adjoints move with the rows. Any
 * m and n, square or not. */
#include "linalg.h"

#include <math.h>

static const Triangle unit_lower = {false, true}, unit_upper = {true, true};
static const Triangle whole_lower = {false, false}, whole_upper = {true, false};

static ptrdiff_t smaller(ptrdiff_t a, ptrdiff_t b)
{
    return a < b ? a : b;
}

/* ---- exchanges of rows: pivots count from 1, as in LAPACK ---- */

static void exchange(ptrdiff_t n, View a, ptrdiff_t i, ptrdiff_t k)
{
    for (ptrdiff_t j = 0; i != k && j < n; j++) {
        const real moved = *element(a, i, j);
        *element(a, i, j) = *element(a, k, j);
        *element(a, k, j) = moved;
    }
}

static void exchange_all(ptrdiff_t count, ptrdiff_t n, const int *pivots, View a)
{
    for (ptrdiff_t i = 0; i < count; i++)
        exchange(n, a, i, pivots[i] - 1);
}

static void exchange_back(ptrdiff_t count, ptrdiff_t n, const int *pivots, View a)
{
    for (ptrdiff_t i = count - 1; i >= 0; i--)
        exchange(n, a, i, pivots[i] - 1);
}

/* ---- the halves ---- */

typedef struct Blocks {
    ptrdiff_t k, m2, n2; /* the left columns; the rows below, the columns to the right */
    View b11, b12, b21, b22;
} Blocks;

static Blocks split(ptrdiff_t m, ptrdiff_t n, View a)
{
    const ptrdiff_t k = smaller(m, n) > 1 ? smaller(m, n) / 2 : 1;
    return (Blocks){k, m - k, n - k, a, at(a, 0, k), at(a, k, 0), at(a, k, k)};
}

/* One column: the largest element becomes the pivot. */
static ptrdiff_t factor_column(ptrdiff_t m, View a, int *pivots)
{
    ptrdiff_t best = 0;
    for (ptrdiff_t i = 1; i < m; i++)
        if (AD_MATH(fabs)(*element(a, i, 0)) > AD_MATH(fabs)(*element(a, best, 0)))
            best = i;
    *pivots = (int)best + 1;
    exchange(1, a, 0, best);
    if (*a.p == 0)
        return 1;
    for (ptrdiff_t i = 1; i < m; i++)
        *element(a, i, 0) /= *a.p;
    return 0;
}

/* 0, or the number (from 1) of the first pivot that is zero. */
static ptrdiff_t factor(ptrdiff_t m, ptrdiff_t n, View a, int *pivots)
{
    if (m <= 0 || n <= 0)
        return 0;
    if (n == 1)
        return factor_column(m, a, pivots);
    const Blocks f = split(m, n, a);
    const ptrdiff_t below = smaller(f.m2, f.n2);
    ptrdiff_t info = factor(m, f.k, a, pivots);
    exchange_all(f.k, f.n2, pivots, f.b12);
    AD_(view_trsm)(f.k, f.n2, unit_lower, f.b11, f.b12);
    AD_(view_gemm)(f.m2, f.n2, f.k, -1, f.b21, f.b12, f.b22);
    const ptrdiff_t info_below = factor(f.m2, f.n2, f.b22, pivots + f.k);
    exchange_all(below, f.k, pivots + f.k, f.b21);
    for (ptrdiff_t i = 0; i < below; i++)
        pivots[f.k + i] += (int)f.k;
    if (!info && info_below)
        info = f.k + info_below;
    return info;
}

static ptrdiff_t factor_anywhere(ptrdiff_t m, ptrdiff_t n, View a, int *pivots)
{
    ptrdiff_t info;
    return AD_(lapack_getrf)(m, n, a, pivots, &info) ? info : factor(m, n, a, pivots);
}

/* On entry the tangent of P A, on return that of the factors. */
static void factor_forward(ptrdiff_t m, ptrdiff_t n, View lu, View dot)
{
    if (m <= 0 || n <= 0)
        return;
    if (n == 1) {
        for (ptrdiff_t i = 1; i < m; i++)
            *element(dot, i, 0) = (*element(dot, i, 0) - *element(lu, i, 0) * *dot.p) / *lu.p;
        return;
    }
    const Blocks f = split(m, n, lu), d = split(m, n, dot);
    factor_forward(m, f.k, lu, dot);
    /* dU12 = L11^-1 (dA12 - dL11 U12) */
    AD_(view_trmm_add)(f.k, f.n2, unit_lower, -1, d.b11, f.b12, d.b12);
    AD_(view_trsm)(f.k, f.n2, unit_lower, f.b11, d.b12);
    AD_(view_gemm)(f.m2, f.n2, f.k, -1, d.b21, f.b12, d.b22);
    AD_(view_gemm)(f.m2, f.n2, f.k, -1, f.b21, d.b12, d.b22);
    factor_forward(f.m2, f.n2, f.b22, d.b22);
}

/* On entry the adjoint of the factors, on return that of P A. */
static void factor_reverse(ptrdiff_t m, ptrdiff_t n, View lu, View bar)
{
    if (m <= 0 || n <= 0)
        return;
    if (n == 1) {
        for (ptrdiff_t i = 1; i < m; i++) {
            *element(bar, i, 0) /= *lu.p;
            *bar.p -= *element(bar, i, 0) * *element(lu, i, 0);
        }
        return;
    }
    const Blocks f = split(m, n, lu), b = split(m, n, bar);
    factor_reverse(f.m2, f.n2, f.b22, b.b22);
    AD_(view_gemm)(f.m2, f.k, f.n2, -1, b.b22, transposed(f.b12), b.b21);
    AD_(view_gemm)(f.k, f.n2, f.m2, -1, transposed(f.b21), b.b22, b.b12);
    /* of U12 = L11^-1 A12: A12_bar = L11^-T U12_bar, L11_bar -= A12_bar U12^T below the diagonal */
    AD_(view_trsm)(f.k, f.n2, unit_upper, transposed(f.b11), b.b12);
    AD_(view_gemm_triangle)(f.k, f.n2, unit_lower, -1, b.b12, transposed(f.b12), b.b11);
    factor_reverse(m, f.k, lu, bar);
}

static void check(const char *function, int m, int n, int lda)
{
    (void)function, (void)m, (void)n, (void)lda;
    AD_REQUIRE_SIZE(function, m);
    AD_REQUIRE_SIZE(function, n);
    AD_REQUIRE_LD(function, lda, n);
}

int AD_(getrf)(int m, int n, real *A, int lda, int *ipiv)
{
    check("getrf", m, n, lda);
    return (int)factor_anywhere(m, n, view(AD_ROW_MAJOR, A, lda), ipiv);
}

void AD_(getrf_forward)(int layout, int m, int n, const real *LU, int ldl, const int *ipiv, real *A_dot,
                        int lda)
{
    AD_REQUIRE_LAYOUT("getrf_forward", layout);
    const View dot = view(layout, A_dot, lda);
    exchange_all(smaller(m, n), n, ipiv, dot);
    factor_forward(m, n, view(layout, LU, ldl), dot);
}

void AD_(getrf_reverse)(int layout, int m, int n, const real *LU, int ldl, const int *ipiv, real *A_bar,
                        int lda)
{
    AD_REQUIRE_LAYOUT("getrf_reverse", layout);
    const View bar = view(layout, A_bar, lda);
    factor_reverse(m, n, view(layout, LU, ldl), bar);
    exchange_back(smaller(m, n), n, ipiv, bar);
}

/* ---- solving with the factors: A X = P^T L U X = B, or A^T X = U^T L^T P X = B ---- */

static void solve(bool transpose, ptrdiff_t n, ptrdiff_t nrhs, View lu, const int *ipiv, View b)
{
    if (transpose) {
        AD_(view_trsm)(n, nrhs, whole_lower, transposed(lu), b);
        AD_(view_trsm)(n, nrhs, unit_upper, transposed(lu), b);
        exchange_back(n, nrhs, ipiv, b);
    } else {
        exchange_all(n, nrhs, ipiv, b);
        AD_(view_trsm)(n, nrhs, unit_lower, lu, b);
        AD_(view_trsm)(n, nrhs, whole_upper, lu, b);
    }
}

static void check_solve(const char *function, int flag, int n, int nrhs, int lda)
{
    const AdTranspose trans = transpose_of_flag(flag);
    (void)trans, (void)nrhs;
    AD_REQUIRE_TRANSPOSE(function, trans);
    AD_REQUIRE_SIZE(function, nrhs);
    check(function, n, n, lda);
}

int AD_(getrs)(AdTranspose trans, int n, int nrhs, const real *A, int lda, const int *ipiv, real *B, int ldb)
{
    check_solve("getrs", trans, n, nrhs, lda);
    AD_REQUIRE_LD("getrs", ldb, nrhs);
    solve(trans != AD_NO_TRANS, n, nrhs, view(AD_ROW_MAJOR, A, lda), ipiv, view(AD_ROW_MAJOR, B, ldb));
    return 0;
}

int AD_(solve)(int n, int nrhs, real *A, int lda, int *ipiv, real *B, int ldb)
{
    check_solve("solve", AD_NO_TRANS, n, nrhs, lda);
    AD_REQUIRE_LD("solve", ldb, nrhs);
    const ptrdiff_t info = factor_anywhere(n, n, view(AD_ROW_MAJOR, A, lda), ipiv);
    if (!info)
        solve(false, n, nrhs, view(AD_ROW_MAJOR, A, lda), ipiv, view(AD_ROW_MAJOR, B, ldb));
    return (int)info;
}

static View copied(ptrdiff_t m, ptrdiff_t n, View a)
{
    const View copy = {ad_alloc_elements(sizeof(real), m * n), n, 1};
    AD_(view_copy)(m, n, a, copy);
    return copy;
}

static View zeros(ptrdiff_t m, ptrdiff_t n)
{
    return (View){ad_alloc_zeroed_elements(sizeof(real), m * n), n, 1};
}

static void subtract(ptrdiff_t m, ptrdiff_t n, View a, View from)
{
    for (ptrdiff_t i = 0; i < m; i++)
        AD_(view_axpy)(n, -1, element(a, i, 0), a.columns, element(from, i, 0), from.columns);
}

/* L Y, or L^T Y (part): a new matrix. The diagonal of L is ones, or, of a direction, zeros. */
static View lower_product(bool unit, ptrdiff_t n, ptrdiff_t nrhs, Triangle part, View l, View y)
{
    const View p = unit ? copied(n, nrhs, y) : zeros(n, nrhs);
    AD_(view_trmm_add)(n, nrhs, part, 1, l, y, p);
    return p;
}

void AD_(getrs_product)(int layout, int trans, int diag, int n, int nrhs, const real *LU, int ldl, const real *D,
                        int ldd, const int *ipiv, const real *X, int ldx, real *B, int ldb)
{
    AD_REQUIRE_LAYOUT("getrs_product", layout);
    check_solve("getrs_product", trans, n, nrhs, ldl);
    const bool unit = diag == AD_UNIT;
    const View lu = view(layout, LU, ldl), d = view(layout, D, ldd), b = view(layout, B, ldb);
    const View x = copied(n, nrhs, view(layout, X, ldx)), y = zeros(n, nrhs);
    View z, sum;
    if (transpose_of_flag(trans) != AD_NO_TRANS) { /* (U^T D_L^T + D_U^T L^T) P X */
        exchange_all(n, nrhs, ipiv, x);
        AD_(view_trmm_add)(n, nrhs, unit_upper, 1, transposed(d), x, y);
        z = lower_product(unit, n, nrhs, unit_upper, transposed(lu), x);
        sum = zeros(n, nrhs);
        AD_(view_trmm_add)(n, nrhs, whole_lower, 1, transposed(lu), y, sum);
        AD_(view_trmm_add)(n, nrhs, whole_lower, 1, transposed(d), z, sum);
    } else { /* P^T (D_L U + L D_U) X */
        AD_(view_trmm_add)(n, nrhs, whole_upper, 1, d, x, y);
        sum = lower_product(unit, n, nrhs, unit_lower, lu, y);
        z = zeros(n, nrhs);
        AD_(view_trmm_add)(n, nrhs, whole_upper, 1, lu, x, z);
        AD_(view_trmm_add)(n, nrhs, unit_lower, 1, d, z, sum);
        exchange_back(n, nrhs, ipiv, sum);
    }
    subtract(n, nrhs, sum, b);
    ad_free(sum.p);
    ad_free(z.p);
    ad_free(y.p);
    ad_free(x.p);
}

/* For A: D_L -= P W (U X)^T, D_U -= L^T P W X^T; for A^T X and W in each other's place. */
void AD_(getrs_share)(int layout, int trans, int diag, int n, int nrhs, const real *LU, int ldl, const int *ipiv,
                      const real *X, int ldx, const real *W, int ldw, real *D, int ldd)
{
    AD_REQUIRE_LAYOUT("getrs_share", layout);
    check_solve("getrs_share", trans, n, nrhs, ldl);
    const View lu = view(layout, LU, ldl), d = view(layout, D, ldd);
    const View x = view(layout, X, ldx), w = view(layout, W, ldw);
    const bool transpose = transpose_of_flag(trans) != AD_NO_TRANS;
    const View left = copied(n, nrhs, transpose ? x : w), right = transpose ? w : x, u = zeros(n, nrhs);
    exchange_all(n, nrhs, ipiv, left);
    AD_(view_trmm_add)(n, nrhs, whole_upper, 1, lu, right, u);
    AD_(view_gemm_triangle)(n, nrhs, unit_lower, -1, left, transposed(u), d);
    const View l = lower_product(diag == AD_UNIT, n, nrhs, unit_upper, transposed(lu), left);
    AD_(view_gemm_triangle)(n, nrhs, whole_upper, -1, l, transposed(right), d);
    ad_free(l.p);
    ad_free(u.p);
    ad_free(left.p);
}

/* ---- what the derivatives of the factorisation change by, with the factors ---- */

/* The parts of m x n factors with zeros around them, D_L without its diagonal: m x k and k x n, k the smaller. */
typedef struct Parts {
    ptrdiff_t k;
    View l, u;
} Parts;

static Parts parts_of(ptrdiff_t m, ptrdiff_t n, View d)
{
    const ptrdiff_t k = smaller(m, n);
    const Parts parts = {k, zeros(m, k), zeros(k, n)};
    for (ptrdiff_t i = 0; i < m; i++)
        for (ptrdiff_t j = 0; j < n; j++)
            if (i > j)
                *element(parts.l, i, j) = *element(d, i, j);
            else
                *element(parts.u, i, j) = *element(d, i, j);
    return parts;
}

static void free_parts(Parts parts)
{
    ad_free(parts.u.p);
    ad_free(parts.l.p);
}

void AD_(getrf_product)(int layout, int m, int n, const real *D, int ldd, const real *E, int lde, const int *ipiv,
                        real *A, int lda)
{
    AD_REQUIRE_LAYOUT("getrf_product", layout);
    const Parts d = parts_of(m, n, view(layout, D, ldd)), e = parts_of(m, n, view(layout, E, lde));
    const View sum = zeros(m, n);
    AD_(view_gemm)(m, n, d.k, 1, d.l, e.u, sum);
    AD_(view_gemm)(m, n, d.k, 1, e.l, d.u, sum);
    exchange_back(d.k, n, ipiv, sum);
    subtract(m, n, sum, view(layout, A, lda));
    ad_free(sum.p);
    free_parts(e);
    free_parts(d);
}

void AD_(getrf_share)(int layout, int m, int n, const real *S, int lds, const int *ipiv, const real *E, int lde,
                      real *D, int ldd)
{
    AD_REQUIRE_LAYOUT("getrf_share", layout);
    const Parts e = parts_of(m, n, view(layout, E, lde));
    const View d = view(layout, D, ldd), s = copied(m, n, view(layout, S, lds));
    const View l = zeros(m, e.k), u = zeros(e.k, n);
    exchange_all(e.k, n, ipiv, s);
    AD_(view_gemm)(m, e.k, n, 1, s, transposed(e.u), l);
    AD_(view_gemm)(e.k, n, m, 1, transposed(e.l), s, u);
    for (ptrdiff_t i = 0; i < m; i++)
        for (ptrdiff_t j = 0; j < n; j++)
            *element(d, i, j) -= i > j ? *element(l, i, j) : *element(u, i, j);
    ad_free(u.p);
    ad_free(l.p);
    ad_free(s.p);
    free_parts(e);
}

/* ---- determinants ---- */

real AD_(logdet)(int n, const real *A, int lda)
{
    check("logdet", n, n, lda);
    real sum = 0;
    for (int i = 0; i < n; i++)
        sum += AD_MATH(log)(AD_MATH(fabs)(A[(ptrdiff_t)i * lda + i]));
    return sum;
}
