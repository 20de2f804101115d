/* Local structs become one local per member.
 *
 *     struct P p;                   double p_x, p_y;
 *     p.x = a; p.y = b;             p_x = a; p_y = b;
 *     q = p;                        q_x = p_x; q_y = p_y;
 *     return q.x * q.y;             return q_x * q_y;     and then values, by mem2reg
 *
 * Algorithm. Each local struct whose uses are members, copies of the whole and clearing the whole is split:
 * copies become copies of the members. Members that are structs are split in the next round.
 *
 * Requires: copy_records. Keeps: SSA. Does not handle: unions, structs that are passed on or returned as a
 * whole, whose address is used as such. */
#include "ir/builder.h"
#include "transform/split_records.h"

/* ---- which structs ---- */

typedef struct Candidates {
    Arena *arena;
    VEC(Op *) list;
} Candidates;

static bool use_qualifies(const Use *use)
{
    const Op *op = use->user;
    switch (op->kind) {
    case OP_FIELD:
        return true;
    case OP_COPY:
        return use != &op->operands[2] && value_is_int(op_operand(op, 2), 1);
    case OP_ZERO:
        return value_is_int(op_operand(op, 1), 1);
    default:
        return false;
    }
}

static void collect(Op *op, void *context)
{
    Candidates *candidates = context;
    if (op->kind != OP_ALLOCA || op->num_operands)
        return;
    const Type *type = op->results[0]->type->elem;
    if (type->kind != TYPE_RECORD || type->record->is_union || !type->record->is_complete)
        return;
    for (unsigned i = 0; i < type->record->num_fields; i++)
        if (type->record->fields[i].type->kind == TYPE_VOID)
            return; /* a member that adgen does not know */
    for (const Use *use = op->results[0]->uses; use; use = use->next)
        if (!use_qualifies(use))
            return;
    vec_push(candidates->arena, &candidates->list, op);
}

/* ---- splitting ---- */

static Value *member_count(Builder *b, const Field *field)
{
    int64_t count = 1;
    for (unsigned i = 0; i < field->rank; i++)
        count *= field->extents[i];
    return build_int(b, type_scalar(b->function->module->types, TYPE_INT), count);
}

static void copy_member(Builder *b, const Field *field, Value *to, Value *from)
{
    if (field->rank || field->type->kind == TYPE_RECORD)
        build_copy(b, to, from, member_count(b, field));
    else
        build_store(b, to, build_load(b, from));
}

static Value **make_members(Arena *arena, Op *alloca)
{
    const Record *record = alloca->results[0]->type->elem->record;
    Value **members = arena_new_array(arena, Value *, record->num_fields);
    Builder b = builder_before(alloca);
    b.loc = alloca->loc;
    b.flags = alloca->flags;
    for (unsigned i = 0; i < record->num_fields; i++) {
        const Field *field = &record->fields[i];
        Value **extents = arena_new_array(arena, Value *, field->rank);
        for (unsigned k = 0; k < field->rank; k++)
            extents[k] = build_int(&b, type_scalar(alloca->function->module->types, TYPE_INT),
                                   field->extents[k]);
        const char *name = alloca->name;
        if (name && field->name)
            name = intern_format(alloca->function->module->strings, "%s_%s", name, field->name);
        members[i] = build_alloca(&b, field->type, extents, field->rank, name);
    }
    return members;
}

static void split_copy(Op *copy, const Value *record, Value **members)
{
    Builder b = builder_before(copy);
    b.loc = copy->loc;
    b.flags = copy->flags & ~(unsigned)OP_FLAG_OVERLAP;
    const Record *type = record->type->elem->record;
    Value *to = op_operand(copy, 0), *from = op_operand(copy, 1);
    for (unsigned i = 0; i < type->num_fields && to != from; i++)
        copy_member(&b, &type->fields[i], to == record ? members[i] : build_field(&b, to, i),
                    from == record ? members[i] : build_field(&b, from, i));
    op_erase(copy);
}

static void split_zero(Op *zero, const Record *record, Value **members)
{
    Builder b = builder_before(zero);
    b.loc = zero->loc;
    b.flags = zero->flags;
    for (unsigned i = 0; i < record->num_fields; i++) {
        const Field *field = &record->fields[i];
        if (field->rank || field->type->kind == TYPE_RECORD)
            build_fill_zero(&b, members[i], member_count(&b, field));
        else
            build_store(&b, members[i], build_zero(&b, field->type));
    }
    op_erase(zero);
}

static void split(Arena *arena, Op *alloca)
{
    Value *record = alloca->results[0], **members = make_members(arena, alloca);
    while (record->uses) {
        Op *op = record->uses->user;
        if (op->kind == OP_FIELD) {
            value_replace_uses(op->results[0], members[op->int_value]);
            op_erase(op);
        } else if (op->kind == OP_COPY) {
            split_copy(op, record, members);
        } else {
            split_zero(op, record->type->elem->record, members);
        }
    }
    op_erase(alloca);
}

bool split_records(Function *function)
{
    Candidates candidates = {.arena = function->module->arena};
    region_walk(function->body, collect, &candidates);
    for (size_t i = 0; i < candidates.list.count; i++)
        split(candidates.arena, candidates.list.items[i]);
    return candidates.list.count > 0;
}
