/* Minimum s-t cuts of small graphs. */
#ifndef ADGEN_DIFF_MIN_CUT_H
#define ADGEN_DIFF_MIN_CUT_H

#include <stdbool.h>

#include "base/arena.h"

typedef struct FlowEdge {
    unsigned to;
    int next;        /* next edge of the same node, or -1 */
    double capacity; /* what is left */
} FlowEdge;

typedef struct FlowGraph {
    Arena *arena;
    VEC(FlowEdge) edges; /* edge 2k, and its reverse 2k + 1 */
    VEC(int) first;      /* by node: its first edge, or -1 */
} FlowGraph;

#define FLOW_INFINITE 1e30

unsigned flow_node(FlowGraph *graph);
void flow_edge(FlowGraph *graph, unsigned from, unsigned to, double capacity);

/* Finds a minimum cut between source and sink; the result tells, by node, what stays on the source's
 * side. Dinic's algorithm (1970). */
const bool *flow_cut(FlowGraph *graph, unsigned source, unsigned sink);

#endif
