/* What random programs call of <adgen/linalg.h>, as functions with bodies: in long double, for the differences of what they compute, and in double, for the
 * interpreter. Included by program.h, which says what `real` is. */
#ifndef ADGEN_FUZZ_LINEAR_H
#define ADGEN_FUZZ_LINEAR_H

typedef enum AdTranspose { AD_NO_TRANS = 111, AD_TRANS = 112 } AdTranspose;

static inline real ad_dot(int n, const real *x, int incx, const real *y, int incy)
{
    real s = 0;
    for (int i = 0; i < n; i++)
        s += x[i * incx] * y[i * incy];
    return s;
}

static inline real ad_nrm2(int n, const real *x, int incx)
{
    return sqrtl(ad_dot(n, x, incx, x, incx));
}

static inline real ad_logsumexp(int n, const real *x)
{
    real s = 0;
    for (int i = 0; i < n; i++)
        s += expl(x[i]);
    return logl(s);
}

static inline void ad_axpy(int n, real alpha, const real *x, int incx, real *y, int incy)
{
    for (int i = 0; i < n; i++)
        y[i * incy] += alpha * x[i * incx];
}

static inline void ad_scal(int n, real alpha, real *x, int incx)
{
    for (int i = 0; i < n; i++)
        x[i * incx] *= alpha;
}

static inline void ad_softmax(int n, const real *x, real *y)
{
    const real scale = ad_logsumexp(n, x);
    for (int i = 0; i < n; i++)
        y[i] = expl(x[i] - scale);
}

static inline void ad_gemm(AdTranspose transA, AdTranspose transB, int m, int n, int k, real alpha, const real *A, int lda,
                           const real *B, int ldb, real beta, real *C, int ldc)
{
    for (int i = 0; i < m; i++)
        for (int j = 0; j < n; j++) {
            real s = 0;
            for (int l = 0; l < k; l++)
                s += (transA == AD_TRANS ? A[l * lda + i] : A[i * lda + l]) * (transB == AD_TRANS ? B[j * ldb + l] : B[l * ldb + j]);
            C[i * ldc + j] = alpha * s + beta * C[i * ldc + j];
        }
}

static inline void ad_gemv(AdTranspose trans, int m, int n, real alpha, const real *A, int lda, const real *x, int incx,
                           real beta, real *y, int incy)
{
    ad_gemm(trans, AD_NO_TRANS, trans == AD_TRANS ? n : m, 1, trans == AD_TRANS ? m : n, alpha, A, lda, x, incx, beta, y, incy);
}

/* Of two equations with one right-hand side; A is not what it is factored into. */
static inline int ad_solve(int n, int nrhs, real *A, int lda, int *pivots, real *b, int ldb)
{
    const real determinant = A[0] * A[lda + 1] - A[1] * A[lda];
    const real first = (A[lda + 1] * b[0] - A[1] * b[ldb]) / determinant;
    b[ldb] = (A[0] * b[ldb] - A[lda] * b[0]) / determinant;
    b[0] = first;
    pivots[0] = pivots[1] = n + nrhs;
    return 0;
}

#endif
