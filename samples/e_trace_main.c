/* E. The computational graph, and the tables of forward and of reverse mode, at (1, 1.5, 2), four digits after the point. */
#include "check.h"
#include "e_trace_grad.h"

#include <string.h>

enum { INPUTS = 3, OPERATIONS = 6 };

static const double x[INPUTS] = {1, 1.5, 2}, nudge[OPERATIONS] = {0};
static const char *const names[INPUTS + OPERATIONS] = {"x1", "x2", "x3", "v1", "v2", "v3", "v4", "v5", "v6"};
static const char *const formulas[OPERATIONS] = {"x1 * x2", "sin x3", "v1 * v2", "exp v1", "v3 + v4", "v5 / x3"};

/* Prints a line, and compares it with what it must be. */
static void line(const char *text, const char *expected)
{
    const int ok = strcmp(text, expected) == 0;
    printf("%s%s%s\n", text, ok ? "" : "   DIFFERS from ", ok ? "" : expected);
    check_failures += !ok;
}

/* An edge for every entry of the pattern: from the operand to the operation, with the partial. */
static void graph(void)
{
    static const char *const edges[] = {"x1 -> v1: 1.5000", "x2 -> v1: 1.0000", "x3 -> v2: -0.4161", "v1 -> v3: 0.9093",
                                        "v2 -> v3: 1.5000", "v1 -> v4: 4.4817", "v3 -> v5: 1.0000", "v4 -> v5: 1.0000",
                                        "x3 -> v6: -1.4614", "v5 -> v6: 0.5000"};
    double u[INPUTS + OPERATIONS], v[OPERATIONS], partials[16], trace_matrix[OPERATIONS * 9];
    trace_jacobian(x, nudge, v, trace_matrix);
    memcpy(u, x, sizeof x);
    memcpy(u + INPUTS, v, sizeof v);
    AdPattern *pattern = operations_jacobian_pattern(u, v);
    operations_jacobian(u, v, pattern, partials);
    check("edges of the graph", (double)pattern->nonzeros, 10);
    printf("The computational graph, with the partial at each edge:\n");
    for (long i = 0; i < pattern->rows; i++)
        for (long k = pattern->row_starts[i]; k < pattern->row_starts[i + 1] && k < 10; k++) {
            char text[64];
            snprintf(text, sizeof text, "%s -> %s: %.4f", names[pattern->column_indices[k]], names[INPUTS + i], partials[k]);
            line(text, edges[k]);
        }
    ad_pattern_free(pattern);
}

static void drawing(void)
{
    puts("\n  x1 --+\n"
         "       (*) v1 --+--------- (*) v3 --+\n"
         "  x2 --+        |           |       (+) v5 -- (/) v6 = f\n"
         "                +-- (exp) v4 ------+           |\n"
         "  x3 --+-- (sin) v2 -------+                   |\n"
         "       +---------------------------------------+\n");
}

static void forward(void)
{
    static const char *const rows[] = {
        "v1 = x1 * x2     1.5000    1.0000", "v2 = sin x3      0.9093    0.0000", "v3 = v1 * v2     1.3639    0.9093",
        "v4 = exp v1      4.4817    4.4817", "v5 = v3 + v4     5.8456    5.3910", "v6 = v5 / x3     2.9228    2.6955"};
    const double x_dot[INPUTS] = {0, 1, 0};
    double v[OPERATIONS], v_dot[OPERATIONS];
    trace_jvp(x, x_dot, nudge, nudge, v, v_dot);
    printf("Forward mode for df/dx2:\nv                 value   tangent\n");
    for (int i = 0; i < OPERATIONS; i++) {
        char text[64];
        snprintf(text, sizeof text, "%s = %-9s %8.4f  %8.4f", names[INPUTS + i], formulas[i], v[i], v_dot[i]);
        line(text, rows[i]);
    }
    const double s = sin(x[2]), e = exp(1.5);
    const double values[] = {1.5, s, 1.5 * s, e, 1.5 * s + e, (1.5 * s + e) / 2}, tangents[] = {1, 0, s, e, s + e, (s + e) / 2};
    for (int i = 0; i < OPERATIONS; i++) {
        check(names[INPUTS + i], v[i], values[i]);
        check("  its tangent", v_dot[i], tangents[i]);
    }
}

static void reverse(void)
{
    static const char *const rows[] = {"v6    2.9228    1.0000", "v5    5.8456    0.5000", "v4    4.4817    0.5000",
                                       "v3    1.3639    0.5000", "v2    0.9093    0.7500", "v1    1.5000    2.6955",
                                       "x3    2.0000   -1.7735", "x2    1.5000    2.6955", "x1    1.0000    4.0432"};
    double v[OPERATIONS], v_bar[OPERATIONS] = {0, 0, 0, 0, 0, 1}, bar[INPUTS + OPERATIONS] = {0};
    trace_vjp(x, bar, nudge, bar + INPUTS, v, v_bar);
    printf("\nReverse mode:\nv      value   adjoint\n");
    for (int i = 0; i < INPUTS + OPERATIONS; i++) {
        const int at = INPUTS + OPERATIONS - 1 - i;
        char text[64];
        snprintf(text, sizeof text, "%s  %8.4f  %8.4f", names[at], at < INPUTS ? x[at] : v[at - INPUTS], bar[at]);
        line(text, rows[i]);
    }
    const double s = sin(x[2]), c = cos(x[2]), e = exp(1.5), v1 = (s + e) / 2;
    const double adjoints[] = {1.5 * v1, v1, 0.75 * c - (1.5 * s + e) / 4, v1, 0.75, 0.5, 0.5, 0.5, 1};
    for (int i = 0; i < INPUTS + OPERATIONS; i++)
        check("adjoint", bar[i], adjoints[i]);
}

/* f itself, in every mode. */
static void whole(void)
{
    const double p = x[0] * x[1], s = sin(x[2]), c = cos(x[2]), e = exp(p), f = (p * s + e) / x[2];
    const double first[INPUTS] = {x[1] * (s + e) / x[2], x[0] * (s + e) / x[2], (p * c - f) / x[2]};
    const double mixed = (s + e + p * e) / x[2];
    const double second[INPUTS][INPUTS] = {
        {x[1] * x[1] * e / x[2], mixed, x[1] * c / x[2] - first[0] / x[2]},
        {mixed, x[0] * x[0] * e / x[2], x[0] * c / x[2] - first[1] / x[2]},
        {x[1] * c / x[2] - first[0] / x[2], x[0] * c / x[2] - first[1] / x[2], (-p * s - 2 * first[2]) / x[2]}};
    const double h[INPUTS] = {0.3, -1, 2};
    double bar[INPUTS] = {0}, seeded[INPUTS] = {0}, J[INPUTS], product[INPUTS] = {0}, H[INPUTS * INPUTS], tangent;
    check("f", quotient_grad(x, bar), f);
    quotient_vjp(x, seeded, -2);
    quotient_jvp(x, h, &tangent);
    quotient_jacobian(x, J);
    quotient_hvp(x, h, product);
    quotient_hessian(x, H);
    check("directional derivative", tangent, dot(INPUTS, first, h));
    for (int i = 0; i < INPUTS; i++) {
        check("gradient", bar[i], first[i]);
        check("gradient (vjp)", seeded[i], -2 * first[i]);
        check("gradient (jacobian)", J[i], first[i]);
        check("Hessian times vector", product[i], dot(INPUTS, second[i], h));
        for (int k = 0; k < INPUTS; k++)
            check("Hessian", H[i * INPUTS + k], second[i][k]);
    }
}

int main(void)
{
    heading("E. An evaluation trace");
    drawing();
    graph();
    forward();
    reverse();
    whole();
    return check_failures != 0;
}
