/* Common subexpressions, repeated loads, and loads of what was just stored.
 *
 * Algorithm. A walk with a table of the pure ops seen in the regions around; an op that is there already
 * gives way to it. Beside it, a list of memory contents that are known: from loads and stores, struck
 * out by whatever may write there. Inside an if the list is continued and put back; a loop starts with
 * what the loop itself does not write.
 *
 * Requires: SSA. Keeps: every value. Does not handle: more than a few dozen known contents at a time. */
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "analysis/memory.h"
#include "transform/simplify_internal.h"

typedef struct Expression {
    const char *key;
    Value *value;
    UT_hash_handle hh;
} Expression;

typedef struct Content {
    const Value *pointer;
    Value *value;
} Content;

enum { MAX_CONTENTS = 48 };

typedef struct Contents {
    Content items[MAX_CONTENTS];
    unsigned count;
} Contents;

typedef struct Elimination {
    Arena *arena;
    Expression *table;
    VEC(Expression *) scope; /* in order of entry */
    Contents contents;
    bool changed;
} Elimination;

/* ---- expressions ---- */

static bool is_commutative(OpKind kind)
{
    switch (kind) {
    case OP_ADD:
    case OP_MUL:
    case OP_AND:
    case OP_OR:
    case OP_XOR:
    case OP_EQ:
    case OP_NE:
    case OP_LAND:
    case OP_LOR:
        return true;
    default:
        return false;
    }
}

static const char *key_of(Elimination *e, const Op *op)
{
    Text key = {0};
    text_printf(e->arena, &key, "%d:%u:%lld:%p:%p", op->kind, op->results[0]->type->id,
                (long long)op->int_value, (void *)op->global, (const void *)op->callee);
    if (op->kind == OP_CONST && op->text) /* a flag's name, in one family of functions */
        text_printf(e->arena, &key, ":%s", op->text);
    if (op->kind == OP_CONST && type_is_floating(op->results[0]->type))
        text_printf(e->arena, &key, ":%La", op->float_value);
    if (op->num_operands == 2 && is_commutative(op->kind) &&
        op_operand(op, 0)->id > op_operand(op, 1)->id) {
        text_printf(e->arena, &key, ",%u,%u", op_operand(op, 1)->id, op_operand(op, 0)->id);
        return key.items;
    }
    for (unsigned i = 0; i < op->num_operands; i++)
        text_printf(e->arena, &key, ",%u", op_operand(op, i)->id);
    return key.items;
}

static void merge_flags(Op *kept, const Op *gone)
{
    if (!(gone->flags & OP_FLAG_RELAXED))
        kept->flags &= ~(unsigned)OP_FLAG_RELAXED;
}

static void replace_all(Elimination *e, Op *op, Value *const *values)
{
    for (unsigned i = 0; i < op->num_results; i++) {
        if (!values[i]->name)
            values[i]->name = op->results[i]->name;
        value_replace_uses(op->results[i], values[i]);
    }
    op_erase(op);
    e->changed = true;
}

static void visit_pure(Elimination *e, Op *op)
{
    if (op->kind == OP_UNDEF || op->kind == OP_STRING || op->num_results == 0)
        return;
    const char *key = key_of(e, op);
    Expression *known = NULL;
    HASH_FIND_STR(e->table, key, known);
    if (known) {
        merge_flags(known->value->op, op);
        replace_all(e, op, known->value->op->results);
        return;
    }
    Expression *expression = arena_new(e->arena, Expression);
    expression->key = key;
    expression->value = op->results[0];
    HASH_ADD_KEYPTR(hh, e->table, expression->key, strlen(expression->key), expression);
    vec_push(e->arena, &e->scope, expression);
}

static void close_scope(Elimination *e, size_t mark)
{
    while (e->scope.count > mark) {
        Expression *expression = vec_pop(&e->scope);
        HASH_DEL(e->table, expression);
    }
}

/* ---- memory ---- */

static void strike_out(Contents *contents, const Op *op)
{
    unsigned kept = 0;
    for (unsigned i = 0; i < contents->count; i++)
        if (!op_may_write(op, contents->items[i].pointer))
            contents->items[kept++] = contents->items[i];
    contents->count = kept;
}

static void remember(Contents *contents, const Value *pointer, Value *value)
{
    if (contents->count == MAX_CONTENTS) {
        memmove(contents->items, contents->items + 1, (MAX_CONTENTS - 1) * sizeof(Content));
        contents->count--;
    }
    contents->items[contents->count++] = (Content){pointer, value};
}

static void visit_load(Elimination *e, Op *op)
{
    for (unsigned i = 0; i < e->contents.count; i++) {
        const Content *content = &e->contents.items[i];
        if (content->pointer == op_operand(op, 0) && content->value->type == op->results[0]->type) {
            Value *value = content->value;
            replace_all(e, op, &value);
            return;
        }
    }
    remember(&e->contents, op_operand(op, 0), op->results[0]);
}

/* Storing what is there already does nothing. */
static bool is_redundant_store(const Elimination *e, const Op *op)
{
    if (op->kind != OP_STORE)
        return false;
    for (unsigned i = 0; i < e->contents.count; i++)
        if (e->contents.items[i].pointer == op_operand(op, 0))
            return e->contents.items[i].value == op_operand(op, 1);
    return false;
}

static void visit_region(Elimination *e, Region *region);

static void visit_control(Elimination *e, Op *op)
{
    if (op_is_loop(op->kind))
        strike_out(&e->contents, op);
    const Contents before = e->contents;
    for (unsigned r = 0; r < op->num_regions; r++) {
        const size_t mark = e->scope.count;
        visit_region(e, op->regions[r]);
        close_scope(e, mark);
        e->contents = before;
    }
    strike_out(&e->contents, op);
}

static void visit_op(Elimination *e, Op *op)
{
    if (op->num_regions) {
        visit_control(e, op);
    } else if (op->kind == OP_LOAD) {
        visit_load(e, op);
    } else if (op_table[op->kind].effect == EFFECT_PURE) {
        visit_pure(e, op);
    } else if (is_redundant_store(e, op)) {
        op_erase(op);
        e->changed = true;
    } else if (op_writes_memory(op)) {
        strike_out(&e->contents, op);
        if (op->kind == OP_STORE)
            remember(&e->contents, op_operand(op, 0), op_operand(op, 1));
    }
}

static void visit_region(Elimination *e, Region *region)
{
    for (Op *op = region->first, *next; op; op = next) {
        next = op->next;
        visit_op(e, op);
    }
}

bool eliminate_common(Function *function)
{
    Elimination e = {.arena = function->module->arena};
    visit_region(&e, function->body);
    HASH_CLEAR(hh, e.table);
    return e.changed;
}
