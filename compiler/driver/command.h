/* The command line: what the user asked adgen to do. */
#ifndef ADGEN_DRIVER_COMMAND_H
#define ADGEN_DRIVER_COMMAND_H

#include "diff/derivative.h"
#include "transform/passes.h"

typedef struct Command {
    VEC(const char *) inputs;
    VEC(const char *) requests; /* -f */
    VEC(const char *) flags;    /* for the parser */
    const char *output, *header; /* header: settled if output is */
    const char *dependency_file, *dependency_target; /* NULL: no dependency file */
    const char *database; /* the folder of a compilation database, or NULL */
    bool check;
    bool report;
    bool emit_ir;
    const char *emit_after; /* the pass; NULL: at the end */
    bool help, version;
    PassOptions passes;
    DiffOptions diff;
} Command;

/* Reads the arguments. What is wrong with them is in diags; false then. */
bool command_parse(Command *command, Arena *arena, Diagnostics *diags, int argc, char **argv);

void command_print_help(FILE *out);

#endif
