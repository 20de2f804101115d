/* Runs of the whole of adgen, in this process. */
#define _XOPEN_SOURCE 700
#include "whole.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[] = "/tmp/adgen-fuzz-XXXXXX", *source, *output, *header;

static char *in_folder(const char *name)
{
    char *path = malloc(sizeof folder + strlen(name) + 1);
    if (!path)
        abort();
    sprintf(path, "%s/%s", folder, name);
    return path;
}

static void clean_up(void)
{
    remove(source);
    remove(output);
    remove(header);
    rmdir(folder);
    free(source);
    free(output);
    free(header);
}

static void set_up(void)
{
    if (source)
        return;
    if (!mkdtemp(folder))
        abort();
    source = in_folder("x.c");
    output = in_folder("out.c");
    header = in_folder("out.h");
    atexit(clean_up);
}

static void write_source(const uint8_t *bytes, size_t size)
{
    FILE *file = fopen(source, "wb");
    if (!file || fwrite(bytes, 1, size, file) != size || fclose(file) != 0)
        abort();
}

void whole_run(const uint8_t *bytes, size_t size, const char *request)
{
    set_up();
    write_source(bytes, size);
    remove(output);
    remove(header);
    char program[] = "adgen", include[] = "-I" FUZZ_HEADERS, out[] = "-o", f[] = "-f";
    char *argv[] = {program, include, source, out, output, request ? f : NULL, (char *)request, NULL};
    const int status = adgen_main(request ? 7 : 5, argv);
    const bool written = access(output, F_OK) == 0 && access(header, F_OK) == 0;
    if (status != (written ? 0 : 1))
        abort();
}
