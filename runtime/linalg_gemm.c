/* C += alpha A B on views, the one routine that everything of level 3 comes down to.
 *
 * Algorithm. Blocks of B (DEPTH x WIDTH) and of A (HEIGHT x DEPTH) are packed into panels as wide as the tile that
 * the innermost kernel keeps in registers (Goto and van de Geijn, Anatomy of High-Performance Matrix
 * Multiplication, ACM TOMS 34, 2008). Packing takes any steps, so transposes and layouts cost nothing more. Where
 * the processor has wider vectors than the compiler may assume, the kernel compiled for them is chosen when it
 * runs. Small products, and those with a vector, are plain loops. With a BLAS, what is large goes there. */
#include "linalg.h"

#include <stdint.h>

#ifdef AD_HAVE_CBLAS
#include <cblas.h>
#endif

enum { DEPTH = 256, HEIGHT = 96, WIDTH = 480, MAX_TILE = 12 * 32, SMALL = 12 * 12 * 12, CACHE_LINE = 64 };

/* ---- vectors and small products ---- */

/* y += alpha A x */
static void multiply_vector(ptrdiff_t m, ptrdiff_t n, real alpha, View a, const real *x, ptrdiff_t incx,
                            real *y, ptrdiff_t incy)
{
    if (a.rows == 1 && m > 1)
        for (ptrdiff_t j = 0; j < n; j++)
            AD_(view_axpy)(m, alpha * x[j * incx], element(a, 0, j), a.rows, y, incy);
    else
        for (ptrdiff_t i = 0; i < m; i++)
            y[i * incy] += alpha * AD_(view_dot)(n, element(a, i, 0), a.columns, x, incx);
}

static void multiply_small(ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, real alpha, View a, View b, View c)
{
    for (ptrdiff_t i = 0; i < m; i++)
        for (ptrdiff_t p = 0; p < k; p++)
            AD_(view_axpy)(n, alpha * *element(a, i, p), element(b, p, 0), b.columns, element(c, i, 0),
                           c.columns);
}

/* ---- kernels ---- */

typedef struct Kernel {
    int rows, columns;
    void (*multiply)(ptrdiff_t k, const real *a, const real *b, real *tile);
} Kernel;

#if defined(__GNUC__)

#define KERNEL_BYTES 16
#define KERNEL_ROWS 6
#define KERNEL_TARGET
#define AD_KERNEL_NAME(name) name##_16
#include "linalg_kernel.inl"

#define KERNEL_ENTRY(rows, bytes, multiply) {rows, 2 * bytes / (int)sizeof(real), multiply}
static const Kernel plain_kernel = KERNEL_ENTRY(6, 16, multiply_16);

#if defined(__x86_64__)

#define KERNEL_BYTES 32
#define KERNEL_ROWS 6
#define KERNEL_TARGET __attribute__((target("avx2,fma")))
#define AD_KERNEL_NAME(name) name##_32
#include "linalg_kernel.inl"

#define KERNEL_BYTES 64
#define KERNEL_ROWS 12
#define KERNEL_TARGET __attribute__((target("avx512f")))
#define AD_KERNEL_NAME(name) name##_64
#include "linalg_kernel.inl"

static Kernel choose_kernel(void)
{
    if (__builtin_cpu_supports("avx512f"))
        return (Kernel)KERNEL_ENTRY(12, 64, multiply_64);
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        return (Kernel)KERNEL_ENTRY(6, 32, multiply_32);
    return plain_kernel;
}
#else
static Kernel choose_kernel(void)
{
    return plain_kernel;
}
#endif

#else /* no vector types */

static void multiply_plain(ptrdiff_t k, const real *a, const real *b, real *tile)
{
    for (int i = 0; i < 16; i++)
        tile[i] = 0;
    for (; k > 0; k--, a += 4, b += 4)
        for (int i = 0; i < 4; i++)
            for (int j = 0; j < 4; j++)
                tile[4 * i + j] += a[i] * b[j];
}

static Kernel choose_kernel(void)
{
    return (Kernel){4, 4, multiply_plain};
}
#endif

/* ---- blocks ---- */

static ptrdiff_t smaller(ptrdiff_t a, ptrdiff_t b)
{
    return a < b ? a : b;
}

static ptrdiff_t rounded_up(ptrdiff_t n, ptrdiff_t step)
{
    return (n + step - 1) / step * step;
}

/* Panels of `width` rows of the m x k matrix, each column after column, filled up with zeros. */
static void pack(ptrdiff_t m, ptrdiff_t k, int width, real alpha, View a, real *to)
{
    for (ptrdiff_t i = 0; i < m; i += width) {
        const ptrdiff_t height = smaller(width, m - i);
        for (ptrdiff_t p = 0; p < k; p++, to += width) {
            const real *from = element(a, i, p);
            for (ptrdiff_t r = 0; r < height; r++)
                to[r] = alpha * from[r * a.rows];
            for (ptrdiff_t r = height; r < width; r++)
                to[r] = 0;
        }
    }
}

static void add_tile(ptrdiff_t m, ptrdiff_t n, const real *tile, int width, View c)
{
    for (ptrdiff_t i = 0; i < m; i++)
        if (c.columns == 1)
            for (ptrdiff_t j = 0; j < n; j++)
                c.p[i * c.rows + j] += tile[i * width + j];
        else
            for (ptrdiff_t j = 0; j < n; j++)
                *element(c, i, j) += tile[i * width + j];
}

static void multiply_blocks(const Kernel *kernel, ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const real *a,
                            const real *b, View c)
{
    _Alignas(CACHE_LINE) real tile[MAX_TILE];
    for (ptrdiff_t j = 0; j < n; j += kernel->columns)
        for (ptrdiff_t i = 0; i < m; i += kernel->rows) {
            kernel->multiply(k, a + i * k, b + j * k, tile);
            add_tile(smaller(kernel->rows, m - i), smaller(kernel->columns, n - j), tile, kernel->columns,
                     at(c, i, j));
        }
}

static real *aligned(real *p)
{
    return (real *)(((uintptr_t)p + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE);
}

static void multiply_large(ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, real alpha, View a, View b, View c)
{
    const Kernel kernel = choose_kernel();
    const ptrdiff_t depth = smaller(DEPTH, k), width = rounded_up(smaller(WIDTH, n), kernel.columns);
    const ptrdiff_t height = rounded_up(smaller(HEIGHT, m), kernel.rows);
    const ptrdiff_t line = CACHE_LINE / (ptrdiff_t)sizeof(real);
    real *memory = ad_alloc_array(real, depth * (width + height) + 2 * line);
    real *packed_b = aligned(memory), *packed_a = aligned(packed_b + depth * width);
    for (ptrdiff_t j = 0; j < n; j += WIDTH)
        for (ptrdiff_t p = 0; p < k; p += DEPTH) {
            const ptrdiff_t columns = smaller(WIDTH, n - j), inner = smaller(DEPTH, k - p);
            pack(columns, inner, kernel.columns, 1, transposed(at(b, p, j)), packed_b);
            for (ptrdiff_t i = 0; i < m; i += HEIGHT) {
                const ptrdiff_t rows = smaller(HEIGHT, m - i);
                pack(rows, inner, kernel.rows, alpha, at(a, i, p), packed_a);
                multiply_blocks(&kernel, rows, columns, inner, packed_a, packed_b, at(c, i, j));
            }
        }
    ad_free(memory);
}

/* ---- a BLAS ---- */

#ifdef AD_HAVE_CBLAS
#ifdef AD_SINGLE
#define CBLAS(name) cblas_s##name
#else
#define CBLAS(name) cblas_d##name
#endif

static bool is_plain(View a, ptrdiff_t m, ptrdiff_t n)
{
    return (a.columns == 1 && a.rows >= n) || (a.rows == 1 && a.columns >= m);
}

static CBLAS_TRANSPOSE transpose_of(View a)
{
    return a.columns == 1 ? CblasNoTrans : CblasTrans;
}

static int leading(View a)
{
    return (int)(a.columns == 1 ? a.rows : a.columns);
}

/* False: it has no such form. */
static bool multiply_by_blas(ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, real alpha, View a, View b, View c)
{
    if (!is_plain(a, m, k) || !is_plain(b, k, n) || c.columns != 1 || c.rows < n)
        return false;
    CBLAS(gemm)(CblasRowMajor, transpose_of(a), transpose_of(b), (int)m, (int)n, (int)k, alpha, a.p,
                leading(a), b.p, leading(b), 1, c.p, leading(c));
    return true;
}
#else
static bool multiply_by_blas(ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, real alpha, View a, View b, View c)
{
    (void)m, (void)n, (void)k, (void)alpha, (void)a, (void)b, (void)c;
    return false;
}
#endif

/* ---- the choice ---- */

void AD_(view_gemm)(ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, real alpha, View a, View b, View c)
{
    if (m <= 0 || n <= 0 || k <= 0 || alpha == 0)
        return;
    if (n == 1)
        multiply_vector(m, k, alpha, a, b.p, b.rows, c.p, c.rows);
    else if (m == 1)
        multiply_vector(n, k, alpha, transposed(b), a.p, a.columns, c.p, c.columns);
    else if (c.columns != 1 && c.rows == 1) /* C^T += alpha B^T A^T */
        AD_(view_gemm)(n, m, k, alpha, transposed(b), transposed(a), transposed(c));
    else if ((double)m * (double)n * (double)k <= SMALL)
        multiply_small(m, n, k, alpha, a, b, c);
    else if (!multiply_by_blas(m, n, k, alpha, a, b, c))
        multiply_large(m, n, k, alpha, a, b, c);
}
