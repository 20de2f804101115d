/* What a function prints, it prints once, however often a matrix evaluates it.
 *
 *     printf("%g\n", x);     becomes     if (first_round)
 *                                            printf("%g\n", x);
 *
 * These are the functions of <stdio.h> that write, where what they return is not used, and their arguments are numbers, literals, and
 * streams that are global variables. Other effects might change what later rounds see; they stay, and are refused (matrix_effects.c). */
#include "diff/once.h"

#include <string.h>

#include "ir/builder.h"

static const char *const printing[] = {"printf", "fprintf", "puts", "fputs", "putchar", "putc", "fputc", "fflush", "perror"};

static bool is_harmless(const Value *argument)
{
    if (!type_is_pointer(argument->type))
        return true;
    const Value *pointer = pointer_before_conversions(argument);
    return pointer->op && (pointer->op->kind == OP_STRING || (pointer->op->kind == OP_LOAD && op_operand(pointer->op, 0)->op &&
                                                              op_operand(pointer->op, 0)->op->kind == OP_GLOBAL));
}

static bool only_prints(const Op *op)
{
    if (op->kind != OP_CALL || !op->callee || op->callee->body || (op->num_results && value_has_uses(op->results[0])))
        return false;
    bool known = false;
    for (size_t i = 0; i < sizeof printing / sizeof *printing; i++)
        known = known || strcmp(op->callee->name, printing[i]) == 0;
    if (!known)
        return false;
    for (unsigned i = 0; i < op->num_operands; i++)
        if (!is_harmless(op_operand(op, i)))
            return false;
    return true;
}

static void find_print(Op *op, void *context)
{
    *(bool *)context = *(bool *)context || only_prints(op);
}

static void guard(Op *op, void *context)
{
    Value *first_round = context;
    if (!only_prints(op) || once_is_guarded(op))
        return;
    Builder b = builder_before(op);
    b.loc = op->loc;
    Op *test = build_if(&b, build_binary(&b, OP_NE, first_round, build_zero(&b, first_round->type)), NULL, 0);
    op_detach(op);
    op_append(test->regions[0], op);
    for (unsigned r = 0; r < 2; r++) {
        Builder end = builder_at_end(test->regions[r]);
        build_yield(&end, NULL, 0);
    }
}

bool once_is_guarded(const Op *call)
{
    const Op *test = call->parent->owner;
    if (!test || test->kind != OP_IF || call->parent != test->regions[0] || !op_operand(test, 0)->op ||
        op_operand(test, 0)->op->kind != OP_NE)
        return false;
    const Value *number = op_operand(op_operand(test, 0)->op, 0);
    return !number->op && !number->region->owner && call->function->params[number->index].is_first_round;
}

Function *once_guarded(Function *function)
{
    bool prints = false;
    if (function->body && !function->is_recursive)
        region_walk(function->body, find_print, &prints);
    if (!prints)
        return function;
    Function *copy = function_clone(function);
    Module *module = copy->module;
    const Type *type = type_scalar(module->types, TYPE_INT);
    Decl *decl = arena_new(module->arena, Decl);
    *decl = (Decl){.kind = DECL_BASE, .base = type_c_name(type), .type = type};
    const unsigned n = copy->num_params;
    copy->params = arena_grow(module->arena, copy->params, n * sizeof(Param), (n + 1) * sizeof(Param));
    copy->params[n] = (Param){.name = "first_round", .decl = decl, .loc = copy->loc, .is_first_round = true};
    copy->num_params = n + 1;
    region_walk(copy->body, guard, region_add_arg(copy->body, type, "first_round"));
    return copy;
}
