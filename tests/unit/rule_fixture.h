/* Functions of one op, and of the formulas of its derivative rule, to be evaluated. */
#ifndef ADGEN_TESTS_RULE_FIXTURE_H
#define ADGEN_TESTS_RULE_FIXTURE_H

#include "evaluate.h"
#include "ir_fixture.h"

#include "ir/verify.h"
#include "rules/rules.h"

typedef struct RuleTest {
    IrFixture ir;
    const Rules *rules;
} RuleTest;

static inline void set_up(RuleTest *t)
{
    fixture_init(&t->ir);
    t->rules = rules_new(&t->ir.arena);
}

/* ---- functions of one op ---- */

static inline const Type *operand_type(const RuleTest *t, OpKind kind, unsigned i,
                                       const Type *floating)
{
    const TypeRule rule = op_table[kind].type_rule;
    if (kind == OP_SELECT && i == 0)
        return type_scalar(&t->ir.types, TYPE_BOOL);
    if ((rule == RULE_SCALE && i == 1) || (rule == RULE_INT_FLOAT && i == 0))
        return type_scalar(&t->ir.types, kind == OP_SCALBLN ? TYPE_LONG : TYPE_INT);
    if (kind == OP_NEXTTOWARD && i == 1)
        return type_scalar(&t->ir.types, TYPE_F80);
    return floating;
}

enum { PRIMAL = -1 };

/* f(operands...) = op, or with wrt: f(operands..., d) = the rule's formula. */
static inline Function *make_function(RuleTest *t, OpKind kind, TypeKind precision, int wrt,
                                      bool guard)
{
    const Type *floating = type_scalar(&t->ir.types, precision);
    const unsigned n = (unsigned)op_table[kind].num_operands;
    Function *function = function_new(&t->ir.module, "f", floating);
    const Type *types[5];
    function->num_params = wrt == PRIMAL ? n : n + 1;
    function->params = arena_new_array(&t->ir.arena, Param, function->num_params);
    for (unsigned i = 0; i < function->num_params; i++)
        types[i] = i < n ? operand_type(t, kind, i, floating) : floating;
    function_define(function, types);
    Value **args = function->body->args.items;
    Builder b = builder_at_end(function->body);
    Value *result = kind == OP_SELECT ? build_select(&b, args[0], args[1], args[2])
                                      : build_op(&b, kind, args, n);
    if (wrt != PRIMAL)
        result = rule_build(t->rules, &b, kind, 0, (unsigned)wrt, args, result->op->results, args[n],
                            guard);
    build_return(&b, result);
    const char *error = verify_function(&t->ir.arena, function);
    if (error)
        fail_msg("the rule of '%s': %s", op_table[kind].text, error);
    return function;
}

#endif
