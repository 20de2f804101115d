/* The tokens of the IR's text form. */
#ifndef ADGEN_IR_TEXT_LEXER_H
#define ADGEN_IR_TEXT_LEXER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/source.h"

typedef enum TokenKind {
    TOKEN_END,
    TOKEN_WORD,   /* for.lt */
    TOKEN_VALUE,  /* %x.12 */
    TOKEN_NAME,   /* @sumsq */
    TOKEN_NUMBER, /* -1.5e+3, -inf */
    TOKEN_STRING, /* "a C literal" */
    TOKEN_ARROW,  /* -> */
    TOKEN_SIGN,   /* one of { } ( ) < > [ ] , : = # ! */
    TOKEN_WRONG,  /* anything else */
} TokenKind;

typedef struct Token {
    TokenKind kind;
    const char *text; /* in the source; of values and names without the % or @ */
    size_t length;
    SourceLoc loc;
    bool starts_line; /* the first token of its line */
} Token;

typedef struct TextLexer {
    const char *at;
    SourceLoc loc; /* of `at` */
} TextLexer;

/* Blanks and comments (`//` to the end of the line) are skipped. At the end of the text the answer is
 * TOKEN_END, as often as asked. */
Token text_next_token(TextLexer *lexer);

#endif
