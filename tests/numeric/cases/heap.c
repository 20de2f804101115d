/* Memory from malloc: arrays, in loops, on branches, by way of a wrapper, in structs, linked.
 *
 * CHECK temporary 4 2 -1 1
 * CHECK zeroed 4 2 -1 1
 * CHECK in_loop 4 2 0.2 1
 * CHECK on_branch 3 2 -1 1
 * CHECK wrapped 5 2 -1 1
 * CHECK early_return 4 1 -1 1
 * CHECK heap_struct 4 2 -1 1
 * CHECK matrix_of_rows 6 3 -1 1
 * CHECK linked_list 5 2 -1 1
 * CHECK queue 5 2 0.2 1
 * CHECK tree 6 2 -1 1
 * CHECK grown 6 1 -1 1
 * CHECK freed_and_used_again 4 1 -1 1
 * CHECK aligned 4 1 -1 1
 * CHECK swapped_heap_buffers 3 3 0.2 1
 * CHECK integers_on_heap 4 1 -1 1
 * CHECK vector_type 4 1 -1 1
 */
#define _ISOC11_SOURCE
#include <adgen/adgen.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

ADGEN(vjp)
ADGEN(jvp)
void temporary(const double x[4], double y[2])
{
    double *t = malloc(4 * sizeof *t);
    for (int i = 0; i < 4; i++)
        t[i] = sin(x[i]);
    y[0] = t[0] * t[1];
    t[1] = t[2] * t[3] * y[0];
    y[1] = t[1] * t[0];
    free(t);
}

ADGEN(vjp)
ADGEN(jvp)
void zeroed(const double x[4], double y[2])
{
    double *t = calloc(5, sizeof(double));
    for (int i = 0; i < 4; i++)
        t[i + 1] = t[i] + x[i] * x[i];
    y[0] = t[4] * t[2];
    y[1] = t[0] + t[1];
    free(t);
}

ADGEN(vjp)
ADGEN(jvp)
void in_loop(const double x[4], double y[2])
{
    double s = 1;
    for (int n = 1; n <= 4; n++) {
        double *t = (double *)malloc((size_t)n * sizeof(double));
        t[0] = x[n - 1] * s;
        for (int i = 1; i < n; i++)
            t[i] = t[i - 1] * x[i];
        s += t[n - 1] * t[0];
        free(t);
    }
    y[0] = s;
    y[1] = s * x[0];
}

ADGEN(vjp)
ADGEN(jvp)
void on_branch(const double x[3], double y[2])
{
    double *t = NULL;
    y[0] = x[0];
    if (x[1] > 0) {
        t = malloc(2 * sizeof *t);
        t[0] = x[1] * x[2];
        t[1] = exp(t[0]);
    }
    y[1] = x[2] * x[2];
    if (t)
        y[0] *= t[0] * t[1];
    free(t);
}

static void *need(size_t size)
{
    void *memory = malloc(size);
    if (!memory)
        abort();
    return memory;
}

static double *vector(int n)
{
    return need((size_t)n * sizeof(double));
}

ADGEN(vjp)
ADGEN(jvp)
void wrapped(const double x[5], double y[2])
{
    double *a = vector(5), *b = need(5 * sizeof *b);
    memcpy(a, x, 5 * sizeof *a);
    for (int i = 0; i < 5; i++)
        b[i] = a[i] * a[(i + 1) % 5];
    y[0] = b[0] * b[3];
    y[1] = b[4] + a[2];
    free(b);
    free(a);
}

static double guarded(const double *x, int n)
{
    double *t = malloc((size_t)n * sizeof *t);
    if (!t)
        return -1;
    for (int i = 0; i < n; i++) {
        t[i] = x[i] * x[0];
        if (t[i] > 0.8) {
            const double r = t[i] * t[i / 2];
            free(t);
            return r;
        }
    }
    const double last = t[n - 1] * t[0];
    free(t);
    return last;
}

ADGEN(vjp)
ADGEN(jvp)
void early_return(const double x[4], double y[1])
{
    y[0] = guarded(x, 4);
}

struct Particle { double position, speed; int id; };

ADGEN(vjp)
ADGEN(jvp)
void heap_struct(const double x[4], double y[2])
{
    struct Particle *p = malloc(sizeof *p), *list = calloc(2, sizeof *list);
    p->position = x[0];
    p->speed = x[1];
    p->id = 1;
    list[p->id] = *p;
    list[0].speed = x[2];
    for (int i = 0; i < 3; i++) {
        list[1].position += 0.1 * list[1].speed * x[3];
        list[0].position = list[1].position * list[0].speed;
    }
    y[0] = list[0].position;
    y[1] = list[1].position * p->position;
    free(p);
    free(list);
}

ADGEN(vjp)
ADGEN(jvp)
void matrix_of_rows(const double x[6], double y[3])
{
    double **a = malloc(3 * sizeof *a);
    for (int i = 0; i < 3; i++) {
        a[i] = malloc(2 * sizeof **a);
        a[i][0] = x[2 * i];
        a[i][1] = x[2 * i + 1];
    }
    double *t = a[0];
    a[0] = a[2];
    a[2] = t;
    for (int i = 0; i < 3; i++)
        y[i] = a[i][0] * a[(i + 1) % 3][1];
    for (int i = 0; i < 3; i++)
        free(a[i]);
    free(a);
}

struct Item { double value; struct Item *next; };

ADGEN(vjp)
ADGEN(jvp)
void linked_list(const double x[5], double y[2])
{
    struct Item *head = NULL;
    for (int i = 0; i < 5; i++) {
        struct Item *item = malloc(sizeof *item);
        item->value = x[i] * (head ? head->value : 1);
        item->next = head;
        head = item;
    }
    double s = 0;
    for (const struct Item *i = head; i; i = i->next)
        s += i->value * i->value;
    y[0] = s;
    y[1] = head->value * head->next->value;
    while (head) {
        struct Item *next = head->next;
        free(head);
        head = next;
    }
}

ADGEN(vjp)
ADGEN(jvp)
void queue(const double x[5], double y[2])
{
    struct Item *first = NULL, **end = &first;
    for (int i = 0; i < 5; i++) {
        struct Item *item = need(sizeof *item);
        *item = (struct Item){x[i], NULL};
        *end = item;
        end = &item->next;
    }
    double p = 1;
    int n = 0;
    while (first && n < 4) {
        struct Item *item = first;
        first = item->next;
        p = p * item->value + x[0];
        free(item);
        n++;
    }
    y[0] = p;
    y[1] = first ? first->value * p : 0;
    free(first);
}

struct Branch { double key; struct Branch *left, *right; };

static struct Branch *leaf(double key)
{
    struct Branch *b = malloc(sizeof *b);
    b->key = key;
    b->left = b->right = NULL;
    return b;
}

ADGEN(vjp)
ADGEN(jvp)
void tree(const double x[6], double y[2])
{
    struct Branch *root = leaf(x[0]);
    for (int i = 1; i < 6; i++) {
        struct Branch *at = root;
        for (;;) {
            struct Branch **side = x[i] < at->key ? &at->left : &at->right;
            if (!*side) {
                *side = leaf(x[i] * 1.5);
                break;
            }
            at = *side;
        }
    }
    const struct Branch *low = root, *high = root;
    while (low->left)
        low = low->left;
    while (high->right)
        high = high->right;
    y[0] = low->key * high->key;
    y[1] = root->key * low->key;
    struct Branch *stack[8];
    int depth = 0;
    stack[depth++] = root;
    while (depth) {
        struct Branch *b = stack[--depth];
        if (b->left)
            stack[depth++] = b->left;
        if (b->right)
            stack[depth++] = b->right;
        free(b);
    }
}

ADGEN(vjp)
ADGEN(jvp)
void grown(const double x[6], double y[1])
{
    int room = 1, n = 0;
    double *list = malloc((size_t)room * sizeof *list);
    for (int i = 0; i < 6; i++) {
        if (n == room) {
            double *larger = malloc(2 * (size_t)room * sizeof *larger);
            memcpy(larger, list, (size_t)n * sizeof *list);
            free(list);
            list = larger;
            room *= 2;
        }
        list[n] = x[i] * (n ? list[n - 1] + 1 : 1);
        n++;
    }
    y[0] = list[0] * list[n - 1] + list[n / 2];
    free(list);
}

ADGEN(vjp)
ADGEN(jvp)
void freed_and_used_again(const double x[4], double y[1])
{
    double s = 0;
    for (int k = 0; k < 3; k++) {
        double *a = malloc(sizeof(double[4])), *b = malloc(2 * sizeof *b);
        for (int i = 0; i < 4; i++)
            a[i] = x[i] * (k + 1);
        b[0] = a[0] * a[1];
        free(a);
        a = b;
        a[1] = a[0] * x[2];
        s += a[1] * b[0];
        free(b);
    }
    y[0] = s;
}

ADGEN(vjp)
ADGEN(jvp)
void aligned(const double x[4], double y[1])
{
    double *t = aligned_alloc(32, 4 * sizeof *t);
    for (int i = 0; i < 4; i++)
        t[i] = x[i] * x[3 - i];
    y[0] = t[0] * t[1];
    free(t);
}

ADGEN(vjp)
ADGEN(jvp)
void swapped_heap_buffers(const double x[3], double y[3])
{
    double *now = malloc(3 * sizeof *now), *next = malloc(3 * sizeof *next);
    memcpy(now, x, 3 * sizeof *now);
    for (int t = 0; t < 4; t++) {
        for (int i = 0; i < 3; i++)
            next[i] = now[i] * now[(i + 1) % 3] + 0.5;
        double *old = now;
        now = next;
        next = old;
    }
    for (int i = 0; i < 3; i++)
        y[i] = now[i];
    free(now);
    free(next);
}

ADGEN(vjp)
ADGEN(jvp)
void integers_on_heap(const double x[4], double y[1])
{
    int *order = malloc(4 * sizeof *order);
    for (int i = 0; i < 4; i++)
        order[i] = (3 * i + 1) % 4;
    y[0] = 1;
    for (int i = 0; i < 4; i++)
        y[0] += x[order[i]] * x[i] * y[0];
    free(order);
}

typedef struct { int n; double *data; } Vector;

static Vector make(int n) { return (Vector){n, calloc((size_t)n, sizeof(double))}; }
static void drop(Vector *v) { free(v->data); v->data = NULL; }
static double product(Vector a, Vector b)
{
    double s = 0;
    for (int i = 0; i < a.n; i++)
        s += a.data[i] * b.data[i];
    return s;
}

ADGEN(vjp)
ADGEN(jvp)
void vector_type(const double x[4], double y[1])
{
    Vector a = make(4), b = make(4);
    for (int i = 0; i < a.n; i++) {
        a.data[i] = x[i];
        b.data[i] += product(a, a) * x[3 - i];
    }
    y[0] = product(a, b);
    drop(&a);
    drop(&b);
}
