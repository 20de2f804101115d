/* A run of libclang: parsing the files, passing on its diagnostics, places and texts, how files are
 * included. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "frontend/lower.h"

struct FileEntry {
    const char *name;
    unsigned index;     /* in module->sources */
    const char *header; /* how a main file includes it, or NULL */
    bool is_main;
    UT_hash_handle hh;
};

/* ---- texts and places ---- */

static const char *take_string(Frontend *frontend, CXString string)
{
    const char *text = clang_getCString(string);
    const char *kept = intern(frontend->module->strings, text ? text : "");
    clang_disposeString(string);
    return kept;
}

static FileEntry *file_entry(Frontend *frontend, CXTranslationUnit unit, CXFile file)
{
    const char *name = take_string(frontend, clang_getFileName(file));
    FileEntry *entry = NULL;
    HASH_FIND_STR(frontend->files, name, entry);
    if (entry)
        return entry;
    Arena *arena = frontend->module->arena;
    size_t length = 0;
    const char *text = unit ? clang_getFileContents(unit, file, &length) : NULL;
    entry = arena_new(arena, FileEntry);
    entry->name = name;
    text = text ? arena_strndup(arena, text, length) : NULL;
    entry->index = source_add(arena, frontend->module->sources, name, text, length);
    HASH_ADD_KEYPTR(hh, frontend->files, entry->name, strlen(entry->name), entry);
    return entry;
}

static SourceLoc loc_in_unit(Frontend *frontend, CXTranslationUnit unit, CXSourceLocation location)
{
    CXFile file;
    unsigned line, column;
    clang_getExpansionLocation(location, &file, &line, &column, NULL);
    if (!file)
        return (SourceLoc){0};
    return (SourceLoc){file_entry(frontend, unit, file)->index, line, column};
}

SourceLoc frontend_source_loc(Frontend *frontend, CXSourceLocation location)
{
    return loc_in_unit(frontend, NULL, location);
}

SourceLoc frontend_loc(Frontend *frontend, CXCursor cursor)
{
    return loc_in_unit(frontend, clang_Cursor_getTranslationUnit(cursor),
                       clang_getCursorLocation(cursor));
}

const char *frontend_spelling(Frontend *frontend, CXCursor cursor)
{
    return take_string(frontend, clang_getCursorSpelling(cursor));
}

static FileEntry *entry_of(Frontend *frontend, CXCursor cursor)
{
    CXFile file;
    clang_getExpansionLocation(clang_getCursorLocation(cursor), &file, NULL, NULL, NULL);
    if (!file)
        return NULL;
    return file_entry(frontend, clang_Cursor_getTranslationUnit(cursor), file);
}

/* libclang's USRs know the last part of a file's name only. */
const char *frontend_identity(Frontend *frontend, CXCursor cursor)
{
    const char *usr = take_string(frontend, clang_getCursorUSR(cursor));
    const FileEntry *entry = clang_getCursorLinkage(cursor) == CXLinkage_External
                                 ? NULL
                                 : entry_of(frontend, clang_getCanonicalCursor(cursor));
    return entry ? intern_format(frontend->module->strings, "%s in %s", usr, entry->name) : usr;
}

bool frontend_in_main_file(const Frontend *frontend, CXCursor cursor)
{
    const FileEntry *entry = entry_of((Frontend *)frontend, cursor);
    return entry && entry->is_main;
}

const char *frontend_header_of(Frontend *frontend, CXCursor cursor)
{
    const FileEntry *entry = entry_of(frontend, cursor);
    return entry ? entry->header : NULL;
}

const char *frontend_text(Frontend *frontend, CXCursor cursor)
{
    CXTranslationUnit unit = clang_Cursor_getTranslationUnit(cursor);
    CXToken *tokens;
    unsigned count;
    clang_tokenize(unit, clang_getCursorExtent(cursor), &tokens, &count);
    Text text = {0};
    Arena *arena = frontend->module->arena;
    text_puts(arena, &text, "");
    bool after_word = false;
    for (unsigned i = 0; i < count; i++) {
        const char *token = take_string(frontend, clang_getTokenSpelling(unit, tokens[i]));
        const bool is_word = clang_getTokenKind(tokens[i]) != CXToken_Punctuation;
        const bool binary = !is_word && i > 0 && strchr("+-*/%<>=&|?:", token[0]);
        if (is_word && after_word)
            text_puts(arena, &text, " ");
        text_printf(arena, &text, binary ? " %s " : "%s", token);
        after_word = is_word;
    }
    clang_disposeTokens(unit, tokens, count);
    return text.items;
}

typedef struct ChildVisit {
    Arena *arena;
    Cursors *children;
} ChildVisit;

static enum CXChildVisitResult add_child(CXCursor cursor, CXCursor parent, CXClientData data)
{
    (void)parent;
    ChildVisit *visit = data;
    vec_push(visit->arena, &visit->children->list, cursor);
    return CXChildVisit_Continue;
}

Cursors frontend_children(Arena *arena, CXCursor cursor)
{
    Cursors children = {0};
    ChildVisit visit = {arena, &children};
    clang_visitChildren(cursor, add_child, &visit);
    return children;
}

/* ---- libclang's own diagnostics ---- */

static void pass_on(Frontend *frontend, CXTranslationUnit unit, CXDiagnostic diagnostic)
{
    const enum CXDiagnosticSeverity severity = clang_getDiagnosticSeverity(diagnostic);
    if (severity < CXDiagnostic_Error)
        return; /* the user's compiler says those */
    Diagnostics *diags = frontend->module->diags;
    SourceLoc loc = loc_in_unit(frontend, unit, clang_getDiagnosticLocation(diagnostic));
    diag_text(diags, SEVERITY_ERROR, NULL, loc,
              take_string(frontend, clang_getDiagnosticSpelling(diagnostic)));
    CXDiagnosticSet notes = clang_getChildDiagnostics(diagnostic);
    for (unsigned i = 0; i < clang_getNumDiagnosticsInSet(notes); i++) {
        CXDiagnostic note = clang_getDiagnosticInSet(notes, i);
        loc = loc_in_unit(frontend, unit, clang_getDiagnosticLocation(note));
        diag_text(diags, SEVERITY_NOTE, NULL, loc,
                  take_string(frontend, clang_getDiagnosticSpelling(note)));
        clang_disposeDiagnostic(note);
    }
}

static void pass_on_all(Frontend *frontend, CXTranslationUnit unit)
{
    /* as one set: clang_getDiagnostic makes all of them anew for each */
    CXDiagnosticSet all = clang_getDiagnosticSetFromTU(unit);
    for (unsigned i = 0; i < clang_getNumDiagnosticsInSet(all); i++) {
        CXDiagnostic diagnostic = clang_getDiagnosticInSet(all, i);
        pass_on(frontend, unit, diagnostic);
        clang_disposeDiagnostic(diagnostic);
    }
}

/* ---- included files ---- */

typedef struct IncludeVisit {
    Frontend *frontend;
    CXTranslationUnit unit;
} IncludeVisit;

static void note_inclusion(CXFile file, CXSourceLocation *stack, unsigned depth, CXClientData data)
{
    (void)stack;
    IncludeVisit *visit = data;
    const FileEntry *entry = file_entry(visit->frontend, visit->unit, file);
    (void)depth;
    vec_push(visit->frontend->module->arena, &visit->frontend->dependencies->files, entry->name);
}

/* An #include of a main file: remembers how the file is spelled there. */
static void note_directive(Frontend *frontend, CXTranslationUnit unit, CXCursor cursor)
{
    CXFile file = clang_getIncludedFile(cursor);
    if (!file)
        return;
    FileEntry *entry = file_entry(frontend, unit, file);
    const char *text = frontend_text(frontend, cursor);
    const char *start = strpbrk(text, "<\"");
    if (!start)
        return;
    Arena *arena = frontend->module->arena;
    const char *name = take_string(frontend, clang_getCursorSpelling(cursor));
    entry->header = intern_format(frontend->module->strings, *start == '<' ? "<%s>" : "\"%s\"",
                                  name);
    vec_push(arena, &frontend->module->includes, entry->header);
}

static bool is_main_cursor(CXCursor cursor)
{
    return clang_Location_isFromMainFile(clang_getCursorLocation(cursor)) != 0;
}

/* Files that are included by a header take the spelling of that header. */
typedef struct Ancestry {
    Frontend *frontend;
    CXTranslationUnit unit;
} Ancestry;

static void inherit_header(CXFile file, CXSourceLocation *stack, unsigned depth, CXClientData data)
{
    const Ancestry *ancestry = data;
    FileEntry *entry = file_entry(ancestry->frontend, ancestry->unit, file);
    if (entry->header || entry->is_main || depth < 2)
        return;
    CXFile outer;
    clang_getExpansionLocation(stack[depth - 2], &outer, NULL, NULL, NULL);
    if (outer)
        entry->header = file_entry(ancestry->frontend, ancestry->unit, outer)->header;
}

/* ---- the functions of a unit ---- */

static enum CXChildVisitResult visit_top_level(CXCursor cursor, CXCursor parent, CXClientData data)
{
    (void)parent;
    Frontend *frontend = data;
    if (clang_getCursorKind(cursor) == CXCursor_FunctionDecl)
        frontend_entry(frontend, cursor);
    else if (clang_getCursorKind(cursor) == CXCursor_InclusionDirective && is_main_cursor(cursor))
        note_directive(frontend, clang_Cursor_getTranslationUnit(cursor), cursor);
    return CXChildVisit_Continue;
}

/* ---- the run ---- */

static const char *const own_flags[] = {"-D__ADGEN__=1", "-xc", "-fno-caret-diagnostics",
                                        "-Wno-everything", "-Werror=incompatible-pointer-types",
                                        "-Wno-incompatible-pointer-types-discards-qualifiers",
                                        "-ferror-limit=0"};
enum { NUM_OWN_FLAGS = sizeof own_flags / sizeof *own_flags };

static bool readable(Frontend *frontend, const char *path)
{
    FILE *file = fopen(path, "r");
    if (file) {
        fclose(file);
        return true;
    }
    diag(frontend->module->diags, MSG_NO_SUCH_FILE, (SourceLoc){0}, path);
    return false;
}

static void parse(Frontend *frontend, const FrontendInput *input)
{
    Arena *arena = frontend->module->arena;
    if (!readable(frontend, input->path))
        return;
    const char **flags = arena_new_array(arena, const char *, input->num_flags + NUM_OWN_FLAGS);
    memcpy(flags, own_flags, sizeof own_flags);
    for (unsigned i = 0; i < input->num_flags; i++)
        flags[NUM_OWN_FLAGS + i] = input->flags[i];
    CXTranslationUnit unit = NULL;
    const enum CXErrorCode code = clang_parseTranslationUnit2(
        frontend->index, input->path, flags, (int)(input->num_flags + NUM_OWN_FLAGS), NULL, 0,
        CXTranslationUnit_DetailedPreprocessingRecord, &unit);
    if (code != CXError_Success || !unit) {
        diag(frontend->module->diags, MSG_PARSE_FAILED, (SourceLoc){0}, input->path);
        return;
    }
    vec_push(arena, &frontend->units, unit);
    vec_push(arena, &frontend->main_paths, input->path);
    file_entry(frontend, unit, clang_getFile(unit, input->path))->is_main = true;
    pass_on_all(frontend, unit);
    IncludeVisit includes = {frontend, unit};
    clang_getInclusions(unit, note_inclusion, &includes);
    clang_visitChildren(clang_getTranslationUnitCursor(unit), visit_top_level, frontend);
    Ancestry ancestry = {frontend, unit};
    clang_getInclusions(unit, inherit_header, &ancestry);
}

static void release(Frontend *frontend)
{
    for (size_t i = 0; i < frontend->units.count; i++)
        clang_disposeTranslationUnit(frontend->units.items[i]);
    clang_disposeIndex(frontend->index);
    HASH_CLEAR(hh, frontend->functions);
    globals_release(frontend);
    records_release(frontend);
    HASH_CLEAR(hh, frontend->files);
}

void frontend_read(Module *module, const FrontendInput *inputs, unsigned num_inputs,
                   const char *const *requests_text, unsigned num_requests, Requests *requests,
                   Dependencies *dependencies)
{
    Frontend frontend = {.module = module,
                         .index = clang_createIndex(0, 0),
                         .requests = requests,
                         .dependencies = dependencies};
    for (unsigned i = 0; i < num_inputs; i++)
        parse(&frontend, &inputs[i]);
    if (module->diags->errors == 0) {
        requests_collect(&frontend, requests_text, num_requests);
        requests_lower(&frontend);
    }
    release(&frontend);
}
