/* What the user asked for: one request per ADGEN annotation or -f option. */
#ifndef ADGEN_DIFF_REQUEST_H
#define ADGEN_DIFF_REQUEST_H

#include "ir/ir.h"

typedef enum Mode {
    MODE_GRAD, MODE_VJP, MODE_JVP, MODE_JACOBIAN, MODE_HVP, MODE_HESSIAN, MODE_DIVERGENCE,
    MODE_COUNT
} Mode;

/* A sparse matrix is two functions: one for where its entries are, one for what they are. */
typedef enum Sparse { SPARSE_NO, SPARSE_VALUES, SPARSE_PATTERN } Sparse;

/* An extent in a clause, `wrt(x[2 * n])`: an integer expression over the parameters. */
typedef struct Extent Extent;
struct Extent {
    enum { EXTENT_CONST, EXTENT_NAME, EXTENT_BINARY, EXTENT_NEGATE } kind;
    int64_t value;         /* const */
    const char *name;      /* parameter */
    char operator;         /* binary: + - * / % */
    const Extent *left, *right;
    SourceLoc loc;
};

/* A name in wrt(...), of(...) or work(...). */
typedef struct Selection {
    const char *name; /* "return" for the returned value */
    SourceLoc loc;
    const Extent *extent; /* NULL: not given */
    Global *global;       /* that it names; NULL: a parameter */
} Selection;

typedef struct Clause {
    bool present;
    SourceLoc loc;
    Selection *items;
    unsigned count;
} Clause;

typedef struct Request {
    Mode mode;
    Function *function;
    SourceLoc loc; /* of the annotation */
    Clause wrt, of, work;
    const char *name;    /* of the generated function; NULL: the default */
    unsigned directions; /* 0: not given */
    Sparse sparse;       /* jacobian, hessian */
    bool is_step;        /* made by adgen: the function is a derivative already, or part of one */
    bool passes_globals; /* made by adgen: global variables with a part are arguments (diff/bind_globals.h) */
    bool records_decisions; /* made by adgen: the last parameter of the function is for that (diff/decisions.h) */
    bool is_recursion;   /* of a recursive function itself, for what calls it (diff/pairs.h) */
    bool is_pair;        /* likewise, and the sweeps become two functions */
} Request;

typedef struct Requests {
    VEC(Request) list;
} Requests;

const char *mode_text(Mode mode);

/* The name of the pattern function that belongs to a function of that name. */
const char *request_pattern_name(Strings *strings, const char *name);

#endif
