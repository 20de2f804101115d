/* The command line. */
#ifndef ADGEN_DRIVER_OPTIONS_H
#define ADGEN_DRIVER_OPTIONS_H

#include "diff/derivative.h"
#include "frontend/frontend.h"
#include "transform/passes.h"

typedef VEC(const char *) Words;

typedef struct Options {
    Words inputs;
    Words flags;     /* for the parser */
    Words requests;  /* -f */
    Words warnings;  /* what stood behind -W */
    Words targets;   /* -MT */
    const char *output, *header, *dependency_file;
    const char *emit_pass; /* --emit-ir=PASS; "" for the last */
    bool emit_ir, check, write_dependencies, no_warnings, help, version;
    PassOptions passes;
    DiffOptions diff;
} Options;

/* False, after a message on standard error, if the command line is wrong. */
bool options_parse(Arena *arena, int argc, char **argv, Options *options);

void options_print_help(void);

#endif
