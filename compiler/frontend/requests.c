/* Requests: the annotations of the files and the -f options, and the lowering of what they name. */
#include <string.h>

#include "frontend/lower.h"

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
    frontend_function(frontend, entry);
    Request request;
    Custom custom;
    if (annotation_is_inactive(text)) {
        frontend_set_inactive(frontend, entry);
    } else if (annotation_parse_custom(frontend->module, text, loc, &custom)) {
        if (!custom.failed)
            custom_declare(frontend, entry, &custom, loc);
    } else if (annotation_parse(frontend->module, text, loc, &request)) {
        if (request.sparse == SPARSE_VALUES) { /* and the function for the pattern, in front of it */
            Request pattern = request;
            pattern.sparse = SPARSE_PATTERN;
            add_request(frontend, entry, pattern);
        }
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
    frontend->requests->list.count = requests; /* defined in another file: that is where adgen is run on it */
    if (frontend_in_main_file(frontend, cursor))
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

static enum CXChildVisitResult visit_annotated(CXCursor cursor, CXCursor parent, CXClientData data)
{
    (void)parent;
    Frontend *frontend = data;
    if (clang_Location_isInSystemHeader(clang_getCursorLocation(cursor)))
        return CXChildVisit_Continue;
    if (clang_getCursorKind(cursor) == CXCursor_FunctionDecl)
        read_annotations(frontend, frontend_entry(frontend, cursor), cursor);
    else if (clang_isDeclaration(clang_getCursorKind(cursor)))
        frontend_is_inactive(frontend, cursor); /* says so if anything else stands there */
    return CXChildVisit_Continue;
}

/* ---- options ---- */

/* The -f options as a text, one in a line, so that diagnostics can quote them. */
static unsigned options_source(Frontend *frontend, const char *const *options, unsigned num_options)
{
    Arena *arena = frontend->module->arena;
    Text text = {0};
    text_puts(arena, &text, "");
    for (unsigned i = 0; i < num_options; i++) {
        for (const char *c = options[i]; *c; c++)
            text_put(arena, &text, *c == '\n' ? " " : c, 1);
        text_puts(arena, &text, "\n");
    }
    return source_add(arena, frontend->module->sources, "<-f>", text.items, text.count);
}

static FunctionEntry *defined_function(Frontend *frontend, const char *name)
{
    for (FunctionEntry *entry = frontend->functions; entry; entry = entry->hh.next)
        if (!clang_Cursor_isNull(entry->definition) &&
            frontend_spelling(frontend, entry->definition) == name)
            return entry;
    return NULL;
}

/* "loss: grad, wrt(w, b)" */
static void read_option(Frontend *frontend, const char *text, SourceLoc loc)
{
    Diagnostics *diags = frontend->module->diags;
    const char *start = text + strspn(text, " \t\n");
    const size_t length = strcspn(start, " \t\n:");
    const char *colon = start + length + strspn(start + length, " \t\n");
    if (!length || *colon != ':') {
        diag(diags, MSG_OPTION_SYNTAX, loc, text);
        return;
    }
    const char *name = intern_n(frontend->module->strings, start, length);
    FunctionEntry *entry = defined_function(frontend, name);
    if (entry)
        read_words(frontend, entry, loc, colon + 1);
    else
        diag(diags, MSG_NO_FUNCTION, loc, name);
}

static const char *generated_name(Frontend *frontend, const Request *request)
{
    Strings *strings = frontend->module->strings;
    const char *name = request->name ? request->name
                                     : intern_format(strings, "%s_%s", request->function->name,
                                                     mode_text(request->mode));
    return request->sparse == SPARSE_PATTERN ? request_pattern_name(strings, name) : name;
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
        if (defined_function(frontend, name))
            diag(diags, MSG_NAME_TAKEN, requests[i].loc, name);
    }
}

/* ---- names in clauses ---- */

static const Param *find_param(const Function *function, const char *name)
{
    for (unsigned i = 0; i < function->num_params; i++)
        if (function->params[i].name == name)
            return &function->params[i];
    return NULL;
}

static void check_extent(Diagnostics *diags, const Function *function, const Extent *extent)
{
    if (!extent)
        return;
    const Param *param = extent->kind == EXTENT_NAME ? find_param(function, extent->name) : NULL;
    const bool is_integer = param && param->decl->kind == DECL_BASE && param->decl->type &&
                            type_is_integer(param->decl->type);
    if (extent->kind == EXTENT_NAME && !is_integer)
        diag(diags, MSG_EXTENT_NAME, extent->loc, extent->name);
    check_extent(diags, function, extent->left);
    check_extent(diags, function, extent->right);
}

/* A global variable in a clause gets a companion of its shape, and that has to be known. */
static void check_named_global(Frontend *frontend, const Selection *item)
{
    Diagnostics *diags = frontend->module->diags;
    for (unsigned d = 0; d < item->global->rank; d++)
        if (item->global->extents[d] <= 0) {
            diag(diags, MSG_UNSUPPORTED, item->loc, "a global array without a size",
                 "declare it with its size");
            return;
        }
}

static void check_clause(Frontend *frontend, const Function *function, const Clause *clause)
{
    Diagnostics *diags = frontend->module->diags;
    for (unsigned i = 0; i < clause->count; i++) {
        Selection *item = &clause->items[i];
        const unsigned errors = diags->errors;
        if (strcmp(item->name, "return") != 0 && !find_param(function, item->name))
            item->global = frontend_named_global(frontend, function, item->name);
        else
            item->global = NULL;
        if (strcmp(item->name, "return") != 0 && !find_param(function, item->name) && !item->global &&
            diags->errors == errors)
            diag(diags, MSG_NO_PARAMETER, item->loc, item->name, function->name);
        if (item->global)
            check_named_global(frontend, item);
        check_extent(diags, function, item->extent);
    }
}

static void check_clauses(Frontend *frontend)
{
    for (size_t i = 0; i < frontend->requests->list.count; i++) {
        const Request *request = &frontend->requests->list.items[i];
        check_clause(frontend, request->function, &request->wrt);
        check_clause(frontend, request->function, &request->of);
        check_clause(frontend, request->function, &request->work);
    }
}

void requests_collect(Frontend *frontend, const char *const *options, unsigned num_options)
{
    for (size_t i = 0; i < frontend->units.count; i++)
        clang_visitChildren(clang_getTranslationUnitCursor(frontend->units.items[i]),
                            visit_annotated, frontend);
    const unsigned file = options_source(frontend, options, num_options);
    for (unsigned i = 0; i < num_options; i++)
        read_option(frontend, options[i], (SourceLoc){file, i + 1, 1});
    check_names(frontend);
    check_clauses(frontend);
}

/* ---- what was asked for, in the IR ---- */

static FunctionEntry *entry_of(Frontend *frontend, const Function *function)
{
    for (FunctionEntry *entry = frontend->functions; entry; entry = entry->hh.next)
        if (entry->function == function)
            return entry;
    return NULL;
}

static void note_failed_callee(Op *op, void *context)
{
    bool *failed = context;
    *failed = *failed || (op->callee && op->callee->has_errors);
}

/* Who calls a function that could not be lowered has errors too. */
static void spread_errors(Frontend *frontend)
{
    bool changed = true;
    while (changed) {
        changed = false;
        for (size_t i = 0; i < frontend->worklist.count; i++) {
            Function *function = frontend->worklist.items[i]->function;
            bool failed = false;
            if (function->has_errors || !function->body)
                continue;
            region_walk(function->body, note_failed_callee, &failed);
            function->has_errors = failed;
            changed = changed || failed;
        }
    }
}

/* ---- globals that a parameter would hide, once the callee that uses them is inlined ---- */

typedef struct Hiding {
    Module *module;
    const Function *root;
    VEC(const Function *) seen;
} Hiding;

static void find_hidden(Hiding *h, const Function *function);

static void check_hidden(Op *op, void *context)
{
    Hiding *h = context;
    if (op->callee && op->callee->body)
        find_hidden(h, op->callee);
    const Param *param = op->kind == OP_GLOBAL ? find_param(h->root, op->global->name) : NULL;
    if (param)
        diag(h->module->diags, MSG_UNSUPPORTED, param->loc,
             "a parameter with the name of a global variable that a called function uses",
             "rename one of them");
}

static void find_hidden(Hiding *h, const Function *function)
{
    for (size_t i = 0; i < h->seen.count; i++)
        if (h->seen.items[i] == function)
            return;
    vec_push(h->module->arena, &h->seen, function);
    region_walk(function->body, check_hidden, h);
}

static void check_hidden_globals(Frontend *frontend)
{
    for (size_t i = 0; i < frontend->requests->list.count; i++) {
        Hiding hiding = {.module = frontend->module,
                         .root = frontend->requests->list.items[i].function};
        find_hidden(&hiding, hiding.root);
    }
}

static void drop_failed_requests(Frontend *frontend)
{
    Requests *requests = frontend->requests;
    size_t kept = 0;
    for (size_t i = 0; i < requests->list.count; i++)
        if (!requests->list.items[i].function->has_errors)
            requests->list.items[kept++] = requests->list.items[i];
    requests->list.count = kept;
}

void requests_lower(Frontend *frontend)
{
    for (size_t i = 0; i < frontend->requests->list.count; i++)
        vec_push(frontend->module->arena, &frontend->worklist,
                 entry_of(frontend, frontend->requests->list.items[i].function));
    for (size_t i = 0; i < frontend->worklist.count; i++) { /* calls add to it */
        FunctionEntry *entry = frontend->worklist.items[i];
        const unsigned errors = frontend->module->diags->errors;
        if (!entry->function->body && !entry->function->has_errors)
            lower_function(frontend, entry);
        if (frontend->module->diags->errors > errors)
            entry->function->has_errors = true;
    }
    globals_make_unique(frontend->module);
    spread_errors(frontend);
    drop_failed_requests(frontend);
    check_hidden_globals(frontend);
}
