/* Makes a failing program small: shrink FILE.c COMMAND
 *
 * Deletes lines, unwraps blocks and takes expressions apart as long as COMMAND, run with FILE.c in its place, exits
 * with 0. FILE.c is left as the smallest text found. What COMMAND has to see to: that the text is still a well-defined
 * program. Indices are left alone: they would leave their arrays. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_LINES = 4000, LINE = 8192 };

static char *lines[MAX_LINES];
static int count;
static const char *path, *command;
static int tests;

static char *copy_of(const char *text)
{
    char *copy = malloc(strlen(text) + 1);
    return copy ? strcpy(copy, text) : abort(), copy;
}

static void write_lines(char *const *text, int length)
{
    FILE *file = fopen(path, "w");
    if (!file)
        abort();
    for (int i = 0; i < length; i++)
        if (text[i])
            fputs(text[i], file);
    fclose(file);
}

/* Is the text that is there now still a failing program? */
static bool fails(void)
{
    write_lines(lines, count);
    tests++;
    return system(command) == 0;
}

static void forget_deleted(void)
{
    int to = 0;
    for (int i = 0; i < count; i++)
        if (lines[i])
            lines[to++] = lines[i];
    count = to;
}

static bool try_without(int first, int length)
{
    char *saved[MAX_LINES];
    int depth = 0;
    for (int i = first; i < first + length; i++) {
        for (const char *c = lines[i]; *c; c++) {
            depth += (*c == '{') - (*c == '}');
            if (depth < 0)
                return false;
        }
    }
    if (depth != 0)
        return false;
    memcpy(saved, lines, sizeof lines);
    for (int i = first; i < first + length; i++)
        lines[i] = NULL;
    if (fails()) {
        forget_deleted();
        return true;
    }
    memcpy(lines, saved, sizeof lines);
    return false;
}

static bool delete_lines(void)
{
    bool any = false;
    for (int length = count / 2; length >= 1; length = length > 12 ? length / 2 : length - 1)
        for (int first = 0; first + length <= count;)
            if (try_without(first, length))
                any = true;
            else
                first++;
    return any;
}

/* The block that the line opens, without its first and last line. */
static bool unwrap(int first)
{
    int depth = 1, last = first + 1;
    const size_t length = strlen(lines[first]);
    if (length < 3 || strcmp(lines[first] + length - 2, "{\n") != 0 || lines[first][0] != ' ')
        return false;
    for (; last < count; last++) {
        for (const char *c = lines[last]; *c && depth > 0; c++)
            depth += (*c == '{') - (*c == '}');
        if (depth == 0)
            break;
    }
    if (last == count)
        return false;
    char *head = lines[first], *tail = lines[last];
    lines[first] = lines[last] = "";
    if (fails())
        return true;
    lines[first] = head, lines[last] = tail;
    return false;
}

static bool unwrap_blocks(void)
{
    bool any = false;
    for (int i = 0; i < count; i++)
        any |= unwrap(i);
    return any;
}

static bool try_line(int i, const char *text)
{
    char *saved = lines[i];
    if (strcmp(saved, text) == 0)
        return false;
    lines[i] = copy_of(text);
    if (fails())
        return true;
    lines[i] = saved;
    return false;
}

/* The line with [from, to) replaced. */
static bool try_replace(int i, int from, int to, const char *by, int length)
{
    char text[2 * LINE];
    snprintf(text, sizeof text, "%.*s%.*s%s", from, lines[i], length, by, lines[i] + to);
    return try_line(i, text);
}

static int closing(const char *line, int open)
{
    int depth = 0;
    for (int i = open; line[i]; i++) {
        depth += (line[i] == '(') - (line[i] == ')');
        if (depth == 0)
            return i;
    }
    return -1;
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
}

/* f(a, b) becomes a, b or 0.5. */
static bool take_call_apart(int i, int open)
{
    const int close = closing(lines[i], open);
    int from = open, depth = 0;
    if (close < 0)
        return false;
    while (from > 0 && is_word(lines[i][from - 1]))
        from--;
    if (try_replace(i, from, close + 1, "0.5", 3))
        return true;
    for (int a = open + 1, c = open + 1; c <= close; c++) {
        if (c == close || (lines[i][c] == ',' && depth == 0)) {
            if (try_replace(i, from, close + 1, lines[i] + a, c - a))
                return true;
            a = c + 2;
        }
        depth += (lines[i][c] == '(') - (lines[i][c] == ')');
    }
    return false;
}

static bool ends_operand(const char *at)
{
    return *at == ')' || *at == ',' || *at == ';' || (at[0] == ' ' && strchr("+-*/<>?:&|=", at[1]) && at[1]);
}

/* `a op b`, op at the position of its left blank: without op and b, or without a and op. */
static bool drop_operand(int i, int at)
{
    const char *line = lines[i];
    int depth = 0, to = at + 1, from = at;
    while (line[to] && line[to] != ' ')
        to++;
    const int right = to + 1;
    for (to = right; line[to] && !(depth == 0 && ends_operand(line + to)); to++)
        depth += (line[to] == '(') - (line[to] == ')');
    if (try_replace(i, at, to, "", 0))
        return true;
    for (depth = 0; from > 0; from--) {
        const char c = line[from - 1];
        depth += (c == ')') - (c == '(');
        if (depth < 0 || (depth == 0 && (c == ' ' || c == ',')))
            break;
    }
    return try_replace(i, from, right, "", 0);
}

static bool simplify_expressions(void)
{
    bool any = false;
    for (int i = 0; i < count; i++) {
        int brackets = 0;
        if (lines[i][0] != ' ')
            continue;
        for (int at = 4; lines[i][at] && lines[i][at] != '\n'; at++) {
            const char c = lines[i][at], next = lines[i][at + 1];
            brackets += (c == '[') - (c == ']');
            if (brackets > 0)
                continue;
            if ((c == '(' && lines[i][at - 1] != ' ' && take_call_apart(i, at)) ||
                (c == '(' && lines[i][at - 1] == ' ' && take_call_apart(i, at)) ||
                (c == ' ' && next && strchr("+-*/?&|", next) && lines[i][at + 2] == ' ' && drop_operand(i, at)))
                any = true, at--, brackets = 0;
        }
    }
    return any;
}

int main(int argc, char **argv)
{
    char line[LINE];
    FILE *file = argc == 3 ? fopen(argv[1], "r") : NULL;
    if (!file) {
        fprintf(stderr, "usage: shrink FILE.c COMMAND\n");
        return 2;
    }
    path = argv[1], command = argv[2];
    while (count < MAX_LINES && fgets(line, sizeof line, file))
        lines[count++] = copy_of(line);
    fclose(file);
    if (!fails()) {
        fprintf(stderr, "shrink: the program does not fail\n");
        return 1;
    }
    while (delete_lines() | unwrap_blocks() | simplify_expressions())
        ;
    write_lines(lines, count);
    fprintf(stderr, "shrink: %d tests\n", tests);
    return 0;
}
