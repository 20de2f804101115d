/* Goes through the functions of a table with random sizes (0 and 1 among them), flags, layouts, steps and leading
 * dimensions: the primal of the derivatives bit for bit, the tangent against central differences, the adjoint against
 * the tangent: <v, J h> = <J^T v, h>, and the tangent of the adjoint against differences of it. Memory is as large as it
 * must be, and no larger; every allocation of an adjoint fails once. */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <adgen/runtime.h>

#include "check.h"

/* The order of ArgKind. */
enum { LAYOUT, TRANSPOSE, UPLO, DIAG, SIDE, SIZE, STEP, NUMBER, DATA, PIVOTS };
enum { ROW_MAJOR = 101, NO_TRANS = 111, LEFT = 141, ROUNDS = 25 };

static unsigned long long seed = 88172645463325252ull;

/* xorshift64 (Marsaglia 2003), in (-1, 1). */
static double uniform(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (double)(seed >> 11) / 4503599627370496.0 - 1;
}

static int below(int n)
{
    return (int)((uniform() + 1) / 2 * n);
}

/* Away from 0, where some functions have kinks. */
static real number(void)
{
    const double x = uniform();
    return (real)(x < 0 ? x - 0.3 : x + 0.3);
}

/* ---- one call ---- */

typedef struct Trial {
    const Case *c;
    Args args;
    int flags[16]; /* the numbers of CBLAS */
    int rows[16], columns[16];
    size_t length[16];
} Trial;

static int extent_of(const Trial *t, unsigned i, unsigned k)
{
    const CaseParam *p = &t->c->params[i];
    const int size = t->args.i[p->extents[k].size];
    if (p->extents[k].kind == 0)
        return size;
    const int other = t->args.i[p->extents[k].other];
    if (p->extents[k].kind == 3)
        return size >= other ? size - other + 1 : 0;
    if (p->extents[k].kind == 2)
        return size < other ? size : other;
    const int flag = t->flags[p->extents[k].flag];
    return flag == NO_TRANS || flag == LEFT ? size : other;
}

static int letter_of(int flag)
{
    static const char letters_of[] = {[111 - 111] = 'N', 'T', 'C', [121 - 111] = 'U', 'L', [131 - 111] = 'N', 'U',
                                      [141 - 111] = 'L', 'R'};
    return letters_of[flag - 111];
}

static void choose_flags(Trial *t)
{
    static const int first[] = {0, 111, 121, 131, 141}, count[] = {0, 3, 2, 2, 2};
    t->args.layout = ROW_MAJOR + below(2);
    for (unsigned i = 0; i < t->c->num_params; i++) {
        const int kind = t->c->params[i].kind;
        if (kind < TRANSPOSE || kind > SIDE)
            continue;
        t->flags[i] = t->c->params[i].flag ? t->c->params[i].flag : first[kind] + below(count[kind]);
        t->args.i[i] = letters ? letter_of(t->flags[i]) : t->flags[i];
    }
}

static bool starts(const Case *c, const char *start)
{
    return strncmp(c->row, start, strlen(start)) == 0;
}

/* A matrix that may be factored or divided by. */
static bool is_delicate(const Case *c, unsigned i)
{
    return c->params[i].rank == 2 && (starts(c, "tr") || starts(c, "potr") || starts(c, "getr") || starts(c, "solve") || starts(c, "logdet"));
}

/* Large elements on the diagonal, or, for pivots, off it; the others small, since a diagonal may count as ones. */
static void make_regular(Trial *t, unsigned i, int ld)
{
    const int n = t->rows[i] < t->columns[i] ? t->rows[i] : t->columns[i];
    const int shift = (starts(t->c, "getrf") || starts(t->c, "solve")) && t->rows[i] == t->columns[i] && n > 1 ? 1 : 0;
    for (size_t k = 0; n > 3 && k < t->length[i]; k++)
        t->args.p[i][k] *= (real)3 / (real)n;
    for (int k = 0; k < n; k++) {
        const int row = (k + shift) % n;
        const size_t at = t->args.layout == ROW_MAJOR ? (size_t)row * (size_t)ld + (size_t)k
                                                      : (size_t)k * (size_t)ld + (size_t)row;
        t->args.p[i][at] = (real)(n + 2 + uniform());
    }
}

static void make_data(Trial *t, unsigned i)
{
    const CaseParam *p = &t->c->params[i];
    const bool has_step = i + 1 < t->c->num_params && t->c->params[i + 1].kind == STEP;
    t->rows[i] = extent_of(t, i, 0);
    t->columns[i] = p->rank >= 2 ? extent_of(t, i, 1) : 1;
    const int width = t->args.layout == ROW_MAJOR ? t->columns[i] : t->rows[i];
    const int lines = t->args.layout == ROW_MAJOR ? t->rows[i] : t->columns[i];
    int step = 1;
    if (p->rank == 2 && has_step)
        step = (width > 1 ? width : 1) + below(3) * below(2);
    else if (has_step)
        step = (1 + below(2)) * (below(3) ? 1 : -1);
    if (has_step)
        t->args.i[i + 1] = step;
    if (p->rank == 2 && has_step)
        t->length[i] = lines && width ? (size_t)(lines - 1) * (size_t)step + (size_t)width : 0;
    else if (!has_step) {
        t->length[i] = 1;
        for (unsigned k = 0; k < p->rank; k++)
            t->length[i] *= (size_t)extent_of(t, i, k);
    } else
        t->length[i] = t->rows[i] ? (size_t)(t->rows[i] - 1) * (size_t)abs(step) + 1 : 0;
    t->args.p[i] = malloc(t->length[i] * sizeof(real) + (t->length[i] == 0));
    for (size_t k = 0; k < t->length[i]; k++)
        t->args.p[i][k] = number();
    if (is_delicate(t->c, i))
        make_regular(t, i, step);
}

static void make_pivots(Trial *t, unsigned i)
{
    const int n = extent_of(t, i, 0);
    t->length[i] = (size_t)n;
    t->args.pivots = malloc((size_t)n * sizeof(int) + (n == 0));
    for (int k = 0; k < n; k++)
        t->args.pivots[k] = k + 1 + below(n - k);
}

/* Helpers have no layout: they are row-major. */
static Trial make_trial(const Case *c, bool nonempty)
{
    Trial t = {.c = c};
    const bool conv = starts(c, "conv");
    const int most = conv ? 5 : below(6) ? 6 : 40;
    choose_flags(&t);
    if (!c->layout)
        t.args.layout = ROW_MAJOR;
    for (unsigned i = 0; i < c->num_params; i++) {
        if (c->params[i].kind == SIZE)
            t.args.i[i] = (nonempty || conv ? 1 : 0) + below(below(3) ? most : 2);
        if (c->params[i].kind == NUMBER)
            t.args.s[i] = below(2) ? 1 : below(3) ? number() : 0;
        if (c->params[i].kind == NUMBER && c->params[i].active && t.args.s[i] == 0)
            t.args.s[i] = 1;
        if (c->params[i].kind == NUMBER && starts(c, "layer_norm")) /* added to a variance */
            t.args.s[i] = (real)(0.2 + fabs((double)t.args.s[i]));
    }
    for (unsigned i = 0; i < c->num_params; i++) {
        if (c->params[i].kind == DATA)
            make_data(&t, i);
        if (c->params[i].kind == PIVOTS)
            make_pivots(&t, i);
    }
    t.args.repeat = 2;
    t.args.result_bar = number();
    return t;
}

/* A copy with memory of its own. */
static Trial copy_trial(const Trial *t)
{
    Trial copy = *t;
    for (unsigned i = 0; i < t->c->num_params; i++) {
        const size_t bytes = t->length[i] * sizeof(real);
        if (t->c->params[i].kind == DATA) {
            copy.args.p[i] = memcpy(malloc(bytes + !bytes), t->args.p[i], bytes);
            copy.args.bar[i] = calloc(bytes + !bytes, 1);
            copy.args.dot[i] = calloc(bytes + !bytes, 1);
            copy.args.bar_dot[i] = calloc(bytes + !bytes, 1);
        }
        if (t->c->params[i].kind == PIVOTS) {
            const size_t size = t->length[i] * sizeof(int);
            copy.args.pivots = memcpy(malloc(size + !size), t->args.pivots, size);
        }
    }
    return copy;
}

static void free_trial(Trial *t)
{
    for (unsigned i = 0; i < t->c->num_params; i++) {
        free(t->args.p[i]);
        free(t->args.bar[i]);
        free(t->args.dot[i]);
        free(t->args.bar_dot[i]);
    }
    free(t->args.pivots);
}

/* ---- comparisons ---- */

static unsigned failures;
static unsigned long allocations;

static void complain(const Trial *t, const char *what, double a, double b)
{
    if (++failures > 20)
        return;
    printf("%s: %s: %.17g, expected %.17g (", t->c->name, what, a, b);
    for (unsigned i = 0; i < t->c->num_params; i++)
        if (t->c->params[i].kind < NUMBER)
            printf("%d ", t->args.i[i]);
        else if (t->c->params[i].kind == NUMBER)
            printf("%g ", (double)t->args.s[i]);
    printf("layout %d)\n", t->args.layout);
}

static void compare_primal(const Trial *t, const Trial *expected)
{
    for (unsigned i = 0; i < t->c->num_params; i++)
        if (t->c->params[i].kind == DATA &&
            memcmp(t->args.p[i], expected->args.p[i], t->length[i] * sizeof(real)) != 0)
            complain(t, "a derivative computes another value", 0, 0);
    if (memcmp(&t->args.result, &expected->args.result, sizeof(real)) != 0)
        complain(t, "a derivative returns another value", t->args.result, expected->args.result);
}

static void choose_direction(Trial *t, const Trial *direction)
{
    for (unsigned i = 0; i < t->c->num_params; i++) {
        t->args.s_dot[i] = direction->args.s_dot[i];
        if (t->c->params[i].kind == DATA)
            memcpy(t->args.dot[i], direction->args.dot[i], t->length[i] * sizeof(real));
    }
}

/* The primal at x + h d. */
static Trial moved(const Trial *t, const Trial *direction, double h)
{
    Trial m = copy_trial(t);
    for (unsigned i = 0; i < t->c->num_params; i++) {
        m.args.s[i] += (real)h * direction->args.s_dot[i];
        for (size_t k = 0; k < t->length[i] && t->c->params[i].kind == DATA; k++)
            m.args.p[i][k] += (real)h * direction->args.dot[i][k];
    }
    m.c->primal(&m.args);
    return m;
}

static void compare_difference(const Trial *jvp, double tangent, double above, double below_, double h)
{
    if (isinf(above) && above == below_) /* the log of an empty sum */
        return;
    const double difference = (above - below_) / (2 * h);
    const double scale = 1 + fabs(tangent) + fabs(above) * (sizeof(real) == 4 ? 1 : 1e-3);
    if (!(fabs(tangent - difference) <= (sizeof(real) == 4 ? 3e-2 : 1e-6) * scale))
        complain(jvp, "tangent", tangent, difference);
}

static void compare_differences(const Trial *t, const Trial *jvp, const Trial *direction)
{
    const double h = sizeof(real) == 4 ? 4e-3 : 1e-5;
    Trial up = moved(t, direction, h), down = moved(t, direction, -h);
    for (unsigned i = 0; i < t->c->num_params; i++)
        for (size_t k = 0; k < t->length[i] && t->c->params[i].kind == DATA && t->c->params[i].written; k++)
            compare_difference(jvp, jvp->args.dot[i][k], up.args.p[i][k], down.args.p[i][k], h);
    if (t->c->result == 'R')
        compare_difference(jvp, jvp->args.result_dot, up.args.result, down.args.result, h);
    free_trial(&up);
    free_trial(&down);
}

/* ---- two directions, of which one is -3 times the other ---- */

static void compare_lane(const Trial *t, double tangent, const real *lanes)
{
    const double near = (sizeof(real) == 4 ? 1e-3 : 1e-11) * (1 + fabs(tangent));
    if (!(fabs(lanes[0] - tangent) <= near) || !(fabs(lanes[1] + 3 * tangent) <= 3 * near))
        complain(t, "two directions", fabs(lanes[0] - tangent) <= near ? lanes[1] / -3 : lanes[0], tangent);
}

static void compare_lanes(const Trial *t, const Trial *direction, const Trial *jvp)
{
    Trial both = copy_trial(t);
    for (unsigned i = 0; i < t->c->num_params; i++) {
        both.args.s_lanes[i][0] = direction->args.s_dot[i];
        both.args.s_lanes[i][1] = -3 * direction->args.s_dot[i];
        if (t->c->params[i].kind != DATA)
            continue;
        both.args.lanes[i] = malloc(2 * t->length[i] * sizeof(real) + (t->length[i] == 0));
        for (size_t k = 0; k < t->length[i]; k++) {
            both.args.lanes[i][2 * k] = direction->args.dot[i][k];
            both.args.lanes[i][2 * k + 1] = -3 * direction->args.dot[i][k];
        }
    }
    t->c->lanes(&both.args);
    for (unsigned i = 0; i < t->c->num_params; i++)
        for (size_t k = 0; k < t->length[i] && t->c->params[i].kind == DATA && t->c->params[i].active; k++)
            compare_lane(&both, jvp->args.dot[i][k], both.args.lanes[i] + 2 * k);
    if (t->c->result == 'R')
        compare_lane(&both, jvp->args.result_dot, both.args.result_lanes);
    for (unsigned i = 0; i < t->c->num_params; i++)
        free(both.args.lanes[i]);
    free_trial(&both);
}

/* ---- the adjoint's tangent ---- */

/* The arguments of the adjoint with seeds v, at x + h d and v + h e. */
static Trial moved_adjoint_start(const Trial *t, const Trial *direction, double h)
{
    Trial m = copy_trial(t);
    for (unsigned i = 0; i < t->c->num_params; i++) {
        m.args.s[i] += (real)h * direction->args.s_dot[i];
        for (size_t k = 0; k < t->length[i] && t->c->params[i].kind == DATA; k++) {
            m.args.p[i][k] += (real)h * direction->args.dot[i][k];
            m.args.bar[i][k] = direction->args.bar[i][k] + (real)h * direction->args.bar_dot[i][k];
        }
    }
    m.args.result_bar += (real)h * direction->args.result_bar_dot;
    return m;
}

static Trial moved_adjoint(const Trial *t, const Trial *direction, double h)
{
    Trial m = moved_adjoint_start(t, direction, h);
    m.c->vjp(&m.args);
    return m;
}

/* Differences in float drown in what rounding adds up to. */
static bool is_small(const Trial *t)
{
    for (unsigned i = 0; i < t->c->num_params; i++)
        if (t->c->params[i].kind == SIZE && t->args.i[i] > 8)
            return false;
    return true;
}

static void compare_second(const Trial *t, const Trial *direction)
{
    const double h = sizeof(real) == 4 ? 4e-3 : 1e-5;
    Trial second = moved_adjoint(t, direction, 0), up = moved_adjoint(t, direction, h), down = moved_adjoint(t, direction, -h);
    for (unsigned i = 0; i < t->c->num_params; i++) {
        const size_t bytes = t->length[i] * sizeof(real);
        second.args.s_bar[i] = 0;
        second.args.s_dot[i] = direction->args.s_dot[i];
        if (t->c->params[i].kind == PIVOTS)
            memcpy(second.args.pivots, t->args.pivots, t->length[i] * sizeof(int));
        if (t->c->params[i].kind != DATA)
            continue;
        memcpy(second.args.p[i], t->args.p[i], bytes);
        memcpy(second.args.dot[i], direction->args.dot[i], bytes);
        memcpy(second.args.bar[i], direction->args.bar[i], bytes);
        memcpy(second.args.bar_dot[i], direction->args.bar_dot[i], bytes);
    }
    second.args.result_bar_dot = direction->args.result_bar_dot;
    t->c->second(&second.args);
    for (unsigned i = 0; i < t->c->num_params; i++) {
        const CaseParam *p = &t->c->params[i];
        for (size_t k = 0; k < t->length[i] && p->kind == DATA && p->active; k++)
            compare_difference(&second, second.args.bar_dot[i][k], up.args.bar[i][k], down.args.bar[i][k], h);
        if (p->kind == NUMBER && p->active)
            compare_difference(&second, second.args.s_bar_dot[i], up.args.s_bar[i], down.args.s_bar[i], h);
    }
    free_trial(&second);
    free_trial(&up);
    free_trial(&down);
}

/* <v, J h> and <J^T v, h>, and the sum of the sizes of their terms. */
static void compare_products(const Trial *vjp, const Trial *seeds, const Trial *jvp, const Trial *direction)
{
    double forward = 0, reverse = 0, size = 1;
    for (unsigned i = 0; i < vjp->c->num_params; i++) {
        const CaseParam *p = &vjp->c->params[i];
        for (size_t k = 0; k < vjp->length[i] && p->kind == DATA && p->active; k++) {
            const double f = p->written ? (double)seeds->args.bar[i][k] * jvp->args.dot[i][k] : 0;
            const double r = (double)vjp->args.bar[i][k] * direction->args.dot[i][k];
            forward += f;
            reverse += r;
            size += fabs(f) + fabs(r);
        }
        if (p->kind == NUMBER && p->active)
            reverse += (double)vjp->args.s_bar[i] * direction->args.s_dot[i];
    }
    if (vjp->c->result == 'R')
        forward += (double)vjp->args.result_bar * jvp->args.result_dot;
    if (!(fabs(forward - reverse) <= (sizeof(real) == 4 ? 2e-4 : 1e-12) * (size + fabs(forward) + fabs(reverse))))
        complain(vjp, "<J^T v, h>", reverse, forward);
}

static void set_random(Trial *t)
{
    t->args.result_bar_dot = number();
    for (unsigned i = 0; i < t->c->num_params; i++) {
        const CaseParam *p = &t->c->params[i];
        if (p->kind == NUMBER && p->active)
            t->args.s_dot[i] = number();
        for (size_t k = 0; k < t->length[i] && p->kind == DATA && p->active; k++) {
            t->args.dot[i][k] = number();
            t->args.bar[i][k] = p->written ? number() : 0;
            t->args.bar_dot[i][k] = p->written ? number() : 0;
        }
    }
}

/* ---- memory that runs out ---- */

enum { MAX_BLOCKS = 4000 };

typedef struct Memory {
    long fails_at, count; /* the number of the allocation that fails; so far */
    unsigned complaints;
    void *blocks[MAX_BLOCKS];
    jmp_buf back;
} Memory;

static void *allocate(void *context, size_t size)
{
    Memory *memory = context;
    if (memory->count++ == memory->fails_at)
        return NULL;
    for (unsigned i = 0; i < MAX_BLOCKS; i++)
        if (!memory->blocks[i])
            return memory->blocks[i] = malloc(size + !size);
    return NULL;
}

static void deallocate(void *context, void *block)
{
    Memory *memory = context;
    for (unsigned i = 0; i < MAX_BLOCKS; i++)
        if (memory->blocks[i] == block)
            memory->blocks[i] = NULL;
    free(block);
}

static int try_again(void *context, size_t size)
{
    Memory *memory = context;
    (void)size;
    memory->complaints++;
    return 1;
}

static int leave(void *context, size_t size)
{
    Memory *memory = context;
    (void)size;
    memory->complaints++;
    longjmp(memory->back, 1);
}

/* The adjoint, where an allocation fails: how many there were, or what it got to. */
static long run_short_of_memory(Trial *t, long fails_at, int handler(void *, size_t), unsigned *complaints)
{
    static Memory memory;
    memory.fails_at = fails_at;
    memory.count = 0;
    memory.complaints = 0;
    ad_set_allocator((AdAllocator){allocate, deallocate, &memory});
    ad_set_out_of_memory(handler, &memory);
    if (!setjmp(memory.back))
        t->c->vjp(&t->args);
    ad_set_out_of_memory(NULL, NULL);
    ad_set_allocator((AdAllocator){0});
    for (unsigned i = 0; i < MAX_BLOCKS; i++) {
        if (memory.blocks[i] && !memory.complaints)
            complain(t, "memory is not freed", i, 0);
        free(memory.blocks[i]);
        memory.blocks[i] = NULL;
    }
    *complaints = memory.complaints;
    return memory.count;
}

static void compare_adjoints(const Trial *t, const Trial *expected)
{
    for (unsigned i = 0; i < t->c->num_params; i++)
        if (t->c->params[i].kind == DATA &&
            memcmp(t->args.bar[i], expected->args.bar[i], t->length[i] * sizeof(real)) != 0)
            complain(t, "an adjoint differs after an allocation that failed", 0, 0);
}

/* Each allocation fails once: a handler that makes room is asked, and nothing changes; one that leaves may leave. */
static void sweep_failures(const Trial *t, const Trial *direction, const Trial *expected)
{
    unsigned complaints;
    Trial first = moved_adjoint_start(t, direction, 0);
    const long count = run_short_of_memory(&first, -1, try_again, &complaints);
    free_trial(&first);
    for (long k = 0; k < count; k++) {
        Trial again = moved_adjoint_start(t, direction, 0), left = moved_adjoint_start(t, direction, 0);
        run_short_of_memory(&again, k, try_again, &complaints);
        if (complaints != 1)
            complain(t, "calls of the handler", complaints, 1);
        compare_adjoints(&again, expected);
        run_short_of_memory(&left, k, leave, &complaints);
        if (complaints != 1)
            complain(t, "calls of the handler that leaves", complaints, 1);
        free_trial(&again);
        free_trial(&left);
    }
    allocations += (unsigned long)count;
}

/* The functions with loops write the first element of everything. */
static bool has_elements(const Trial *t)
{
    for (unsigned i = 0; i < t->c->num_params; i++)
        if (t->c->params[i].kind == DATA && !t->length[i])
            return false;
    return true;
}

static void check_once(const Case *c, int round)
{
    Trial t = make_trial(c, c->is_loop);
    if (c->is_loop && !has_elements(&t)) {
        free_trial(&t);
        return;
    }
    Trial primal = copy_trial(&t), direction = copy_trial(&t), jvp = copy_trial(&t), vjp = copy_trial(&t);
    set_random(&direction);
    choose_direction(&jvp, &direction);
    c->primal(&primal.args);
    if (primal.args.info == 0) {
        c->jvp(&jvp.args);
        compare_primal(&jvp, &primal);
        compare_differences(&t, &jvp, &direction);
        if (c->lanes)
            compare_lanes(&t, &direction, &jvp);
        for (unsigned i = 0; i < c->num_params && c->vjp; i++)
            if (c->params[i].kind == DATA)
                memcpy(vjp.args.bar[i], direction.args.bar[i], t.length[i] * sizeof(real));
        if (c->vjp) {
            c->vjp(&vjp.args);
            compare_primal(&vjp, &primal);
            compare_products(&vjp, &direction, &jvp, &direction);
            if (round < 3)
                sweep_failures(&t, &direction, &vjp);
        }
        if (c->second && (sizeof(real) == 8 || is_small(&t)))
            compare_second(&t, &direction);
    }
    free_trial(&t);
    free_trial(&primal);
    free_trial(&direction);
    free_trial(&jvp);
    free_trial(&vjp);
}

int main(void)
{
    unsigned seconds = 0;
    for (unsigned i = 0; i < num_cases; i++)
        for (int round = 0; round < ROUNDS; round++)
            check_once(&cases[i], round);
    for (unsigned i = 0; i < num_cases; i++)
        seconds += cases[i].second != NULL;
    printf("%u functions, %u of them twice, %lu allocations that fail, %u failures\n", num_cases, seconds, allocations,
           failures);
    return failures > 0;
}
