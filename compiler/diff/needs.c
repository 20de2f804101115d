/* What the reverse of an op asks for: the operands and results in its partials, conditions, bounds, and what the addresses of
 * shadows are made of. */
#include "diff/needs.h"

#include "diff/custom.h"
#include "diff/pairs.h"
#include "diff/ruled.h"
#include "diff/strategy.h"

typedef struct Needs {
    const Reversal *reversal;
    AskValue *ask;
    void *context;
} Needs;

static void ask(const Needs *needs, Value *value)
{
    needs->ask(needs->context, value);
}

/* The indices on the way to a shadow address. */
static void ask_address(Needs *needs, Value *pointer)
{
    const Op *op = pointer->op;
    Value *explicit = shadow_known(needs->reversal->shadows, pointer);
    if (explicit)
        ask(needs, explicit);
    if (explicit || !op)
        return;
    switch (op->kind) {
    case OP_INDEX:
        for (unsigned i = 1; i < op->num_operands; i++)
            ask(needs, op_operand(op, i));
        ask_address(needs, op_operand(op, 0));
        break;
    case OP_FIELD:
    case OP_CONVERT:
        ask_address(needs, op_operand(op, 0));
        break;
    case OP_SELECT:
        ask(needs, op_operand(op, 0));
        ask_address(needs, op_operand(op, 1));
        ask_address(needs, op_operand(op, 2));
        break;
    case OP_ALLOCA:
    case OP_ALLOC:
        for (unsigned i = 0; i < op->num_operands; i++)
            ask(needs, op_operand(op, i));
        break;
    default:
        break;
    }
}

static void ask_partials(Needs *needs, Op *op)
{
    for (unsigned r = 0; r < op->num_results; r++)
        for (unsigned i = 0; i < op->num_operands; i++) {
            if (op->kind == OP_CONVERT || !partial_is_active(needs->reversal, op, r, i))
                continue;
            const unsigned mask = rule_needs(needs->reversal->rules, op->kind, r, i);
            for (unsigned j = 0; j < op->num_operands; j++)
                if (mask & (1u << j))
                    ask(needs, op_operand(op, j));
            for (unsigned j = 0; j < op->num_results; j++)
                if (mask & (1u << (RULE_NEEDS_RESULT + j)))
                    ask(needs, op->results[j]);
        }
}

/* What the user's own vjp is called with. */
static void ask_custom(Needs *needs, const Op *op)
{
    const CustomCall *custom = custom_of(needs->reversal, op);
    for (unsigned i = op->callee->num_params; i-- > 0;) {
        Value *arg = op_operand(op, i);
        const Kept *kept = &custom->kept[i];
        if (!type_is_pointer(arg->type) || kept->is_direct)
            ask(needs, arg);
        if (kept->count)
            ask(needs, kept->count);
        if (type_is_pointer(arg->type) && memory_is_shadowed(needs->reversal, arg))
            ask_address(needs, arg);
        if (!kept->is_direct && kept->loop)
            ask(needs, kept->element);
    }
}

/* What the reverse function of the pair, or the fused one, is called with. */
static void ask_recursion(Needs *needs, const Op *op)
{
    const bool fused = strategy_of(needs->reversal, op) == STRATEGY_FUSE; /* its originals are those of the forward call */
    const Slots *slots = fused ? &pair_of(op)->forward_slots : &pair_of(op)->reverse_slots;
    for (size_t k = slots->list.count; k-- > 0;) {
        const Slot slot = slots->list.items[k];
        Value *arg = slot.kind == SLOT_RESULT_BAR ? NULL : op_operand(op, slot.param);
        if (slot.kind == SLOT_ORIGINAL && fused)
            continue;
        if (slot.kind == SLOT_ORIGINAL)
            ask(needs, arg);
        else if (arg && type_is_pointer(arg->type) && op->num_operands > op->callee->num_params)
            ask(needs, op_operand(op, op->callee->num_params + slot.param));
        else if (arg && type_is_pointer(arg->type))
            ask_address(needs, arg);
    }
}

static void ask_value(void *context, Value *value)
{
    ask(context, value);
}

static void ask_shadow(void *context, Value *pointer)
{
    ask_address(context, pointer);
}

static void ask_region(Needs *needs, Region *region);

static void ask_op(Needs *needs, Op *op)
{
    if (!op_is_reversed(needs->reversal, op))
        return;
    switch (op->kind) {
    case OP_COPY:
        ask_address(needs, op_operand(op, 1));
        ask(needs, op_operand(op, 2));
        ask_address(needs, op_operand(op, 0));
        break;
    case OP_ZERO:
        ask(needs, op_operand(op, 1));
        ask_address(needs, op_operand(op, 0));
        break;
    case OP_LOAD:
    case OP_STORE:
    case OP_ACCUMULATE:
        ask_address(needs, op_operand(op, 0));
        break;
    case OP_CALL:
        if (call_is_recursive(op))
            ask_recursion(needs, op);
        else if (call_is_ruled(op))
            ruled_needs(needs->reversal, op, ask_value, ask_shadow, needs);
        else
            ask_custom(needs, op);
        break;
    case OP_IF:
        ask(needs, op_operand(op, 0));
        break;
    case OP_FOR:
        for (unsigned i = 0; i < 3; i++)
            ask(needs, op_operand(op, i));
        break;
    case OP_WHILE:
        ask(needs, op->results[while_counter(op)]);
        break;
    default:
        ask_partials(needs, op);
        break;
    }
    const Slice *slice = op_is_loop(op->kind) ? slice_of(needs->reversal, op) : NULL;
    for (size_t i = 0; slice && i < slice->outer.count; i++)
        ask(needs, slice->outer.items[i]);
    for (unsigned r = op->kind == OP_WHILE ? 1 : 0; r < op->num_regions; r++)
        ask_region(needs, op->regions[r]); /* conditions of loops are not reversed */
}

static void ask_region(Needs *needs, Region *region)
{
    for (Op *op = region->last; op; op = op->prev)
        ask_op(needs, op);
}

void needs_of_region(const Reversal *reversal, Region *region, AskValue *ask_for, void *context)
{
    Needs needs = {reversal, ask_for, context};
    ask_region(&needs, region);
}
