/* Every entry of the pattern equals the dense one, and what is not in the pattern is zero. */
#include "structs.h"
#include "sparse_structs_grad.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { N = 6, MOST = 5 * N };

static int failures;
static double dense[MOST * MOST], values[MOST * MOST];

static void compare(const char *what, AdPattern *pattern, long rows, long columns, long nonzeros, double tolerance)
{
    if (pattern->rows != rows || pattern->columns != columns || pattern->nonzeros != nonzeros) {
        printf("FAILED shape of %s: %ld %ld %ld\n", what, pattern->rows, pattern->columns, pattern->nonzeros);
        failures++;
    }
    for (long i = 0; i < pattern->rows; i++) {
        long k = pattern->row_starts[i];
        for (long j = 0; j < columns; j++) {
            const double want = dense[i * columns + j];
            const int is_entry = k < pattern->row_starts[i + 1] && pattern->column_indices[k] == j;
            const double got = is_entry ? values[k++] : 0;
            if (!(fabs(got - want) <= tolerance * (1 + fabs(want)))) {
                printf("FAILED %s (%ld, %ld): %.17g, expected %.17g\n", what, i, j, got, want);
                failures++;
            }
        }
    }
    ad_pattern_free(pattern);
}

static void cell_arrays(int n)
{
    struct Cell c[N], out[N], again[N];
    for (int i = 0; i < N; i++)
        c[i] = (struct Cell){{0.3 * i + 1, 0.2 - i}, {i + 0.5, 1.5 - i, 0.7 * i + 0.1}};
    AdPattern *pattern = cells_jacobian_pattern(n, c, out);
    cells_jacobian(n, c, out, pattern, values);
    cells_dense(n, c, again, dense);
    if (memcmp(out, again, (size_t)n * sizeof *out) != 0) {
        printf("FAILED value of cells\n");
        failures++;
    }
    /* of each: itself, two products; and but for the first, the neighbour's and y */
    compare("cells", pattern, 5L * n, 5L * n, n ? 9L * n - 2 : 0, 1e-14);
}

static void values_of_structs(void)
{
    const Point p = {1.5, -2};
    const double z[2] = {3, 4};
    AdPattern *pattern = turned_jacobian_pattern(p, 0.5, z);
    const Point q = turned_jacobian(p, 0.5, z, pattern, values);
    turned_dense(p, 0.5, z, dense);
    if (q.x != 0.75 || q.y != 2) {
        printf("FAILED value of turned\n");
        failures++;
    }
    compare("turned", pattern, 2, 5, 4, 1e-15);
}

static void in_place(int n)
{
    struct Mixed m[N], pattern_of[N], again[N];
    for (int i = 0; i < N; i++)
        m[i] = (struct Mixed){1.5f - (float)i, i, 0.25 * i + 0.5};
    memcpy(pattern_of, m, sizeof m);
    memcpy(again, m, sizeof m);
    AdPattern *pattern = moved_jacobian_pattern(n, pattern_of, 2);
    moved_jacobian(n, m, 2, pattern, values);
    moved_dense(n, again, 2, dense);
    for (int i = 0; i < n; i++)
        if (m[i].f != again[i].f || m[i].d != again[i].d) {
            printf("FAILED value of moved\n");
            failures++;
        }
    compare("moved", pattern, 2L * n, 2L * n + 1, n ? 4L * n - 2 : 0, 1e-6);
}

static void chains(int n)
{
    Point p[N];
    for (int i = 0; i < N; i++)
        p[i] = (Point){sin(i + 1), cos(2 * i)};
    AdPattern *pattern = stretch_hessian_pattern(n, p, 1.5);
    if (stretch_hessian(n, p, 1.5, pattern, values) != stretch_dense(n, p, 1.5, dense)) {
        printf("FAILED value of stretch\n");
        failures++;
    }
    const long nonzeros = pattern->nonzeros;
    compare("stretch", pattern, 2L * n + 1, 2L * n + 1, nonzeros, 1e-13);
    if (n == N && nonzeros >= (2L * n + 1) * (2 * n + 1) / 2 + 4 * n) {
        printf("FAILED entries of stretch: %ld\n", nonzeros);
        failures++;
    }
}

int main(void)
{
    for (int n = 0; n <= N; n++) {
        cell_arrays(n);
        in_place(n);
        chains(n);
    }
    values_of_structs();
    return failures != 0;
}
