/* What the files of the back end share. Printing a function has two phases: placement decides for each
 * value where it lives in C (folded into its uses, or in which variable); then the statements are
 * printed in one walk. */
#ifndef ADGEN_BACKEND_PRINTER_H
#define ADGEN_BACKEND_PRINTER_H

#include <uthash.h>

#include "ir/builder.h"

/* ---- placement.c ---- */

/* A variable of the generated function. */
typedef struct Variable {
    const Type *type;
    const char *hint;  /* the name it would like */
    const char *name;  /* once declared */
    bool is_mutable;   /* assigned more than once */
    bool is_const_pointer; /* of what is assigned, something points to const */
    bool is_declared;
} Variable;

typedef struct Placement {
    Arena *arena;
    const Function *function;
    bool *folded;         /* by value id: printed where it is used */
    Variable **variables; /* by value id: NULL for folded values */
    const Op **anchors;   /* by value id of folded values with one use: the statement they end up in */
} Placement;

const Placement *placement_compute(Arena *arena, const Function *function);

/* Is the if an expression: && || or ?: */
bool if_is_expression(const Placement *placement, const Op *op);

/* Does the printed form of `value` read the variable? */
bool expression_reads(const Placement *placement, const Value *value, const Variable *variable);

/* ---- names.c ---- */

typedef struct NameEntry NameEntry;

typedef struct Names {
    Arena *arena;
    Strings *strings;
    NameEntry *taken;
    VEC(const char *) scope; /* names in order of declaration */
} Names;

void names_init(Names *names, Arena *arena, Strings *strings);
/* A name of the file's scope: locals keep away from it. */
void names_reserve(Names *names, const char *name);
void names_release(Names *names);
/* A name like `hint` that is free in all open scopes; it is taken until the scope ends. */
const char *names_declare(Names *names, const char *hint);
size_t names_open_scope(const Names *names);
void names_close_scope(Names *names, size_t mark);

/* ---- the printer ---- */

typedef enum Include { INCLUDE_MATH = 1, INCLUDE_STRING = 2, INCLUDE_RUNTIME = 4, INCLUDE_STDDEF = 8, INCLUDE_STDLIB = 16,
    INCLUDE_DEBUG = 32 /* in debug builds of the generated code */ } Include;

typedef VEC(const Function *) FunctionList;
typedef VEC(const Global *) GlobalList;

typedef struct Printer {
    Arena *arena;
    const Module *module;
    const Function *function;
    const Placement *placement;
    Names names;
    Text *out;
    unsigned indent;
    unsigned comment_line; /* source line of the last comment */
    unsigned *includes;
    FunctionList *called;
    GlobalList *globals;
} Printer;

/* ---- expressions.c ---- */

/* Operator precedence of C, loosest first. */
typedef enum Precedence {
    PREC_COMMA, PREC_ASSIGN, PREC_CHOICE, PREC_OR, PREC_AND, PREC_BIT_OR, PREC_BIT_XOR, PREC_BIT_AND,
    PREC_EQUAL, PREC_COMPARE, PREC_SHIFT, PREC_SUM, PREC_PRODUCT, PREC_UNARY, PREC_POSTFIX,
    PREC_PRIMARY
} Precedence;

/* The value as an operand that binds at least as tightly as `precedence`, with its exact C type. */
/* The file declares this function, or includes its header. */
void note_called(Printer *p, const Function *callee);
const char *print_value(Printer *p, const Value *value, Precedence precedence);
/* The value where C converts to its type by itself: initialisers, assignments, arguments. */
const char *print_assigned(Printer *p, const Value *value);
/* What the pointer points to: x[i], *p, name. */
const char *print_element(Printer *p, const Value *pointer);
const char *print_number(Arena *arena, const Type *type, int64_t integer, long double number,
                         bool exact);

/* ---- tapes.c ---- */

/* The struct types of the records that the function leaves on its caller's tape. */
void print_shared_records(Printer *p, Text *out);

/* ---- statements.c ---- */

void print_body(Printer *p);

/* ---- debug_checks.c ---- */

void print_debug_checks(Printer *p);

/* ---- pointers.c ---- */

/* Is what the pointer points to const in C? */
bool pointer_is_const(const Value *pointer);
/* Is the loaded pointer declared as one to const, and written through? */
bool load_casts_const_away(const Op *load);
bool pop_casts_const_away(const Value *popped);

/* ---- records.c ---- */

typedef VEC(const Record *) RecordList;

/* Adds the records that the function needs, each behind those that it has as members. */
void records_of_function(Arena *arena, const Function *function, RecordList *list);
/* Those that its prototype names, not looking into them. */
void records_of_prototype(Arena *arena, const Function *function, RecordList *list);
/* Those that no header defines. */
void print_record_definitions(Arena *arena, Text *out, const RecordList *list);

/* ---- declarations.c ---- */

/* "double", "double **", "const double *". */
const char *print_type(Arena *arena, const Type *type, bool is_const);
/* "double x", "const double *x". */
const char *print_typed(Arena *arena, const Type *type, bool is_const, const char *name);

const char *print_declarator(Arena *arena, const Decl *decl, const char *name, bool for_cpp);

typedef enum PrototypeUse { PROTOTYPE_OF_DEFINITION, PROTOTYPE_OF_DECLARATION, PROTOTYPE_FOR_CPP } PrototypeUse;
const char *print_prototype(Arena *arena, const Function *function, PrototypeUse use);
bool prototype_needs_cpp_form(const Function *function);

#endif
