/* The statements of a row of rules/calls.def become calls in the generated function.
 *
 * A condition on a constant (nearly all of them) chooses now; any other becomes an if, in front of which everything is
 * computed that its statements use. */
#include "diff/ruled_calls.h"

#include <string.h>

#include "analysis/memory.h"
#include "diff/ruled.h"
#include "ir/builder.h"

typedef struct Emit {
    const CustomSweep *sweep;
    const Op *op;
    const CallRule *rule;
    const RuledCall *kept; /* reverse: NULL in a tangent */
    Builder *b;            /* where the calls go: sweep->b, or the branch of an if */
    Value *result_bar, *result_dot;
    bool any;              /* a statement was not left out */
    bool first_used;
    int compact;           /* the parameter whose copy was the last pointer, or -1 */
    Op *last;              /* the call of the statement before */
} Emit;

static Value *argument(const Emit *e, int param)
{
    return op_operand(e->op, (unsigned)param + e->rule->layout);
}

static Value *value_of(const Emit *e, Value *primal)
{
    return e->sweep->value_of(e->sweep->context, primal);
}

static ValueSource source(const Emit *e)
{
    return (ValueSource){e->sweep->value_of, e->sweep->context};
}

static const Type *type_int(const Emit *e)
{
    return type_scalar(e->op->function->module->types, TYPE_INT);
}

static Builder relaxed(const Emit *e)
{
    Builder b = *e->b;
    b.flags |= OP_FLAG_RELAXED;
    return b;
}

/* ---- flags ---- */

static bool constant_flag(const Emit *e, const Term *term, ArgKind kind, Flag *flag)
{
    if (term->kind == TERM_FLAG) {
        *flag = (Flag)term->number;
        return true;
    }
    if (term->kind == TERM_NOT) {
        const bool known = constant_flag(e, term->args[0], kind, flag);
        *flag = *flag == FLAG_NO_TRANS ? FLAG_TRANS : FLAG_NO_TRANS;
        return known;
    }
    const Value *value = argument(e, term->param);
    if (!value_is_const(value))
        return false;
    *flag = flag_of_value(kind, value->op->int_value, e->rule->family);
    return *flag != 0;
}

/* A flag as a constant that is printed by its name. */
static Value *named_flag(const Emit *e, const Type *type, ArgKind kind, Flag flag, CallFamily family)
{
    const int64_t number = flag_for_family(kind, flag, family);
    Value *value = build_int(e->b, type, number);
    value->op->text = flag_spelling(kind, number, family);
    return value;
}

/* Is the flag of the call no transpose (or the left side)? */
static Value *is_plain(const Emit *e, int param)
{
    const ArgKind kind = e->rule->params[param].kind;
    Value *flag = value_of(e, argument(e, param));
    const Flag plain = kind == ARG_SIDE ? FLAG_LEFT : FLAG_NO_TRANS;
    const int64_t number = flag_for_family(kind, plain, e->rule->family);
    Value *same = build_binary(e->b, OP_EQ, flag, named_flag(e, flag->type, kind, plain, e->rule->family));
    if (e->rule->family != FAMILY_LAPACKE)
        return same;
    Value *small = build_int(e->b, flag->type, number + ('a' - 'A'));
    return build_binary(e->b, OP_LOR, same, build_binary(e->b, OP_EQ, flag, small));
}

static Value *flag_value(const Emit *e, const Term *term, ArgKind kind, CallFamily family)
{
    Flag flag;
    if (constant_flag(e, term, kind, &flag))
        return build_int(e->b, type_int(e), flag_for_family(kind, flag, family));
    if (term->kind != TERM_NOT)
        return value_of(e, argument(e, term->param));
    Value *yes = named_flag(e, type_int(e), kind, FLAG_TRANS, family);
    Value *no = named_flag(e, type_int(e), kind, FLAG_NO_TRANS, family);
    return build_select(e->b, is_plain(e, term->args[0]->param), yes, no);
}

/* ---- terms ---- */

static Value *term_value(Emit *e, const Term *term, ArgKind kind, CallFamily family);

static Value *real_value(Emit *e, const Term *term)
{
    return term_value(e, term, ARG_REAL, e->rule->family);
}

/* Memory as it was before the call, or after it. */
static Value *memory_value(Emit *e, const Term *term)
{
    const bool after = term->kind == TERM_AFTER;
    const unsigned copy = ruled_copy_of(e->op, (unsigned)term->param);
    const Snapshot *kept = !e->kept ? NULL : after ? &e->kept->after[copy] : &e->kept->before[copy];
    const bool is_copy = kept && kept->alloc;
    e->compact = is_copy ? term->param : -1;
    return value_of(e, is_copy ? kept->alloc->results[0] : argument(e, term->param));
}

/* A size, which is 0 where CBLAS does nothing. */
static Value *size_value(const Emit *e, int param)
{
    Value *size = value_of(e, argument(e, param));
    for (unsigned i = 0; i < e->rule->num_params && e->rule->family == FAMILY_CBLAS; i++) {
        Value *step = argument(e, (int)i);
        if (!e->rule->params[i].is_positive || (value_is_const(step) && step->op->int_value > 0))
            continue;
        step = value_of(e, step);
        return build_select(e->b, build_binary(e->b, OP_GT, step, build_zero(e->b, step->type)), size,
                            build_zero(e->b, size->type));
    }
    return size;
}

static Value *param_value(Emit *e, const Term *term, ArgKind kind, CallFamily family)
{
    switch (e->rule->params[term->param].kind) {
    case ARG_LAYOUT:
    case ARG_TRANSPOSE:
    case ARG_UPLO:
    case ARG_DIAG:
    case ARG_SIDE:
        return flag_value(e, term, kind, family);
    case ARG_DATA:
    case ARG_PIVOTS:
        return memory_value(e, term);
    case ARG_STEP:
        if (e->compact >= 0 && e->compact == term->param - 1)
            return ruled_compact_step(e->b, source(e), e->op, (unsigned)e->compact);
        break;
    case ARG_SIZE:
        return size_value(e, term->param);
    case ARG_REAL:
        break;
    }
    return value_of(e, argument(e, term->param));
}

static Value *companion_value(Emit *e, const Term *term)
{
    Value *arg = argument(e, term->param);
    e->compact = -1;
    if (type_is_pointer(arg->type))
        return e->sweep->shadow_of(e->sweep->context, arg);
    Value *dot = e->sweep->tangent_of(e->sweep->context, arg);
    return dot ? dot : build_zero(e->b, arg->type);
}

/* CBLAS leaves the result of gemv alone, whatever beta is, where the matrix has no elements. */
static Value *unless_empty(const Emit *e, Value *size, Value *other)
{
    if (e->rule->family != FAMILY_CBLAS || (value_is_const(other) && other->op->int_value > 0))
        return size;
    return build_select(e->b, build_binary(e->b, OP_GT, other, build_zero(e->b, other->type)), size,
                        build_zero(e->b, size->type));
}

static Value *pick(Emit *e, const Term *term)
{
    const int flag = term->args[0]->param;
    Value *a = value_of(e, argument(e, term->args[1]->param));
    Value *b = value_of(e, argument(e, term->args[2]->param));
    Flag constant;
    if (constant_flag(e, term->args[0], e->rule->params[flag].kind, &constant)) {
        const bool first = constant == FLAG_NO_TRANS;
        return unless_empty(e, first ? a : b, first ? b : a);
    }
    Value *plain = is_plain(e, flag);
    return unless_empty(e, build_select(e->b, plain, a, b), build_select(e->b, plain, b, a));
}

/* 0 where the dividend is: an adjoint of 0 meets no infinite partial. */
static Value *divide(Emit *e, const Term *term)
{
    Builder b = relaxed(e);
    Value *x = real_value(e, term->args[0]), *y = real_value(e, term->args[1]);
    if (value_is_const(x))
        return build_binary(&b, OP_DIV, x, y);
    Value *zero = build_zero(&b, x->type), *test = build_binary(&b, OP_EQ, x, zero);
    Value *quotient = build_binary(&b, OP_DIV, x, y);
    b.flags |= OP_FLAG_GUARD;
    return build_select(&b, test, zero, quotient);
}

/* ---- calls ---- */

/* The number of the factor in a call that adds a multiple of something to memory; 0: it does something else. */
static unsigned factor_of_sum(const Op *call)
{
    const CallRule *rule = call->callee->rule;
    unsigned factor = 0;
    bool adds = false;
    for (unsigned i = 0; i < rule->num_params; i++) {
        if (rule->params[i].written && !rule_only_adds_to(call, i + rule->layout))
            return 0;
        adds = adds || rule->params[i].written;
        if (strcmp(rule->params[i].name, "alpha") == 0)
            factor = i + rule->layout;
    }
    return adds ? factor : 0;
}

static bool is_same_argument(const Value *a, const Value *b)
{
    return values_are_same(a, b) || (value_is_const(a) && value_is_const(b) && a->type == b->type &&
                                     type_is_floating(a->type) && a->op->float_value == b->op->float_value);
}

/* The operands of a call may be one: x^T x has the derivative x^T dx twice. The last call is made with twice the factor. */
static bool double_last(Emit *e, const Function *callee, Value *const *args)
{
    Op *last = e->last;
    const unsigned factor = last && last->callee == callee ? factor_of_sum(last) : 0;
    if (!factor || last->parent != e->b->region)
        return false;
    for (const Op *between = last->next; between && between != e->b->before; between = between->next)
        if (op_writes_memory(between))
            return false;
    for (unsigned i = 0; i < last->num_operands; i++)
        if (!is_same_argument(op_operand(last, i), args[i]))
            return false;
    Builder b = relaxed(e);
    b.before = last;
    Value *once = op_operand(last, factor);
    op_set_operand(last, factor,
                   value_is_const(once) ? build_float(&b, once->type, 2 * once->op->float_value)
                                        : build_binary(&b, OP_MUL, build_float(&b, once->type, 2), once));
    e->last = NULL;
    return true;
}

static Value *call_value(Emit *e, const Term *term)
{
    Module *module = e->op->function->module;
    const bool helper = term->name[0] == 'a' && term->name[1] == 'd' && term->name[2] == '_';
    Function *callee = call_rule_function(module, e->op->callee, term->name + (helper ? 3 : 0), helper);
    const CallRule *rule = callee->rule;
    Value *args[MAX_RULE_ARGUMENTS];
    unsigned n = 0;
    if (rule->num_params != term->num_args)
        internal_error("rules", "%s takes %u arguments", term->name, rule->num_params);
    if (rule->layout)
        args[n++] = e->rule->layout ? value_of(e, op_operand(e->op, 0))
                                    : build_int(e->b, type_int(e), FLAG_ROW_MAJOR);
    e->compact = -1;
    for (unsigned i = 0; i < term->num_args; i++)
        args[n++] = term_value(e, term->args[i], rule->params[i].kind, rule->family);
    if (double_last(e, callee, args))
        return NULL;
    Value *result = build_call(e->b, callee, args, n);
    e->last = result ? result->op : e->b->before ? e->b->before->prev : e->b->region->last;
    return result;
}

static Value *term_value(Emit *e, const Term *term, ArgKind kind, CallFamily family)
{
    Builder b = relaxed(e);
    switch (term->kind) {
    case TERM_NUMBER:
        return kind == ARG_REAL ? build_float(e->b, e->rule->real, term->number)
                                : build_int(e->b, type_int(e), (int64_t)term->number);
    case TERM_FLAG:
    case TERM_NOT:
        return flag_value(e, term, kind, family);
    case TERM_PARAM:
    case TERM_AFTER:
        return param_value(e, term, kind, family);
    case TERM_COMPANION:
        return companion_value(e, term);
    case TERM_RESULT:
        return value_of(e, e->op->results[0]);
    case TERM_RESULT_COMPANION:
        return e->result_bar;
    case TERM_PICK:
        return pick(e, term);
    case TERM_FIRST:
        if (e->first_used)
            return build_float(e->b, e->rule->real, 1);
        e->first_used = true;
        return real_value(e, term->args[0]);
    case TERM_NEGATE: {
        if (term->args[0]->kind == TERM_NUMBER)
            return build_float(e->b, e->rule->real, -term->args[0]->number);
        return build_unary(&b, OP_NEG, real_value(e, term->args[0]));
    }
    case TERM_MULTIPLY: {
        Value *x = real_value(e, term->args[0]), *y = real_value(e, term->args[1]);
        return build_binary(&b, OP_MUL, x, y);
    }
    case TERM_DIVIDE:
        return divide(e, term);
    case TERM_ADD: { /* of a step */
        Value *x = term_value(e, term->args[0], kind, family);
        return build_binary(e->b, OP_ADD, x, build_int(e->b, x->type, (int64_t)term->args[1]->number));
    }
    case TERM_CALL:
        return call_value(e, term);
    }
    internal_error("rules", "a term of no kind");
}

/* ---- statements ---- */

static void add(Emit *e, const Statement *s)
{
    Value *share = real_value(e, s->term);
    Builder b = relaxed(e);
    if (e->b != e->sweep->b)
        internal_error("rules", "a sum in a condition");
    if (s->other->kind == TERM_COMPANION)
        e->sweep->add_adjoint(e->sweep->context, argument(e, s->other->param), share);
    else
        e->result_dot = e->result_dot ? build_binary(&b, OP_ADD, e->result_dot, share) : share;
}

static void emit(Emit *e, const Statement *s, bool after);

/* Both branches, when the condition is known only as the program runs. */
static void emit_if(Emit *e, const Statement *s, bool after)
{
    const RuleParam *param = &e->rule->params[s->term->param];
    Value *condition;
    if (param->kind == ARG_REAL) {
        Value *left = value_of(e, argument(e, s->term->param));
        condition = build_binary(e->b, s->equal ? OP_EQ : OP_NE, left,
                                 build_float(e->b, left->type, s->other->number));
    } else {
        condition = is_plain(e, s->term->param);
    }
    Op *branch = build_if(e->b, condition, NULL, 0);
    Builder *outside = e->b;
    Op *before = e->sweep->b->before;
    if (outside == e->sweep->b)
        e->sweep->b->before = branch; /* what the branches use is made in front */
    for (unsigned k = 0; k < 2; k++) {
        Builder inside = builder_at_end(branch->regions[k]);
        inside.flags = outside->flags;
        inside.loc = outside->loc;
        e->b = &inside;
        emit(e, k ? s->otherwise : s->then, after);
        build_yield(&inside, NULL, 0);
    }
    e->b = outside;
    if (outside == e->sweep->b)
        e->sweep->b->before = before;
}

static void emit_statement(Emit *e, const Statement *s, bool after)
{
    if (!ruled_statement_is_active(e->sweep->reversal, e->op, s) ||
        (s->kind == STATEMENT_OTHERWISE && e->any))
        return;
    switch (s->kind) {
    case STATEMENT_CALL:
        call_value(e, s->term);
        break;
    case STATEMENT_ADD:
        add(e, s);
        break;
    case STATEMENT_IF: {
        const int known = ruled_condition(e->sweep->reversal, e->op, s);
        if (known < 0)
            emit_if(e, s, after);
        else
            emit(e, known ? s->then : s->otherwise, after);
        break;
    }
    case STATEMENT_OTHERWISE:
        emit(e, s->then, after);
        break;
    }
    e->any = true;
}

static void emit(Emit *e, const Statement *s, bool after)
{
    for (; s; s = s->next)
        if (s->after == after)
            emit_statement(e, s, after);
}

/* ---- the sweeps ---- */

static void free_copies(Emit *e)
{
    for (unsigned i = 0; i < e->rule->num_params; i++) {
        const Snapshot *copies[] = {&e->kept->before[i], &e->kept->after[i]};
        for (unsigned k = 0; k < 2; k++)
            if (copies[k]->alloc)
                build_free(e->sweep->b, value_of(e, copies[k]->alloc->results[0]));
    }
}

void ruled_adjoint(const CustomSweep *sweep, const Op *op, Value *result_bar)
{
    Emit e = {.sweep = sweep,
              .op = op,
              .rule = op->callee->rule,
              .kept = ruled_call(sweep->reversal, op),
              .b = sweep->b,
              .result_bar = result_bar,
              .compact = -1};
    emit(&e, e.rule->adjoint, false);
    free_copies(&e);
}

Value *ruled_tangent(const CustomSweep *sweep, const Op *op, bool after)
{
    Emit e = {.sweep = sweep, .op = op, .rule = op->callee->rule, .b = sweep->b, .compact = -1};
    emit(&e, e.rule->tangent, after);
    return e.result_dot;
}
