/* Loops written out: see write_out.h.
 *
 * Requires: nothing. Keeps: the order of effects. */
#include "transform/write_out.h"

#include "ir/builder.h"

/* Not known, too, are bounds that wrap: -1 is the largest unsigned number. */
int64_t constant_rounds(const Op *loop)
{
    const bool is_signed = type_is_signed(loop->function->module->types, op_operand(loop, 0)->type);
    for (unsigned i = 0; i < 3; i++)
        if (!value_is_const(op_operand(loop, i)) || (i < 2 && !is_signed && op_operand(loop, i)->op->int_value < 0))
            return -1;
    const int64_t lower = op_operand(loop, 0)->op->int_value, upper = op_operand(loop, 1)->op->int_value;
    const int64_t step = op_operand(loop, 2)->op->int_value;
    if (step == 0 || (loop->compare != OP_LT && loop->compare != OP_LE && loop->compare != OP_GT && loop->compare != OP_GE))
        return -1;
    const int64_t distance = step > 0 ? upper - lower : lower - upper, size = step > 0 ? step : -step;
    const bool inclusive = loop->compare == OP_LE || loop->compare == OP_GE;
    if ((step > 0) != (loop->compare == OP_LT || loop->compare == OP_LE))
        return -1;
    return distance + inclusive > 0 ? (distance + (inclusive ? size : size - 1)) / size : 0;
}

void write_out_loop(Op *loop)
{
    Arena *arena = loop->function->module->arena;
    const Region *body = loop->regions[0];
    const unsigned n = loop_num_carried(loop);
    const int64_t rounds = constant_rounds(loop), lower = op_operand(loop, 0)->op->int_value, step = op_operand(loop, 2)->op->int_value;
    Builder b = builder_before(loop);
    Value **map = arena_new_array(arena, Value *, loop->function->num_values);
    Value **carried = arena_new_array(arena, Value *, n + 1);
    for (unsigned i = 0; i < n; i++)
        carried[i] = loop_carried_init(loop, i);
    for (int64_t k = 0; k < rounds; k++) {
        const int64_t round = loop->flags & OP_FLAG_REVERSED ? rounds - 1 - k : k;
        b.loc = loop->loc;
        map[body->args.items[0]->id] = build_int(&b, body->args.items[0]->type, lower + round * step);
        for (unsigned i = 0; i < n; i++)
            map[loop_carried_arg(loop, i)->id] = carried[i];
        for (const Op *op = body->first; op; op = op->next)
            if (op->kind != OP_YIELD)
                build_clone(&b, op, map);
        for (unsigned i = 0; i < n; i++) {
            Value *next = loop_carried_next(loop, i);
            carried[i] = map[next->id] ? map[next->id] : next;
        }
    }
    for (unsigned i = 0; i < n; i++)
        value_replace_uses(loop->results[i], carried[i]);
    op_erase(loop);
}
