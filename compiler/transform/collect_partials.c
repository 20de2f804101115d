/* In loops over directions, what multiplies one tangent is put together once, in front of the loop.
 *
 *     for (d = 0; d < 8; d++)                              partial = 2 * t * v - 0.5 * w;
 *         r_dot[d] = 2 * (u_dot[d] * t * v)      becomes   for (d = 0; d < 8; d++)
 *                    - 0.5 * (u_dot[d] * w);                   r_dot[d] = u_dot[d] * partial;
 *
 * A direction then costs a product for each tangent that goes in, whatever the expression. (Preaccumulation: Griewank and Walther,
 * Evaluating Derivatives, 2nd ed., chapter 10.)
 *
 * Algorithm. A root is a sum, difference or product with something from outside the loop that is used more than once, or by something
 * that is none of these. Its linear form is found by walking down through such ops that are used once; terms of the same value are
 * added. It replaces the root where it takes fewer operations in all directions than it costs in front of the loop.
 *
 * Requires: SSA, relaxed ops. Keeps: values but for rounding. */
#include "ir/builder.h"
#include "transform/passes.h"

enum { MAX_TERMS = 32 };

/* What multiplies a term, from outside the loop; NULL: 1. */
typedef struct Partial Partial;
struct Partial {
    OpKind kind; /* mul, div, add, sub, neg; const: `value` */
    Value *value;
    const Partial *left, *right;
};

typedef struct Term {
    Value *leaf;
    const Partial *partial;
    bool negative;
} Term;

typedef struct Form {
    Arena *arena;
    const Op *loop;
    Term terms[MAX_TERMS];
    unsigned count, ops; /* that the form stands for */
    bool failed;
} Form;

/* ---- partials ---- */

static const Partial *combine(Form *f, OpKind kind, const Partial *left, const Partial *right)
{
    Partial *partial = arena_new(f->arena, Partial);
    *partial = (Partial){.kind = kind, .left = left, .right = right};
    return partial;
}

static const Partial *scale(Form *f, OpKind kind, const Partial *partial, Value *value)
{
    Partial *factor = arena_new(f->arena, Partial);
    *factor = (Partial){.kind = OP_CONST, .value = value};
    return partial || kind == OP_DIV ? combine(f, kind, partial, factor) : factor;
}

static unsigned partial_ops(const Partial *partial)
{
    return !partial || partial->kind == OP_CONST ? 0 : 1 + partial_ops(partial->left) + partial_ops(partial->right);
}

static Value *build_partial(Builder *b, const Partial *partial, const Type *type)
{
    if (!partial)
        return build_float(b, type, 1);
    if (partial->kind == OP_CONST)
        return partial->value;
    Value *left = build_partial(b, partial->left, type);
    if (partial->kind == OP_NEG)
        return build_unary(b, OP_NEG, left);
    return build_binary(b, partial->kind, left, build_partial(b, partial->right, type));
}

/* ---- linear forms ---- */

static bool is_outside(const Op *loop, const Value *value)
{
    return !region_contains(loop->regions[0], value_region(value));
}

/* The operand that the op is linear in, of those that multiply or divide; -1: it is not such an op. */
static int scaled_operand(const Op *loop, const Op *op)
{
    if (op->kind == OP_MUL && is_outside(loop, op_operand(op, 0)) != is_outside(loop, op_operand(op, 1)))
        return is_outside(loop, op_operand(op, 0)) ? 1 : 0;
    if (op->kind == OP_DIV && is_outside(loop, op_operand(op, 1)) && !is_outside(loop, op_operand(op, 0)))
        return 0;
    return -1;
}

static bool is_linear(const Op *loop, const Op *op)
{
    if (!op || op->parent != loop->regions[0] || !(op->flags & OP_FLAG_RELAXED) || op->num_results != 1 ||
        !type_is_floating(op->results[0]->type))
        return false;
    return op->kind == OP_ADD || op->kind == OP_SUB || op->kind == OP_NEG || scaled_operand(loop, op) >= 0;
}

/* Is it a part of the form of what uses it? */
static bool is_interior(const Op *loop, const Op *op)
{
    const Value *value = op->results[0];
    return value_has_one_use(value) && is_linear(loop, value->uses->user);
}

static void add_term(Form *f, Value *leaf, const Partial *partial, bool negative)
{
    for (unsigned i = 0; i < f->count; i++) {
        Term *term = &f->terms[i];
        if (term->leaf != leaf)
            continue;
        if (term->negative == negative)
            term->partial = combine(f, OP_ADD, term->partial, partial);
        else
            term->partial = negative ? combine(f, OP_SUB, term->partial, partial) : combine(f, OP_SUB, partial, term->partial);
        term->negative = term->negative && negative;
        return;
    }
    if (f->count == MAX_TERMS)
        f->failed = true;
    else
        f->terms[f->count++] = (Term){leaf, partial, negative};
}

static void gather_op(Form *f, const Op *op, const Partial *partial, bool negative);

static void gather(Form *f, Value *value, const Partial *partial, bool negative)
{
    if (!f->failed && is_linear(f->loop, value->op) && is_interior(f->loop, value->op))
        gather_op(f, value->op, partial, negative);
    else
        add_term(f, value, partial, negative);
}

static void gather_op(Form *f, const Op *op, const Partial *partial, bool negative)
{
    const int scaled = scaled_operand(f->loop, op);
    f->ops++;
    if (scaled >= 0) {
        gather(f, op_operand(op, (unsigned)scaled), scale(f, op->kind, partial, op_operand(op, 1 - (unsigned)scaled)), negative);
        return;
    }
    gather(f, op_operand(op, 0), partial, negative != (op->kind == OP_NEG));
    if (op->kind != OP_NEG)
        gather(f, op_operand(op, 1), partial, negative != (op->kind == OP_SUB));
}

/* ---- replacing ---- */

static bool is_worth_it(const Form *f)
{
    const Value *directions = op_operand(f->loop, 1);
    unsigned ops = f->count - 1, outside = 0;
    bool has_positive = false;
    for (unsigned i = 0; i < f->count; i++) {
        ops += f->terms[i].partial != NULL;
        outside += partial_ops(f->terms[i].partial);
        has_positive = has_positive || !f->terms[i].negative;
    }
    ops += !has_positive;
    return ops < f->ops && value_is_const(directions) && (f->ops - ops) * directions->op->int_value > outside;
}

static Value *build_term(Form *f, Builder *b, const Term *term)
{
    if (!term->partial)
        return term->leaf;
    Builder before = builder_before((Op *)f->loop);
    before.flags = b->flags;
    before.loc = b->loc;
    return build_binary(b, OP_MUL, term->leaf, build_partial(&before, term->partial, term->leaf->type));
}

/* Begins with a term that is added, if there is one. */
static void replace(Form *f, Op *root)
{
    Builder b = builder_before(root);
    b.flags = root->flags;
    b.loc = root->loc;
    unsigned first = 0;
    while (first < f->count && f->terms[first].negative)
        first++;
    Value *sum = NULL;
    if (first == f->count)
        sum = build_unary(&b, OP_NEG, build_term(f, &b, &f->terms[first = 0]));
    else
        sum = build_term(f, &b, &f->terms[first]);
    for (unsigned i = 0; i < f->count; i++)
        if (i != first)
            sum = build_binary(&b, f->terms[i].negative ? OP_SUB : OP_ADD, sum, build_term(f, &b, &f->terms[i]));
    value_replace_uses(root->results[0], sum);
    sum->name = sum->name ? sum->name : root->results[0]->name;
}

typedef struct Collecting {
    Arena *arena;
    bool changed;
} Collecting;

static void collect_in(Op *loop, void *context)
{
    Collecting *c = context;
    if (loop->kind != OP_FOR || !(loop->flags & OP_FLAG_TANGENT))
        return;
    for (Op *op = loop->regions[0]->first; op; op = op->next) {
        if (!is_linear(loop, op) || is_interior(loop, op))
            continue;
        Form form = {.arena = c->arena, .loop = loop};
        gather_op(&form, op, NULL, false);
        if (form.failed || !is_worth_it(&form))
            continue;
        replace(&form, op);
        c->changed = true;
    }
}

bool collect_partials(Function *function)
{
    Collecting c = {.arena = function->module->arena};
    region_walk(function->body, collect_in, &c);
    return c.changed;
}
