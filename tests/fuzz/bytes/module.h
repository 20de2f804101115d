/* An empty module, and bytes as a text. */
#ifndef ADGEN_FUZZ_MODULE_H
#define ADGEN_FUZZ_MODULE_H

#include "target.h"

#include "ir/ir.h"

typedef struct FuzzModule {
    Arena arena;
    Strings strings;
    Types types;
    Sources sources;
    Diagnostics diags;
    Module module;
} FuzzModule;

static inline void fuzz_module_init(FuzzModule *f)
{
    *f = (FuzzModule){0};
    strings_init(&f->strings, &f->arena);
    types_init(&f->types, &f->arena);
    diagnostics_init(&f->diags, &f->arena, &f->sources);
    module_init(&f->module, &f->arena, &f->strings, &f->types, &f->sources, &f->diags);
}

static inline void fuzz_module_release(FuzzModule *f)
{
    types_release(&f->types);
    strings_release(&f->strings);
    arena_release(&f->arena);
}

#endif
