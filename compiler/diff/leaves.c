/* Adjoints of whole structs, member by member. */
#include "diff/leaves.h"

typedef void LeafAction(Builder *b, Value *to, Value *from);

static void accumulate_number(Builder *b, Value *to, Value *from)
{
    build_accumulate(b, to, build_load(b, from));
}

static void zero_number(Builder *b, Value *to, Value *from)
{
    (void)from;
    build_store(b, to, build_zero(b, to->type->elem));
}

static void each_leaf(Builder *b, Value *to, Value *from, LeafAction *action);

/* for (i = 0; i < count; i++) action(&to[i], &from[i]) */
static void each_element(Builder *b, Value *to, Value *from, Value *count, LeafAction *action)
{
    Value *zero = build_zero(b, count->type), *one = build_int(b, count->type, 1);
    Op *loop = build_for(b, OP_LT, zero, count, one, NULL, 0, "i");
    Builder inner = builder_at_end(loop->regions[0]);
    inner.loc = b->loc;
    inner.flags = b->flags;
    Value *i = loop->regions[0]->args.items[0];
    each_leaf(&inner, build_index(&inner, to, i), from ? build_index(&inner, from, i) : NULL, action);
    build_yield(&inner, NULL, 0);
}

static void each_member(Builder *b, Value *to, Value *from, LeafAction *action)
{
    const Record *record = to->type->elem->record;
    /* nothing in a union is active (check_hidden in derivative.c) */
    for (unsigned i = 0; i < record->num_fields && !record->is_union; i++) {
        const Field *field = &record->fields[i];
        if (!type_is_floating(field->type) &&
            !(field->type->kind == TYPE_RECORD && type_carries_derivative(field->type)))
            continue;
        Value *to_member = build_field(b, to, i), *from_member = from ? build_field(b, from, i) : NULL;
        int64_t count = 1;
        for (unsigned k = 0; k < field->rank; k++)
            count *= field->extents[k];
        if (field->rank)
            each_element(b, to_member, from_member,
                         build_int(b, type_scalar(b->function->module->types, TYPE_INT), count), action);
        else
            each_leaf(b, to_member, from_member, action);
    }
}

static void each_leaf(Builder *b, Value *to, Value *from, LeafAction *action)
{
    if (type_is_floating(to->type->elem))
        action(b, to, from);
    else if (to->type->elem->kind == TYPE_RECORD)
        each_member(b, to, from, action);
}

void leaves_accumulate(Builder *b, Value *to, Value *from)
{
    each_leaf(b, to, from, accumulate_number);
}

void leaves_zero(Builder *b, Value *p)
{
    each_leaf(b, p, NULL, zero_number);
}

void ranges_accumulate(Builder *b, Value *to, Value *from, Value *count)
{
    if (value_is_int(count, 1))
        leaves_accumulate(b, to, from);
    else
        each_element(b, to, from, count, accumulate_number);
}

void ranges_zero(Builder *b, Value *p, Value *count)
{
    if (type_is_floating(p->type->elem))
        build_fill_zero(b, p, count);
    else if (value_is_int(count, 1))
        leaves_zero(b, p);
    else
        each_element(b, p, NULL, count, zero_number);
}
