/* Sparse against dense: every entry of the pattern equals the dense one, and what is not in the pattern is zero. */
#include "sparse_grad.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { N = 40, ROWS = 2 * N + 3 };

static int failures;
static double dense[ROWS * ROWS], values[ROWS * ROWS];

static void fail(const char *what, long i, long j, double got, double want)
{
    printf("FAILED %s (%ld, %ld): %.17g, expected %.17g\n", what, i, j, got, want);
    failures++;
}

/* Frees the pattern. */
static void compare(const char *what, AdPattern *pattern, long rows, long columns, double tolerance)
{
    if (pattern->rows != rows || pattern->columns != columns)
        fail(what, pattern->rows, pattern->columns, 0, 0);
    for (long i = 0; i < pattern->rows; i++) {
        long k = pattern->row_starts[i];
        for (long j = 0; j < columns; j++) {
            const double want = dense[i * columns + j];
            const int is_entry = k < pattern->row_starts[i + 1] && pattern->column_indices[k] == j;
            const double got = is_entry ? values[k++] : 0;
            if (!(fabs(got - want) <= tolerance * (1 + fabs(want))))
                fail(what, i, j, got, want);
        }
        if (k != pattern->row_starts[i + 1])
            fail(what, i, k, 0, 0);
    }
    ad_pattern_free(pattern);
}

static void expect(const char *what, long got, long want)
{
    if (got != want)
        fail(what, 0, 0, (double)got, (double)want);
}

/* In every entry of the mirrored pair the same number, to the last bit. */
static void expect_symmetric(const char *what, const AdPattern *pattern)
{
    static double full[N * 2 + 1][N * 2 + 1];
    memset(full, 0, sizeof full);
    for (long i = 0; i < pattern->rows; i++)
        for (long k = pattern->row_starts[i]; k < pattern->row_starts[i + 1]; k++)
            full[i][pattern->column_indices[k]] = values[k];
    for (long i = 0; i < pattern->rows; i++)
        for (long j = 0; j < i; j++)
            if (memcmp(&full[i][j], &full[j][i], sizeof(double)) != 0)
                fail(what, i, j, full[i][j], full[j][i]);
}

static void fill(double *x, int n)
{
    for (int i = 0; i < n; i++)
        x[i] = 0.3 + 0.5 * sin(1 + 3 * i);
}

static void jacobians(int n)
{
    double x[N * N], y[N * N], again[N * N];
    fill(x, N);
    AdPattern *pattern = stencil_jacobian_pattern(n, x, y);
    expect("colors of stencil", pattern->colors, n < 3 ? n : 3);
    stencil_jacobian(n, x, y, pattern, values);
    stencil_dense(n, x, again, dense);
    for (int i = 0; i < n; i++)
        if (y[i] != again[i])
            fail("stencil value", i, 0, y[i], again[i]);
    compare("stencil", pattern, n, n, 1e-13);

    double in[N], out[N], third[N];
    memcpy(in, x, sizeof in);
    memcpy(out, x, sizeof out);
    memcpy(third, x, sizeof third);
    pattern = shift_jacobian_pattern(n, in);
    expect("entries of shift", pattern->nonzeros, n ? 2 * n - 1 : 0);
    shift_jacobian(n, out, pattern, values);
    shift_dense(n, third, dense);
    for (int i = 0; i < n; i++)
        if (in[i] != third[i] || out[i] != third[i])
            fail("shift value", i, 0, out[i], third[i]);
    compare("shift", pattern, n, n, 1e-13);

    double two[2];
    pattern = halves_jacobian_pattern(n, x, two);
    expect("entries of halves", pattern->nonzeros, n);
    if (n > 3) {
        expect("halves by rows", pattern->by_row, 1);
        expect("colors of halves", pattern->colors, 1);
    }
    halves_jacobian(n, x, two, pattern, values);
    halves_dense(n, x, two, dense);
    compare("halves", pattern, 2, n, 1e-13);

    pattern = several_jacobian_pattern(n, x, y, 1.5, two);
    if (several_jacobian(n, x, y, 1.5, two, pattern, values) != 2.25)
        fail("several value", 0, 0, 0, 2.25);
    several_dense(n, x, y, 1.5, two, dense);
    compare("several", pattern, n + 3, n + 1, 1e-13);

    pattern = windows_jacobian_pattern(n, x, y);
    windows_jacobian(n, x, y, pattern, values);
    windows_dense(n, x, y, dense);
    compare("windows", pattern, n, n, 1e-13);
}

static void single_precision(int n)
{
    static float single[N * N], few[3 * N];
    float x[N], y[N];
    for (int i = 0; i < N; i++)
        x[i] = 0.3f + 0.01f * (float)i;
    AdPattern *pattern = rounds_jacobian_pattern(n, x, y);
    rounds_jacobian(n, x, y, pattern, few);
    rounds_dense(n, x, y, single);
    for (long k = 0; k < pattern->nonzeros; k++)
        values[k] = few[k];
    for (int i = 0; i < n * n; i++)
        dense[i] = single[i];
    compare("rounds", pattern, n, n, 1e-5);
}

static void plates(void)
{
    enum { n = 6, m = 7 };
    double u[n][m], r[n][m];
    fill(&u[0][0], n * m);
    AdPattern *pattern = plate_jacobian_pattern(n, m, (const double (*)[m])u, r);
    expect("entries of plate", pattern->nonzeros, 5L * n * m - 2 * n - 2 * m);
    if (pattern->colors > 8)
        fail("colors of plate", 0, 0, (double)pattern->colors, 8);
    plate_jacobian(n, m, (const double (*)[m])u, r, pattern, values);
    plate_dense(n, m, (const double (*)[m])u, r, dense);
    compare("plate", pattern, (long)n * m, (long)n * m, 1e-13);
}

static void hessians(int n)
{
    double x[N], z[N];
    fill(x, N);
    for (int i = 0; i < N; i++)
        z[i] = 1 - x[i];
    AdPattern *pattern = chain_hessian_pattern(n, x);
    if (n > 5 && pattern->colors > 5)
        fail("colors of chain", 0, 0, (double)pattern->colors, 5);
    if (chain_hessian(n, x, pattern, values) != chain_dense(n, x, dense))
        fail("chain value", 0, 0, 0, 0);
    expect_symmetric("symmetry of chain", pattern);
    compare("chain", pattern, n, n, 1e-13);

    pattern = arrow_hessian_pattern(n, x);
    if (n > 2)
        expect("colors of arrow", pattern->colors, 2);
    arrow_hessian(n, x, pattern, values);
    arrow_dense(n, x, dense);
    expect_symmetric("symmetry of arrow", pattern);
    compare("arrow", pattern, n, n, 1e-13);

    pattern = pairs_hessian_pattern(n, x, 2, z);
    pairs_hessian(n, x, 2, z, pattern, values);
    pairs_dense(n, x, 2, z, dense);
    expect_symmetric("symmetry of pairs", pattern);
    compare("pairs", pattern, 2 * n + 1, 2 * n + 1, 1e-13);

    pattern = linear_hessian_pattern(n, x);
    expect("entries of linear", pattern->nonzeros, 0);
    linear_hessian(n, x, pattern, values);
    linear_dense(n, x, dense);
    compare("linear", pattern, n, n, 0);

    pattern = norm_hessian_pattern(n, x);
    expect("entries of norm", pattern->nonzeros, (long)n * n);
    norm_hessian(n, x, pattern, values);
    norm_dense(n, x, dense);
    expect_symmetric("symmetry of norm", pattern);
    compare("norm", pattern, n, n, 1e-13);
}

/* ---- patterns that are used where other decisions are taken ---- */

static AdPattern *pattern_in_use;
static double point[N];

/* Does it end with a message that says to make the pattern anew? */
static void expect_stop(const char *what, void work(void))
{
    int ends[2];
    char text[1024] = "";
    fflush(stdout);
    if (pipe(ends) != 0)
        exit(2);
    const pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], 2);
        close(ends[0]);
        work();
        _exit(0);
    }
    close(ends[1]);
    for (ssize_t length = 0, got; (got = read(ends[0], text + length, sizeof text - 1 - (size_t)length)) > 0;)
        text[length += got] = '\0';
    close(ends[0]);
    int status;
    waitpid(child, &status, 0);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        fail(what, 0, 0, 0, 1);
    if (!strstr(text, "make it anew at this point")) {
        fail(what, 0, 0, 0, 2);
        puts(text);
    }
}

static void use_upwind(void)
{
    double r[N];
    upwind_jacobian(5, point, r, pattern_in_use, values);
}

static void upwinds(void)
{
    enum { n = 5 };
    static const double downward[n] = {-1, -2, -3, -4, -5}, mixed[n] = {-1, 2, -3, 4, 5};
    double r[n], again[n];
    pattern_in_use = upwind_jacobian_pattern(n, downward, r);
    memcpy(point, mixed, sizeof mixed);
    expect_stop("upwind at another point", use_upwind);
    ad_pattern_free(pattern_in_use);
    /* made there it is the right one */
    AdPattern *pattern = upwind_jacobian_pattern(n, mixed, r);
    upwind_jacobian(n, mixed, r, pattern, values);
    upwind_dense(n, mixed, again, dense);
    compare("upwind", pattern, n, n, 1e-13);
    /* the last row of the pattern has two columns, of which this point needs one: another decision, but no new entry */
    const double last[n] = {-1, 2, -3, 4, -5};
    pattern = upwind_jacobian_pattern(n, mixed, r);
    upwind_jacobian(n, last, r, pattern, values);
    upwind_dense(n, last, again, dense);
    if (pattern->row_starts[n] != 10)
        fail("entries of upwind", n, 0, (double)pattern->row_starts[n], 10);
    for (int i = 0; i < n; i++)
        if (r[i] != again[i])
            fail("upwind value", i, 0, r[i], again[i]);
    compare("upwind with fewer entries", pattern, n, n, 1e-13);
}

static int chosen[3] = {4, 0, 2};

static void use_picked(void)
{
    double y[3];
    picked_jacobian(5, 3, chosen, point, y, pattern_in_use, values);
}

static void choices(void)
{
    enum { n = 5, m = 3 };
    double y[m];
    for (int i = 0; i < n; i++)
        point[i] = 0.5;
    pattern_in_use = picked_jacobian_pattern(n, m, chosen, point, y);
    use_picked();
    chosen[1] = 3;
    expect_stop("other elements", use_picked);
    chosen[1] = 0;
    point[1] = 2.5;
    expect_stop("more rounds", use_picked);
    ad_pattern_free(pattern_in_use);
    pattern_in_use = picked_jacobian_pattern(n, m, chosen, point, y);
    point[1] = 1.5; /* fewer rounds: nothing new */
    use_picked();
    picked_dense(n, m, chosen, point, y, dense);
    compare("picked", pattern_in_use, m, n, 1e-13);
}

static void use_strided(void)
{
    double y[N];
    strided_jacobian(7, 3, point, y, pattern_in_use, values);
}

static void steps(void)
{
    double y[N];
    fill(point, N);
    pattern_in_use = strided_jacobian_pattern(7, 2, point, y);
    expect_stop("another step", use_strided);
    ad_pattern_free(pattern_in_use);
    pattern_in_use = strided_jacobian_pattern(7, 3, point, y);
    use_strided();
    strided_dense(7, 3, point, y, dense);
    compare("strided", pattern_in_use, 7, 7, 1e-13);
}

static void use_sorted(void)
{
    double y[3];
    sorted_jacobian(point, y, pattern_in_use, values);
}

static void orders(void)
{
    double y[3];
    point[0] = 0.5, point[1] = 2, point[2] = 9;
    pattern_in_use = sorted_jacobian_pattern(point, y);
    use_sorted();
    sorted_dense(point, y, dense);
    point[1] = 0.1;
    expect_stop("another order", use_sorted);
    compare("sorted", pattern_in_use, 3, 3, 1e-13);
}

static void use_plate(void)
{
    double r[N * N];
    double u[N * N];
    fill(u, N * N);
    plate_jacobian(7, 6, (const double (*)[6])u, (double (*)[6])r, pattern_in_use, values);
}

/* As many rows and columns, of another shape. */
static void shapes(void)
{
    double u[6][7], r[6][7];
    fill(&u[0][0], 42);
    pattern_in_use = plate_jacobian_pattern(6, 7, (const double (*)[7])u, r);
    expect_stop("another shape", use_plate);
    ad_pattern_free(pattern_in_use);
}

static void use_halved(void)
{
    halved_hessian(5, point, pattern_in_use, values);
}

static void rounds_of_hessians(void)
{
    const double low[5] = {0.5, 0.5, 0.5, 0.5, 0.5};
    memcpy(point, low, sizeof low);
    pattern_in_use = halved_hessian_pattern(5, point);
    point[2] = 1.5;
    expect_stop("Hessian with more rounds", use_halved);
    ad_pattern_free(pattern_in_use);
    pattern_in_use = halved_hessian_pattern(5, point);
    memcpy(point, low, sizeof low);
    use_halved(); /* fewer rounds: nothing new */
    halved_dense(5, point, dense);
    compare("halved", pattern_in_use, 5, 5, 1e-13);
}

static void products(int n)
{
    static const double a[9] = {1, 2, 3, -1, 0.5, 2, 4, 1, -2};
    double x[N], y[N], again[N];
    fill(x, N);
    AdPattern *pattern = blocks_jacobian_pattern(n, a, x, y);
    blocks_jacobian(n, a, x, y, pattern, values);
    blocks_dense(n, a, x, again, dense);
    for (int i = 0; i < 3 * n; i++)
        if (y[i] != again[i])
            fail("blocks value", i, 0, y[i], again[i]);
    expect("entries of blocks", pattern->nonzeros, n ? 12L * n - 3 : 0);
    compare("blocks", pattern, 3L * n, 3L * n, 1e-13);
}

int main(void)
{
    static const int sizes[] = {0, 1, 2, 3, 7, 17, N};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        jacobians(sizes[i]);
        hessians(sizes[i]);
        single_precision(sizes[i]);
    }
    plates();
    products(0);
    products(1);
    products(4);
    upwinds();
    choices();
    steps();
    orders();
    shapes();
    rounds_of_hessians();
    return failures != 0;
}
