/* Matrices against central differences of the functions, and against each other. */
#include "modes_shapes_grad.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

double running(int n, double x[n], double a);
double coupled(int n, const double x[n], int m, const double y[m]);
void turned(const double x[4], double y[2]);
double turned_by(int n, const double x[n], int m, double y[m]);
void mixed(int n, double A[n][n], const double *b, double B[n][n]);
void folded(int n, const double *x, double *y);
void chained(int n, const double x[n], double *t, double *e);
double first_large(int n, const double x[n], double unused);
double handed_on(int n, const double x[n], double t[n]);
extern FILE *record;

enum { MOST = 8 };

typedef void Map(const double *in, double *out);

static int failures;

static void expect(const char *what, int i, double got, double want, double tolerance)
{
    if (fabs(got - want) <= tolerance * (1 + fabs(want)))
        return;
    printf("FAILED %s [%d]: %.15g, expected %.15g\n", what, i, got, want);
    failures++;
}

static void check_jacobian(const char *what, Map *f, int n, int m, const double *x, const double *jacobian)
{
    const double h = 1e-6;
    double in[MOST], plus[MOST], minus[MOST];
    for (int j = 0; j < n; j++) {
        memcpy(in, x, (size_t)n * sizeof *in);
        in[j] = x[j] + h;
        f(in, plus);
        in[j] = x[j] - h;
        f(in, minus);
        for (int i = 0; i < m; i++)
            expect(what, i * n + j, jacobian[i * n + j], (plus[i] - minus[i]) / (2 * h), 1e-7);
    }
}

static double moved(Map *f, int n, const double *x, int i, double a, int j, double b)
{
    double in[MOST], out;
    memcpy(in, x, (size_t)n * sizeof *in);
    in[i] += a;
    in[j] += b;
    f(in, &out);
    return out;
}

static void check_hessian(const char *what, Map *f, int n, const double *x, const double *hessian)
{
    const double h = 1e-4;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            const double want = (moved(f, n, x, i, h, j, h) - moved(f, n, x, i, h, j, -h) - moved(f, n, x, i, -h, j, h) +
                                 moved(f, n, x, i, -h, j, -h)) / (4 * h * h);
            expect(what, i * n + j, hessian[i * n + j], want, 1e-5);
            expect("symmetry", i * n + j, hessian[i * n + j] - hessian[j * n + i], 0, 0);
        }
}

static void running_map(const double *in, double *out)
{
    double x[3];
    memcpy(x, in, sizeof x);
    out[0] = running(3, x, in[3]);
    memcpy(out + 1, x, sizeof x);
}

static void in_and_out(void)
{
    const double x[4] = {0.7, -1.3, 0.9, 1.1}, h[4] = {1, 2, 3, 4};
    double J[16], entry[3], out[4], x_bar[3] = {0.1, 0.2, 0.3}, a_bar = 0, x_dot[3] = {1, 2, 3}, result_dot;
    running_map(x, out);
    memcpy(entry, x, sizeof entry);
    expect("value of running", 0, running_jacobian(3, entry, x[3], J), out[0], 0);
    for (int i = 0; i < 3; i++)
        expect("what running leaves", i, entry[i], out[i + 1], 0);
    check_jacobian("running", running_map, 4, 4, x, J);
    memcpy(entry, x, sizeof entry);
    running_vjp(3, entry, x_bar, x[3], &a_bar, 0.7);
    memcpy(entry, x, sizeof entry);
    running_jvp(3, entry, x_dot, x[3], 4, &result_dot);
    for (int i = 0; i < 4; i++) {
        double tangent = 0;
        for (int j = 0; j < 4; j++)
            tangent += J[4 * i + j] * h[j];
        expect("tangent of running", i, i ? x_dot[i - 1] : result_dot, tangent, 1e-13);
        expect("adjoint of running", i, i < 3 ? x_bar[i] : a_bar,
               0.7 * J[i] + 0.1 * J[4 + i] + 0.2 * J[8 + i] + 0.3 * J[12 + i], 1e-13);
    }
}

static void coupled_map(const double *in, double *out)
{
    *out = coupled(2, in + 2, 2, in);
}

static void two_independents(void)
{
    const double at[4] = {0.5, 0.25, 0.7, -1.1}, h[4] = {3, 4, 1, 2};
    double H[16], values[16], x_bar[2] = {0, 0}, y_bar[2] = {0, 0};
    coupled_hessian(2, at + 2, 2, at, H);
    check_hessian("coupled", coupled_map, 4, at, H);
    coupled_hvp(2, at + 2, h + 2, x_bar, 2, at, h, y_bar);
    for (int i = 0; i < 4; i++)
        expect("hvp of coupled", i, i < 2 ? y_bar[i] : x_bar[i - 2],
               H[4 * i] * h[0] + H[4 * i + 1] * h[1] + H[4 * i + 2] * h[2] + H[4 * i + 3] * h[3], 1e-13);
    AdPattern *pattern = coupled_sparse_pattern(2, at + 2, 2, at);
    coupled_sparse(2, at + 2, 2, at, pattern, values);
    expect("entries of coupled", 0, (double)pattern->nonzeros, 12, 0);
    for (long i = 0; i < 4; i++)
        for (long k = pattern->row_starts[i]; k < pattern->row_starts[i + 1]; k++)
            expect("sparse coupled", (int)k, values[k], H[4 * i + pattern->column_indices[k]], 1e-13);
    ad_pattern_free(pattern);
    H[0] = 5;
    coupled_hessian(0, at, 0, at, H);
    expect("nothing is written of no independents", 0, H[0], 5, 0);
}

static void turned_map(const double *in, double *out)
{
    memcpy(out, in + 4, 2 * sizeof *out);
    turned(in, out);
}

static void turned_by_map(const double *in, double *out)
{
    memcpy(out, in + 5, 2 * sizeof *out);
    out[2] = turned_by(5, in, 2, out);
}

static void expect_entries(const char *what, const AdPattern *pattern, const double *values, const double *jacobian)
{
    double dense[MOST * MOST] = {0};
    for (long i = 0; i < pattern->rows; i++)
        for (long k = pattern->row_starts[i]; k < pattern->row_starts[i + 1]; k++)
            dense[i * pattern->columns + pattern->column_indices[k]] = values[k];
    for (long k = 0; k < pattern->rows * pattern->columns; k++)
        expect(what, (int)k, dense[k], jacobian[k], 1e-13);
}

/* Outputs that are independents behind others. */
static void in_and_out_behind_others(void)
{
    const double at[7] = {0.5, 0.25, 0.7, -1.1, 0.4, 0.9, -0.3};
    double J[21], values[21], y[2];
    memcpy(y, at + 4, sizeof y);
    turned_jacobian(at, y, J);
    check_jacobian("turned", turned_map, 6, 2, at, J);
    memcpy(y, at + 4, sizeof y);
    AdPattern *pattern = turned_sparse_pattern(at, y);
    memcpy(y, at + 4, sizeof y);
    turned_sparse(at, y, pattern, values);
    expect_entries("sparse turned", pattern, values, J);
    ad_pattern_free(pattern);
    memcpy(y, at + 5, sizeof y);
    turned_by_jacobian(5, at, 2, y, J);
    check_jacobian("turned_by", turned_by_map, 7, 3, at, J);
    memcpy(y, at + 5, sizeof y);
    pattern = turned_by_sparse_pattern(5, at, 2, y);
    memcpy(y, at + 5, sizeof y);
    turned_by_sparse(5, at, 2, y, pattern, values);
    expect_entries("sparse turned_by", pattern, values, J);
    ad_pattern_free(pattern);
}

static void mixed_map(const double *in, double *out)
{
    double A[2][2];
    memcpy(A, in, sizeof A);
    mixed(2, A, in + 4, (double (*)[2])out);
}

static void matrices(void)
{
    double in[6] = {1, 2, 3, 4, 0.5, -0.7}, J[24], A[2][2], B[2][2], trace = 0;
    memcpy(A, in, sizeof A);
    mixed_jacobian(2, A, in + 4, B, J);
    check_jacobian("mixed", mixed_map, 6, 4, in, J);
    for (int i = 0; i < 4; i++)
        trace += J[7 * i];
    expect("divergence of mixed", 0, mixed_divergence(2, A, in + 4, B), trace, 1e-14);
}

static void folded_map(const double *in, double *out)
{
    folded(3, in, out);
}

static void chained_map(const double *in, double *out)
{
    double t[3];
    chained(3, in, t, out);
}

static void handed_on_map(const double *in, double *out)
{
    double t[3];
    *out = handed_on(3, in, t);
}

static void first_large_map(const double *in, double *out)
{
    *out = first_large(3, in, in[3]);
}

static void others(void)
{
    const double seven[7] = {1, 2, 3, 4, 5, 6, 7}, three[3] = {0.5, -1.2, 0.8}, small[4] = {0.5, 0.7, 0.9, 4},
                 large[4] = {0.5, 1.7, 0.9, 4};
    double J[16], H[16], y[2], t[3], e, g[3] = {0, 0, 0};
    folded_jacobian(3, seven, y, J);
    check_jacobian("folded", folded_map, 7, 2, seven, J);
    chained_hessian(3, three, t, &e, H);
    check_hessian("chained", chained_map, 3, three, H);
    handed_on_hessian(3, three, t, H);
    check_hessian("handed_on", handed_on_map, 3, three, H);
    chained_grad(3, three, g, t, &e);
    check_jacobian("gradient of chained", chained_map, 3, 1, three, g);
    first_large_jacobian(3, small, 4, J);
    check_jacobian("first_large, small", first_large_map, 4, 1, small, J);
    first_large_hessian(3, small, 4, H);
    check_hessian("first_large, small", first_large_map, 4, small, H);
    first_large_jacobian(3, large, 4, J);
    check_jacobian("first_large, large", first_large_map, 4, 1, large, J);
}

static void expect_printed(const char *what, const char *want)
{
    char got[64] = "";
    rewind(record);
    if (!fgets(got, sizeof got, record) || strcmp(got, want) != 0) {
        printf("FAILED what %s prints: %s, expected %s\n", what, got, want);
        failures++;
    }
    fclose(record);
    record = tmpfile();
}

/* By rows or columns, in blocks or one by one, of a few or none. */
static void prints(void)
{
    static double matrix[30 * 30];
    double x[30], y[30];
    for (int i = 0; i < 30; i++)
        x[i] = 0.1 * i;
    record = tmpfile();
    if (!record)
        return;
    printed_jacobian(3, x, y, matrix);
    expect_printed("a Jacobian", "1end");
    printed_hessian(7, x, y, matrix);
    expect_printed("a Hessian", "135end");
    printed_hessian(30, x, y, matrix);
    expect_printed("a large Hessian", "135791357913579end");
    printed_jacobian(0, x, y, matrix);
    expect_printed("an empty Jacobian", "end");
    printed_divergence(4, x, y);
    expect_printed("a divergence", "13end");
    fclose(record);
}

int main(void)
{
    in_and_out();
    two_independents();
    in_and_out_behind_others();
    matrices();
    others();
    prints();
    return failures != 0;
}
