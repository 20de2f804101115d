/* Colouring: which columns, or rows, of a sparse matrix are computed together.
 *
 * Greedy, in the order of the indices, which is optimal for band matrices. (Gebremedhin, Manne, Pothen, What Color
 * Is Your Jacobian?, SIAM Review 47, 2005, algorithms 3.1 and 4.1.) */
#include "sparse.h"

enum { MIN_HUB = 16 };

/* forbidden[c] == vertex + 1: color c is not for this vertex. */
static long first_allowed(const long *forbidden, long vertex, long color)
{
    while (forbidden[color] == vertex + 1)
        color++;
    return color;
}

/* Does one row hold all the vertices? Then each has a color of its own. */
static int is_full(const Rows *groups, long vertices)
{
    for (long i = 0; i < groups->count; i++)
        if (groups->starts[i + 1] - groups->starts[i] == vertices)
            return 1;
    return 0;
}

long color_apart(const Rows *of, const Rows *groups, long *color)
{
    const long n = of->count;
    long colors = 0;
    if (is_full(groups, n)) {
        for (long v = 0; v < n; v++)
            color[v] = v;
        return n;
    }
    long *forbidden = ad_alloc_zeroed_array(long, n + 1);
    for (long v = 0; v < n; v++) {
        for (long a = of->starts[v]; a < of->starts[v + 1]; a++) {
            const long group = of->indices[a];
            for (long k = groups->starts[group]; k < groups->starts[group + 1]; k++)
                if (groups->indices[k] < v)
                    forbidden[color[groups->indices[k]]] = v + 1;
        }
        color[v] = first_allowed(forbidden, v, 0);
        colors = color[v] < colors ? colors : color[v] + 1;
    }
    ad_free(forbidden);
    return colors;
}

/* ---- star colouring ---- */

typedef struct Stars {
    const Rows *graph;
    const char *hub; /* by vertex */
    long *color;     /* -1: none yet */
    long *forbidden;
    long vertex;
} Stars;

static void forbid(Stars *s, long other)
{
    if (s->color[other] >= 0)
        s->forbidden[s->color[other]] = s->vertex + 1;
}

/* A neighbour of the neighbour `end` has the color of `middle`: the path would have two colors only. */
static int closes_path(const Stars *s, long middle, long end)
{
    for (long k = s->graph->starts[end]; k < s->graph->starts[end + 1]; k++) {
        const long other = s->graph->indices[k];
        if (other != middle && other != end && s->color[other] == s->color[middle])
            return 1;
    }
    return 0;
}

static void forbid_beyond(Stars *s, long middle)
{
    for (long k = s->graph->starts[middle]; k < s->graph->starts[middle + 1]; k++) {
        const long end = s->graph->indices[k];
        if (end == s->vertex || end == middle || s->hub[end] || s->color[end] < 0 ||
            s->forbidden[s->color[end]] == s->vertex + 1)
            continue;
        if (s->color[middle] < 0 || closes_path(s, middle, end))
            forbid(s, end);
    }
}

/* Neighbours of very many vertices have colors of their own, so that paths through them need no attention: to
 * follow those from everywhere would cost n^2. */
static long color_hubs(Stars *s, char *hub)
{
    const Rows *graph = s->graph;
    const double entries = (double)graph->starts[graph->count];
    long colors = 0;
    for (long v = 0; v < graph->count; v++) {
        const double degree = (double)(graph->starts[v + 1] - graph->starts[v]);
        hub[v] = degree > MIN_HUB && degree * degree > entries;
        s->color[v] = hub[v] ? colors++ : -1;
    }
    return colors;
}

long color_stars(const Rows *graph, long *color)
{
    const long n = graph->count;
    char *hub = ad_alloc_array(char, n);
    Stars s = {.graph = graph, .hub = hub, .color = color, .forbidden = ad_alloc_zeroed_array(long, n + 1)};
    const long hubs = color_hubs(&s, hub);
    long colors = hubs;
    for (long v = 0; v < n; v++) {
        if (hub[v])
            continue;
        s.vertex = v;
        for (long k = graph->starts[v]; k < graph->starts[v + 1]; k++) {
            const long middle = graph->indices[k];
            if (middle == v)
                continue;
            forbid(&s, middle);
            if (!hub[middle])
                forbid_beyond(&s, middle);
        }
        color[v] = first_allowed(s.forbidden, v, hubs);
        colors = color[v] < colors ? colors : color[v] + 1;
    }
    ad_free(s.forbidden);
    ad_free(hub);
    return colors;
}
