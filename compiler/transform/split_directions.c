/* Loops over directions are split where the tangents that they read are zero from some direction on.
 *
 *     for (d = 0; d < 26; d++)                               for (d = 0; d < 6; d++)
 *         r_dot[d] = a_dot[d] * b + c_dot[d] * e;   becomes      r_dot[d] = a_dot[d] * b;
 *                                                            for (d = 6; d < 26; d++)
 *                                                                r_dot[d] = c_dot[d] * e;
 *
 * where a_dot is zero but in the first six directions, and c_dot in these (analysis/directions.c).
 *
 * Algorithm. The ranges of what is read cut the loop's into parts. The directions still come in the same order, each once. In each part what is zero
 * is replaced by 0, and what follows from that is folded. It is done if it saves a good part of the loads; a loop of its own costs some, too.
 *
 * Requires: SSA. Keeps: every value that is read. */
#include "analysis/directions.h"
#include "ir/builder.h"
#include "transform/dead_code.h"
#include "transform/passes.h"

#include <string.h>

enum { MAX_PARTS = 4, MAX_WIDTH = 64, PART_COST = 8 /* loads */ };

typedef struct Split {
    const DirectionLoops *all;
    Op *loop;
    unsigned ends[MAX_WIDTH + 1], count; /* of the parts; the first one begins at `begin` */
    unsigned begin;
} Split;

/* ---- where ---- */

static uint64_t part_of(unsigned begin, unsigned end)
{
    const uint64_t below = end >= MAX_WIDTH ? ~(uint64_t)0 : ((uint64_t)1 << end) - 1;
    return below & ~(((uint64_t)1 << begin) - 1);
}

/* Is there a load whose range begins or ends at that direction? */
static bool is_cut(const Split *s, unsigned direction, unsigned end)
{
    for (const Op *op = s->loop->regions[0]->first; op; op = op->next) {
        const uint64_t set = op->kind == OP_LOAD ? s->all->sets[op->results[0]->id] & part_of(s->begin, end) : 0;
        const bool before = set & part_of(s->begin, direction), behind = set & part_of(direction, end);
        if (set && before != behind)
            if ((set >> direction & 1) || (set >> (direction - 1) & 1))
                return true;
    }
    return false;
}

/* Loads and stores, in as many directions as the part has. */
static unsigned cost_of(const Split *s, unsigned begin, unsigned end)
{
    unsigned accesses = 0;
    for (const Op *op = s->loop->regions[0]->first; op; op = op->next)
        accesses += op->kind == OP_LOAD ? (s->all->sets[op->results[0]->id] & part_of(begin, end)) != 0
                                        : op->kind == OP_STORE || op->kind == OP_ACCUMULATE;
    return accesses * (end - begin) + PART_COST;
}

static unsigned begin_of(const Split *s, unsigned part)
{
    return part ? s->ends[part - 1] : s->begin;
}

/* Parts that cost less together than apart are one. */
static void merge_parts(Split *s)
{
    for (unsigned i = 0; i + 1 < s->count;) {
        const unsigned begin = begin_of(s, i), middle = s->ends[i], end = s->ends[i + 1];
        if (cost_of(s, begin, end) > cost_of(s, begin, middle) + cost_of(s, middle, end)) {
            i++;
            continue;
        }
        s->count--;
        memmove(&s->ends[i], &s->ends[i + 1], (s->count - i) * sizeof *s->ends);
        i -= i > 0; /* with the one before, perhaps, now */
    }
}

static bool is_worth_it(const Split *s)
{
    unsigned cost = 0, accesses = 0;
    for (unsigned i = 0; i < s->count; i++)
        cost += cost_of(s, begin_of(s, i), s->ends[i]);
    for (const Op *op = s->loop->regions[0]->first; op; op = op->next)
        accesses += op->kind == OP_LOAD || op->kind == OP_STORE || op->kind == OP_ACCUMULATE;
    return 4 * cost <= 3 * (accesses * (s->ends[s->count - 1] - s->begin) + PART_COST);
}

static bool find_parts(Split *s, const DirectionLoop *found)
{
    const DirectionRange *range = &found->range;
    if (!found->loop || range->around || range->width > MAX_WIDTH)
        return false;
    s->begin = (unsigned)range->offset;
    const unsigned end = s->begin + range->width;
    for (unsigned direction = s->begin + 1; direction < end; direction++)
        if (is_cut(s, direction, end))
            s->ends[s->count++] = direction;
    s->ends[s->count++] = end;
    merge_parts(s);
    return s->count > 1 && s->count <= MAX_PARTS && is_worth_it(s);
}

/* ---- how ---- */

static bool is_zero(const Value *value)
{
    return value_is_float(value, 0);
}

/* What the op is now that some operands are zero; NULL: itself. */
static Value *folded(Op *op)
{
    Value *a = op->num_operands > 0 ? op_operand(op, 0) : NULL, *b = op->num_operands > 1 ? op_operand(op, 1) : NULL;
    Builder builder = builder_before(op);
    builder.loc = op->loc;
    builder.flags = op->flags;
    switch (op->kind) {
    case OP_NEG:
    case OP_DIV:
        return is_zero(a) ? a : NULL;
    case OP_MUL:
        return is_zero(a) ? a : is_zero(b) ? b : NULL;
    case OP_ADD:
        return is_zero(a) ? b : is_zero(b) ? a : NULL;
    case OP_SUB:
        return is_zero(b) ? a : is_zero(a) ? build_unary(&builder, OP_NEG, b) : NULL;
    case OP_SELECT:
        return is_zero(b) && is_zero(op_operand(op, 2)) ? b : NULL;
    default:
        return NULL;
    }
}

static void fold_zeros(const Region *body)
{
    for (Op *op = body->first, *next; op; op = next) {
        next = op->next;
        const bool is_relaxed = op->num_results == 1 && (op->flags & OP_FLAG_RELAXED) && type_is_floating(op->results[0]->type);
        Value *value = is_relaxed ? folded(op) : NULL;
        if (value) {
            value_replace_uses(op->results[0], value);
            op_erase(op);
        }
    }
}

static void build_part(const Split *s, Value **map, unsigned begin, unsigned end)
{
    Builder b = builder_before(s->loop);
    b.loc = s->loop->loc;
    const Type *type = op_operand(s->loop, 0)->type;
    Value *lower = build_int(&b, type, begin), *upper = build_int(&b, type, end);
    b.flags = s->loop->flags;
    build_clone(&b, s->loop, map);
    Op *part = s->loop->prev;
    op_set_operand(part, 0, lower);
    op_set_operand(part, 1, upper);
    for (const Op *op = s->loop->regions[0]->first; op; op = op->next) {
        if (op->kind != OP_LOAD || (s->all->sets[op->results[0]->id] & part_of(begin, end)))
            continue;
        Value *loaded = map[op->results[0]->id];
        Builder at = builder_before(part);
        value_replace_uses(loaded, build_zero(&at, loaded->type));
    }
    fold_zeros(part->regions[0]);
}

static void split(const Split *s)
{
    Function *function = s->loop->function;
    const unsigned num_values = function->num_values;
    for (unsigned i = 0; i < s->count; i++)
        build_part(s, arena_new_array(function->module->arena, Value *, num_values), begin_of(s, i), s->ends[i]);
    op_erase(s->loop);
}

void split_directions(Function *function, const DirectionLoops *loops)
{
    bool changed = false;
    for (size_t i = 0; i < loops->count; i++) {
        Split s = {.all = loops, .loop = loops->items[i].loop};
        if (!find_parts(&s, &loops->items[i]))
            continue;
        split(&s);
        changed = true;
    }
    if (changed)
        remove_dead_code(function);
}
