/* Heap arrays get the type of their elements.
 *
 *     %p: ptr<void> = malloc #0 %bytes            %p: ptr<f64> = malloc #0 %n
 *     %q: ptr<f64> = convert %p
 *
 * malloc gives bytes. What they are is said where the pointer is converted, which may be in the function
 * that called a wrapper of malloc, so this runs when calls are inlined; or behind a choice between it and
 * another array, which is therefore converted on its sides.
 *
 * Requires: inlining, mem2reg. Keeps: what is allocated. Does not handle: memory that is converted to several
 * types, or whose size is no number of elements; it stays without a type. */
#include "transform/element_count.h"
#include "transform/passes.h"

typedef struct Allocations {
    Arena *arena;
    VEC(Op *) list, choices;
} Allocations;

static void collect(Op *op, void *context)
{
    Allocations *allocations = context;
    if (op->kind == OP_MALLOC && op->results[0]->type->elem->kind == TYPE_VOID)
        vec_push(allocations->arena, &allocations->list, op);
    if (op->kind == OP_IF || op->kind == OP_SELECT)
        vec_push(allocations->arena, &allocations->choices, op);
}

static bool is_conversion(const Op *op)
{
    return op->kind == OP_CONVERT && type_is_pointer(op->results[0]->type) &&
           op->results[0]->type->elem->kind != TYPE_VOID;
}

/* The one type that the pointer is converted to; NULL: none, or several. */
static const Type *wanted_type(const Value *memory)
{
    const Type *wanted = NULL;
    for (const Use *use = memory->uses; use; use = use->next) {
        if (!is_conversion(use->user))
            continue;
        if (wanted && wanted != use->user->results[0]->type)
            return NULL;
        wanted = use->user->results[0]->type;
    }
    return wanted;
}

/* ---- choices: n <= 8 ? local : malloc(...) ---- */

static bool is_untyped(const Value *pointer)
{
    return type_is_pointer(pointer->type) && pointer->type->elem->kind == TYPE_VOID;
}

static Value *converted(Builder *b, Value *pointer, const Type *type)
{
    const Op *op = pointer->op;
    const bool was_so = op && op->kind == OP_CONVERT && op_operand(op, 0)->type == type;
    return was_so ? op_operand(op, 0) : build_convert(b, pointer, type);
}

/* What the choice's result is converted to is converted on its sides already. */
static void convert_sides(Op *choice, unsigned result, const Type *type)
{
    for (unsigned side = 0; side < 2; side++) {
        Op *giver = choice->kind == OP_IF ? region_terminator(choice->regions[side]) : choice;
        const unsigned operand = choice->kind == OP_IF ? result : side + 1;
        Builder b = builder_before(giver);
        b.loc = choice->loc;
        op_set_operand(giver, operand, converted(&b, op_operand(giver, operand), type));
    }
    Value *value = choice->results[result];
    value->type = type;
    for (Use *use = value->uses, *next; use; use = next) {
        next = use->next;
        if (!value->name)
            value->name = use->user->results[0]->name;
        value_replace_uses(use->user->results[0], value);
        op_erase(use->user);
    }
}

static void type_choice(Op *choice)
{
    for (unsigned i = 0; i < choice->num_results; i++) {
        const Value *value = choice->results[i];
        const Type *wanted = is_untyped(value) ? wanted_type(value) : NULL;
        bool only_converted = wanted != NULL;
        for (const Use *use = value->uses; use; use = use->next)
            only_converted = only_converted && is_conversion(use->user);
        if (only_converted)
            convert_sides(choice, i, wanted);
    }
}

/* ---- allocations ---- */

static void type_one(Op *old)
{
    Value *untyped = old->results[0];
    const Type *wanted = wanted_type(untyped);
    Builder b = builder_before(old);
    b.loc = old->loc;
    Value *count = wanted ? element_count_of(&b, op_operand(old, 0), wanted->elem) : NULL;
    if (!count)
        return;
    Value *memory = build_malloc(&b, wanted->elem, count, (int)old->int_value, untyped->name);
    for (unsigned i = 1; i < old->num_operands; i++)
        op_add_operand(memory->op, op_operand(old, i));
    Value *plain = build_convert(&b, memory, untyped->type); /* as void *, for whoever wants that */
    value_replace_uses(untyped, plain);
    op_erase(old);
    for (Use *use = plain->uses, *next; use; use = next) {
        next = use->next;
        Op *user = use->user;
        if (user->kind == OP_RELEASE) {
            op_set_operand(user, 0, memory);
        } else if (is_conversion(user)) {
            if (!memory->name)
                memory->name = memory->op->name = user->results[0]->name;
            value_replace_uses(user->results[0], memory);
            op_erase(user);
        }
    }
    if (!plain->uses)
        op_erase(plain->op);
}

void type_allocations(Function *function)
{
    Allocations allocations = {.arena = function->module->arena};
    region_walk(function->body, collect, &allocations);
    for (size_t i = allocations.choices.count; i-- > 0;) /* a choice behind another one first */
        type_choice(allocations.choices.items[i]);
    for (size_t i = 0; i < allocations.list.count; i++)
        type_one(allocations.list.items[i]);
}
