/* Checks of derivatives.
 *
 * Differences. For steps h_k = h / 2^k the central difference is d + c h_k^2 + c' h_k^4 + ...; Neville's scheme
 * extrapolates to h = 0, and stops being believed where neighbouring entries begin to part, because rounding
 * takes over (Ridders, Accurate computation of F'(x) and F'(x)F''(x), Adv. Eng. Software 4, 1982). The
 * differences to the right and to the left alone, extrapolated likewise, tell a kink: its central difference is
 * the mean of two derivatives, and converges as if nothing were the matter. */
#include "adgen/check.h"

#include <math.h>

enum { LEVELS = 10, ROUNDS = 3 };

/* ---- the table ---- */

typedef struct Table {
    const AdCheckOptions *options;
    const char *name;
    const char *first, *second; /* headings */
    int lines;
} Table;

static FILE *table_output(const Table *table)
{
    return table->options && table->options->output ? table->options->output : stderr;
}

static void table_line(Table *table, int i, double x, double first, double second, const char *remark)
{
    FILE *out = table_output(table);
    if (table->lines++ == 0)
        fprintf(out, "%s\n%6s %24s %24s %24s %11s\n", table->name, "i", "x[i]", table->first,
                table->second, "distance");
    fprintf(out, "%6d %24.16g %24.16g %24.16g %11.3g  %s\n", i, x, first, second, fabs(first - second),
            remark);
}

static double tolerance_of(const AdCheckOptions *options, double otherwise)
{
    return options && options->tolerance > 0 ? options->tolerance : otherwise;
}

static int prints_all(const AdCheckOptions *options)
{
    return options && options->print_all;
}

/* Not false for NaN on one side only. */
static int differs(double a, double b, double tolerance)
{
    if (isnan(a) || isnan(b))
        return !(isnan(a) && isnan(b));
    return a != b && !(fabs(a - b) <= tolerance);
}

/* ---- finite differences ---- */

typedef struct Estimate {
    double value, error;
} Estimate;

typedef struct Probe {
    AdScalarFunction *f;
    void *context;
    double *x; /* a copy */
    int i;
} Probe;

static double value_at(const Probe *probe, double at)
{
    const double before = probe->x[probe->i];
    probe->x[probe->i] = at;
    const double value = probe->f(probe->context, probe->x);
    probe->x[probe->i] = before;
    return value;
}

/* From quotients with steps h, h/2, h/4, ..., whose error is a series in h^order. */
static Estimate extrapolate(const double quotients[LEVELS], int order)
{
    double column[LEVELS];
    Estimate best = {NAN, INFINITY};
    for (int k = 0; k < LEVELS; k++) {
        double factor = 1, below = quotients[k];
        for (int j = 1; j <= k; j++) {
            factor *= 1 << order;
            const double next = below + (below - column[j - 1]) / (factor - 1);
            const double error = fmax(fabs(next - below), fabs(next - column[j - 1]));
            column[j - 1] = below;
            below = next;
            if (error <= best.error)
                best = (Estimate){next, error};
        }
        column[k] = below;
    }
    return best;
}

typedef struct Differences {
    Estimate central, left, right;
} Differences;

/* The steps that are added are what the rounded sums say. */
static Differences differences(const Probe *probe, double step)
{
    double central[LEVELS], left[LEVELS], right[LEVELS];
    const double x = probe->x[probe->i], middle = value_at(probe, x);
    for (int k = 0; k < LEVELS; k++, step /= 2) {
        const volatile double above = x + step, below = x - step;
        const double high = value_at(probe, above), low = value_at(probe, below);
        central[k] = (high - low) / (above - below);
        right[k] = (high - middle) / (above - x);
        left[k] = (middle - low) / (x - below);
    }
    return (Differences){extrapolate(central, 2), extrapolate(left, 1), extrapolate(right, 1)};
}

/* With steps so small that f is finite on both sides. */
static Differences differences_where_finite(const Probe *probe, double step)
{
    const double x = probe->x[probe->i];
    for (int k = 0; k < 20; k++, step /= 4)
        if (isfinite(value_at(probe, x + step)) && isfinite(value_at(probe, x - step)))
            break;
    return differences(probe, step);
}

static int is_kink(const Differences *d, double tolerance)
{
    const double error = d->left.error + d->right.error;
    return fabs(d->right.value - d->left.value) > fmax(100 * tolerance, 10 * error);
}

static const char *judge(const Differences *d, double derivative, double tolerance)
{
    const double allowed = tolerance * (1 + fabs(d->central.value));
    if (isnan(d->central.value))
        return isnan(derivative) ? NULL : "the function is not finite here";
    if (is_kink(d, allowed))
        return "a kink: left and right differ";
    if (!differs(derivative, d->central.value, fmax(allowed, 3 * d->central.error)))
        return d->central.error > 1000 * allowed ? "the differences do not converge" : NULL;
    return "differs";
}

static double *zeros(int n)
{
    return ad_alloc_zeroed_array(double, n);
}

static double *copy_of(int n, const double *x)
{
    double *copy = ad_alloc_array(double, n);
    for (int i = 0; i < n; i++)
        copy[i] = x[i];
    return copy;
}

int ad_check_gradient(const char *name, int n, const double *x, AdScalarFunction *f,
                      AdGradientFunction *gradient, void *context, const AdCheckOptions *options)
{
    Table table = {.options = options, .name = name, .first = "gradient", .second = "differences"};
    const double tolerance = tolerance_of(options, 1e-6);
    const double step = options && options->step > 0 ? options->step : 0.01;
    int reported = 0;
    double *x_bar = zeros(n), *at = copy_of(n, x);
    gradient(context, x, x_bar);
    for (int i = 0; i < n; i++) {
        const Probe probe = {f, context, at, i};
        const Differences d = differences_where_finite(&probe, step * (1 + fabs(x[i])));
        const char *remark = judge(&d, x_bar[i], tolerance);
        reported += remark != NULL;
        if (remark || prints_all(options))
            table_line(&table, i, x[i], x_bar[i], d.central.value, remark ? remark : "ok");
    }
    ad_free(at);
    ad_free(x_bar);
    return reported;
}

/* ---- forward and reverse ---- */

/* Numbers in (-1, 1): a linear congruential generator (Knuth, MMIX). */
static double random_number(unsigned long long *state)
{
    *state = *state * 6364136223846793005ull + 1442695040888963407ull;
    return (double)(*state >> 11) / 4503599627370496.0 - 1;
}

static void fill_random(unsigned long long *state, int n, double *v)
{
    for (int i = 0; i < n; i++)
        v[i] = random_number(state);
}

/* Sum of the products, and of their absolute values: what rounding is measured by. */
static double dot(int n, const double *a, const double *b, double *size)
{
    double sum = 0;
    for (int i = 0; i < n; i++) {
        sum += a[i] * b[i];
        *size += fabs(a[i] * b[i]);
    }
    return sum;
}

typedef struct Pair {
    AdForwardFunction *forward;
    AdReverseFunction *reverse;
    void *context;
    int n, m;
    const double *x;
    double *x_dot, *x_bar, *y_dot, *y_bar, *seed;
} Pair;

static void run_reverse(const Pair *p)
{
    for (int i = 0; i < p->n; i++)
        p->x_bar[i] = 0;
    for (int k = 0; k < p->m; k++)
        p->seed[k] = p->y_bar[k];
    p->reverse(p->context, p->x, p->x_bar, p->seed);
}

/* <y_bar, J x_dot>, and what it is to agree with to the tolerance times `size`. */
static double run_forward(const Pair *p, double *size)
{
    for (int k = 0; k < p->m; k++)
        p->y_dot[k] = 0;
    p->forward(p->context, p->x, p->x_dot, p->y_dot);
    return dot(p->m, p->y_bar, p->y_dot, size);
}

static int compare_components(const Pair *p, Table *table, double tolerance)
{
    int reported = 0;
    for (int i = 0; i < p->n; i++) {
        for (int k = 0; k < p->n; k++)
            p->x_dot[k] = k == i;
        double size = 1;
        const double forward = run_forward(p, &size);
        const int off = differs(forward, p->x_bar[i], tolerance * size);
        reported += off;
        if (off || prints_all(table->options))
            table_line(table, i, p->x[i], forward, p->x_bar[i], off ? "differs" : "ok");
    }
    return reported;
}

int ad_check_dot_product(const char *name, int n, int m, const double *x, AdForwardFunction *forward,
                         AdReverseFunction *reverse, void *context, const AdCheckOptions *options)
{
    Table table = {.options = options, .name = name, .first = "forward", .second = "reverse"};
    const double tolerance = tolerance_of(options, 1e-11);
    unsigned long long state = 1;
    int reported = 0;
    Pair p = {forward, reverse, context, n, m, x, zeros(n), zeros(n), zeros(m), zeros(m), zeros(m)};
    for (int round = 0; round < ROUNDS && !reported; round++) {
        fill_random(&state, n, p.x_dot);
        fill_random(&state, m, p.y_bar);
        run_reverse(&p);
        double size = 1;
        const double by_forward = run_forward(&p, &size), by_reverse = dot(n, p.x_bar, p.x_dot, &size);
        const int off = differs(by_forward, by_reverse, tolerance * size);
        if (off || (round == 0 && prints_all(options)))
            reported = compare_components(&p, &table, tolerance);
        if (off && !reported) { /* each component within its tolerance, the sum of them not */
            table_line(&table, -1, NAN, by_forward, by_reverse, "the dot products differ");
            reported = 1;
        }
    }
    ad_free(p.seed);
    ad_free(p.y_bar);
    ad_free(p.y_dot);
    ad_free(p.x_bar);
    ad_free(p.x_dot);
    return reported;
}

/* ---- two gradients ---- */

int ad_check_gradients_agree(const char *name, int n, const double *x, AdGradientFunction *first,
                             AdGradientFunction *second, void *context, const AdCheckOptions *options)
{
    Table table = {.options = options, .name = name, .first = "first", .second = "second"};
    const double tolerance = tolerance_of(options, 1e-11);
    int reported = 0;
    double *a = zeros(n), *b = zeros(n);
    first(context, x, a);
    second(context, x, b);
    for (int i = 0; i < n; i++) {
        const int off = differs(a[i], b[i], tolerance * (1 + fabs(b[i])));
        reported += off;
        if (off || prints_all(options))
            table_line(&table, i, x[i], a[i], b[i], off ? "differs" : "ok");
    }
    ad_free(b);
    ad_free(a);
    return reported;
}
