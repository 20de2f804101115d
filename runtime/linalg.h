/* What the files of the linear algebra share. They are compiled twice: for double, and with AD_SINGLE for
 * float; AD_(dot) is ad_dot or ad_dotf.
 *
 * Inside, a matrix is a view: a pointer and the steps from row to row and from column to column. To transpose
 * is to swap the steps, and column-major is the transpose of row-major, so each algorithm is written once. */
#ifndef AD_LINALG_INTERNAL_H
#define AD_LINALG_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>

#include "adgen/linalg.h"
#include "internal.h"

#ifdef AD_SINGLE
typedef float real;
#define AD_(name) ad_##name##f
#define AD_MATH(name) name##f
#else
typedef double real;
#define AD_(name) ad_##name
#define AD_MATH(name) name
#endif

/* Element (i, j) is at p[i * rows + j * columns]. */
typedef struct View {
    real *p;
    ptrdiff_t rows, columns;
} View;

/* Callers that only read through it promise so by their own const. */
static inline View view(AdLayout layout, const real *p, int ld)
{
    return layout == AD_ROW_MAJOR ? (View){(real *)p, ld, 1} : (View){(real *)p, 1, ld};
}

static inline View transposed(View a)
{
    return (View){a.p, a.columns, a.rows};
}

static inline View transposed_if(bool condition, View a)
{
    return condition ? transposed(a) : a;
}

static inline View at(View a, ptrdiff_t i, ptrdiff_t j)
{
    return (View){a.p + i * a.rows + j * a.columns, a.rows, a.columns};
}

static inline real *element(View a, ptrdiff_t i, ptrdiff_t j)
{
    return a.p + i * a.rows + j * a.columns;
}

/* A vector as a matrix of one column; a negative increment starts at the far end, as in BLAS. */
static inline View column(int n, const real *x, int incx)
{
    const ptrdiff_t start = incx < 0 && n > 0 ? (ptrdiff_t)(1 - n) * incx : 0;
    return (View){(real *)x + start, incx, 1};
}

/* The part of a square matrix that counts: the lower or the upper triangle, with its diagonal or without. */
typedef struct Triangle {
    bool upper, strict;
} Triangle;

static inline Triangle flipped(Triangle t)
{
    return (Triangle){!t.upper, t.strict};
}

/* ---- kernels on views; m, n, k are the sizes of the product: (m x k) (k x n) ---- */

real AD_(view_dot)(ptrdiff_t n, const real *x, ptrdiff_t incx, const real *y, ptrdiff_t incy);
void AD_(view_axpy)(ptrdiff_t n, real alpha, const real *x, ptrdiff_t incx, real *y, ptrdiff_t incy);
/* A = alpha A; zeros for alpha = 0, whatever was there. */
void AD_(view_scale)(ptrdiff_t m, ptrdiff_t n, real alpha, View a);
void AD_(view_scale_triangle)(ptrdiff_t n, Triangle part, real alpha, View a);
void AD_(view_copy)(ptrdiff_t m, ptrdiff_t n, View a, View b);
/* C += alpha A B */
void AD_(view_gemm)(ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, real alpha, View a, View b, View c);
/* The same, where only a triangle of the n x n matrix C is computed. */
void AD_(view_gemm_triangle)(ptrdiff_t n, ptrdiff_t k, Triangle part, real alpha, View a, View b, View c);

/* A triangular m x m from the left, B m x n. strict: the diagonal counts as ones ... */
void AD_(view_trsm)(ptrdiff_t m, ptrdiff_t n, Triangle part, View a, View b); /* B = A^-1 B */
void AD_(view_trmm)(ptrdiff_t m, ptrdiff_t n, Triangle part, View a, View b); /* B = A B */
/* ... and here as zeros: C += alpha A B. */
void AD_(view_trmm_add)(ptrdiff_t m, ptrdiff_t n, Triangle part, real alpha, View a, View b, View c);

/* The factorisations by LAPACK: of a lower triangle, of rows that are exchanged. False: not here; nothing is changed. */
bool AD_(lapack_potrf)(ptrdiff_t n, View a, ptrdiff_t *info);
bool AD_(lapack_getrf)(ptrdiff_t m, ptrdiff_t n, View a, int *pivots, ptrdiff_t *info);

/* ---- arguments ---- */

/* LAPACK's letters are understood where derivatives of its calls end up. */
static inline AdUplo uplo_of(int flag)
{
    return flag == 'L' || flag == 'l' ? AD_LOWER : flag == 'U' || flag == 'u' ? AD_UPPER : (AdUplo)flag;
}

static inline AdTranspose transpose_of_flag(int flag)
{
    return flag == 'N' || flag == 'n' ? AD_NO_TRANS
           : flag == 'T' || flag == 't' || flag == 'C' || flag == 'c' ? AD_TRANS : (AdTranspose)flag;
}


/* Without NDEBUG, a wrong argument is a message and abort. */
#ifdef NDEBUG
#define AD_REQUIRE(condition, function, what) ((void)0)
#else
#define AD_REQUIRE(condition, function, what)                                                                \
    ((condition) ? (void)0 : ad_fail_argument(function, what))
#endif

#define AD_REQUIRE_SIZE(f, n) AD_REQUIRE((n) >= 0, f, #n " is negative")
#define AD_REQUIRE_STEP(f, inc) AD_REQUIRE((inc) != 0, f, #inc " is 0")
#define AD_REQUIRE_LD(f, ld, width)                                                                          \
    AD_REQUIRE((ld) >= (width), f, #ld " is less than the width of the matrix")
#define AD_REQUIRE_TRANSPOSE(f, t)                                                                           \
    AD_REQUIRE((t) == AD_NO_TRANS || (t) == AD_TRANS || (t) == AD_CONJ_TRANS, f, #t " is no transpose")
#define AD_REQUIRE_UPLO(f, u) AD_REQUIRE((u) == AD_UPPER || (u) == AD_LOWER, f, #u " is no triangle")
#define AD_REQUIRE_DIAG(f, d) AD_REQUIRE((d) == AD_UNIT || (d) == AD_NON_UNIT, f, #d " is no diagonal")
#define AD_REQUIRE_SIDE(f, s) AD_REQUIRE((s) == AD_LEFT || (s) == AD_RIGHT, f, #s " is no side")
#define AD_REQUIRE_LAYOUT(f, l)                                                                              \
    AD_REQUIRE((l) == AD_ROW_MAJOR || (l) == AD_COL_MAJOR, f, #l " is no layout")

#endif
