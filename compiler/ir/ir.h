/* The intermediate representation: structured SSA. docs/ir.md explains it at length.
 *
 * A function has one body region, whose arguments are the parameters. A region is a list of ops and
 * ends in a terminator (`yield`, or `return` for the body). An op has operands, results and regions.
 * A value is an argument of a region or a result of an op; it is defined once, and usable in
 * everything that follows its definition in the same region and in the regions nested there.
 *
 * Control flow is structured:
 *
 *   if     operands: condition. Regions: then, else. Results: what the taken region yields.
 *   for    operands: lower, upper, step, then the initial carried values. Region: arguments
 *          counter and carried values; yields the next carried values. Results: the last carried
 *          values. `compare` (OP_LT, OP_LE, OP_GT, OP_GE, OP_NE) says how the counter is compared
 *          with upper; step is a constant, positive for LT and LE, negative for GT and GE. The trip
 *          count is known on entry. With OP_FLAG_REVERSED the same counters come in opposite order.
 *   while  operands: initial carried values. Regions: condition (arguments: carried values; yields
 *          one bool; has no side effect) and body (arguments: carried values; yields the next ones).
 *          Results: the carried values when the condition failed.
 *
 * There is no break, continue, goto, or return from inside: the front end turns them into this form. */
#ifndef ADGEN_IR_IR_H
#define ADGEN_IR_IR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/diag.h"
#include "ir/types.h"

typedef enum OpKind {
#define OP(kind, ...) OP_##kind,
#include "ir/ops.def"
#undef OP
    OP_COUNT
} OpKind;

typedef enum OpEffect { EFFECT_PURE, EFFECT_READ, EFFECT_WRITE, EFFECT_ALLOC, EFFECT_CONTROL } OpEffect;

typedef enum OpStyle { STYLE_INFIX, STYLE_PREFIX, STYLE_CALL, STYLE_MACRO, STYLE_SPECIAL } OpStyle;

typedef enum TypeRule {
    RULE_FREE, RULE_SAME, RULE_INT, RULE_SHIFT, RULE_COMPARE, RULE_LOGIC, RULE_FLOAT,
    RULE_FLOAT_INT, RULE_FLOAT_LONG, RULE_FLOAT_LLONG, RULE_SCALE, RULE_INT_FLOAT
} TypeRule;

typedef struct OpInfo {
    const char *text;
    int num_operands, num_results; /* -1: any number */
    TypeRule type_rule;
    OpEffect effect;
    int cost;
    OpStyle style;
    const char *spelling;
} OpInfo;

extern const OpInfo op_table[OP_COUNT];

/* The op of that text ("add"); OP_COUNT if there is none. */
OpKind op_named(const char *text, size_t length);

typedef struct Value Value;
typedef struct Use Use;
typedef struct Op Op;
typedef struct Region Region;
typedef struct Function Function;
typedef struct Global Global;
typedef struct Module Module;

/* One operand: a link in the list of uses of its value. */
struct Use {
    Value *value;
    Op *user;
    Use *next, *prev;
};

struct Value {
    unsigned id; /* dense within the function: index into side tables of function->num_values */
    const Type *type;
    Op *op;         /* the defining op, or NULL for a region argument */
    Region *region; /* the region of which it is an argument, or NULL */
    unsigned index; /* number among the results or arguments */
    const char *name; /* the user's variable, where it came from one; need not be unique; or NULL */
    Use *uses;
};

typedef enum OpFlag {
    OP_FLAG_REVERSED = 1 << 0,  /* for: counters in opposite order */
    OP_FLAG_ADJOINT = 1 << 1,   /* part of a reverse sweep: loc names the primal statement */
    OP_FLAG_RELAXED = 1 << 2,   /* floating arithmetic that no primal value depends on: real-number
                                   identities may be used (0 * x = 0, reassociation) */
    OP_FLAG_INACTIVE = 1 << 3,  /* derivative zero by decree (ADGEN(inactive)) */
    OP_FLAG_SHADOW = 1 << 5,    /* keeps shadows of pointers up to date: not part of the primal */
    OP_FLAG_TANGENT = 1 << 7,   /* memory: it holds tangents (told apart by diff/lanes.c); for: over directions */
    OP_FLAG_GUARD = 1 << 6,     /* select: keeps a zero adjoint from meeting an infinite partial */
    OP_FLAG_OVERLAP = 1 << 4,   /* copy: source and destination may overlap (memmove) */
    OP_FLAG_MARK_1 = 1 << 8,    /* marks of the pass that runs, which clears them */
    OP_FLAG_MARK_2 = 1 << 9,
} OpFlag;

struct Op {
    OpKind kind;
    unsigned flags;
    SourceLoc loc;
    Function *function;
    Op *prev, *next;
    Region *parent;
    uint64_t order; /* grows along the list of the parent */
    unsigned num_operands, num_results, num_regions;
    Use *operands;
    Value **results;
    Region **regions;
    /* Attributes; which ones an op has is said in ops.def. */
    OpKind compare;        /* for */
    int64_t int_value;     /* const of integer type (unsigned: the bits), field number */
    long double float_value; /* const of floating type */
    const char *text;      /* string */
    Function *callee;      /* call, function */
    Global *global;        /* global */
    const char *name;      /* alloca: the variable; tape: its name */
};

struct Region {
    Op *owner;          /* NULL for a function's body */
    Function *function;
    VEC(Value *) args;
    Op *first, *last;
};

/* How a parameter, variable or member was declared: outermost first, ends in a base type. */
typedef enum DeclKind { DECL_BASE, DECL_POINTER, DECL_ARRAY, DECL_FUNCTION } DeclKind;

typedef struct Decl Decl;
struct Decl {
    DeclKind kind;
    bool is_const, is_restrict, is_volatile; /* of the base type, or of the pointer itself */
    bool is_static;      /* array: [static n] */
    const char *extent;  /* array: the text between the brackets, may be "" */
    const char *base;    /* base: its C spelling without qualifiers ("double", "struct S", "real") */
    const Type *type;    /* base: its type */
    const Decl *inner;   /* pointee, element or result */
    const Decl **params; /* function */
    unsigned num_params;
};

typedef struct Param {
    const char *name;
    const Decl *decl;
    SourceLoc loc;
    bool is_restrict;  /* a pointer that promises not to overlap */
    bool points_to_const; /* the innermost pointee is const */
    bool is_inactive;  /* ADGEN(inactive) */
    bool is_companion; /* holds tangents or adjoints: does not overlap the originals (contract) */
    bool is_first_round; /* made by adgen: not 0 the first time that a matrix evaluates the function (diff/once.h) */
    Global *global;    /* a global variable that is treated as a parameter (diff/globals.h), or NULL */
    unsigned rank;     /* number of dimensions: double *p 1, double A[n][m] 2, double x 0. Its extents,
                          where declared, are operands of the parameter's `shape` op at the entry. */
} Param;

typedef struct CallRule CallRule;

struct Function {
    Module *module;
    const char *name;
    SourceLoc loc;
    const Type *result;
    const Decl *result_decl;
    Param *params;
    unsigned num_params;
    Region *body;      /* NULL: declared only */
    bool is_static, is_inline, is_noreturn, is_variadic, is_inactive;
    bool is_custom;        /* ADGEN(custom, ...): never looked inside; its calls have, behind the arguments, for
                              each argument the number of elements it points to (-1: not declared) */
    Function *custom_vjp, *custom_jvp; /* NULL: it has none */
    bool is_recursive;     /* with a body: its calls are not replaced by it */
    struct Pair *pairs;    /* is_recursive: what was derived from it (diff/pairs.h) */
    Function *copy;        /* is_recursive: itself, for the generated file; or NULL */
    bool is_derived;       /* made by adgen for other derivatives to call */
    bool is_prepared;      /* in the form that is differentiated */
    bool is_system;        /* in a system header: its names and lines tell the user nothing */
    const Function *pushes; /* pops records of the tape that this other function pushes; or NULL */
    const char *records;    /* is_derived: what the types of its records are called, with a number behind */
    const CallRule *rule;  /* a function of linear algebra with a row of derivatives (rules/calls.h), or NULL */
    bool has_errors;       /* in its source: the body is not to be used */
    bool has_side_effects; /* of a declared-only function: false for a pure one */
    const char *header; /* the include that declares it, as spelled ("<stdlib.h>"); NULL: the main file */
    unsigned num_values;
    const char *doc;    /* generated functions: text of the doc comment, lines separated by \n */
};

/* A number, or the address of a function: which member counts follows from the type it belongs to. */
typedef struct Constant {
    int64_t int_value;
    long double float_value;
    Function *function; /* whose address it is */
} Constant;

struct Global {
    Module *module;
    const char *name;
    const Type *type;  /* element type */
    const Decl *decl;
    SourceLoc loc;
    const int64_t *extents;
    unsigned rank;
    bool is_static, is_const, is_extern, is_inactive;
    const Constant *init; /* flattened, one per element; NULL: zero, or defined elsewhere */
    unsigned num_init;
    const char *header;
    const char *source_name; /* where `name` had to be another one */
    bool changes; /* is_static: some function of the user's writes it */
    const Global *companion_of; /* holds the tangents or adjoints of that one; NULL: a variable of the user's */
};

struct Module {
    Arena *arena;
    Strings *strings;
    Types *types;
    Sources *sources;
    Diagnostics *diags;
    VEC(Function *) functions;
    VEC(Global *) globals;
    VEC(const char *) includes; /* the #include lines of the main files, in order, as spelled */
};

void module_init(Module *module, Arena *arena, Strings *strings, Types *types, Sources *sources,
                 Diagnostics *diags);
Function *module_find(const Module *module, const char *name);

/* A function without a body; `function_define` gives it an empty one, with an argument per parameter
 * (types[i] its type). */
Function *function_new(Module *module, const char *name, const Type *result);
void function_define(Function *function, const Type **types);

Region *region_new(Function *function, Op *owner);
Value *region_add_arg(Region *region, const Type *type, const char *name);
void region_remove_arg(Region *region, unsigned index);

/* Ops are made detached, by the builder; these place and change them. */
Op *op_new(Function *function, OpKind kind, unsigned num_operands, unsigned num_results,
           unsigned num_regions);
void op_insert_before(Op *op, Op *position);
void op_append(Region *region, Op *op);
void op_detach(Op *op);
void op_erase(Op *op); /* its results must have no uses; its regions go with it */
void op_set_operand(Op *op, unsigned index, Value *value);
void op_add_operand(Op *op, Value *value);
void op_remove_operand(Op *op, unsigned index);
Value *op_add_result(Op *op, const Type *type, const char *name);
void op_remove_result(Op *op, unsigned index); /* it must have no uses */

static inline Value *op_operand(const Op *op, unsigned index) { return op->operands[index].value; }
static inline Value *op_result(const Op *op, unsigned index) { return op->results[index]; }
static inline Op *region_terminator(const Region *region) { return region->last; }

void value_replace_uses(Value *value, Value *replacement);
bool value_has_uses(const Value *value);
bool value_has_one_use(const Value *value);

/* The region in which the value becomes available (that of its op, or of which it is an argument). */
Region *value_region(const Value *value);
/* Is `inner` the region `outer`, or nested in it at any depth? */
bool region_contains(const Region *outer, const Region *inner);
/* The pointer before it was converted from one to another type, to void or bytes say. */
Value *pointer_before_conversions(const Value *pointer);
/* Does `a` come before `b` in one region's list? */
bool op_precedes(const Op *a, const Op *b);
/* The op of `region`'s own list that is `op` or contains it; NULL if op is not inside. */
Op *op_ancestor_in(const Region *region, Op *op);

bool value_is_const(const Value *value);                  /* OP_CONST */
/* What an integer constant is worth in a sum or product: those without sign wrap, so that 4294967295u is -1. */
int64_t constant_term(const Value *constant);
bool value_is_int(const Value *value, int64_t constant);  /* that integer constant */
/* Is it an integer, converted to a type of at least its width? (size_t)n, not (char)n. */
bool value_is_widened(const Value *value);
/* The integer before all such conversions. */
Value *value_before_widening(const Value *value);
bool value_is_float(const Value *value, long double constant);

/* The same value, or equal integer constants. */
bool values_are_same(const Value *a, const Value *b);
/* Is it defined in a region of the op, at any depth? */
bool value_is_inside(const Op *op, const Value *value);

bool op_is_compare(OpKind kind);
/* The comparison that holds of (b, a) where this one holds of (a, b). */
OpKind compare_swapped(OpKind compare);
bool op_is_loop(OpKind kind);
/* Loops: number of operands before the initial carried values (for: 3, while: 0). */
unsigned loop_first_init(const Op *loop);
Region *loop_body(const Op *loop);
unsigned loop_num_carried(const Op *loop);
/* The carried value number i: as argument of the body, as yielded, as initial value. */
Value *loop_carried_arg(const Op *loop, unsigned i);
Value *loop_carried_next(const Op *loop, unsigned i);
Value *loop_carried_init(const Op *loop, unsigned i);
/* Exchanges two of them: later ones are printed later. */
void loop_swap_carried(Op *loop, unsigned i, unsigned j);

/* No effect but its results, and cannot trap: can be executed anywhere its operands are available. */
bool op_is_speculatable(const Op *op);
/* Can be removed if its results are unused (control: if all its regions' ops can). */
bool op_is_removable(const Op *op);

/* Calls `visit` for every op of the region and of those nested in it, outer before inner, in order. */
typedef void OpVisitor(Op *op, void *context);
void region_walk(Region *region, OpVisitor *visit, void *context);

#endif
