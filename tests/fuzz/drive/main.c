/* Runs differentiated random programs against the oracles:
 *
 *     drive PROGRAMS.c TRACED.so EXTENDED.so NAME=DERIVATIVES.so... NAME~=DERIVATIVES.so...
 *
 * PROGRAMS.c is read for its lines `PROGRAM name [in-out] [single] [algebra] [hvp] [jacobian] [hessian] [lanes] [sparse] [pattern]`. TRACED.so has the programs
 * themselves, compiled with FUZZ_TRACED; EXTENDED.so the same in long double; each DERIVATIVES.so what adgen made of them in some way;
 * those with ~ have only the programs of which it made something else than in the first.
 *
 * For each program, at several points: the derivatives compute the primal bit for bit; J h agrees with extrapolated differences
 * of the long double program, where every probe takes the decisions of the point itself; <v, J h> = <J^T v, h> to
 * rounding, H h agrees with differences of the gradient, and H is symmetric; adjoints are added to, the seeds of y become the adjoint of
 * what it held on entry; columns of matrices, several directions and sparse matrices agree with single directions; and all DERIVATIVES.so give
 * the same numbers.
 * Each program runs in a process of its own. Exit status 1 if anything differs; failures are lines
 * `FAILED program kind: details`. */
#include "drive.h"

#include <adgen/runtime.h>
#include <dlfcn.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LEVELS = 4, MAX_BUILDS = 32, TIMEOUT = 20 };

double fuzz_shared[4] = {0.7, -0.3, 0.45, 1.1}; /* the programs read it */
double fuzz_scratch[3];                        /* and write this */

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

void fail(const Program *p, const char *kind, const char *format, ...)
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

void *symbol(const Library *library, const char *name, const char *suffix)
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

void as_function(void *to, void *symbol_address)
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
    memcpy(at->scratch, fuzz_scratch, sizeof fuzz_scratch);
    const unsigned long here = *trace;
    for (int j = 0; j <= M; j++)
        if (!isfinite(at->result[j]))
            return false;
    at->has_differences = differences(p, extended, here, at, 1, p->in_out, at->differences, at->error);
    at->has_entry = !p->in_out && differences(p, extended, here, at, 0, 1, at->entry, at->entry_error);
    return true;
}

static bool has_program(const Library *library, const Program *p)
{
    char text[64];
    snprintf(text, sizeof text, "%s_vjp", p->name);
    return dlsym(library->handle, text) != NULL;
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
            if (build->partial && !has_program(build, p))
                continue;
            check_jvp(p, build, &at, &answer);
            check_vjp(p, build, &at, &answer);
            if (at.has_entry)
                check_entry(p, build, &at, &answer);
            if (b == 0)
                first = answer;
            check_matrices(p, build, &at);
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
    Library library = {argument, dlopen(path, RTLD_NOW | RTLD_LOCAL), equal && equal > argument && equal[-1] == '~'};
    if (equal)
        equal[library.partial ? -1 : 0] = 0;
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
        fprintf(stderr, "usage: drive PROGRAMS.c TRACED.so EXTENDED.so NAME[~]=DERIVATIVES.so...\n");
        return 2;
    }
#ifdef FUZZ_TINY_TAPE
    ad_set_tape_block_size(16); /* a block or more for each record */
#endif
    FILE *source = fopen(argv[1], "r");
    if (!source) {
        perror(argv[1]);
        return 2;
    }
    for (int i = 2; i < argc; i++)
        libraries[i - 2] = open_library(argv[i]);
    char line[8192];
    int programs = 0, failed = 0;
    while (fgets(line, sizeof line, source)) {
        Program p = {0};
        char marks[160] = "";
        const int words = sscanf(line, "/* PROGRAM %31s %159[^*]", p.name, marks);
        p.in_out = strstr(marks, "in-out"), p.single = strstr(marks, "single"), p.hvp = strstr(marks, "hvp");
        p.jacobian = strstr(marks, "jacobian"), p.hessian = strstr(marks, "hessian");
        p.lanes = strstr(marks, "lanes"), p.sparse = strstr(marks, "sparse"), p.pattern = strstr(marks, "pattern");
        if (words < 1)
            continue;
        programs++;
        failed += check_apart(&p, libraries, argc - 4);
    }
    fclose(source);
    printf("PROGRAMS %d FAILURES %d\n", programs, failed);
    return failed > 0 || programs == 0;
}
