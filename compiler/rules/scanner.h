/* Reading the small languages of the tables. An error in a text is one of the table: an internal one. */
#ifndef ADGEN_RULES_SCANNER_H
#define ADGEN_RULES_SCANNER_H

#include <stdbool.h>

#include "base/arena.h"

typedef struct Scanner {
    Arena *arena;
    const char *text, *at;
} Scanner;

_Noreturn void scanner_wrong(const Scanner *s, const char *expected);

/* Is the token next, behind blanks? Then it is taken. */
bool scanner_accept(Scanner *s, const char *token);
void scanner_expect(Scanner *s, const char *token);

/* Behind blanks. */
bool scanner_at_end(Scanner *s);
bool scanner_at_number(Scanner *s);
long double scanner_number(Scanner *s);
/* Letters, digits and underscores. */
const char *scanner_word(Scanner *s);

#endif
