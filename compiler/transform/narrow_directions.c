/* Loops over directions run only over those that can be other than zero.
 *
 *     for (f = 0; f < 5; f++)                                        for (f = 0; f < 5; f++) {
 *         for (d = 0; d < 26; d++)                                       first = 4 * f + 6;
 *             bent_dot[d] += rotation_dot[d] * t;           becomes      for (d = first; d < first + 4; d++)
 *                                                                            bent_dot[d] += rotation_dot[d] * t;
 *                                                                    }
 *
 * Which these are is found by analysis/directions.c. What is not computed would have been zero (times an infinite factor: NaN).
 *
 * Requires: SSA. Keeps: every value that is read. */
#include "analysis/directions.h"
#include "ir/builder.h"
#include "transform/passes.h"

static Value *plus(Builder *b, Value *value, int64_t number)
{
    if (number == 0)
        return value;
    return build_binary(b, number > 0 ? OP_ADD : OP_SUB, value, build_int(b, value->type, number > 0 ? number : -number));
}

/* Where the range begins, but for the offset: at the beginning of the loop whose counter it depends on. */
static Value *build_group(Builder *b, const DirectionRange *range, const Type *type)
{
    Value *group = plus(b, build_convert(b, range->around->regions[0]->args.items[0], type), range->shift);
    if (range->divisor > 1)
        group = build_binary(b, OP_DIV, group, build_int(b, type, range->divisor));
    return range->factor == 1 ? group : build_binary(b, OP_MUL, build_int(b, type, range->factor), group);
}

static bool begins_like(const DirectionRange *a, const DirectionRange *b)
{
    return a->around && a->around == b->around && a->factor == b->factor && a->shift == b->shift && a->divisor == b->divisor &&
           a->offset == b->offset && a->last == b->last && a->is_below == b->is_below && a->is_above == b->is_above;
}

/* Is the beginning more than a product and a sum, which are as easily read twice? */
static bool has_name(const DirectionRange *range)
{
    return range->divisor > 1 || range->is_below || range->is_above;
}

static Value *build_first(Builder *b, const DirectionRange *range, const Type *type)
{
    Value *first = plus(b, build_group(b, range, type), range->offset);
    if (range->is_below) {
        Value *zero = build_int(b, type, 0);
        first = build_select(b, build_binary(b, OP_LT, first, zero), zero, first);
    }
    if (range->is_above) {
        Value *last = build_int(b, type, range->last);
        first = build_select(b, build_binary(b, OP_GT, first, last), last, first);
    }
    if (has_name(range))
        first->name = intern(b->function->module->strings, "first");
    return first;
}

/* Where loop number `i` begins: where an earlier one does, if that is the same. */
static Value *first_of(const DirectionLoops *loops, size_t i)
{
    const DirectionLoop *found = &loops->items[i];
    for (size_t k = 0; k < i; k++)
        if (loops->items[k].loop && begins_like(&loops->items[k].range, &found->range))
            return op_operand(loops->items[k].loop, 0);
    Builder b = builder_before(found->range.around->regions[0]->first);
    b.loc = found->loop->loc;
    return build_first(&b, &found->range, op_operand(found->loop, 0)->type);
}

static void narrow(const DirectionLoops *loops, size_t i)
{
    Op *loop = loops->items[i].loop;
    const DirectionRange *range = &loops->items[i].range;
    if (range->width == loops->items[i].lanes)
        return;
    if (range->width == 0) {
        op_erase(loop);
        loops->items[i].loop = NULL;
        return;
    }
    const Type *type = op_operand(loop, 0)->type;
    Builder b = builder_before(loop);
    b.loc = loop->loc;
    const int64_t end = range->offset + range->width;
    Value *first = range->around ? first_of(loops, i) : build_int(&b, type, range->offset);
    op_set_operand(loop, 0, first);
    if (!range->around)
        op_set_operand(loop, 1, build_int(&b, type, end));
    else if (has_name(range))
        op_set_operand(loop, 1, plus(&b, first, range->width));
    else /* as readable as the beginning */
        op_set_operand(loop, 1, plus(&b, build_group(&b, range, type), end));
}

void narrow_directions(const DirectionLoops *loops)
{
    for (size_t i = 0; i < loops->count; i++)
        narrow(loops, i);
}
