/* Declarations: functions, parameters, global and local variables. */
#include <string.h>

#include "frontend/lower.h"

/* ---- functions ---- */

FunctionEntry *frontend_entry(Frontend *frontend, CXCursor cursor)
{
    const char *usr = frontend_identity(frontend, cursor);
    FunctionEntry *entry = NULL;
    HASH_FIND_STR(frontend->functions, usr, entry);
    if (!entry) {
        entry = arena_new(frontend->module->arena, FunctionEntry);
        entry->usr = usr;
        entry->declaration = cursor;
        entry->definition = clang_getNullCursor();
        HASH_ADD_KEYPTR(hh, frontend->functions, entry->usr, strlen(entry->usr), entry);
    }
    if (clang_Cursor_isNull(entry->definition) && clang_isCursorDefinition(cursor))
        entry->definition = cursor;
    return entry;
}

bool frontend_is_inactive(Frontend *frontend, CXCursor declaration)
{
    bool is_inactive = false;
    const bool is_function = clang_getCursorKind(declaration) == CXCursor_FunctionDecl;
    Cursors children = frontend_children(frontend->module->arena, declaration);
    for (size_t i = 0; i < children.list.count; i++) {
        const char *text = annotation_text(frontend, children.list.items[i]);
        if (!text)
            continue;
        if (annotation_is_inactive(text))
            is_inactive = true;
        else if (!is_function)
            diag(frontend->module->diags, MSG_ANNOTATION_PLACE,
                 frontend_loc(frontend, children.list.items[i]), text);
    }
    return is_inactive;
}

static unsigned declared_rank(const Decl *decl)
{
    if (decl->kind == DECL_BASE || decl->inner->kind == DECL_FUNCTION)
        return 0;
    unsigned rank = 1;
    for (decl = decl->inner; decl->kind == DECL_ARRAY; decl = decl->inner)
        rank++;
    return rank;
}

static bool innermost_is_const(const Decl *decl)
{
    while (decl->inner && decl->inner->kind != DECL_FUNCTION)
        decl = decl->inner;
    return decl->is_const;
}

static void declare_param(Frontend *frontend, Function *function, unsigned i, CXCursor cursor)
{
    Param *param = &function->params[i];
    const char *name = frontend_spelling(frontend, cursor);
    param->name = *name ? name : intern_format(frontend->module->strings, "arg%u", i + 1);
    param->loc = frontend_loc(frontend, cursor);
    param->decl = frontend_decl(frontend, clang_getCursorType(cursor), cursor);
    param->rank = declared_rank(param->decl);
    param->is_restrict = param->decl->is_restrict;
    param->points_to_const = param->rank > 0 && innermost_is_const(param->decl);
    param->is_inactive = frontend_is_inactive(frontend, cursor);
}

/* An inactive function is called as it is; one that the derivative cannot call, since it is static, is
 * inlined, and all that it stores or returns is inactive. */
static void mark_inactive(FunctionEntry *entry, bool is_inactive)
{
    entry->is_inactive = entry->is_inactive || is_inactive;
    entry->function->is_inactive = entry->is_inactive && (!entry->function->is_static ||
                                                          clang_Cursor_isNull(entry->definition));
}

void frontend_set_inactive(Frontend *frontend, FunctionEntry *entry)
{
    frontend_function(frontend, entry);
    mark_inactive(entry, true);
}

/* The library's functions that do not return, and what assert calls: libclang does not tell. */
static bool never_returns(const char *name)
{
    static const char *const names[] = {"abort",         "exit",     "_Exit",       "quick_exit",
                                        "__assert_fail", "__assert", "__assert_rtn"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

Function *frontend_function(Frontend *frontend, FunctionEntry *entry)
{
    if (entry->function)
        return entry->function;
    const bool defined = !clang_Cursor_isNull(entry->definition);
    CXCursor cursor = defined ? entry->definition : entry->declaration;
    const CXType result = clang_getCursorResultType(cursor);
    const Type *type = frontend_type(frontend, result, cursor);
    Module *module = frontend->module;
    Function *function =
        function_new(module, frontend_spelling(frontend, cursor),
                     type ? type : type_scalar(module->types, TYPE_VOID));
    entry->function = function;
    function->loc = frontend_loc(frontend, cursor);
    function->result_decl = frontend_decl(frontend, result, cursor);
    function->is_static = clang_Cursor_getStorageClass(cursor) == CX_SC_Static;
    function->is_inline = clang_Cursor_isFunctionInlined(cursor);
    function->is_system = clang_Location_isInSystemHeader(clang_getCursorLocation(cursor));
    function->is_variadic = clang_Cursor_isVariadic(cursor);
    function->is_noreturn = never_returns(function->name);
    mark_inactive(entry, frontend_is_inactive(frontend, cursor));
    function->header = frontend_header_of(frontend, cursor);
    const int count = clang_Cursor_getNumArguments(cursor);
    function->num_params = count > 0 ? (unsigned)count : 0;
    function->params = arena_new_array(module->arena, Param, function->num_params);
    for (unsigned i = 0; i < function->num_params; i++)
        declare_param(frontend, function, i, clang_Cursor_getArgument(cursor, i));
    return function;
}

/* ---- constants ---- */

/* The spelling of a literal, read at its place: libclang evaluates to double only. */
static bool literal_evaluate(Frontend *frontend, CXCursor cursor, long double *number)
{
    CXFile file;
    unsigned offset;
    clang_getSpellingLocation(clang_getCursorLocation(cursor), &file, NULL, NULL, &offset);
    size_t length = 0;
    const char *text =
        file ? clang_getFileContents(clang_Cursor_getTranslationUnit(cursor), file, &length) : NULL;
    (void)frontend;
    if (!text || offset >= length || !strchr(".0123456789", text[offset]))
        return false;
    char *end;
    *number = strtold(text + offset, &end);
    return end != text + offset;
}

static bool long_double_evaluate(Frontend *frontend, CXCursor cursor, long double *number);

static bool long_double_operator(Frontend *frontend, CXCursor cursor, const Cursors *parts,
                                 long double *number)
{
    long double a, b;
    if (!long_double_evaluate(frontend, parts->list.items[0], &a) ||
        !long_double_evaluate(frontend, parts->list.items[1], &b))
        return false;
    switch (clang_getCursorBinaryOperatorKind(cursor)) {
    case CXBinaryOperator_Add: *number = a + b; return true;
    case CXBinaryOperator_Sub: *number = a - b; return true;
    case CXBinaryOperator_Mul: *number = a * b; return true;
    case CXBinaryOperator_Div: *number = a / b; return true;
    default: return false;
    }
}

/* A constant expression in long double: libclang's own evaluation stops at double. */
static bool long_double_evaluate(Frontend *frontend, CXCursor cursor, long double *number)
{
    cursor = strip_parens(cursor);
    Cursors parts = frontend_children(frontend->module->arena, cursor);
    const bool is_long =
        clang_getCanonicalType(clang_getCursorType(cursor)).kind == CXType_LongDouble;
    if (is_long && clang_getCursorKind(cursor) == CXCursor_FloatingLiteral)
        return literal_evaluate(frontend, cursor, number);
    if (is_long && clang_getCursorKind(cursor) == CXCursor_BinaryOperator)
        return long_double_operator(frontend, cursor, &parts, number);
    if (is_long && clang_getCursorKind(cursor) == CXCursor_UnaryOperator &&
        clang_getCursorUnaryOperatorKind(cursor) == CXUnaryOperator_Minus) {
        const bool known = long_double_evaluate(frontend, parts.list.items[0], number);
        *number = -*number;
        return known;
    }
    Constant constant;
    const bool known = !is_long && constant_evaluate(frontend, cursor,
                                                     type_scalar(frontend->module->types, TYPE_F64),
                                                     &constant);
    if (known)
        *number = constant.float_value;
    return known;
}

bool constant_evaluate(Frontend *frontend, CXCursor expression, const Type *type, Constant *constant)
{
    *constant = (Constant){0};
    if (type->kind == TYPE_F80)
        return long_double_evaluate(frontend, expression, &constant->float_value);
    CXEvalResult result = clang_Cursor_Evaluate(expression);
    if (!result)
        return false;
    const CXEvalResultKind kind = clang_EvalResult_getKind(result);
    long double number = 0;
    if (kind == CXEval_Int) {
        const bool is_unsigned = clang_EvalResult_isUnsignedInt(result);
        constant->int_value = is_unsigned ? (int64_t)clang_EvalResult_getAsUnsigned(result)
                                          : clang_EvalResult_getAsLongLong(result);
        number = is_unsigned ? (long double)clang_EvalResult_getAsUnsigned(result)
                             : (long double)constant->int_value;
    } else if (kind == CXEval_Float) {
        number = clang_EvalResult_getAsDouble(result);
        if (type_is_integer(type))
            constant->int_value = (int64_t)number;
    }
    clang_EvalResult_dispose(result);
    constant->float_value = type->kind == TYPE_F32 ? (long double)(float)number : number;
    return kind == CXEval_Int || kind == CXEval_Float;
}

/* ---- global variables ---- */

struct GlobalEntry {
    const char *usr;
    Global *global;
    UT_hash_handle hh;
};

void globals_release(Frontend *frontend)
{
    HASH_CLEAR(hh, frontend->globals);
}

/* What is cast: (type)f, as in NULL. */
static CXCursor strip_casts(Frontend *frontend, CXCursor value)
{
    value = strip_parens(value);
    while (clang_getCursorKind(value) == CXCursor_CStyleCastExpr) {
        Cursors parts = frontend_children(frontend->module->arena, value);
        value = strip_parens(parts.list.items[parts.list.count - 1]);
    }
    return value;
}

/* The function that `f` or `&f` names; NULL for the null pointer. False for anything else. */
static bool initial_function(Frontend *frontend, CXCursor value, Function **function)
{
    value = strip_casts(frontend, value);
    if (clang_getCursorKind(value) == CXCursor_UnaryOperator &&
        clang_getCursorUnaryOperatorKind(value) == CXUnaryOperator_AddrOf) {
        Cursors parts = frontend_children(frontend->module->arena, value);
        value = strip_parens(parts.list.items[0]);
    }
    *function = NULL;
    if (clang_getCursorKind(value) == CXCursor_IntegerLiteral)
        return true;
    const CXCursor declaration = clang_getCursorReferenced(value);
    if (clang_getCursorKind(value) != CXCursor_DeclRefExpr ||
        clang_getCursorKind(declaration) != CXCursor_FunctionDecl)
        return false;
    *function = pointed_function(frontend, value);
    return true;
}

/* Fills `constants` from an initialiser; false where it is not constant. */
static bool evaluate_initializer(Frontend *frontend, CXCursor init, CXType type, Constant *constants)
{
    InitEntries entries = {0};
    if (!initializer_flatten(frontend, type, init, &entries))
        return false;
    for (size_t i = 0; i < entries.list.count; i++) {
        const InitEntry *entry = &entries.list.items[i];
        Constant *constant = &constants[entry->position];
        const Type *scalar =
            frontend_find_type(frontend, initializer_scalar(type, entry->position));
        if (entry->is_character)
            constant->int_value = entry->character;
        else if (scalar && type_is_pointer(scalar) && scalar->elem->kind == TYPE_FUNC) {
            if (!initial_function(frontend, entry->value, &constant->function))
                return false;
        } else if (entry->is_record || !scalar ||
                 !constant_evaluate(frontend, entry->value, scalar, constant))
            return false;
    }
    return true;
}

static void set_extents(Arena *arena, Global *global, CXType type, unsigned rank)
{
    int64_t *extents = arena_new_array(arena, int64_t, rank);
    type = clang_getCanonicalType(type);
    for (unsigned i = 0; i < rank; i++) {
        extents[i] = clang_getArraySize(type);
        type = clang_getCanonicalType(clang_getArrayElementType(type));
    }
    global->extents = extents;
    global->rank = rank;
}

static void initialize_global(Frontend *frontend, Global *global, CXCursor cursor, CXType type)
{
    CXCursor init = clang_Cursor_getVarDeclInitializer(cursor);
    const bool is_zero = clang_Cursor_isNull(init);
    if (is_zero && !global->is_static)
        return;
    const int64_t count = initializer_count(type);
    Constant *constants = arena_new_array(frontend->module->arena, Constant, count);
    if (is_zero || evaluate_initializer(frontend, init, type, constants)) {
        global->init = constants;
        global->num_init = (unsigned)count;
    } else if (global->is_static) {
        diag(frontend->module->diags, MSG_UNSUPPORTED, global->loc,
             "this initialiser of a static variable", "write the constants out");
    }
}

Global *frontend_global(Frontend *frontend, CXCursor cursor)
{
    const char *usr = frontend_identity(frontend, cursor);
    GlobalEntry *entry = NULL;
    HASH_FIND_STR(frontend->globals, usr, entry);
    if (entry)
        return entry->global;
    CXCursor definition = clang_getCursorDefinition(cursor);
    if (!clang_Cursor_isNull(definition))
        cursor = definition;
    const CXType type = clang_getCursorType(cursor);
    unsigned rank;
    const CXType elem = frontend_element(type, &rank);
    const Type *elem_type = frontend_type(frontend, elem, cursor);
    if (!elem_type)
        return NULL;
    Module *module = frontend->module;
    Global *global = arena_new(module->arena, Global);
    entry = arena_new(module->arena, GlobalEntry);
    *entry = (GlobalEntry){.usr = usr, .global = global};
    HASH_ADD_KEYPTR(hh, frontend->globals, entry->usr, strlen(entry->usr), entry);
    const Decl *decl = frontend_decl(frontend, type, cursor);
    const bool local = clang_getCursorKind(clang_getCursorSemanticParent(cursor)) ==
                       CXCursor_FunctionDecl;
    *global = (Global){.module = module,
                       .name = frontend_spelling(frontend, cursor),
                       .type = elem_type,
                       .decl = decl,
                       .loc = frontend_loc(frontend, cursor),
                       .is_static = local || clang_Cursor_getStorageClass(cursor) == CX_SC_Static,
                       .is_const = innermost_is_const(decl),
                       .is_extern = clang_Cursor_getStorageClass(cursor) == CX_SC_Extern,
                       .is_inactive = frontend_is_inactive(frontend, cursor),
                       .header = frontend_header_of(frontend, cursor)};
    if (clang_getCursorTLSKind(cursor) != CXTLS_None && !global->is_static)
        diag(module->diags, MSG_UNSUPPORTED, global->loc, "a thread-local variable",
             "pass it as a parameter");
    global->changes = global->is_static && !global->is_const && static_changes(cursor);
    set_extents(module->arena, global, type, rank);
    initialize_global(frontend, global, cursor, type);
    vec_push(module->arena, &module->globals, global);
    return global;
}

typedef struct GlobalSearch {
    const char *name;
    CXCursor found;
} GlobalSearch;

static enum CXChildVisitResult find_variable(CXCursor cursor, CXCursor parent, CXClientData data)
{
    (void)parent;
    GlobalSearch *search = data;
    if (clang_getCursorKind(cursor) != CXCursor_VarDecl)
        return CXChildVisit_Continue;
    CXString string = clang_getCursorSpelling(cursor);
    const bool same = strcmp(clang_getCString(string), search->name) == 0;
    clang_disposeString(string);
    if (!same)
        return CXChildVisit_Continue;
    search->found = cursor;
    return CXChildVisit_Break;
}

Global *frontend_named_global(Frontend *frontend, const Function *function, const char *name)
{
    CXTranslationUnit home = NULL;
    for (const FunctionEntry *entry = frontend->functions; entry; entry = entry->hh.next)
        if (entry->function == function)
            home = clang_Cursor_getTranslationUnit(entry->definition);
    GlobalSearch search = {name, clang_getNullCursor()};
    if (home)
        clang_visitChildren(clang_getTranslationUnitCursor(home), find_variable, &search);
    return clang_Cursor_isNull(search.found) ? NULL : frontend_global(frontend, search.found);
}

static bool global_name_is_taken(const Module *module, const Global *global)
{
    bool before = true;
    for (size_t i = 0; i < module->globals.count; i++) {
        const Global *other = module->globals.items[i];
        before = before && other != global;
        if (other->name == global->name && other != global && (!other->is_static || before))
            return true;
    }
    for (size_t i = 0; i < module->functions.count; i++) {
        const Function *function = module->functions.items[i];
        if (function->name == global->name)
            return true;
        for (unsigned k = 0; k < function->num_params; k++)
            if (function->params[k].name == global->name)
                return true;
    }
    return false;
}

/* Static variables of several functions and files come together in one generated file, where the headers
 * that define some of them may be included as well. */
void globals_make_unique(Module *module)
{
    for (size_t i = 0; i < module->globals.count; i++) {
        Global *global = module->globals.items[i];
        const char *name = global->name;
        if (!global->is_static)
            continue;
        global->source_name = name;
        if (global->header)
            global->name = intern_format(module->strings, "%s_copy", name);
        for (unsigned number = 2; global_name_is_taken(module, global); number++)
            global->name = intern_format(module->strings, "%s_%u", name, number);
    }
}

/* ---- variables of a function ---- */

static Variable *variable_add(Lowering *l, CXCursor cursor)
{
    Variable *variable = arena_new(l->arena, Variable);
    variable->key = clang_getCanonicalCursor(cursor).data[0];
    HASH_ADD_PTR(l->variables, key, variable);
    return variable;
}

Variable *variable_find(const Lowering *l, CXCursor declaration)
{
    const void *key = clang_getCanonicalCursor(declaration).data[0];
    Variable *variable = NULL;
    HASH_FIND_PTR(l->variables, &key, variable);
    return variable;
}

/* The expressions written between a declaration's brackets, innermost first. */
static Cursors bracket_expressions(Lowering *l, CXCursor cursor)
{
    Cursors all = frontend_children(l->arena, cursor), brackets = {0};
    for (size_t i = 0; i < all.list.count; i++)
        if (clang_isExpression(clang_getCursorKind(all.list.items[i])))
            vec_push(l->arena, &brackets.list, all.list.items[i]);
    const bool has_init = clang_getCursorKind(cursor) == CXCursor_VarDecl &&
                          !clang_Cursor_isNull(clang_Cursor_getVarDeclInitializer(cursor));
    if (has_init && brackets.list.count)
        brackets.list.count--;
    return brackets;
}

/* The extents of an array or pointer-to-array declaration as values, outermost first. The outermost is
 * NULL for a pointer or `[]`; so is what a typedef hides, unless it is constant. */
static void lower_extents(Lowering *l, Variable *variable, CXCursor cursor)
{
    CXType type = clang_getCanonicalType(clang_getCursorType(cursor));
    unsigned rank = 0;
    const bool points = type.kind == CXType_Pointer;
    frontend_element(points ? clang_getPointeeType(type) : type, &rank);
    variable->rank = rank + points;
    variable->extents = arena_new_array(l->arena, Value *, variable->rank);
    Cursors brackets = bracket_expressions(l, cursor);
    const Type *type_int = type_scalar(l->types, TYPE_INT);
    for (unsigned i = 0; i < variable->rank; i++) {
        const size_t from_inside = variable->rank - 1 - i;
        if (type.kind == CXType_ConstantArray)
            variable->extents[i] = build_int(&l->b, type_int, clang_getArraySize(type));
        else if (type.kind == CXType_VariableArray && from_inside < brackets.list.count)
            variable->extents[i] = lower_expression(l, brackets.list.items[from_inside]);
        type = clang_getCanonicalType(i == 0 && points ? clang_getPointeeType(type)
                                                       : clang_getArrayElementType(type));
    }
}

static void lower_param(Lowering *l, unsigned i, CXCursor cursor)
{
    Value *arg = l->function->body->args.items[i];
    Variable *variable = variable_add(l, cursor);
    variable->address = build_alloca(&l->b, arg->type, NULL, 0, l->function->params[i].name);
    variable->is_inactive = l->is_inactive || l->function->params[i].is_inactive;
    build_store(&l->b, variable->address, decree_inactive(l, variable->is_inactive, arg));
}

static void lower_shape(Lowering *l, unsigned i, CXCursor cursor)
{
    const Param *param = &l->function->params[i];
    if (!param->rank)
        return;
    Variable *variable = variable_find(l, cursor);
    lower_extents(l, variable, cursor);
    Value **extents = arena_new_array(l->arena, Value *, param->rank);
    for (unsigned d = 0; d < param->rank; d++)
        extents[d] = variable->extents[d]
                         ? variable->extents[d]
                         : build_undef(&l->b, type_scalar(l->types, TYPE_INT));
    build_shape(&l->b, l->function->body->args.items[i], extents, param->rank);
}

/* The number of elements of an array with these extents. */
static Value *extents_product(Lowering *l, const Variable *variable)
{
    const Type *type = type_scalar(l->types, TYPE_LONG);
    Value *count = NULL;
    for (unsigned d = 0; d < variable->rank; d++) {
        if (!variable->extents[d])
            return NULL;
        if (variable->rank == 1)
            return variable->extents[d];
        Value *extent = build_convert(&l->b, variable->extents[d], type);
        count = count ? build_binary(&l->b, OP_MUL, count, extent) : extent;
    }
    return count;
}

void lower_argument_counts(Lowering *l, CXCursor declaration, Value *const *args, unsigned n,
                           Value **counts)
{
    Variable *params[16];
    for (unsigned i = 0; i < n; i++) {
        params[i] = variable_add(l, clang_Cursor_getArgument(declaration, i));
        params[i]->address = build_alloca(&l->b, args[i]->type, NULL, 0, NULL);
        build_store(&l->b, params[i]->address, args[i]);
    }
    for (unsigned i = 0; i < n; i++) {
        if (type_is_pointer(args[i]->type))
            lower_extents(l, params[i], clang_Cursor_getArgument(declaration, i));
        counts[i] = extents_product(l, params[i]);
        if (!counts[i])
            counts[i] = build_int(&l->b, type_scalar(l->types, TYPE_LONG), -1);
    }
    for (unsigned i = 0; i < n; i++)
        HASH_DEL(l->variables, params[i]);
}

/* ---- local variables ---- */

static void lower_static_local(Lowering *l, CXCursor cursor)
{
    Global *global = frontend_global(l->frontend, cursor);
    if (!global)
        return;
    Variable *variable = variable_add(l, cursor);
    lower_extents(l, variable, cursor);
    variable->address = build_global(&l->b, global);
}

/* In a function with gotos in front of everything, if its size is constant. */
static Value *local_alloca(Lowering *l, const Variable *variable, const Type *type, unsigned rank,
                           const char *name)
{
    bool moves = l->labels.count > 0;
    for (unsigned i = 0; i < rank; i++)
        moves = moves && value_is_const(variable->extents[i]);
    const Builder here = l->b;
    Value **extents = variable->extents;
    if (moves && l->function->body->first) {
        l->b = builder_before(l->function->body->first);
        extents = arena_new_array(l->arena, Value *, rank);
        for (unsigned i = 0; i < rank; i++)
            extents[i] = build_int(&l->b, variable->extents[i]->type,
                                   variable->extents[i]->op->int_value);
    }
    Value *address = build_alloca(&l->b, type, rank ? extents : NULL, rank, name);
    l->b = here;
    return address;
}

static void lower_variable(Lowering *l, CXCursor cursor)
{
    const enum CX_StorageClass storage = clang_Cursor_getStorageClass(cursor);
    if (storage == CX_SC_Static) {
        lower_static_local(l, cursor);
        return;
    }
    const CXType type = clang_getCursorType(cursor);
    unsigned rank;
    const CXType elem = frontend_element(type, &rank);
    const Type *ir_type = lower_type(l, elem, cursor);
    Variable *variable = variable_add(l, cursor);
    if (!ir_type)
        ir_type = type_scalar(l->types, TYPE_F64); /* an error was reported: go on */
    variable->is_inactive = frontend_is_inactive(l->frontend, cursor);
    if (rank || type_is_pointer(ir_type))
        lower_extents(l, variable, cursor);
    for (unsigned i = 0; i < rank; i++)
        if (!variable->extents[i])
            variable->extents[i] = unsupported(l, cursor, "a type definition of variable length",
                                               "write the array out");
    variable->address = local_alloca(l, variable, ir_type, rank, frontend_spelling(l->frontend, cursor));
    CXCursor init = clang_Cursor_getVarDeclInitializer(cursor);
    if (!clang_Cursor_isNull(init))
        lower_initializer(l, variable, variable->address, type, init);
}

void lower_declaration(Lowering *l, CXCursor cursor)
{
    switch (clang_getCursorKind(cursor)) {
    case CXCursor_VarDecl:
        lower_variable(l, cursor);
        break;
    case CXCursor_TypedefDecl:
    case CXCursor_EnumDecl:
    case CXCursor_FunctionDecl:
    case CXCursor_StructDecl:
    case CXCursor_UnionDecl:
    case CXCursor_StaticAssert:
        break; /* nothing to run */
    default:
        unsupported(l, cursor, "this declaration", "move it out of the function");
    }
}

/* ---- bodies ---- */

static void lower_body(Lowering *l, CXCursor cursor)
{
    const Function *function = l->function;
    for (unsigned i = 0; i < function->num_params; i++)
        lower_param(l, i, clang_Cursor_getArgument(cursor, i));
    for (unsigned i = 0; i < function->num_params; i++)
        lower_shape(l, i, clang_Cursor_getArgument(cursor, i));
    if (function->result->kind != TYPE_VOID)
        l->result = build_alloca(&l->b, function->result, NULL, 0, "result");
    labels_collect(l, cursor);
    Cursors children = frontend_children(l->arena, cursor);
    for (size_t i = 0; i < children.list.count; i++)
        if (clang_getCursorKind(children.list.items[i]) == CXCursor_CompoundStmt)
            lower_statement(l, children.list.items[i]);
    labels_check_arrays(l);
    l->b.loc = function->loc;
    build_return(&l->b, l->result ? build_load(&l->b, l->result) : NULL);
}

void lower_function(Frontend *frontend, FunctionEntry *entry)
{
    Function *function = frontend_function(frontend, entry);
    Module *module = frontend->module;
    if (function->is_variadic) {
        diag(module->diags, MSG_UNSUPPORTED, function->loc, "a variadic function",
             "give it fixed parameters");
        return;
    }
    const Type **types = arena_new_array(module->arena, const Type *, function->num_params);
    for (unsigned i = 0; i < function->num_params; i++) {
        CXCursor param = clang_Cursor_getArgument(entry->definition, i);
        types[i] = frontend_type(frontend, clang_getCursorType(param), param);
        if (!types[i])
            return;
    }
    function_define(function, types);
    Lowering l = {.frontend = frontend,
                  .arena = module->arena,
                  .types = module->types,
                  .function = function,
                  .scans = scans_new(module->arena),
                  .is_inactive = entry->is_inactive,
                  .b = builder_at_end(function->body)};
    l.b.loc = function->loc;
    lower_body(&l, entry->definition);
    HASH_CLEAR(hh, l.variables);
}
