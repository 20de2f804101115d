/* What the modes that give matrices share: rows and columns, the generated function, and loops of steps. */
#ifndef ADGEN_DIFF_MATRIX_H
#define ADGEN_DIFF_MATRIX_H

#include "diff/step.h"
#include "ir/builder.h"

/* An independent or dependent: a stretch of the rows or columns. */
typedef struct Stretch {
    bool present;
    bool by_value;  /* a number: a by-value parameter, or the returned value */
    Value *count, *offset; /* of numbers */
    const Type *type; /* of a number */
    const Type *record; /* of structs with these numbers: their type, and how many there are */
    Value *records;
} Stretch;

typedef struct Matrix {
    const Request *request;
    Arena *arena;
    Function *primal;
    Signature signature;
    Function *function;   /* the generated one */
    Value **originals;    /* by parameter, in the generated function */
    Value *matrix;        /* where the entries go; NULL: a divergence, a pattern */
    Value *pattern;       /* of a sparse matrix whose entries are asked for, else NULL */
    Value *decisions;     /* where the primal records them (diff/decisions.h), or NULL */
    Value *first_decisions; /* what stands there before it runs */
    const char *matrix_name, *pattern_name;
    const Type *elem;     /* of the matrix */
    Stretch *inputs, *outputs; /* by parameter; outputs[num_params]: the returned value */
    Value *num_inputs, *num_outputs;
    VEC(Value *) extents; /* in pairs: as declared, as long */
    Value **changing;     /* by parameter: the number of elements that are overwritten and read, or NULL */
    Value **kept;         /* by parameter: what it held on entry, or NULL */
    Builder b;
    bool failed;
} Matrix;

/* Resolves the request; declares the function, with the shapes of its parameters; lays rows and columns out. */
bool matrix_begin(Matrix *m, const Request *request);

/* The step that is repeated, or swept. False after an error. */
bool matrix_step(Matrix *m, Mode mode, const Rules *rules, const DiffOptions *options, Step *step);

/* The end: what is still allocated is freed, calls are inlined. NULL after an error. */
Function *matrix_finish(Matrix *m, Value *result, const char *doc);

/* Every round evaluates the function again. What of its memory the next one needs as it was; refuses functions with other effects. */
void matrix_find_effects(Matrix *m);
/* Copies that aside, and back. */
void matrix_keep_originals(Matrix *m);
void matrix_restore_originals(const Matrix *m, Builder *b);
void matrix_free_originals(Matrix *m);

/* How the directions (or seeds) of a sparse matrix are chosen, as values of the generated function. */
typedef struct Colors {
    Value *count;       /* of colors */
    Value *color;       /* by column or row */
    Value *nonzeros, *entry_color, *entry_place;
} Colors;

/* A loop of steps: one round per column (forward) or row, or per block of as many columns as the step has
 * directions; with colors, per color or block of colors. Returns the value of the function, or the trace. */
Value *matrix_loop(Matrix *m, const Step *step, bool by_column, unsigned directions, const Colors *colors);

/* Makes of a step, forward if it is by column, one in as many directions, or with as many seeds, at once as are worth it: returns how
 * many, 1 if it stays. */
unsigned matrix_widen(Matrix *m, Step *step, bool by_column, const DiffOptions *options);

/* A jacobian's two costs, as values: reverse < forward? */
enum { FORWARD_COST = 3, REVERSE_COST = 8 };

/* As many outputs as inputs, as far as the extents tell? */
bool matrix_is_square(const Matrix *m);

Value *matrix_number(Matrix *m, int64_t value);
Value *matrix_extent(Matrix *m, unsigned param, const char *clause);
Value *matrix_new_buffer(Builder *b, const Type *type, Value *count, const char *name);
void matrix_free_buffer(Builder *b, Value *buffer);
void matrix_complain(Matrix *m, MessageId message, const char *what);

#endif
