/* Reading the small languages of the tables: tokens, numbers, words. */
#include "rules/scanner.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"

static void skip_blanks(Scanner *s)
{
    s->at += strspn(s->at, " ");
}

_Noreturn void scanner_wrong(const Scanner *s, const char *expected)
{
    internal_error("rules", "expected %s at '%s' in \"%s\"", expected, s->at, s->text);
}

bool scanner_accept(Scanner *s, const char *token)
{
    skip_blanks(s);
    const size_t length = strlen(token);
    if (strncmp(s->at, token, length) != 0)
        return false;
    s->at += length;
    return true;
}

void scanner_expect(Scanner *s, const char *token)
{
    if (!scanner_accept(s, token))
        scanner_wrong(s, token);
}

bool scanner_at_end(Scanner *s)
{
    skip_blanks(s);
    return !*s->at;
}

bool scanner_at_number(Scanner *s)
{
    skip_blanks(s);
    return isdigit((unsigned char)*s->at);
}

long double scanner_number(Scanner *s)
{
    char *end;
    const long double number = strtold(s->at, &end);
    s->at = end;
    return number;
}

const char *scanner_word(Scanner *s)
{
    skip_blanks(s);
    const char *start = s->at;
    while (isalnum((unsigned char)*s->at) || *s->at == '_')
        s->at++;
    if (s->at == start)
        scanner_wrong(s, "a word");
    return arena_strndup(s->arena, start, (size_t)(s->at - start));
}
