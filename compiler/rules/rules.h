/* Derivative rules: for each op of the table, what its derivative is.
 *
 * A rule is a row of rules.def: a formula per operand, linear in `d`. With d the tangent of the operand
 * it is that operand's share of the result's tangent; with d the adjoint of the result it is the
 * operand's share of the adjoint. The formula also says which operands and results the derivative
 * needs, which is what the availability plan asks. */
#ifndef ADGEN_RULES_RULES_H
#define ADGEN_RULES_RULES_H

#include "ir/builder.h"

typedef enum RuleKind {
    RULE_STRUCTURAL, /* memory and control: the differentiators know these ops themselves */
    RULE_CONSTANT,   /* the derivative is zero (comparisons, integer arithmetic, floor, ...) */
    RULE_FORMULA,    /* formulas, one per operand and result */
} RuleKind;

/* Parsed once per run; read-only afterwards. */
typedef struct Rules Rules;

/* Parses the table. A malformed row is an internal error. */
const Rules *rules_new(Arena *arena);

RuleKind rule_kind(const Rules *rules, OpKind kind);

/* Is the derivative of result number `result` with respect to operand number `wrt` zero everywhere?
 * (Also true for operands that are integers.) */
bool rule_is_zero(const Rules *rules, OpKind kind, unsigned result, unsigned wrt);

/* The values the formula reads: bit j is operand j, bit 8 + j is result j. */
unsigned rule_needs(const Rules *rules, OpKind kind, unsigned result, unsigned wrt);
enum { RULE_NEEDS_RESULT = 8 };

/* The partial is finite wherever `operand` lies strictly between low and high; elsewhere it may be
 * infinite, and the formula needs a guard so that d = 0 does not become NaN. False: always finite. */
typedef struct RuleDomain {
    unsigned operand;
    double low, high;
} RuleDomain;
bool rule_is_singular(const Rules *rules, OpKind kind, unsigned result, unsigned wrt,
                      RuleDomain *domain);

/* Does the value or the derivative jump somewhere where both are finite (fabs at 0, floor)? */
bool rule_has_kink(OpKind kind);

/* Builds the formula at the builder. operands[] and results[] are the primal values (those that
 * rule_needs does not name may be NULL); `d` has the floating type of the result (adjoint) or of the
 * operand (tangent), which are the same for every rule. With `guard`, the value is 0 where d is 0. */
Value *rule_build(const Rules *rules, Builder *b, OpKind kind, unsigned result, unsigned wrt,
                  Value *const *operands, Value *const *results, Value *d, bool guard);

/* The formula as text, for the function table of the docs ("d * cos(x)"); NULL if there is none. */
const char *rule_formula(OpKind kind, unsigned result, unsigned wrt);

#endif
