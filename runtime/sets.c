/* Sets of indices, for the dependency sweeps of sparse patterns.
 *
 * A sweep makes a union for every operation that it meets, and asks for the members of few of them. So a union
 * is no more than a note of its two parts, unless it is small: then it is a sorted list, and a union that adds
 * nothing is the set itself. Loops that come back to the same variables thus do not grow their sets. */
#include <limits.h>
#include <stdint.h>
#include <string.h>

#include "sparse.h"

enum { MAX_LISTED = 8, CACHE_SIZE = 1024 };

/* A list of -second members from `first` on, or the union of the sets `first` and `second`. */
typedef struct Node {
    long first, second;
} Node;

typedef struct Known {
    long a, b, result;
} Known;

struct AdSets {
    AdAllocator allocator;
    Node *nodes;
    long count, capacity;
    long *members; /* of the lists */
    long num_members, member_capacity;
    Known cache[CACHE_SIZE];
};

static void *allocate(const AdAllocator *allocator, long count, size_t size)
{
    const size_t most = PTRDIFF_MAX / size;
    return ad_allocator_require(allocator, (size_t)count > most ? SIZE_MAX : (size_t)count * size);
}

static void *grow(const AdSets *sets, void *old, long count, long *capacity, size_t size)
{
    const long wanted = *capacity * 2;
    void *larger = allocate(&sets->allocator, wanted, size);
    memcpy(larger, old, (size_t)count * size);
    ad_allocator_give_back(&sets->allocator, old);
    *capacity = wanted;
    return larger;
}

AdSets *ad_sets_new(void)
{
    const AdAllocator allocator = ad_current_allocator();
    AdSets *sets = ad_allocator_require(&allocator, sizeof *sets);
    *sets = (AdSets){.allocator = allocator, .count = 1, .capacity = 256, .member_capacity = 256};
    sets->nodes = allocate(&allocator, sets->capacity, sizeof *sets->nodes);
    sets->nodes[0] = (Node){0, 0};
    sets->members = allocate(&allocator, sets->member_capacity, sizeof *sets->members);
    return sets;
}

void ad_sets_free(AdSets *sets)
{
    if (!sets)
        return;
    const AdAllocator allocator = sets->allocator;
    ad_allocator_give_back(&allocator, sets->members);
    ad_allocator_give_back(&allocator, sets->nodes);
    ad_allocator_give_back(&allocator, sets);
}

static long add_node(AdSets *sets, Node node)
{
    if (sets->count == sets->capacity)
        sets->nodes = grow(sets, sets->nodes, sets->count, &sets->capacity, sizeof *sets->nodes);
    sets->nodes[sets->count] = node;
    return sets->count++;
}

static long add_list(AdSets *sets, const long *members, long count)
{
    if (sets->member_capacity - sets->num_members < count)
        sets->members =
            grow(sets, sets->members, sets->num_members, &sets->member_capacity, sizeof *sets->members);
    memcpy(sets->members + sets->num_members, members, (size_t)count * sizeof *members);
    sets->num_members += count;
    return add_node(sets, (Node){sets->num_members - count, -count});
}

long ad_set_of(AdSets *sets, long index)
{
    return add_list(sets, &index, 1);
}

/* ---- unions ---- */

static int is_list(const Node *node)
{
    return node->second < 0;
}

/* The union of two short lists: one of them if it contains the other, or a new one; 0 where it is too long. */
static long join_lists(AdSets *sets, long a, long b)
{
    const Node left = sets->nodes[a], right = sets->nodes[b];
    long merged[2 * MAX_LISTED], count = 0, i = 0, k = 0;
    while (i < -left.second || k < -right.second) {
        const long x = i < -left.second ? sets->members[left.first + i] : LONG_MAX;
        const long y = k < -right.second ? sets->members[right.first + k] : LONG_MAX;
        merged[count++] = x < y ? x : y;
        i += x <= y;
        k += y <= x;
    }
    if (count == -left.second || count == -right.second)
        return count == -left.second ? a : b;
    return count <= MAX_LISTED ? add_list(sets, merged, count) : 0;
}

static int is_part_of(const AdSets *sets, long part, long whole)
{
    const Node *node = &sets->nodes[whole];
    return !is_list(node) && (node->first == part || node->second == part);
}

long ad_set_join(AdSets *sets, long a, long b)
{
    if (!a || !b || a == b)
        return a ? a : b;
    if (is_part_of(sets, a, b) || is_part_of(sets, b, a))
        return is_part_of(sets, a, b) ? b : a;
    Known *known = &sets->cache[((unsigned long)a * 31 + (unsigned long)b) % CACHE_SIZE];
    if (known->a == a && known->b == b)
        return known->result;
    long result = 0;
    if (is_list(&sets->nodes[a]) && is_list(&sets->nodes[b]))
        result = join_lists(sets, a, b);
    if (!result)
        result = add_node(sets, (Node){a, b});
    *known = (Known){a, b, result};
    return result;
}

long ad_sets_join_all(AdSets *sets, long set, long lines, long width, long step, const long *from)
{
    for (long i = 0; i < lines; i++)
        for (long k = 0; k < width; k++)
            set = ad_set_join(sets, set, from[i * (step < 0 ? -step : step) + k]);
    return set;
}

void ad_sets_add_to_all(AdSets *sets, long set, long lines, long width, long step, long *to)
{
    for (long i = 0; i < lines; i++)
        for (long k = 0; k < width; k++) {
            long *element = &to[i * (step < 0 ? -step : step) + k];
            *element = ad_set_join(sets, *element, set);
        }
}

/* ---- members ---- */

typedef struct Visit {
    const AdSets *sets;
    long row;       /* + 1: what is marked with it has been seen for this row */
    long *node_row; /* by set */
    long *seen;     /* by index */
    long *stack, depth;
    Rows *out;
    long capacity;
} Visit;

static void *larger(void *old, long count, long *capacity)
{
    long *copy = ad_alloc_array(long, *capacity * 2);
    memcpy(copy, old, (size_t)count * sizeof *copy);
    ad_free(old);
    *capacity *= 2;
    return copy;
}

static void add_member(Visit *v, long index, long *count)
{
    if (v->seen[index] == v->row)
        return;
    v->seen[index] = v->row;
    if (*count == v->capacity)
        v->out->indices = larger(v->out->indices, *count, &v->capacity);
    v->out->indices[(*count)++] = index;
}

/* The parts of a union are visited depth first; each waits on the stack at most once for a row. */
static void push(Visit *v, long set)
{
    if (!set || v->node_row[set] == v->row)
        return;
    v->node_row[set] = v->row;
    v->stack[v->depth++] = set;
}

static void visit_row(Visit *v, long set, long *count)
{
    push(v, set);
    while (v->depth) {
        const Node *node = &v->sets->nodes[v->stack[--v->depth]];
        if (is_list(node)) {
            for (long i = 0; i < -node->second; i++)
                add_member(v, v->sets->members[node->first + i], count);
        } else {
            push(v, node->second);
            push(v, node->first);
        }
    }
}

Rows sets_members(const AdSets *sets, const long *row_sets, long rows, long columns)
{
    Rows out = {.count = rows, .starts = ad_alloc_array(long, rows + 1)};
    Visit v = {.sets = sets,
               .node_row = ad_alloc_zeroed_array(long, sets->count),
               .seen = ad_alloc_zeroed_array(long, columns),
               .stack = ad_alloc_array(long, sets->count),
               .out = &out,
               .capacity = 64};
    out.indices = ad_alloc_array(long, v.capacity);
    long count = 0;
    for (long i = 0; i < rows; i++) {
        out.starts[i] = count;
        v.row = i + 1;
        visit_row(&v, row_sets[i], &count);
    }
    out.starts[rows] = count;
    ad_free(v.stack);
    ad_free(v.seen);
    ad_free(v.node_row);
    return out;
}
