/* A run of libclang: parsing the files, passing on its diagnostics, collecting the functions that are
 * defined, the annotations, and lowering what was asked for. */
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
    for (unsigned i = 0; i < clang_getNumDiagnostics(unit); i++) {
        CXDiagnostic diagnostic = clang_getDiagnostic(unit, i);
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

/* ---- annotations ---- */

typedef struct AnnotationVisit {
    Frontend *frontend;
    FunctionEntry *function;
} AnnotationVisit;

/* Annotations are inherited by later declarations, and a header may be read for several files. */
static bool seen_before(Frontend *frontend, FunctionEntry *entry, const char *text, SourceLoc loc)
{
    for (size_t i = 0; i < entry->annotations.count; i++) {
        const Annotation *old = &entry->annotations.items[i];
        if (old->text == text && old->loc.file == loc.file && old->loc.line == loc.line &&
            old->loc.column == loc.column)
            return true;
    }
    vec_push(frontend->module->arena, &entry->annotations, ((Annotation){text, loc}));
    return false;
}

static void add_request(Frontend *frontend, FunctionEntry *entry, Request request)
{
    request.function = entry->function;
    vec_push(frontend->module->arena, &frontend->requests->list, request);
}

const char *annotation_text(Frontend *frontend, CXCursor attribute)
{
    static const char prefix[] = "adgen:";
    if (clang_getCursorKind(attribute) != CXCursor_AnnotateAttr)
        return NULL;
    const char *text = frontend_spelling(frontend, attribute);
    return strncmp(text, prefix, sizeof prefix - 1) == 0 ? text + sizeof prefix - 1 : NULL;
}

/* What ADGEN(...) or -f says about a function. */
static void read_words(Frontend *frontend, FunctionEntry *entry, SourceLoc loc, const char *text)
{
    Diagnostics *diags = frontend->module->diags;
    const char *name = frontend_function(frontend, entry)->name;
    Request request;
    Custom custom;
    if (annotation_is_inactive(text)) {
        frontend_set_inactive(frontend, entry);
    } else if (annotation_parse_custom(frontend->module, text, loc, &custom)) {
        if (!custom.failed)
            diag(diags, MSG_CUSTOM_UNAVAILABLE, loc, name);
    } else if (annotation_parse(frontend->module, text, loc, &request)) {
        add_request(frontend, entry, request);
    }
}

static void read_annotation(Frontend *frontend, FunctionEntry *entry, CXCursor cursor,
                            const char *text)
{
    const SourceLoc loc = frontend_loc(frontend, cursor);
    if (seen_before(frontend, entry, text, loc))
        return;
    const unsigned errors = frontend->module->diags->errors;
    const size_t requests = frontend->requests->list.count;
    read_words(frontend, entry, loc, text);
    const bool requested = frontend->requests->list.count > requests;
    if (!requested || frontend->module->diags->errors > errors ||
        !clang_Cursor_isNull(entry->definition))
        return;
    frontend->requests->list.count--; /* defined in another file: that is where adgen is run on it */
    if (is_main_cursor(cursor))
        diag(frontend->module->diags, MSG_NO_DEFINITION, loc, entry->function->name);
}

static enum CXChildVisitResult visit_attribute(CXCursor cursor, CXCursor parent, CXClientData data)
{
    const AnnotationVisit *visit = data;
    const char *text = annotation_text(visit->frontend, cursor);
    if (text && clang_getCursorKind(parent) == CXCursor_FunctionDecl)
        read_annotation(visit->frontend, visit->function, cursor, text);
    return CXChildVisit_Continue;
}

static void read_annotations(Frontend *frontend, FunctionEntry *entry, CXCursor declaration)
{
    AnnotationVisit visit = {frontend, entry};
    clang_visitChildren(declaration, visit_attribute, &visit);
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

static enum CXChildVisitResult visit_annotated(CXCursor cursor, CXCursor parent, CXClientData data)
{
    (void)parent;
    Frontend *frontend = data;
    if (clang_getCursorKind(cursor) == CXCursor_FunctionDecl &&
        !clang_Location_isInSystemHeader(clang_getCursorLocation(cursor)))
        read_annotations(frontend, frontend_entry(frontend, cursor), cursor);
    return CXChildVisit_Continue;
}

/* ---- the run ---- */

static const char *const own_flags[] = {"-D__ADGEN__=1", "-xc", "-fno-caret-diagnostics",
                                        "-Wno-everything", "-ferror-limit=0"};
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

/* "loss: grad, wrt(w, b)" */
static void read_option(Frontend *frontend, const char *text)
{
    Diagnostics *diags = frontend->module->diags;
    const char *colon = strchr(text, ':');
    if (!colon) {
        diag(diags, MSG_OPTION_SYNTAX, (SourceLoc){0}, text);
        return;
    }
    size_t length = (size_t)(colon - text);
    while (length && text[length - 1] == ' ')
        length--;
    const char *name = intern_n(frontend->module->strings, text, length);
    for (FunctionEntry *entry = frontend->functions; entry; entry = entry->hh.next) {
        if (clang_Cursor_isNull(entry->definition) ||
            frontend_spelling(frontend, entry->definition) != name)
            continue;
        read_words(frontend, entry, (SourceLoc){0}, colon + 1);
        return;
    }
    diag(diags, MSG_NO_FUNCTION, (SourceLoc){0}, name);
}

static const char *generated_name(Frontend *frontend, const Request *request)
{
    return request->name ? request->name
                         : intern_format(frontend->module->strings, "%s_%s", request->function->name,
                                         mode_text(request->mode));
}

/* No two functions of the linked program may have one name. */
static void check_names(Frontend *frontend)
{
    Diagnostics *diags = frontend->module->diags;
    const Request *requests = frontend->requests->list.items;
    for (size_t i = 0; i < frontend->requests->list.count; i++) {
        const char *name = generated_name(frontend, &requests[i]);
        for (size_t k = 0; k < i; k++)
            if (generated_name(frontend, &requests[k]) == name)
                diag(diags, MSG_NAME_TWICE, requests[i].loc, name);
        for (const FunctionEntry *entry = frontend->functions; entry; entry = entry->hh.next)
            if (!clang_Cursor_isNull(entry->definition) &&
                frontend_spelling(frontend, entry->definition) == name)
                diag(diags, MSG_NAME_TAKEN, requests[i].loc, name);
    }
}

static void lower_requested(Frontend *frontend)
{
    for (size_t i = 0; i < frontend->requests->list.count; i++) {
        const Function *wanted = frontend->requests->list.items[i].function;
        for (FunctionEntry *entry = frontend->functions; entry; entry = entry->hh.next)
            if (entry->function == wanted)
                vec_push(frontend->module->arena, &frontend->worklist, entry);
    }
    for (size_t i = 0; i < frontend->worklist.count; i++)
        if (!frontend->worklist.items[i]->function->body)
            lower_function(frontend, frontend->worklist.items[i]);
}

static void release(Frontend *frontend)
{
    for (size_t i = 0; i < frontend->units.count; i++)
        clang_disposeTranslationUnit(frontend->units.items[i]);
    clang_disposeIndex(frontend->index);
    HASH_CLEAR(hh, frontend->functions);
    globals_release(frontend);
    types_release_opaque(frontend);
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
        for (size_t i = 0; i < frontend.units.count; i++)
            clang_visitChildren(clang_getTranslationUnitCursor(frontend.units.items[i]),
                                visit_annotated, &frontend);
        for (unsigned i = 0; i < num_requests; i++)
            read_option(&frontend, requests_text[i]);
        check_names(&frontend);
        lower_requested(&frontend);
    }
    release(&frontend);
}
