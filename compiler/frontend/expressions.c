/* Expressions: C's operators, with its promotions and conversions made explicit.
 *
 * An expression whose right side must not always run (&&, ||, ?:) becomes an `if` with a result,
 * unless running it could not be noticed: then it is a `land`, `lor` or `select`. */
#include <string.h>

#include "frontend/lower.h"

enum { MAX_NESTING = 1000 };

/* ---- help ---- */

Value *unsupported(Lowering *l, CXCursor cursor, const char *construct, const char *advice)
{
    diag(l->frontend->module->diags, MSG_UNSUPPORTED, frontend_loc(l->frontend, cursor), construct,
         advice);
    const Type *type = clang_isExpression(clang_getCursorKind(cursor))
                           ? frontend_find_type(l->frontend, clang_getCursorType(cursor))
                           : NULL;
    const bool has_value = type && type->kind != TYPE_VOID;
    return build_undef(&l->b, has_value ? type : type_scalar(l->types, TYPE_INT));
}

bool lower_enter(Lowering *l, CXCursor cursor)
{
    if (l->depth < MAX_NESTING) {
        l->depth++;
        return true;
    }
    if (!l->is_too_deep) /* once: on the way out there would be many */
        unsupported(l, cursor, "code nested this deeply", "split the function");
    l->is_too_deep = true;
    return false;
}

static CXCursor child(Lowering *l, CXCursor cursor, unsigned index)
{
    Cursors children = frontend_children(l->arena, cursor);
    return index < children.list.count ? children.list.items[index] : clang_getNullCursor();
}

static CXCursor last_child(Lowering *l, CXCursor cursor)
{
    Cursors children = frontend_children(l->arena, cursor);
    return children.list.count ? children.list.items[children.list.count - 1]
                               : clang_getNullCursor();
}

static enum CXChildVisitResult take_first(CXCursor cursor, CXCursor parent, CXClientData data)
{
    (void)parent;
    *(CXCursor *)data = cursor;
    return CXChildVisit_Break;
}

CXCursor strip_parens(CXCursor cursor)
{
    while (clang_getCursorKind(cursor) == CXCursor_ParenExpr ||
           clang_getCursorKind(cursor) == CXCursor_UnexposedExpr) {
        CXCursor inner = clang_getNullCursor();
        clang_visitChildren(cursor, take_first, &inner);
        if (clang_Cursor_isNull(inner))
            return cursor;
        cursor = inner;
    }
    return cursor;
}

static enum CXTypeKind canonical_kind(CXType type)
{
    return clang_getCanonicalType(type).kind;
}

static bool is_array_type(CXType type)
{
    const enum CXTypeKind kind = canonical_kind(type);
    return kind == CXType_ConstantArray || kind == CXType_VariableArray ||
           kind == CXType_IncompleteArray;
}

static const Type *type_of(Lowering *l, CXCursor cursor)
{
    const Type *type = lower_type(l, clang_getCursorType(cursor), cursor);
    return type ? type : type_scalar(l->types, TYPE_INT);
}

static Value *int_constant(Lowering *l, int64_t value)
{
    return build_int(&l->b, type_scalar(l->types, TYPE_INT), value);
}

/* ---- conversions ---- */

Value *lower_conversion(Lowering *l, Value *value, const Type *type)
{
    if (value->type == type || type->kind == TYPE_VOID)
        return value;
    if (type_is_pointer(type) && value_is_int(value, 0))
        return build_zero(&l->b, type);
    if (type->kind == TYPE_BOOL)
        return condition_of(l, value);
    return build_convert(&l->b, value, type);
}

/* C's truth values are ints; where one was made from a bool, that bool is the condition. */
Value *condition_of(Lowering *l, Value *value)
{
    if (value->type->kind == TYPE_BOOL)
        return value;
    if (value->op && value->op->kind == OP_CONVERT &&
        op_operand(value->op, 0)->type->kind == TYPE_BOOL)
        return op_operand(value->op, 0);
    if (!type_is_scalar(value->type))
        return build_bool(&l->b, false);
    return build_binary(&l->b, OP_NE, value, build_zero(&l->b, value->type));
}

Value *lower_condition(Lowering *l, CXCursor cursor)
{
    return condition_of(l, lower_expression(l, cursor));
}

static Value *truth(Lowering *l, Value *condition)
{
    return build_convert(&l->b, condition, type_scalar(l->types, TYPE_INT));
}

/* ---- purity ---- */

static enum CXChildVisitResult find_effect(CXCursor cursor, CXCursor parent, CXClientData data)
{
    (void)parent;
    bool *pure = data;
    switch (clang_getCursorKind(cursor)) {
    case CXCursor_CompoundAssignOperator:
    case CXCursor_StmtExpr:
        *pure = false;
        break;
    case CXCursor_CallExpr:
        *pure = *pure && call_is_pure(cursor);
        break;
    case CXCursor_BinaryOperator:
        *pure = *pure && clang_getCursorBinaryOperatorKind(cursor) != CXBinaryOperator_Assign;
        break;
    case CXCursor_UnaryOperator: {
        const enum CXUnaryOperatorKind kind = clang_getCursorUnaryOperatorKind(cursor);
        *pure = *pure && (kind < CXUnaryOperator_PostInc || kind > CXUnaryOperator_PreDec);
        break;
    }
    default:
        break;
    }
    return *pure ? CXChildVisit_Recurse : CXChildVisit_Break;
}

/* No assignment, no call but of mathematical functions: it can be evaluated as a loop's condition region. */
bool expression_is_pure(CXCursor cursor)
{
    bool pure = true;
    find_effect(cursor, cursor, &pure);
    if (pure)
        clang_visitChildren(cursor, find_effect, &pure);
    return pure;
}

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

/* The variable or cast behind an array expression: its extents are those of the expression's type,
 * which is a suffix of its own type. */
static CXCursor origin_of(Lowering *l, CXCursor cursor)
{
    for (CXCursor next = strip_parens(cursor); !clang_Cursor_isNull(next);
         next = strip_parens(step_inward(l, cursor)))
        cursor = next;
    return cursor;
}

/* The variable that an lvalue belongs to, if ADGEN(inactive) stands on it. */
static bool is_declared_inactive(Lowering *l, CXCursor lvalue)
{
    if (clang_Cursor_isNull(lvalue))
        return false;
    CXCursor origin = origin_of(l, lvalue);
    while (clang_getCursorKind(origin) == CXCursor_CStyleCastExpr)
        origin = origin_of(l, last_child(l, origin));
    if (clang_getCursorKind(origin) != CXCursor_DeclRefExpr)
        return false;
    CXCursor declaration = clang_getCursorReferenced(origin);
    const Variable *variable = variable_find(l, declaration);
    return variable ? variable->is_inactive : frontend_is_inactive(l->frontend, declaration);
}

static bool is_parameter_array(CXCursor cursor)
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
static unsigned type_extents(Lowering *l, CXType type, CXCursor cursor, Value ***extents)
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

static Value *offset_pointer(Lowering *l, CXCursor pointer_cursor, Value *pointer, Value *index)
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

static Value *name_address(Lowering *l, CXCursor cursor)
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

/* ---- operators ---- */

static OpKind arithmetic_op(enum CXBinaryOperatorKind kind)
{
    switch (kind) {
    case CXBinaryOperator_Mul:
    case CXBinaryOperator_MulAssign: return OP_MUL;
    case CXBinaryOperator_Div:
    case CXBinaryOperator_DivAssign: return OP_DIV;
    case CXBinaryOperator_Rem:
    case CXBinaryOperator_RemAssign: return OP_REM;
    case CXBinaryOperator_Add:
    case CXBinaryOperator_AddAssign: return OP_ADD;
    case CXBinaryOperator_Sub:
    case CXBinaryOperator_SubAssign: return OP_SUB;
    case CXBinaryOperator_Shl:
    case CXBinaryOperator_ShlAssign: return OP_SHL;
    case CXBinaryOperator_Shr:
    case CXBinaryOperator_ShrAssign: return OP_SHR;
    case CXBinaryOperator_And:
    case CXBinaryOperator_AndAssign: return OP_AND;
    case CXBinaryOperator_Xor:
    case CXBinaryOperator_XorAssign: return OP_XOR;
    case CXBinaryOperator_Or:
    case CXBinaryOperator_OrAssign: return OP_OR;
    case CXBinaryOperator_LT: return OP_LT;
    case CXBinaryOperator_GT: return OP_GT;
    case CXBinaryOperator_LE: return OP_LE;
    case CXBinaryOperator_GE: return OP_GE;
    case CXBinaryOperator_EQ: return OP_EQ;
    case CXBinaryOperator_NE: return OP_NE;
    default: return OP_COUNT;
    }
}

static Value *negated(Lowering *l, Value *index)
{
    const Type *type = promote(l->types, index->type);
    index = lower_conversion(l, index, type);
    if (!type_is_signed(l->types, type))
        index = build_convert(&l->b, index, type_scalar(l->types, TYPE_LONG));
    return build_unary(&l->b, OP_NEG, index);
}

static Value *pointer_difference(Lowering *l, CXCursor p_cursor, Value *p, Value *q)
{
    Value *difference = build_ptrdiff(&l->b, p, q);
    Value **extents;
    const unsigned rank = inner_extents(l, p_cursor, &extents);
    for (unsigned i = 0; i < rank; i++)
        difference = build_binary(&l->b, OP_DIV, difference,
                                  lower_conversion(l, extents[i], difference->type));
    return difference;
}

/* Pointers in + and -; NULL if neither operand is one. */
static Value *pointer_arithmetic(Lowering *l, OpKind op, CXCursor a_cursor, Value *a,
                                 CXCursor b_cursor, Value *b)
{
    const bool a_points = type_is_pointer(a->type), b_points = type_is_pointer(b->type);
    if (a_points && b_points && op == OP_SUB)
        return pointer_difference(l, a_cursor, a, b);
    if (a_points && op == OP_ADD)
        return offset_pointer(l, a_cursor, a, b);
    if (a_points && op == OP_SUB)
        return offset_pointer(l, a_cursor, a, negated(l, b));
    if (b_points && op == OP_ADD)
        return offset_pointer(l, b_cursor, b, a);
    return NULL;
}

static Value *arithmetic(Lowering *l, OpKind op, Value *a, Value *b)
{
    if (op == OP_SHL || op == OP_SHR)
        return build_binary(&l->b, op, lower_conversion(l, a, promote(l->types, a->type)),
                            lower_conversion(l, b, promote(l->types, b->type)));
    if (type_is_arithmetic(a->type) && type_is_arithmetic(b->type)) {
        const Type *type = usual_arithmetic(l->types, a->type, b->type);
        a = lower_conversion(l, a, type);
        b = lower_conversion(l, b, type);
    } else if (op_is_compare(op)) {
        b = lower_conversion(l, b, a->type); /* pointers */
        a = lower_conversion(l, a, b->type);
    }
    if (a->type != b->type)
        return a; /* an error was reported */
    Value *result = build_binary(&l->b, op, a, b);
    return op_is_compare(op) ? truth(l, result) : result;
}

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
static Value *lower_load(Lowering *l, CXCursor lvalue, Value *address)
{
    Value *value = build_load(&l->b, address);
    const bool is_inactive =
        type_is_floating(value->type) && (l->is_inactive || is_declared_inactive(l, lvalue));
    return decree_inactive(l, is_inactive, value);
}

static Value *lower_assignment(Lowering *l, CXCursor cursor)
{
    Value *address = lower_address(l, child(l, cursor, 0));
    Value *value = lower_expression(l, child(l, cursor, 1));
    if (!value)
        return address;
    value = lower_conversion(l, value, address->type->elem);
    l->b.loc = frontend_loc(l->frontend, cursor);
    lower_store(l, child(l, cursor, 0), address, value);
    return value;
}

static Value *lower_compound_assignment(Lowering *l, CXCursor cursor)
{
    CXCursor target = child(l, cursor, 0), source = child(l, cursor, 1);
    Value *right = lower_expression(l, source);
    Value *address = lower_address(l, target);
    const OpKind op = arithmetic_op(clang_getCursorBinaryOperatorKind(cursor));
    l->b.loc = frontend_loc(l->frontend, cursor);
    Value *old = build_load(&l->b, address);
    Value *value = pointer_arithmetic(l, op, target, old, source, right);
    if (!value)
        value = arithmetic(l, op, old, right);
    value = lower_conversion(l, value, address->type->elem);
    lower_store(l, target, address, value);
    return value;
}

static Value *lower_increment(Lowering *l, CXCursor cursor, enum CXUnaryOperatorKind kind)
{
    const bool up = kind == CXUnaryOperator_PreInc || kind == CXUnaryOperator_PostInc;
    const bool before = kind == CXUnaryOperator_PreInc || kind == CXUnaryOperator_PreDec;
    CXCursor target = child(l, cursor, 0);
    Value *address = lower_address(l, target);
    Value *old = build_load(&l->b, address);
    Value *value;
    if (type_is_pointer(old->type))
        value = offset_pointer(l, target, old, int_constant(l, up ? 1 : -1));
    else
        value = arithmetic(l, up ? OP_ADD : OP_SUB, old, int_constant(l, 1));
    value = lower_conversion(l, value, old->type);
    lower_store(l, target, address, value);
    return before ? value : old;
}

static Value *address_of(Lowering *l, CXCursor cursor)
{
    CXCursor operand = child(l, cursor, 0);
    return lower_address(l, operand);
}

static Value *lower_unary(Lowering *l, CXCursor cursor)
{
    const enum CXUnaryOperatorKind kind = clang_getCursorUnaryOperatorKind(cursor);
    switch (kind) {
    case CXUnaryOperator_PostInc:
    case CXUnaryOperator_PostDec:
    case CXUnaryOperator_PreInc:
    case CXUnaryOperator_PreDec:
        return lower_increment(l, cursor, kind);
    case CXUnaryOperator_AddrOf:
        return address_of(l, cursor);
    case CXUnaryOperator_Deref:
        if (is_array_type(clang_getCursorType(cursor)))
            return lower_address(l, cursor);
        return lower_load(l, cursor, lower_address(l, cursor));
    default:
        break;
    }
    Value *operand = lower_expression(l, child(l, cursor, 0));
    l->b.loc = frontend_loc(l->frontend, cursor);
    if (kind == CXUnaryOperator_LNot)
        return truth(l, build_unary(&l->b, OP_LNOT, condition_of(l, operand)));
    operand = lower_conversion(l, operand, promote(l->types, operand->type));
    if (kind == CXUnaryOperator_Minus)
        return build_unary(&l->b, OP_NEG, operand);
    if (kind == CXUnaryOperator_Not)
        return build_unary(&l->b, OP_NOT, operand);
    if (kind == CXUnaryOperator_Plus || kind == CXUnaryOperator_Extension)
        return operand;
    return unsupported(l, cursor, "this operator", "write it with real numbers");
}

/* ---- && || ?: ---- */

static Value *lower_into(Lowering *l, Region *region, CXCursor cursor, const Type *type)
{
    const Builder outer = l->b;
    l->b = builder_at_end(region);
    l->b.loc = outer.loc;
    Value *value = lower_expression(l, cursor);
    if (value)
        value = lower_conversion(l, value, type);
    l->b = outer;
    return value;
}

/* Can the right side of && and || as well run always? */
static bool region_is_speculatable(const Region *region)
{
    enum { MAX_COST = 40 };
    int cost = 0;
    for (const Op *op = region->first; op; op = op->next) {
        if (!op_is_speculatable(op))
            return false;
        cost += op_table[op->kind].cost;
    }
    return cost <= MAX_COST;
}

static bool is_linear(OpKind kind)
{
    return kind == OP_CONST || kind == OP_ADD || kind == OP_SUB || kind == OP_NEG ||
           kind == OP_CONVERT;
}

/* Can a side of ?: as well run always? Floating operations that are not linear cannot: the side that
 * is not chosen has the adjoint 0, and its partial may be infinite. */
static bool region_is_selectable(const Region *region)
{
    enum { MAX_COST = 3 };
    int cost = 0;
    for (const Op *op = region->first; op; op = op->next) {
        if (!op_is_speculatable(op) || op->num_results != 1 ||
            (type_is_floating(op_result(op, 0)->type) && !is_linear(op->kind)))
            return false;
        cost += op_table[op->kind].cost;
    }
    return cost <= MAX_COST;
}

static void splice(Region *from, Op *before)
{
    while (from->first) {
        Op *op = from->first;
        op_detach(op);
        op_insert_before(op, before);
    }
}

static void yield_from(Region *region, Value *value, SourceLoc loc)
{
    Builder b = builder_at_end(region);
    b.loc = loc;
    build_yield(&b, &value, 1);
}

static Value *lower_logic(Lowering *l, CXCursor cursor, bool is_and)
{
    Value *left = lower_condition(l, child(l, cursor, 0));
    const Type *type_bool = type_scalar(l->types, TYPE_BOOL);
    l->b.loc = frontend_loc(l->frontend, cursor);
    Op *op = build_if(&l->b, left, &type_bool, 1);
    Region *taken = op->regions[is_and ? 0 : 1], *other = op->regions[is_and ? 1 : 0];
    Value *right = lower_into(l, taken, child(l, cursor, 1), type_bool);
    if (region_is_speculatable(taken)) {
        splice(taken, op);
        op_erase(op);
        return truth(l, build_binary(&l->b, is_and ? OP_LAND : OP_LOR, left, right));
    }
    yield_from(taken, right, l->b.loc);
    Builder b = builder_at_end(other);
    yield_from(other, build_bool(&b, !is_and), l->b.loc);
    return truth(l, op_result(op, 0));
}

static Value *lower_choice(Lowering *l, CXCursor cursor)
{
    Value *condition = lower_condition(l, child(l, cursor, 0));
    const Type *type = type_of(l, cursor);
    const bool is_void = type->kind == TYPE_VOID;
    l->b.loc = frontend_loc(l->frontend, cursor);
    Op *op = build_if(&l->b, condition, &type, is_void ? 0 : 1);
    Value *sides[2];
    for (unsigned r = 0; r < 2; r++)
        sides[r] = lower_into(l, op->regions[r], child(l, cursor, r + 1), type);
    if (!is_void && region_is_selectable(op->regions[0]) && region_is_selectable(op->regions[1])) {
        splice(op->regions[0], op);
        splice(op->regions[1], op);
        op_erase(op);
        return build_select(&l->b, condition, sides[0], sides[1]);
    }
    for (unsigned r = 0; r < 2; r++) {
        Builder b = builder_at_end(op->regions[r]);
        b.loc = l->b.loc;
        build_yield(&b, &sides[r], is_void ? 0 : 1);
    }
    return is_void ? NULL : op_result(op, 0);
}

static Value *lower_binary(Lowering *l, CXCursor cursor)
{
    const enum CXBinaryOperatorKind kind = clang_getCursorBinaryOperatorKind(cursor);
    CXCursor left = child(l, cursor, 0), right = child(l, cursor, 1);
    switch (kind) {
    case CXBinaryOperator_Assign:
        return lower_assignment(l, cursor);
    case CXBinaryOperator_LAnd:
        return lower_logic(l, cursor, true);
    case CXBinaryOperator_LOr:
        return lower_logic(l, cursor, false);
    case CXBinaryOperator_Comma:
        lower_expression(l, left);
        return lower_expression(l, right);
    default:
        break;
    }
    const OpKind op = arithmetic_op(kind);
    if (op == OP_COUNT)
        return unsupported(l, cursor, "this operator", "write it with C's arithmetic operators");
    Value *a = lower_expression(l, left), *b = lower_expression(l, right);
    l->b.loc = frontend_loc(l->frontend, cursor);
    Value *pointer = pointer_arithmetic(l, op, left, a, right, b);
    return pointer ? pointer : arithmetic(l, op, a, b);
}

/* ---- leaves ---- */

static Value *lower_constant(Lowering *l, CXCursor cursor)
{
    const Type *type = type_of(l, cursor);
    Constant constant = {0};
    if (!constant_evaluate(l->frontend, cursor, type, &constant))
        return unsupported(l, cursor, "this constant", "write it as a number");
    return type_is_floating(type) ? build_float(&l->b, type, constant.float_value)
                                  : build_int(&l->b, type, constant.int_value);
}

/* sizeof, _Alignof. Where a variable's length is not constant, the size is computed. */
static Value *lower_size(Lowering *l, CXCursor cursor)
{
    CXCursor operand = child(l, cursor, 0);
    Constant constant;
    const Type *type = type_of(l, cursor);
    if (constant_evaluate(l->frontend, cursor, type, &constant))
        return build_int(&l->b, type, constant.int_value);
    if (!is_array_type(clang_getCursorType(operand)))
        return unsupported(l, cursor, "sizeof of a type of variable length",
                           "write n * sizeof(element)");
    Value **extents;
    const CXType array = clang_getCursorType(operand);
    const unsigned rank = type_extents(l, array, operand, &extents);
    unsigned ignored;
    Value *size =
        build_int(&l->b, type, clang_Type_getSizeOf(frontend_element(array, &ignored)));
    for (unsigned i = 0; i < rank; i++)
        size = build_binary(&l->b, OP_MUL, lower_conversion(l, extents[i], type), size);
    return size;
}

static Value *lower_string(Lowering *l, CXCursor cursor)
{
    return build_string(&l->b, frontend_spelling(l->frontend, cursor));
}

static Value *lower_name(Lowering *l, CXCursor cursor)
{
    CXCursor declaration = clang_getCursorReferenced(cursor);
    if (clang_getCursorKind(declaration) == CXCursor_EnumConstantDecl)
        return lower_constant(l, cursor);
    if (clang_getCursorKind(declaration) == CXCursor_FunctionDecl)
        return unsupported(l, cursor, "a function used as a value", "call it directly");
    Value *address = name_address(l, cursor);
    const CXType type = clang_getCursorType(cursor);
    if (is_array_type(type) && !is_parameter_array(cursor))
        return address; /* decays */
    return build_load(&l->b, address);
}

/* An implicit conversion: what it converts is its only child. */
static Value *lower_implicit(Lowering *l, CXCursor cursor)
{
    Cursors children = frontend_children(l->arena, cursor);
    Constant constant;
    const Type *type = frontend_find_type(l->frontend, clang_getCursorType(cursor));
    if (children.list.count != 1 && type && type_is_integer(type) &&
        constant_evaluate(l->frontend, cursor, type, &constant))
        return build_int(&l->b, type, constant.int_value); /* offsetof */
    if (children.list.count != 1)
        return unsupported(l, cursor, "this extension of C", "write it in standard C");
    CXCursor inner = children.list.items[0];
    Value *value = lower_expression(l, inner);
    if (!value || is_array_type(clang_getCursorType(cursor)) ||
        canonical_kind(clang_getCursorType(cursor)) == CXType_Void)
        return value;
    return lower_conversion(l, value, type_of(l, cursor));
}

static Value *lower_cast(Lowering *l, CXCursor cursor)
{
    Value *value = lower_expression(l, last_child(l, cursor));
    if (!value || canonical_kind(clang_getCursorType(cursor)) == CXType_Void)
        return NULL;
    return lower_conversion(l, value, type_of(l, cursor));
}

static Value *lower_lvalue(Lowering *l, CXCursor cursor)
{
    Value *address = lower_address(l, cursor);
    return is_array_type(clang_getCursorType(cursor)) ? address : lower_load(l, cursor, address);
}

static Value *lower_kind(Lowering *l, CXCursor cursor)
{
    switch (clang_getCursorKind(cursor)) {
    case CXCursor_ParenExpr:
        return lower_expression(l, child(l, cursor, 0));
    case CXCursor_UnexposedExpr:
        return lower_implicit(l, cursor);
    case CXCursor_IntegerLiteral:
    case CXCursor_FloatingLiteral:
    case CXCursor_CharacterLiteral:
        return lower_constant(l, cursor);
    case CXCursor_UnaryExpr:
        return lower_size(l, cursor);
    case CXCursor_StringLiteral:
        return lower_string(l, cursor);
    case CXCursor_DeclRefExpr:
        return lower_name(l, cursor);
    case CXCursor_ArraySubscriptExpr:
    case CXCursor_CompoundLiteralExpr:
        return lower_lvalue(l, cursor);
    case CXCursor_UnaryOperator:
        return lower_unary(l, cursor);
    case CXCursor_BinaryOperator:
        return lower_binary(l, cursor);
    case CXCursor_CompoundAssignOperator:
        return lower_compound_assignment(l, cursor);
    case CXCursor_ConditionalOperator:
        return lower_choice(l, cursor);
    case CXCursor_CStyleCastExpr:
        return lower_cast(l, cursor);
    case CXCursor_CallExpr:
        return lower_call(l, cursor);
    case CXCursor_MemberRefExpr:
        return unsupported(l, cursor, "a struct member", "pass it as a parameter");
    case CXCursor_GenericSelectionExpr:
        return unsupported(l, cursor, "_Generic", "write the expression that is meant");
    case CXCursor_StmtExpr:
        return unsupported(l, cursor, "a statement expression", "write a function");
    default:
        return unsupported(l, cursor, "this expression", "write it in standard C");
    }
}

Value *lower_expression(Lowering *l, CXCursor cursor)
{
    if (!lower_enter(l, cursor))
        return build_undef(&l->b, type_scalar(l->types, TYPE_INT));
    l->b.loc = frontend_loc(l->frontend, cursor);
    Value *value = lower_kind(l, cursor);
    l->depth--;
    return value;
}
