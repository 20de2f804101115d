/* What the rooms that print statements share. Each op of the IR that is no part of an expression becomes a line or a
 * block; statements.c walks over them. */
#ifndef ADGEN_BACKEND_STATEMENTS_H
#define ADGEN_BACKEND_STATEMENTS_H

#include "backend/printer.h"

/* ---- lines.c ---- */

void print_line(Printer *p, const char *text, ...) __attribute__((format(printf, 2, 3)));
/* What is declared between the two is in scope there only. */
void open_block(Printer *p, size_t *scope);
void close_block(Printer *p, size_t scope);
/* Ends what began with a " {" before `start`: with a brace, or without both if one plain statement stands there. */
void close_brace(Printer *p, size_t start);
/* The source line that a stretch of the reverse sweep belongs to, as a comment; nothing where it was said already. */
void print_source_comment(Printer *p, const Op *op);

/* What was printed from `start` on, a comment with nothing behind it; `line` is that of the comment before. */
void take_back_comment(Printer *p, size_t start, unsigned line);

/* ---- assignments.c ---- */

const char *type_name(Printer *p, const Type *type);
/* What a variable is called that has no name in the source. */
const char *fallback_hint(const Type *type);
const char *declare_name(Printer *p, Variable *variable);
/* "const double e", for a variable that is declared here. */
const char *print_declaration(Printer *p, Variable *variable);
/* The left side of an assignment: declared here if that is the first time. */
const char *print_target(Printer *p, Variable *variable);
/* The initial value of what has none, so that C compilers do not warn. */
const char *zero_text(const Type *type);
bool is_undefined(const Printer *p, const Value *value);
/* Is the value in the variable already? */
bool is_in_place(const Printer *p, const Variable *variable, const Value *value);
void assign_text(Printer *p, const char *target, const Value *value);
/* Gives the variable the value of the expression, declaring it if this is the first time. */
void assign_variable(Printer *p, Variable *variable, const Value *value);
/* All read before any is overwritten. */
void assign_values(Printer *p, Variable *const *variables, Value *const *values, unsigned n);
/* The result of a pure op. */
void print_definition(Printer *p, const Op *op);

/* ---- memory.c ---- */

void print_alloca(Printer *p, const Op *op);
void print_alloc(Printer *p, const Op *op);
void print_malloc(Printer *p, const Op *op);
void print_store(Printer *p, const Op *op);
void print_accumulate(Printer *p, const Op *op);
void print_zero(Printer *p, const Op *op);
void print_copy(Printer *p, const Op *op);

/* ---- tapes.c ---- */

void print_tape(Printer *p, const Op *op);
void print_push(Printer *p, const Op *op);
void print_pop(Printer *p, const Op *op);
/* The tape that the op is about. */
const char *tape_name(Printer *p, const Op *op);

/* ---- calls.c ---- */

void print_call(Printer *p, const Op *op);
/* frexp, modf, remquo: the second result comes through a pointer. */
void print_split(Printer *p, const Op *op);

/* ---- ifs.c ---- */

void print_if(Printer *p, const Op *op);
const char *print_negation(Printer *p, const Value *condition);
/* Would the region print nothing but assignments of what it yields? */
bool only_yields(const Printer *p, const Region *region);

/* ---- loops.c ---- */

void print_for(Printer *p, const Op *op);
void print_while(Printer *p, const Op *op);

/* ---- statements.c ---- */

/* Is the op printed where its result is used? */
bool is_folded(const Printer *p, const Op *op);
void print_region(Printer *p, const Region *region);

#endif
