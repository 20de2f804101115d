/* Pointers as data: in arrays and structs, to pointers, swapped, chosen, returned, linked.
 *
 * CHECK chosen_or_constant 5 3 -1 1
 * CHECK rows_of_pointers 6 2 -1 1
 * CHECK swapped_buffers 4 4 0.2 1
 * CHECK swapped_in_while 4 3 0.2 1
 * CHECK chosen_pointer 4 2 -1 1
 * CHECK chosen_in_loop 6 3 -1 1
 * CHECK returned_pointer 5 2 -1 1
 * CHECK pointer_to_pointer 4 2 -1 1
 * CHECK list_on_stack 5 2 -1 1
 * CHECK tree_on_stack 7 1 0.2 1
 * CHECK negative_offsets 5 3 -1 1
 * CHECK output_by_pointer_array 3 3 -1 1
 * CHECK inactive_store_through_choice 3 2 -1 1
 * CHECK pointer_in_loop_local 6 2 -1 1
 * CHECK nearest 6 2 -1 1
 * CHECK struct_of_rows 6 3 -1 1
 * CHECK triple_buffer 3 3 0.2 1
 * CHECK pointer_comparison 4 1 -1 1 no-hessian
 * CHECK bump_allocator 4 2 0.2 1
 * CHECK reversed_list 4 4 -1 1
 * CHECK holders_copied 4 2 -1 1
 */
#include <adgen/adgen.h>
#include <math.h>
#include <stddef.h>
#include <string.h>

ADGEN(vjp)
ADGEN(jvp)
void rows_of_pointers(const double x[6], double y[2])
{
    double a[3] = {x[0], x[1], x[2]}, b[3] = {x[3], x[4], x[5]};
    double *rows[2] = {a, b};
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < 3; j++)
            rows[i][j] *= rows[1 - i][2 - j];
    y[0] = a[0] * b[1] + rows[0][2];
    y[1] = rows[1][0] * rows[0][1];
}

ADGEN(vjp)
ADGEN(jvp)
void swapped_buffers(const double x[4], double y[4])
{
    double first[4], second[4], *now = first, *next = second;
    for (int i = 0; i < 4; i++)
        now[i] = x[i];
    for (int t = 0; t < 5; t++) {
        for (int i = 0; i < 4; i++)
            next[i] = now[i] + 0.1 * now[(i + 1) % 4] * now[(i + 3) % 4];
        double *old = now;
        now = next;
        next = old;
    }
    for (int i = 0; i < 4; i++)
        y[i] = now[i] * next[i];
}

ADGEN(vjp)
ADGEN(jvp)
void swapped_in_while(const double x[4], double y[3])
{
    double a[3] = {x[0], x[1], x[2]}, b[3] = {0}, *p = a, *q = b;
    int n = 0;
    while (p[0] < 3 && n < 8) {
        for (int i = 0; i < 3; i++)
            q[i] = p[i] * 1.2 + x[3] * p[(i + 1) % 3];
        if (q[1] > 0.5) {
            double *t = p;
            p = q;
            q = t;
        } else {
            p[0] = q[2];
        }
        n++;
    }
    for (int i = 0; i < 3; i++)
        y[i] = p[i] - 0.5 * q[i];
}

ADGEN(vjp)
ADGEN(jvp)
void chosen_pointer(const double x[4], double y[2])
{
    double a = x[0] * x[1], b = x[2];
    double *p = x[3] > 0 ? &a : &b;
    *p *= *p + x[3];
    const double *q = x[0] > x[1] ? &x[0] : &x[1];
    y[0] = a * b;
    y[1] = *q * *p;
}

ADGEN(vjp)
ADGEN(jvp)
void chosen_in_loop(const double x[6], double y[3])
{
    double t[3] = {x[0], x[1], x[2]}, u[3] = {x[3], x[4], x[5]};
    for (int i = 0; i < 6; i++) {
        double *p = t[i % 3] > u[i % 3] ? t : u;
        double *q;
        if (p[0] > 0)
            q = &p[(i + 1) % 3];
        else
            q = &t[i % 3];
        *q = sin(*q + p[2]);
    }
    for (int i = 0; i < 3; i++)
        y[i] = t[i] * u[2 - i];
}

static double *largest(double *a, int n)
{
    double *best = a;
    for (int i = 1; i < n; i++)
        if (a[i] > *best)
            best = a + i;
    return best;
}

ADGEN(vjp)
ADGEN(jvp)
void returned_pointer(const double x[5], double y[2])
{
    double t[5];
    for (int i = 0; i < 5; i++)
        t[i] = x[i] * x[(i + 1) % 5];
    double *m = largest(t, 5);
    *m = exp(-*m);
    y[0] = t[0] + t[1] * t[2] + t[3] * t[4];
    y[1] = *largest(t, 5);
}

static void advance(double **p, double by)
{
    **p += by;
    ++*p;
}

ADGEN(vjp)
ADGEN(jvp)
void pointer_to_pointer(const double x[4], double y[2])
{
    double t[4] = {x[0], x[1], x[2], x[3]}, *p = t;
    advance(&p, x[1] * x[2]);
    advance(&p, t[0] * x[3]);
    y[0] = *p * t[0];
    y[1] = t[1];
}

struct Link { double value; struct Link *next; };

ADGEN(vjp)
ADGEN(jvp)
void list_on_stack(const double x[5], double y[2])
{
    struct Link links[5], *head = NULL;
    for (int i = 0; i < 5; i++) {
        links[i].value = x[i] * x[0];
        links[i].next = head;
        head = &links[i];
    }
    double s = 0, weight = 1;
    for (const struct Link *l = head; l; l = l->next) {
        s += weight * l->value * l->value;
        weight *= 1 + l->value;
    }
    for (struct Link *l = head; l->next; l = l->next)
        l->next->value *= l->value;
    y[0] = s;
    y[1] = links[0].value;
}

struct Tree { double v; struct Tree *left, *right; };

ADGEN(vjp)
ADGEN(jvp)
void tree_on_stack(const double x[7], double y[1])
{
    struct Tree node[7] = {{0, NULL, NULL}};
    for (int i = 0; i < 7; i++) {
        node[i].v = x[i];
        node[i].left = 2 * i + 1 < 7 ? &node[2 * i + 1] : NULL;
        node[i].right = 2 * i + 2 < 7 ? &node[2 * i + 2] : NULL;
    }
    struct Tree *at = node;
    double product = 1;
    while (at) {
        product *= at->v;
        at = at->v > (at->left ? at->left->v : 0) ? at->right : at->left;
    }
    y[0] = product;
}

ADGEN(vjp)
ADGEN(jvp)
void negative_offsets(const double x[5], double y[3])
{
    const double *end = x + 5;
    double t[5], *p = t + 5;
    while (p > t) {
        --p;
        *p = p == t + 4 ? end[-1] : p[1] * end[p - t - 5];
    }
    y[0] = t[0];
    y[1] = p[2] * t[3];
    y[2] = (end - 2)[-1] * p[4];
}

ADGEN(vjp)
ADGEN(jvp)
void output_by_pointer_array(const double x[3], double y[3])
{
    double *out[3] = {&y[2], &y[0], &y[1]};
    for (int i = 0; i < 3; i++)
        *out[i] = x[i];
    for (int i = 0; i < 3; i++)
        *out[i] *= *out[(i + 1) % 3];
}

ADGEN(vjp)
ADGEN(jvp)
void inactive_store_through_choice(const double x[3], double y[2])
{
    double t = x[0];
    y[0] = x[1];
    y[1] = x[2];
    double *p = x[0] > 0 ? y : &t;
    *p = 4;
    y[1] *= t + *p * x[1];
}

ADGEN(vjp)
ADGEN(jvp)
void pointer_in_loop_local(const double x[6], double y[2])
{
    double s = 0, r = 1;
    for (int i = 0; i < 4; i++) {
        double a[2] = {x[i], x[i + 1]}, b[2] = {x[i + 2], 1};
        double *both[2] = {a, b};
        both[i % 2][0] *= both[1 - i % 2][1];
        s += a[0] * b[0];
        r *= both[i % 2][0];
    }
    y[0] = s;
    y[1] = r;
}

ADGEN(vjp)
ADGEN(jvp)
void nearest(const double x[6], double y[2])
{
    double points[2][3] = {{x[0], x[1], x[2]}, {x[3], x[4], x[5]}};
    const double *best = points[0];
    if (fabs(points[1][0]) < fabs(points[0][0]))
        best = points[1];
    y[0] = best[0] * best[1];
    y[1] = best[2];
}

struct Rows { int n; double *row[3]; };

ADGEN(vjp)
ADGEN(jvp)
void struct_of_rows(const double x[6], double y[3])
{
    double data[6];
    struct Rows m = {3, {data, data + 2, data + 4}};
    for (int i = 0; i < m.n; i++)
        for (int j = 0; j < 2; j++)
            m.row[i][j] = x[2 * i + j];
    double *t = m.row[0];
    m.row[0] = m.row[2];
    m.row[2] = t;
    for (int i = 0; i < m.n; i++)
        y[i] = m.row[i][0] * m.row[(i + 1) % 3][1];
}

ADGEN(vjp)
ADGEN(jvp)
void triple_buffer(const double x[3], double y[3])
{
    double store[3][3], *u[3] = {store[0], store[1], store[2]};
    for (int i = 0; i < 3; i++) {
        u[0][i] = x[i];
        u[1][i] = 0.5 * x[i];
    }
    for (int t = 0; t < 4; t++) {
        for (int i = 0; i < 3; i++)
            u[2][i] = 2 * u[1][i] - u[0][i] - 0.1 * u[1][(i + 1) % 3] * u[1][i];
        double *oldest = u[0];
        u[0] = u[1];
        u[1] = u[2];
        u[2] = oldest;
    }
    for (int i = 0; i < 3; i++)
        y[i] = u[1][i] * u[0][i];
}

ADGEN(vjp)
ADGEN(jvp)
void pointer_comparison(const double x[4], double y[1])
{
    const double *low = x, *high = x + 3;
    double s = 0;
    while (low < high) {
        s += *low * *high;
        if (*low > *high)
            low++;
        else
            high--;
    }
    y[0] = s * *low;
}

struct Pool { double space[16]; int used; };

static double *take(struct Pool *pool, int n)
{
    double *p = pool->space + pool->used;
    pool->used += n;
    return p;
}

ADGEN(vjp)
ADGEN(jvp)
void bump_allocator(const double x[4], double y[2])
{
    struct Pool pool = {.used = 0};
    double *a = take(&pool, 4), *b = take(&pool, 4);
    for (int i = 0; i < 4; i++) {
        a[i] = x[i] * x[i];
        b[i] = a[i] * x[3 - i];
    }
    y[0] = a[0] * b[1] + b[2];
    y[1] = pool.space[5] * pool.space[2];
}

ADGEN(vjp)
ADGEN(jvp)
void reversed_list(const double x[4], double y[4])
{
    struct Link links[4];
    for (int i = 0; i < 4; i++)
        links[i] = (struct Link){x[i], i < 3 ? &links[i + 1] : NULL};
    struct Link *reversed = NULL;
    for (struct Link *l = links; l;) {
        struct Link *next = l->next;
        l->next = reversed;
        if (reversed)
            l->value *= reversed->value;
        reversed = l;
        l = next;
    }
    int k = 0;
    for (struct Link *l = reversed; l; l = l->next)
        y[k++] = l->value;
}

/* Chosen between memory with a derivative and a local array that never had one: its tangents are zero. */
struct constants { double a; double w[2]; };

ADGEN(vjp)
ADGEN(jvp)
void chosen_or_constant(const double x[5], double y[3])
{
    struct constants c[2] = {{tanh(x[1]), {0.319, 0.5}}, {.a = 0.25, .w = {0.7}}};
    for (int i = 0; i < 3; i++)
        y[i] = x[i] * x[i + 1];
    double *q = x[2] >= 0 ? y + 1 : c[1].w;
    y[0] += sin(x[1] * q[1]) * q[0];
}

struct places_holder {
    const double *at;
    double weight;
};
ADGEN(vjp)
ADGEN(jvp)
void holders_copied(const double x[4], double y[2])
{
    struct places_holder all[3], some[3];
    for (int i = 0; i < 3; i++) {
        all[i].at = x + (i + 1) % 3;
        all[i].weight = x[i] * x[3];
    }
    memcpy(some, all, sizeof some);
    for (int i = 0; i < 3; i++)
        some[i].weight *= *some[i].at;
    y[0] = some[0].weight + sin(some[2].weight) * all[1].weight;
    y[1] = *some[0].at * some[1].weight + *some[1].at;
}
