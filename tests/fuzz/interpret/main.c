/* Random programs, interpreted with dual numbers, against their generated derivatives:
 *
 *     interpret PROGRAMS.c TRACED.so DERIVATIVES.so COMPILER-FLAGS...
 *
 * PROGRAMS.c is read by adgen's front end, as it reads it to differentiate it; what it makes of it is interpreted before any pass has run. At several
 * points the value and the outputs must be those of the compiled program (TRACED.so) bit for bit (to rounding where they call
 * linear algebra), and the tangents those of the generated jvp,
 * to rounding. Failures are lines `FAILED program oracle: details`, what the interpreter does not know are lines
 * `NOT-INTERPRETED program why`; the last is `INTERPRETED n of m`. */
#include <dlfcn.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "frontend/frontend.h"
#include "interpret.h"

enum { N = 6, M = 4, POINTS = 3, TIMEOUT = 60, STATUS_UNKNOWN = 2 };

double fuzz_shared[4] = {0.7, -0.3, 0.45, 1.1}; /* the programs read it */
double fuzz_scratch[3];                        /* and write this */

typedef double Primal(int, int, int, const double *, double *);
typedef double Jvp(int, int, int, const double *, const double *, double *, double *, double *);

typedef struct Program {
    char name[32];
    bool in_out, single, algebra;
} Program;

typedef struct Point {
    double x[N], x_dot[N], y[M], y_dot[M];
} Point;

/* What was computed: y, and the returned value. */
typedef struct Outcome {
    double value[M + 1], dot[M + 1];
} Outcome;

static double uniform(void)
{
    static unsigned long long state = 88172645463325252ull;
    state ^= state << 13, state ^= state >> 7, state ^= state << 17;
    return (double)(state >> 11) * 0x1p-53 * 2 - 1;
}

static void *symbol(void *library, const char *name, const char *suffix)
{
    char full[64];
    snprintf(full, sizeof full, "%s%s", name, suffix);
    void *address = dlsym(library, full);
    if (!address) {
        printf("FAILED %s oracle: no %s\n", name, full);
        exit(1);
    }
    return address;
}

static Dual array_of(Interpreter *in, const double *values, const double *tangents, int count)
{
    const Dual array = memory_new(in, (size_t)count * sizeof(double));
    memcpy(array.p, values, (size_t)count * sizeof(double));
    memcpy(array.shadow, tangents, (size_t)count * sizeof(double));
    return array;
}

static Outcome interpret(Module *module, const Program *p, const Function *function, const Point *at, int k)
{
    Interpreter in = {.types = module->types, .max_steps = 20000000};
    Outcome outcome;
    if (setjmp(in.stop)) {
        printf("NOT-INTERPRETED %s %s\n", p->name, in.why);
        fflush(stdout);
        _exit(STATUS_UNKNOWN);
    }
    const double nothing[M] = {0};
    const Dual x = array_of(&in, at->x, at->x_dot, N), y = array_of(&in, at->y, p->in_out ? at->y_dot : nothing, M);
    const Dual args[] = {{.i = N}, {.i = M}, {.i = k}, x, y};
    const Dual result = interpret_call(&in, function, args);
    memcpy(outcome.value, y.p, M * sizeof(double));
    memcpy(outcome.dot, y.shadow, M * sizeof(double));
    outcome.value[M] = (double)result.v;
    outcome.dot[M] = (double)result.d;
    memory_release(&in);
    return outcome;
}

static bool check_point(Module *module, const Program *p, const Function *function, void *traced, void *derivatives, int k)
{
    Point at;
    for (int i = 0; i < N; i++)
        at.x[i] = uniform(), at.x_dot[i] = uniform();
    for (int j = 0; j < M; j++)
        at.y[j] = uniform(), at.y_dot[j] = uniform();
    const Outcome ours = interpret(module, p, function, &at, k);
    Primal *primal = NULL;
    Jvp *jvp = NULL;
    *(void **)&primal = symbol(traced, p->name, "");
    *(void **)&jvp = symbol(derivatives, p->name, "_jvp");
    Outcome theirs;
    double y[M], size = 1;
    memcpy(theirs.value, at.y, sizeof at.y);
    theirs.value[M] = primal(N, M, k, at.x, theirs.value);
    memcpy(y, at.y, sizeof y);
    for (int j = 0; j < M; j++)
        theirs.dot[j] = p->in_out ? at.y_dot[j] : 0;
    jvp(N, M, k, at.x, at.x_dot, y, theirs.dot, &theirs.dot[M]);
    for (int j = 0; j <= M; j++) {
        if (!isfinite(theirs.value[j]))
            return true;
        size = fmax(size, fabs(theirs.dot[j]));
    }
    for (int j = 0; j <= M; j++) {
        const bool same = memcmp(&ours.value[j], &theirs.value[j], sizeof(double)) == 0;
        const bool near = fabs(ours.value[j] - theirs.value[j]) <= (p->single ? 1e-4 : 1e-10) * (1 + fabs(theirs.value[j]));
        if (!(p->algebra ? near : same)) { /* sums of linear algebra have another order */
            printf("FAILED %s oracle: k = %d, value [%d]: %.17g interpreted, %.17g compiled\n", p->name, k, j, ours.value[j], theirs.value[j]);
            return false;
        }
        if (!(fabs(ours.dot[j] - theirs.dot[j]) <= (p->single ? 1e-4 : 1e-10) * size)) {
            printf("FAILED %s oracle: k = %d, tangent [%d]: %.15g interpreted, %.15g generated\n", p->name, k, j, ours.dot[j], theirs.dot[j]);
            return false;
        }
    }
    return true;
}

/* In a process of its own, which may crash or hang. */
static int check_apart(Module *module, const Program *p, void *traced, void *derivatives)
{
    const Function *function = module_find(module, p->name);
    fflush(stdout);
    const pid_t child = fork();
    if (child == 0) {
        alarm(TIMEOUT);
        bool right = function != NULL && function->body;
        for (int k = 0; right && k < POINTS; k++)
            right = check_point(module, p, function, traced, derivatives, k);
        fflush(stdout);
        _exit(!right);
    }
    int status = 0;
    waitpid(child, &status, 0);
    if (WIFSIGNALED(status))
        printf("FAILED %s oracle: signal %d\n", p->name, WTERMSIG(status));
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

static void read_programs(Module *module, const char *path, char **headers, int count)
{
    const char *flags[64];
    unsigned num_flags = 0;
    flags[num_flags++] = "-DFUZZ_INTERPRETED"; /* linear algebra has bodies then */
    for (int i = 0; i < count && num_flags < 64; i++)
        flags[num_flags++] = headers[i];
    const FrontendInput input = {path, flags, num_flags};
    Requests requests = {0};
    Dependencies dependencies = {0};
    frontend_read(module, &input, 1, NULL, 0, &requests, &dependencies);
}

static void *open_library(const char *path)
{
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        printf("FAILED all open: %s\n", dlerror());
        exit(1);
    }
    return library;
}

static int check_all(Module *module, FILE *source, void *traced, void *derivatives)
{
    char line[8192], mark[3][16];
    int programs = 0, interpreted = 0, failed = 0;
    while (fgets(line, sizeof line, source)) {
        Program p = {0};
        const int words = sscanf(line, "/* PROGRAM %31s %15s %15s %15s", p.name, mark[0], mark[1], mark[2]);
        for (int i = 0; i + 1 < words; i++) {
            p.in_out |= strcmp(mark[i], "in-out") == 0;
            p.single |= strcmp(mark[i], "single") == 0;
            p.algebra |= strcmp(mark[i], "algebra") == 0;
        }
        if (words < 1)
            continue;
        const int status = check_apart(module, &p, traced, derivatives);
        programs++;
        interpreted += status != STATUS_UNKNOWN;
        failed += status != 0 && status != STATUS_UNKNOWN;
    }
    printf("INTERPRETED %d of %d\n", interpreted, programs);
    return failed;
}

int main(int argc, char **argv)
{
    if (argc < 4) {
        fprintf(stderr, "usage: interpret PROGRAMS.c TRACED.so DERIVATIVES.so COMPILER-FLAGS...\n");
        return 2;
    }
    Arena arena = {0};
    Strings strings;
    Types types;
    Sources sources = {0};
    Diagnostics diags;
    Module module;
    strings_init(&strings, &arena);
    types_init(&types, &arena);
    diagnostics_init(&diags, &arena, &sources);
    module_init(&module, &arena, &strings, &types, &sources, &diags);
    read_programs(&module, argv[1], argv + 4, argc - 4);
    FILE *source = fopen(argv[1], "r");
    int failed = !source || diags.errors;
    if (failed)
        diag_print(&diags, stderr);
    else
        failed = check_all(&module, source, open_library(argv[2]), open_library(argv[3]));
    if (source)
        fclose(source);
    types_release(&types);
    strings_release(&strings);
    arena_release(&arena);
    return failed > 0;
}
