/* realloc is malloc, copy, free.
 *
 *     resize %q, %p                       if %q != null {
 *                                             %n = old size of p < size of q ? ... : ...
 *                                 ->          if %n > 0 { copy %q, %p, %n }
 *                                             release %p
 *                                         }
 *
 * The front end writes realloc as a malloc and a `resize`, which moves what the old memory holds. How much that is
 * follows from where the old pointer comes from: its size goes along with it, through branches and loops.
 *
 * Requires: mem2reg, type_allocations. Keeps: SSA. Does not handle: pointers that come from memory or from the
 * caller; they are an error. */
#include "transform/passes.h"

#include "ir/builder.h"

typedef struct Known {
    const Value *pointer;
    Value *size; /* number of elements */
} Known;

typedef struct Lowering {
    Arena *arena;
    const Type *size_type, *elem;
    VEC(Op *) resizes;
    VEC(Known) known;
} Lowering;

static Value *size_of(Lowering *l, Value *pointer);

static Value *remember(Lowering *l, const Value *pointer, Value *size)
{
    const Known known = {pointer, size};
    vec_push(l->arena, &l->known, known);
    return size;
}

/* Carried value number i of the loop gets its size as another carried value. */
static bool carry_size(Lowering *l, Op *loop, unsigned i)
{
    Value *init = size_of(l, loop_carried_init(loop, i));
    if (!init)
        return false;
    const unsigned first = loop->kind == OP_FOR ? 1 : 0;
    op_add_operand(loop, init);
    remember(l, loop->results[i], op_add_result(loop, l->size_type, "size"));
    for (unsigned r = 0; r < loop->num_regions; r++)
        remember(l, loop->regions[r]->args.items[first + i], region_add_arg(loop->regions[r], l->size_type, "size"));
    Value *next = size_of(l, loop_carried_next(loop, i));
    op_add_operand(region_terminator(loop_body(loop)), next ? next : init);
    return next != NULL;
}

static Value *chosen_size(Lowering *l, const Value *pointer)
{
    Op *op = pointer->op;
    Value *sizes[2];
    for (unsigned r = 0; r < 2; r++)
        sizes[r] = size_of(l, op_operand(region_terminator(op->regions[r]), pointer->index));
    if (!sizes[0] || !sizes[1])
        return NULL;
    for (unsigned r = 0; r < 2; r++)
        op_add_operand(region_terminator(op->regions[r]), sizes[r]);
    return remember(l, pointer, op_add_result(op, l->size_type, "size"));
}

/* The number of elements that the memory has at whose start the pointer points; NULL: not known. */
static Value *size_of(Lowering *l, Value *pointer)
{
    pointer = pointer_before_conversions(pointer);
    for (size_t i = 0; i < l->known.count; i++)
        if (l->known.items[i].pointer == pointer)
            return l->known.items[i].size;
    Op *op = pointer->op, *loop = op ? op : pointer->region->owner;
    if (loop && op_is_loop(loop->kind)) {
        const unsigned first = !op && loop->kind == OP_FOR ? 1 : 0;
        return carry_size(l, loop, pointer->index - first) ? size_of(l, pointer) : NULL;
    }
    if (!op)
        return NULL;
    if (op->kind == OP_IF)
        return chosen_size(l, pointer);
    Builder b = builder_before(op->next);
    b.loc = op->loc;
    if (op->kind == OP_NULLPTR)
        return remember(l, pointer, build_int(&b, l->size_type, 0));
    if (op->kind == OP_MALLOC && pointer->type->elem == l->elem)
        return remember(l, pointer, build_convert(&b, op_operand(op, 0), l->size_type));
    if (op->kind != OP_SELECT)
        return NULL;
    Value *a = size_of(l, op_operand(op, 1)), *c = size_of(l, op_operand(op, 2));
    return a && c ? remember(l, pointer, build_select(&b, op_operand(op, 0), a, c)) : NULL;
}

/* The region of an if without else. */
static Builder inside_if(Builder *b, Value *condition)
{
    Op *op = build_if(b, condition, NULL, 0);
    for (unsigned r = 0; r < 2; r++) {
        Builder end = builder_at_end(op->regions[r]);
        build_yield(&end, NULL, 0);
    }
    Builder inside = builder_before(region_terminator(op->regions[0]));
    inside.loc = b->loc;
    return inside;
}

static void move_contents(Builder *b, Value *to, Value *from, Value *old_size, Value *new_size)
{
    Builder present = inside_if(b, build_binary(b, OP_NE, to, build_zero(b, to->type)));
    Value *smaller = build_binary(&present, OP_LT, old_size, new_size);
    Value *count = build_select(&present, smaller, old_size, new_size);
    Builder any = inside_if(&present, build_binary(&present, OP_GT, count, build_int(&present, count->type, 0)));
    build_copy(&any, to, from, count);
    build_release(&present, from);
}

static void lower_one(Lowering *l, Op *resize)
{
    Function *function = resize->function;
    Value *to = pointer_before_conversions(op_operand(resize, 0)), *from = pointer_before_conversions(op_operand(resize, 1));
    l->elem = to->type->elem;
    const bool is_null = from->op && from->op->kind == OP_NULLPTR, same = from->type == to->type || is_null;
    Value *size = same && l->elem->kind != TYPE_VOID ? size_of(l, from) : NULL;
    if (!size) {
        diag(function->module->diags, MSG_REALLOC_SIZE, resize->loc);
        op_erase(resize);
        return;
    }
    Builder b = builder_before(resize);
    b.loc = resize->loc;
    if (!is_null)
        move_contents(&b, to, from, size, build_convert(&b, op_operand(to->op, 0), l->size_type));
    op_erase(resize);
}

static void collect(Op *op, void *context)
{
    Lowering *l = context;
    if (op->kind == OP_RESIZE)
        vec_push(l->arena, &l->resizes, op);
}

bool has_resizes(const Function *function)
{
    Lowering l = {.arena = function->module->arena};
    region_walk(function->body, collect, &l);
    return l.resizes.count > 0;
}

void lower_resizes(Function *function)
{
    Module *module = function->module;
    Lowering l = {.arena = module->arena, .size_type = type_scalar(module->types, TYPE_ULONG)};
    region_walk(function->body, collect, &l);
    for (size_t i = 0; i < l.resizes.count; i++)
        lower_one(&l, l.resizes.items[i]);
}
