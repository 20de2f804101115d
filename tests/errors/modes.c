/* Modes that do not fit the function: reported at the annotation. */
#include <adgen/adgen.h>
#include <stdio.h>

ADGEN(hessian)
void hessian_of_array(const double x[2], double y[2]) { y[0] = x[0] * x[1]; y[1] = x[0]; }

ADGEN(hvp)
void hvp_of_many(const double x[2], double *y, double *z) { *y = x[0] * x[1]; *z = x[0]; }

ADGEN(divergence)
void not_square(const double x[2], double y[3]) { y[0] = y[1] = y[2] = x[0] * x[1]; }

ADGEN(divergence)
void perhaps_square(int n, int m, const double x[n], double y[m])
{
    for (int i = 0; i < n && i < m; i++)
        y[i] = x[i];
}

ADGEN(jacobian)
void extent_of_input(int n, const double *x, double y[n])
{
    for (int i = 0; i < n; i++)
        y[i] = x[i] * x[i];
}

ADGEN(jacobian)
void extent_of_output(int n, const double x[n], double *y)
{
    for (int i = 0; i < n; i++)
        y[i] = x[i] * x[i];
}

ADGEN(jacobian, wrt(x[n]), of(y[2 * n]))
void extents_given(int n, const double *x, double *y)
{
    for (int i = 0; i < n; i++)
        y[2 * i] = y[2 * i + 1] = x[i] * x[i];
}

struct point { double x, y; };

ADGEN(jacobian)
double of_struct(const struct point *p) { return p->x * p->y; }

struct polygon { int n; double *x; };

ADGEN(jacobian)
double of_pointers(struct polygon p) { return p.x[0] * p.x[1]; }

ADGEN(hessian)
double prints(const double x[2])
{
    printf("%g\n", x[0]);
    return x[0] * x[1] * x[1];
}

ADGEN(hessian)
int nothing(double x) { return x > 0; }

ADGEN(jacobian, directions(4))
double directed(double x) { return x * x; }

ADGEN(jvp, directions(4))
double struct_directions(const struct point *p) { return p->x * p->y; }

ADGEN(hvp, directions(17))
double unbounded(double x)
{
    while (x < 100)
        x = x * x + 2;
    return x;
}

ADGEN(grad, sparse)
double sparse_gradient(double x) { return x * x; }

ADGEN(jacobian, sparse)
void sparse_without_extent(const double *x, double y[3]) { y[0] = x[0] * x[1]; }

struct state { double v[2]; };

ADGEN(jacobian, sparse)
void sparse_local_struct(const double x[2], double y[2])
{
    struct state s[2] = {{{x[0], x[1]}}, {{x[1], x[0]}}};
    const int k = x[0] > 0;
    y[0] = s[k].v[0];
    y[1] = s[1 - k].v[k];
}

ADGEN(hessian, sparse)
ADGEN(jacobian, sparse, name(sparse_names_hessian_pattern))
double sparse_names(const double x[2]) { return x[0] * x[1]; }
