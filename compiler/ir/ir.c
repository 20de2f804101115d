/* The IR's data structure: functions, regions, ops, values, and the lists of uses between them. */
#include "ir/ir.h"

#include <string.h>

/* ---- modules and functions ---- */

void module_init(Module *module, Arena *arena, Strings *strings, Types *types, Sources *sources,
                 Diagnostics *diags)
{
    *module = (Module){.arena = arena,
                       .strings = strings,
                       .types = types,
                       .sources = sources,
                       .diags = diags};
}

Function *module_find(const Module *module, const char *name)
{
    for (size_t i = 0; i < module->functions.count; i++)
        if (strcmp(module->functions.items[i]->name, name) == 0)
            return module->functions.items[i];
    return NULL;
}

Function *function_new(Module *module, const char *name, const Type *result)
{
    Function *function = arena_new(module->arena, Function);
    function->module = module;
    function->name = name;
    function->result = result;
    function->has_side_effects = true;
    vec_push(module->arena, &module->functions, function);
    return function;
}

void function_define(Function *function, const Type **types)
{
    function->body = region_new(function, NULL);
    for (unsigned i = 0; i < function->num_params; i++)
        region_add_arg(function->body, types[i], function->params[i].name);
}

/* ---- regions ---- */

Region *region_new(Function *function, Op *owner)
{
    Region *region = arena_new(function->module->arena, Region);
    region->owner = owner;
    region->function = function;
    return region;
}

Value *region_add_arg(Region *region, const Type *type, const char *name)
{
    Value *arg = arena_new(region->function->module->arena, Value);
    *arg = (Value){.id = region->function->num_values++,
                   .type = type,
                   .region = region,
                   .index = (unsigned)region->args.count,
                   .name = name};
    vec_push(region->function->module->arena, &region->args, arg);
    return arg;
}

void region_remove_arg(Region *region, unsigned index)
{
    for (size_t i = index; i + 1 < region->args.count; i++) {
        region->args.items[i] = region->args.items[i + 1];
        region->args.items[i]->index = (unsigned)i;
    }
    region->args.count--;
}

/* ---- uses ---- */

static void use_link(Use *use, Value *value)
{
    use->value = value;
    use->prev = NULL;
    use->next = NULL;
    if (!value)
        return;
    use->next = value->uses;
    if (use->next)
        use->next->prev = use;
    value->uses = use;
}

static void use_unlink(Use *use)
{
    if (!use->value)
        return;
    if (use->prev)
        use->prev->next = use->next;
    else
        use->value->uses = use->next;
    if (use->next)
        use->next->prev = use->prev;
    use->value = NULL;
}

void value_replace_uses(Value *value, Value *replacement)
{
    while (value->uses) {
        Use *use = value->uses;
        use_unlink(use);
        use_link(use, replacement);
    }
}

bool value_has_uses(const Value *value)
{
    return value->uses != NULL;
}

bool value_has_one_use(const Value *value)
{
    return value->uses && !value->uses->next;
}

/* ---- ops ---- */

static void result_init(Op *op, unsigned index, Function *function)
{
    Value *value = arena_new(function->module->arena, Value);
    *value = (Value){.id = function->num_values++, .op = op, .index = index};
    op->results[index] = value;
}

Op *op_new(Function *function, OpKind kind, unsigned num_operands, unsigned num_results,
           unsigned num_regions)
{
    Arena *arena = function->module->arena;
    Op *op = arena_new(arena, Op);
    op->kind = kind;
    op->function = function;
    op->num_operands = num_operands;
    op->num_results = num_results;
    op->num_regions = num_regions;
    op->operands = arena_new_array(arena, Use, num_operands);
    op->results = arena_new_array(arena, Value *, num_results);
    op->regions = arena_new_array(arena, Region *, num_regions);
    for (unsigned i = 0; i < num_operands; i++)
        op->operands[i].user = op;
    for (unsigned i = 0; i < num_results; i++)
        result_init(op, i, function);
    for (unsigned i = 0; i < num_regions; i++)
        op->regions[i] = region_new(function, op);
    return op;
}

/* Numbers that grow along a region's list, with room between them, so that op_precedes need not walk. */
enum { ORDER_GAP = 1 << 10 };

static void renumber(Region *region)
{
    uint64_t order = 0;
    for (Op *op = region->first; op; op = op->next)
        op->order = order += ORDER_GAP;
}

void op_insert_before(Op *op, Op *position)
{
    Region *region = position->parent;
    if (position->order - (position->prev ? position->prev->order : 0) < 2)
        renumber(region);
    const uint64_t before = position->prev ? position->prev->order : 0;
    op->order = before + (position->order - before) / 2;
    op->parent = region;
    op->prev = position->prev;
    op->next = position;
    *(position->prev ? &position->prev->next : &region->first) = op;
    position->prev = op;
}

void op_append(Region *region, Op *op)
{
    op->parent = region;
    op->order = (region->last ? region->last->order : 0) + ORDER_GAP;
    op->prev = region->last;
    op->next = NULL;
    *(region->last ? &region->last->next : &region->first) = op;
    region->last = op;
}

void op_detach(Op *op)
{
    Region *region = op->parent;
    *(op->prev ? &op->prev->next : &region->first) = op->next;
    *(op->next ? &op->next->prev : &region->last) = op->prev;
    op->prev = op->next = NULL;
    op->parent = NULL;
}

/* Takes the op's operands, and those of everything nested in it, out of the use lists. */
static void drop_operands(Op *op)
{
    for (unsigned i = 0; i < op->num_operands; i++)
        use_unlink(&op->operands[i]);
    for (unsigned r = 0; r < op->num_regions; r++)
        for (Op *inner = op->regions[r]->first; inner; inner = inner->next)
            drop_operands(inner);
}

void op_erase(Op *op)
{
    drop_operands(op);
    if (op->parent)
        op_detach(op);
}

void op_set_operand(Op *op, unsigned index, Value *value)
{
    use_unlink(&op->operands[index]);
    use_link(&op->operands[index], value);
}

/* Operands lie in an array, so growing it moves the links. */
static void resize_operands(Op *op, unsigned count)
{
    Use *moved = arena_new_array(op->function->module->arena, Use, count);
    for (unsigned i = 0; i < count; i++)
        moved[i].user = op;
    for (unsigned i = 0; i < op->num_operands; i++) {
        Value *value = op->operands[i].value;
        use_unlink(&op->operands[i]);
        if (i < count)
            use_link(&moved[i], value);
    }
    op->operands = moved;
    op->num_operands = count;
}

void op_add_operand(Op *op, Value *value)
{
    resize_operands(op, op->num_operands + 1);
    use_link(&op->operands[op->num_operands - 1], value);
}

void op_remove_operand(Op *op, unsigned index)
{
    for (unsigned i = index; i + 1 < op->num_operands; i++)
        op_set_operand(op, i, op_operand(op, i + 1));
    use_unlink(&op->operands[op->num_operands - 1]);
    op->num_operands--;
}

Value *op_add_result(Op *op, const Type *type, const char *name)
{
    op->results = arena_grow(op->function->module->arena, op->results,
                             op->num_results * sizeof(Value *),
                             (op->num_results + 1) * sizeof(Value *));
    result_init(op, op->num_results, op->function);
    Value *result = op->results[op->num_results++];
    result->type = type;
    result->name = name;
    return result;
}

void op_remove_result(Op *op, unsigned index)
{
    for (unsigned i = index; i + 1 < op->num_results; i++) {
        op->results[i] = op->results[i + 1];
        op->results[i]->index = i;
    }
    op->num_results--;
}

/* ---- places ---- */

Region *value_region(const Value *value)
{
    return value->op ? value->op->parent : value->region;
}

bool region_contains(const Region *outer, const Region *inner)
{
    while (inner && inner != outer)
        inner = inner->owner ? inner->owner->parent : NULL;
    return inner != NULL;
}

bool op_precedes(const Op *a, const Op *b)
{
    return a->parent == b->parent && a->order < b->order;
}

Value *pointer_before_conversions(const Value *pointer)
{
    while (pointer->op && pointer->op->kind == OP_CONVERT && type_is_pointer(op_operand(pointer->op, 0)->type))
        pointer = op_operand(pointer->op, 0);
    return (Value *)pointer;
}

Op *op_ancestor_in(const Region *region, Op *op)
{
    while (op && op->parent != region)
        op = op->parent ? op->parent->owner : NULL;
    return op;
}

/* ---- constants, loops ---- */

bool value_is_const(const Value *value)
{
    return value->op && value->op->kind == OP_CONST;
}

int64_t constant_term(const Value *constant)
{
    const int64_t value = constant->op->int_value;
    return constant->type->kind == TYPE_UINT && value > INT32_MAX ? value - (INT64_C(1) << 32) : value;
}

bool value_is_int(const Value *value, int64_t constant)
{
    return value_is_const(value) && type_is_integer(value->type) && value->op->int_value == constant;
}

bool value_is_widened(const Value *value)
{
    if (!value->op || value->op->kind != OP_CONVERT || !type_is_integer(value->type))
        return false;
    const Types *types = value->op->function->module->types;
    const Type *from = op_operand(value->op, 0)->type;
    return type_is_integer(from) && type_bits(types, from) <= type_bits(types, value->type);
}

Value *value_before_widening(const Value *value)
{
    while (value_is_widened(value))
        value = op_operand(value->op, 0);
    return (Value *)value;
}

bool value_is_float(const Value *value, long double constant)
{
    return value_is_const(value) && type_is_floating(value->type) &&
           value->op->float_value == constant;
}

bool values_are_same(const Value *a, const Value *b)
{
    return a == b || (value_is_const(a) && value_is_const(b) && type_is_integer(a->type) &&
                      type_is_integer(b->type) && a->op->int_value == b->op->int_value);
}

bool value_is_inside(const Op *op, const Value *value)
{
    for (unsigned r = 0; r < op->num_regions; r++)
        if (region_contains(op->regions[r], value_region(value)))
            return true;
    return false;
}

OpKind compare_swapped(OpKind compare)
{
    switch (compare) {
    case OP_LT:
        return OP_GT;
    case OP_GT:
        return OP_LT;
    case OP_LE:
        return OP_GE;
    case OP_GE:
        return OP_LE;
    default:
        return compare; /* == and != are symmetric */
    }
}

bool op_is_compare(OpKind kind)
{
    return op_table[kind].type_rule == RULE_COMPARE;
}

bool op_is_loop(OpKind kind)
{
    return kind == OP_FOR || kind == OP_WHILE;
}

unsigned loop_first_init(const Op *loop)
{
    return loop->kind == OP_FOR ? 3 : 0;
}

Region *loop_body(const Op *loop)
{
    return loop->regions[loop->kind == OP_FOR ? 0 : 1];
}

unsigned loop_num_carried(const Op *loop)
{
    return loop->num_operands - loop_first_init(loop);
}

Value *loop_carried_arg(const Op *loop, unsigned i)
{
    return loop_body(loop)->args.items[i + (loop->kind == OP_FOR ? 1 : 0)];
}

Value *loop_carried_next(const Op *loop, unsigned i)
{
    return op_operand(region_terminator(loop_body(loop)), i);
}

Value *loop_carried_init(const Op *loop, unsigned i)
{
    return op_operand(loop, loop_first_init(loop) + i);
}

static void swap_values(Value **values, unsigned i, unsigned j)
{
    Value *value = values[i];
    values[i] = values[j];
    values[j] = value;
    values[i]->index = i;
    values[j]->index = j;
}

static void swap_operands(Op *op, unsigned i, unsigned j)
{
    Value *value = op_operand(op, i);
    op_set_operand(op, i, op_operand(op, j));
    op_set_operand(op, j, value);
}

void loop_swap_carried(Op *loop, unsigned i, unsigned j)
{
    Region *body = loop_body(loop);
    const unsigned first_init = loop_first_init(loop), first_arg = loop_carried_arg(loop, 0)->index;
    const unsigned first_next = region_terminator(body)->num_operands - loop_num_carried(loop);
    swap_operands(loop, first_init + i, first_init + j);
    swap_operands(region_terminator(body), first_next + i, first_next + j);
    swap_values(body->args.items, first_arg + i, first_arg + j);
    swap_values(loop->results, i, j);
}

/* ---- effects of single ops ---- */

/* Integer division is undefined for a zero divisor (and for MIN / -1): it must not run where the
 * source would not have run it, unless the divisor is a harmless constant. */
static bool may_trap(const Op *op)
{
    if (op->kind != OP_DIV && op->kind != OP_REM)
        return false;
    const Value *divisor = op_operand(op, 1);
    if (!type_is_integer(divisor->type))
        return false;
    return !value_is_const(divisor) || divisor->op->int_value == 0 || divisor->op->int_value == -1;
}

bool op_is_speculatable(const Op *op)
{
    return op_table[op->kind].effect == EFFECT_PURE && !may_trap(op);
}

static bool region_is_removable(const Region *region)
{
    for (const Op *op = region->first; op; op = op->next)
        if (op->kind != OP_YIELD && !op_is_removable(op))
            return false;
    return true;
}

bool op_is_removable(const Op *op)
{
    switch (op_table[op->kind].effect) {
    case EFFECT_PURE:
    case EFFECT_READ:
        return true;
    case EFFECT_ALLOC:
        return true;
    case EFFECT_WRITE:
        return op->kind == OP_CALL && op->callee && !op->callee->has_side_effects &&
               !op->callee->is_noreturn;
    case EFFECT_CONTROL:
        break;
    }
    if (op->num_regions == 0)
        return false;
    for (unsigned r = 0; r < op->num_regions; r++)
        if (!region_is_removable(op->regions[r]))
            return false;
    return true;
}

void region_walk(Region *region, OpVisitor *visit, void *context)
{
    for (Op *op = region->first, *next; op; op = next) {
        next = op->next;
        visit(op, context);
        for (unsigned r = 0; r < op->num_regions; r++)
            region_walk(op->regions[r], visit, context);
    }
}
