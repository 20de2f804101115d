/* Diagnostics: recording, ordering and printing of messages. */
#include "base/diag.h"

#include <stdlib.h>
#include <string.h>

typedef struct MessageInfo {
    Severity severity;
    const char *warning;
    bool on;
    const char *format;
} MessageInfo;

static const MessageInfo message_table[MSG_COUNT] = {
#define ERROR SEVERITY_ERROR
#define WARNING SEVERITY_WARNING
#define NOTE SEVERITY_NOTE
#define MESSAGE(id, severity, name, on, format) {severity, name, on, format},
#include "base/messages.def"
#undef MESSAGE
#undef ERROR
#undef WARNING
#undef NOTE
};

void diagnostics_init(Diagnostics *diags, Arena *arena, const Sources *sources)
{
    *diags = (Diagnostics){.arena = arena, .sources = sources};
}

/* ---- recording ---- */

static bool already_said(const Diagnostics *diags, const Diagnostic *entry)
{
    for (size_t i = 0; i < diags->list.count; i++) {
        const Diagnostic *old = &diags->list.items[i];
        if (old->severity == entry->severity && old->loc.file == entry->loc.file &&
            old->loc.line == entry->loc.line && old->loc.column == entry->loc.column &&
            strcmp(old->text, entry->text) == 0)
            return true;
    }
    return false;
}

static bool record(Diagnostics *diags, Diagnostic entry)
{
    if (entry.severity == SEVERITY_NOTE) {
        if (!diags->muted)
            vec_push(diags->arena, &diags->list, entry);
        return !diags->muted;
    }
    diags->muted = already_said(diags, &entry);
    if (diags->muted)
        return false;
    vec_push(diags->arena, &diags->list, entry);
    *(entry.severity == SEVERITY_ERROR ? &diags->errors : &diags->warnings) += 1;
    return true;
}

/* The severity after -W options; false if the warning is off. */
static bool settle_warning(const Diagnostics *diags, MessageId id, Severity *severity)
{
    const WarningState state = diags->state[id];
    const bool on = state == WARNING_DEFAULT ? message_table[id].on : state != WARNING_OFF;
    if (!on || diags->no_warnings)
        return false;
    if (state == WARNING_ERROR || (diags->all_warnings_are_errors && state != WARNING_NO_ERROR))
        *severity = SEVERITY_ERROR;
    return true;
}

bool diag(Diagnostics *diags, MessageId id, SourceLoc loc, ...)
{
    Severity severity = message_table[id].severity;
    if (severity == SEVERITY_WARNING && !settle_warning(diags, id, &severity)) {
        diags->muted = true;
        return false;
    }
    va_list args;
    va_start(args, loc);
    const char *text = arena_vformat(diags->arena, message_table[id].format, args);
    va_end(args);
    return record(diags, (Diagnostic){severity, message_table[id].warning, loc, text});
}

void diag_text(Diagnostics *diags, Severity severity, const char *warning, SourceLoc loc,
               const char *text)
{
    if (severity == SEVERITY_WARNING && diags->no_warnings) {
        diags->muted = true;
        return;
    }
    record(diags, (Diagnostic){severity, warning, loc, arena_strdup(diags->arena, text)});
}

/* ---- options ---- */

/* A word that is about all warnings; false if the option is not one. */
static bool set_all_warnings(Diagnostics *diags, const char *word)
{
    if (strcmp(word, "error") == 0 || strcmp(word, "no-error") == 0) {
        diags->all_warnings_are_errors = word[0] == 'e';
        return true;
    }
    if (strcmp(word, "everything") == 0) {
        for (unsigned id = 0; id < MSG_COUNT; id++)
            if (message_table[id].warning && diags->state[id] == WARNING_DEFAULT)
                diags->state[id] = WARNING_ON;
        return true;
    }
    return strcmp(word, "all") == 0 || strcmp(word, "extra") == 0;
}

bool diag_set_warning(Diagnostics *diags, const char *option)
{
    static const struct {
        const char *prefix;
        WarningState state;
    } forms[] = {{"error=", WARNING_ERROR},
                 {"no-error=", WARNING_NO_ERROR},
                 {"no-", WARNING_OFF},
                 {"", WARNING_ON}};
    if (set_all_warnings(diags, option))
        return true;
    unsigned form = 0;
    while (strncmp(option, forms[form].prefix, strlen(forms[form].prefix)) != 0)
        form++;
    const char *name = option + strlen(forms[form].prefix);
    bool known = false;
    for (unsigned id = 0; id < MSG_COUNT; id++) {
        if (!message_table[id].warning || strcmp(message_table[id].warning, name) != 0)
            continue;
        diags->state[id] = forms[form].state;
        known = true;
    }
    return known;
}

/* ---- printing ---- */

static int compare_unsigned(unsigned a, unsigned b)
{
    return (a > b) - (a < b);
}

typedef struct Group {
    const Diagnostic *first;
    size_t count;
} Group;

static int compare_groups(const void *a, const void *b)
{
    const Diagnostic *x = ((const Group *)a)->first, *y = ((const Group *)b)->first;
    int order = compare_unsigned(x->loc.file, y->loc.file);
    if (!order)
        order = compare_unsigned(x->loc.line, y->loc.line);
    if (!order)
        order = compare_unsigned(x->loc.column, y->loc.column);
    if (!order)
        order = (x > y) - (x < y); /* the order in which they were recorded */
    return order;
}

static void print_caret(const Diagnostics *diags, SourceLoc loc, FILE *out)
{
    size_t length = 0;
    const char *line = source_line(diags->sources, loc, &length);
    if (!line || loc.column == 0 || loc.column > length + 1)
        return;
    fprintf(out, "%5u | %.*s\n      | ", loc.line, (int)length, line);
    for (size_t i = 0; i + 1 < loc.column; i++)
        if ((line[i] & 0xC0) != 0x80) /* one column for each character of UTF-8 */
            fputc(line[i] == '\t' ? '\t' : ' ', out);
    fputs("^\n", out);
}

static void print_one(const Diagnostics *diags, const Diagnostic *entry, FILE *out)
{
    static const char *const words[] = {"note", "warning", "error"};
    if (entry->loc.file && entry->loc.line)
        fprintf(out, "%s:%u:%u: ", source_path(diags->sources, entry->loc), entry->loc.line,
                entry->loc.column);
    else if (entry->loc.file)
        fprintf(out, "%s: ", source_path(diags->sources, entry->loc));
    else
        fputs("adgen: ", out);
    fprintf(out, "%s: %s", words[entry->severity], entry->text);
    if (entry->warning)
        fprintf(out, " [-W%s]", entry->warning);
    fputc('\n', out);
    print_caret(diags, entry->loc, out);
}

void diag_print(Diagnostics *diags, FILE *out)
{
    if (diags->list.count == 0)
        return;
    Group *groups = arena_new_array(diags->arena, Group, diags->list.count);
    size_t num_groups = 0;
    for (size_t i = 0; i < diags->list.count; i++) {
        const Diagnostic *entry = &diags->list.items[i];
        if (entry->severity != SEVERITY_NOTE || num_groups == 0)
            groups[num_groups++] = (Group){.first = entry};
        groups[num_groups - 1].count++;
    }
    if (num_groups)
        qsort(groups, num_groups, sizeof *groups, compare_groups);
    for (size_t g = 0; g < num_groups; g++)
        for (size_t i = 0; i < groups[g].count; i++)
            print_one(diags, groups[g].first + i, out);
    diags->list.count = 0;
}

void internal_error(const char *pass, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fprintf(stderr, "adgen: internal error in %s: ", pass);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    exit(3);
}
