/* The formulas of rules.def: a small expression language, parsed into trees. */
#ifndef ADGEN_RULES_FORMULA_H
#define ADGEN_RULES_FORMULA_H

#include "ir/ir.h"

typedef enum FormulaKind {
    FORMULA_NUMBER,
    FORMULA_VARIABLE, /* x y z: 0 1 2; r s: 3 4; d: 5 */
    FORMULA_OP,       /* an op of the table */
    FORMULA_CHOICE,   /* a ? b : c */
} FormulaKind;

enum { FORMULA_R = 3, FORMULA_S = 4, FORMULA_D = 5 };

typedef struct Formula Formula;
struct Formula {
    FormulaKind kind;
    long double number;
    unsigned variable;
    OpKind op;
    const Formula *args[3];
    unsigned num_args;
};

/* Internal error if the text is malformed: it comes from the table. */
const Formula *formula_parse(Arena *arena, const char *text);

bool formula_is_zero(const Formula *formula);
/* Bit v: variable number v occurs. */
unsigned formula_variables(const Formula *formula);

#endif
