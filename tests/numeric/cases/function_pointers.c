/* Pointers to functions whose targets are known.
 *
 * CHECK table_with_casts 2 1 -1 1
 * CHECK one_target 3 1 -1 1
 * CHECK nested_targets 2 1 -1 1
 * CHECK conditional_target 2 2 -1 1
 * CHECK table_of_targets 4 4 0.2 1
 * CHECK local_table 3 1 0.2 1
 * CHECK library_functions 3 3 0.2 1
 * CHECK quadrature 2 1 0.2 1
 * CHECK target_by_switch 3 1 -1 1
 * CHECK optional_target 2 2 -1 1
 * CHECK updates_through_pointer 3 3 -1 1
 * CHECK pointer_in_struct 2 1 0.2 1
 * CHECK table_with_gap 2 2 0.2 1
 * CHECK pointers_change_places 3 2 -1 1
 * CHECK pointers_change_in_branches 3 2 -1 1
 * CHECK pointers_change_in_nested_loops 3 2 -1 1
 */
#include <adgen/adgen.h>
#include <math.h>
#include <stddef.h>

typedef double (*Map)(double);

static double square(double v) { return v * v; }
static double shift(double v) { return v + 1; }
static double wave(double v) { return sin(2 * v) * v; }

static double apply(double (*f)(double), double v)
{
    return f(v);
}

static double sum(int n, const double *x, Map f)
{
    double s = 0;
    for (int i = 0; i < n; i++)
        s += (*f)(x[i]) * f(1 + x[i]);
    return s;
}

ADGEN(vjp)
ADGEN(jvp)
void one_target(const double x[3], double y[1])
{
    y[0] = sum(3, x, square) * sum(2, x, &wave);
}

static double compose(Map f, Map g, double v)
{
    return apply(f, apply(g, v)) + f(v) * g(v);
}

ADGEN(vjp)
ADGEN(jvp)
void nested_targets(const double x[2], double y[1])
{
    y[0] = compose(square, wave, x[0]) + compose(wave, shift, x[1]);
}

ADGEN(vjp)
ADGEN(jvp)
void conditional_target(const double x[2], double y[2])
{
    Map f = x[0] > 0 ? square : wave;
    Map g = shift;
    if (x[1] > 0.3)
        g = wave;
    else if (x[1] < -0.3)
        g = square;
    y[0] = f(x[0]) * g(x[1]);
    y[1] = (x[0] > x[1] ? f : g)(x[1]);
}

static double (*const table[])(double) = {square, wave, shift, exp};

ADGEN(vjp)
ADGEN(jvp)
void table_of_targets(const double x[4], double y[4])
{
    for (int i = 0; i < 4; i++)
        y[i] = table[i](x[i]) * table[(i + 1) % 4](x[3 - i]);
}

ADGEN(vjp)
ADGEN(jvp)
void local_table(const double x[3], double y[1])
{
    const Map steps[3] = {wave, square, sqrt};
    y[0] = 1;
    for (int i = 0; i < 3; i++)
        y[0] = steps[i](y[0] * x[i]) + x[i];
}

ADGEN(vjp)
ADGEN(jvp)
void library_functions(const double x[3], double y[3])
{
    y[0] = apply(sin, x[0]);
    y[1] = apply(tanh, x[1] * y[0]);
    double (*two)(double, double) = pow;
    y[2] = two(x[2], x[0]);
}

static double integrate(double (*f)(double, const void *), const void *data, double a, double b)
{
    const int n = 8;
    double s = 0.5 * (f(a, data) + f(b, data));
    for (int i = 1; i < n; i++)
        s += f(a + i * (b - a) / n, data);
    return s * (b - a) / n;
}

static double gauss(double t, const void *data)
{
    (void)data;
    return exp(-t * t);
}

ADGEN(vjp)
ADGEN(jvp)
void quadrature(const double x[2], double y[1])
{
    y[0] = integrate(gauss, NULL, -x[0], x[1]);
}

static Map choose(int k)
{
    switch (k) {
    case 0:
        return square;
    case 1:
        return wave;
    default:
        return cos;
    }
}

ADGEN(vjp)
ADGEN(jvp)
void target_by_switch(const double x[3], double y[1])
{
    y[0] = 0;
    for (int i = 0; i < 3; i++)
        y[0] += choose(i)(x[i]) * x[0];
}

static double perhaps(Map f, double v)
{
    return f ? f(v) : v;
}

ADGEN(vjp)
ADGEN(jvp)
void optional_target(const double x[2], double y[2])
{
    y[0] = perhaps(square, x[0]);
    y[1] = perhaps(NULL, x[1]) * x[0];
}

static void twice(double *v) { *v *= 2 * *v; }
static void halve(double *v) { *v = sin(*v) / 2; }

static void each(int n, double *v, void (*update)(double *))
{
    for (int i = 0; i < n; i++)
        update(&v[i]);
}

ADGEN(vjp)
ADGEN(jvp)
void updates_through_pointer(const double x[3], double y[3])
{
    for (int i = 0; i < 3; i++)
        y[i] = x[i];
    each(3, y, twice);
    each(2, y + 1, halve);
}

struct operation {
    Map run;
    double scale;
};

static double perform(const struct operation *o, double v)
{
    return o->scale * o->run(v);
}

ADGEN(vjp)
ADGEN(jvp)
void pointer_in_struct(const double x[2], double y[1])
{
    struct operation first = {wave, 2}, second = {.scale = x[1], .run = square};
    y[0] = perform(&first, x[0]) + perform(&second, x[0]);
}

static const Map gaps[4] = {[1] = square, [3] = shift};

ADGEN(vjp)
ADGEN(jvp)
void table_with_gap(const double x[2], double y[2])
{
    for (int i = 0; i < 2; i++)
        y[i] = gaps[2 * i + 1](x[i]) * x[1];
}

/* An entry that is cast is one like others; those that are null are not called. */
static double bent(double v) { return 0.5 * v * v; }
static double kept(double v) { return v; }
typedef double (*Shape)(double);
static const Shape table_of_shapes[] = {(Shape)bent, 0, &kept, (Shape)((void *)0)};

ADGEN(vjp)
ADGEN(jvp)
void table_with_casts(const double x[2], double y[1])
{
    y[0] = 0;
    for (int i = 0; i < 2; i++)
        y[0] += table_of_shapes[x[i] > 0 ? 0 : 2](x[i]);
}

ADGEN(vjp)
ADGEN(jvp)
void pointers_change_places(const double x[3], double y[2])
{
    Map f = square, g = wave, h = shift;
    double s = x[0];
    for (int i = 0; i < 7; i++) {
        s = sin(f(s)) + x[i % 3] * g(s);
        Map t = f;
        f = g;
        g = h;
        h = t;
        if (i == 3) {
            t = f;
            f = h;
            h = t;
        }
        s += h(x[1]);
    }
    y[0] = s;
    y[1] = f(x[1]) * g(x[2]);
}

ADGEN(vjp)
ADGEN(jvp)
void pointers_change_in_branches(const double x[3], double y[2])
{
    Map f = square, g = wave;
    double s = x[0];
    for (int k = 0; k < 6 && s < 100; k++) {
        if (s > 0.2) {
            f = g;
            g = shift;
            s += 1;
        } else {
            Map t = g;
            g = f;
            f = t;
        }
        s = f(s) * x[k % 3];
    }
    y[0] = s;
    y[1] = f(x[1]) * g(x[2]);
}

ADGEN(vjp)
ADGEN(jvp)
void pointers_change_in_nested_loops(const double x[3], double y[2])
{
    Map f = square, g = wave;
    double s = x[0];
    for (int i = 0; i < 3; i++) {
        for (int j = 0; j < 2; j++) {
            s = sin(f(s)) + x[j];
            Map t = f;
            f = g;
            g = t;
            if (s > 1)
                break;
        }
        s *= g(x[i]);
        if (s < 0) {
            Map t = g;
            g = f;
            f = t;
        }
    }
    y[0] = s;
    y[1] = s * f(x[2]);
}
