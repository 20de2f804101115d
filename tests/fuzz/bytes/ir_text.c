/* Any bytes as the text form of the IR: an error with its place, or a module that prints as a text which reads back as itself. */
#include <stdlib.h>
#include <string.h>

#include "module.h"

#include "ir/text.h"

static const char *print(FuzzModule *f)
{
    Text text = {0};
    text_puts(&f->arena, &text, "");
    ir_print_module(&f->arena, &text, &f->module);
    return text.items;
}

static void read_back(const char *printed)
{
    FuzzModule f;
    fuzz_module_init(&f);
    if (!ir_read(&f.module, "printed.ir", printed)) {
        diag_print(&f.diags, stderr);
        abort();
    }
    if (strcmp(print(&f), printed) != 0)
        abort();
    fuzz_module_release(&f);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    FuzzModule f;
    fuzz_module_init(&f);
    const char *text = arena_strndup(&f.arena, (const char *)bytes, size);
    if (ir_read(&f.module, "input.ir", text))
        read_back(print(&f));
    else if (f.diags.errors == 0)
        abort();
    fuzz_module_release(&f);
    return 0;
}
