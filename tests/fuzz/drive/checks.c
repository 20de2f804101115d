/* jvp, vjp and hvp of one build at one point. */
#include "drive.h"

bool same(double a, double b)
{
    return memcmp(&a, &b, sizeof a) == 0 || (isnan(a) && isnan(b));
}

void check_primal(const Program *p, const Library *build, const char *mode, const Point *at, const double *y, double value)
{
    for (int j = 0; j <= M; j++) {
        const double got = j < M ? y[j] : value;
        if (!same(got, at->result[j]))
            fail(p, "primal", "%s of %s, k = %d, [%d]: %.17g, expected %.17g", mode, build->name, at->k, j, got, at->result[j]);
    }
    for (int i = 0; i < 3; i++)
        if (!same(fuzz_scratch[i], at->scratch[i]))
            fail(p, "primal", "%s of %s, k = %d, scratch [%d]: %.17g, expected %.17g", mode, build->name, at->k, i, fuzz_scratch[i], at->scratch[i]);
}

void check_jvp(const Program *p, const Library *build, const Point *at, Answer *answer)
{
    Jvp *f;
    as_function(&f, symbol(build, p->name, "_jvp"));
    double y[M];
    memcpy(y, at->y, sizeof y);
    for (int j = 0; j <= M; j++)
        answer->y_dot[j] = p->in_out && j < M ? at->y_dot[j] : 0;
    const double value = f(N, M, at->k, at->x, at->x_dot, y, answer->y_dot, &answer->y_dot[M]);
    check_primal(p, build, "jvp", at, y, value);
    if (!at->has_differences)
        return;
    double size = 0;
    for (int j = 0; j <= M; j++)
        size = fmax(size, fabs(answer->y_dot[j]));
    for (int j = 0; j <= M; j++) {
        const double got = answer->y_dot[j], want = (double)at->differences[j];
        if (size > 1000 || at->error[j] > 1e-4l)
            break; /* too wild for differences */
        const double tolerance = p->single ? 2e-3 * (1 + size) : 1e-8 * (1 + size);
        if (!(fabs(got - want) <= tolerance + 100 * (double)at->error[j]))
            fail(p, "differences", "jvp of %s, k = %d, [%d]: %.12g, expected %.12g +- %.2g", build->name, at->k, j, got, want,
                 (double)at->error[j]);
    }
}

void check_vjp(const Program *p, const Library *build, const Point *at, Answer *answer)
{
    Vjp *f;
    as_function(&f, symbol(build, p->name, "_vjp"));
    double y[M], x_bar[N], start = at->k % 2 ? 0 : 1, left = 0, right = 0, size = 1e-3;
    memcpy(y, at->y, sizeof y);
    memcpy(answer->y_bar, at->v, sizeof answer->y_bar);
    for (int i = 0; i < N; i++)
        x_bar[i] = start;
    const double value = f(N, M, at->k, at->x, x_bar, y, answer->y_bar, at->v[M]);
    check_primal(p, build, "vjp", at, y, value);
    for (int i = 0; i < N; i++) {
        answer->x_bar[i] = x_bar[i] - start;
        right += answer->x_bar[i] * at->x_dot[i];
        size += fabs(answer->x_bar[i] * at->x_dot[i]);
    }
    for (int j = 0; j < M && p->in_out; j++) {
        right += answer->y_bar[j] * at->y_dot[j];
        size += fabs(answer->y_bar[j] * at->y_dot[j]);
    }
    for (int j = 0; j <= M; j++) {
        left += at->v[j] * answer->y_dot[j];
        size += fabs(at->v[j] * answer->y_dot[j]);
    }
    if (!(fabs(left - right) <= (p->single ? 1e-4 : 1e-11) * size))
        fail(p, "dot", "%s, k = %d: forward %.15g, reverse %.15g (difference %.2g)", build->name, at->k, left, right, left - right);
}

/* What vjp leaves in the seed of y, which is no independent here, is the adjoint of what y held on entry. */
void check_entry(const Program *p, const Library *build, const Point *at, const Answer *answer)
{
    double left = 0, right = 0, size = 1, error = 0;
    for (int j = 0; j <= M; j++) {
        left += at->v[j] * (double)at->entry[j];
        size += fabs(at->v[j] * (double)at->entry[j]);
        error += (double)at->entry_error[j];
    }
    for (int j = 0; j < M; j++)
        right += answer->y_bar[j] * at->y_dot[j];
    if (size < 1000 && error < 1e-4 && !(fabs(left - right) <= (p->single ? 2e-3 : 1e-8) * size + 100 * error))
        fail(p, "entry", "seed after vjp of %s, k = %d: %.12g, expected %.12g +- %.2g", build->name, at->k, right, left, error);
}

void compare(const Program *p, const Library *build, const Point *at, const double *got, const double *want, int count,
                    const char *what)
{
    double size = 1;
    for (int i = 0; i < count; i++)
        size = fmax(size, fabs(want[i]));
    for (int i = 0; i < count; i++)
        if (!(fabs(got[i] - want[i]) <= (p->single ? 1e-4 : 1e-11) * size) && !same(got[i], want[i]))
            fail(p, "builds", "%s of %s, k = %d, [%d]: %.15g, elsewhere %.15g", what, build->name, at->k, i, got[i], want[i]);
}

/* The gradient of the returned value with respect to x, at a place beside the point. */
static void gradient(const Program *p, const Library *build, const Point *at, double step, double *x_bar)
{
    Vjp *f;
    as_function(&f, symbol(build, p->name, "_vjp"));
    double x[N], y[M], y_bar[M] = {0};
    for (int i = 0; i < N; i++)
        x[i] = at->x[i] + step * at->x_dot[i], x_bar[i] = 0;
    memcpy(y, at->y, sizeof y);
    f(N, M, at->k, x, x_bar, y, y_bar, 1);
}

/* H h against differences of the gradient, and <g, H h> = <H g, h>. */
void check_hvp(const Program *p, const Library *build, const Point *at, Answer *answer)
{
    Hvp *f;
    as_function(&f, symbol(build, p->name, "_hvp"));
    double y[M], other[N] = {0}, left = 0, right = 0, size = 1e-3, largest = 0;
    memcpy(y, at->y, sizeof y);
    for (int i = 0; i < N; i++)
        answer->x_bar_dot[i] = 0;
    const double value = f(N, M, at->k, at->x, at->x_dot, answer->x_bar_dot, y);
    check_primal(p, build, "hvp", at, y, value);
    memcpy(y, at->y, sizeof y);
    double g[N];
    for (int i = 0; i < N; i++)
        g[i] = at->x_dot[(i + 1) % N] + (i == 0);
    f(N, M, at->k, at->x, g, other, y);
    for (int i = 0; i < N; i++) {
        left += g[i] * answer->x_bar_dot[i];
        right += other[i] * at->x_dot[i];
        size += fabs(g[i] * answer->x_bar_dot[i]) + fabs(other[i] * at->x_dot[i]);
        largest = fmax(largest, fabs(answer->x_bar_dot[i]));
    }
    if (!(fabs(left - right) <= (p->single ? 1e-3 : 1e-9) * size))
        fail(p, "symmetry", "%s, k = %d: %.15g and %.15g (difference %.2g)", build->name, at->k, left, right, left - right);
    if (!at->has_differences || p->single || largest > 1000)
        return;
    double up[N], down[N], wide_up[N], wide_down[N];
    const double step = 5e-5; /* within the steps of the primal's differences, where decisions are known to be the same */
    gradient(p, build, at, step, up), gradient(p, build, at, -step, down);
    gradient(p, build, at, 2 * step, wide_up), gradient(p, build, at, -2 * step, wide_down);
    for (int i = 0; i < N; i++) {
        const double narrow = (up[i] - down[i]) / (2 * step), wide = (wide_up[i] - wide_down[i]) / (4 * step);
        const double want = (4 * narrow - wide) / 3, error = fabs(narrow - wide);
        if (!(fabs(answer->x_bar_dot[i] - want) <= 1e-6 * (1 + largest) + 3 * error))
            fail(p, "differences", "hvp of %s, k = %d, [%d]: %.12g, expected %.12g +- %.2g", build->name, at->k, i,
                 answer->x_bar_dot[i], want, error);
    }
}

