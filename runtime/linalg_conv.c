/* Convolution of images by kernels, as networks have it, without padding: y_oij = sum over c, p, q of k_ocpq x_c,i+p,j+q.
 *
 * The innermost loop runs along a row of the image, in the value and in both adjoints. */
#include "linalg.h"

typedef struct Sizes {
    ptrdiff_t ci, co, h, w, kh, kw, rows, columns; /* rows and columns of a result */
} Sizes;

static Sizes sizes_of(const char *function, int ci, int co, int h, int w, int kh, int kw)
{
    (void)function;
    AD_REQUIRE_SIZE(function, ci);
    AD_REQUIRE_SIZE(function, co);
    AD_REQUIRE_SIZE(function, h);
    AD_REQUIRE_SIZE(function, w);
    AD_REQUIRE(kh > 0 && kw > 0, function, "the kernel is empty");
    const ptrdiff_t rows = h - kh + 1, columns = w - kw + 1;
    return (Sizes){ci, co, h, w, kh, kw, columns > 0 && rows > 0 ? rows : 0, columns > 0 ? columns : 0};
}

/* Calls `row` for each row of a result and each element of the kernel that it meets. */
typedef void Row(ptrdiff_t n, const real *x, const real *k, const real *y);

static void each_row(Sizes s, const real *x, const real *k, const real *y, Row *row)
{
    for (ptrdiff_t o = 0; o < s.co; o++)
        for (ptrdiff_t c = 0; c < s.ci; c++)
            for (ptrdiff_t p = 0; p < s.kh; p++)
                for (ptrdiff_t q = 0; q < s.kw; q++)
                    for (ptrdiff_t i = 0; i < s.rows; i++)
                        row(s.columns, x + (c * s.h + i + p) * s.w + q, k + ((o * s.ci + c) * s.kh + p) * s.kw + q,
                            y + (o * s.rows + i) * s.columns);
}

/* Who writes promises so by the public function's types. */
static void to_result(ptrdiff_t n, const real *x, const real *k, const real *y)
{
    AD_(view_axpy)(n, *k, x, 1, (real *)y, 1);
}

static void to_image(ptrdiff_t n, const real *x, const real *k, const real *y)
{
    AD_(view_axpy)(n, *k, y, 1, (real *)x, 1);
}

static void to_kernel(ptrdiff_t n, const real *x, const real *k, const real *y)
{
    *(real *)k += AD_(view_dot)(n, x, 1, y, 1);
}

void AD_(conv2d_zero)(int co, int h, int w, int kh, int kw, real *y)
{
    const Sizes s = sizes_of("conv2d_zero", 0, co, h, w, kh, kw);
    for (ptrdiff_t i = 0; i < s.co * s.rows * s.columns; i++)
        y[i] = 0;
}

void AD_(conv2d_add)(int ci, int co, int h, int w, int kh, int kw, const real *x, const real *k, real *y)
{
    each_row(sizes_of("conv2d_add", ci, co, h, w, kh, kw), x, k, y, to_result);
}

void AD_(conv2d)(int ci, int co, int h, int w, int kh, int kw, const real *x, const real *k, real *y)
{
    AD_(conv2d_zero)(co, h, w, kh, kw, y);
    each_row(sizes_of("conv2d", ci, co, h, w, kh, kw), x, k, y, to_result);
}

void AD_(conv2d_image)(int ci, int co, int h, int w, int kh, int kw, const real *k, const real *y_bar, real *x_bar)
{
    each_row(sizes_of("conv2d_image", ci, co, h, w, kh, kw), x_bar, k, y_bar, to_image);
}

void AD_(conv2d_kernel)(int ci, int co, int h, int w, int kh, int kw, const real *x, const real *y_bar, real *k_bar)
{
    each_row(sizes_of("conv2d_kernel", ci, co, h, w, kh, kw), x, k_bar, y_bar, to_kernel);
}
