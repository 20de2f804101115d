/* The innermost product, for one width of vectors: KERNEL(k, a, b, tile) computes the KERNEL_ROWS x KERNEL_COLUMNS
 * tile a b from packed panels: a holds k columns of KERNEL_ROWS numbers, b holds k rows of KERNEL_COLUMNS. */
typedef real AD_KERNEL_NAME(Vector) __attribute__((vector_size(KERNEL_BYTES), aligned(sizeof(real)), may_alias));

KERNEL_TARGET
static void AD_KERNEL_NAME(multiply)(ptrdiff_t k, const real *a, const real *b, real *tile)
{
    enum { LANES = KERNEL_BYTES / sizeof(real), ROWS = KERNEL_ROWS };
    AD_KERNEL_NAME(Vector) sums[ROWS][2] = {0};
    for (; k > 0; k--, a += ROWS, b += 2 * LANES) {
        const AD_KERNEL_NAME(Vector) left = *(const AD_KERNEL_NAME(Vector) *)b;
        const AD_KERNEL_NAME(Vector) right = *(const AD_KERNEL_NAME(Vector) *)(b + LANES);
#pragma GCC unroll 16
        for (int i = 0; i < ROWS; i++) {
            sums[i][0] += a[i] * left;
            sums[i][1] += a[i] * right;
        }
    }
#pragma GCC unroll 16
    for (int i = 0; i < ROWS; i++) {
        *(AD_KERNEL_NAME(Vector) *)(tile + 2 * LANES * i) = sums[i][0];
        *(AD_KERNEL_NAME(Vector) *)(tile + 2 * LANES * i + LANES) = sums[i][1];
    }
}

#undef KERNEL_BYTES
#undef KERNEL_ROWS
#undef KERNEL_TARGET
#undef AD_KERNEL_NAME
