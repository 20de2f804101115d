/* Diagnostics: every message adgen can give is a row of messages.def; printing looks like a C
 * compiler's: `file:line:col: error: text [-Wname]`, the line, a caret, notes.
 *
 * A user's mistake is a diagnostic. A defect of adgen itself is `internal_error`, which names the
 * pass and ends the process with status 3. The two never mix. */
#ifndef ADGEN_BASE_DIAG_H
#define ADGEN_BASE_DIAG_H

#include <stdbool.h>
#include <stdio.h>

#include "base/source.h"

typedef enum Severity { SEVERITY_NOTE, SEVERITY_WARNING, SEVERITY_ERROR } Severity;

typedef enum MessageId {
#define MESSAGE(id, severity, name, on, format) MSG_##id,
#include "base/messages.def"
#undef MESSAGE
    MSG_COUNT
} MessageId;

typedef struct Diagnostic {
    Severity severity;
    const char *warning; /* the -W name, or NULL */
    SourceLoc loc;
    const char *text;
} Diagnostic;

typedef enum WarningState {
    WARNING_DEFAULT,
    WARNING_OFF,
    WARNING_ON,
    WARNING_ERROR,
    WARNING_NO_ERROR /* on, and -Werror leaves it a warning */
} WarningState;

typedef struct Diagnostics {
    Arena *arena;
    const Sources *sources;
    VEC(Diagnostic) list; /* a note belongs to the error or warning before it */
    unsigned errors, warnings;
    bool all_warnings_are_errors; /* -Werror */
    bool no_warnings;             /* -w */
    bool muted; /* the last message was dropped: its notes are too */
    WarningState state[MSG_COUNT];
} Diagnostics;

void diagnostics_init(Diagnostics *diags, Arena *arena, const Sources *sources);

/* Records a message; the arguments are those of the row's format. A message of the same text at the
 * same place is recorded once. Returns false if the message was switched off (its notes then are
 * dropped too). */
bool diag(Diagnostics *diags, MessageId id, SourceLoc loc, ...);

/* Records a message whose text another tool wrote (libclang's own diagnostics). */
void diag_text(Diagnostics *diags, Severity severity, const char *warning, SourceLoc loc,
               const char *text);

/* -W options: "kink", "no-kink", "error=kink", "no-error=kink", "error", "no-error". What compilers call
 * "all" and "extra" is the default here; "everything" is every warning there is. Returns false for a name
 * that does not exist. */
bool diag_set_warning(Diagnostics *diags, const char *option);

/* Prints what was recorded since the last time, ordered by file, line, column (notes stay with their message). */
void diag_print(Diagnostics *diags, FILE *out);

/* A defect in adgen: prints "adgen: internal error in PASS: text" and exits with status 3. */
_Noreturn void internal_error(const char *pass, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#define unreachable(pass) internal_error((pass), "unreachable code at %s:%d", __FILE__, __LINE__)

#endif
