/* Checks of the parameters of generated functions, in their debug builds. */
#include "internal.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static bool overlap(const AdParameter *a, const AdParameter *b)
{
    const uintptr_t a_begin = (uintptr_t)a->data, b_begin = (uintptr_t)b->data;
    return a->data && b->data && a_begin < b_begin + b->bytes && b_begin < a_begin + a->bytes;
}

/* `original`: whose companion it may be; NULL: there is none. */
static void check_present(const char *function, const AdParameter *companion, const AdParameter *original)
{
    const bool may_be_null = companion->bytes == 0 ||
                             (companion->kind == AD_IS_COMPANION && original && !original->data);
    if (companion->data || may_be_null)
        return;
    fprintf(stderr, "adgen: %s: %s is a null pointer\n", function, companion->name);
    abort();
}

void ad_check_parameters(const char *function, size_t count, const AdParameter *parameters)
{
    const AdParameter *original = NULL;
    for (size_t i = 0; i < count; i++) {
        const AdParameter *companion = &parameters[i];
        if (companion->kind == AD_IS_ORIGINAL) {
            original = companion;
            continue;
        }
        check_present(function, companion, original);
        for (size_t k = 0; k < count; k++)
            if (parameters[k].kind == AD_IS_ORIGINAL && overlap(companion, &parameters[k])) {
                fprintf(stderr, "adgen: %s: %s overlaps %s\n", function, companion->name, parameters[k].name);
                abort();
            }
    }
}
