/* Calls: <math.h> by the table of math.def, memory functions, the user's functions. */
#include <string.h>

#include "frontend/lower.h"
#include "rules/calls.h"
#include "transform/element_count.h"

typedef struct MathEntry {
    const char *name;
    OpKind op;
    enum { MATH_FUNCTION, MATH_MACRO, MATH_COMPARE, MATH_PAIR } kind;
} MathEntry;

static const MathEntry math_table[] = {
#define MATH(name, op) {name, OP_##op, MATH_FUNCTION},
#define MACRO(name, op) {name, OP_##op, MATH_MACRO},
#define COMPARE(name, op) {name, OP_##op, MATH_COMPARE},
#define PAIR(name, op) {name, OP_##op, MATH_PAIR},
#include "frontend/math.def"
#undef MATH
#undef MACRO
#undef COMPARE
#undef PAIR
};

/* "sinf" is the entry "sin" in float; also with __builtin_ in front. */
static const MathEntry *find_math(const char *name, TypeKind *precision)
{
    if (strncmp(name, "__builtin_", 10) == 0)
        name += 10;
    for (size_t i = 0; i < sizeof math_table / sizeof *math_table; i++) {
        const size_t length = strlen(math_table[i].name);
        if (strncmp(math_table[i].name, name, length) != 0)
            continue;
        const char *suffix = name + length;
        *precision = *suffix == 'f' ? TYPE_F32 : *suffix == 'l' ? TYPE_F80 : TYPE_F64;
        if (!*suffix ||
            (suffix[1] == '\0' && (*suffix == 'f' || *suffix == 'l') &&
             math_table[i].kind == MATH_FUNCTION))
            return &math_table[i];
    }
    return NULL;
}

/* The entry for a mathematical function; NULL for others. */
static const MathEntry *math_named(CXCursor declaration, TypeKind *precision)
{
    CXString string = clang_getCursorSpelling(declaration);
    const char *name = clang_getCString(string);
    const bool is_library =
        name && (clang_Location_isInSystemHeader(clang_getCursorLocation(declaration)) ||
                 strncmp(name, "__builtin_", 10) == 0);
    const MathEntry *entry = is_library ? find_math(name, precision) : NULL;
    clang_disposeString(string);
    return entry;
}

static const MathEntry *math_of_call(CXCursor call, TypeKind *precision)
{
    return math_named(clang_getCursorReferenced(call), precision);
}

bool call_is_pure(CXCursor call)
{
    TypeKind precision;
    const MathEntry *entry = math_of_call(call, &precision);
    return entry && op_table[entry->op].num_results == 1;
}

/* ---- arguments ---- */

typedef struct Arguments {
    CXCursor cursors[32];
    Value *values[32];
    unsigned count;
} Arguments;

static bool take_arguments(Lowering *l, CXCursor cursor, Arguments *args)
{
    const int count = clang_Cursor_getNumArguments(cursor);
    if (count < 0 || count > 32) {
        unsupported(l, cursor, "a call with this many arguments", "pass an array");
        return false;
    }
    args->count = (unsigned)count;
    for (unsigned i = 0; i < args->count; i++) {
        args->cursors[i] = clang_Cursor_getArgument(cursor, i);
        args->values[i] = lower_expression(l, args->cursors[i]);
        if (!args->values[i])
            return false;
    }
    l->b.loc = frontend_loc(l->frontend, cursor);
    return true;
}

static const Type *scalar_type(Lowering *l, TypeKind kind)
{
    return type_scalar(l->types, kind);
}

/* ---- <math.h> ---- */

/* frexp, modf, remquo: the second result goes through a pointer. */
static Value *split_call(Lowering *l, const MathEntry *entry, Arguments *args, const Type *type)
{
    const unsigned inputs = args->count - 1;
    for (unsigned i = 0; i < inputs; i++)
        args->values[i] = lower_conversion(l, args->values[i], type);
    Value *first = build_op(&l->b, entry->op, args->values, inputs);
    lower_store(l, args->cursors[inputs], args->values[inputs], op_result(first->op, 1));
    return first;
}

static Value *floating(Lowering *l, Value *value)
{
    return type_is_floating(value->type) ? value
                                         : lower_conversion(l, value, scalar_type(l, TYPE_F64));
}

/* The two operands of a comparison macro in their common type, and a op b. */
static Value *compare_call(Lowering *l, OpKind op, const Arguments *args)
{
    const Type *type = usual_arithmetic(l->types, args->values[0]->type, args->values[1]->type);
    Value *a = lower_conversion(l, args->values[0], type);
    Value *b = lower_conversion(l, args->values[1], type);
    return build_binary(&l->b, op, a, b);
}

/* islessgreater: a < b or a > b; isunordered: one of them is no number. */
static Value *pair_call(Lowering *l, OpKind op, const Arguments *args)
{
    Value *sides[2];
    for (unsigned i = 0; i < 2; i++)
        sides[i] = op == OP_ISNAN ? condition_of(l, build_unary(&l->b, op, floating(l, args->values[i])))
                                  : compare_call(l, i ? OP_GT : OP_LT, args);
    return build_binary(&l->b, OP_LOR, sides[0], sides[1]);
}

static Value *macro_call(Lowering *l, const MathEntry *entry, Arguments *args)
{
    const Type *type_int = scalar_type(l, TYPE_INT);
    switch (entry->kind) {
    case MATH_COMPARE:
        return build_convert(&l->b, compare_call(l, entry->op, args), type_int);
    case MATH_PAIR:
        return build_convert(&l->b, pair_call(l, entry->op, args), type_int);
    case MATH_MACRO: /* the number to be classified is the last argument */
    case MATH_FUNCTION:
        break;
    }
    return build_unary(&l->b, entry->op, floating(l, args->values[args->count - 1]));
}

static const Type *parameter_type(Lowering *l, const MathEntry *entry, unsigned i,
                                  const Type *type)
{
    if (entry->op == OP_NEXTTOWARD && i == 1)
        return scalar_type(l, TYPE_F80);
    if (op_table[entry->op].type_rule == RULE_SCALE && i == 1)
        return scalar_type(l, entry->op == OP_SCALBLN ? TYPE_LONG : TYPE_INT);
    return type;
}

static Value *math_call(Lowering *l, const MathEntry *entry, TypeKind precision, CXCursor cursor)
{
    Arguments args;
    if (!take_arguments(l, cursor, &args))
        return build_undef(&l->b, scalar_type(l, precision));
    if (entry->kind != MATH_FUNCTION)
        return macro_call(l, entry, &args);
    const Type *type = scalar_type(l, precision);
    if (op_table[entry->op].num_results == 2)
        return split_call(l, entry, &args, type);
    for (unsigned i = 0; i < args.count; i++)
        args.values[i] = lower_conversion(l, args.values[i], parameter_type(l, entry, i, type));
    return build_op(&l->b, entry->op, args.values, args.count);
}

/* ---- other functions of the library that are ops ---- */

static Value *integer_abs(Lowering *l, CXCursor cursor)
{
    Arguments args;
    if (!take_arguments(l, cursor, &args))
        return build_undef(&l->b, scalar_type(l, TYPE_INT));
    const Type *type = lower_type(l, clang_getCursorType(cursor), cursor);
    Value *x = lower_conversion(l, args.values[0], type);
    Value *negative = build_binary(&l->b, OP_LT, x, build_zero(&l->b, type));
    return build_select(&l->b, negative, build_unary(&l->b, OP_NEG, x), x);
}

static Value *memory_call(Lowering *l, CXCursor cursor, const char *name)
{
    Arguments args;
    Value *undefined = build_undef(&l->b, type_pointer(l->types, scalar_type(l, TYPE_VOID)));
    if (!take_arguments(l, cursor, &args))
        return undefined;
    Value *to = pointer_before_conversions(args.values[0]);
    Value *count = element_count_of(&l->b, args.values[2], to->type->elem);
    if (!count)
        return unsupported(l, cursor, "a size that is not a number of whole elements",
                           "write n * sizeof *p"), undefined;
    if (strcmp(name, "memset") == 0) {
        if (!value_is_int(args.values[1], 0))
            return unsupported(l, cursor, "memset with another value than 0", "write a loop"),
                   undefined;
        build_fill_zero(&l->b, to, count);
        return to;
    }
    Value *from = pointer_before_conversions(args.values[1]);
    if (from->type != to->type)
        return unsupported(l, cursor, "a copy between different types", "copy with a loop"),
               undefined;
    build_copy(&l->b, to, from, count);
    if (strcmp(name, "memmove") == 0)
        l->b.region->last->flags |= OP_FLAG_OVERLAP;
    return to;
}

/* What generated code calls instead: for `size` bytes times a count, and never null. */
static bool is_runtime_allocation(const char *name)
{
    return strcmp(name, "ad_alloc_elements") == 0 || strcmp(name, "ad_alloc_zeroed_elements") == 0 ||
           strcmp(name, "ad_calloc") == 0;
}

/* malloc and its like: bytes without a type, which type_allocations finds. */
static Value *heap_call(Lowering *l, CXCursor cursor, const char *name)
{
    enum { UNDEFINED, ZERO, ZERO_AND_NEVER_NULL };
    Arguments args;
    const Type *type_void = scalar_type(l, TYPE_VOID), *size = scalar_type(l, TYPE_ULONG);
    if (!take_arguments(l, cursor, &args))
        return build_undef(&l->b, type_pointer(l->types, type_void));
    if (strcmp(name, "free") == 0 || strcmp(name, "ad_free") == 0) {
        build_release(&l->b, pointer_before_conversions(args.values[0]));
        return NULL;
    }
    const bool aligned = strcmp(name, "aligned_alloc") == 0, runtime = is_runtime_allocation(name);
    const bool zero = strcmp(name, "calloc") == 0;
    Value *bytes = lower_conversion(l, args.values[aligned ? 1 : 0], size);
    if (zero || runtime)
        bytes = build_binary(&l->b, OP_MUL, bytes, lower_conversion(l, args.values[1], size));
    Value *memory = build_malloc(&l->b, type_void, bytes, runtime ? ZERO_AND_NEVER_NULL : zero ? ZERO : UNDEFINED, NULL);
    if (aligned)
        op_add_operand(memory->op, lower_conversion(l, args.values[0], size));
    return memory;
}

/* Memory, into which the old one moves: transform/lower_resizes.c finds how much that is. */
static Value *realloc_call(Lowering *l, CXCursor cursor)
{
    Arguments args;
    const Type *type_void = scalar_type(l, TYPE_VOID), *size = scalar_type(l, TYPE_ULONG);
    if (!take_arguments(l, cursor, &args))
        return build_undef(&l->b, type_pointer(l->types, type_void));
    Value *memory = build_malloc(&l->b, type_void, lower_conversion(l, args.values[1], size), 0, NULL);
    build_resize(&l->b, memory, pointer_before_conversions(args.values[0]));
    return memory;
}

static bool is_heap_function(const char *name)
{
    static const char *const names[] = {"malloc", "calloc", "aligned_alloc", "free", "ad_free"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return is_runtime_allocation(name);
}

/* Library functions that are no <math.h> functions but have a meaning of their own; NULL: none. */
static Value *library_call(Lowering *l, CXCursor cursor, const char *name, bool *handled)
{
    const char *plain = strncmp(name, "__builtin_", 10) == 0 ? name + 10 : name;
    *handled = true;
    if (strcmp(plain, "expect") == 0)
        return lower_expression(l, clang_Cursor_getArgument(cursor, 0));
    if (strcmp(plain, "abs") == 0 || strcmp(plain, "labs") == 0 || strcmp(plain, "llabs") == 0)
        return integer_abs(l, cursor);
    if (strcmp(plain, "memcpy") == 0 || strcmp(plain, "memmove") == 0 ||
        strcmp(plain, "memset") == 0)
        return memory_call(l, cursor, plain);
    if (is_heap_function(plain))
        return heap_call(l, cursor, plain);
    if (strcmp(plain, "realloc") == 0)
        return realloc_call(l, cursor);
    if (strncmp(plain, "huge_val", 8) == 0 || strncmp(plain, "inf", 3) == 0 ||
        strncmp(plain, "nan", 3) == 0) {
        const Type *type = lower_type(l, clang_getCursorType(cursor), cursor);
        return build_float(&l->b, type, plain[0] == 'n' ? __builtin_nanl("") : __builtin_infl());
    }
    *handled = false;
    return NULL;
}

/* ---- the user's functions ---- */

static bool is_jump(const char *name)
{
    static const char *const names[] = {"setjmp", "_setjmp", "__sigsetjmp", "longjmp", "siglongjmp"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

static FunctionEntry *called_entry(Frontend *frontend, CXCursor declaration)
{
    FunctionEntry *entry = frontend_entry(frontend, declaration);
    CXCursor definition = clang_getCursorDefinition(declaration);
    if (clang_Cursor_isNull(entry->definition) && !clang_Cursor_isNull(definition))
        entry->definition = definition;
    const Function *callee = frontend_function(frontend, entry);
    if (!clang_Cursor_isNull(entry->definition) && !callee->body && !callee->is_inactive &&
        !callee->is_custom)
        vec_push(frontend->module->arena, &frontend->worklist, entry);
    return entry;
}

/* Functions of linear algebra are known by name and by the types of what they take. */
static void attach_rule(Function *callee, const Arguments *args)
{
    if (callee->body || callee->is_custom || callee->is_inactive || callee->is_static)
        return;
    call_rule_attach(callee);
    const CallRule *rule = callee->rule;
    bool fits = rule && args->count == rule->num_params + rule->layout;
    for (unsigned i = 0; i < args->count && fits; i++)
        fits = rule_takes(rule, i, args->values[i]->type);
    if (rule && !fits) {
        callee->rule = NULL;
        callee->has_side_effects = true;
    }
}

/* Did C declare it by itself where it is called first, as `int name()`? No text of the program is that declaration. */
static bool is_undeclared(CXCursor declaration)
{
    return clang_getCursorType(declaration).kind == CXType_FunctionNoProto &&
           clang_Range_isNull(clang_getCursorExtent(declaration));
}

static Value *function_call(Lowering *l, CXCursor cursor, CXCursor declaration)
{
    Frontend *frontend = l->frontend;
    if (is_undeclared(declaration))
        diag(frontend->module->diags, MSG_UNDECLARED, frontend_loc(frontend, cursor), frontend_spelling(frontend, declaration));
    FunctionEntry *entry = called_entry(frontend, declaration);
    Function *callee = entry->function;
    Arguments args;
    if (!take_arguments(l, cursor, &args))
        return build_undef(&l->b, callee->result);
    for (unsigned i = 0; i < args.count && i < callee->num_params; i++) {
        const Type *type = lower_type(
            l, clang_getCursorType(clang_Cursor_getArgument(entry->declaration, i)), cursor);
        if (type)
            args.values[i] = lower_conversion(l, args.values[i], type);
    }
    attach_rule(callee, &args);
    if (!callee->is_custom || args.count != callee->num_params || args.count > 16)
        return build_call(&l->b, callee, args.values, args.count);
    const bool defined = !clang_Cursor_isNull(entry->definition);
    lower_argument_counts(l, defined ? entry->definition : entry->declaration, args.values, args.count,
                          args.values + args.count);
    l->b.loc = frontend_loc(l->frontend, cursor);
    return build_call(&l->b, callee, args.values, 2 * args.count);
}

/* ---- pointers to functions ---- */

/* What a pointer to sin leads to: a function that calls it. */
static void define_math_function(Function *function, OpKind op, const Type *type)
{
    Value *args[8];
    if (function->body || function->num_params > 8)
        return;
    function_define(function, type->elem->params);
    Builder b = builder_at_end(function->body);
    b.loc = function->loc;
    for (unsigned i = 0; i < function->num_params; i++)
        args[i] = function->body->args.items[i];
    build_return(&b, build_op(&b, op, args, function->num_params));
}

Function *pointed_function(Frontend *frontend, CXCursor name)
{
    const CXCursor declaration = clang_getCursorReferenced(name);
    const Type *type = frontend_type(frontend, clang_getCursorType(name), name);
    TypeKind precision;
    const MathEntry *math = math_named(declaration, &precision);
    if (!type)
        return NULL;
    if (!math || math->kind != MATH_FUNCTION || op_table[math->op].num_results != 1)
        return called_entry(frontend, declaration)->function;
    Function *function = frontend_function(frontend, frontend_entry(frontend, declaration));
    define_math_function(function, math->op, type);
    return function;
}

Value *lower_function_name(Lowering *l, CXCursor cursor)
{
    Function *function = pointed_function(l->frontend, cursor);
    const Type *type = frontend_find_type(l->frontend, clang_getCursorType(cursor));
    return function ? build_function_address(&l->b, function, type) : int_constant(l, 0);
}

/* Is the function called by its name? */
static bool is_called_by_name(Lowering *l, CXCursor cursor)
{
    const CXCursor target = strip_parens(child(l, cursor, 0));
    const CXCursor declaration = clang_getCursorReferenced(cursor);
    return !clang_Cursor_isNull(declaration) &&
           clang_getCursorKind(declaration) == CXCursor_FunctionDecl &&
           clang_getCursorKind(target) == CXCursor_DeclRefExpr;
}

static Value *pointer_call(Lowering *l, CXCursor cursor)
{
    Value *values[33];
    Arguments args;
    values[0] = lower_expression(l, child(l, cursor, 0));
    const Type *type = values[0]->type;
    if (!type_is_pointer(type) || type->elem->kind != TYPE_FUNC ||
        !take_arguments(l, cursor, &args)) {
        const Type *result = type_of(l, cursor);
        return result->kind == TYPE_VOID ? NULL : build_undef(&l->b, result);
    }
    if (args.count != type->elem->num_params)
        return unsupported(l, cursor, "a call of a variadic function through a pointer",
                           "call the function by its name");
    for (unsigned i = 0; i < args.count; i++)
        values[i + 1] = lower_conversion(l, args.values[i], type->elem->params[i]);
    return build_call_through(&l->b, values, args.count + 1);
}

Value *lower_call(Lowering *l, CXCursor cursor)
{
    CXCursor declaration = clang_getCursorReferenced(cursor);
    if (!is_called_by_name(l, cursor))
        return pointer_call(l, cursor);
    TypeKind precision = TYPE_F64;
    const MathEntry *math = math_of_call(cursor, &precision);
    if (math)
        return math_call(l, math, precision, cursor);
    const char *name = frontend_spelling(l->frontend, declaration);
    if (clang_Location_isInSystemHeader(clang_getCursorLocation(declaration)) ||
        strncmp(name, "__builtin_", 10) == 0) {
        bool handled;
        Value *value = library_call(l, cursor, name, &handled);
        if (handled)
            return value;
    }
    if (is_jump(name))
        return unsupported(l, cursor, name, "return a status");
    return function_call(l, cursor, declaration);
}
