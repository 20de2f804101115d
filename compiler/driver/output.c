/* Output files: all or none.
 *
 * Every file is written under a temporary name in the folder where it will stand, then all are renamed.
 * A rename replaces the old file at once, so a reader sees the old text or the new, never half of one. The
 * old files are kept as links until the last rename has gone well. All names are made before the first file is: where there is no
 * memory for one, nothing has been touched. */
#define _XOPEN_SOURCE 700
#include "driver/output.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A file on its way. */
typedef struct Pending {
    const char *path;      /* as the user wrote it */
    const char *target;    /* where it goes: symbolic links followed */
    char *temporary;       /* the name of what is written first */
    const char *backup;    /* of a link to the file that stood there */
    bool has_temporary, has_backup, renamed;
} Pending;

static bool fail(Diagnostics *diags, const char *path, const char *reason)
{
    diag(diags, MSG_CANNOT_WRITE, (SourceLoc){0}, path, reason);
    return false;
}

/* ---- preparing ---- */

static const char *follow_links(Arena *arena, const char *path)
{
    char *real = realpath(path, NULL);
    if (!real)
        return path; /* there is nothing yet */
    const char *kept = arena_strdup(arena, real);
    free(real);
    return kept;
}

/* Renaming would replace a device or a folder by a file. */
static bool check_replaceable(Diagnostics *diags, const Pending *pending)
{
    struct stat status;
    if (stat(pending->target, &status) != 0 || S_ISREG(status.st_mode))
        return true;
    return fail(diags, pending->path, S_ISDIR(status.st_mode) ? "is a folder" : "is not a file");
}

static bool write_all(int descriptor, const Text *text)
{
    size_t done = 0;
    while (done < text->count) {
        const ssize_t written = write(descriptor, text->items + done, text->count - done);
        if (written < 0 && errno != EINTR)
            return false;
        if (written > 0)
            done += (size_t)written;
    }
    return true;
}

static mode_t default_mode(void)
{
    const mode_t mask = umask(0);
    umask(mask);
    return 0666 & ~mask;
}

static bool write_temporary(Diagnostics *diags, Pending *pending, const Text *text)
{
    const int descriptor = mkstemp(pending->temporary);
    if (descriptor < 0)
        return fail(diags, pending->path, strerror(errno));
    pending->has_temporary = true;
    const bool written = write_all(descriptor, text) && fchmod(descriptor, default_mode()) == 0;
    const int write_error = errno;
    if (close(descriptor) != 0 || !written)
        return fail(diags, pending->path, strerror(written ? errno : write_error));
    return true;
}

/* ---- replacing ---- */

/* A link beside the file. Where the file system has no links there is no backup. */
static void keep_backup(Pending *pending)
{
    pending->has_backup = link(pending->target, pending->backup) == 0;
}

static bool replace(Diagnostics *diags, Pending *pending)
{
    keep_backup(pending);
    if (rename(pending->temporary, pending->target) != 0)
        return fail(diags, pending->path, strerror(errno));
    pending->has_temporary = false;
    pending->renamed = true;
    return true;
}

/* Puts back what stood there, as far as something was replaced. */
static void roll_back(Pending *pending)
{
    if (pending->renamed && pending->has_backup) {
        if (rename(pending->backup, pending->target) == 0)
            pending->has_backup = false;
    } else if (pending->renamed) {
        unlink(pending->target);
    }
}

static void clean_up(const Pending *pending)
{
    if (pending->has_temporary)
        unlink(pending->temporary);
    if (pending->has_backup)
        unlink(pending->backup);
}

/* The backup's name is as unused as the temporary one: it has the process in it. */
static Pending prepare(Arena *arena, const char *path)
{
    Pending pending = {.path = path, .target = follow_links(arena, path)};
    pending.temporary = arena_format(arena, "%s.XXXXXX", pending.target);
    pending.backup = arena_format(arena, "%s.%ld.old", pending.target, (long)getpid());
    return pending;
}

bool output_write(Diagnostics *diags, const OutputFile *files, unsigned num_files)
{
    Pending *pending = arena_new_array(diags->arena, Pending, num_files);
    bool good = true;
    for (unsigned i = 0; i < num_files; i++)
        pending[i] = prepare(diags->arena, files[i].path);
    for (unsigned i = 0; i < num_files; i++)
        good = check_replaceable(diags, &pending[i]) && write_temporary(diags, &pending[i], &files[i].text) && good;
    for (unsigned i = 0; i < num_files && good; i++)
        good = replace(diags, &pending[i]);
    for (unsigned i = 0; i < num_files; i++) {
        if (!good)
            roll_back(&pending[i]);
        clean_up(&pending[i]);
    }
    return good;
}

/* ---- reading ---- */

char *output_read(Arena *arena, const char *path, size_t *length)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return NULL;
    Text text = {0};
    text_puts(arena, &text, "");
    char buffer[4096];
    size_t count;
    while ((count = fread(buffer, 1, sizeof buffer, file)) > 0)
        text_put(arena, &text, buffer, count);
    const bool failed = ferror(file) != 0;
    fclose(file);
    *length = text.count;
    return failed ? NULL : text.items;
}

bool output_same_file(const char *a, const char *b)
{
    struct stat x, y;
    return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}
