/* Runs differentiated random programs against the oracles:
 *
 *     drive PROGRAMS.c TRACED.so EXTENDED.so NAME=DERIVATIVES.so...
 *
 * PROGRAMS.c is read for its lines `PROGRAM name [in-out] [single] [hvp]`. TRACED.so has the programs themselves, compiled with
 * FUZZ_TRACED; EXTENDED.so the same in long double; each DERIVATIVES.so what adgen made of them in some way.
 *
 * For each program, at several points: the derivatives compute the primal bit for bit; J h agrees with extrapolated differences
 * of the long double program, where every probe takes the decisions of the point itself; <v, J h> = <J^T v, h> to
 * rounding, H h agrees with differences of the gradient, and H is symmetric; adjoints are added to, the seeds of y become the adjoint of
 * what it held on entry; and all DERIVATIVES.so give the same numbers.
 * Each program runs in a process of its own. Exit status 1 if anything differs; failures are lines
 * `FAILED program kind: details`. */
#include <dlfcn.h>
#include <math.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { N = 6, M = 4, K = 4, LEVELS = 4, MAX_BUILDS = 16, TIMEOUT = 20 };

typedef double Primal(int, int, int, const double *, double *);
typedef long double Extended(int, int, int, const long double *, long double *);
typedef double Vjp(int, int, int, const double *, double *, double *, double *, double);
typedef double Hvp(int, int, int, const double *, const double *, double *, double *);
typedef double Jvp(int, int, int, const double *, const double *, double *, double *, double *);

typedef struct Program {
    char name[32];
    bool in_out, single, hvp;
} Program;

typedef struct Library {
    const char *name;
    void *handle;
} Library;

/* What one build says at one point. */
typedef struct Answer {
    double y_dot[M + 1], x_bar[N], y_bar[M], x_bar_dot[N];
} Answer;

typedef struct Point {
    int k;
    double x[N], x_dot[N], y[M], y_dot[M], v[M + 1];
    double result[M + 1]; /* y on exit, and the returned value */
    long double differences[M + 1], error[M + 1];
    long double entry[M + 1], entry_error[M + 1]; /* the same with respect to what y holds on entry alone */
    bool has_differences, has_entry;
} Point;

static uint64_t state;

/* xorshift64 (Marsaglia 2003), in (-1, 1). */
static double uniform(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (double)(state >> 11) / 4503599627370496.0 - 1;
}

static int failures, skipped_differences;

static void fail(const Program *p, const char *kind, const char *format, ...)
{
    va_list arguments;
    if (failures++ >= 4)
        return;
    printf("FAILED %s %s: ", p->name, kind);
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    putchar('\n');
}

static void *symbol(const Library *library, const char *name, const char *suffix)
{
    char text[64];
    snprintf(text, sizeof text, "%s%s", name, suffix);
    void *found = dlsym(library->handle, text);
    if (!found) {
        printf("FAILED %s missing: no %s in %s\n", name, text, library->name);
        fflush(stdout);
        _exit(1);
    }
    return found;
}

static void as_function(void *to, void *symbol_address)
{
    memcpy(to, &symbol_address, sizeof symbol_address); /* C has no conversion from void * to functions */
}

/* The program in long double, with x and y moved from the point by so much. */
static bool probe(const Program *p, const Library *extended, const Point *at, long double x_step, long double y_step,
                  unsigned long *trace, long double *result)
{
    Extended *f;
    as_function(&f, symbol(extended, p->name, ""));
    unsigned long *hash = symbol(extended, "fuzz_trace", "");
    int *ties = symbol(extended, "fuzz_ties", "");
    long double x[N], y[M];
    for (int i = 0; i < N; i++)
        x[i] = at->x[i] + x_step * (long double)at->x_dot[i];
    for (int j = 0; j < M; j++)
        y[j] = at->y[j] + y_step * (long double)at->y_dot[j];
    *hash = 0, *ties = 0;
    result[M] = f(N, M, at->k, x, y);
    memcpy(result, y, sizeof y);
    *trace = *hash;
    return *ties == 0;
}

/* Central differences with Richardson extrapolation, along x and y as far as `by_x` and `by_y` are 1; none if a probe
 * decides otherwise than the point itself. */
static bool differences(const Program *p, const Library *extended, unsigned long trace, const Point *at, int by_x, int by_y,
                        long double *result, long double *error)
{
    long double table[LEVELS][LEVELS][M + 1], up[M + 1], down[M + 1], step = 2e-4l;
    unsigned long seen;
    if (!probe(p, extended, at, 0, 0, &seen, up) || seen != trace)
        return false;
    for (int j = 0; j <= M; j++)
        error[j] = INFINITY;
    for (int level = 0; level < LEVELS; level++, step /= 2) {
        if (!probe(p, extended, at, by_x * step, by_y * step, &seen, up) || seen != trace)
            return false;
        if (!probe(p, extended, at, -by_x * step, -by_y * step, &seen, down) || seen != trace)
            return false;
        for (int j = 0; j <= M; j++) {
            table[level][0][j] = (up[j] - down[j]) / (2 * step);
            long double factor = 4;
            for (int i = 1; i <= level; i++, factor *= 4) {
                table[level][i][j] = (factor * table[level][i - 1][j] - table[level - 1][i - 1][j]) / (factor - 1);
                const long double e = fabsl(table[level][i][j] - table[level][i - 1][j]);
                if (e < error[j]) {
                    error[j] = e;
                    result[j] = table[level][i][j];
                }
            }
        }
    }
    return true;
}

static bool same(double a, double b)
{
    return memcmp(&a, &b, sizeof a) == 0 || (isnan(a) && isnan(b));
}

static void check_primal(const Program *p, const Library *build, const char *mode, const Point *at, const double *y, double value)
{
    for (int j = 0; j <= M; j++) {
        const double got = j < M ? y[j] : value;
        if (!same(got, at->result[j]))
            fail(p, "primal", "%s of %s, k = %d, [%d]: %.17g, expected %.17g", mode, build->name, at->k, j, got, at->result[j]);
    }
}

static void check_jvp(const Program *p, const Library *build, const Point *at, Answer *answer)
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

static void check_vjp(const Program *p, const Library *build, const Point *at, Answer *answer)
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
static void check_entry(const Program *p, const Library *build, const Point *at, const Answer *answer)
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

static void compare(const Program *p, const Library *build, const Point *at, const double *got, const double *want, int count,
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
static void check_hvp(const Program *p, const Library *build, const Point *at, Answer *answer)
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

/* A random point; false if the program leaves the finite numbers there. */
static bool draw_point(const Program *p, const Library *traced, const Library *extended, int k, Point *at)
{
    Primal *f;
    as_function(&f, symbol(traced, p->name, ""));
    unsigned long *trace = symbol(traced, "fuzz_trace", "");
    at->k = k;
    for (int i = 0; i < N; i++)
        at->x[i] = uniform(), at->x_dot[i] = uniform();
    for (int j = 0; j < M; j++)
        at->y[j] = uniform(), at->y_dot[j] = uniform();
    for (int j = 0; j <= M; j++)
        at->v[j] = uniform();
    double x[N], y[M]; /* of their own: the sanitizer sees what is outside */
    memcpy(x, at->x, sizeof x);
    memcpy(y, at->y, sizeof y);
    *trace = 0;
    at->result[M] = f(N, M, k, x, y);
    memcpy(at->result, y, sizeof y);
    const unsigned long here = *trace;
    for (int j = 0; j <= M; j++)
        if (!isfinite(at->result[j]))
            return false;
    at->has_differences = differences(p, extended, here, at, 1, p->in_out, at->differences, at->error);
    at->has_entry = !p->in_out && differences(p, extended, here, at, 0, 1, at->entry, at->entry_error);
    return true;
}

static void check(const Program *p, const Library *libraries, int builds)
{
    state = 88172645463325252ull;
    for (int k = 0; k < K; k++) {
        Point at;
        Answer first, answer;
        if (!draw_point(p, &libraries[0], &libraries[1], k, &at)) {
            printf("NOT-FINITE %s\n", p->name);
            return;
        }
        skipped_differences += !at.has_differences;
        for (int b = 0; b < builds; b++) {
            const Library *build = &libraries[2 + b];
            check_jvp(p, build, &at, &answer);
            check_vjp(p, build, &at, &answer);
            if (at.has_entry)
                check_entry(p, build, &at, &answer);
            if (b == 0)
                first = answer;
            if (p->hvp) {
                check_hvp(p, build, &at, &answer);
                if (b == 0)
                    first = answer;
                compare(p, build, &at, answer.x_bar_dot, first.x_bar_dot, N, "hvp");
            }
            compare(p, build, &at, answer.y_dot, first.y_dot, M + 1, "jvp");
            compare(p, build, &at, answer.x_bar, first.x_bar, N, "vjp");
            compare(p, build, &at, answer.y_bar, first.y_bar, M, "seed after vjp");
        }
    }
    if (skipped_differences > 0)
        printf("NO-DIFFERENCES %s %d\n", p->name, skipped_differences);
}

/* In a process of its own, which may crash or hang. */
static int check_apart(const Program *p, const Library *libraries, int builds)
{
    fflush(stdout);
    const pid_t child = fork();
    if (child == 0) {
        alarm(TIMEOUT);
        check(p, libraries, builds);
        fflush(stdout);
        _exit(failures > 0); /* exit would move the offset of the file that the parent reads */
    }
    int status = 0;
    waitpid(child, &status, 0);
    if (WIFSIGNALED(status))
        printf("FAILED %s %s: signal %d\n", p->name, WTERMSIG(status) == SIGALRM ? "hang" : "crash", WTERMSIG(status));
    return status != 0;
}

static Library open_library(char *argument)
{
    char *equal = strchr(argument, '=');
    const char *path = equal ? equal + 1 : argument;
    Library library = {argument, dlopen(path, RTLD_NOW | RTLD_LOCAL)};
    if (equal)
        *equal = 0;
    if (!library.handle) {
        printf("FAILED all open: %s\n", dlerror());
        exit(1);
    }
    return library;
}

int main(int argc, char **argv)
{
    Library libraries[MAX_BUILDS + 2];
    if (argc < 5 || argc > MAX_BUILDS + 4) {
        fprintf(stderr, "usage: drive PROGRAMS.c TRACED.so EXTENDED.so NAME=DERIVATIVES.so...\n");
        return 2;
    }
    FILE *source = fopen(argv[1], "r");
    if (!source) {
        perror(argv[1]);
        return 2;
    }
    for (int i = 2; i < argc; i++)
        libraries[i - 2] = open_library(argv[i]);
    char line[8192], mark[3][16];
    int programs = 0, failed = 0;
    while (fgets(line, sizeof line, source)) {
        Program p = {0};
        const int words = sscanf(line, "/* PROGRAM %31s %15s %15s %15s", p.name, mark[0], mark[1], mark[2]);
        for (int i = 0; i + 1 < words; i++) {
            p.in_out |= strcmp(mark[i], "in-out") == 0;
            p.single |= strcmp(mark[i], "single") == 0;
            p.hvp |= strcmp(mark[i], "hvp") == 0;
        }
        if (words < 1)
            continue;
        programs++;
        failed += check_apart(&p, libraries, argc - 4);
    }
    fclose(source);
    printf("PROGRAMS %d FAILURES %d\n", programs, failed);
    return failed > 0 || programs == 0;
}
