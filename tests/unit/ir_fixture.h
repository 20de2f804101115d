/* A module that reads functions in the text form of the IR: what tests of IR and passes start from. */
#ifndef ADGEN_TESTS_IR_FIXTURE_H
#define ADGEN_TESTS_IR_FIXTURE_H

#include "unit.h"

#include "ir/text.h"

typedef struct IrFixture {
    Arena arena;
    Strings strings;
    Types types;
    Sources sources;
    Diagnostics diags;
    Module module;
} IrFixture;

static inline void fixture_init(IrFixture *f)
{
    *f = (IrFixture){0};
    strings_init(&f->strings, &f->arena);
    types_init(&f->types, &f->arena);
    diagnostics_init(&f->diags, &f->arena, &f->sources);
    module_init(&f->module, &f->arena, &f->strings, &f->types, &f->sources, &f->diags);
}

static inline void fixture_release(IrFixture *f)
{
    types_release(&f->types);
    strings_release(&f->strings);
    arena_release(&f->arena);
}

/* Reads the text, which must be right, and returns its last function. */
static inline Function *fixture_read(IrFixture *f, const char *text)
{
    if (!ir_read(&f->module, "test.ir", text)) {
        diag_print(&f->diags, stderr);
        fail();
    }
    const size_t count = f->module.functions.count;
    return count ? f->module.functions.items[count - 1] : NULL;
}

/* The module as text. */
static inline const char *fixture_print(IrFixture *f)
{
    Text text = {0};
    ir_print_module(&f->arena, &text, &f->module);
    return text.items ? text.items : "";
}

#endif
