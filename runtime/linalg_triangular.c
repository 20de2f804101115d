/* Triangular matrices on views, by halves: the diagonal blocks by recursion, the rest by view_gemm.
 *
 *     [A11    ] [X1]   [B1]        X1 = A11^-1 B1
 *     [A21 A22] [X2] = [B2]        X2 = A22^-1 (B2 - A21 X1)
 *
 * Upper triangles go the other way round. (Elmroth, Gustavson, Jonsson, Kagstrom, Recursive blocked algorithms and
 * hybrid data structures for dense matrix library software, SIAM Review 46, 2004.) */
#include "linalg.h"

enum { BASE = 24, TILE = 64 };

static ptrdiff_t half(ptrdiff_t m)
{
    return m / 2;
}

/* The block off the diagonal, and which half of B it takes and which it gives. */
typedef struct Halves {
    ptrdiff_t m1, m2;
    View a11, a22, b1, b2;
    View off;             /* A21 or A12 */
    ptrdiff_t off_rows, off_columns;
    View from, to;        /* halves of B */
} Halves;

static Halves halves(ptrdiff_t m, bool upper, View a, View b)
{
    const ptrdiff_t m1 = half(m), m2 = m - m1;
    Halves h = {.m1 = m1, .m2 = m2, .a11 = a, .a22 = at(a, m1, m1), .b1 = b, .b2 = at(b, m1, 0)};
    h.off = upper ? at(a, 0, m1) : at(a, m1, 0);
    h.off_rows = upper ? m1 : m2;
    h.off_columns = upper ? m2 : m1;
    h.from = upper ? h.b2 : h.b1;
    h.to = upper ? h.b1 : h.b2;
    return h;
}

/* ---- solve ---- */

static void solve_row(ptrdiff_t m, ptrdiff_t n, Triangle part, ptrdiff_t i, View a, View b)
{
    const ptrdiff_t first = part.upper ? i + 1 : 0, last = part.upper ? m : i;
    for (ptrdiff_t k = first; k < last; k++)
        AD_(view_axpy)(n, -*element(a, i, k), element(b, k, 0), b.columns, element(b, i, 0), b.columns);
    if (!part.strict)
        for (ptrdiff_t j = 0; j < n; j++)
            *element(b, i, j) /= *element(a, i, i);
}

static void solve_rows(ptrdiff_t m, ptrdiff_t n, Triangle part, View a, View b)
{
    for (ptrdiff_t i = 0; i < m; i++)
        solve_row(m, n, part, part.upper ? m - 1 - i : i, a, b);
}

/* A few right-hand sides at a time, where the rows have gaps: in a copy that has none. */
static void solve_block(ptrdiff_t m, ptrdiff_t n, Triangle part, View a, View b)
{
    if (b.columns == 1) {
        solve_rows(m, n, part, a, b);
        return;
    }
    real rows[BASE * TILE];
    const View tile = {rows, TILE, 1};
    for (ptrdiff_t j = 0; j < n; j += TILE) {
        const ptrdiff_t count = n - j < TILE ? n - j : TILE;
        AD_(view_copy)(m, count, at(b, 0, j), tile);
        solve_rows(m, count, part, a, tile);
        AD_(view_copy)(m, count, tile, at(b, 0, j));
    }
}

void AD_(view_trsm)(ptrdiff_t m, ptrdiff_t n, Triangle part, View a, View b)
{
    if (m <= 0 || n <= 0)
        return;
    if (m <= BASE) {
        solve_block(m, n, part, a, b);
        return;
    }
    const Halves h = halves(m, part.upper, a, b);
    if (part.upper)
        AD_(view_trsm)(h.m2, n, part, h.a22, h.b2);
    else
        AD_(view_trsm)(h.m1, n, part, h.a11, h.b1);
    AD_(view_gemm)(h.off_rows, n, h.off_columns, -1, h.off, h.from, h.to);
    if (part.upper)
        AD_(view_trsm)(h.m1, n, part, h.a11, h.b1);
    else
        AD_(view_trsm)(h.m2, n, part, h.a22, h.b2);
}

/* ---- multiply in place ---- */

static void multiply_row(ptrdiff_t m, ptrdiff_t n, Triangle part, ptrdiff_t i, View a, View b)
{
    const ptrdiff_t first = part.upper ? i + 1 : 0, last = part.upper ? m : i;
    if (!part.strict)
        for (ptrdiff_t j = 0; j < n; j++)
            *element(b, i, j) *= *element(a, i, i);
    for (ptrdiff_t k = first; k < last; k++)
        AD_(view_axpy)(n, *element(a, i, k), element(b, k, 0), b.columns, element(b, i, 0), b.columns);
}

void AD_(view_trmm)(ptrdiff_t m, ptrdiff_t n, Triangle part, View a, View b)
{
    if (m <= 0 || n <= 0)
        return;
    if (m <= BASE) {
        for (ptrdiff_t i = 0; i < m; i++)
            multiply_row(m, n, part, part.upper ? i : m - 1 - i, a, b);
        return;
    }
    const Halves h = halves(m, part.upper, a, b);
    if (part.upper)
        AD_(view_trmm)(h.m1, n, part, h.a11, h.b1);
    else
        AD_(view_trmm)(h.m2, n, part, h.a22, h.b2);
    AD_(view_gemm)(h.off_rows, n, h.off_columns, 1, h.off, h.from, h.to);
    if (part.upper)
        AD_(view_trmm)(h.m2, n, part, h.a22, h.b2);
    else
        AD_(view_trmm)(h.m1, n, part, h.a11, h.b1);
}

/* ---- multiply and add ---- */

void AD_(view_trmm_add)(ptrdiff_t m, ptrdiff_t n, Triangle part, real alpha, View a, View b, View c)
{
    if (m <= 0 || n <= 0)
        return;
    if (m <= BASE) {
        for (ptrdiff_t i = 0; i < m; i++) {
            const ptrdiff_t skip = part.strict ? 1 : 0;
            const ptrdiff_t first = part.upper ? i + skip : 0, last = part.upper ? m : i + 1 - skip;
            AD_(view_gemm)(1, n, last - first, alpha, at(a, i, first), at(b, first, 0), at(c, i, 0));
        }
        return;
    }
    const Halves h = halves(m, part.upper, a, b);
    AD_(view_trmm_add)(h.m1, n, part, alpha, h.a11, h.b1, c);
    AD_(view_trmm_add)(h.m2, n, part, alpha, h.a22, h.b2, at(c, h.m1, 0));
    AD_(view_gemm)(h.off_rows, n, h.off_columns, alpha, h.off, h.from, part.upper ? c : at(c, h.m1, 0));
}

/* ---- a triangle of a product ---- */

/* The whole square, of which a triangle is taken. */
static void add_triangle_block(ptrdiff_t n, ptrdiff_t k, Triangle part, real alpha, View a, View b, View c)
{
    real square[BASE * BASE] = {0};
    const View product = {square, BASE, 1};
    AD_(view_gemm)(n, n, k, alpha, a, b, product);
    for (ptrdiff_t i = 0; i < n; i++) {
        const ptrdiff_t skip = part.strict ? 1 : 0;
        const ptrdiff_t first = part.upper ? i + skip : 0, last = part.upper ? n : i + 1 - skip;
        for (ptrdiff_t j = first; j < last; j++)
            *element(c, i, j) += *element(product, i, j);
    }
}

void AD_(view_gemm_triangle)(ptrdiff_t n, ptrdiff_t k, Triangle part, real alpha, View a, View b, View c)
{
    if (n <= 0 || k <= 0)
        return;
    if (n <= BASE) {
        add_triangle_block(n, k, part, alpha, a, b, c);
        return;
    }
    const ptrdiff_t n1 = half(n), n2 = n - n1;
    const View a2 = at(a, n1, 0), b2 = at(b, 0, n1);
    AD_(view_gemm_triangle)(n1, k, part, alpha, a, b, c);
    AD_(view_gemm_triangle)(n2, k, part, alpha, a2, b2, at(c, n1, n1));
    if (part.upper)
        AD_(view_gemm)(n1, n2, k, alpha, a, b2, at(c, 0, n1));
    else
        AD_(view_gemm)(n2, n1, k, alpha, a2, b, at(c, n1, 0));
}

void AD_(view_scale_triangle)(ptrdiff_t n, Triangle part, real alpha, View a)
{
    if (alpha == 1)
        return;
    for (ptrdiff_t i = 0; i < n; i++) {
        const ptrdiff_t skip = part.strict ? 1 : 0;
        const ptrdiff_t from = part.upper ? i + skip : 0, to = part.upper ? n : i + 1 - skip;
        AD_(view_scale)(1, to > from ? to - from : 0, alpha, at(a, i, from));
    }
}
