/* Structs as parameters: by value, by pointer, in arrays, with pointer members, as results, overwritten. */
#include "structs.h"

#include <adgen/adgen.h>
#include <math.h>

ADGEN(grad)
ADGEN(vjp)
ADGEN(jvp)
double by_value(Point p, double s)
{
    return s * sin(p.x) * p.y;
}

/* the parameter is the function's own variable: its companion belongs to what was passed */
ADGEN(grad)
ADGEN(jvp)
double by_value_changed(Point p, int n)
{
    for (int i = 0; i < n; i++) {
        p.x *= p.y;
        p.y = cos(p.x);
    }
    return p.x;
}

ADGEN(grad)
ADGEN(jvp)
double spring_energy(int n, const struct Spring *springs)
{
    double e = 0;
    for (int i = 0; i < n; i++) {
        const double dx = springs[i].b.x - springs[i].a.x, dy = springs[i].b.y - springs[i].a.y;
        e += 0.5 * springs[i].stiffness * (dx * dx + dy * dy) * (springs[i].kind ? 1 : dx);
    }
    return e;
}

ADGEN(vjp)
ADGEN(jvp)
Point rotated(Point p, double angle)
{
    Point r = {cos(angle) * p.x - sin(angle) * p.y, sin(angle) * p.x + cos(angle) * p.y};
    return r;
}

/* in place: one companion, seed and adjoint */
ADGEN(vjp, wrt(s, force), of(s))
ADGEN(jvp, wrt(s, force), of(s))
void pushed(struct Spring *s, const Point *force)
{
    s->a.x += force->x * s->stiffness;
    s->b = s->a;
    s->b.y *= force->y;
    s->kind++;
}

static double element(const struct Matrix *m, int i, int j)
{
    return m->data[i * m->cols + j];
}

/* pointer members lead to the companion arrays */
ADGEN(grad)
ADGEN(jvp)
double quadratic_form(const struct Matrix *m, const double *v)
{
    double s = 0;
    for (int i = 0; i < m->rows; i++)
        for (int j = 0; j < m->cols; j++)
            s += v[i] * element(m, i, j) * v[j];
    return s;
}

ADGEN(vjp)
ADGEN(jvp)
void forward(const struct Net *net, const double x[2], double y[2])
{
    double h[2];
    for (int i = 0; i < 2; i++)
        h[i] = x[i];
    for (int l = 0; l < net->layers; l++) {
        const struct Matrix *w = &net->w[l];
        double next[2];
        for (int i = 0; i < w->rows; i++) {
            next[i] = net->bias[l];
            for (int j = 0; j < w->cols; j++)
                next[i] += w->data[i * w->cols + j] * h[j];
        }
        for (int i = 0; i < w->rows; i++)
            h[i] = tanh(next[i]);
    }
    for (int i = 0; i < 2; i++)
        y[i] = h[i];
}

/* a struct with pointers, by value; its array is overwritten */
ADGEN(vjp, wrt(m, by), of(m))
ADGEN(jvp, wrt(m, by), of(m))
void scaled(struct Matrix *m, double by)
{
    for (int i = 0; i < m->rows * m->cols; i++)
        m->data[i] *= by * m->data[i];
}

ADGEN(grad)
ADGEN(jvp)
double trace(struct Matrix m)
{
    double s = 1;
    for (int i = 0; i < m.rows; i++)
        s *= m.data[i * m.cols + i];
    return s;
}

ADGEN(grad)
ADGEN(jvp)
double list_norm(const struct Node *list)
{
    double s = 0;
    for (const struct Node *n = list; n; n = n->next)
        s += n->value * n->value * (n->next ? n->next->value : 1);
    return sqrt(s);
}

/* an array of pointers to rows */
ADGEN(grad, wrt(rows))
ADGEN(jvp, wrt(rows))
double determinant(double **rows)
{
    return rows[0][0] * rows[1][1] - rows[0][1] * rows[1][0];
}

/* an independent struct that is overwritten, but not a dependent */
ADGEN(grad, wrt(p), of(return))
double consumed(int n, Point p[n])
{
    double s = 0;
    for (int i = 0; i < n; i++) {
        p[i].x *= p[i].y;
        s += p[i].x * p[i].x;
        p[i].y = 0;
    }
    return s;
}

/* a local array of structs handed to a helper by value and by pointer */
static Point middle(Point a, const Point *b) { return (Point){0.5 * (a.x + b->x), 0.5 * (a.y * b->y)}; }

ADGEN(grad)
double smoothed(int n, const double x[n])
{
    Point p[n];
    for (int i = 0; i < n; i++)
        p[i] = (Point){x[i], x[n - 1 - i]};
    for (int i = 1; i < n; i++)
        p[i] = middle(p[i - 1], &p[i]);
    return p[n - 1].x * p[n - 1].y;
}
