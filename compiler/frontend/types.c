/* C types to IR types and declarators. */
#include <string.h>

#include "frontend/lower.h"

static TypeKind scalar_kind(enum CXTypeKind kind)
{
    switch (kind) {
    case CXType_Void: return TYPE_VOID;
    case CXType_Bool: return TYPE_BOOL;
    case CXType_Char_S:
    case CXType_Char_U: return TYPE_CHAR;
    case CXType_SChar: return TYPE_SCHAR;
    case CXType_UChar: return TYPE_UCHAR;
    case CXType_Short: return TYPE_SHORT;
    case CXType_UShort: return TYPE_USHORT;
    case CXType_Int: return TYPE_INT;
    case CXType_UInt: return TYPE_UINT;
    case CXType_Long: return TYPE_LONG;
    case CXType_ULong: return TYPE_ULONG;
    case CXType_LongLong: return TYPE_LLONG;
    case CXType_ULongLong: return TYPE_ULLONG;
    case CXType_Float: return TYPE_F32;
    case CXType_Double: return TYPE_F64;
    case CXType_LongDouble: return TYPE_F80;
    default: return TYPE_TAPE; /* not a scalar */
    }
}

static bool is_array(CXType type)
{
    return type.kind == CXType_ConstantArray || type.kind == CXType_VariableArray ||
           type.kind == CXType_IncompleteArray;
}

CXType frontend_element(CXType type, unsigned *rank)
{
    *rank = 0;
    type = clang_getCanonicalType(type);
    while (is_array(type)) {
        type = clang_getCanonicalType(clang_getArrayElementType(type));
        ++*rank;
    }
    return type;
}

const char *frontend_type_spelling(Frontend *frontend, CXType type)
{
    CXString string = clang_getTypeSpelling(type);
    const char *text = intern(frontend->module->strings, clang_getCString(string));
    clang_disposeString(string);
    return text;
}

/* What a pointer points to, as the user wrote it where libclang still knows. */
static CXType written_pointee(CXType type)
{
    return clang_getPointeeType(type.kind == CXType_Pointer ? type : clang_getCanonicalType(type));
}

static const Type *pointer_to(Frontend *frontend, CXType pointee)
{
    unsigned rank;
    const CXType elem_type = frontend_element(pointee, &rank);
    const Type *elem = frontend_find_type(frontend, rank ? elem_type : pointee);
    return elem ? type_pointer(frontend->module->types, elem) : NULL;
}

/* Functions are only pointed to. */
static const Type *pointer_to_function(Frontend *frontend, CXType type)
{
    const int count = clang_getNumArgTypes(type);
    const unsigned n = count > 0 ? (unsigned)count : 0;
    const Type **params = arena_new_array(frontend->module->arena, const Type *, n);
    const Type *result = frontend_find_type(frontend, clang_getResultType(type));
    for (unsigned i = 0; i < n; i++) {
        params[i] = frontend_find_type(frontend, clang_getArgType(type, i));
        if (!params[i])
            return NULL;
    }
    Types *types = frontend->module->types;
    return result ? type_pointer(types, type_function(types, result, params, n)) : NULL;
}

static bool is_function(CXType canonical)
{
    return canonical.kind == CXType_FunctionProto || canonical.kind == CXType_FunctionNoProto;
}

const Type *frontend_find_type(Frontend *frontend, CXType type)
{
    const CXType canonical = clang_getCanonicalType(type);
    if (is_function(canonical))
        return pointer_to_function(frontend, canonical);
    if (canonical.kind == CXType_Pointer && is_function(clang_getCanonicalType(clang_getPointeeType(canonical))))
        return pointer_to_function(frontend, clang_getCanonicalType(clang_getPointeeType(canonical)));
    if (clang_isVolatileQualifiedType(canonical))
        return NULL;
    if (canonical.kind == CXType_Enum)
        return frontend_find_type(
            frontend, clang_getEnumDeclIntegerType(clang_getTypeDeclaration(canonical)));
    if (canonical.kind == CXType_Pointer)
        return pointer_to(frontend, written_pointee(type));
    if (is_array(canonical))
        return pointer_to(frontend, canonical);
    if (canonical.kind == CXType_Record)
        return frontend_record(frontend, type);
    const TypeKind kind = scalar_kind(canonical.kind);
    return kind == TYPE_TAPE ? NULL : type_scalar(frontend->module->types, kind);
}

const Type *frontend_type(Frontend *frontend, CXType type, CXCursor cursor)
{
    const Type *found = frontend_find_type(frontend, type);
    if (!found && clang_getCanonicalType(type).kind == CXType_Complex)
        diag(frontend->module->diags, MSG_UNSUPPORTED, frontend_loc(frontend, cursor),
             "a complex number", "compute with the real and the imaginary part");
    else if (!found)
        diag(frontend->module->diags, MSG_TYPE_UNSUPPORTED, frontend_loc(frontend, cursor),
             frontend_type_spelling(frontend, type));
    return found;
}

const Type *lower_type(Lowering *l, CXType type, CXCursor cursor)
{
    const Type *found = frontend_find_type(l->frontend, type);
    if (found)
        return found;
    const char *name = frontend_type_spelling(l->frontend, clang_getCanonicalType(type));
    for (size_t i = 0; i < l->refused_types.count; i++)
        if (l->refused_types.items[i] == name)
            return NULL;
    vec_push(l->arena, &l->refused_types, name);
    return frontend_type(l->frontend, type, cursor);
}

/* ---- declarators ---- */

static unsigned array_rank(CXType type)
{
    unsigned rank = 0;
    for (type = clang_getCanonicalType(type); is_array(type) || type.kind == CXType_Pointer;
         type = clang_getCanonicalType(type)) {
        const bool array = is_array(type);
        rank += array;
        type = array ? clang_getArrayElementType(type) : clang_getPointeeType(type);
    }
    return rank;
}

/* The text of an extent, for the header of the derivative: constants as numbers, since the macros they
 * were written with may not be at hand there. */
static const char *extent_expression(Frontend *frontend, CXCursor cursor)
{
    Strings *strings = frontend->module->strings;
    Constant constant;
    if (constant_evaluate(frontend, cursor, type_scalar(frontend->module->types, TYPE_LONG), &constant))
        return intern_format(strings, "%lld", (long long)constant.int_value);
    Cursors children = frontend_children(frontend->module->arena, cursor);
    CXCursor *parts = children.list.items;
    const enum CXCursorKind kind = clang_getCursorKind(cursor);
    if (kind == CXCursor_UnexposedExpr && children.list.count == 1)
        return extent_expression(frontend, parts[0]);
    if (kind == CXCursor_ParenExpr && children.list.count == 1)
        return intern_format(strings, "(%s)", extent_expression(frontend, parts[0]));
    if (kind == CXCursor_BinaryOperator && children.list.count == 2) {
        CXString operator = clang_getBinaryOperatorKindSpelling(
            clang_getCursorBinaryOperatorKind(cursor));
        const char *text = intern_format(strings, "%s %s %s", extent_expression(frontend, parts[0]),
                                         clang_getCString(operator),
                                         extent_expression(frontend, parts[1]));
        clang_disposeString(operator);
        return text;
    }
    return frontend_text(frontend, cursor);
}

/* The extent of one dimension; the expressions are children of the declaration, innermost first. */
static const char *extent_text(Frontend *frontend, CXType type, CXCursor cursor, unsigned level,
                               unsigned rank)
{
    if (type.kind == CXType_ConstantArray)
        return intern_format(frontend->module->strings, "%lld", clang_getArraySize(type));
    if (type.kind == CXType_IncompleteArray)
        return "";
    Cursors children = frontend_children(frontend->module->arena, cursor);
    size_t first = 0;
    while (first < children.list.count &&
           !clang_isExpression(clang_getCursorKind(children.list.items[first])))
        first++;
    const size_t index = first + rank - 1 - level;
    return index < children.list.count ? extent_expression(frontend, children.list.items[index])
                                       : "";
}

/* Does the outermost array of a parameter's type say so: `[static n]`, `[restrict n]`? */
static bool bracket_says(Frontend *frontend, CXType type, const char *word)
{
    const char *open = strchr(frontend_type_spelling(frontend, type), '[');
    const char *found = open ? strstr(open, word) : NULL;
    const char *close = open ? strchr(open, ']') : NULL;
    return found && close && found < close;
}

static void describe_base(Frontend *frontend, Decl *decl, CXType type)
{
    const CXType canonical = clang_getUnqualifiedType(clang_getCanonicalType(type));
    const bool is_record = canonical.kind == CXType_Record;
    decl->kind = DECL_BASE;
    decl->type = frontend_find_type(frontend, is_record ? type : canonical);
    decl->base = is_record && decl->type ? decl->type->record->tag : frontend_type_spelling(frontend, canonical);
    if (decl->type && decl->type->kind < TYPE_TAPE)
        decl->base = type_c_name(decl->type);
}

/* Canonical array types carry the qualifiers of their elements: `is_const` hands them down. */
static const Decl *decl_of(Frontend *frontend, CXType type, bool is_const, CXCursor cursor,
                           unsigned level, unsigned rank)
{
    Decl *decl = arena_new(frontend->module->arena, Decl);
    const CXType canonical = clang_getCanonicalType(type);
    const bool array = is_array(canonical);
    is_const = is_const || clang_isConstQualifiedType(canonical) || clang_isConstQualifiedType(type);
    decl->is_const = is_const && !array;
    decl->is_restrict = clang_isRestrictQualifiedType(canonical);
    if (array) {
        decl->kind = DECL_ARRAY;
        decl->extent = extent_text(frontend, canonical, cursor, level, rank);
        decl->is_static = level == 0 && bracket_says(frontend, type, "static ");
        decl->is_restrict = level == 0 && bracket_says(frontend, type, "restrict");
        decl->inner = decl_of(frontend, clang_getArrayElementType(is_array(type) ? type : canonical),
                              is_const, cursor, level + 1, rank);
    } else if (is_function(canonical)) {
        const int count = clang_getNumArgTypes(canonical);
        decl->kind = DECL_FUNCTION;
        decl->is_const = false;
        decl->num_params = count > 0 ? (unsigned)count : 0;
        decl->params = arena_new_array(frontend->module->arena, const Decl *, decl->num_params);
        for (unsigned i = 0; i < decl->num_params; i++)
            decl->params[i] =
                decl_of(frontend, clang_getArgType(canonical, i), false, cursor, level, rank);
        decl->inner = decl_of(frontend, clang_getResultType(canonical), false, cursor, level, rank);
    } else if (canonical.kind == CXType_Pointer) {
        decl->kind = DECL_POINTER;
        decl->inner =
            decl_of(frontend, written_pointee(type), false, cursor, level, rank);
    } else {
        describe_base(frontend, decl, type);
    }
    return decl;
}

const Decl *frontend_decl(Frontend *frontend, CXType type, CXCursor cursor)
{
    return decl_of(frontend, type, false, cursor, 0, array_rank(type));
}

/* ---- conversions (C11 6.3.1.1, 6.3.1.8) ---- */

const Type *promote(const Types *types, const Type *type)
{
    return type_is_integer(type) && type->kind < TYPE_INT ? type_scalar(types, TYPE_INT) : type;
}

static TypeKind unsigned_of(TypeKind kind)
{
    return type_is_integer(&(Type){.kind = kind}) && kind % 2 == TYPE_INT % 2 ? kind + 1 : kind;
}

const Type *usual_arithmetic(const Types *types, const Type *a, const Type *b)
{
    if (type_is_floating(a) || type_is_floating(b)) {
        if (!type_is_floating(a))
            return b;
        return type_is_floating(b) && b->kind > a->kind ? b : a;
    }
    a = promote(types, a);
    b = promote(types, b);
    const bool a_signed = type_is_signed(types, a), b_signed = type_is_signed(types, b);
    const Type *higher = a->kind > b->kind ? a : b;
    if (a == b || a_signed == b_signed)
        return higher;
    const Type *with_sign = a_signed ? a : b, *without = a_signed ? b : a;
    if (without->kind > with_sign->kind)
        return without;
    if (type_bits(types, with_sign) > type_bits(types, without))
        return with_sign;
    return type_scalar(types, unsigned_of(with_sign->kind));
}
