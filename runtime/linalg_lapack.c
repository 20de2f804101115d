/* The factorisations by LAPACKE, where libadgen_blas was built with one; else there is none, and all say so.
 *
 * LAPACK is column-major: a Cholesky factor is that of the transpose, in the other triangle; for LU the matrix is copied,
 * since the rows that are exchanged are its own. The forms without checks for NaN are called, which allocate nothing. */
#include "linalg.h"

#ifdef AD_HAVE_LAPACKE
#include <lapacke.h>

#ifdef AD_SINGLE
#define LAPACKE(name) LAPACKE_s##name##_work
#else
#define LAPACKE(name) LAPACKE_d##name##_work
#endif

enum { LEAST = 32 }; /* below, a call costs more than it saves */

bool AD_(lapack_potrf)(ptrdiff_t n, View a, ptrdiff_t *info)
{
    const bool by_columns = a.rows == 1;
    const ptrdiff_t ld = by_columns ? a.columns : a.rows;
    if (n < LEAST || (!by_columns && a.columns != 1) || ld < n)
        return false;
    *info = LAPACKE(potrf)(LAPACK_COL_MAJOR, by_columns ? 'L' : 'U', (lapack_int)n, a.p, (lapack_int)ld);
    return true;
}

bool AD_(lapack_getrf)(ptrdiff_t m, ptrdiff_t n, View a, int *pivots, ptrdiff_t *info)
{
    if (m < LEAST || n < LEAST || sizeof(lapack_int) != sizeof(int))
        return false;
    const View copy = {ad_alloc_elements(sizeof(real), m * n), 1, m};
    AD_(view_copy)(m, n, a, copy);
    *info = LAPACKE(getrf)(LAPACK_COL_MAJOR, (lapack_int)m, (lapack_int)n, copy.p, (lapack_int)m, (lapack_int *)pivots);
    AD_(view_copy)(m, n, copy, a);
    ad_free(copy.p);
    return true;
}

#else

bool AD_(lapack_potrf)(ptrdiff_t n, View a, ptrdiff_t *info)
{
    (void)n, (void)a, (void)info;
    return false;
}

bool AD_(lapack_getrf)(ptrdiff_t m, ptrdiff_t n, View a, int *pivots, ptrdiff_t *info)
{
    (void)m, (void)n, (void)a, (void)pivots, (void)info;
    return false;
}

#endif
