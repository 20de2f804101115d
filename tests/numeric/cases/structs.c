/* Structs: by value and by pointer, nested, in arrays, assigned, returned; initialisers; unions where
 * nothing is active.
 *
 * SPARSE
 * CHECK by_member 3 2 -1 1
 * CHECK assigned_whole 4 3 -1 1
 * CHECK returned 4 2 -1 1
 * CHECK nested 6 2 -1 1
 * CHECK array_of_structs 8 2 -1 1
 * CHECK array_in_struct 6 3 -1 1
 * CHECK matrix_struct 9 4 -1 1
 * CHECK designated 5 3 -1 1
 * CHECK anonymous_members 4 2 -1 1
 * CHECK struct_state 4 2 0.2 1
 * CHECK struct_choice 4 2 -1 1
 * CHECK quadrature 2 1 0.2 1
 * CHECK unions_inactive 3 1 -1 1
 * CHECK bit_fields 3 1 -1 1
 * CHECK struct_of_pointers 6 2 -1 1
 * CHECK updated_in_place 6 3 0.2 1
 * CHECK self_assignment 3 2 -1 1
 * CHECK struct_memcpy 6 2 -1 1
 * CHECK stack_of_structs 5 2 0.2 1
 * CHECK local_type 3 1 -1 1
 * CHECK mixed_precision_struct 3 2 0.2 1 single
 * CHECK swap_structs 4 2 -1 1
 * CHECK bit_fields_overflow 3 2 -1 1
 * CHECK bit_fields_as_values 3 2 -1 1
 * CHECK bit_fields_in_arrays 3 2 -1 1
 */
#include <adgen/adgen.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

typedef struct { double x, y; } Point;
struct Segment { Point a, b; int kind; };
struct Poly { int degree; double c[4]; };
struct Matrix { double a[3][3]; };
enum Shape { FLAT, ROUND = 3 };

ADGEN(vjp)
ADGEN(jvp)
void by_member(const double x[3], double y[2])
{
    Point p;
    p.x = x[0] * x[1];
    p.y = sin(x[2]);
    p.x *= p.y;
    y[0] = p.x + p.y;
    y[1] = p.x * p.y;
}

ADGEN(vjp)
ADGEN(jvp)
void assigned_whole(const double x[4], double y[3])
{
    Point p = {x[0], x[1]}, q = {x[2], x[3]}, t;
    t = p;
    p = q;
    q = t;
    p.x *= 2;
    y[0] = p.x * q.y;
    y[1] = p.y * q.x;
    y[2] = t.x * t.y;
}

static Point times(Point p, Point q)
{
    Point r = {p.x * q.x - p.y * q.y, p.x * q.y + p.y * q.x};
    return r;
}

static Point power(Point p, int n)
{
    if (n == 0)
        return (Point){1, 0};
    Point r = p;
    for (int i = 1; i < n; i++)
        r = times(r, p);
    return r;
}

ADGEN(vjp)
ADGEN(jvp)
void returned(const double x[4], double y[2])
{
    Point p = {x[0], x[1]};
    Point r = times(power(p, 3), times((Point){x[2], x[3]}, p));
    y[0] = r.x + power(p, 0).x;
    y[1] = times(r, p).y;
}

static double length(const struct Segment *s)
{
    const double dx = s->b.x - s->a.x, dy = s->b.y - s->a.y;
    return s->kind == ROUND ? sqrt(1 + dx * dx + dy * dy) : fabs(dx) + fabs(dy);
}

static void shift(struct Segment *s, Point by)
{
    s->a.x += by.x;
    s->a.y += by.y;
    s->b.x -= by.x * s->a.x;
}

ADGEN(vjp)
ADGEN(jvp)
void nested(const double x[6], double y[2])
{
    struct Segment s = {{x[0], x[1]}, {x[2], x[3]}, ROUND};
    Point by = {x[4], x[5]};
    shift(&s, by);
    y[0] = length(&s);
    s.kind = FLAT;
    s.b = by;
    shift(&s, s.a);
    y[1] = length(&s) * s.b.y;
}

ADGEN(vjp)
ADGEN(jvp)
void array_of_structs(const double x[8], double y[2])
{
    Point p[4];
    for (int i = 0; i < 4; i++) {
        p[i].x = x[2 * i];
        p[i].y = exp(0.3 * x[2 * i + 1]);
    }
    for (int i = 1; i < 4; i++) {
        p[i] = times(p[i], p[i - 1]);
        p[i - 1].x = 0.5 * p[i].y;
    }
    Point sum = {0};
    for (const Point *q = p; q < p + 4; q++) {
        sum.x += q->x * q->y;
        sum.y += q->y;
    }
    y[0] = sum.x;
    y[1] = sum.y;
}

static double evaluate(const struct Poly *p, double at)
{
    double value = 0;
    for (int i = p->degree; i >= 0; i--)
        value = value * at + p->c[i];
    return value;
}

static struct Poly derived(struct Poly p)
{
    for (int i = 0; i < p.degree; i++)
        p.c[i] = (i + 1) * p.c[i + 1];
    p.degree--;
    return p;
}

ADGEN(vjp)
ADGEN(jvp)
void array_in_struct(const double x[6], double y[3])
{
    struct Poly p = {.degree = 3};
    for (int i = 0; i <= p.degree; i++)
        p.c[i] = x[i];
    const struct Poly q = derived(p);
    y[0] = evaluate(&p, x[4]);
    y[1] = evaluate(&q, x[5]);
    p = derived(q);
    y[2] = evaluate(&p, x[4] * x[5]) * q.c[0];
}

static struct Matrix product(const struct Matrix *a, const struct Matrix *b)
{
    struct Matrix c = {0};
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            for (int k = 0; k < 3; k++)
                c.a[i][j] += a->a[i][k] * b->a[k][j];
    return c;
}

ADGEN(vjp)
ADGEN(jvp)
void matrix_struct(const double x[9], double y[4])
{
    struct Matrix m, p = {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
    memcpy(m.a, x, sizeof m.a);
    for (int n = 0; n < 3; n++)
        p = product(&p, &m);
    for (int i = 0; i < 4; i++)
        y[i] = p.a[i % 3][(i + 1) % 3] * m.a[0][i % 2];
}

ADGEN(vjp)
ADGEN(jvp)
void designated(const double x[5], double y[3])
{
    struct Segment s = {.b = {.y = x[0]}, .a.x = x[1], .kind = 2};
    struct Segment t[2] = {[1] = {.a = {x[2], x[3]}, .b.x = x[4]}, [0].b = {x[0], x[1]}};
    struct Poly p = {2, {x[0], [2] = x[1]}};
    y[0] = s.a.x * s.b.y + s.a.y + s.kind * s.b.x;
    y[1] = t[1].a.x * t[1].a.y * t[1].b.x + t[0].b.x * t[0].b.y + t[0].a.x;
    y[2] = evaluate(&p, x[2]);
}

struct Tagged {
    int tag;
    struct { double u, v; };
    struct { double w; } inner;
};

ADGEN(vjp)
ADGEN(jvp)
void anonymous_members(const double x[4], double y[2])
{
    struct Tagged t = {1, {x[0], x[1]}, {x[2]}};
    struct Tagged s = {.v = x[3]};
    t.u *= t.v + s.v;
    s.u = t.inner.w * t.u;
    y[0] = s.u * s.v;
    y[1] = t.u + t.tag * s.inner.w;
}

struct State { double position, speed, energy; long steps; bool moving; };

static void step(struct State *s, double force, double dt)
{
    s->speed += dt * (force - 0.1 * s->speed * s->speed);
    s->position += dt * s->speed;
    s->energy = 0.5 * s->speed * s->speed;
    s->moving = s->speed > 0.2;
    s->steps++;
}

ADGEN(vjp)
ADGEN(jvp)
void struct_state(const double x[4], double y[2])
{
    struct State s = {.position = x[0], .speed = x[1]};
    do
        step(&s, x[2], 0.1 * x[3]);
    while (s.moving && s.steps < 6);
    y[0] = s.position * s.energy;
    y[1] = s.speed;
}

ADGEN(vjp)
ADGEN(jvp)
void struct_choice(const double x[4], double y[2])
{
    Point p = {x[0], x[1]}, q = {x[2], x[3]};
    Point larger = p.x > q.x ? p : times(q, p);
    Point *which = p.y > q.y ? &p : &q;
    which->x *= larger.y;
    y[0] = larger.x * p.x;
    y[1] = q.x + which->y;
}

struct Node { double at, weight; };
static const struct Node rule[] = {{-0.7745966692414834, 5.0 / 9}, {0, 8.0 / 9}, {0.7745966692414834, 5.0 / 9}};
static const struct { const int n; struct Node node[2]; } other_rule = {2, {{-0.5773502691896257, 1}, {0.5773502691896257, 1}}};

ADGEN(vjp)
ADGEN(jvp)
void quadrature(const double x[2], double y[1])
{
    double s = 0;
    for (int i = 0; i < 3; i++)
        s += rule[i].weight * exp(x[0] * rule[i].at + x[1]);
    for (int i = 0; i < other_rule.n; i++)
        s *= 1 + other_rule.node[i].weight * cos(x[1] * other_rule.node[i].at);
    y[0] = s;
}

union Word { unsigned u[2]; unsigned long long w; };

ADGEN(vjp)
ADGEN(jvp)
void unions_inactive(const double x[3], double y[1])
{
    union Word word = {{1, 2}};
    union Word copy = word;
    copy.u[0] += 1;
    y[0] = x[copy.u[0] % 3] * x[word.u[1] % 3] + (copy.w != word.w) * x[0];
}

struct Flags { unsigned sign : 1, count : 5; int shift : 4; double scale; };

ADGEN(vjp)
ADGEN(jvp)
void bit_fields(const double x[3], double y[1])
{
    struct Flags f = {1, 3, -2, 0};
    f.scale = x[2] * (f.sign ? -1 : 1);
    f.count++;
    double s = 0;
    for (unsigned i = 0; i < f.count; i++)
        s += x[i % 3] * f.scale + f.shift * x[1];
    y[0] = s * f.scale;
}

struct Vector { int n; const double *data; };
struct Output { int n; double *data; };

static double inner(struct Vector a, struct Vector b)
{
    double s = 0;
    for (int i = 0; i < a.n; i++)
        s += a.data[i] * b.data[i];
    return s;
}

static void scale(struct Output out, struct Vector v, double by)
{
    for (int i = 0; i < out.n; i++)
        out.data[i] = by * v.data[i];
}

ADGEN(vjp)
ADGEN(jvp)
void struct_of_pointers(const double x[6], double y[2])
{
    struct Vector a = {3, x}, b = {.n = 3, .data = x + 3};
    struct Output out = {2, y};
    double t[2];
    struct Output mid = {2, t};
    scale(mid, a, inner(a, b));
    scale(out, (struct Vector){2, t}, t[1]);
}

ADGEN(vjp)
ADGEN(jvp)
void updated_in_place(const double x[6], double y[3])
{
    struct { Point p; double w; } s[2] = {{{x[0], x[1]}, x[2]}, {{x[3], x[4]}, x[5]}};
    for (int i = 0; i < 5; i++) {
        const int k = i % 2;
        s[k].p.x = sin(s[1 - k].p.y * s[k].w);
        s[1 - k].w += s[k].p.x * s[k].p.y;
        s[k].p.y *= s[k].p.x;
    }
    y[0] = s[0].p.x + s[1].p.y;
    y[1] = s[0].w * s[1].w;
    y[2] = s[1].p.x * s[0].p.y;
}

ADGEN(vjp)
ADGEN(jvp)
void self_assignment(const double x[3], double y[2])
{
    Point p = {x[0], x[1]}, list[2] = {{x[1], x[2]}, {1, 2}};
    int i = x[0] > 5;
    p = p;
    list[i] = list[0];
    list[1] = p;
    y[0] = list[0].x * list[1].x;
    y[1] = list[0].y * list[1].y;
}

ADGEN(vjp)
ADGEN(jvp)
void struct_memcpy(const double x[6], double y[2])
{
    Point p[3], q[3];
    for (int i = 0; i < 3; i++)
        p[i] = (Point){x[i], x[3 + i] * x[i]};
    memcpy(q, p, sizeof p);
    memmove(q + 1, q, 2 * sizeof *q);
    memset(p, 0, sizeof p);
    p[1] = q[2];
    y[0] = p[0].x + p[1].x * q[1].y;
    y[1] = q[0].x * q[2].y;
}

struct Stack { Point items[8]; int top; };

static void push(struct Stack *s, Point p) { s->items[s->top++] = p; }
static Point pop(struct Stack *s) { return s->items[--s->top]; }

ADGEN(vjp)
ADGEN(jvp)
void stack_of_structs(const double x[5], double y[2])
{
    struct Stack s = {.top = 0};
    for (int i = 0; i < 4; i++)
        push(&s, (Point){x[i], x[i + 1]});
    while (s.top > 1) {
        Point a = pop(&s), b = pop(&s);
        push(&s, times(a, b));
    }
    Point r = pop(&s);
    y[0] = r.x;
    y[1] = r.y;
}

ADGEN(vjp)
ADGEN(jvp)
void local_type(const double x[3], double y[1])
{
    struct Pair { double first, second; } p = {x[0], x[1]};
    for (int i = 0; i < 3; i++) {
        struct Pair next = {p.second, p.first * x[2]};
        p = next;
    }
    y[0] = p.first * p.second;
}

struct Mixed { float f; double d; long double l; short s; };

ADGEN(vjp)
ADGEN(jvp)
void mixed_precision_struct(const double x[3], double y[2])
{
    struct Mixed m = {(float)x[0], x[1], x[2], 2};
    m.l *= m.d;
    m.d += m.f * m.s;
    y[0] = (double)(m.l * m.f);
    y[1] = m.d * m.d;
}

static void exchange(Point *a, Point *b)
{
    const Point t = *a;
    *a = *b;
    *b = t;
}

ADGEN(vjp)
ADGEN(jvp)
void swap_structs(const double x[4], double y[2])
{
    Point p[2] = {{x[0], x[1]}, {x[2], x[3]}};
    for (int i = 0; i < 3; i++) {
        if (p[0].x > p[1].x)
            exchange(&p[0], &p[1]);
        p[i % 2].x *= 1.5;
        exchange(p, p + 1);
    }
    y[0] = p[0].x * p[1].y;
    y[1] = p[1].x * p[0].y;
}

struct bits { unsigned k : 3; signed int m : 4; double v; unsigned on : 1; bool b : 1; unsigned w : 23; };

ADGEN(vjp)
ADGEN(jvp)
void bit_fields_overflow(const double x[3], double y[2])
{
    struct bits f = {.k = 6, .m = -3, .v = x[0], .on = 1};
    for (int i = 0; i < 4; i++) {
        f.k++;
        f.m += 2;
        if (f.on)
            f.v = f.v * f.k + f.m * x[1];
        f.on ^= 1;
        f.b = i;
        f.v += f.b;
    }
    y[0] = f.v;
    y[1] = f.v * x[2] * f.k;
}

ADGEN(vjp)
ADGEN(jvp)
void bit_fields_as_values(const double x[3], double y[2])
{
    struct bits f = {0};
    f.v = x[0];
    int a = 13 + (x[0] > 2), b = 9 + (x[1] > 2), c = f.k = a, d = (f.m = b), e = f.m++, g = --f.k;
    y[0] = f.v * (c + 10 * d + 100 * e + 1000 * g);
    f.k = 6; /* an int where it is an operand: 6 / -2 */
    f.k /= -2;
    f.w = 5;
    f.w -= 7;
    y[1] = x[1] * f.k + (f.k - 7 < 0 ? x[2] * x[2] : x[0]) + 1e-6 * f.w * x[2];
}

static void step_of_bits(struct bits *f, const double *x)
{
    f->k += 5;
    f->m -= 7;
    f->v = f->v * x[f->k % 3] + f->m;
}

ADGEN(vjp)
ADGEN(jvp)
void bit_fields_in_arrays(const double x[3], double y[2])
{
    struct bits f[3] = {{.v = x[0]}, {.v = x[1], .k = 5}, {.m = 7}};
    for (int i = 0; i < 7; i++)
        step_of_bits(&f[(i + f[0].k) % 3], x);
    y[0] = f[0].v * f[1].v;
    y[1] = f[2].v * f[2].k + f[1].m * x[2];
}
