/* The builder: makes ops at an insertion point, with the result types that the op table gives. */
#include "ir/builder.h"

#include <string.h>

Builder builder_at_end(Region *region)
{
    return (Builder){.function = region->function, .region = region};
}

Builder builder_enter(Builder *b, Region *region)
{
    const Builder outer = *b;
    *b = builder_at_end(region);
    b->loc = outer.loc;
    b->flags = outer.flags;
    return outer;
}

Builder builder_before(Op *op)
{
    return (Builder){
        .function = op->function, .region = op->parent, .before = op, .loc = op->loc};
}

/* ---- placing ---- */

static Op *place(Builder *b, Op *op)
{
    op->loc = b->loc;
    op->flags |= b->flags;
    if (b->before)
        op_insert_before(op, b->before);
    else
        op_append(b->region, op);
    return op;
}

static Op *make(Builder *b, OpKind kind, Value **operands, unsigned n, unsigned num_results)
{
    Op *op = op_new(b->function, kind, n, num_results, 0);
    for (unsigned i = 0; i < n; i++)
        op_set_operand(op, i, operands[i]);
    return place(b, op);
}

static Value *make_value(Builder *b, OpKind kind, Value **operands, unsigned n, const Type *type)
{
    Op *op = make(b, kind, operands, n, 1);
    op->results[0]->type = type;
    return op->results[0];
}

static Types *types_of(const Builder *b)
{
    return b->function->module->types;
}

static const Type *scalar(const Builder *b, TypeKind kind)
{
    return type_scalar(types_of(b), kind);
}

/* ---- constants ---- */

Value *build_int(Builder *b, const Type *type, int64_t value)
{
    Value *result = make_value(b, OP_CONST, NULL, 0, type);
    result->op->int_value = value;
    return result;
}

Value *build_bool(Builder *b, bool value)
{
    return build_int(b, scalar(b, TYPE_BOOL), value);
}

Value *build_float(Builder *b, const Type *type, long double value)
{
    Value *result = make_value(b, OP_CONST, NULL, 0, type);
    result->op->float_value = value;
    return result;
}

Value *build_zero(Builder *b, const Type *type)
{
    if (type_is_pointer(type))
        return make_value(b, OP_NULLPTR, NULL, 0, type);
    if (type_is_floating(type))
        return build_float(b, type, 0);
    return build_int(b, type, 0);
}

Value *build_undef(Builder *b, const Type *type)
{
    return make_value(b, OP_UNDEF, NULL, 0, type);
}

Value *build_string(Builder *b, const char *spelling)
{
    Value *result =
        make_value(b, OP_STRING, NULL, 0, type_pointer(types_of(b), scalar(b, TYPE_CHAR)));
    result->op->text = spelling;
    return result;
}

Value *build_global(Builder *b, Global *global)
{
    Value *result = make_value(b, OP_GLOBAL, NULL, 0, type_pointer(types_of(b), global->type));
    result->op->global = global;
    return result;
}

Value *build_function_address(Builder *b, Function *function, const Type *type)
{
    Value *result = make_value(b, OP_FUNCTION, NULL, 0, type);
    result->op->callee = function;
    return result;
}

/* ---- ops whose results follow from the table ---- */

const Type *op_result_type(const Types *types, OpKind kind, unsigned index, Value *const *operands)
{
    switch (op_table[kind].type_rule) {
    case RULE_SAME:
    case RULE_INT:
    case RULE_SHIFT:
    case RULE_FLOAT:
    case RULE_SCALE:
        return operands[0]->type;
    case RULE_COMPARE:
    case RULE_LOGIC:
        return type_scalar(types, TYPE_BOOL);
    case RULE_FLOAT_INT:
        return type_scalar(types, TYPE_INT);
    case RULE_FLOAT_LONG:
        return type_scalar(types, TYPE_LONG);
    case RULE_FLOAT_LLONG:
        return type_scalar(types, TYPE_LLONG);
    case RULE_INT_FLOAT:
        return operands[1]->type;
    case RULE_FREE:
        break;
    }
    const bool int_second = kind == OP_REMQUO || kind == OP_FREXP;
    return index == 1 && int_second ? type_scalar(types, TYPE_INT) : operands[0]->type;
}

Value *build_op(Builder *b, OpKind kind, Value **operands, unsigned num_operands)
{
    const unsigned results = (unsigned)op_table[kind].num_results;
    Op *op = make(b, kind, operands, num_operands, results);
    for (unsigned i = 0; i < results; i++)
        op->results[i]->type = op_result_type(types_of(b), kind, i, operands);
    return op->results[0];
}

Value *build_unary(Builder *b, OpKind kind, Value *a)
{
    return build_op(b, kind, &a, 1);
}

Value *build_binary(Builder *b, OpKind kind, Value *a, Value *c)
{
    return build_op(b, kind, (Value *[]){a, c}, 2);
}

Value *build_ternary(Builder *b, OpKind kind, Value *x, Value *y, Value *z)
{
    return build_op(b, kind, (Value *[]){x, y, z}, 3);
}

Value *build_select(Builder *b, Value *condition, Value *a, Value *c)
{
    return make_value(b, OP_SELECT, (Value *[]){condition, a, c}, 3, a->type);
}

Value *build_convert(Builder *b, Value *value, const Type *type)
{
    return value->type == type ? value : make_value(b, OP_CONVERT, &value, 1, type);
}

/* ---- memory ---- */

Value *build_alloca(Builder *b, const Type *elem, Value **extents, unsigned rank, const char *name)
{
    Value *result = make_value(b, OP_ALLOCA, extents, rank, type_pointer(types_of(b), elem));
    result->op->name = name;
    result->name = name;
    return result;
}

Value *build_alloc(Builder *b, const Type *elem, Value *count, const char *name)
{
    Value *result = make_value(b, OP_ALLOC, &count, 1, type_pointer(types_of(b), elem));
    result->op->name = name;
    result->name = name;
    return result;
}

void build_free(Builder *b, Value *pointer)
{
    make(b, OP_FREE, &pointer, 1, 0);
}

Value *build_malloc(Builder *b, const Type *elem, Value *count, int what, const char *name)
{
    Value *result = make_value(b, OP_MALLOC, &count, 1, type_pointer(types_of(b), elem));
    result->op->int_value = what;
    result->op->name = result->name = name;
    return result;
}

void build_release(Builder *b, Value *pointer)
{
    make(b, OP_RELEASE, &pointer, 1, 0);
}

void build_resize(Builder *b, Value *to, Value *from)
{
    make(b, OP_RESIZE, (Value *[]){to, from}, 2, 0);
}

void build_shape(Builder *b, Value *pointer, Value **extents, unsigned rank)
{
    Op *op = op_new(b->function, OP_SHAPE, rank + 1, 0, 0);
    op_set_operand(op, 0, pointer);
    for (unsigned i = 0; i < rank; i++)
        op_set_operand(op, i + 1, extents[i]);
    place(b, op);
}

Value *build_index(Builder *b, Value *pointer, Value *index)
{
    return build_index_n(b, pointer, &index, NULL, 1);
}

Value *build_index_n(Builder *b, Value *pointer, Value **indices, Value **inner_extents,
                     unsigned rank)
{
    Op *op = op_new(b->function, OP_INDEX, 2 * rank, 1, 0);
    op_set_operand(op, 0, pointer);
    op_set_operand(op, 1, indices[0]);
    for (unsigned i = 1; i < rank; i++) {
        op_set_operand(op, 2 * i, inner_extents[i - 1]);
        op_set_operand(op, 2 * i + 1, indices[i]);
    }
    op->results[0]->type = pointer->type;
    return place(b, op)->results[0];
}

Value *build_index_like(Builder *b, const Op *index, Value *base, Value *const *numbers)
{
    Op *op = op_new(b->function, OP_INDEX, index->num_operands, 1, 0);
    op_set_operand(op, 0, base);
    for (unsigned i = 1; i < index->num_operands; i++)
        op_set_operand(op, i, numbers[i - 1]);
    op->results[0]->type = base->type;
    return place(b, op)->results[0];
}

Value *build_field(Builder *b, Value *pointer, unsigned field)
{
    const Field *f = &pointer->type->elem->record->fields[field];
    Value *result = make_value(b, OP_FIELD, &pointer, 1, type_pointer(types_of(b), f->type));
    result->op->int_value = field;
    return result;
}

Value *build_overlap(Builder *b, Value *p, Value *p_count, Value *q, Value *q_count)
{
    return make_value(b, OP_OVERLAP, (Value *[]){p, p_count, q, q_count}, 4, scalar(b, TYPE_BOOL));
}

Value *build_inner(Builder *b, Value *count, Value *p, Value *q)
{
    return make_value(b, OP_INNER, (Value *[]){count, p, q}, 3, p->type->elem);
}

Value *build_ptrdiff(Builder *b, Value *p, Value *q)
{
    return make_value(b, OP_PTRDIFF, (Value *[]){p, q}, 2, scalar(b, TYPE_LONG));
}

Value *build_load(Builder *b, Value *pointer)
{
    return make_value(b, OP_LOAD, &pointer, 1, pointer->type->elem);
}

void build_store(Builder *b, Value *pointer, Value *value)
{
    make(b, OP_STORE, (Value *[]){pointer, value}, 2, 0);
}

void build_accumulate(Builder *b, Value *pointer, Value *value)
{
    make(b, OP_ACCUMULATE, (Value *[]){pointer, value}, 2, 0);
}

void build_fill_zero(Builder *b, Value *pointer, Value *count)
{
    make(b, OP_ZERO, (Value *[]){pointer, count}, 2, 0);
}

void build_copy(Builder *b, Value *to, Value *from, Value *count)
{
    make(b, OP_COPY, (Value *[]){to, from, count}, 3, 0);
}

Value *build_extract(Builder *b, Value *record, unsigned field)
{
    const Type *type = record->type->record->fields[field].type;
    Value *result = make_value(b, OP_EXTRACT, &record, 1, type);
    result->op->int_value = field;
    return result;
}

Value *build_insert(Builder *b, Value *record, unsigned field, Value *value)
{
    Value *result = make_value(b, OP_INSERT, (Value *[]){record, value}, 2, record->type);
    result->op->int_value = field;
    return result;
}

Value *build_call(Builder *b, Function *callee, Value **args, unsigned num_args)
{
    const bool is_void = callee->result->kind == TYPE_VOID;
    Op *op = make(b, OP_CALL, args, num_args, is_void ? 0 : 1);
    op->callee = callee;
    if (is_void)
        return NULL;
    op->results[0]->type = callee->result;
    return op->results[0];
}

/* ---- the tape ---- */

Value *build_call_through(Builder *b, Value **target_and_args, unsigned n)
{
    const Type *result = target_and_args[0]->type->elem->elem;
    const bool is_void = result->kind == TYPE_VOID;
    Op *op = make(b, OP_CALL, target_and_args, n, is_void ? 0 : 1);
    if (is_void)
        return NULL;
    op->results[0]->type = result;
    return op->results[0];
}

Value *build_tape(Builder *b, const char *name)
{
    const Type *type = type_pointer(types_of(b), scalar(b, TYPE_TAPE));
    Value *result = make_value(b, OP_TAPE, NULL, 0, type);
    result->op->name = name;
    result->name = name;
    return result;
}

void build_tape_push(Builder *b, Value *tape, Value **values, unsigned n)
{
    Op *op = op_new(b->function, OP_TAPE_PUSH, n + 1, 0, 0);
    op_set_operand(op, 0, tape);
    for (unsigned i = 0; i < n; i++)
        op_set_operand(op, i + 1, values[i]);
    place(b, op);
}

Op *build_tape_pop(Builder *b, Value *tape, const Type **types, unsigned n)
{
    Op *op = make(b, OP_TAPE_POP, &tape, 1, n);
    for (unsigned i = 0; i < n; i++)
        op->results[i]->type = types[i];
    return op;
}

void build_tape_release(Builder *b, Value *tape)
{
    make(b, OP_TAPE_RELEASE, &tape, 1, 0);
}

void build_tape_drain(Builder *b, Value *tape)
{
    make(b, OP_TAPE_DRAIN, &tape, 1, 0);
}

/* ---- control ---- */

Value *build_out_of_ifs(Value *value, Region *region, const Region *end, unsigned flags)
{
    for (; region != end && region->owner && region->owner->kind == OP_IF; region = region->owner->parent) {
        Op *op = region->owner;
        Region *other = op->regions[op->regions[0] == region ? 1 : 0];
        Builder b = builder_before(region_terminator(other));
        b.flags = flags;
        Value *none = type_is_pointer(value->type) ? build_zero(&b, value->type) : build_undef(&b, value->type);
        op_add_operand(region_terminator(region), value);
        op_add_operand(region_terminator(other), none);
        value = op_add_result(op, value->type, value->name);
    }
    return value;
}

Op *build_if(Builder *b, Value *condition, const Type **results, unsigned n)
{
    Op *op = op_new(b->function, OP_IF, 1, n, 2);
    op_set_operand(op, 0, condition);
    for (unsigned i = 0; i < n; i++)
        op->results[i]->type = results[i];
    return place(b, op);
}

/* The results of a loop, and the carried arguments of one of its regions, follow its initial values. */
static void carry(Op *loop, Region *region)
{
    const unsigned first = loop_first_init(loop);
    for (unsigned i = first; i < loop->num_operands; i++) {
        const Value *init = op_operand(loop, i);
        region_add_arg(region, init->type, init->name);
        loop->results[i - first]->type = init->type;
        loop->results[i - first]->name = init->name;
    }
}

Op *build_for(Builder *b, OpKind compare, Value *lower, Value *upper, Value *step, Value **initial,
              unsigned n, const char *counter_name)
{
    Op *op = op_new(b->function, OP_FOR, n + 3, n, 1);
    op->compare = compare;
    op_set_operand(op, 0, lower);
    op_set_operand(op, 1, upper);
    op_set_operand(op, 2, step);
    for (unsigned i = 0; i < n; i++)
        op_set_operand(op, i + 3, initial[i]);
    region_add_arg(op->regions[0], lower->type, counter_name);
    carry(op, op->regions[0]);
    return place(b, op);
}

Op *build_while(Builder *b, Value **initial, unsigned n)
{
    Op *op = op_new(b->function, OP_WHILE, n, n, 2);
    for (unsigned i = 0; i < n; i++)
        op_set_operand(op, i, initial[i]);
    carry(op, op->regions[0]);
    carry(op, op->regions[1]);
    return place(b, op);
}

void build_yield(Builder *b, Value **values, unsigned n)
{
    make(b, OP_YIELD, values, n, 0);
}

void build_return(Builder *b, Value *value)
{
    make(b, OP_RETURN, &value, value ? 1 : 0, 0);
}

/* ---- cloning ---- */

static Value *mapped(Value *value, Value **map)
{
    return map[value->id] ? map[value->id] : value;
}

static void clone_region(Builder *outer, Region *to, const Region *from, Value **map)
{
    for (size_t i = 0; i < from->args.count; i++) {
        const Value *arg = from->args.items[i];
        map[arg->id] = region_add_arg(to, arg->type, arg->name);
    }
    Builder b = *outer;
    b.region = to;
    b.before = NULL;
    for (const Op *op = from->first; op; op = op->next)
        build_clone(&b, op, map);
}

Op *build_clone(Builder *b, const Op *op, Value **map)
{
    Op *copy = op_new(b->function, op->kind, op->num_operands, op->num_results, op->num_regions);
    copy->compare = op->compare;
    copy->int_value = op->int_value;
    copy->float_value = op->float_value;
    copy->text = op->text;
    copy->callee = op->callee;
    copy->global = op->global;
    copy->name = op->name;
    copy->flags = op->flags;
    for (unsigned i = 0; i < op->num_operands; i++)
        op_set_operand(copy, i, mapped(op_operand(op, i), map));
    for (unsigned i = 0; i < op->num_results; i++) {
        copy->results[i]->type = op->results[i]->type;
        copy->results[i]->name = op->results[i]->name;
        map[op->results[i]->id] = copy->results[i];
    }
    place(b, copy);
    copy->loc = op->loc;
    for (unsigned r = 0; r < op->num_regions; r++)
        clone_region(b, copy->regions[r], op->regions[r], map);
    return copy;
}

Function *function_clone(const Function *function)
{
    Arena *arena = function->module->arena;
    Function *copy = arena_new(arena, Function);
    *copy = *function;
    copy->num_values = 0;
    copy->params = arena_new_array(arena, Param, function->num_params);
    memcpy(copy->params, function->params, function->num_params * sizeof(Param));
    const Type **types = arena_new_array(arena, const Type *, function->num_params);
    for (unsigned i = 0; i < function->num_params; i++)
        types[i] = function->body->args.items[i]->type;
    function_define(copy, types);
    Value **map = arena_new_array(arena, Value *, function->num_values);
    for (unsigned i = 0; i < function->num_params; i++)
        map[function->body->args.items[i]->id] = copy->body->args.items[i];
    Builder b = builder_at_end(copy->body);
    for (const Op *op = function->body->first; op; op = op->next)
        build_clone(&b, op, map);
    return copy;
}
