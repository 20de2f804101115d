/* Minimum cuts by Dinic's algorithm: shortest augmenting paths, level by level. */
#include "diff/min_cut.h"

#include <string.h>

unsigned flow_node(FlowGraph *graph)
{
    vec_push(graph->arena, &graph->first, -1);
    return (unsigned)graph->first.count - 1;
}

static void half_edge(FlowGraph *graph, unsigned from, unsigned to, double capacity)
{
    const FlowEdge edge = {to, graph->first.items[from], capacity};
    vec_push(graph->arena, &graph->edges, edge);
    graph->first.items[from] = (int)graph->edges.count - 1;
}

void flow_edge(FlowGraph *graph, unsigned from, unsigned to, double capacity)
{
    half_edge(graph, from, to, capacity);
    half_edge(graph, to, from, 0);
}

typedef struct Search {
    FlowGraph *graph;
    int *level;      /* by node; -1: not reached */
    int *next;       /* by node: the edge to try next */
    unsigned *queue; /* also the stack of the current path's edges */
    unsigned source, sink;
} Search;

enum { EPSILON_DENOMINATOR = 1000000 };
static const double epsilon = 1.0 / EPSILON_DENOMINATOR;

static bool find_levels(Search *s)
{
    const FlowGraph *graph = s->graph;
    memset(s->level, -1, graph->first.count * sizeof *s->level);
    unsigned head = 0, tail = 0;
    s->queue[tail++] = s->source;
    s->level[s->source] = 0;
    while (head < tail) {
        const unsigned node = s->queue[head++];
        for (int e = graph->first.items[node]; e >= 0; e = graph->edges.items[e].next) {
            const FlowEdge *edge = &graph->edges.items[e];
            if (edge->capacity <= epsilon || s->level[edge->to] >= 0)
                continue;
            s->level[edge->to] = s->level[node] + 1;
            s->queue[tail++] = edge->to;
        }
    }
    return s->level[s->sink] >= 0;
}

/* One augmenting path along the levels; false if there is none left. Iterative: paths may be long. */
static bool augment(Search *s)
{
    FlowGraph *graph = s->graph;
    unsigned *path = s->queue, length = 0;
    unsigned node = s->source;
    while (node != s->sink) {
        int *e = &s->next[node];
        while (*e >= 0 && (graph->edges.items[*e].capacity <= epsilon ||
                           s->level[graph->edges.items[*e].to] != s->level[node] + 1))
            *e = graph->edges.items[*e].next;
        if (*e >= 0) {
            path[length++] = (unsigned)*e;
            node = graph->edges.items[*e].to;
        } else if (length == 0) {
            return false;
        } else {
            s->level[node] = -1; /* a dead end */
            node = graph->edges.items[path[--length] ^ 1u].to;
        }
    }
    double flow = FLOW_INFINITE;
    for (unsigned i = 0; i < length; i++)
        if (graph->edges.items[path[i]].capacity < flow)
            flow = graph->edges.items[path[i]].capacity;
    for (unsigned i = 0; i < length; i++) {
        graph->edges.items[path[i]].capacity -= flow;
        graph->edges.items[path[i] ^ 1u].capacity += flow;
    }
    return true;
}

const bool *flow_cut(FlowGraph *graph, unsigned source, unsigned sink)
{
    const size_t n = graph->first.count;
    Search s = {.graph = graph,
                .level = arena_new_array(graph->arena, int, n),
                .next = arena_new_array(graph->arena, int, n),
                .queue = arena_new_array(graph->arena, unsigned, n),
                .source = source,
                .sink = sink};
    while (find_levels(&s)) {
        memcpy(s.next, graph->first.items, n * sizeof *s.next);
        while (augment(&s)) {
        }
    }
    bool *side = arena_new_array(graph->arena, bool, n);
    for (size_t i = 0; i < n; i++)
        side[i] = s.level[i] >= 0;
    return side;
}
