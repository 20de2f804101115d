/* Calls a fuzz target with files, and with every prefix of the short ones and some of the long: replay [--prefixes N] FILE... */
#define _XOPEN_SOURCE 700
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "target.h"

enum { TIMEOUT = 10 }; /* seconds for one input */

static void call(const uint8_t *bytes, size_t size)
{
    uint8_t *copy = malloc(size ? size : 1); /* so that sanitizers see its end */
    if (!copy)
        exit(1);
    memcpy(copy, bytes, size);
    alarm(TIMEOUT);
    LLVMFuzzerTestOneInput(copy, size);
    alarm(0);
    free(copy);
}

static uint8_t *read_whole(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END) != 0) {
        perror(path);
        exit(1);
    }
    *size = (size_t)ftell(file);
    rewind(file);
    uint8_t *bytes = malloc(*size + 1);
    if (!bytes || fread(bytes, 1, *size, file) != *size)
        exit(1);
    fclose(file);
    return bytes;
}

int main(int argc, char **argv)
{
    size_t prefixes = 0;
    int first = 1;
    if (argc > 2 && strcmp(argv[1], "--prefixes") == 0) {
        prefixes = strtoul(argv[2], NULL, 10);
        first = 3;
    }
    for (int i = first; i < argc; i++) {
        size_t size;
        uint8_t *bytes = read_whole(argv[i], &size);
        fprintf(stderr, "replay: %s\n", argv[i]);
        call(bytes, size);
        const size_t step = prefixes ? size / prefixes + 1 : size + 1;
        for (size_t length = 0; length < size; length += step)
            call(bytes, length);
        free(bytes);
    }
    printf("%d files\n", argc - first);
    return 0;
}
