/* Lvalues: addresses of variables and elements, the extents of arrays of variable length, what
 * ADGEN(inactive) stands on. */
#include "frontend/lower.h"

/* ---- arrays ---- */

/* In p + i and i + p, p. */
static CXCursor pointer_side(Lowering *l, CXCursor cursor)
{
    CXCursor left = child(l, cursor, 0), right = child(l, cursor, 1);
    const bool left_points = is_array_type(clang_getCursorType(left)) ||
                             canonical_kind(clang_getCursorType(left)) == CXType_Pointer;
    return left_points ? left : right;
}

/* The next step from an lvalue or pointer expression to the variable that it starts from; the null
 * cursor where there is none. */
static CXCursor step_inward(Lowering *l, CXCursor cursor)
{
    switch (clang_getCursorKind(cursor)) {
    case CXCursor_ArraySubscriptExpr:
        return pointer_side(l, cursor);
    case CXCursor_MemberRefExpr:
    case CXCursor_UnaryOperator:
        return child(l, cursor, 0);
    case CXCursor_BinaryOperator:
        switch (clang_getCursorBinaryOperatorKind(cursor)) {
        case CXBinaryOperator_Add:
        case CXBinaryOperator_Sub:
            return pointer_side(l, cursor);
        case CXBinaryOperator_Assign:
            return child(l, cursor, 0);
        case CXBinaryOperator_Comma:
            return child(l, cursor, 1);
        default:
            return clang_getNullCursor();
        }
    default:
        return clang_getNullCursor();
    }
}

/* The variable, member or cast behind an array expression: its extents are those of the expression's
 * type, which is a suffix of its own type. */
static CXCursor origin_of(Lowering *l, CXCursor cursor)
{
    cursor = strip_parens(cursor);
    while (clang_getCursorKind(cursor) != CXCursor_MemberRefExpr) {
        CXCursor next = strip_parens(step_inward(l, cursor));
        if (clang_Cursor_isNull(next))
            break;
        cursor = next;
    }
    return cursor;
}

/* Does ADGEN(inactive) stand on the variable that an lvalue belongs to, or on a member on the way? */
static bool is_declared_inactive(Lowering *l, CXCursor lvalue)
{
    for (CXCursor at = lvalue; !clang_Cursor_isNull(at);) {
        at = origin_of(l, at);
        const enum CXCursorKind kind = clang_getCursorKind(at);
        if (kind == CXCursor_CStyleCastExpr) {
            at = last_child(l, at);
        } else if (kind == CXCursor_MemberRefExpr) {
            if (frontend_is_inactive(l->frontend, clang_getCursorReferenced(at)))
                return true;
            at = step_inward(l, at);
        } else if (kind == CXCursor_DeclRefExpr) {
            CXCursor declaration = clang_getCursorReferenced(at);
            const Variable *variable = variable_find(l, declaration);
            return variable ? variable->is_inactive
                            : frontend_is_inactive(l->frontend, declaration);
        } else {
            return false;
        }
    }
    return false;
}

bool is_parameter_array(CXCursor cursor)
{
    cursor = strip_parens(cursor);
    return clang_getCursorKind(cursor) == CXCursor_DeclRefExpr &&
           clang_getCursorKind(clang_getCursorReferenced(cursor)) == CXCursor_ParmDecl;
}

/* What a pointer or array expression points to, as a C type: an array parameter's type is written as
 * an array, so it looks like the pointee already. */
static CXType pointee_of(CXType type)
{
    type = clang_getCanonicalType(type);
    return is_array_type(type) ? clang_getArrayElementType(type) : clang_getPointeeType(type);
}

/* The extent of dimension `level` of an array type of variable length with `rank` dimensions, from the
 * declaration of the variable, or the cast, where the type was written; NULL: not there. */
static Value *written_extent(Lowering *l, CXCursor origin, CXType elem, unsigned level, unsigned rank)
{
    const bool is_cast = clang_getCursorKind(origin) == CXCursor_CStyleCastExpr;
    if (!is_cast && clang_getCursorKind(origin) != CXCursor_DeclRefExpr)
        return NULL;
    unsigned ignored;
    CXType type = clang_getCanonicalType(clang_getCursorType(origin));
    type = frontend_element(type.kind == CXType_Pointer ? clang_getPointeeType(type) : type, &ignored);
    if (!clang_equalTypes(clang_getUnqualifiedType(type), clang_getUnqualifiedType(elem)))
        return NULL;
    if (is_cast) {
        Cursors parts = frontend_children(l->arena, origin); /* the extents, innermost first; operand */
        const size_t index = rank - 1 - level;
        return index + 1 < parts.list.count &&
                       clang_isExpression(clang_getCursorKind(parts.list.items[index]))
                   ? lower_expression(l, parts.list.items[index])
                   : NULL;
    }
    const Variable *variable = variable_find(l, clang_getCursorReferenced(origin));
    return variable && variable->rank >= rank ? variable->extents[variable->rank - rank + level]
                                              : NULL;
}

/* The extents of the array type `type`, found in the expression it belongs to. */
unsigned type_extents(Lowering *l, CXType type, CXCursor cursor, Value ***extents)
{
    unsigned rank;
    const CXType elem = frontend_element(type, &rank);
    *extents = arena_new_array(l->arena, Value *, rank);
    for (unsigned i = 0; i < rank; i++) {
        type = clang_getCanonicalType(type);
        Value *extent = type.kind == CXType_ConstantArray
                            ? int_constant(l, clang_getArraySize(type))
                            : written_extent(l, origin_of(l, cursor), elem, i, rank);
        if (!extent) {
            unsupported(l, cursor, "this pointer to an array of variable length",
                        "use an array parameter or a variable of that type");
            extent = int_constant(l, 1);
        }
        (*extents)[i] = extent;
        type = clang_getArrayElementType(type);
    }
    return rank;
}

unsigned inner_extents(Lowering *l, CXCursor cursor, Value ***extents)
{
    return type_extents(l, pointee_of(clang_getCursorType(cursor)), cursor, extents);
}

/* &pointer[index], where pointer points to arrays with the given extents. */
static Value *element_address(Lowering *l, Value *pointer, Value *index, Value **extents,
                              unsigned inner_rank)
{
    if (!type_is_pointer(pointer->type) || !type_is_integer(index->type))
        return pointer;
    Value **indices = arena_new_array(l->arena, Value *, inner_rank + 1);
    indices[0] = index;
    for (unsigned i = 0; i < inner_rank; i++)
        indices[i + 1] = int_constant(l, 0);
    return build_index_n(&l->b, pointer, indices, extents, inner_rank + 1);
}

Value *offset_pointer(Lowering *l, CXCursor pointer_cursor, Value *pointer, Value *index)
{
    Value **extents;
    const unsigned rank = inner_extents(l, pointer_cursor, &extents);
    return element_address(l, pointer, index, extents, rank);
}

static Value *subscript_address(Lowering *l, CXCursor cursor)
{
    CXCursor base = child(l, cursor, 0), index = child(l, cursor, 1);
    if (!is_array_type(clang_getCursorType(base)) &&
        canonical_kind(clang_getCursorType(base)) != CXType_Pointer) {
        CXCursor swapped = base; /* 2[a] */
        base = index;
        index = swapped;
    }
    Value *pointer = lower_expression(l, base);
    Value *offset = lower_expression(l, index);
    return offset_pointer(l, base, pointer, offset);
}

/* ---- lvalues ---- */

static Value *undefined_pointer(Lowering *l, CXCursor cursor)
{
    unsigned rank;
    const CXType elem = frontend_element(clang_getCursorType(cursor), &rank);
    const Type *type = lower_type(l, elem, cursor);
    return build_undef(&l->b, type_pointer(l->types, type ? type : type_scalar(l->types, TYPE_INT)));
}

Value *name_address(Lowering *l, CXCursor cursor)
{
    CXCursor declaration = clang_getCursorReferenced(cursor);
    Variable *variable = variable_find(l, declaration);
    if (variable)
        return variable->address;
    if (clang_getCursorKind(declaration) == CXCursor_VarDecl) {
        Global *global = frontend_global(l->frontend, declaration);
        if (global)
            return build_global(&l->b, global);
    }
    return undefined_pointer(l, cursor); /* the error was reported at the declaration */
}

/* ---- structs ---- */

bool is_record_type(CXType type)
{
    return canonical_kind(type) == CXType_Record;
}

static Value *record_alloca(Lowering *l, CXCursor cursor)
{
    const Type *type = lower_type(l, clang_getCursorType(cursor), cursor);
    return type ? build_alloca(&l->b, type, NULL, 0, "value") : undefined_pointer(l, cursor);
}

void lower_record_copy(Lowering *l, Value *to, CXCursor expression)
{
    Value *from = lower_address(l, expression);
    if (from->type != to->type)
        return; /* an error was reported */
    l->b.loc = frontend_loc(l->frontend, expression);
    build_copy(&l->b, to, from, int_constant(l, 1));
    l->b.region->last->flags |= OP_FLAG_OVERLAP; /* s = s */
}

/* c ? s : t */
static Value *record_choice(Lowering *l, CXCursor cursor)
{
    Value *condition = lower_condition(l, child(l, cursor, 0));
    Value *address = record_alloca(l, cursor);
    Op *op = build_if(&l->b, condition, NULL, 0);
    for (unsigned r = 0; r < 2; r++) {
        const Branch branch = open_branch(l, op, r);
        lower_record_copy(l, address, child(l, cursor, r + 1));
        close_branch(l, branch);
    }
    return address;
}

/* A struct that is no lvalue, in a variable of its own. */
static Value *record_value_address(Lowering *l, CXCursor cursor)
{
    switch (clang_getCursorKind(cursor)) {
    case CXCursor_CallExpr: {
        Value *value = lower_call(l, cursor), *address = record_alloca(l, cursor);
        if (value && address->type->elem == value->type)
            build_store(&l->b, address, value);
        return address;
    }
    case CXCursor_ConditionalOperator:
        return record_choice(l, cursor);
    case CXCursor_BinaryOperator:
        if (clang_getCursorBinaryOperatorKind(cursor) == CXBinaryOperator_Comma) {
            lower_expression(l, child(l, cursor, 0));
            return lower_address(l, child(l, cursor, 1));
        }
        lower_expression(l, cursor);
        return lower_address(l, child(l, cursor, 0));
    default:
        unsupported(l, cursor, "this struct expression", "store the struct in a variable first");
        return undefined_pointer(l, cursor);
    }
}

static Value *member_address(Lowering *l, CXCursor cursor)
{
    CXCursor base = child(l, cursor, 0), member = clang_getCursorReferenced(cursor);
    const bool arrow = canonical_kind(clang_getCursorType(base)) == CXType_Pointer;
    Value *record = arrow ? lower_expression(l, base) : lower_address(l, base);
    l->b.loc = frontend_loc(l->frontend, cursor);
    const CXType base_type = clang_getCanonicalType(clang_getCursorType(base));
    const MemberPath path = frontend_member(
        l->frontend, arrow ? clang_getPointeeType(base_type) : base_type, member);
    for (size_t i = 0; i < path.numbers.count; i++) {
        const Type *type = record && type_is_pointer(record->type) ? record->type->elem : NULL;
        const unsigned number = path.numbers.items[i];
        if (!type || type->kind != TYPE_RECORD || number >= type->record->num_fields)
            return undefined_pointer(l, cursor); /* an error was reported */
        if (type->record->fields[number].type->kind == TYPE_VOID) {
            unsupported(l, cursor, "a member of this type", "use arithmetic types, arrays and pointers");
            return undefined_pointer(l, cursor);
        }
        record = build_field(&l->b, record, number);
    }
    return record;
}

static Value *lower_address_kind(Lowering *l, CXCursor cursor)
{
    l->b.loc = frontend_loc(l->frontend, cursor);
    switch (clang_getCursorKind(cursor)) {
    case CXCursor_ParenExpr:
    case CXCursor_UnexposedExpr:
        return lower_address(l, child(l, cursor, 0));
    case CXCursor_DeclRefExpr:
        return name_address(l, cursor);
    case CXCursor_ArraySubscriptExpr:
        return subscript_address(l, cursor);
    case CXCursor_MemberRefExpr:
        return member_address(l, cursor);
    case CXCursor_UnaryOperator:
        if (clang_getCursorUnaryOperatorKind(cursor) == CXUnaryOperator_Deref)
            return lower_expression(l, child(l, cursor, 0));
        break;
    case CXCursor_CompoundLiteralExpr: {
        const CXType type = clang_getCursorType(cursor);
        Value **extents;
        const unsigned rank = type_extents(l, type, cursor, &extents);
        unsigned ignored;
        const Type *elem =
            lower_type(l, frontend_element(type, &ignored), cursor);
        if (!elem)
            break;
        Value *address = build_alloca(&l->b, elem, extents, rank, "literal");
        lower_initializer(l, NULL, address, type, last_child(l, cursor));
        return address;
    }
    default:
        if (is_record_type(clang_getCursorType(cursor)))
            return record_value_address(l, cursor);
        break;
    }
    unsupported(l, cursor, "this expression as the target of an assignment or address",
                "name a variable, an element or *pointer");
    return undefined_pointer(l, cursor);
}

Value *lower_address(Lowering *l, CXCursor cursor)
{
    Value *address = lower_address_kind(l, cursor);
    const bool points = address && type_is_pointer(address->type);
    return points ? address : undefined_pointer(l, cursor); /* an error was reported */
}

/* ---- stores and loads ---- */

Value *decree_inactive(Lowering *l, bool is_inactive, Value *value)
{
    return is_inactive && type_is_floating(value->type) ? build_unary(&l->b, OP_INACTIVE, value)
                                                        : value;
}

void lower_store(Lowering *l, CXCursor target, Value *address, Value *value)
{
    const bool is_inactive = l->is_inactive || is_declared_inactive(l, target);
    build_store(&l->b, address, decree_inactive(l, is_inactive, value));
}

/* What is read from an inactive array may have been written through another name. */
Value *lower_load(Lowering *l, CXCursor lvalue, Value *address)
{
    Value *value = build_load(&l->b, address);
    if (type_is_pointer(value->type) && clang_getCursorKind(lvalue) == CXCursor_MemberRefExpr)
        value->name = frontend_spelling(l->frontend, lvalue);
    const bool is_inactive =
        type_is_floating(value->type) && (l->is_inactive || is_declared_inactive(l, lvalue));
    return decree_inactive(l, is_inactive, value);
}
