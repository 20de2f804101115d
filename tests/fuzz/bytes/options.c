/* Any bytes as a command line, an argument to a line: a command, or an error that says what is wrong with it. */
#include <stdlib.h>
#include <string.h>

#include "module.h"

#include "driver/command.h"

enum { MAX_ARGUMENTS = 64 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    FuzzModule f;
    fuzz_module_init(&f);
    char program[] = "adgen", *argv[MAX_ARGUMENTS + 2] = {program};
    int argc = 1;
    char *text = arena_strndup(&f.arena, (const char *)bytes, size);
    for (char *line = strtok(text, "\n"); line && argc <= MAX_ARGUMENTS; line = strtok(NULL, "\n"))
        argv[argc++] = line;
    Command command;
    const bool accepted = command_parse(&command, &f.arena, &f.diags, argc, argv);
    if (accepted != (f.diags.errors == 0))
        abort();
    fuzz_module_release(&f);
    return 0;
}
