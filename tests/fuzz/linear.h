/* What random programs call of <adgen/linalg.h>, in long double: for the differences of what they compute. Included by program.h. */
#ifndef ADGEN_FUZZ_LINEAR_H
#define ADGEN_FUZZ_LINEAR_H

typedef enum AdTranspose { AD_NO_TRANS = 111, AD_TRANS = 112 } AdTranspose;

static inline long double ad_dot(int n, const long double *x, int incx, const long double *y, int incy)
{
    long double s = 0;
    for (int i = 0; i < n; i++)
        s += x[i * incx] * y[i * incy];
    return s;
}

static inline long double ad_nrm2(int n, const long double *x, int incx)
{
    return sqrtl(ad_dot(n, x, incx, x, incx));
}

static inline long double ad_logsumexp(int n, const long double *x)
{
    long double s = 0;
    for (int i = 0; i < n; i++)
        s += expl(x[i]);
    return logl(s);
}

static inline void ad_axpy(int n, long double alpha, const long double *x, int incx, long double *y, int incy)
{
    for (int i = 0; i < n; i++)
        y[i * incy] += alpha * x[i * incx];
}

static inline void ad_scal(int n, long double alpha, long double *x, int incx)
{
    for (int i = 0; i < n; i++)
        x[i * incx] *= alpha;
}

static inline void ad_softmax(int n, const long double *x, long double *y)
{
    const long double scale = ad_logsumexp(n, x);
    for (int i = 0; i < n; i++)
        y[i] = expl(x[i] - scale);
}

static inline void ad_gemm(AdTranspose transA, AdTranspose transB, int m, int n, int k, long double alpha, const long double *A, int lda,
                           const long double *B, int ldb, long double beta, long double *C, int ldc)
{
    for (int i = 0; i < m; i++)
        for (int j = 0; j < n; j++) {
            long double s = 0;
            for (int l = 0; l < k; l++)
                s += (transA == AD_TRANS ? A[l * lda + i] : A[i * lda + l]) * (transB == AD_TRANS ? B[j * ldb + l] : B[l * ldb + j]);
            C[i * ldc + j] = alpha * s + beta * C[i * ldc + j];
        }
}

static inline void ad_gemv(AdTranspose trans, int m, int n, long double alpha, const long double *A, int lda, const long double *x, int incx,
                           long double beta, long double *y, int incy)
{
    ad_gemm(trans, AD_NO_TRANS, trans == AD_TRANS ? n : m, 1, trans == AD_TRANS ? m : n, alpha, A, lda, x, incx, beta, y, incy);
}

/* Of two equations with one right-hand side; A is not what it is factored into. */
static inline int ad_solve(int n, int nrhs, long double *A, int lda, int *pivots, long double *b, int ldb)
{
    const long double determinant = A[0] * A[lda + 1] - A[1] * A[lda];
    const long double first = (A[lda + 1] * b[0] - A[1] * b[ldb]) / determinant;
    b[ldb] = (A[0] * b[ldb] - A[lda] * b[0]) / determinant;
    b[0] = first;
    pivots[0] = pivots[1] = n + nrhs;
    return 0;
}

#endif
