/* Small local arrays that are used at constant places only become one local per element.
 *
 *     double s[2];             double s0, s1;
 *     s[0] = x; s[1] = y;      s0 = x; s1 = y;
 *     return s[0] * s[1];      return s0 * s1;     and then values, by mem2reg
 *
 * Algorithm. An alloca with few constant elements qualifies if each of its uses is an index with constant
 * subscripts (or the address itself, which is element 0) that is only loaded, stored or accumulated, or a
 * `zero` or `copy` of the whole array. Structs are split by split_records; both go on until nothing changes,
 * since members may be arrays and elements structs. Elements are made, addresses replaced, accumulations written out.
 *
 * Requires: nothing. Keeps: SSA. Does not handle: arrays that are indexed by a variable anywhere. */
#include "ir/builder.h"
#include "transform/passes.h"
#include "transform/split_records.h"

enum { MAX_ELEMENTS = 32 };

typedef struct Candidates {
    Arena *arena;
    VEC(Op *) list;
} Candidates;

static int64_t element_count(const Op *alloca)
{
    int64_t count = 1;
    for (unsigned i = 0; i < alloca->num_operands; i++) {
        if (!value_is_const(op_operand(alloca, i)))
            return -1;
        const int64_t extent = op_operand(alloca, i)->op->int_value;
        if (extent < 1 || extent > MAX_ELEMENTS)
            return -1;
        count *= extent;
    }
    return count <= MAX_ELEMENTS ? count : -1;
}

/* The element number of a constant index; -1: not constant, or outside. */
static int64_t element_of(const Op *index, int64_t count)
{
    int64_t element = 0;
    for (unsigned i = 1; i < index->num_operands; i++) {
        if (!value_is_const(op_operand(index, i)))
            return -1;
        const int64_t number = op_operand(index, i)->op->int_value;
        element = i % 2 ? element + number : element * number;
    }
    return element >= 0 && element < count ? element : -1;
}

static bool only_accessed(const Value *pointer)
{
    const bool is_record = pointer->type->elem->kind == TYPE_RECORD;
    for (const Use *use = pointer->uses; use; use = use->next) {
        const OpKind kind = use->user->kind;
        if (is_record && (kind == OP_FIELD || kind == OP_COPY || kind == OP_ZERO))
            continue;
        if (use != &use->user->operands[0] ||
            (kind != OP_LOAD && kind != OP_STORE && kind != OP_ACCUMULATE))
            return false;
    }
    return true;
}

static bool use_qualifies(const Use *use, int64_t count)
{
    const Op *op = use->user;
    if (op->kind == OP_COPY)
        return use != &op->operands[2] && value_is_int(op_operand(op, 2), count) &&
               op_operand(op, 0) != op_operand(op, 1);
    if (use != &op->operands[0])
        return false;
    switch (op->kind) {
    case OP_LOAD:
    case OP_STORE:
    case OP_ACCUMULATE:
        return true;
    case OP_ZERO:
        return value_is_int(op_operand(op, 1), count);
    case OP_INDEX:
        return element_of(op, count) >= 0 && only_accessed(op->results[0]);
    default:
        return false;
    }
}

static bool qualifies(const Op *alloca)
{
    const int64_t count = element_count(alloca);
    const Type *elem = alloca->results[0]->type->elem;
    const bool record_array = elem->kind == TYPE_RECORD && alloca->num_operands;
    if (count < 0 || (!type_is_scalar(elem) && !record_array))
        return false;
    bool is_plain = alloca->num_operands == 0; /* nothing to be done: a variable */
    for (const Use *use = alloca->results[0]->uses; use; use = use->next) {
        const OpKind kind = use->user->kind;
        is_plain = is_plain && (kind == OP_LOAD || kind == OP_STORE);
        if (!use_qualifies(use, count))
            return false;
    }
    return !is_plain;
}

static void collect(Op *op, void *context)
{
    Candidates *candidates = context;
    if (op->kind == OP_ALLOCA && qualifies(op))
        vec_push(candidates->arena, &candidates->list, op);
}

/* *p += v in full, so that mem2reg can follow. */
static void expand_accumulations(Value *element)
{
    for (Use *use = element->uses, *next; use; use = next) {
        next = use->next;
        Op *op = use->user;
        if (op->kind != OP_ACCUMULATE)
            continue;
        Builder b = builder_before(op);
        b.flags = op->flags | OP_FLAG_RELAXED;
        Value *sum = build_binary(&b, OP_ADD, build_load(&b, element), op_operand(op, 1));
        build_store(&b, element, sum);
        op_erase(op);
        next = element->uses; /* from the start: the list has changed */
    }
}

static void move_element(Builder *b, Value *to, Value *from)
{
    if (to->type->elem->kind == TYPE_RECORD)
        build_copy(b, to, from, build_int(b, type_scalar(b->function->module->types, TYPE_INT), 1));
    else
        build_store(b, to, build_load(b, from));
}

/* A copy of the whole array, to or from it. */
static void replace_copy(Op *copy, const Value *array, Value **elements, int64_t count)
{
    Builder b = builder_before(copy);
    b.loc = copy->loc;
    b.flags = copy->flags & ~(unsigned)OP_FLAG_OVERLAP;
    const bool is_target = op_operand(copy, 0) == array;
    Value *other = op_operand(copy, is_target ? 1 : 0);
    const Type *type_int = type_scalar(b.function->module->types, TYPE_INT);
    for (int64_t i = 0; i < count; i++) {
        Value *place = build_index(&b, other, build_int(&b, type_int, i));
        move_element(&b, is_target ? elements[i] : place, is_target ? place : elements[i]);
    }
    op_erase(copy);
}

static void clear_element(Builder *b, Value *element)
{
    if (element->type->elem->kind == TYPE_RECORD)
        build_fill_zero(b, element, build_int(b, type_scalar(b->function->module->types, TYPE_INT), 1));
    else
        build_store(b, element, build_zero(b, element->type->elem));
}

static void replace(Arena *arena, Op *alloca)
{
    const int64_t count = element_count(alloca);
    Value **elements = arena_new_array(arena, Value *, count);
    const Type *type = alloca->results[0]->type->elem;
    Builder b = builder_before(alloca);
    for (int64_t i = 0; i < count; i++) {
        const char *name = alloca->name;
        if (name && alloca->num_operands)
            name = intern_format(alloca->function->module->strings, "%s_%lld", name, (long long)i);
        elements[i] = build_alloca(&b, type, NULL, 0, name);
    }
    while (alloca->results[0]->uses) {
        Op *op = alloca->results[0]->uses->user;
        if (op->kind == OP_INDEX) {
            value_replace_uses(op->results[0], elements[element_of(op, count)]);
            op_erase(op);
        } else if (op->kind == OP_ZERO) {
            Builder at = builder_before(op);
            at.flags = op->flags;
            for (int64_t i = 0; i < count; i++)
                clear_element(&at, elements[i]);
            op_erase(op);
        } else if (op->kind == OP_COPY) {
            replace_copy(op, alloca->results[0], elements, count);
        } else {
            op_set_operand(op, 0, elements[0]);
        }
    }
    for (int64_t i = 0; i < count; i++)
        expand_accumulations(elements[i]);
    op_erase(alloca);
}

static bool replace_arrays(Function *function)
{
    Candidates candidates = {.arena = function->module->arena};
    region_walk(function->body, collect, &candidates);
    for (size_t i = 0; i < candidates.list.count; i++)
        if (qualifies(candidates.list.items[i])) /* still: another one may have been copied to it */
            replace(candidates.arena, candidates.list.items[i]);
    return candidates.list.count > 0;
}

void scalar_replacement(Function *function)
{
    bool changed = false;
    while (split_records(function) || replace_arrays(function))
        changed = true;
    if (changed)
        mem2reg(function);
}
