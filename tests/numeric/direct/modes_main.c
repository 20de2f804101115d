/* Values for modes.c, by closed forms and by comparing modes. */
#include "modes_grad.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

extern double scale, table[3], out[2], state, field[5], rate[5], gain, grid[2][2];
double energy(int n, const struct Body *b, double g);

static int failures;

static void within(const char *what, int i, double got, double want, double tolerance)
{
    if (fabs(got - want) <= tolerance * (1 + fabs(want)))
        return;
    printf("FAILED %s [%d]: %.17g, expected %.17g\n", what, i, got, want);
    failures++;
}

static void same(const char *what, double got, double want)
{
    within(what, 0, got, want, 1e-13);
}

static void all_same(const char *what, int n, const double *got, const double *want)
{
    for (int i = 0; i < n; i++)
        within(what, i, got[i], want[i], 1e-13);
}

static void symmetric(const char *what, int n, const double *h)
{
    for (int i = 0; i < n; i++)
        for (int j = 0; j < i; j++)
            if (memcmp(&h[i * n + j], &h[j * n + i], sizeof *h) != 0)
                within(what, i * n + j, h[i * n + j], h[j * n + i], -1);
}

/* ---- globals ---- */

static void wave_gradient(double x, double g[5])
{
    memset(g, 0, 5 * sizeof *g);
    scale_bar = 0;
    memset(table_bar, 0, sizeof table_bar);
    wave_grad(x, &g[0]);
    g[1] = scale_bar;
    memcpy(&g[2], table_bar, sizeof table_bar);
}

static void globals_in_second_derivatives(void)
{
    const double x = 0.4, step = 1e-5, v[5] = {0.3, -1, 2, 0.5, 1};
    double g[5], j[5], h[25], up[5], down[5], product[5] = {0};
    wave_gradient(x, g);
    wave_jacobian(x, j);
    all_same("jacobian of a global", 5, j, g);
    wave_hessian(x, h);
    symmetric("hessian of globals", 5, h);
    double *const inputs[5] = {NULL, &scale, &table[0], &table[1], &table[2]};
    for (int i = 0; i < 5; i++) {
        double moved = x;
        double *const input = i ? inputs[i] : &moved, kept = *input;
        *input = kept + step;
        wave_gradient(moved, up);
        *input = kept - step;
        wave_gradient(moved, down);
        *input = kept;
        for (int k = 0; k < 5; k++)
            within("hessian of globals", 5 * i + k, h[5 * i + k], (up[k] - down[k]) / (2 * step), 1e-8);
    }
    scale_dot = v[1];
    memcpy(table_dot, &v[2], sizeof table_dot);
    wave_hvp(x, v[0], &product[0]);
    product[1] = scale_bar_dot;
    memcpy(&product[2], table_bar_dot, sizeof table_bar_dot);
    for (int i = 0; i < 5; i++) {
        double want = 0;
        for (int k = 0; k < 5; k++)
            want += h[5 * i + k] * v[k];
        within("hvp of globals", i, product[i], want, 1e-13);
    }
}

static void globals_in_matrices(void)
{
    double j[25], d[25];
    same("outs", outs_jacobian(3, j), 9 * 1.5);
    all_same("jacobian of outs", 6, j, (const double[]){3, 1.5, 3, 0, 9, 9});
    same("out of a jacobian", out[1], 2.25);
    state = 0.7;
    step_jacobian(2, j);
    all_same("jacobian of step", 2, j, (const double[]){0.7, 2 + cos(0.7)});
    same("step moves on", state, 1.4 + sin(0.7));
    state = 0.7;
    same("divergence of step", step_divergence(2), 2 + cos(0.7));

    AdPattern *pattern = diffusion_jacobian_pattern();
    diffusion_jacobian(pattern, j);
    diffusion_dense(d);
    double trace = 0;
    for (int i = 0; i < 5; i++) {
        trace += d[6 * i];
        for (long k = pattern->row_starts[i]; k < pattern->row_starts[i + 1]; k++)
            within("sparse jacobian of a global", i, j[k], d[5 * i + pattern->column_indices[k]], 1e-15);
    }
    same("diffusion", d[5 * 2 + 1], 3);
    same("diffusion", d[5 * 2 + 2], 2);
    same("diffusion", d[5 * 2 + 3], 1);
    if (pattern->nonzeros != 13)
        within("entries of diffusion", 0, (double)pattern->nonzeros, 13, 0);
    ad_pattern_free(pattern);
    same("divergence of diffusion", diffusion_divergence(), trace);
}

static void globals_in_directions(void)
{
    const double x = 1.5, x_dot[3] = {1, 0, 2};
    double y_dot[3];
    memset(grid_dot, 0, sizeof grid_dot);
    gain_dot[0] = 0, gain_dot[1] = 1, gain_dot[2] = -1;
    grid_dot[1][0][1] = 1;
    grid_dot[0][1][2] = 5;
    grid_dot[0][0][0] = 7;
    same("amplified", amplified_jvp(x, x_dot, y_dot), 4 * 1.5 + 6 * 1.5);
    all_same("amplified", 3, y_dot, (const double[]){10, 4 * 1.5 + 2 * 1.5, 20 - 4 * 1.5 + 3 * 5 * 1.5});
}

/* ---- structs ---- */

static void small_structs(void)
{
    const struct Pair p = {2, 7, 3};
    double j[6], h[4];
    same("product", product_jacobian(&p, j), 12);
    all_same("jacobian of product", 2, j, (const double[]){12, 4});
    product_hessian(&p, h);
    all_same("hessian of product", 4, h, (const double[]){6, 4, 4, 0});
    const struct Pair q = turned_jacobian(p, 0.5, j);
    if (q.tag != 3)
        within("turned", 0, q.tag, 3, 0);
    same("turned", q.b, 4);
    all_same("jacobian of turned", 6, j,
             (const double[]){cos(0.5), -sin(0.5), -sin(0.5) * 2 - cos(0.5) * 3, 4, 0, 0});
}

static void fill(struct Body *b, int n)
{
    for (int i = 0; i < n; i++)
        b[i] = (struct Body){{1.0 + i, i, 2.0 - i}, {0.5f, 1.5f}, {0.25 * i + 1, -1}};
}

static void numbers_of(const struct Body *b, double numbers[6])
{
    const double list[6] = {b->at.a, b->at.b, b->mass[0], b->mass[1], b->v[0], b->v[1]};
    memcpy(numbers, list, sizeof list);
}

static void unit(struct Body *b, int k)
{
    b->at.a = k == 0, b->at.b = k == 1;
    b->mass[0] = k == 2, b->mass[1] = k == 3;
    b->v[0] = k == 4, b->v[1] = k == 5;
}

static void arrays_of_structs(int n)
{
    enum { MAX = 3 };
    static double j[36 * MAX * MAX], h[37 * MAX * MAX + 50];
    struct Body b[MAX], dot[MAX] = {0}, bar_dot[MAX];
    fill(b, n);
    moved_jacobian(n, b, j);
    double trace = 0;
    for (int c = 0; c < 6 * n; c++) {
        double column[6];
        trace += j[c * 6 * n + c];
        fill(b, n);
        for (int i = 0; i < n; i++)
            unit(&dot[i], c - 6 * i);
        moved_jvp(n, b, dot);
        for (int i = 0; i < n; i++) {
            numbers_of(&dot[i], column);
            for (int k = 0; k < 6; k++)
                within("jacobian of structs", c, j[(6 * i + k) * 6 * n + c], column[k], 1e-15);
        }
    }
    fill(b, n);
    same("divergence of structs", moved_divergence(n, b), trace);

    fill(b, n);
    const int m = 6 * n + 1;
    same("energy", energy_hessian(n, b, 0.7, h), energy(n, b, 0.7));
    symmetric("hessian of structs", m, h);
    for (int c = 0; c < m; c++) {
        double g_bar_dot = 0, column[6];
        memset(bar_dot, 0, sizeof bar_dot);
        for (int i = 0; i < n; i++)
            unit(&dot[i], c - 6 * i);
        energy_hvp(n, b, dot, bar_dot, 0.7, c == m - 1, &g_bar_dot);
        within("hessian of structs", c, h[(m - 1) * m + c], g_bar_dot, 1e-6);
        for (int i = 0; i < n; i++) {
            numbers_of(&bar_dot[i], column);
            for (int k = 0; k < 6; k++)
                within("hessian of structs", c, h[(6 * i + k) * m + c], column[k],
                       k / 2 == 1 || c % 6 / 2 == 1 ? 1e-6 : 1e-13); /* the masses are floats */
        }
    }
}

/* ---- names ---- */

static void names(void)
{
    double a_bar = 0, b_bar = 0, both[2] = {0, 0}, along, curvature = 0, h[4];
    ratio_by_a(3, &a_bar, 2);
    ratio_by_b(3, 2, &b_bar);
    ratio_grad(3, &both[0], 2, &both[1]);
    all_same("names", 2, both, (const double[]){a_bar, b_bar});
    all_same("names", 2, both, (const double[]){3, -2.25});
    ratio_curvature(3, 1, &curvature, 2);
    same("curvature", curvature, 1);
    ratio_hessian_ba(3, 2, h);
    all_same("order of the clauses", 4, h, (const double[]){2.25, -1.5, -1.5, 1});
    ratio_along_b(3, 2, 4, &along);
    same("along b", along, -9);
}

/* ---- floats ---- */

static void floats(void)
{
    enum { n = 3 };
    const float x[n] = {0.5f, 1.5f, -0.25f}, v[n] = {1, 2, -1};
    const float pairs[n][2] = {{1, 0}, {2, 1}, {-1, 3}};
    float g[n] = {0}, h[n * n], j[n], p[n] = {0}, dots[2], y[n], seed[n] = {1, 1, 1}, bar[n] = {0};
    float (*const hessian)(int, const float *, float *) = soft_hessian;
    soft_grad(n, x, g);
    soft_jacobian(n, x, j);
    hessian(n, x, h);
    soft_hvp(n, x, v, p);
    soft_jvp(n, x, pairs, dots);
    double along[2] = {0, 0};
    for (int i = 0; i < n; i++) {
        double want = 0;
        for (int k = 0; k < n; k++) {
            want += (double)h[n * i + k] * v[k];
            if (h[n * i + k] != h[n * k + i])
                within("float hessian", n * i + k, h[n * i + k], h[n * k + i], -1);
        }
        within("float jacobian", i, j[i], g[i], 1e-6);
        within("float hvp", i, p[i], want, 1e-5);
        along[0] += (double)g[i] * pairs[i][0];
        along[1] += (double)g[i] * pairs[i][1];
    }
    const double s = 1 + 0.25 + 2.25 * 0.5 + 0.0625 * 1.5, root = sqrt(s), d0 = (1 + 2.25) / (2 * root);
    within("float gradient", 0, g[0], d0, 1e-6);
    within("float hessian", 0, h[0], 1 / root - d0 * d0 / root, 1e-5);
    within("float directions", 0, dots[0], along[0], 1e-5);
    within("float directions", 1, dots[1], along[1], 1e-5);
    softened_vjp(n, x, bar, y, seed);
    within("float vjp", 0, bar[0], 2 * (double)x[2], 1e-6);
    within("float divergence", 0, softened_divergence(n, x, y), x[2] + 2.0 * x[1] + x[0], 1e-6);

    double square[9], row[3];
    const float two[2] = {3, 5};
    mixed_hessian(two, 2, square);
    all_same("mixed hessian", 9, square, (const double[]){0, 4, 20, 4, 0, 12, 20, 12, 30});
    mixed_jacobian(two, 2, row);
    all_same("mixed jacobian", 3, row, (const double[]){20, 12, 60});
}

/* ---- nothing ---- */

static void nothing(void)
{
    double x[1] = {7}, y[1] = {7}, bar[1] = {7}, dot[1] = {7}, m[1] = {7}, two[1][2] = {{7, 7}}, y2[1][2] = {{7, 7}};
    const double (*in)[2] = (const double (*)[2])two;
    same("grad of nothing", total_grad(0, x, bar), 3);
    same("hvp of nothing", total_hvp(0, x, dot, bar), 3);
    same("hvp of nothing", total_hvp2(0, x, in, y2), 3);
    same("hessian of nothing", total_hessian(0, x, m), 3);
    same("jacobian of nothing", total_jacobian(0, x, m), 3);
    cubes_jvp(0, x, dot, y, bar);
    cubes_jvp2(0, x, in, y, y2);
    cubes_vjp(0, x, bar, y, dot);
    cubes_jacobian(0, x, y, m);
    same("divergence of nothing", cubes_divergence(0, x, y), 0);
    const double untouched[] = {x[0], y[0], bar[0], dot[0], m[0], two[0][0], y2[0][0], y2[0][1]};
    for (int i = 0; i < 8; i++)
        within("nothing is touched", i, untouched[i], 7, 0);
}

/* ---- directions through the tape ---- */

static void tapes(void)
{
    const double x[2] = {1.75, 0.5}, dots[2][3] = {{1, 0, 2}, {0, 1, -3}};
    double y_dots[3], curvatures[2][3] = {{0}}, h[4];
    doubling_jvp3(x, dots, y_dots);
    doubling_hvp3(x, dots, curvatures);
    doubling_hessian(x, h);
    symmetric("hessian through the tape", 2, h);
    for (int d = 0; d < 3; d++) {
        const double dot[2] = {dots[0][d], dots[1][d]};
        double y_dot, curvature[2] = {0, 0};
        doubling_jvp(x, dot, &y_dot);
        doubling_hvp(x, dot, curvature);
        within("directions through the tape", d, y_dots[d], y_dot, 1e-15);
        for (int i = 0; i < 2; i++) {
            within("directions through the tape", d, curvatures[i][d], curvature[i], 1e-15);
            within("hessian through the tape", i, curvature[i], h[2 * i] * dot[0] + h[2 * i + 1] * dot[1], 1e-14);
        }
    }
}

int main(void)
{
    tapes();
    globals_in_second_derivatives();
    globals_in_matrices();
    globals_in_directions();
    small_structs();
    for (int n = 0; n <= 3; n++)
        arrays_of_structs(n);
    names();
    floats();
    nothing();
    return failures != 0;
}
