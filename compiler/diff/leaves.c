/* Companions of whole structs, member by member. */
#include "diff/leaves.h"

/* ---- what there is ---- */

/* Has the member numbers of its own? Nothing in a union is active (check_hidden in derivative.c). */
static bool has_leaves(const Record *record, const Field *field)
{
    return !record->is_union && (type_is_floating(field->type) ||
                                 (field->type->kind == TYPE_RECORD && type_carries_derivative(field->type)));
}

static int64_t elements_of(const Field *field)
{
    int64_t count = 1;
    for (unsigned k = 0; k < field->rank; k++)
        count *= field->extents[k];
    return count;
}

int64_t leaves_count(const Type *type)
{
    int64_t count = type_is_floating(type);
    for (unsigned i = 0; type->kind == TYPE_RECORD && i < type->record->num_fields; i++) {
        const Field *field = &type->record->fields[i];
        if (has_leaves(type->record, field))
            count += elements_of(field) * leaves_count(field->type);
    }
    return count;
}

const Type *leaves_widest(const Type *type)
{
    const Type *widest = type_is_floating(type) ? type : NULL;
    for (unsigned i = 0; type->kind == TYPE_RECORD && i < type->record->num_fields; i++) {
        const Field *field = &type->record->fields[i];
        const Type *found = has_leaves(type->record, field) ? leaves_widest(field->type) : NULL;
        if (found && (!widest || found->kind > widest->kind))
            widest = found;
    }
    return widest;
}

bool leaves_by_pointer(const Type *type)
{
    for (unsigned i = 0; type->kind == TYPE_RECORD && i < type->record->num_fields; i++) {
        const Type *member = type->record->fields[i].type;
        if ((type_is_pointer(member) && type_carries_derivative(member->elem)) || leaves_by_pointer(member))
            return true;
    }
    return false;
}

/* ---- what is done to them ---- */

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
    for (unsigned i = 0; i < record->num_fields; i++) {
        const Field *field = &record->fields[i];
        if (!has_leaves(record, field))
            continue;
        Value *to_member = build_field(b, to, i), *from_member = from ? build_field(b, from, i) : NULL;
        const Type *type = type_scalar(b->function->module->types, TYPE_INT);
        if (field->rank)
            each_element(b, to_member, from_member, build_int(b, type, elements_of(field)), action);
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

/* ---- as an array of numbers ---- */

typedef struct Packing {
    Value *numbers;
    Value *lane, *lanes; /* which of how many; NULL: there is one */
    bool pack; /* else unpack */
} Packing;

static Value *plus(Builder *b, Value *place, int64_t offset)
{
    if (value_is_const(place))
        return build_int(b, place->type, place->op->int_value + offset);
    return offset ? build_binary(b, OP_ADD, place, build_int(b, place->type, offset)) : place;
}

/* &p[i], or &p[i][lane] */
static Value *element_at(Builder *b, const Packing *p, Value *pointer, Value *i)
{
    Value *lanes = p->lanes;
    return p->lane ? build_index_n(b, pointer, (Value *[]){i, p->lane}, &lanes, 2) : build_index(b, pointer, i);
}

/* model: the type that tells where the numbers are. */
static void move_struct(Builder *b, const Packing *p, Value *at, const Type *model, Value *place);

/* for (i = 0; i < count; i++) */
static Builder open_elements(Builder *b, Value *count, const Type *type, Value **i)
{
    Op *loop = build_for(b, OP_LT, build_int(b, type, 0), build_convert(b, count, type), build_int(b, type, 1), NULL, 0,
                         "i");
    Builder inner = builder_at_end(loop->regions[0]);
    inner.loc = b->loc;
    *i = loop->regions[0]->args.items[0];
    return inner;
}

static Value *first_of(Builder *b, const Type *model, Value *place, Value *i)
{
    return build_binary(b, OP_ADD, place, build_binary(b, OP_MUL, i, build_int(b, place->type, leaves_count(model))));
}

/* The leaves of the `count` elements of a member: numbers number `place` and so on. */
static void move_elements(Builder *b, const Packing *p, Value *at, const Type *model, Value *count, Value *place)
{
    if (value_is_int(count, 1)) {
        move_struct(b, p, at, model, place);
        return;
    }
    Value *i;
    Builder inner = open_elements(b, count, place->type, &i);
    move_struct(&inner, p, build_index(&inner, at, i), model, first_of(&inner, model, place, i));
    build_yield(&inner, NULL, 0);
}

static void move_struct(Builder *b, const Packing *p, Value *at, const Type *model, Value *place)
{
    if (type_is_floating(model)) {
        Value *number = element_at(b, p, p->numbers, place);
        if (p->pack)
            build_store(b, number, build_convert(b, build_load(b, at), number->type->elem));
        else
            build_store(b, at, build_convert(b, build_load(b, number), at->type->elem));
        return;
    }
    int64_t offset = 0;
    for (unsigned i = 0; i < model->record->num_fields; i++) {
        const Field *field = &model->record->fields[i];
        if (!has_leaves(model->record, field))
            continue;
        move_elements(b, p, build_field(b, at, i), field->type, build_int(b, place->type, elements_of(field)), plus(b, place, offset));
        offset += elements_of(field) * leaves_count(field->type);
    }
}

/* All structs, in one direction. */
static void move_all(Builder *b, const Packing *p, Value *structs, Value *count)
{
    const Type *type = type_scalar(b->function->module->types, TYPE_LONG), *record = structs->type->elem;
    const Type *model = record->record->sets_of ? record->record->sets_of : record;
    Value *zero = build_int(b, type, 0);
    if (value_is_int(count, 1)) {
        move_struct(b, p, p->lane ? element_at(b, p, structs, zero) : structs, model, zero);
        return;
    }
    Value *i;
    Builder inner = open_elements(b, count, type, &i);
    move_struct(&inner, p, element_at(&inner, p, structs, i), model, first_of(&inner, model, zero, i));
    build_yield(&inner, NULL, 0);
}

static void move(Builder *b, Packing packing, Value *structs, Value *count, unsigned lanes)
{
    const Type *type = type_scalar(b->function->module->types, TYPE_INT);
    if (lanes == 1) {
        move_all(b, &packing, structs, count);
        return;
    }
    packing.lanes = build_int(b, type, lanes);
    Builder inner = open_elements(b, packing.lanes, type, &packing.lane);
    packing.lane->name = intern(b->function->module->strings, "d");
    move_all(&inner, &packing, structs, count);
    build_yield(&inner, NULL, 0);
}

void leaves_pack(Builder *b, Value *numbers, Value *structs, Value *count, unsigned lanes)
{
    move(b, (Packing){.numbers = numbers, .pack = true}, structs, count, lanes);
}

void leaves_unpack(Builder *b, Value *structs, Value *numbers, Value *count, unsigned lanes)
{
    move(b, (Packing){.numbers = numbers}, structs, count, lanes);
}
