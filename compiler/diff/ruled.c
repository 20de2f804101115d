/* Calls with a rule: what of their arguments the reverse sweep wants, and how it comes there.
 *
 * Problem. The adjoint of C = A B reads A and B. What the forward sweep overwrites later must be kept, and it is
 * a whole matrix.
 *
 *     gemm(.., A, lda, .., C, ldc);     A_before = alloc(m * k); copy_matrix(m, k, A, lda, A_before, k);
 *     A[0] = 1;                         gemm(...); A[0] = 1;
 *                                       gemm(.., A_before, k, .., B_bar, ldb); free(A_before);
 *
 * Algorithm. Before anything is analysed, each call gets a copy of everything that its row mentions, from before or
 * from after the call. When activity and later writes are known, the copies are taken out again that nothing wants,
 * or where the memory itself stays what it is. The pointer to a copy is a value like any other: the availability plan
 * brings it to the reverse sweep, out of loops and branches too. */
#include "diff/ruled.h"

#include <string.h>

#include "analysis/roles.h"
#include "diff/plan.h"
#include "ir/builder.h"

/* ---- arguments ---- */

static Value *argument(const Op *op, int param)
{
    return op_operand(op, (unsigned)param + op->callee->rule->layout);
}

static bool has_companion(const Reversal *reversal, const Op *op, int param)
{
    const Value *arg = argument(op, param);
    if (type_is_pointer(arg->type))
        return memory_is_shadowed(reversal, arg);
    return value_is_active(reversal->activity, arg);
}

bool ruled_is_active(const Reversal *reversal, const Op *op)
{
    if (op->num_results && value_is_active(reversal->activity, op->results[0]))
        return true;
    for (unsigned i = 0; i < op->num_operands; i++)
        if (argument_is_output(op, i) && memory_is_shadowed(reversal, op_operand(op, i)))
            return true;
    return false;
}

/* ---- statements ---- */

/* A side of a condition, if it is constant. */
static bool constant_of(const Op *op, const Term *term, double *number)
{
    if (term->kind == TERM_NUMBER || term->kind == TERM_FLAG) {
        *number = term->number;
        return true;
    }
    const Value *value = argument(op, term->param);
    if (!value_is_const(value))
        return false;
    const CallRule *rule = op->callee->rule;
    const ArgKind kind = rule->params[term->param].kind;
    *number = type_is_floating(value->type) ? (double)value->op->float_value
                                            : (double)flag_of_value(kind, value->op->int_value, rule->family);
    return true;
}

int ruled_condition(const Reversal *reversal, const Op *op, const Statement *s)
{
    double left, right;
    if (s->term->kind == TERM_PARAM && value_is_active(reversal->activity, argument(op, s->term->param)))
        return !s->equal; /* at 1 the factor has a derivative too */
    if (!constant_of(op, s->term, &left) || !constant_of(op, s->other, &right))
        return -1;
    const bool transposed = left == FLAG_CONJ_TRANS && right == FLAG_TRANS;
    return (left == right || transposed) == s->equal;
}

static bool term_exists(const Reversal *reversal, const Op *op, const Term *term)
{
    if (!term)
        return true;
    if (term->kind == TERM_COMPANION)
        return has_companion(reversal, op, term->param);
    if (term->kind == TERM_RESULT_COMPANION)
        return value_is_active(reversal->activity, op->results[0]);
    for (unsigned i = 0; i < term->num_args; i++)
        if (!term_exists(reversal, op, term->args[i]))
            return false;
    return true;
}

static bool any_active(const Reversal *reversal, const Op *op, const Statement *s)
{
    for (; s; s = s->next)
        if (ruled_statement_is_active(reversal, op, s))
            return true;
    return false;
}

bool ruled_statement_is_active(const Reversal *reversal, const Op *op, const Statement *s)
{
    if (s->kind == STATEMENT_IF) {
        const int known = ruled_condition(reversal, op, s);
        return (known != 0 && any_active(reversal, op, s->then)) ||
               (known != 1 && any_active(reversal, op, s->otherwise));
    }
    if (s->kind == STATEMENT_OTHERWISE)
        return any_active(reversal, op, s->then);
    return term_exists(reversal, op, s->term) && term_exists(reversal, op, s->other);
}

/* What the active statements mention, by bit of the parameter. */
typedef struct Mentions {
    unsigned before, after, companions;
    bool result;
} Mentions;

static void mention_term(Mentions *m, const Term *term)
{
    if (!term)
        return;
    if (term->kind == TERM_PARAM)
        m->before |= 1u << term->param;
    if (term->kind == TERM_AFTER)
        m->after |= 1u << term->param;
    if (term->kind == TERM_COMPANION)
        m->companions |= 1u << term->param;
    m->result = m->result || term->kind == TERM_RESULT;
    for (unsigned i = 0; i < term->num_args; i++)
        mention_term(m, term->args[i]);
}

static void mention(const Reversal *reversal, const Op *op, const Statement *s, Mentions *m)
{
    for (; s; s = s->next) {
        if (!ruled_statement_is_active(reversal, op, s))
            continue;
        const int known = s->kind == STATEMENT_IF ? ruled_condition(reversal, op, s) : 1;
        mention_term(m, s->term);
        mention_term(m, s->other);
        if (known != 0)
            mention(reversal, op, s->then, m);
        if (known != 1)
            mention(reversal, op, s->otherwise, m);
    }
}

/* ---- sizes ---- */

static Value *is_flag(Builder *b, Value *value, Flag flag, ArgKind kind, CallFamily family)
{
    const int64_t number = flag_for_family(kind, flag, family);
    Value *name = build_int(b, value->type, number);
    name->op->text = flag_spelling(kind, number, family);
    Value *same = build_binary(b, OP_EQ, value, name);
    if (family != FAMILY_LAPACKE || number == flag)
        return same;
    Value *small = build_int(b, value->type, number + ('a' - 'A'));
    return build_binary(b, OP_LOR, same, build_binary(b, OP_EQ, value, small));
}

Value *ruled_extent(Builder *b, ValueSource from, const Op *op, RuleExtent extent)
{
    const CallRule *rule = op->callee->rule;
    Value *size = argument(op, extent.size);
    if (extent.kind == EXTENT_PLAIN)
        return from.value_of(from.context, size);
    Value *other = argument(op, extent.other);
    if (extent.kind == EXTENT_VALID) {
        size = from.value_of(from.context, size);
        other = from.value_of(from.context, other);
        Value *places = build_binary(b, OP_ADD, build_binary(b, OP_SUB, size, other), build_int(b, size->type, 1));
        return build_select(b, build_binary(b, OP_GE, size, other), places, build_int(b, size->type, 0));
    }
    if (extent.kind == EXTENT_MIN) {
        size = from.value_of(from.context, size);
        other = from.value_of(from.context, other);
        return size == other ? size : build_select(b, build_binary(b, OP_LT, size, other), size, other);
    }
    const ArgKind kind = rule->params[extent.flag].kind;
    const Flag plain = kind == ARG_SIDE ? FLAG_LEFT : FLAG_NO_TRANS;
    Value *flag = argument(op, extent.flag);
    if (value_is_const(flag))
        return from.value_of(from.context, flag_of_value(kind, flag->op->int_value, rule->family) == plain
                                               ? size : other);
    Value *condition = is_flag(b, from.value_of(from.context, flag), plain, kind, rule->family);
    return build_select(b, condition, from.value_of(from.context, size), from.value_of(from.context, other));
}

/* CBLAS and LAPACKE take no leading dimension of 0. */
static Value *at_least_one(Builder *b, CallFamily family, Value *width)
{
    if ((family != FAMILY_CBLAS && family != FAMILY_LAPACKE) || (value_is_const(width) && width->op->int_value > 0))
        return width;
    Value *one = build_int(b, width->type, 1);
    return build_select(b, build_binary(b, OP_GT, width, one), width, one);
}

/* Extent number 0 or 1 in row-major order, the other one in column-major order. */
static Value *extent_by_layout(Builder *b, ValueSource from, const Op *op, unsigned param, unsigned number)
{
    const CallRule *rule = op->callee->rule;
    const RuleExtent *extents = rule->params[param].extents;
    Value *layout = rule->layout ? op_operand(op, 0) : NULL;
    if (!layout || value_is_const(layout)) {
        const bool by_rows = !layout || layout->op->int_value == FLAG_ROW_MAJOR;
        return ruled_extent(b, from, op, extents[by_rows ? number : !number]);
    }
    Value *rows = ruled_extent(b, from, op, extents[number]), *columns = ruled_extent(b, from, op, extents[!number]);
    Value *condition = is_flag(b, from.value_of(from.context, layout), FLAG_ROW_MAJOR, ARG_LAYOUT, rule->family);
    return build_select(b, condition, rows, columns);
}

Value *ruled_lines(Builder *b, ValueSource from, const Op *op, unsigned param)
{
    return extent_by_layout(b, from, op, param, 0);
}

Value *ruled_width(Builder *b, ValueSource from, const Op *op, unsigned param)
{
    return extent_by_layout(b, from, op, param, 1);
}

Value *ruled_compact_step(Builder *b, ValueSource from, const Op *op, unsigned param)
{
    const CallRule *rule = op->callee->rule;
    if (rule->params[param].rank == 1)
        return build_int(b, type_scalar(b->function->module->types, TYPE_INT), 1);
    return at_least_one(b, rule->family, ruled_width(b, from, op, param));
}

/* ---- copies ---- */

static Value *itself(void *context, Value *value)
{
    (void)context;
    return value;
}

static const ValueSource same_function = {itself, NULL};

static bool has_step(const CallRule *rule, unsigned param)
{
    return param + 1 < rule->num_params && rule->params[param + 1].kind == ARG_STEP;
}

/* Without gaps: one block of memory. */
static bool is_compact(const Op *op, unsigned param, Value *compact_step)
{
    return !has_step(op->callee->rule, param) || values_are_same(argument(op, (int)param + 1), compact_step);
}

static Op *copy_by_call(Builder *b, const Op *op, unsigned param, Value *memory, Value *compact_step)
{
    const RuleParam *data = &op->callee->rule->params[param];
    Module *module = b->function->module;
    Function *copy = call_rule_function(module, op->callee, data->rank == 2 ? "copy_matrix" : "copy", false);
    Value *args[7];
    unsigned n = 0;
    if (copy->rule->layout)
        args[n++] = op->callee->rule->layout ? op_operand(op, 0)
                                             : build_int(b, type_scalar(module->types, TYPE_INT), FLAG_ROW_MAJOR);
    for (unsigned k = 0; k < data->rank; k++)
        args[n++] = ruled_extent(b, same_function, op, data->extents[k]);
    args[n++] = argument(op, (int)param);
    args[n++] = argument(op, (int)param + 1);
    args[n++] = memory;
    args[n++] = compact_step;
    build_call(b, copy, args, n);
    return b->before->prev;
}

static Snapshot take_snapshot(Builder *b, const Op *op, unsigned param, const char *suffix)
{
    const RuleParam *data = &op->callee->rule->params[param];
    Module *module = b->function->module;
    const Type *wide = type_scalar(module->types, TYPE_LONG);
    Value *pointer = argument(op, (int)param), *count = NULL;
    for (unsigned k = 0; k < data->rank; k++) {
        Value *extent = ruled_extent(b, same_function, op, data->extents[k]);
        count = count ? build_binary(b, OP_MUL, build_convert(b, count, wide), build_convert(b, extent, wide))
                      : extent;
    }
    const char *name = intern_format(module->strings, "%s_%s", pointer->name ? pointer->name : data->name, suffix);
    Value *memory = build_alloc(b, pointer->type->elem, count, name);
    Value *step = ruled_compact_step(b, same_function, op, param);
    if (!is_compact(op, param, step))
        return (Snapshot){.alloc = memory->op, .copy = copy_by_call(b, op, param, memory, step)};
    build_copy(b, memory, pointer, count);
    return (Snapshot){.alloc = memory->op, .copy = b->before->prev};
}

unsigned ruled_copy_of(const Op *op, unsigned param)
{
    const CallRule *rule = op->callee->rule;
    const RuleParam *p = &rule->params[param];
    for (unsigned i = 0; i < param; i++) {
        const RuleParam *q = &rule->params[i];
        const bool same_step = has_step(rule, i) == has_step(rule, param) &&
                               (!has_step(rule, i) ||
                                values_are_same(argument(op, (int)i + 1), argument(op, (int)param + 1)));
        if (p->rank && p->rank == q->rank && same_step && argument(op, (int)i) == argument(op, (int)param) &&
            memcmp(p->extents, q->extents, sizeof p->extents) == 0)
            return i;
    }
    return param;
}

static Builder shadow_builder(const Op *op, bool after)
{
    Builder b = builder_before(after ? op->next : (Op *)op);
    b.flags = OP_FLAG_SHADOW;
    b.loc = op->loc;
    return b;
}

typedef struct Collect {
    Arena *arena;
    RuledCalls *calls;
} Collect;

static void note_call(Op *op, void *context)
{
    Collect *collect = context;
    if (call_is_ruled(op) && !(op->flags & OP_FLAG_SHADOW))
        vec_push(collect->arena, &collect->calls->list, ((RuledCall){.call = op}));
}

RuledCalls *ruled_insert(Arena *arena, Function *primal)
{
    RuledCalls *calls = arena_new(arena, RuledCalls);
    Collect collect = {arena, calls};
    region_walk(primal->body, note_call, &collect);
    for (size_t k = 0; k < calls->list.count; k++) {
        RuledCall *call = &calls->list.items[k];
        const Op *op = call->call;
        const CallRule *rule = op->callee->rule;
        Builder before = shadow_builder(op, false), after = shadow_builder(op, true);
        for (unsigned i = 0; i < rule->num_params; i++) {
            if (rule->params[i].kind != ARG_DATA && rule->params[i].kind != ARG_PIVOTS)
                continue;
            const unsigned copy = ruled_copy_of(op, i);
            if (statements_mention(rule->adjoint, TERM_PARAM, (int)i) && !call->before[copy].alloc)
                call->before[copy] = take_snapshot(&before, op, copy, "before");
            if (statements_mention(rule->adjoint, TERM_AFTER, (int)i) && !call->after[copy].alloc)
                call->after[copy] = take_snapshot(&after, op, copy, "after");
        }
    }
    return calls;
}

/* ---- which copies are wanted ---- */

/* The call itself may change what the argument pointed to. */
static bool is_overwritten(const Op *op, unsigned param)
{
    const RuleParam *data = &op->callee->rule->params[param];
    return data->written || (data->may_be_written && op_may_write(op, argument(op, (int)param)));
}

static bool is_wanted(const Reversal *reversal, const Op *op, unsigned param, bool mentioned, bool overwritten)
{
    const Value *pointer = argument(op, (int)param);
    return mentioned && type_is_pointer(pointer->type) &&
           (overwritten || !memory_is_unchanged(reversal->reloads, op, pointer) ||
                         !address_is_recomputable(reversal, pointer));
}

static void take_out(Snapshot *snapshot)
{
    if (!snapshot->alloc || snapshot->is_wanted)
        return;
    op_erase(snapshot->copy);
    op_erase(snapshot->alloc);
    *snapshot = (Snapshot){0};
}

void ruled_decide(const Reversal *reversal, RuledCalls *calls)
{
    for (size_t k = 0; k < calls->list.count; k++) {
        RuledCall *call = &calls->list.items[k];
        const Op *op = call->call;
        const CallRule *rule = op->callee->rule;
        Mentions m = {0};
        if (ruled_is_active(reversal, op))
            mention(reversal, op, rule->adjoint, &m);
        for (unsigned i = 0; i < rule->num_params; i++) {
            const unsigned bit = 1u << i;
            const unsigned copy = ruled_copy_of(op, i);
            if (is_wanted(reversal, op, i, m.before & bit, is_overwritten(op, i)))
                call->before[copy].is_wanted = true;
            if (is_wanted(reversal, op, i, m.after & bit, false))
                call->after[copy].is_wanted = true;
        }
    }
    for (size_t k = 0; k < calls->list.count; k++)
        for (unsigned i = 0; i < MAX_RULE_ARGUMENTS; i++) {
            take_out(&calls->list.items[k].before[i]);
            take_out(&calls->list.items[k].after[i]);
        }
}

const RuledCall *ruled_call(const Reversal *reversal, const Op *call)
{
    for (size_t k = 0; k < reversal->ruled->list.count; k++)
        if (reversal->ruled->list.items[k].call == call)
            return &reversal->ruled->list.items[k];
    internal_error("ruled", "a call that was not collected");
}

/* ---- what cannot be had ---- */

static bool check_call(const Reversal *reversal, const Op *op, bool adjoint)
{
    const CallRule *rule = op->callee->rule;
    const Statement *statements = adjoint ? rule->adjoint : rule->tangent;
    Diagnostics *diags = reversal->primal->module->diags;
    if (!statements) {
        diag(diags, adjoint ? MSG_RULE_NO_ADJOINT : MSG_RULE_NO_TANGENT, op->loc, op->callee->name);
        return false;
    }
    for (unsigned i = 0; i < rule->num_params; i++) {
        const unsigned k = i + rule->layout;
        const bool matters = argument_is_input(op, k) || argument_is_output(op, k);
        if (matters && has_companion(reversal, op, (int)i) &&
            !statements_mention(statements, TERM_COMPANION, (int)i)) {
            diag(diags, MSG_RULE_CONSTANT, op->loc, rule->params[i].name, op->callee->name);
            return false;
        }
    }
    return true;
}

typedef struct Check {
    const Reversal *reversal;
    bool adjoint, failed;
} Check;

static void check_op(Op *op, void *context)
{
    Check *check = context;
    /* The calls of an adjoint fit if the program's do, but for those in branches that are not taken. */
    if (call_is_ruled(op) && !(op->flags & (OP_FLAG_SHADOW | OP_FLAG_ADJOINT)))
        check->failed = !ruled_fits(op) || check->failed;
    if (call_is_ruled(op) && !(op->flags & OP_FLAG_SHADOW) && ruled_is_active(check->reversal, op))
        check->failed = !check_call(check->reversal, op, check->adjoint) || check->failed;
}

bool ruled_check(const Reversal *reversal, bool adjoint)
{
    Check check = {.reversal = reversal, .adjoint = adjoint};
    region_walk(reversal->primal->body, check_op, &check);
    return !check.failed;
}

/* ---- for the plan ---- */

void ruled_needs(const Reversal *reversal, const Op *op, void value(void *context, Value *value),
                 void address(void *context, Value *pointer), void *context)
{
    const CallRule *rule = op->callee->rule;
    const RuledCall *call = ruled_call(reversal, op);
    Mentions m = {0};
    mention(reversal, op, rule->adjoint, &m);
    if (rule->layout)
        value(context, op_operand(op, 0));
    for (unsigned i = rule->num_params; i-- > 0;) {
        Value *arg = argument(op, (int)i);
        const bool before = m.before & (1u << i), after = m.after & (1u << i);
        const unsigned copy = ruled_copy_of(op, i);
        if (!type_is_pointer(arg->type)) {
            if (before || rule->params[i].kind != ARG_REAL)
                value(context, arg);
            continue;
        }
        if (before)
            value(context, call->before[copy].alloc ? call->before[copy].alloc->results[0] : arg);
        if (after)
            value(context, call->after[copy].alloc ? call->after[copy].alloc->results[0] : arg);
        if (m.companions & (1u << i))
            address(context, arg);
    }
    if (m.result)
        value(context, op->results[0]);
}
