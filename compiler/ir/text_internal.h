/* Shared by the parts of the IR's text form: flags, and the reader's tokens, errors, types. */
#ifndef ADGEN_IR_TEXT_INTERNAL_H
#define ADGEN_IR_TEXT_INTERNAL_H

#include "ir/ir.h"
#include "ir/text_lexer.h"

/* Types and regions nest no deeper, arrays have no more dimensions. */
enum { READER_DEPTH_LIMIT = 256, RANK_LIMIT = 64 };

/* How the flags of ops are written: " !relaxed". */
typedef struct FlagText {
    OpFlag flag;
    const char *text;
} FlagText;
enum { FLAG_TEXTS = 8 };
extern const FlagText flag_texts[FLAG_TEXTS];

typedef struct NamedValue NamedValue;

typedef struct Reader {
    Module *module;
    TextLexer lexer;
    Token token; /* the next one */
    unsigned depth;
    bool failed; /* the first error ends the reading: from then on every token is TOKEN_END */
    NamedValue *values;       /* what can be used here, by name */
    VEC(NamedValue *) scope;  /* the same, in order of definition */
} Reader;

/* Records the error at the next token, "expected X". */
void reader_expected(Reader *r, const char *what);
/* Records any other error. */
void reader_error(Reader *r, SourceLoc loc, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

void reader_advance(Reader *r);
/* The next token is the sign, arrow or word `text`. */
bool reader_sees(const Reader *r, const char *text);
bool reader_accept(Reader *r, const char *text);
void reader_expect(Reader *r, const char *text);
/* The text of the next token, which must be of that kind; interned. "" after an error. */
const char *reader_take(Reader *r, TokenKind kind, const char *what);

/* A number of that type (arithmetic, else an error). */
Constant reader_number(Reader *r, const Type *type);
/* {[n]}: returns the rank. */
unsigned reader_extents(Reader *r, const int64_t **extents);

/* Never NULL: void after an error. */
const Type *reader_type(Reader *r);

/* A value as written where it is defined: its name, and its type if that is written. */
typedef struct Definition {
    const char *text;
    const Type *type;
    SourceLoc loc;
} Definition;

Definition reader_definition(Reader *r);
/* Gives the value its name, and its type if that is written, and enters it into the scope. */
void reader_define(Reader *r, Value *value, const Definition *definition);
/* Forgets all but the first `outer` values of the scope. */
void reader_leave_scope(Reader *r, size_t outer);
/* The user's name in "name.12": NULL for "12". */
const char *reader_value_name(Reader *r, const char *text);

/* The function of that name, NULL after an error. */
Function *reader_function_name(Reader *r);
/* The ops of a region, and the brace that closes it. */
void reader_body(Reader *r, Region *region);

/* What follows the words `record` and `global`. */
void reader_record(Reader *r);
void reader_global(Reader *r);

#endif
