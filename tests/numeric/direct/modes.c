/* Every mode with globals, structs, several independents and dependents, in/out parameters, other names, extents of zero, floats. */
#include "modes.h"

#include <adgen/adgen.h>
#include <math.h>

double scale = 1.5;
double table[3] = {1, 2, -3};
double out[2];
double state = 0.7;
double field[5] = {1, 2, 3, 4, 5}, rate[5];
double gain = 2, grid[2][2] = {{1, 2}, {3, 4}};

/* ---- globals ---- */

ADGEN(grad, wrt(x, scale, table))
ADGEN(hvp, wrt(x, scale, table))
ADGEN(hessian, wrt(x, scale, table))
ADGEN(jacobian, wrt(x, scale, table))
double wave(double x)
{
    double s = 0;
    for (int i = 0; i < 3; i++)
        s += table[i] * sin(scale * x * i);
    return s * scale;
}

ADGEN(jacobian, wrt(scale, x), of(out, return))
double outs(double x)
{
    out[0] = x * scale;
    out[1] = scale * scale;
    return x * x * scale;
}

/* in and out */
ADGEN(jacobian, wrt(x, state), of(state))
ADGEN(divergence, wrt(state), of(state))
void step(double x)
{
    state = state * x + sin(state);
}

ADGEN(jacobian, sparse, wrt(field), of(rate))
ADGEN(jacobian, wrt(field), of(rate), name(diffusion_dense))
ADGEN(divergence, wrt(field), of(rate))
void diffusion(void)
{
    for (int i = 0; i < 5; i++)
        rate[i] = (i ? field[i - 1] : 0) * field[i] + (i < 4 ? field[i + 1] : 0);
}

/* the companions of globals have a number for each direction, too */
ADGEN(jvp, wrt(x, gain, grid), directions(3))
double amplified(double x)
{
    return gain * gain * x + grid[1][0] * grid[0][1] * x;
}

/* ---- structs ---- */

ADGEN(jacobian, wrt(p[1]))
ADGEN(hessian, wrt(p[1]))
double product(const struct Pair *p)
{
    return p->a * p->b * p->a;
}

ADGEN(jacobian)
ADGEN(vjp)
struct Pair turned(struct Pair p, double angle)
{
    const struct Pair q = {cos(angle) * p.a - sin(angle) * p.b, 3, p.a * p.a};
    return q;
}

ADGEN(jacobian, wrt(b[n]), of(b[n]))
ADGEN(jvp, wrt(b[n]), of(b[n]))
ADGEN(divergence, wrt(b[n]), of(b[n]))
void moved(int n, struct Body *b)
{
    for (int i = 0; i < n; i++) {
        b[i].at.a += b[i].v[0] * b[i].mass[1];
        b[i].v[1] *= b[i].v[0] + b[0].at.b;
    }
}

ADGEN(hessian)
ADGEN(hvp)
ADGEN(grad)
double energy(int n, const struct Body b[n], double g)
{
    double e = 0;
    for (int i = 0; i < n; i++)
        e += 0.5 * b[i].mass[0] * (b[i].v[0] * b[i].v[0] + g * b[i].v[1] * b[i].v[1]) / hypot(b[i].at.a, b[i].at.b);
    return e;
}

/* ---- names: the same mode several times ---- */

ADGEN(grad, wrt(a), name(ratio_by_a))
ADGEN(grad, wrt(b), name(ratio_by_b))
ADGEN(grad)
ADGEN(hvp, wrt(a), name(ratio_curvature))
ADGEN(hessian, wrt(b, a), name(ratio_hessian_ba))
ADGEN(jvp, wrt(b), name(ratio_along_b))
double ratio(double a, double b)
{
    return a * a / b;
}

/* ---- float, and float with double ---- */

ADGEN(grad)
ADGEN(hvp)
ADGEN(hessian)
ADGEN(jacobian)
ADGEN(jvp, directions(2))
float soft(int n, const float x[n])
{
    float s = 1;
    for (int i = 0; i < n; i++)
        s += x[i] * x[i] * (i ? x[i - 1] : 1);
    return sqrtf(s);
}

ADGEN(vjp)
ADGEN(divergence)
void softened(int n, const float x[n], float y[n])
{
    for (int i = 0; i < n; i++)
        y[i] = x[i] * x[n - 1 - i];
}

ADGEN(hessian)
ADGEN(jacobian)
double mixed(const float x[2], double t)
{
    return x[0] * (double)x[1] * t * t;
}

/* ---- extents of zero ---- */

ADGEN(grad)
ADGEN(hvp)
ADGEN(hvp, directions(2), name(total_hvp2))
ADGEN(hessian)
ADGEN(jacobian)
double total(int n, const double x[n])
{
    double s = 3;
    for (int i = 0; i < n; i++)
        s += x[i] * x[i] * x[i];
    return s;
}

ADGEN(jvp)
ADGEN(jvp, directions(2), name(cubes_jvp2))
ADGEN(vjp)
ADGEN(jacobian)
ADGEN(divergence)
void cubes(int n, const double x[n], double y[n])
{
    for (int i = 0; i < n; i++)
        y[i] = x[i] * x[i] * x[i];
}

/* ---- directions through the tape ---- */

ADGEN(jvp)
ADGEN(hvp)
ADGEN(jvp, directions(3), name(doubling_jvp3))
ADGEN(hvp, directions(3), name(doubling_hvp3))
ADGEN(hessian, wrt(x[2]))
double doubling(const double *x)
{
    double t = x[0], kept = 1;
    while (t < 100) {
        const double before = t;
        t = t * t + x[1];
        kept *= t < 50 ? before : 2;
    }
    return t + kept;
}
