/* Allocations of the hostile builds, which fail as the environment says:
 *
 *     ADGEN_FAIL_AT=n     from the n-th on
 *     ADGEN_FAIL_EACH=n   at every n-th, from number ADGEN_FAIL_FROM on, in a copy of the process from there on. Each copy has to end with
 *                         status 3 and the message, and to leave what stands in the file ADGEN_KEEPS; the process itself goes on, and says in
 *                         the end how many there were.
 *
 * So one run tries them all: what lies between the beginning and the allocation is done once. */
#define _DEFAULT_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

void *hostile_allocate(size_t size); /* what compiler/base/arena.c calls if ADGEN_HOSTILE is defined */

enum { TEXT = 256 };

static unsigned long calls, copies, fail_at, fail_each, fail_from;
static FILE *said; /* by the copies */
static const char *kept_path;
static char kept[TEXT];

static void report(void)
{
    if (copies)
        fprintf(stderr, "hostile: failed at %lu of %lu allocations\n", copies, calls);
}

static void read_file(const char *path, char *text)
{
    FILE *file = fopen(path, "rb");
    text[file ? fread(text, 1, TEXT - 1, file) : 0] = '\0';
    if (file)
        fclose(file);
}

static unsigned long number(const char *variable)
{
    const char *text = getenv(variable);
    return text ? strtoul(text, NULL, 10) : 0;
}

static void set_up(void)
{
    fail_at = number("ADGEN_FAIL_AT");
    fail_each = number("ADGEN_FAIL_EACH");
    fail_from = number("ADGEN_FAIL_FROM");
    kept_path = getenv("ADGEN_KEEPS");
    if (!fail_each)
        return;
    said = tmpfile();
    if (!said || !kept_path)
        abort();
    read_file(kept_path, kept);
    atexit(report);
}

static void check(int status)
{
    char text[TEXT] = "", stands[TEXT];
    rewind(said);
    text[fread(text, 1, TEXT - 1, said)] = '\0';
    read_file(kept_path, stands);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 3 || !strstr(text, "adgen: out of memory") || strcmp(stands, kept) != 0) {
        fprintf(stderr, "hostile: allocation %lu: status %x, the output is %s\n%s\n", calls, (unsigned)status,
                strcmp(stands, kept) == 0 ? "as it was" : "touched", text);
        _exit(9);
    }
}

#ifdef __GLIBC__
/* What libclang and its library do at exit takes longer than the rest of the copy. */
static void end_here(int status, void *nothing)
{
    (void)nothing;
    fflush(NULL);
    _exit(status);
}
#else
#define on_exit(handler, argument) ((void)0)
#endif

/* True in the copy. */
static int fork_and_watch(void)
{
    if (ftruncate(fileno(said), 0) != 0)
        abort();
    const pid_t copy = fork();
    if (copy == 0) {
        fail_at = 1;
        fail_each = copies = 0;
        on_exit(end_here, NULL);
        dup2(fileno(said), STDERR_FILENO);
        lseek(STDERR_FILENO, 0, SEEK_SET);
        return 1;
    }
    int status = 0;
    if (copy < 0 || waitpid(copy, &status, 0) != copy)
        abort();
    copies++;
    check(status);
    return 0;
}

void *hostile_allocate(size_t size)
{
    if (++calls == 1)
        set_up();
    const int fails = (fail_at && calls >= fail_at) || (fail_each && calls >= fail_from && calls % fail_each == 0 && fork_and_watch());
    return fails ? NULL : calloc(1, size);
}
