/* realloc: grown, shrunk, in structs, through a wrapper; arrays on the heap where the stack has no room.
 *
 * CHECK collected 6 2 -1 1
 * CHECK doubled 6 2 -1 1
 * CHECK shrunk 4 1 -1 1
 * CHECK in_struct 6 2 -1 1
 * CHECK by_wrapper 5 2 -1 1
 * CHECK on_one_branch 4 2 -1 1
 * CHECK integers_too 5 1 -1 1
 * CHECK small_buffer 6 2 -1 1
 * CHECK small_buffer_later 6 2 -1 1
 */
#include <adgen/adgen.h>
#include <math.h>
#include <stdlib.h>

/* grown by one element at a time, from nothing */
ADGEN(vjp)
ADGEN(jvp)
void collected(const double x[6], double y[2])
{
    double *kept = NULL;
    int n = 0;
    for (int i = 0; i < 6; i++)
        if (x[i] > 0) {
            kept = realloc(kept, (size_t)(n + 1) * sizeof *kept);
            kept[n++] = x[i] * x[0];
        }
    y[0] = 1;
    y[1] = n;
    for (int i = 0; i < n; i++) {
        y[0] *= 1 + kept[i];
        y[1] += kept[i] * kept[0];
    }
    free(kept);
}

ADGEN(vjp)
ADGEN(jvp)
void doubled(const double x[6], double y[2])
{
    size_t count = 0, capacity = 2;
    double *stack = malloc(capacity * sizeof(double));
    if (!stack)
        abort();
    for (int round = 0; round < 2; round++)
        for (int i = 0; i < 6; i++) {
            if (count == capacity) {
                capacity *= 2;
                double *larger = realloc(stack, capacity * sizeof *larger);
                if (!larger) {
                    free(stack);
                    abort();
                }
                stack = larger;
            }
            stack[count] = count ? sin(stack[count - 1]) * x[i] : x[i];
            count++;
        }
    y[0] = stack[count - 1];
    y[1] = stack[1] * stack[7] + stack[5];
    free(stack);
}

ADGEN(vjp)
ADGEN(jvp)
void shrunk(const double x[4], double y[1])
{
    double *t = calloc(8, sizeof *t);
    for (int i = 0; i < 4; i++) {
        t[i] = x[i] * x[i];
        t[i + 4] = x[i];
    }
    y[0] = t[6] * t[2];
    t = realloc(t, 3 * sizeof *t);
    y[0] += t[0] * t[1] + t[2];
    free(t);
}

struct vector {
    double *data;
    int size, capacity;
};

static void append(struct vector *v, double value)
{
    if (v->size == v->capacity) {
        v->capacity = v->capacity ? 2 * v->capacity : 1;
        v->data = realloc(v->data, (size_t)v->capacity * sizeof *v->data);
    }
    v->data[v->size++] = value;
}

ADGEN(vjp)
ADGEN(jvp)
void in_struct(const double x[6], double y[2])
{
    struct vector v = {NULL, 0, 0};
    for (int i = 0; i < 6; i++)
        append(&v, x[i] * x[(i + 1) % 6]);
    append(&v, v.data[2] * v.data[3]);
    y[0] = y[1] = 0;
    for (int i = 0; i < v.size; i++) {
        y[0] += v.data[i] * i;
        y[1] += v.data[i] * v.data[v.size - 1 - i];
    }
    free(v.data);
}

static void *resized(void *memory, size_t size)
{
    void *larger = realloc(memory, size);
    if (!larger)
        exit(1);
    return larger;
}

ADGEN(vjp)
ADGEN(jvp)
void by_wrapper(const double x[5], double y[2])
{
    double *t = resized(NULL, 2 * sizeof *t);
    t[0] = x[0] * x[1];
    t[1] = x[2];
    for (int n = 3; n < 6; n++) {
        t = resized(t, (size_t)n * sizeof *t);
        t[n - 1] = t[n - 2] * x[n - 1] + t[n - 3];
    }
    y[0] = t[4] * t[0];
    y[1] = t[3];
    free(t);
}

ADGEN(vjp)
ADGEN(jvp)
void on_one_branch(const double x[4], double y[2])
{
    int n = 2;
    double *t = malloc(2 * sizeof *t), *u = x[0] > 0 ? t : malloc(3 * sizeof *u);
    if (u != t)
        free(t);
    u[0] = x[1];
    u[1] = x[2] * x[0];
    if (x[3] > 0) {
        n = 4;
        u = realloc(u, (size_t)n * sizeof *u);
        u[2] = u[3] = x[3] * u[1];
    }
    y[0] = u[0] * u[1];
    y[1] = u[n - 1] * u[n - 2];
    free(u);
}

ADGEN(vjp)
ADGEN(jvp)
void integers_too(const double x[5], double y[1])
{
    int *order = NULL, n = 0;
    for (int i = 4; i >= 0; i--) {
        order = realloc(order, sizeof(int) * (size_t)(n + 1));
        order[n++] = i;
    }
    y[0] = 0;
    for (int i = 0; i < n; i++)
        y[0] += x[i] * x[order[i]] * (i + 1);
    free(order);
}

static double autocorrelation(int n, const double *x)
{
    double local[4], *t = n <= 4 ? local : malloc((size_t)n * sizeof *t), s = 0;
    for (int i = 0; i < n; i++)
        t[i] = x[i] * x[0];
    for (int i = 0; i < n; i++)
        s += t[i] * t[n - 1 - i];
    if (t != local)
        free(t);
    return s;
}

ADGEN(vjp)
ADGEN(jvp)
void small_buffer(const double x[6], double y[2])
{
    y[0] = autocorrelation(3, x + 2);
    y[1] = autocorrelation(6, x);
}

ADGEN(vjp)
ADGEN(jvp)
void small_buffer_later(const double x[6], double y[2])
{
    for (int k = 0; k < 2; k++) {
        const int n = k ? 6 : 3;
        double local[4], *t = local;
        if (n > 4)
            t = malloc((size_t)n * sizeof *t);
        for (int i = 0; i < n; i++)
            t[i] = i ? t[i - 1] * x[i] + x[0] : x[1];
        y[k] = t[n - 1] * t[1];
        if (t != local)
            free(t);
    }
}
