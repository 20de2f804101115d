/* Jacobians, dense and sparse, Hessians and several directions at once, against single directions of the same build. */
#include "drive.h"

#include <adgen/sparse.h>

typedef double Matrix(int, int, int, const double *, double *, double *);
typedef double SparseMatrix(int, int, int, const double *, double *, const AdPattern *, double *);
typedef AdPattern *Pattern(int, int, int, const double *, double *);
typedef double Lanes(int, int, int, const double *, const double (*)[LANES], double *, double (*)[LANES], double *);

enum { ROWS = M + 1, MOST_COLUMNS = N + M };

/* Close to what a single direction gives, where the largest number of that direction is `size`. */
static void expect(const Program *p, const Library *build, const Point *at, const char *what, int i, int j, double got, double want, double size)
{
    if (!(fabs(got - want) <= (p->single ? 1e-4 : 1e-10) * (1 + size)) && !same(got, want))
        fail(p, "matrix", "%s of %s, k = %d, [%d][%d]: %.15g, by single directions %.15g", what, build->name, at->k, i, j, got, want);
}

static double largest(const double *numbers, int count)
{
    double size = 0;
    for (int i = 0; i < count; i++)
        size = fmax(size, fabs(numbers[i]));
    return size;
}

static void single_direction(const Program *p, const Library *build, const Point *at, const double *x_dot, const double *y_dot, double *result)
{
    Jvp *f;
    as_function(&f, symbol(build, p->name, "_jvp"));
    double y[M];
    memcpy(y, at->y, sizeof y);
    for (int j = 0; j < ROWS; j++)
        result[j] = p->in_out && j < M ? y_dot[j] : 0;
    f(N, M, at->k, at->x, x_dot, y, result, &result[M]);
}

static void unit_direction(const Program *p, const Library *build, const Point *at, int column, double *result)
{
    double x_dot[N] = {0}, y_dot[M] = {0};
    if (column < N)
        x_dot[column] = 1;
    else
        y_dot[column - N] = 1;
    single_direction(p, build, at, x_dot, y_dot, result);
}

static void check_jacobian(const Program *p, const Library *build, const Point *at, double *jacobian, int columns)
{
    Matrix *f;
    as_function(&f, symbol(build, p->name, "_jacobian"));
    double y[M], want[ROWS];
    memcpy(y, at->y, sizeof y);
    for (int i = 0; i < ROWS * columns; i++)
        jacobian[i] = NAN; /* it is overwritten */
    const double value = f(N, M, at->k, at->x, y, jacobian);
    check_primal(p, build, "jacobian", at, y, value);
    for (int j = 0; j < columns; j++) {
        unit_direction(p, build, at, j, want);
        for (int i = 0; i < ROWS; i++)
            expect(p, build, at, "jacobian", i, j, jacobian[i * columns + j], want[i], largest(want, ROWS));
    }
}

/* Entries that are not in the pattern are zero, the others are those of the dense matrix. */
static void check_sparse(const Program *p, const Library *build, const Point *at, const double *jacobian, int columns)
{
    Pattern *find;
    SparseMatrix *f;
    as_function(&find, symbol(build, p->name, "_sparse_pattern"));
    as_function(&f, symbol(build, p->name, "_sparse"));
    double y[M], values[ROWS * MOST_COLUMNS], dense[ROWS * MOST_COLUMNS] = {0};
    memcpy(y, at->y, sizeof y);
    AdPattern *pattern = find(N, M, at->k, at->x, y);
    memcpy(y, at->y, sizeof y);
    const double value = f(N, M, at->k, at->x, y, pattern, values);
    check_primal(p, build, "sparse jacobian", at, y, value);
    for (int i = 0; i < ROWS; i++)
        for (size_t e = (size_t)pattern->row_starts[i]; e < (size_t)pattern->row_starts[i + 1]; e++)
            dense[i * columns + (int)pattern->column_indices[e]] = values[e];
    for (int i = 0; i < ROWS * columns; i++)
        expect(p, build, at, "sparse jacobian", i / columns, i % columns, dense[i], jacobian[i], largest(jacobian, ROWS * columns));
    ad_pattern_free(pattern);
}

static void check_hessian(const Program *p, const Library *build, const Point *at, double *hessian)
{
    Matrix *f;
    Hvp *hvp;
    as_function(&f, symbol(build, p->name, "_hessian"));
    as_function(&hvp, symbol(build, p->name, "_hvp"));
    double y[M];
    memcpy(y, at->y, sizeof y);
    for (int i = 0; i < N * N; i++)
        hessian[i] = NAN;
    const double value = f(N, M, at->k, at->x, y, hessian);
    check_primal(p, build, "hessian", at, y, value);
    for (int j = 0; j < N; j++) {
        double x_dot[N] = {0}, column[N] = {0};
        x_dot[j] = 1;
        memcpy(y, at->y, sizeof y);
        hvp(N, M, at->k, at->x, x_dot, column, y);
        for (int i = 0; i < N; i++) {
            expect(p, build, at, "hessian", i, j, hessian[i * N + j], column[i], largest(column, N));
            if (!same(hessian[i * N + j], hessian[j * N + i]))
                fail(p, "matrix", "hessian of %s is not symmetric: %.17g, %.17g", build->name, hessian[i * N + j], hessian[j * N + i]);
        }
    }
}

static void check_pattern(const Program *p, const Library *build, const Point *at, const double *hessian)
{
    Pattern *find;
    SparseMatrix *f;
    as_function(&find, symbol(build, p->name, "_curved_pattern"));
    as_function(&f, symbol(build, p->name, "_curved"));
    double y[M], values[N * N], dense[N * N] = {0};
    memcpy(y, at->y, sizeof y);
    AdPattern *pattern = find(N, M, at->k, at->x, y);
    memcpy(y, at->y, sizeof y);
    const double value = f(N, M, at->k, at->x, y, pattern, values);
    check_primal(p, build, "sparse hessian", at, y, value);
    for (int i = 0; i < N; i++)
        for (size_t e = (size_t)pattern->row_starts[i]; e < (size_t)pattern->row_starts[i + 1]; e++)
            dense[i * N + (int)pattern->column_indices[e]] = values[e];
    for (int i = 0; i < N * N; i++)
        expect(p, build, at, "sparse hessian", i / N, i % N, dense[i], hessian[i], largest(hessian, N * N));
    ad_pattern_free(pattern);
}

static void check_lanes(const Program *p, const Library *build, const Point *at)
{
    Lanes *f;
    as_function(&f, symbol(build, p->name, "_lanes"));
    double y[M], x_dot[N][LANES], y_dot[M][LANES] = {{0}}, result_dot[LANES], one[N], entry[M], want[ROWS];
    memcpy(y, at->y, sizeof y);
    for (int i = 0; i < N * LANES; i++) /* lane l has the numbers of the point, moved by l */
        x_dot[i / LANES][i % LANES] = at->x_dot[(i / LANES + i % LANES) % N];
    for (int j = 0; j < M * LANES && p->in_out; j++)
        y_dot[j / LANES][j % LANES] = at->y_dot[(j / LANES + j % LANES) % M];
    const double value = f(N, M, at->k, at->x, (const double(*)[LANES])x_dot, y, y_dot, result_dot);
    check_primal(p, build, "directions", at, y, value);
    for (int lane = 0; lane < LANES; lane++) {
        for (int i = 0; i < N; i++)
            one[i] = at->x_dot[(i + lane) % N];
        for (int j = 0; j < M; j++)
            entry[j] = at->y_dot[(j + lane) % M];
        single_direction(p, build, at, one, entry, want);
        for (int i = 0; i < ROWS; i++)
            expect(p, build, at, "directions", i, lane, i < M ? y_dot[i][lane] : result_dot[lane], want[i], largest(want, ROWS));
    }
}

void check_matrices(const Program *p, const Library *build, const Point *at)
{
    double jacobian[ROWS * MOST_COLUMNS], hessian[N * N];
    const int columns = p->in_out ? N + M : N;
    if (p->jacobian)
        check_jacobian(p, build, at, jacobian, columns);
    if (p->sparse)
        check_sparse(p, build, at, jacobian, columns);
    if (p->hessian)
        check_hessian(p, build, at, hessian);
    if (p->pattern)
        check_pattern(p, build, at, hessian);
    if (p->lanes)
        check_lanes(p, build, at);
}
