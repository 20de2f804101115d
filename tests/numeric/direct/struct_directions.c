/* Structs in several directions at once: every companion is a struct for each direction. */
#include "structs.h"

#include <adgen/adgen.h>
#include <math.h>
#include <stddef.h>

ADGEN(jvp, name(turned_one))
ADGEN(jvp, directions(3), name(turned_three))
ADGEN(jvp, directions(20), name(turned_twenty))
Point turned(Point p, double angle, int n)
{
    for (int i = 0; i < n; i++) {
        const Point q = p;
        p.x = cos(angle) * q.x - sin(angle) * q.y;
        p.y = sin(angle) * q.x + cos(angle) * q.y * p.x;
    }
    return p;
}

/* an array of structs with structs in them, in place */
ADGEN(jvp, wrt(s[n], force), of(s[n]), name(pushed_one))
ADGEN(jvp, wrt(s[n], force), of(s[n]), directions(3), name(pushed_three))
void pushed(int n, struct Spring *s, const Point *force)
{
    for (int i = 0; i < n; i++) {
        s[i].a.x += force->x * s[i].stiffness;
        if (s[i].kind)
            s[i].b = s[i].a;
        else
            s[i] = s[(i + 1) % n];
        s[i].b.y *= force->y;
        s[i].kind++;
    }
}

/* arrays in structs, by value and copied as a whole; second derivatives */
ADGEN(hvp, name(energy_one))
ADGEN(hvp, directions(3), name(energy_three))
double energy(struct Cell c, const struct Cell *other, double g)
{
    struct Cell both[2] = {c, *other};
    double local[3], e = 0;
    for (int k = 0; k < 3; k++)
        local[k] = both[1].v[k];
    for (int i = 0; i < 2; i++)
        for (int k = 0; k < 3; k++)
            e += exp(g * both[i].v[k]) * local[k] * both[i].at.x;
    return e;
}

/* pointers in structs: each direction has arrays of its own */
ADGEN(jvp, name(through_one))
ADGEN(jvp, directions(3), name(through_three))
double through(const struct Net *n, const double x[2])
{
    double h[2] = {x[0], x[1]};
    for (int l = 0; l < n->layers; l++) {
        double z[2];
        const struct Matrix *w = &n->w[l];
        for (int i = 0; i < w->rows; i++) {
            const double *row = w->data + i * w->cols;
            z[i] = n->bias[i];
            for (int j = 0; j < w->cols; j++)
                z[i] += *row++ * h[j];
        }
        for (int i = 0; i < 2; i++)
            h[i] = tanh(z[i]);
    }
    return h[0] * h[1];
}

/* a list that is walked, and its nodes changed */
ADGEN(jvp, wrt(n, scale), of(n), name(scaled_one))
ADGEN(jvp, wrt(n, scale), of(n), directions(3), name(scaled_three))
void scaled(struct Node *n, double scale)
{
    double before = 1;
    for (; n; n = n->next) {
        n->value = n->value * before * scale;
        before = n->value;
    }
}

/* a list of its own */
ADGEN(jvp, name(linked_one))
ADGEN(jvp, directions(3), name(linked_three))
double linked(const double x[3], int first)
{
    struct Node nodes[3] = {{x[0], &nodes[2]}, {x[1] * x[0], &nodes[0]}, {x[2] * x[2], NULL}};
    double s = 0;
    for (const struct Node *n = &nodes[first]; n; n = n->next)
        s = s * x[1] + n->value;
    return s;
}

/* loops of unknown length carry structs: the tape */
ADGEN(hvp, name(settled_one))
ADGEN(hvp, directions(3), name(settled_three))
ADGEN(hvp, directions(20), name(settled_twenty))
double settled(const Point *start, double rate)
{
    Point p = *start;
    int rounds = 0;
    while (p.x * p.x + p.y * p.y > 1e-3 && rounds++ < 30) {
        p.x -= rate * sin(p.x);
        p.y -= rate * p.y * p.x;
    }
    return p.x * p.y + p.x;
}

/* float and double members */
ADGEN(jvp, name(mixed_one))
ADGEN(jvp, directions(3), name(mixed_three))
void mixed_members(int n, const struct Mixed *m, struct Mixed *out)
{
    for (int i = 0; i < n; i++) {
        out[i] = m[n - 1 - i];
        out[i].f = m[i].f * (float)m[i].d;
    }
}

/* globals */
Point center = {0.5, 2};
struct Cell cells[2] = {{{1, 2}, {3, 4, 5}}, {{6, 7}, {8, 9, 10}}};

ADGEN(jvp, wrt(x, center, cells), name(around_one))
double around(double x)
{
    double s = 0;
    for (int i = 0; i < 2; i++)
        for (int k = 0; k < 3; k++)
            s += cells[i].v[k] * center.y * cells[1 - i].at.x * x;
    return s * center.x;
}

Point center3 = {0.5, 2};
struct Cell cells3[2] = {{{1, 2}, {3, 4, 5}}, {{6, 7}, {8, 9, 10}}};

ADGEN(jvp, wrt(x, center3, cells3), directions(3), name(around_three))
double around3(double x)
{
    double s = 0;
    for (int i = 0; i < 2; i++)
        for (int k = 0; k < 3; k++)
            s += cells3[i].v[k] * center3.y * cells3[1 - i].at.x * x;
    return s * center3.x;
}

/* a struct that only this file knows: its companions are rows without brackets */
struct Hidden { double u, w; };

struct Hidden *hidden_new(double u, double w, int count);
double *hidden_numbers(struct Hidden *h);

ADGEN(jvp, name(weighed_one))
ADGEN(jvp, directions(3), name(weighed_three))
double weighed(int n, const struct Hidden *h)
{
    double s = 0;
    for (int i = 0; i < n; i++)
        s += h[i].u * h[i].w * (i + 1);
    return s;
}

static struct Hidden room[32];

double *hidden_numbers(struct Hidden *h)
{
    return &h->u;
}

struct Hidden *hidden_new(double u, double w, int count)
{
    static int next;
    struct Hidden *first = &room[next];
    for (int i = 0; i < count; i++)
        room[next++] = (struct Hidden){u + i, w - i};
    return first;
}
