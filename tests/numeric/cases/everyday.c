/* Everyday C, construct by construct.
 *
 * CHECK fall_through 3 2 -1 1
 * CHECK default_first 3 2 -1 1
 * CHECK default_between 3 2 -1 1
 * CHECK switch_in_loop 4 2 -1 1
 * CHECK switch_continue 4 2 -1 1
 * CHECK returns_in_switch 3 1 -1 1
 * CHECK condition_does_work 5 2 -1 1
 * CHECK bound_changes 4 1 -1 1
 * CHECK stops_at_value 5 2 0.1 1
 * CHECK do_while_data 2 1 0.5 1
 * CHECK comma_for 6 2 -1 1
 * CHECK self_overlap 3 2 -1 1
 * CHECK shifted_overlap 5 2 -1 1
 * CHECK address_passed_down 3 2 -1 1
 * CHECK pointer_back 4 2 -1 1
 * CHECK matrix_rows 6 2 -1 1
 * CHECK moves 6 3 -1 1
 * CHECK sets 4 2 -1 1
 * CHECK vla_two 6 2 -1 1
 * CHECK const_tables 4 2 -1 1
 * CHECK struct_out 3 2 -1 1
 * CHECK compound_literals 3 2 -1 1
 * CHECK enum_loop 3 2 -1 1
 * CHECK conversions_between 4 2 -1 1
 * CHECK unsigned_wraps 4 1 -1 1
 * CHECK bool_logic 4 2 -1 1
 * CHECK printing 2 1 -1 1 no-matrix
 * CHECK guarded_error 3 1 0.1 1
 * CHECK char_counters 4 1 -1 1
 * CHECK size_t_down 4 2 -1 1
 * CHECK long_double_sum 4 1 -1 1
 * CHECK chained_assignment 3 2 -1 1
 * CHECK nested_ternary 3 2 -1 1
 * CHECK static_inline_calls 3 1 -1 1
 * CHECK in_out_helper 4 2 -1 1
 * CHECK struct_with_pointer 4 2 -1 1
 * CHECK row_pointer_type 6 2 -1 1
 * CHECK three_pointers 5 2 -1 1
 * CHECK infinite_for 4 1 0.1 1
 * CHECK goto_cleanup_heap 4 1 -1 1
 * CHECK array_of_arrays_param 6 2 -1 1
 * CHECK bisect 2 1 0.5 2
 * CHECK horner_down 4 1 -1 1
 * CHECK argmax_gather 5 1 -1 1
 * CHECK walk_to_the_end 4 2 -1 1
 * CHECK sort_insertion 5 5 -1 1
 * CHECK prefix_and_back 5 2 -1 1
 * CHECK histogram_soft 5 3 -1 1
 * CHECK cumulative_product_div 4 4 0.2 1
 * CHECK abs_and_order 3 2 -1 1
 * CHECK letters_and_long_doubles 3 2 -1 1
 * CHECK assignments_as_values 4 2 -1 1
 * CHECK headers_with_comments 3 2 -1 1
 */
#include <adgen/adgen.h>
#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BOTH ADGEN(vjp) ADGEN(jvp)

BOTH void fall_through(const double x[3], double y[2])
{
    y[0] = y[1] = 0;
    for (int k = 0; k < 5; k++) {
        switch (k) {
        case 0:
            y[0] += x[0] * x[1];
            /* fall through */
        case 1:
            y[1] += y[0] * x[2];
            break;
        case 2:
        case 3:
            y[0] *= x[k - 2];
            /* fall through */
        default:
            y[1] -= y[0] * y[0];
        }
    }
}

BOTH void default_first(const double x[3], double y[2])
{
    double s = 1;
    for (int k = 0; k < 4; k++)
        switch (k % 3) {
        default:
            s *= x[2];
            /* fall through */
        case 1:
            s += x[0];
            break;
        case 2:
            s *= s * x[1];
        }
    y[0] = s;
    y[1] = s * x[0];
}

BOTH void default_between(const double x[3], double y[2])
{
    double s = x[0];
    for (int k = -1; k < 4; k++) {
        switch (k) {
        case 1: s *= x[1]; break;
        default: s += x[2] * s; /* fall through */
        case 3: s = sin(s);
        }
    }
    y[0] = s;
    y[1] = x[0] * s;
}

BOTH void switch_in_loop(const double x[4], double y[2])
{
    double acc = 0;
    int state = 0;
    for (int i = 0; i < 8; i++) {
        switch (state) {
        case 0: acc += x[i & 3]; state = 2; break;
        case 1: acc *= x[i % 4]; state = 0; break;
        case 2: acc += acc * x[3]; state = acc > 0.5 ? 1 : 0; continue;
        }
        acc += 0.25 * acc * acc;
    }
    y[0] = acc;
    y[1] = acc * x[1];
}

BOTH void switch_continue(const double x[4], double y[2])
{
    double s = 0;
    for (int i = 0; i < 4; i++) {
        switch (i) {
        case 1: continue;
        case 2: s += x[0];
        }
        s += x[i] * s + x[i];
        if (i == 3) break;
    }
    y[0] = s;
    y[1] = s * s;
}

static double pick(int kind, double a, double b)
{
    switch (kind) {
    case 'a': return a * b;
    case 'b': return a / (2 + b * b);
    case 'c': { double t = a - b; return t * t; }
    default: return a;
    }
}

BOTH void returns_in_switch(const double x[3], double y[1])
{
    const char kinds[] = "abcd";
    double s = 0;
    for (const char *k = kinds; *k; k++)
        s += pick(*k, x[0] + s, x[1]) * x[2];
    y[0] = s;
}

BOTH void condition_does_work(const double x[5], double y[2])
{
    int i = 0, n = 5;
    double s = 0;
    while (i < n && (s += x[i++] * x[0]) < 4)
        s *= 1.5;
    y[0] = s;
    y[1] = i;
    y[1] *= s;
}

BOTH void bound_changes(const double x[4], double y[1])
{
    int n = 2;
    double s = 1;
    for (int i = 0; i < n; i++) {
        s *= 1 + x[i];
        if (s < 4 && n < 4)
            n++;
    }
    y[0] = s;
}

BOTH void stops_at_value(const double x[5], double y[2])
{
    double s = 0;
    int i;
    for (i = 0; i < 5; ++i) {
        s += exp(x[i]);
        if (s > 3.3)
            break;
    }
    y[0] = s;
    y[1] = i < 5 ? s * x[i] : s;
}

BOTH void do_while_data(const double x[2], double y[1])
{
    double r = x[0], e;
    do {
        e = (r * r - 2 - x[1]) / (2 * r);
        r -= e;
    } while (fabs(e) > 1e-13);
    y[0] = r;
}

BOTH void comma_for(const double x[6], double y[2])
{
    double s = 0, p = 1;
    for (int i = 0, j = 5; i < j; i++, j--)
        s += x[i] * x[j], p *= x[i] - x[j];
    y[0] = s;
    y[1] = p;
}

static void axpy(int n, double a, const double *u, double *v)
{
    for (int i = 0; i < n; i++)
        v[i] += a * u[i];
}

BOTH void self_overlap(const double x[3], double y[2])
{
    double t[3];
    memcpy(t, x, sizeof t);
    axpy(3, x[0], t, t);
    y[0] = t[0] * t[1];
    y[1] = t[2] * t[2];
}

BOTH void shifted_overlap(const double x[5], double y[2])
{
    double t[5];
    for (int i = 0; i < 5; i++)
        t[i] = x[i];
    axpy(4, x[4], t + 1, t);
    axpy(4, x[3], t, t + 1);
    y[0] = t[0] * t[4];
    y[1] = t[2] * t[3];
}

static void both(double a, double b, double *sum, double *product)
{
    *sum = a + b;
    *product = a * b;
}

BOTH void address_passed_down(const double x[3], double y[2])
{
    double s, p, q[2];
    both(x[0], x[1], &s, &p);
    both(s, p, &q[1], &q[0]);
    both(q[0], x[2], &s, &y[0]);
    y[1] = s * q[1];
}

static double *largest(double *v, int n)
{
    double *best = v;
    for (double *p = v + 1; p < v + n; p++)
        if (*p > *best)
            best = p;
    return best;
}

BOTH void pointer_back(const double x[4], double y[2])
{
    double t[4] = {x[0], x[1], x[2], x[3]};
    *largest(t, 4) *= x[0];
    double *b = largest(t, 3);
    y[0] = *b * t[3];
    y[1] = b[0] + t[1] * t[2];
}

BOTH void matrix_rows(const double x[6], double y[2])
{
    double m[2][3];
    for (int i = 0; i < 2; i++) {
        double *row = m[i];
        for (int j = 0; j < 3; j++)
            *row++ = x[3 * i + j] * x[j];
    }
    const double *end = &m[1][3];
    double s = 0;
    for (const double *p = end; p != &m[0][0];) {
        --p;
        s = s * 0.5 + *p * p[0];
    }
    y[0] = s;
    y[1] = m[1][0] * end[-1];
}

BOTH void moves(const double x[6], double y[3])
{
    double t[8] = {0};
    memcpy(t + 1, x, 6 * sizeof *x);
    memmove(t, t + 1, 5 * sizeof *t);
    memmove(t + 3, t + 1, 4 * sizeof(double));
    y[0] = t[0] * t[3];
    y[1] = t[4] * t[5];
    y[2] = t[6] * t[1] + t[7];
}

BOTH void sets(const double x[4], double y[2])
{
    double t[4];
    for (int i = 0; i < 4; i++)
        t[i] = x[i] * x[i];
    y[0] = t[1] * t[2];
    memset(t + 1, 0, 2 * sizeof *t);
    for (int i = 0; i < 4; i++)
        t[i] += x[3 - i];
    y[1] = t[0] * t[1] * t[3];
}

BOTH void vla_two(const double x[6], double y[2])
{
    int n = 2, m = 3;
    double a[n][m], v[m];
    for (int i = 0; i < n; i++)
        for (int j = 0; j < m; j++)
            a[i][j] = x[i * m + j];
    for (int j = 0; j < m; j++) {
        v[j] = 0;
        for (int i = 0; i < n; i++)
            v[j] += a[i][j] * a[i][(j + 1) % m];
    }
    y[0] = v[0] * v[1];
    y[1] = v[2];
}

static const double weights[4] = {0.1, 0.5, -1, 2};
static const int order[] = {3, 1, 0, 2};
static const struct { double scale; int index; } table[] = {{1.5, 2}, {-0.5, 0}, {2, 3}};

BOTH void const_tables(const double x[4], double y[2])
{
    y[0] = y[1] = 0;
    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        y[0] += weights[i] * x[order[i]] * x[i];
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        y[1] += table[i].scale * sin(x[table[i].index]);
}

typedef struct { double re, im; } cplx;

static cplx mul(cplx a, cplx b)
{
    return (cplx){a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}

BOTH void struct_out(const double x[3], double y[2])
{
    cplx z = {x[0], x[1]}, c = {.im = x[2]};
    for (int i = 0; i < 4; i++) {
        z = mul(z, z);
        z.re += c.re;
        z.im += c.im;
    }
    y[0] = z.re;
    y[1] = z.im;
}

static double norm2(const double *v) { return v[0] * v[0] + v[1] * v[1]; }

BOTH void compound_literals(const double x[3], double y[2])
{
    y[0] = norm2((double[]){x[0] * x[1], x[2]});
    const cplx *p = &(cplx){.im = x[0], .re = x[1] * x[2]};
    y[1] = mul(*p, (cplx){x[2], 1}).im;
}

enum axis { X, Y, Z, AXES };

BOTH void enum_loop(const double x[AXES], double y[2])
{
    double p = 1;
    for (enum axis a = X; a < AXES; a++)
        p *= a == Y ? x[a] * x[a] : x[a];
    y[0] = p;
    y[1] = x[Z] * p;
}

BOTH void conversions_between(const double x[4], double y[2])
{
    float f = (float)x[0];
    int n = (int)(3.7 + 0 * f);
    long double l = x[1] * (long double)n;
    unsigned char c = 200;
    short s = -3;
    y[0] = (double)(l * l) + x[2] * c / s;
    y[1] = (x[3] * n) / 2 + 7 / 2 * x[3] + (1 / 2) * x[0];
}

BOTH void unsigned_wraps(const double x[4], double y[1])
{
    double s = 0;
    for (unsigned i = 3; i < 4; i--)
        s = s * x[i] + x[3u - i];
    uint8_t k = 250;
    do {
        s += x[k & 3] * 0.5;
        k += 2;
    } while (k);
    y[0] = s * s;
}

BOTH void bool_logic(const double x[4], double y[2])
{
    bool positive = x[0] > 0, large = x[1] > 10;
    _Bool any = positive || large;
    y[0] = any ? x[2] * x[3] : 0;
    y[1] = !large && (positive || x[2] > 0) ? x[0] * x[1] : x[3];
    y[1] += any * x[2];
}

BOTH void printing(const double x[2], double y[1])
{
    double s = x[0] * x[1];
    if (s > 1e9)
        fprintf(stderr, "large: %g\n", s);
    y[0] = s * s;
    (void)snprintf((char[8]){0}, 8, "%d", 3);
}

BOTH void guarded_error(const double x[3], double y[1])
{
    assert(x[0] > -100);
    if (x[1] < 0) {
        fprintf(stderr, "negative\n");
        abort();
    }
    double r = sqrt(x[1]);
    if (isnan(r) || !isfinite(x[2]))
        exit(3);
    y[0] = r * x[0] * x[2];
}

BOTH void char_counters(const double x[4], double y[1])
{
    double s = 1;
    for (char c = 'a'; c <= 'd'; c++)
        s += s * x[c - 'a'];
    for (signed char d = 3; d >= 0; d--)
        s -= x[(int)d] * x[0];
    y[0] = s;
}

BOTH void size_t_down(const double x[4], double y[2])
{
    double s = 0;
    for (size_t i = 4; i-- > 0;)
        s = s * 0.5 + x[i] * x[0];
    size_t k = 4;
    double p = 1;
    while (k != 0)
        p *= x[--k] + s;
    y[0] = s;
    y[1] = p;
}

BOTH void long_double_sum(const double x[4], double y[1])
{
    long double s = 0, c = 0;
    for (int i = 0; i < 4; i++) {
        s += sinl(x[i]);
        c += cosl(x[i]) * s;
    }
    y[0] = (double)(s * c);
}

BOTH void chained_assignment(const double x[3], double y[2])
{
    double a, b, c;
    a = b = c = x[0] * x[1];
    a += b *= c -= x[2];
    y[0] = (a = a * b) + c;
    y[1] = (c++, c + b);
}

BOTH void nested_ternary(const double x[3], double y[2])
{
    double m = x[0] > x[1] ? x[0] > x[2] ? x[0] : x[2] : x[1] > x[2] ? x[1] : x[2];
    y[0] = m * m;
    y[1] = (m > 0.3 ? sin : cos)(x[0]) * m;
}

static inline double sq(double v) { return v * v; }
static inline double cube(double v) { return sq(v) * v; }

BOTH void static_inline_calls(const double x[3], double y[1])
{
    y[0] = sq(cube(x[0]) + sq(x[1])) * cube(x[2]);
}

static void rotate(double *a, double *b, double angle)
{
    const double c = cos(angle), s = sin(angle), t = *a;
    *a = c * *a - s * *b;
    *b = s * t + c * *b;
}

BOTH void in_out_helper(const double x[4], double y[2])
{
    double v[3] = {x[0], x[1], x[2]};
    for (int i = 0; i < 4; i++)
        rotate(&v[i % 3], &v[(i + 1) % 3], x[3] * i);
    y[0] = v[0] * v[1];
    y[1] = v[2];
}

struct vec { double *data; int n; };

static double dot(struct vec a, struct vec b)
{
    double s = 0;
    for (int i = 0; i < a.n; i++)
        s += a.data[i] * b.data[i];
    return s;
}

BOTH void struct_with_pointer(const double x[4], double y[2])
{
    double t[4], u[4];
    struct vec a = {t, 4}, b = {.n = 4, .data = u};
    for (int i = 0; i < a.n; i++) {
        a.data[i] = x[i] * x[0];
        b.data[b.n - 1 - i] = x[i];
    }
    y[0] = dot(a, b);
    y[1] = dot(a, a);
}

static double trace_product(const double (*a)[3], int n)
{
    double s = 0;
    for (int i = 0; i < n; i++)
        s += a[i][i] * (*(a + i))[2];
    return s;
}

BOTH void row_pointer_type(const double x[6], double y[2])
{
    double a[2][3];
    double (*row)[3] = a;
    for (int i = 0; i < 2; i++, row++)
        for (int j = 0; j < 3; j++)
            (*row)[j] = x[3 * i + j];
    y[0] = trace_product((const double (*)[3])a, 2);
    y[1] = row[-1][1] * a[0][2];
}

BOTH void three_pointers(const double x[5], double y[2])
{
    double a[5], b[5], c[5], *p[3] = {a, b, c};
    for (int k = 0; k < 3; k++)
        for (int i = 0; i < 5; i++)
            p[k][i] = k ? p[k - 1][(i + 1) % 5] * x[i] : x[i];
    double *t = p[0];
    p[0] = p[2];
    p[2] = t;
    y[0] = p[0][1] * p[2][3];
    y[1] = **p + *p[1];
}

BOTH void infinite_for(const double x[4], double y[1])
{
    double s = x[0];
    for (int i = 1;; i++) {
        s = s * x[i & 3] + 1;
        if (s > 20 || i > 12)
            break;
    }
    y[0] = s;
}

BOTH void goto_cleanup_heap(const double x[4], double y[1])
{
    double *t = malloc(4 * sizeof *t), *u = NULL;
    y[0] = 0;
    if (!t)
        goto done;
    for (int i = 0; i < 4; i++)
        t[i] = x[i] * x[i];
    if (t[0] > 50)
        goto done;
    u = calloc(2, sizeof *u);
    if (!u)
        goto done;
    u[0] = t[0] * t[1];
    u[1] = t[2] * t[3];
    y[0] = u[0] * u[1];
done:
    free(u);
    free(t);
}

static double frob(int r, int c, const double m[r][c])
{
    double s = 0;
    for (int i = 0; i < r; i++)
        for (int j = 0; j < c; j++)
            s += m[i][j] * m[i][j];
    return sqrt(s);
}

BOTH void array_of_arrays_param(const double x[6], double y[2])
{
    double m[3][2];
    memcpy(m, x, sizeof m);
    m[1][0] *= 2;
    y[0] = frob(3, 2, (const double (*)[2])m);
    y[1] = frob(2, 2, (const double (*)[2])&m[1]);
}

static double g(double t, double a) { return t * t * t - a; }

BOTH void bisect(const double x[2], double y[1])
{
    double r = 1;
    for (int i = 0; i < 60; i++) {
        double d = 3 * r * r, step = g(r, x[0] + x[1]) / d;
        if (step == 0)
            break;
        r -= step;
    }
    y[0] = r;
}

BOTH void horner_down(const double x[4], double y[1])
{
    int n = 4;
    const double *c = x + n;
    double r = 0;
    while (c > x)
        r = r * x[0] + *--c;
    y[0] = r;
}

BOTH void argmax_gather(const double x[5], double y[1])
{
    int best = 0;
    for (int i = 1; i < 5; i++)
        if (x[i] > x[best])
            best = i;
    y[0] = x[best] * x[(best + 1) % 5];
}

BOTH void sort_insertion(const double x[5], double y[5])
{
    for (int i = 0; i < 5; i++) {
        double key = x[i] * x[i];
        int j = i - 1;
        for (; j >= 0 && y[j] > key; j--)
            y[j + 1] = y[j];
        y[j + 1] = key;
    }
}

BOTH void prefix_and_back(const double x[5], double y[2])
{
    double a[5];
    a[0] = x[0];
    for (int i = 1; i < 5; i++)
        a[i] = a[i - 1] * x[i] + x[0];
    for (int i = 3; i >= 0; i--)
        a[i] -= a[i + 1] * a[i];
    y[0] = a[0];
    y[1] = a[2] * a[4];
}

BOTH void histogram_soft(const double x[5], double y[3])
{
    memset(y, 0, 3 * sizeof *y);
    for (int i = 0; i < 5; i++) {
        int bin = (int)floor(1.5 + x[i]);
        bin = bin < 0 ? 0 : bin > 2 ? 2 : bin;
        y[bin] += x[i] * x[i];
        y[2 - bin] *= 1 + 0.1 * x[i];
    }
}

BOTH void cumulative_product_div(const double x[4], double y[4])
{
    double p = 1;
    for (int i = 0; i < 4; i++)
        p *= x[i];
    for (int i = 0; i < 4; i++)
        y[i] = p / x[i];
}

BOTH void walk_to_the_end(const double x[4], double y[2])
{
    const double *p = x, *end = &x[4];
    double s = 0;
    while (p != end) {
        s += *p * x[0];
        ++p;
    }
    y[0] = s;
    y[1] = s * (p == end ? x[1] : x[2]);
}

BOTH void abs_and_order(const double x[3], double y[2])
{
    y[0] = y[1] = 0;
    for (int i = -2; i <= 2; i++) {
        long l = -i;
        y[0] += abs(i) * x[abs(i)] * x[0];
        y[1] += labs(l) * x[llabs(i)] * y[0];
    }
    y[0] *= islessgreater(x[0], x[1]) ? x[0] * x[1] : 1;
    y[1] *= isunordered(x[0], x[1]) ? 0 : x[2];
    if (__builtin_expect(isunordered(x[0], NAN), 1))
        y[1] *= x[1];
    if (!islessgreater(x[0], x[0]))
        y[0] *= x[2];
}

static const char letters[] = "bca";
static const long double long_weights[] = {0.1L + 0.2L, -1.5L * 2, 1 / 3.0L, -(2.0L - 1)};

BOTH void letters_and_long_doubles(const double x[3], double y[2])
{
    long double s = 0;
    for (const char *c = letters; *c; c++)
        s += x[*c - 'a'] * (1 + s);
    y[0] = (double)s;
    for (int i = 0; i < 4; i++)
        s += long_weights[i] * x[i % 3] * x[0];
    y[1] = (double)s;
}

BOTH void assignments_as_values(const double x[4], double y[2])
{
    cplx p = {x[0], x[1]}, q, r, choice = (p.re *= 2, x[2] > 0) ? p : (cplx){x[3], 1};
    const double *at;
    double t[2][2] = {{0}}, (*row)[2];
    y[0] = (q = p).re * x[2];
    y[0] += (r = q).im * choice.re;
    q.re *= x[3];
    y[1] = (p = q).re + r.im;
    y[1] *= (p.im *= 2, p).im;
    y[1] += (at = x + 1)[1];
    (row = t)[1][0] = x[0] * at[2];
    (y[0] > 0, row)[1][1] = x[1];
    y[0] += t[1][0] * t[1][1];
}

BOTH void headers_with_comments(const double x[3], double y[2])
{
    double s = 0;
    int i = 0, k = 0;
    for (/* i; */; i < 3 /* ; ) */; i++ /* ( */)
        s += x[i] * x[0];
    for (; /* forever; */ ;) {
        if (k++ > 3)
            break;
        s *= 1 + x[k % 3];
    }
    for (int c = ';'; c < '=' // ; more
         ; c++)
        s += x[c - ';'];
    for (const char *p = "a;)\"(b"; *p; p++)
        s += 0.1 * s * (*p == ')');
    y[0] = s;
    y[1] = s * s;
}
