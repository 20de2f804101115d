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

int calls;
void note(double x);

ADGEN(hessian)
double counts(const double x[2])
{
    calls++;
    return x[0] * x[1] * x[1];
}

ADGEN(jacobian)
double notes(const double x[2])
{
    printf("%d\n", calls);
    note(1);
    return x[0] * x[1] * x[1];
}

ADGEN(jacobian)
double prints_into(char text[20], const double x[2])
{
    return x[0] * x[1] * sprintf(text, "%d", calls);
}

ADGEN(hessian)
int nothing(double x) { return x > 0; }

ADGEN(jacobian, directions(4))
double directed(double x) { return x * x; }

struct window { double *start; };

ADGEN(jvp, directions(4))
double windows(int n, double x)
{
    double numbers[4] = {x, x * x, 3, 4};
    struct window at[2] = {{numbers}, {numbers + 2}};
    return at[n % 2].start[n];
}

ADGEN(jvp, directions(4))
double factorial(int n, double x)
{
    return n > 1 ? x * factorial(n - 1, x - 1) : x;
}

ADGEN(grad, sparse)
double sparse_gradient(double x) { return x * x; }

ADGEN(jacobian, sparse)
void sparse_without_extent(const double *x, double y[3]) { y[0] = x[0] * x[1]; }

double own(double x);
double own_jvp(double x, double x_dot, double *result_dot);
double own_vjp(double x, double *x_bar, double result_bar);
ADGEN(custom, jvp(own_jvp), vjp(own_vjp))
double own(double x) { return x * x; }

ADGEN(jacobian, sparse)
void sparse_own(const double x[2], double y[2])
{
    y[0] = own(x[0]);
    y[1] = own(x[1]) * x[0];
}

static double power(int n, double x) { return n > 0 ? x * power(n - 1, x) : 1; }

ADGEN(hessian, sparse)
double sparse_recursive(const double x[2]) { return power(3, x[0]) * x[1]; }

static int count(int n, double x) { return n > 0 ? x > 0 ? 1 + count(n - 1, x) : 2 : 1; }

ADGEN(hessian, sparse)
double sparse_counted(const double x[2]) { return count(3, x[0]) * x[0] * x[1]; }

ADGEN(jacobian, sparse)
void sparse_recursive_too(const double x[2], double y[1]) { y[0] = power(3, x[0]) * x[1]; }

ADGEN(hessian, sparse)
ADGEN(jacobian, sparse, name(sparse_names_hessian_pattern))
double sparse_names(const double x[2]) { return x[0] * x[1]; }

typedef struct { double x, y; } Nameless;

ADGEN(grad)
double nameless(const Nameless *p) { return p->x * p->y; }

typedef struct { struct point at; } *Hidden;

ADGEN(jvp)
double hidden(Hidden p) { return p->at.x; }

struct point where[2];

ADGEN(grad, wrt(where))
double of_global(void) { return where[0].x * where[1].y; }

ADGEN(jacobian, sparse)
void prints_sparse(const double x[2], double y[2])
{
    printf("%d\n", calls);
    y[0] = y[1] = x[0];
}
