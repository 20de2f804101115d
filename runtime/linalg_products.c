/* BLAS levels 2 and 3, row-major: arguments to views. */
#include "linalg.h"

static bool transposes(AdTranspose t)
{
    return t != AD_NO_TRANS;
}

/* op(A) as a view, and which of its triangles holds the numbers. */
static View operand(AdTranspose t, const real *a, int lda)
{
    return transposed_if(transposes(t), view(AD_ROW_MAJOR, a, lda));
}

static Triangle part_of(AdUplo uplo, AdDiag diag)
{
    return (Triangle){uplo == AD_UPPER, diag == AD_UNIT};
}

static Triangle part_of_operand(AdUplo uplo, AdTranspose t, AdDiag diag)
{
    const Triangle part = part_of(uplo, diag);
    return transposes(t) ? flipped(part) : part;
}

/* C += alpha A B, A symmetric: its triangle, and once more without the diagonal, transposed. */
static void add_symmetric(ptrdiff_t m, ptrdiff_t n, AdUplo uplo, real alpha, View a, View b, View c)
{
    const Triangle whole = part_of(uplo, AD_NON_UNIT), strict = part_of(uplo, AD_UNIT);
    AD_(view_trmm_add)(m, n, whole, alpha, a, b, c);
    AD_(view_trmm_add)(m, n, flipped(strict), alpha, transposed(a), b, c);
}

/* ---- a matrix and a vector ---- */

void AD_(gemv)(AdTranspose trans, int m, int n, real alpha, const real *A, int lda, const real *x, int incx,
               real beta, real *y, int incy)
{
    AD_REQUIRE_TRANSPOSE("gemv", trans);
    AD_REQUIRE_SIZE("gemv", m);
    AD_REQUIRE_SIZE("gemv", n);
    AD_REQUIRE_LD("gemv", lda, n);
    AD_REQUIRE_STEP("gemv", incx);
    AD_REQUIRE_STEP("gemv", incy);
    const int rows = transposes(trans) ? n : m, columns = transposes(trans) ? m : n;
    const View v = column(columns, x, incx), w = column(rows, y, incy);
    AD_(view_scale)(rows, 1, beta, w);
    AD_(view_gemm)(rows, 1, columns, alpha, operand(trans, A, lda), v, w);
}

void AD_(ger)(int m, int n, real alpha, const real *x, int incx, const real *y, int incy, real *A, int lda)
{
    AD_REQUIRE_SIZE("ger", m);
    AD_REQUIRE_SIZE("ger", n);
    AD_REQUIRE_LD("ger", lda, n);
    AD_REQUIRE_STEP("ger", incx);
    AD_REQUIRE_STEP("ger", incy);
    const View v = column(m, x, incx), w = column(n, y, incy), a = view(AD_ROW_MAJOR, A, lda);
    for (int i = 0; i < m; i++)
        AD_(view_axpy)(n, alpha * *element(v, i, 0), w.p, w.rows, element(a, i, 0), 1);
}

void AD_(symv)(AdUplo uplo, int n, real alpha, const real *A, int lda, const real *x, int incx, real beta,
               real *y, int incy)
{
    AD_REQUIRE_UPLO("symv", uplo);
    AD_REQUIRE_SIZE("symv", n);
    AD_REQUIRE_LD("symv", lda, n);
    AD_REQUIRE_STEP("symv", incx);
    AD_REQUIRE_STEP("symv", incy);
    const View v = column(n, x, incx), w = column(n, y, incy);
    AD_(view_scale)(n, 1, beta, w);
    add_symmetric(n, 1, uplo, alpha, view(AD_ROW_MAJOR, A, lda), v, w);
}

static void check_triangle(const char *function, AdUplo uplo, AdTranspose trans, AdDiag diag, int n, int lda)
{
    (void)function, (void)uplo, (void)trans, (void)diag, (void)n, (void)lda;
    AD_REQUIRE_UPLO(function, uplo);
    AD_REQUIRE_TRANSPOSE(function, trans);
    AD_REQUIRE_DIAG(function, diag);
    AD_REQUIRE_SIZE(function, n);
    AD_REQUIRE_LD(function, lda, n);
}

void AD_(trmv)(AdUplo uplo, AdTranspose trans, AdDiag diag, int n, const real *A, int lda, real *x, int incx)
{
    check_triangle("trmv", uplo, trans, diag, n, lda);
    AD_REQUIRE_STEP("trmv", incx);
    AD_(view_trmm)(n, 1, part_of_operand(uplo, trans, diag), operand(trans, A, lda), column(n, x, incx));
}

void AD_(trsv)(AdUplo uplo, AdTranspose trans, AdDiag diag, int n, const real *A, int lda, real *x, int incx)
{
    check_triangle("trsv", uplo, trans, diag, n, lda);
    AD_REQUIRE_STEP("trsv", incx);
    AD_(view_trsm)(n, 1, part_of_operand(uplo, trans, diag), operand(trans, A, lda), column(n, x, incx));
}

/* ---- matrices ---- */

void AD_(gemm)(AdTranspose transA, AdTranspose transB, int m, int n, int k, real alpha, const real *A, int lda,
               const real *B, int ldb, real beta, real *C, int ldc)
{
    AD_REQUIRE_TRANSPOSE("gemm", transA);
    AD_REQUIRE_TRANSPOSE("gemm", transB);
    AD_REQUIRE_SIZE("gemm", m);
    AD_REQUIRE_SIZE("gemm", n);
    AD_REQUIRE_SIZE("gemm", k);
    AD_REQUIRE_LD("gemm", lda, transposes(transA) ? m : k);
    AD_REQUIRE_LD("gemm", ldb, transposes(transB) ? k : n);
    AD_REQUIRE_LD("gemm", ldc, n);
    const View c = view(AD_ROW_MAJOR, C, ldc);
    AD_(view_scale)(m, n, beta, c);
    AD_(view_gemm)(m, n, k, alpha, operand(transA, A, lda), operand(transB, B, ldb), c);
}

void AD_(symm)(AdSide side, AdUplo uplo, int m, int n, real alpha, const real *A, int lda, const real *B, int ldb,
               real beta, real *C, int ldc)
{
    AD_REQUIRE_SIDE("symm", side);
    AD_REQUIRE_UPLO("symm", uplo);
    AD_REQUIRE_SIZE("symm", m);
    AD_REQUIRE_SIZE("symm", n);
    AD_REQUIRE_LD("symm", lda, side == AD_LEFT ? m : n);
    AD_REQUIRE_LD("symm", ldb, n);
    AD_REQUIRE_LD("symm", ldc, n);
    const View a = view(AD_ROW_MAJOR, A, lda), b = view(AD_ROW_MAJOR, B, ldb), c = view(AD_ROW_MAJOR, C, ldc);
    AD_(view_scale)(m, n, beta, c);
    if (side == AD_LEFT)
        add_symmetric(m, n, uplo, alpha, a, b, c);
    else
        add_symmetric(n, m, uplo, alpha, a, transposed(b), transposed(c));
}

void AD_(syrk)(AdUplo uplo, AdTranspose trans, int n, int k, real alpha, const real *A, int lda, real beta,
               real *C, int ldc)
{
    AD_REQUIRE_UPLO("syrk", uplo);
    AD_REQUIRE_TRANSPOSE("syrk", trans);
    AD_REQUIRE_SIZE("syrk", n);
    AD_REQUIRE_SIZE("syrk", k);
    AD_REQUIRE_LD("syrk", lda, transposes(trans) ? n : k);
    AD_REQUIRE_LD("syrk", ldc, n);
    const Triangle part = part_of(uplo, AD_NON_UNIT);
    const View a = operand(trans, A, lda), c = view(AD_ROW_MAJOR, C, ldc);
    AD_(view_scale_triangle)(n, part, beta, c);
    AD_(view_gemm_triangle)(n, k, part, alpha, a, transposed(a), c);
}

static void check_sides(const char *function, AdSide side, AdUplo uplo, AdTranspose trans, AdDiag diag, int m,
                        int n, int lda, int ldb)
{
    (void)ldb;
    AD_REQUIRE_SIDE(function, side);
    AD_REQUIRE_SIZE(function, m);
    AD_REQUIRE_SIZE(function, n);
    AD_REQUIRE_LD(function, ldb, n);
    check_triangle(function, uplo, trans, diag, side == AD_LEFT ? m : n, lda);
}

void AD_(trmm)(AdSide side, AdUplo uplo, AdTranspose trans, AdDiag diag, int m, int n, real alpha, const real *A,
               int lda, real *B, int ldb)
{
    check_sides("trmm", side, uplo, trans, diag, m, n, lda, ldb);
    const View a = operand(trans, A, lda), b = view(AD_ROW_MAJOR, B, ldb);
    const Triangle part = part_of_operand(uplo, trans, diag);
    AD_(view_scale)(m, n, alpha, b);
    if (side == AD_LEFT)
        AD_(view_trmm)(m, n, part, a, b);
    else
        AD_(view_trmm)(n, m, flipped(part), transposed(a), transposed(b));
}

void AD_(trsm)(AdSide side, AdUplo uplo, AdTranspose trans, AdDiag diag, int m, int n, real alpha, const real *A,
               int lda, real *B, int ldb)
{
    check_sides("trsm", side, uplo, trans, diag, m, n, lda, ldb);
    const View a = operand(trans, A, lda), b = view(AD_ROW_MAJOR, B, ldb);
    const Triangle part = part_of_operand(uplo, trans, diag);
    AD_(view_scale)(m, n, alpha, b);
    if (side == AD_LEFT)
        AD_(view_trsm)(m, n, part, a, b);
    else
        AD_(view_trsm)(n, m, flipped(part), transposed(a), transposed(b));
}

/* ---- what their derivatives need ---- */

void AD_(copy_matrix)(int layout, int m, int n, const real *A, int lda, real *B, int ldb)
{
    AD_REQUIRE_LAYOUT("copy_matrix", layout);
    AD_REQUIRE_SIZE("copy_matrix", m);
    AD_REQUIRE_SIZE("copy_matrix", n);
    AD_REQUIRE_LD("copy_matrix", lda, layout == AD_ROW_MAJOR ? n : m);
    AD_REQUIRE_LD("copy_matrix", ldb, layout == AD_ROW_MAJOR ? n : m);
    const View a = view(layout, A, lda), b = view(layout, B, ldb);
    if (layout == AD_ROW_MAJOR)
        AD_(view_copy)(m, n, a, b);
    else
        AD_(view_copy)(n, m, transposed(a), transposed(b));
}

void AD_(scale_matrix)(int layout, int m, int n, real alpha, real *A, int lda)
{
    AD_REQUIRE_LAYOUT("scale_matrix", layout);
    AD_REQUIRE_SIZE("scale_matrix", m);
    AD_REQUIRE_SIZE("scale_matrix", n);
    AD_REQUIRE_LD("scale_matrix", lda, layout == AD_ROW_MAJOR ? n : m);
    AD_(view_scale)(m, n, alpha, view(layout, A, lda));
}

void AD_(scale_triangle)(int layout, int uplo, int n, real alpha, real *A, int lda)
{
    AD_REQUIRE_LAYOUT("scale_triangle", layout);
    AD_REQUIRE_UPLO("scale_triangle", uplo);
    AD_REQUIRE_SIZE("scale_triangle", n);
    AD_REQUIRE_LD("scale_triangle", lda, n);
    AD_(view_scale_triangle)(n, part_of(uplo, AD_NON_UNIT), alpha, view(layout, A, lda));
}

void AD_(ger_triangle)(int layout, int uplo, int diag, int n, real alpha, const real *x, int incx,
                       const real *y, int incy, real *A, int lda)
{
    AD_REQUIRE_LAYOUT("ger_triangle", layout);
    check_triangle("ger_triangle", uplo, AD_NO_TRANS, diag, n, lda);
    AD_REQUIRE_STEP("ger_triangle", incx);
    AD_REQUIRE_STEP("ger_triangle", incy);
    const View v = column(n, x, incx), w = column(n, y, incy), a = view(layout, A, lda);
    const Triangle part = part_of(uplo, diag);
    for (int i = 0; i < n; i++) {
        const int skip = part.strict, from = part.upper ? i + skip : 0, to = part.upper ? n : i + 1 - skip;
        if (to > from)
            AD_(view_axpy)(to - from, alpha * *element(v, i, 0), element(w, from, 0), w.rows,
                           element(a, i, from), a.columns);
    }
}

void AD_(trmv_add)(int layout, int uplo, int trans, int diag, int n, real alpha, const real *A,
                   int lda, const real *x, int incx, real *y, int incy)
{
    AD_REQUIRE_LAYOUT("trmv_add", layout);
    check_triangle("trmv_add", uplo, trans, diag, n, lda);
    AD_REQUIRE_STEP("trmv_add", incx);
    AD_REQUIRE_STEP("trmv_add", incy);
    AD_(view_trmm_add)(n, 1, part_of_operand(uplo, trans, diag), alpha,
                       transposed_if(transposes(trans), view(layout, A, lda)), column(n, x, incx),
                       column(n, y, incy));
}

void AD_(gemm_triangle)(int layout, int uplo, int diag, int transA, int transB, int n,
                        int k, real alpha, const real *A, int lda, const real *B, int ldb, real *C, int ldc)
{
    AD_REQUIRE_LAYOUT("gemm_triangle", layout);
    check_triangle("gemm_triangle", uplo, transA, diag, n, ldc);
    AD_REQUIRE_TRANSPOSE("gemm_triangle", transB);
    AD_REQUIRE_SIZE("gemm_triangle", k);
    AD_REQUIRE_LD("gemm_triangle", lda, transposes(transA) == (layout == AD_ROW_MAJOR) ? n : k);
    AD_REQUIRE_LD("gemm_triangle", ldb, transposes(transB) == (layout == AD_ROW_MAJOR) ? k : n);
    AD_(view_gemm_triangle)(n, k, part_of(uplo, diag), alpha,
                            transposed_if(transposes(transA), view(layout, A, lda)),
                            transposed_if(transposes(transB), view(layout, B, ldb)), view(layout, C, ldc));
}

void AD_(trmm_add)(int layout, int side, int uplo, int trans, int diag, int m, int n,
                   real alpha, const real *A, int lda, const real *B, int ldb, real *C, int ldc)
{
    AD_REQUIRE_LAYOUT("trmm_add", layout);
    AD_REQUIRE_SIDE("trmm_add", side);
    AD_REQUIRE_SIZE("trmm_add", m);
    AD_REQUIRE_SIZE("trmm_add", n);
    check_triangle("trmm_add", uplo, trans, diag, side == AD_LEFT ? m : n, lda);
    AD_REQUIRE_LD("trmm_add", ldb, layout == AD_ROW_MAJOR ? n : m);
    AD_REQUIRE_LD("trmm_add", ldc, layout == AD_ROW_MAJOR ? n : m);
    const View a = transposed_if(transposes(trans), view(layout, A, lda));
    const View b = view(layout, B, ldb), c = view(layout, C, ldc);
    const Triangle part = part_of_operand(uplo, trans, diag);
    if (side == AD_LEFT)
        AD_(view_trmm_add)(m, n, part, alpha, a, b, c);
    else
        AD_(view_trmm_add)(n, m, flipped(part), alpha, transposed(a), transposed(b), transposed(c));
}

void AD_(add_matrix)(int layout, int m, int n, real alpha, const real *A, int lda, real *B, int ldb)
{
    AD_REQUIRE_LAYOUT("add_matrix", layout);
    AD_REQUIRE_SIZE("add_matrix", m);
    AD_REQUIRE_SIZE("add_matrix", n);
    const View a = view(layout, A, lda), b = view(layout, B, ldb);
    for (int i = 0; i < m; i++)
        AD_(view_axpy)(n, alpha, element(a, i, 0), a.columns, element(b, i, 0), b.columns);
}

static real dot_of_views(ptrdiff_t m, ptrdiff_t n, View a, View b)
{
    real sum = 0;
    for (ptrdiff_t i = 0; i < m; i++)
        sum += AD_(view_dot)(n, element(a, i, 0), a.columns, element(b, i, 0), b.columns);
    return sum;
}

real AD_(matrix_dot)(int layout, int m, int n, const real *A, int lda, const real *B, int ldb)
{
    AD_REQUIRE_LAYOUT("matrix_dot", layout);
    AD_REQUIRE_SIZE("matrix_dot", m);
    AD_REQUIRE_SIZE("matrix_dot", n);
    return dot_of_views(m, n, view(layout, A, lda), view(layout, B, ldb));
}

/* The sum of (A B)_ij c_ij, through the product. */
static real dot_of_product(ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, View a, View b, View c)
{
    const View product = {ad_alloc_zeroed_elements(sizeof(real), m * n), n, 1};
    AD_(view_gemm)(m, n, k, 1, a, b, product);
    const real sum = dot_of_views(m, n, product, c);
    ad_free(product.p);
    return sum;
}

real AD_(gemv_dot)(int layout, int trans, int m, int n, const real *A, int lda, const real *x, int incx,
                   const real *y, int incy)
{
    AD_REQUIRE_LAYOUT("gemv_dot", layout);
    AD_REQUIRE_TRANSPOSE("gemv_dot", trans);
    AD_REQUIRE_SIZE("gemv_dot", m);
    AD_REQUIRE_SIZE("gemv_dot", n);
    const int rows = transposes(trans) ? n : m, columns = transposes(trans) ? m : n;
    return dot_of_product(rows, 1, columns, transposed_if(transposes(trans), view(layout, A, lda)),
                          column(columns, x, incx), column(rows, y, incy));
}

real AD_(gemm_dot)(int layout, int transA, int transB, int m, int n, int k, const real *A, int lda, const real *B,
                   int ldb, const real *C, int ldc)
{
    AD_REQUIRE_LAYOUT("gemm_dot", layout);
    AD_REQUIRE_TRANSPOSE("gemm_dot", transA);
    AD_REQUIRE_TRANSPOSE("gemm_dot", transB);
    AD_REQUIRE_SIZE("gemm_dot", m);
    AD_REQUIRE_SIZE("gemm_dot", n);
    AD_REQUIRE_SIZE("gemm_dot", k);
    return dot_of_product(m, n, k, transposed_if(transposes(transA), view(layout, A, lda)),
                          transposed_if(transposes(transB), view(layout, B, ldb)), view(layout, C, ldc));
}

/* ---- the same of triangles and symmetric matrices ---- */

/* The columns of row i that count: from, to. */
static ptrdiff_t first_in_row(Triangle part, ptrdiff_t i)
{
    return part.upper ? i + part.strict : 0;
}

static ptrdiff_t end_of_row(Triangle part, ptrdiff_t n, ptrdiff_t i)
{
    return part.upper ? n : i + 1 - part.strict;
}

static real dot_of_triangles(ptrdiff_t n, Triangle part, View a, View b)
{
    real sum = 0;
    for (ptrdiff_t i = 0; i < n; i++) {
        const ptrdiff_t from = first_in_row(part, i), to = end_of_row(part, n, i);
        sum += AD_(view_dot)(to - from, element(a, i, from), a.columns, element(b, i, from), b.columns);
    }
    return sum;
}

void AD_(add_triangle)(int layout, int uplo, int n, real alpha, const real *A, int lda, real *B, int ldb)
{
    AD_REQUIRE_LAYOUT("add_triangle", layout);
    check_triangle("add_triangle", uplo, AD_NO_TRANS, AD_NON_UNIT, n, lda);
    AD_REQUIRE_LD("add_triangle", ldb, n);
    const View a = view(layout, A, lda), b = view(layout, B, ldb);
    const Triangle part = part_of(uplo, AD_NON_UNIT);
    for (ptrdiff_t i = 0; i < n; i++) {
        const ptrdiff_t from = first_in_row(part, i), to = end_of_row(part, n, i);
        AD_(view_axpy)(to - from, alpha, element(a, i, from), a.columns, element(b, i, from), b.columns);
    }
}

real AD_(triangle_dot)(int layout, int uplo, int n, const real *A, int lda, const real *B, int ldb)
{
    AD_REQUIRE_LAYOUT("triangle_dot", layout);
    check_triangle("triangle_dot", uplo, AD_NO_TRANS, AD_NON_UNIT, n, lda);
    AD_REQUIRE_LD("triangle_dot", ldb, n);
    return dot_of_triangles(n, part_of(uplo, AD_NON_UNIT), view(layout, A, lda), view(layout, B, ldb));
}

/* The sum of (A B)_ij c_ij, A symmetric, through the product. */
static real dot_of_symmetric(ptrdiff_t m, ptrdiff_t n, AdUplo uplo, View a, View b, View c)
{
    const View product = {ad_alloc_zeroed_elements(sizeof(real), m * n), n, 1};
    add_symmetric(m, n, uplo, 1, a, b, product);
    const real sum = dot_of_views(m, n, product, c);
    ad_free(product.p);
    return sum;
}

real AD_(symv_dot)(int layout, int uplo, int n, const real *A, int lda, const real *x, int incx, const real *y, int incy)
{
    AD_REQUIRE_LAYOUT("symv_dot", layout);
    check_triangle("symv_dot", uplo, AD_NO_TRANS, AD_NON_UNIT, n, lda);
    return dot_of_symmetric(n, 1, uplo, view(layout, A, lda), column(n, x, incx), column(n, y, incy));
}

real AD_(symm_dot)(int layout, int side, int uplo, int m, int n, const real *A, int lda, const real *B, int ldb,
                   const real *C, int ldc)
{
    AD_REQUIRE_LAYOUT("symm_dot", layout);
    AD_REQUIRE_SIDE("symm_dot", side);
    check_triangle("symm_dot", uplo, AD_NO_TRANS, AD_NON_UNIT, side == AD_LEFT ? m : n, lda);
    const View a = view(layout, A, lda), b = view(layout, B, ldb), c = view(layout, C, ldc);
    return side == AD_LEFT ? dot_of_symmetric(m, n, uplo, a, b, c)
                           : dot_of_symmetric(n, m, uplo, a, transposed(b), transposed(c));
}

real AD_(gemm_triangle_dot)(int layout, int uplo, int transA, int transB, int n, int k, const real *A, int lda,
                            const real *B, int ldb, const real *C, int ldc)
{
    AD_REQUIRE_LAYOUT("gemm_triangle_dot", layout);
    check_triangle("gemm_triangle_dot", uplo, transA, AD_NON_UNIT, n, ldc);
    AD_REQUIRE_TRANSPOSE("gemm_triangle_dot", transB);
    AD_REQUIRE_SIZE("gemm_triangle_dot", k);
    const Triangle part = part_of(uplo, AD_NON_UNIT);
    const View product = {ad_alloc_zeroed_elements(sizeof(real), (ptrdiff_t)n * n), n, 1};
    AD_(view_gemm_triangle)(n, k, part, 1, transposed_if(transposes(transA), view(layout, A, lda)),
                            transposed_if(transposes(transB), view(layout, B, ldb)), product);
    const real sum = dot_of_triangles(n, part, product, view(layout, C, ldc));
    ad_free(product.p);
    return sum;
}
