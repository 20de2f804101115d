/* Any bytes as the text of ADGEN(...): accepted, or exactly one error. */
#include <stdlib.h>

#include "module.h"

#include "frontend/annotations.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    FuzzModule f;
    fuzz_module_init(&f);
    const char *text = arena_strndup(&f.arena, (const char *)bytes, size);
    Request request;
    Custom custom;
    bool accepted = true;
    if (annotation_parse_custom(&f.module, text, (SourceLoc){0}, &custom))
        accepted = !custom.failed;
    else if (!annotation_is_inactive(text))
        accepted = annotation_parse(&f.module, text, (SourceLoc){0}, &request);
    if (f.diags.errors != (accepted ? 0 : 1))
        abort();
    fuzz_module_release(&f);
    return 0;
}
