/* The generator of random programs: shared state and the parts' functions.
 *
 * A program is text that is written as it is drawn. What keeps it well defined: every variable has a bound that all its
 * values obey, expressions carry the interval they lie in, and what would leave its bound is scaled or squashed;
 * integers carry their range, so that every index is inside; everything is initialised; loops end. */
#ifndef ADGEN_FUZZ_GEN_H
#define ADGEN_FUZZ_GEN_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

typedef enum Feature {
#define FEATURE(id, name, weight) F_##id,
#include "features.def"
#undef FEATURE
    F_COUNT
} Feature;

typedef enum Kind { REAL, ARRAY, MATRIX, INTEGER, STRUCT, HIDDEN } Kind;
typedef enum Type { SINGLE, DOUBLE, EXTENDED } Type;

enum { MAX_VARS = 400, TEXT = 1500, MAX_HELPERS = 4, ROWS = 2, COLUMNS = 3 };

typedef struct Var {
    char name[40];
    Kind kind;
    Type type;
    double bound;  /* of its absolute value; of integers: see low and high */
    double budget; /* how far += may still take it beyond what is assigned */
    int extent;    /* ARRAY: elements that may be touched */
    int low, high;
    bool read_only;
    bool steers; /* INTEGER: a counter or a bound; not to be assigned */
} Var;

typedef struct Expr {
    char text[TEXT];
    double low, high;
    int precedence; /* of its outermost operator, as in C; 16 is primary */
    Type type;
} Expr;

/* A static function that calls may go to. */
typedef struct Helper {
    char name[24];
    int reals, arrays, outputs, integers; /* its parameters, in this order */
    Type type;
    bool recursive; /* integers up to 3 only */
} Helper;

typedef struct Gen {
    uint64_t state;
    int weights[F_COUNT];
    long counts[F_COUNT];
    Var vars[MAX_VARS];
    int var_count;
    Helper helpers[MAX_HELPERS];
    int helper_count;
    FILE *out;
    int indent;
    int statements; /* that may still be written */
    int loops, loops_that_break;
    int barred;                /* no way out of here: something must be freed */
    bool in_helper, continues; /* `continue` is safe in the innermost loop */
    double executions;         /* how often the current place runs at most */
    double array_budget;       /* shared by all arrays, which may overlap */
    int serial;
    bool approximate; /* some of it in float */
    bool recursive;   /* a helper calls itself */
    bool in_recursion; /* that helper is written */
    bool has_leaves;  /* functions for pointers to point to */
    bool has_globals, has_scratch;
    bool has_algebra; /* calls of <adgen/linalg.h> */
    char prefix[24];
} Gen;

/* random.c */
uint64_t gen_random(Gen *g);
int gen_below(Gen *g, int count);
int gen_between(Gen *g, int low, int high);
bool gen_percent(Gen *g, int percent);
bool gen_option(Gen *g, Feature feature);
Feature gen_draw(Gen *g, Feature first, Feature behind);

/* scope.c */
Var *gen_declare(Gen *g, Kind kind, const char *stem);
Var *gen_pick(Gen *g, Kind kind, bool writable);
Var *gen_pick_assignable_integer(Gen *g);
void gen_index(Gen *g, char *text, int extent);
void gen_line(Gen *g, const char *format, ...);
const char *gen_type_name(Type type);

/* expressions.c */
Expr gen_real(Gen *g, int depth);
Expr gen_bounded(Gen *g, int depth, double bound);
void gen_condition(Gen *g, char *text);
void gen_data_condition(Gen *g, char *text);
Expr gen_element(Gen *g, const Var *var);
void gen_scaled(Gen *g, Expr *e, double bound);
Expr gen_number(Gen *g, double low, double high);

/* calls.c */
void gen_helper(Gen *g);
void gen_call_statement(Gen *g);
bool gen_call_value(Gen *g, Expr *e, int depth);

/* indirect.c */
void gen_leaves(Gen *g);
void gen_indirect(Gen *g);

/* statements.c, loops.c, patterns.c */
void gen_block(Gen *g, int statements);
void gen_open(Gen *g, const char *format, ...);
void gen_close(Gen *g, int scope, const char *tail);
void gen_for(Gen *g);
void gen_while(Gen *g);
void gen_do(Gen *g);
void gen_switch(Gen *g);
void gen_exit(Gen *g);
void gen_sweep(Gen *g);
void gen_walk(Gen *g);
void gen_pointer(Gen *g);
void gen_swap(Gen *g);
void gen_reduction(Gen *g);
void gen_late(Gen *g);
void gen_copy(Gen *g);
void gen_effect(Gen *g);
void gen_ping(Gen *g);

/* objects.c */
void gen_struct(Gen *g);
void gen_struct_use(Gen *g);
void gen_heap(Gen *g);
void gen_list(Gen *g);
void gen_grow(Gen *g);
void gen_union(Gen *g);
void gen_goto(Gen *g);
void gen_declare_real(Gen *g);
void gen_declare_array(Gen *g);

/* idioms.c */
void gen_table(Gen *g);
void gen_cells(Gen *g);
void gen_rows(Gen *g);
void gen_compound(Gen *g);
void gen_cleanup(Gen *g);
void gen_bits(Gen *g);

/* integers.c */
void gen_integers(Gen *g);

/* algebra.c */
void gen_algebra(Gen *g);
void gen_globals(Gen *g);
void gen_see_globals(Gen *g);
void gen_scratch(Gen *g);
void gen_fill_scratch(Gen *g);

/* main.c */
void gen_return(Gen *g);

#endif
