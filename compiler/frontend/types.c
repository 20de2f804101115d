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

static const char *type_spelling(Frontend *frontend, CXType type)
{
    CXString string = clang_getTypeSpelling(type);
    const char *text = intern(frontend->module->strings, clang_getCString(string));
    clang_disposeString(string);
    return text;
}

static const Type *unsupported_type(Frontend *frontend, CXType type, CXCursor cursor)
{
    diag(frontend->module->diags, MSG_TYPE_UNSUPPORTED, frontend_loc(frontend, cursor),
         type_spelling(frontend, type));
    return NULL;
}

const Type *frontend_type(Frontend *frontend, CXType type, CXCursor cursor)
{
    Types *types = frontend->module->types;
    const CXType canonical = clang_getCanonicalType(type);
    if (clang_isVolatileQualifiedType(canonical))
        return unsupported_type(frontend, type, cursor);
    if (canonical.kind == CXType_Enum)
        return frontend_type(
            frontend, clang_getEnumDeclIntegerType(clang_getTypeDeclaration(canonical)), cursor);
    if (canonical.kind == CXType_Pointer || is_array(canonical)) {
        unsigned rank;
        CXType pointee = canonical.kind == CXType_Pointer ? clang_getPointeeType(canonical)
                                                          : canonical;
        const CXType elem_type = frontend_element(pointee, &rank);
        const Type *elem = frontend_type(frontend, elem_type, cursor);
        return elem ? type_pointer(types, elem) : NULL;
    }
    const TypeKind kind = scalar_kind(canonical.kind);
    if (kind == TYPE_TAPE)
        return unsupported_type(frontend, type, cursor);
    return type_scalar(types, kind);
}

/* ---- declarators ---- */

/* The extents of an array declarator, outermost first: the expressions are children of the declaration,
 * innermost first. */
static const char *extent_text(Frontend *frontend, CXType type, CXCursor cursor, unsigned level,
                               unsigned rank)
{
    if (type.kind == CXType_ConstantArray)
        return intern_format(frontend->module->strings, "%lld",
                             clang_getArraySize(type));
    if (type.kind == CXType_IncompleteArray)
        return "";
    Cursors children = frontend_children(frontend->module->arena, cursor);
    unsigned first = 0;
    while (first < children.list.count && !clang_isExpression(children.list.items[first].kind))
        first++;
    const unsigned index = first + rank - 1 - level;
    return index < children.list.count ? frontend_text(frontend, children.list.items[index]) : "";
}

static bool declared_static(Frontend *frontend, CXType type)
{
    return strstr(type_spelling(frontend, type), "[static") != NULL;
}

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
        decl->is_static = level == 0 && declared_static(frontend, type);
        decl->inner = decl_of(frontend, clang_getArrayElementType(is_array(type) ? type : canonical),
                              is_const, cursor, level + 1, rank);
    } else if (canonical.kind == CXType_Pointer) {
        decl->kind = DECL_POINTER;
        decl->inner =
            decl_of(frontend, clang_getPointeeType(canonical), false, cursor, level, rank);
    } else {
        decl->kind = DECL_BASE;
        decl->type = frontend_type(frontend, clang_getUnqualifiedType(canonical), cursor);
        decl->base = decl->type ? type_c_name(decl->type) : "int";
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
