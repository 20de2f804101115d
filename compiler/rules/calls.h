/* The rows of calls.def: functions of linear algebra whose derivatives are calls of such functions.
 *
 * A function gets its row when the front end or a derivative first names it (Function.rule); whoever asks what a call
 * reads or writes finds the answer there. */
#ifndef ADGEN_RULES_CALLS_H
#define ADGEN_RULES_CALLS_H

#include "ir/ir.h"

typedef enum CallFamily { FAMILY_HELPER = 1, FAMILY_CBLAS = 2, FAMILY_LAPACKE = 4, FAMILY_LAYOUT = 8 } CallFamily;

typedef enum ArgKind {
    ARG_LAYOUT,
    ARG_TRANSPOSE,
    ARG_UPLO,
    ARG_DIAG,
    ARG_SIDE,
    ARG_SIZE,
    ARG_STEP, /* an increment or a leading dimension */
    ARG_REAL,
    ARG_DATA,
    ARG_PIVOTS, /* ints */
} ArgKind;

/* The numbers that CBLAS and <adgen/linalg.h> give them; LAPACKE has letters. */
typedef enum Flag {
    FLAG_ROW_MAJOR = 101,
    FLAG_COL_MAJOR = 102,
    FLAG_NO_TRANS = 111,
    FLAG_TRANS = 112,
    FLAG_CONJ_TRANS = 113,
    FLAG_UPPER = 121,
    FLAG_LOWER = 122,
    FLAG_NON_UNIT = 131,
    FLAG_UNIT = 132,
    FLAG_LEFT = 141,
    FLAG_RIGHT = 142,
} Flag;

typedef enum ExtentKind {
    EXTENT_PLAIN,
    EXTENT_PICK,
    EXTENT_MIN,
    EXTENT_VALID, /* size - other + 1: the places of a kernel in an image */
} ExtentKind;

enum { MAX_RULE_EXTENTS = 4 }; /* more than two: without gaps */

/* Numbers of parameters. */
typedef struct RuleExtent {
    ExtentKind kind;
    int flag;    /* EXTENT_PICK: `size` for no transpose or the left side, else `other` */
    int size, other;
} RuleExtent;

typedef struct RuleParam {
    const char *name;
    ArgKind kind;
    bool written;        /* read and written; else read */
    bool is_added_to;    /* written, and only added to where beta is 1 */
    bool is_cleared;     /* written: with zeros */
    bool may_be_written; /* it may be the memory that is written */
    bool is_constant;    /* the derivative with respect to it is zero */
    bool is_positive;    /* a step: CBLAS does nothing where it is not */
    unsigned rank;       /* of data; pivots have 1 */
    RuleExtent extents[MAX_RULE_EXTENTS];
} RuleParam;

/* ---- statements ---- */

typedef enum TermKind {
    TERM_NUMBER,
    TERM_FLAG,     /* a constant */
    TERM_PARAM,    /* what the parameter holds before the call */
    TERM_AFTER,    /* ... and after it */
    TERM_COMPANION, /* its tangent or adjoint */
    TERM_RESULT,
    TERM_RESULT_COMPANION,
    TERM_NOT,      /* the other flag */
    TERM_PICK,     /* pick(flag, a, b) */
    TERM_FIRST,    /* the argument the first time, 1 later */
    TERM_NEGATE,
    TERM_MULTIPLY,
    TERM_DIVIDE,
    TERM_ADD,
    TERM_CALL,
} TermKind;

typedef struct Term Term;
struct Term {
    TermKind kind;
    double number;    /* also the flag */
    int param;
    const char *name; /* call: of the row */
    const Term **args;
    unsigned num_args;
};

typedef enum StatementKind { STATEMENT_CALL, STATEMENT_ADD, STATEMENT_IF, STATEMENT_OTHERWISE } StatementKind;

typedef struct Statement Statement;
struct Statement {
    StatementKind kind;
    bool after;        /* the call (in a tangent) */
    const Term *term;  /* call: it; add: what is added; if: the left side */
    const Term *other; /* add: the companion; if: the right side */
    bool equal;        /* if: == or != */
    const Statement *then, *otherwise;
    const Statement *next;
};

struct CallRule {
    const char *name;
    unsigned families;
    CallFamily family;    /* of the function that has the rule */
    const Type *real;     /* its precision */
    TypeKind result;      /* TYPE_VOID, TYPE_INT, or the precision */
    unsigned layout;      /* 1: the first argument is the layout, parameter k is argument k + 1 */
    RuleParam params[16];
    unsigned num_params;
    const Statement *tangent, *adjoint; /* NULL: it has none */
};

/* Gives the function its row if the name is that of one. */
void call_rule_attach(Function *function);

/* The function of the row `name` that goes with calls of `like` (its precision, its family where there is one); `helper`:
 * the one of <adgen/linalg.h>. Made if the module does not have it. */
Function *call_rule_function(Module *module, const Function *like, const char *name, bool helper);

/* Does the call have a rule? */
static inline bool call_is_ruled(const Op *op)
{
    return op->kind == OP_CALL && op->callee && op->callee->rule;
}

/* The parameter that is argument number i; NULL: the layout, or there is none. */
const RuleParam *rule_param(const CallRule *rule, unsigned i);

/* The kind of argument number i. */
ArgKind rule_argument_kind(const CallRule *rule, unsigned i);

/* May argument number i have the type? */
bool rule_takes(const CallRule *rule, unsigned i, const Type *type);

/* Does the call nothing but add to what argument number i points to, and perhaps clear something? */
bool rule_only_adds_to(const Op *call, unsigned i);

/* Does anything in the statements say so of the parameter (-1: of the result)? */
bool statements_mention(const Statement *statements, TermKind kind, int param);

/* A flag in the notation of a family, and back; 0: it is none of the kind. */
int64_t flag_for_family(ArgKind kind, Flag flag, CallFamily family);
Flag flag_of_value(ArgKind kind, int64_t value, CallFamily family);
/* How it is written there; NULL: as a number. */
const char *flag_spelling(ArgKind kind, int64_t value, CallFamily family);

#endif
