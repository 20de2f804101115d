/* Compilation databases, read by libclang. */
#define _XOPEN_SOURCE 700
#include "frontend/database.h"

#include <clang-c/CXCompilationDatabase.h>
#include <stdlib.h>
#include <string.h>

/* What only concerns the compiler's output; with an argument of its own, or without. */
static const char *const dropped_pairs[] = {"-o", "-MF", "-MT", "-MQ", "-MJ"};
static const char *const dropped[] = {"-c", "-S", "-E", "-MD", "-MMD", "-MP", "-M", "-MM", "--"};
/* Those that name a folder or file, as a part of the word or in the next. */
static const char *const folders[] = {"-I", "-isystem", "-iquote", "-idirafter", "-include", "-imacros", "-isysroot"};

#define COUNT(array) (sizeof(array) / sizeof *(array))

static bool is_among(const char *word, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(word, words[i]) == 0)
            return true;
    return false;
}

static const char *take_string(Arena *arena, CXString string)
{
    const char *text = clang_getCString(string);
    const char *kept = arena_format(arena, "%s", text ? text : "");
    clang_disposeString(string);
    return kept;
}

static const char *below(Arena *arena, const char *folder, const char *path)
{
    return path[0] == '/' ? path : arena_format(arena, "%s/%s", folder, path);
}

/* -Idir */
static const char *absolute_word(Arena *arena, const char *folder, const char *word)
{
    for (size_t i = 0; i < COUNT(folders); i++) {
        const size_t length = strlen(folders[i]);
        if (strncmp(word, folders[i], length) == 0 && word[length])
            return arena_format(arena, "%s%s", folders[i], below(arena, folder, word + length));
    }
    return word;
}

static bool same_file(Arena *arena, const char *folder, const char *word, const char *path)
{
    char *a = realpath(below(arena, folder, word), NULL), *b = realpath(path, NULL);
    const bool same = a && b && strcmp(a, b) == 0;
    free(a);
    free(b);
    return same;
}

static void take_command(Arena *arena, CXCompileCommand command, const char *path, FlagList *flags)
{
    const char *folder = take_string(arena, clang_CompileCommand_getDirectory(command));
    const unsigned count = clang_CompileCommand_getNumArgs(command);
    for (unsigned i = 1; i < count; i++) { /* the first is the compiler */
        const char *word = take_string(arena, clang_CompileCommand_getArg(command, i));
        if (is_among(word, dropped_pairs, COUNT(dropped_pairs))) {
            i++;
        } else if (is_among(word, folders, COUNT(folders)) && i + 1 < count) {
            const char *next = take_string(arena, clang_CompileCommand_getArg(command, ++i));
            vec_push(arena, &flags->items, word);
            vec_push(arena, &flags->items, below(arena, folder, next));
        } else if (!is_among(word, dropped, COUNT(dropped)) &&
                   !(word[0] != '-' && same_file(arena, folder, word, path))) {
            vec_push(arena, &flags->items, absolute_word(arena, folder, word));
        }
    }
}

bool database_flags(Arena *arena, const char *folder, const char *path, FlagList *flags)
{
    CXCompilationDatabase_Error error;
    CXCompilationDatabase database = clang_CompilationDatabase_fromDirectory(folder, &error);
    if (error != CXCompilationDatabase_NoError)
        return false;
    char *absolute = realpath(path, NULL);
    CXCompileCommands commands =
        clang_CompilationDatabase_getCompileCommands(database, absolute ? absolute : path);
    if (commands && clang_CompileCommands_getSize(commands) > 0)
        take_command(arena, clang_CompileCommands_getCommand(commands, 0), path, flags);
    if (commands)
        clang_CompileCommands_dispose(commands);
    clang_CompilationDatabase_dispose(database);
    free(absolute);
    return true;
}
