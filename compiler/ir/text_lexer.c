/* The tokens of the IR's text form. */
#include "ir/text_lexer.h"

#include <string.h>

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
    return is_letter(c) || is_digit(c) || c == '.';
}

static void skip(TextLexer *lexer, size_t length)
{
    lexer->at += length;
    lexer->loc.column += (unsigned)length;
}

/* Returns whether a line began. */
static bool skip_blanks(TextLexer *lexer)
{
    bool new_line = lexer->loc.column == 1;
    for (;;) {
        if (*lexer->at == '\n') {
            lexer->at++;
            lexer->loc.line++;
            lexer->loc.column = 1;
            new_line = true;
        } else if (*lexer->at == ' ' || *lexer->at == '\t' || *lexer->at == '\r') {
            skip(lexer, 1);
        } else if (strncmp(lexer->at, "//", 2) == 0) {
            skip(lexer, strcspn(lexer->at, "\n"));
        } else {
            return new_line;
        }
    }
}

static size_t word_length(const char *text)
{
    size_t length = 0;
    while (is_word(text[length]))
        length++;
    return length;
}

/* Decimal or hexadecimal, `inf` or `nan`, with a sign; a second sign only in an exponent. */
static size_t number_length(const char *text)
{
    size_t length = *text == '-' ? 1 : 0;
    if (!is_word(text[length]))
        return 0;
    while (is_word(text[length]) ||
           ((text[length] == '-' || text[length] == '+') && strchr("eEpP", text[length - 1])))
        length++;
    return length;
}

/* A literal as C writes it, on one line; 0 if it does not end. */
static size_t string_length(const char *text)
{
    size_t length = 1;
    while (text[length] != '"') {
        if (text[length] == '\\' && text[length + 1])
            length++;
        if (!text[length] || text[length] == '\n')
            return 0;
        length++;
    }
    return length + 1;
}

static Token take(TextLexer *lexer, Token token, TokenKind kind, size_t prefix, size_t length)
{
    token.kind = length ? kind : TOKEN_WRONG;
    token.text = lexer->at + prefix;
    token.length = length;
    skip(lexer, prefix + (length ? length : 1 - prefix));
    return token;
}

Token text_next_token(TextLexer *lexer)
{
    Token token = {0};
    token.starts_line = skip_blanks(lexer);
    token.loc = lexer->loc;
    const char *at = lexer->at;
    if (!*at)
        return token;
    if (*at == '%')
        return take(lexer, token, TOKEN_VALUE, 1, word_length(at + 1));
    if (*at == '@')
        return take(lexer, token, TOKEN_NAME, 1, word_length(at + 1));
    if (*at == '"')
        return take(lexer, token, TOKEN_STRING, 0, string_length(at));
    if (strncmp(at, "->", 2) == 0)
        return take(lexer, token, TOKEN_ARROW, 0, 2);
    if (is_letter(*at))
        return take(lexer, token, TOKEN_WORD, 0, word_length(at));
    if (is_digit(*at) || *at == '-')
        return take(lexer, token, TOKEN_NUMBER, 0, number_length(at));
    return take(lexer, token, TOKEN_SIGN, 0, strchr("{}()<>[],:=#!", *at) ? 1 : 0);
}
