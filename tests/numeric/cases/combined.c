/* Constructs that meet.
 *
 * CHECK list_then_arrays 5 2 -1 1
 * CHECK table_of_recursions 3 2 -1 1
 * CHECK heap_recursion 6 2 -1 1
 * CHECK struct_of_heap 5 2 -1 1
 * CHECK retry_with_goto 3 2 0.2 1
 * CHECK state_machine_struct 6 2 -1 1
 * CHECK callback_with_context 4 2 -1 1
 * CHECK grid_of_structs 8 2 -1 1
 * CHECK ring_buffer 6 2 -1 1
 * CHECK matrix_by_rows_heap 4 2 -1 1
 * CHECK polymorph 4 2 0.2 1
 * CHECK in_place_transform 6 6 -1 1
 * CHECK sparse_matvec 5 5 -1 1
 * CHECK early_out_nested 6 2 -1 1
 * CHECK newton_with_struct 2 1 0.5 2
 * CHECK hash_accumulate 5 3 -1 1
 * CHECK string_driven 4 2 -1 1
 * CHECK union_inactive 3 1 -1 1
 * CHECK bitmask_select 6 2 -1 1
 * CHECK knapsack_soft 4 1 0.1 1
 * CHECK levinson 4 4 0.2 1
 * CHECK wavelet 8 8 -1 1
 * CHECK erlang_style 3 1 0.2 1
 * CHECK quickselect 7 1 -1 1
 * CHECK mergesort_rec 8 8 -1 1
 * CHECK fft_rec 8 8 -1 1
 * CHECK gauss_jordan 9 3 0.1 1
 * CHECK power_iter 4 1 0.2 1
 * CHECK adaptive_step 2 1 0.2 1
 * CHECK viterbi_like 6 1 -1 1
 */
#include <adgen/adgen.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define BOTH ADGEN(vjp) ADGEN(jvp)

typedef struct node { double v; struct node *next; } node;

BOTH void list_then_arrays(const double x[5], double y[2])
{
    node *head = NULL;
    for (int i = 0; i < 5; i++) {
        node *n = malloc(sizeof *n);
        n->v = x[i] * (i + 1);
        n->next = head;
        head = n;
    }
    double sum = 0, *copy = malloc(5 * sizeof *copy);
    int k = 0;
    for (node *n = head; n; n = n->next)
        copy[k++] = n->v * n->v;
    for (node *n = head; n;) {
        node *next = n->next;
        sum += n->v * copy[--k];
        free(n);
        n = next;
    }
    y[0] = sum;
    y[1] = copy[0] * copy[4];
    free(copy);
}

static double down(double x, int n) { return n ? x * down(x, n - 1) : 1; }
static double zig(double x, int n);
static double zag(double x, int n) { return n ? sin(zig(x, n - 1)) : x; }
static double zig(double x, int n) { return n ? x * zag(x, n - 1) : x; }
typedef double (*walker)(double, int);
static const walker walkers[] = {down, zig};

BOTH void table_of_recursions(const double x[3], double y[2])
{
    y[0] = y[1] = 0;
    for (int i = 0; i < 3; i++) {
        walker w = walkers[i & 1];
        y[i & 1] += w(x[i], 3) * x[0];
    }
}

static void halves(const double *x, int n, double *sum, double *product)
{
    if (n == 1) {
        *sum = x[0];
        *product = x[0];
        return;
    }
    double *s = malloc(2 * sizeof *s), p[2];
    halves(x, n / 2, &s[0], &p[0]);
    halves(x + n / 2, n - n / 2, &s[1], &p[1]);
    *sum = s[0] + s[1] * p[0];
    *product = p[0] * p[1];
    free(s);
}

BOTH void heap_recursion(const double x[6], double y[2])
{
    halves(x, 6, &y[0], &y[1]);
}

typedef struct { int n; double *data; double scale; } vec;

static vec make(int n, double scale)
{
    vec v = {n, malloc((size_t)n * sizeof(double)), scale};
    return v;
}

static double total(const vec *v)
{
    double s = 0;
    for (const double *p = v->data, *e = p + v->n; p != e; ++p)
        s += *p * v->scale;
    return s;
}

BOTH void struct_of_heap(const double x[5], double y[2])
{
    vec a = make(5, x[0]), b = make(3, 2);
    for (int i = 0; i < a.n; i++)
        a.data[i] = x[i] * x[i];
    for (int i = 0; i < b.n; i++)
        b.data[i] = a.data[i + 1] - a.data[i];
    b.scale *= x[1];
    y[0] = total(&a);
    y[1] = total(&b);
    free(a.data);
    free(b.data);
}

BOTH void retry_with_goto(const double x[3], double y[2])
{
    double step = 1, at = x[0];
    int tries = 0;
again:
    if (tries++ < 6) {
        double next = at - step * (at * at - x[1]);
        if (next < 0) {
            step *= 0.5;
            goto again;
        }
        at = next;
        if (fabs(at * at - x[1]) > 0.05)
            goto again;
    }
    y[0] = at;
    y[1] = at * step * x[2];
}

typedef struct { enum { IDLE, RUN, STOP } mode; double level; int ticks; } machine;

static machine advance(machine m, double in)
{
    switch (m.mode) {
    case IDLE:
        m.level = in;
        if (in > 0) m.mode = RUN;
        break;
    case RUN:
        m.level = 0.5 * m.level + in * in;
        if (++m.ticks > 2) m.mode = STOP;
        break;
    case STOP:
        m.level *= in;
        m.mode = IDLE;
    }
    return m;
}

BOTH void state_machine_struct(const double x[6], double y[2])
{
    machine m = {IDLE, 0, 0};
    y[1] = 0;
    for (int i = 0; i < 6; i++) {
        m = advance(m, x[i]);
        y[1] += m.level * x[i];
    }
    y[0] = m.level;
}

typedef double integrand(double t, const void *context);
struct params { double a, b; };
static double f_of(double t, const void *context)
{
    const struct params *p = context;
    return p->a * t * t + sin(p->b * t);
}
static double integrate(integrand *f, const void *context, double to)
{
    double s = 0, h = to / 8;
    for (int i = 0; i < 8; i++)
        s += h * f((i + 0.5) * h, context);
    return s;
}
BOTH void callback_with_context(const double x[4], double y[2])
{
    struct params p = {x[0], x[1]};
    y[0] = integrate(f_of, &p, x[2]);
    p.a = x[3];
    y[1] = integrate(f_of, &p, 1) * x[0];
}

struct cell { double u, v; int kind; };
BOTH void grid_of_structs(const double x[8], double y[2])
{
    struct cell g[2][2], *c = &g[0][0];
    for (int i = 0; i < 4; i++, c++)
        *c = (struct cell){.u = x[2 * i], .v = x[2 * i + 1], .kind = i & 1};
    for (int t = 0; t < 3; t++)
        for (int i = 0; i < 2; i++)
            for (int j = 0; j < 2; j++) {
                struct cell *here = &g[i][j], *there = &g[j][1 - i];
                here->u += 0.1 * there->v * here->v;
                if (here->kind)
                    there->v *= 1 + 0.1 * here->u;
            }
    y[0] = g[0][0].u * g[1][1].v;
    y[1] = g[1][0].u + g[0][1].v;
}

BOTH void ring_buffer(const double x[6], double y[2])
{
    double ring[3] = {0}, s = 0;
    unsigned head = 0;
    for (int i = 0; i < 6; i++) {
        s += x[i] * ring[head % 3] - ring[(head + 1) % 3];
        ring[head++ % 3] = x[i] + 0.5 * s;
    }
    y[0] = s;
    y[1] = ring[0] * ring[1] * ring[2];
}

BOTH void matrix_by_rows_heap(const double x[4], double y[2])
{
    double **m = malloc(3 * sizeof *m);
    for (int i = 0; i < 3; i++) {
        m[i] = calloc(3, sizeof **m);
        for (int j = 0; j <= i; j++)
            m[i][j] = x[i] * x[j] + (i == j);
    }
    double *t = m[0];
    m[0] = m[2];
    m[2] = t;
    y[0] = m[0][0] * m[2][0] * m[1][1];
    y[1] = m[0][2] + m[1][0] * x[3];
    for (int i = 0; i < 3; i++)
        free(m[i]);
    free(m);
}

typedef struct shape { int kind; double a, b; } shape;
static double circle(const shape *s) { return 3.14 * s->a * s->a; }
static double box(const shape *s) { return s->a * s->b; }
BOTH void polymorph(const double x[4], double y[2])
{
    const shape shapes[] = {{0, x[0], 0}, {1, x[1], x[2]}, {0, x[3], x[1]}};
    y[0] = y[1] = 0;
    for (int i = 0; i < 3; i++)
        y[0] += shapes[i].kind ? box(&shapes[i]) : circle(&shapes[i]);
    y[1] = box(&shapes[1]) * circle(&shapes[2]);
}

BOTH void in_place_transform(const double x[6], double y[6])
{
    memcpy(y, x, 6 * sizeof *y);
    for (int h = 1; h < 6; h *= 2)
        for (int i = 0; i + h < 6; i += 2 * h) {
            double a = y[i], b = y[i + h];
            y[i] = a + b * x[0];
            y[i + h] = a - b * b;
        }
}

BOTH void sparse_matvec(const double x[5], double y[5])
{
    static const int start[] = {0, 2, 3, 3, 5, 7}, column[] = {0, 3, 1, 2, 4, 0, 4};
    double value[7];
    for (int k = 0; k < 7; k++)
        value[k] = x[k % 5] * 0.5 + k;
    for (int r = 0; r < 5; r++) {
        double s = 0;
        for (int k = start[r]; k < start[r + 1]; k++)
            s += value[k] * x[column[k]];
        y[r] = s;
    }
}

static int find(const double *x, int n, double limit, double *at)
{
    for (int i = 0; i < n; i++)
        for (int j = i + 1; j < n; j++)
            if (x[i] * x[j] > limit) {
                *at = x[i] - x[j] * limit;
                return i * n + j;
            }
    *at = limit;
    return -1;
}
BOTH void early_out_nested(const double x[6], double y[2])
{
    double at = 0;
    int where = find(x, 6, 0.3 + 0 * x[0], &at);
    y[0] = at * x[1];
    y[1] = where >= 0 ? x[where % 6] * at : at;
}

typedef struct { double f, df; } dual;
static dual eval(double t, const double *c) { return (dual){t * t * t - c[0] * t - c[1], 3 * t * t - c[0]}; }
BOTH void newton_with_struct(const double x[2], double y[1])
{
    double t = 2;
    for (int i = 0; i < 50; i++) {
        dual d = eval(t, x);
        if (fabs(d.f) < 1e-14)
            break;
        t -= d.f / d.df;
    }
    y[0] = t;
}

BOTH void hash_accumulate(const double x[5], double y[3])
{
    uint32_t h = 2166136261u;
    for (int i = 0; i < 3; i++)
        y[i] = 0;
    for (int i = 0; i < 15; i++) {
        h = (h ^ (uint32_t)i) * 16777619u;
        y[h % 3] += x[h % 5] * x[(h >> 8) % 5];
    }
}

BOTH void string_driven(const double x[4], double y[2])
{
    const char *program = "+*-s+*c";
    double acc = x[0];
    int k = 1;
    for (const char *op = program; *op != '\0'; op++) {
        const double v = x[k++ % 4];
        switch (*op) {
        case '+': acc += v; break;
        case '-': acc -= v; break;
        case '*': acc *= v; break;
        case 's': acc = sin(acc); break;
        case 'c': acc = cos(acc * v); break;
        default: continue;
        }
    }
    y[0] = acc;
    y[1] = acc * acc;
}

typedef union { uint32_t word; uint8_t bytes[4]; } packed;
BOTH void union_inactive(const double x[3], double y[1])
{
    packed p;
    p.word = 0x01020300u;
    double s = 0;
    for (int i = 0; i < 4; i++)
        s += p.bytes[i] * x[i % 3] * x[0];
    y[0] = s;
}

BOTH void bitmask_select(const double x[6], double y[2])
{
    double best = -1e9;
    for (unsigned mask = 0; mask < 8; mask++) {
        double s = 0;
        for (int b = 0; b < 3; b++)
            s += mask >> b & 1u ? x[b] * x[b + 3] : -x[b];
        if (s > best)
            best = s;
    }
    y[0] = best;
    y[1] = best * x[0];
}

BOTH void knapsack_soft(const double x[4], double y[1])
{
    double table[6] = {0};
    for (int i = 0; i < 4; i++)
        for (int w = 5; w >= i + 1; w--) {
            double with = table[w - i - 1] + x[i], without = table[w];
            table[w] = log(exp(with) + exp(without));
        }
    y[0] = table[5];
}

BOTH void levinson(const double x[4], double y[4])
{
    double a[4] = {1, 0, 0, 0}, e = 1 + x[0] * x[0];
    for (int k = 1; k < 4; k++) {
        double lambda = 0, t[4];
        for (int j = 0; j < k; j++)
            lambda -= a[j] * x[k - j];
        lambda /= e;
        memcpy(t, a, sizeof t);
        for (int j = 0; j <= k; j++)
            a[j] = t[j] + lambda * t[k - j];
        e *= 1 - lambda * lambda;
    }
    for (int i = 0; i < 4; i++)
        y[i] = a[i] * e;
}

BOTH void wavelet(const double x[8], double y[8])
{
    double t[8];
    for (int i = 0; i < 8; i++)
        y[i] = x[i];
    for (int n = 8; n > 1; n >>= 1) {
        for (int i = 0; i < n / 2; i++) {
            t[i] = 0.7 * (y[2 * i] + y[2 * i + 1]);
            t[n / 2 + i] = 0.7 * (y[2 * i] - y[2 * i + 1]) * y[0];
        }
        for (int i = 0; i < n; i++)
            y[i] = t[i];
    }
}

BOTH void erlang_style(const double x[3], double y[1])
{
    double term = 1, sum = 1, load = 2 * x[0] + x[1];
    int c = 1;
    do {
        term *= load / c;
        sum += term;
    } while (c++ < 5);
    y[0] = term / sum * x[2];
}

BOTH void quickselect(const double x[7], double y[1])
{
    double v[7];
    memcpy(v, x, sizeof v);
    int lo = 0, hi = 6;
    while (lo < hi) {
        double pivot = v[(lo + hi) / 2];
        int i = lo, j = hi;
        while (i <= j) {
            while (v[i] < pivot) i++;
            while (v[j] > pivot) j--;
            if (i <= j) {
                double t = v[i];
                v[i++] = v[j];
                v[j--] = t;
            }
        }
        if (3 <= j) hi = j;
        else if (3 >= i) lo = i;
        else break;
    }
    y[0] = v[3] * v[3];
}

static void merge_sort(double *v, int n, double *scratch)
{
    if (n < 2)
        return;
    const int m = n / 2;
    merge_sort(v, m, scratch);
    merge_sort(v + m, n - m, scratch);
    int i = 0, j = m;
    for (int k = 0; k < n; k++)
        scratch[k] = j >= n || (i < m && v[i] <= v[j]) ? v[i++] : v[j++];
    for (int k = 0; k < n; k++)
        v[k] = scratch[k];
}
BOTH void mergesort_rec(const double x[8], double y[8])
{
    double scratch[8];
    for (int i = 0; i < 8; i++)
        y[i] = x[i] * x[0];
    merge_sort(y, 8, scratch);
}

static void fft(double *re, double *im, int n, int stride, double *ore, double *oim)
{
    if (n == 1) {
        *ore = *re;
        *oim = *im;
        return;
    }
    double er[8], ei[8], dr[8], di[8];
    fft(re, im, n / 2, 2 * stride, er, ei);
    fft(re + stride, im + stride, n / 2, 2 * stride, dr, di);
    for (int k = 0; k < n / 2; k++) {
        double c = cos(-6.283185307179586 * k / n), s = sin(-6.283185307179586 * k / n);
        double tr = c * dr[k] - s * di[k], ti = c * di[k] + s * dr[k];
        ore[k] = er[k] + tr;
        oim[k] = ei[k] + ti;
        ore[k + n / 2] = er[k] - tr;
        oim[k + n / 2] = ei[k] - ti;
    }
}
BOTH void fft_rec(const double x[8], double y[8])
{
    double re[8], im[8] = {0}, ore[8], oim[8];
    memcpy(re, x, sizeof re);
    fft(re, im, 8, 1, ore, oim);
    for (int i = 0; i < 8; i++)
        y[i] = ore[i] * ore[i] + oim[i] * oim[i];
}

BOTH void gauss_jordan(const double x[9], double y[3])
{
    double a[3][4];
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 4; j++)
            a[i][j] = j < 3 ? x[3 * i + j] + 2 * (i == j) : 1 + i;
    for (int c = 0; c < 3; c++) {
        int p = c;
        for (int r = c + 1; r < 3; r++)
            if (fabs(a[r][c]) > fabs(a[p][c]))
                p = r;
        if (p != c)
            for (int j = 0; j < 4; j++) {
                double t = a[c][j];
                a[c][j] = a[p][j];
                a[p][j] = t;
            }
        const double d = 1 / a[c][c];
        for (int j = c; j < 4; j++)
            a[c][j] *= d;
        for (int r = 0; r < 3; r++) {
            if (r == c)
                continue;
            const double f = a[r][c];
            for (int j = c; j < 4; j++)
                a[r][j] -= f * a[c][j];
        }
    }
    for (int i = 0; i < 3; i++)
        y[i] = a[i][3];
}

BOTH void power_iter(const double x[4], double y[1])
{
    double v[2] = {1, 0.5}, lambda = 0;
    for (int k = 0; k < 40; k++) {
        const double w[2] = {(x[0] + 2) * v[0] + x[1] * v[1], x[2] * v[0] + x[3] * v[1]};
        const double norm = sqrt(w[0] * w[0] + w[1] * w[1]);
        const double change = fabs(norm - lambda);
        lambda = norm;
        v[0] = w[0] / norm;
        v[1] = w[1] / norm;
        if (change < 1e-14)
            break;
    }
    y[0] = lambda;
}

BOTH void adaptive_step(const double x[2], double y[1])
{
    double t = 0, u = x[0], h = 0.25;
    int rejected = 0;
    while (t < 1) {
        if (t + h > 1)
            h = 1 - t;
        const double k1 = -x[1] * u, k2 = -x[1] * (u + h * k1), err = 0.5 * h * fabs(k2 - k1);
        if (err > 0.004 && rejected < 20) {
            h *= 0.5;
            rejected++;
            continue;
        }
        u += 0.5 * h * (k1 + k2);
        t += h;
    }
    y[0] = u;
}

BOTH void viterbi_like(const double x[6], double y[1])
{
    double score[2] = {x[0], x[1]}, next[2];
    int from[3][2];
    for (int t = 0; t < 3; t++) {
        for (int s = 0; s < 2; s++) {
            double stay = score[s] + x[2 + s], move = score[1 - s] + x[4 + s] * 0.5;
            from[t][s] = stay >= move ? s : 1 - s;
            next[s] = stay >= move ? stay : move;
        }
        memcpy(score, next, sizeof score);
    }
    int at = score[0] > score[1] ? 0 : 1;
    y[0] = score[at];
    for (int t = 2; t >= 0; t--) {
        at = from[t][at];
        y[0] += x[at] * 0.1 * (t + 1);
    }
}
