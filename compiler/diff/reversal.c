/* Which ops the reverse sweep has work for. */
#include "diff/reversal.h"

#include <math.h>

#include "analysis/range.h"
#include "diff/custom.h"
#include "diff/pairs.h"
#include "diff/ruled.h"
#include "ir/builder.h"

static bool object_is_seeded(const Reversal *reversal, Object object)
{
    return object.value && (object.kind == OBJECT_PARAM || object.kind == OBJECT_REACHED) &&
           reversal->seeded[object.value->index];
}

/* May the pointer point into the memory of a dependent? */
static bool memory_may_be_seeded(const Reversal *reversal, const Value *pointer)
{
    const Object object = pointer_object(pointer);
    if (object.kind != OBJECT_UNKNOWN)
        return object_is_seeded(reversal, object);
    Object candidates[MAX_CANDIDATES];
    bool complete, seeded = false;
    const unsigned count = pointer_candidates(pointer, candidates, &complete);
    for (unsigned i = 0; i < count; i++)
        seeded = seeded || object_is_seeded(reversal, candidates[i]);
    for (unsigned i = 0; !complete && i < reversal->primal->num_params; i++)
        seeded = seeded || reversal->seeded[i];
    return seeded;
}

bool memory_is_shadowed(const Reversal *reversal, const Value *pointer)
{
    if (!type_is_differentiable(pointer->type->elem))
        return false;
    return memory_is_active(reversal->activity, pointer) || memory_may_be_seeded(reversal, pointer);
}

bool partial_is_active(const Reversal *reversal, const Op *op, unsigned result, unsigned wrt)
{
    const bool structural_convert = op->kind == OP_CONVERT;
    return value_is_active(reversal->activity, op->results[result]) &&
           value_is_active(reversal->activity, op_operand(op, wrt)) &&
           (structural_convert || !rule_is_zero(reversal->rules, op->kind, result, wrt));
}

bool partial_needs_guard(const Reversal *reversal, const Op *op, unsigned result, unsigned wrt)
{
    RuleDomain domain;
    if (!rule_is_singular(reversal->rules, op->kind, result, wrt, &domain))
        return false;
    if (op->kind == OP_POW && value_is_const(op_operand(op, 1)) &&
        op_operand(op, 1)->op->float_value >= 1)
        return false; /* x^y with y >= 1 has a finite partial wherever it is finite itself */
    const Range range = value_range(op_operand(op, domain.operand));
    const bool below = range.high < domain.high || isinf(domain.high);
    return !(range.low > domain.low && below);
}

static bool any_partial(const Reversal *reversal, const Op *op)
{
    for (unsigned r = 0; r < op->num_results; r++)
        for (unsigned i = 0; i < op->num_operands; i++)
            if (partial_is_active(reversal, op, r, i))
                return true;
    return false;
}

static bool region_is_reversed(const Reversal *reversal, const Region *region)
{
    for (const Op *op = region->first; op; op = op->next)
        if (op_is_reversed(reversal, op))
            return true;
    return false;
}

bool op_is_reversed(const Reversal *reversal, const Op *op)
{
    if (op->flags & OP_FLAG_SHADOW)
        return false;
    switch (op->kind) {
    case OP_LOAD:
        return value_is_active(reversal->activity, op->results[0]);
    case OP_STORE:
    case OP_ACCUMULATE:
    case OP_ZERO:
    case OP_COPY:
        return memory_is_shadowed(reversal, op_operand(op, 0));
    case OP_IF:
    case OP_FOR:
    case OP_WHILE:
        for (unsigned i = 0; i < op->num_results; i++)
            if (value_is_active(reversal->activity, op->results[i]))
                return true;
        for (unsigned r = op->kind == OP_WHILE ? 1 : 0; r < op->num_regions; r++)
            if (region_is_reversed(reversal, op->regions[r]))
                return true;
        return false;
    case OP_CALL:
        if (call_is_ruled(op))
            return ruled_is_active(reversal, op);
        return (call_is_custom(op) && custom_is_active(reversal, op)) ||
               (call_is_recursive(op) && pair_of(op));
    default:
        return any_partial(reversal, op);
    }
}

/* ---- trip counts of while loops ---- */

/* A carried integer that starts at 0 and grows by 1 every time counts the trips. */
static bool counts_trips(const Op *loop, unsigned i)
{
    const Value *arg = loop_carried_arg(loop, i);
    const Op *next = loop_carried_next(loop, i)->op;
    return type_is_integer(arg->type) && arg->type->kind >= TYPE_INT &&
           value_is_int(loop_carried_init(loop, i), 0) && next && next->kind == OP_ADD &&
           op_operand(next, 0) == arg && value_is_int(op_operand(next, 1), 1);
}

unsigned while_counter(const Op *loop)
{
    for (unsigned i = 0; i < loop_num_carried(loop); i++)
        if (counts_trips(loop, i))
            return i;
    return loop_num_carried(loop);
}

Value *loop_counter(const Op *loop)
{
    return loop->kind == OP_FOR ? loop_body(loop)->args.items[0] : loop_carried_arg(loop, while_counter(loop));
}

static void count_one(Op *op, void *context)
{
    (void)context;
    if (op->kind != OP_WHILE || while_counter(op) < loop_num_carried(op))
        return;
    Builder b = builder_before(op);
    const Type *type = type_scalar(op->function->module->types, TYPE_LONG);
    op_add_operand(op, build_int(&b, type, 0));
    op_add_result(op, type, "trips");
    region_add_arg(op->regions[0], type, "trips");
    Value *arg = region_add_arg(op->regions[1], type, "trips");
    b = builder_before(region_terminator(op->regions[1]));
    Value *next = build_binary(&b, OP_ADD, arg, build_int(&b, type, 1));
    op_add_operand(region_terminator(op->regions[1]), next);
}

void count_trips(Function *function)
{
    region_walk(function->body, count_one, NULL);
}
