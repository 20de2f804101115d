/* The text form of the IR: printing and reading. docs/ir.md has the grammar. */
#ifndef ADGEN_IR_TEXT_H
#define ADGEN_IR_TEXT_H

#include "ir/ir.h"

void ir_print_function(Arena *arena, Text *out, const Function *function);
void ir_print_module(Arena *arena, Text *out, const Module *module);

/* Reads functions into the module. On an error: a diagnostic (MSG_IR_SYNTAX) and false. */
bool ir_read(Module *module, const char *path, const char *text);

#endif
