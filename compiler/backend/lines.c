/* Lines of the generated file: blocks, braces where they are needed, and the comments that quote the source. */
#include <string.h>

#include "backend/statements.h"

void print_line(Printer *p, const char *text, ...)
{
    va_list args;
    va_start(args, text);
    text_printf(p->arena, p->out, "%*s%s\n", (int)(4 * p->indent), "", arena_vformat(p->arena, text, args));
    va_end(args);
}

/* ---- blocks ---- */

void open_block(Printer *p, size_t *scope)
{
    *scope = names_open_scope(&p->names);
    p->indent++;
}

void close_block(Printer *p, size_t scope)
{
    p->indent--;
    names_close_scope(&p->names, scope);
}

/* ---- braces ---- */

/* Is what was printed from `start` on one plain statement? */
static bool is_one_statement(const Printer *p, size_t start)
{
    static const char *const declares[] = {"const ", "struct ", "double ", "float ", "long ", "int ",
                                           "unsigned ", "_Bool ", "AdTape ", "/*"};
    const char *text = p->out->items + start;
    const char *newline = strchr(text, '\n');
    if (!newline || newline[1] || newline[-1] != ';')
        return false;
    text += strspn(text, " ");
    for (size_t i = 0; i < sizeof declares / sizeof *declares; i++)
        if (strncmp(text, declares[i], strlen(declares[i])) == 0)
            return false;
    return true;
}

void close_brace(Printer *p, size_t start)
{
    if (!is_one_statement(p, start)) {
        print_line(p, "}");
        return;
    }
    const size_t length = p->out->count - start; /* the " {" is taken back */
    memmove(p->out->items + start - 3, p->out->items + start - 1, length + 2);
    p->out->count -= 2;
}

/* ---- comments ---- */

/* A line that starts a loop or a branch says nothing about the statement below. */
static bool is_header(const char *text, size_t length)
{
    static const char *const words[] = {"for", "AD_DIRECTIONS", "AD_DIRECTIONS_IN_SHORT_LOOP", "while", "if", "else", "do", "}", "{", "switch"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        const size_t n = strlen(words[i]);
        if (length >= n && strncmp(text, words[i], n) == 0 &&
            (length == n || !strchr("abcdefghijklmnopqrstuvwxyz_", text[n])))
            return true;
    }
    return false;
}

void print_source_comment(Printer *p, const Op *op)
{
    enum { LIMIT = 80 };
    if (!(op->flags & OP_FLAG_ADJOINT) || !op->loc.line || op->loc.line == p->comment_line)
        return;
    size_t length = 0;
    const char *text = source_line(p->module->sources, op->loc, &length);
    if (!text)
        return;
    while (length && (*text == ' ' || *text == '\t'))
        text++, length--;
    if (is_header(text, length))
        return;
    while (length && strchr(" \t;{", text[length - 1]))
        length--;
    p->comment_line = op->loc.line;
    char *quoted = arena_strndup(p->arena, text, length > LIMIT ? LIMIT : length);
    char *comment = strstr(quoted, "/*");
    if (!comment)
        comment = strstr(quoted, "//");
    if (comment)
        *comment = '\0';
    for (char *end; (end = strstr(quoted, "*/"));)
        memset(end, ' ', 2);
    for (size_t n = strlen(quoted); n && strchr(" \t;", quoted[n - 1]); n--)
        quoted[n - 1] = '\0';
    print_line(p, "/* %u: %s%s */", op->loc.line, quoted, length > LIMIT ? " ..." : "");
}

void take_back_comment(Printer *p, size_t start, unsigned line)
{
    p->out->count = start;
    if (p->out->items)
        p->out->items[start] = '\0';
    p->comment_line = line;
}
