/* A small interpreter of the IR with dual numbers: what a function computes, and its derivative in one direction. It shares no code
 * with the differentiators, the rules or the back end; its memory is real memory, each object with a shadow of equal layout that holds
 * the tangents (and, for pointers, the addresses of shadows). */
#ifndef ADGEN_FUZZ_INTERPRET_H
#define ADGEN_FUZZ_INTERPRET_H

#include <setjmp.h>

#include "ir/ir.h"

/* A value: which members count follows from its type. Records are copies in memory. */
typedef struct Dual {
    long double v, d;   /* floating: value and tangent */
    int64_t i;          /* integers */
    char *p, *shadow;   /* pointers, records */
    const Function *function; /* pointers to functions */
} Dual;

typedef struct Interpreter {
    const Types *types;
    VEC(char *) objects; /* each with its shadow; to be freed at the end */
    VEC(size_t) sizes;   /* theirs */
    Arena arena;
    struct GlobalMemory *globals;
    unsigned long steps, max_steps;
    unsigned depth;
    jmp_buf stop;       /* where `why` is said */
    const char *why;
} Interpreter;

_Noreturn void interpreter_stop(Interpreter *in, const char *why);

/* memory.c */
size_t bytes_of_type(Interpreter *in, const Type *type);
size_t offset_of_field(Interpreter *in, const Record *record, unsigned field);
Dual memory_new(Interpreter *in, size_t size);
void memory_move(Interpreter *in, Dual to, Dual from);
Dual memory_load(Interpreter *in, const Type *type, Dual at);
void memory_store(Interpreter *in, const Type *type, Dual at, Dual value);
Dual memory_of_global(Interpreter *in, const Global *global);
void memory_release(Interpreter *in);

/* arithmetic.c: an op without effects on memory */
Dual arithmetic(Interpreter *in, const Op *op, const Dual *operands, Dual *second_result);

/* run.c. The result; stops through in->stop where something is not known. */
Dual interpret_call(Interpreter *in, const Function *function, const Dual *args);

#endif
