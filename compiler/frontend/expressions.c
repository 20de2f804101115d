/* Expressions: C's operators, with its promotions and conversions made explicit. */
#include <string.h>

#include "base/limits.h"
#include "frontend/lower.h"

enum { MAX_NESTING = DEPTH_LIMIT(1000, 40), MAX_TERMS = DEPTH_LIMIT(20000, 400) };

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

static void refuse_depth(Lowering *l, CXCursor cursor)
{
    if (!l->is_too_deep) /* once: on the way out there would be many */
        unsupported(l, cursor, "code nested this deeply", "split the function");
    l->is_too_deep = true;
}

bool lower_enter(Lowering *l, CXCursor cursor)
{
    if (l->depth < MAX_NESTING) {
        l->depth++;
        return true;
    }
    refuse_depth(l, cursor);
    return false;
}

CXCursor child(Lowering *l, CXCursor cursor, unsigned index)
{
    Cursors children = frontend_children(l->arena, cursor);
    return index < children.list.count ? children.list.items[index] : clang_getNullCursor();
}

CXCursor last_child(Lowering *l, CXCursor cursor)
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

enum CXTypeKind canonical_kind(CXType type)
{
    return clang_getCanonicalType(type).kind;
}

bool is_array_type(CXType type)
{
    const enum CXTypeKind kind = canonical_kind(type);
    return kind == CXType_ConstantArray || kind == CXType_VariableArray ||
           kind == CXType_IncompleteArray;
}

const Type *type_of(Lowering *l, CXCursor cursor)
{
    const Type *type = lower_type(l, clang_getCursorType(cursor), cursor);
    return type ? type : type_scalar(l->types, TYPE_INT);
}

Value *int_constant(Lowering *l, int64_t value)
{
    return build_int(&l->b, type_scalar(l->types, TYPE_INT), value);
}

/* ---- conversions ---- */

Value *lower_conversion(Lowering *l, Value *value, const Type *type)
{
    if (value->type == type || type->kind == TYPE_VOID)
        return value;
    if (type_is_pointer(type) &&
        (value_is_int(value, 0) || (value->op && value->op->kind == OP_NULLPTR)))
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

Value *truth(Lowering *l, Value *condition)
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

static Value *lower_assignment(Lowering *l, CXCursor cursor)
{
    Value *address = lower_address(l, child(l, cursor, 0));
    if (is_record_type(clang_getCursorType(cursor))) {
        lower_record_copy(l, address, child(l, cursor, 1));
        return build_load(&l->b, address);
    }
    Value *value = lower_expression(l, child(l, cursor, 1));
    if (!value)
        return address;
    l->b.loc = frontend_loc(l->frontend, cursor);
    value = lower_stored(l, address, value);
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
        value = arithmetic(l, op, lower_promoted(l, address, old), right);
    value = lower_stored(l, address, value);
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
    value = lower_stored(l, address, value);
    lower_store(l, target, address, value);
    return before ? value : old;
}

static bool is_function_type(CXType type)
{
    const enum CXTypeKind kind = canonical_kind(type);
    return kind == CXType_FunctionProto || kind == CXType_FunctionNoProto;
}

static Value *address_of(Lowering *l, CXCursor cursor)
{
    CXCursor operand = child(l, cursor, 0);
    if (is_function_type(clang_getCursorType(operand)))
        return lower_expression(l, operand);
    return lower_address(l, operand);
}

static Value *lower_unary(Lowering *l, CXCursor cursor)
{
    const enum CXUnaryOperatorKind kind = clang_getCursorUnaryOperatorKind(cursor);
    if (kind == CXUnaryOperator_Extension) /* __extension__ */
        return lower_expression(l, child(l, cursor, 0));
    switch (kind) {
    case CXUnaryOperator_PostInc:
    case CXUnaryOperator_PostDec:
    case CXUnaryOperator_PreInc:
    case CXUnaryOperator_PreDec:
        return lower_increment(l, cursor, kind);
    case CXUnaryOperator_AddrOf:
        return address_of(l, cursor);
    case CXUnaryOperator_Deref:
        if (is_function_type(clang_getCursorType(cursor)))
            return lower_expression(l, child(l, cursor, 0));
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
    if (kind == CXUnaryOperator_Plus)
        return operand;
    return unsupported(l, cursor, "this operator", "write it with real numbers");
}

static bool is_arithmetic(CXCursor cursor)
{
    return clang_getCursorKind(cursor) == CXCursor_BinaryOperator &&
           arithmetic_op(clang_getCursorBinaryOperatorKind(cursor)) != OP_COUNT;
}

/* a + b + c + ...: as many levels as there are terms, thousands in code that machines write; from the innermost on, without
 * going down. */
static Value *lower_terms(Lowering *l, CXCursor cursor)
{
    VEC(CXCursor) levels = {0};
    if (!is_arithmetic(cursor))
        return unsupported(l, cursor, "this operator", "write it with C's arithmetic operators");
    for (; is_arithmetic(cursor); cursor = child(l, cursor, 0))
        vec_push(l->arena, &levels, cursor);
    if (levels.count > MAX_TERMS) {
        refuse_depth(l, levels.items[0]);
        return build_undef(&l->b, type_scalar(l->types, TYPE_INT));
    }
    CXCursor left = cursor;
    Value *a = lower_expression(l, left);
    for (size_t i = levels.count; i-- > 0;) {
        CXCursor right = child(l, levels.items[i], 1);
        Value *b = lower_expression(l, right);
        const OpKind op = arithmetic_op(clang_getCursorBinaryOperatorKind(levels.items[i]));
        l->b.loc = frontend_loc(l->frontend, levels.items[i]);
        Value *pointer = pointer_arithmetic(l, op, left, a, right, b);
        a = pointer ? pointer : arithmetic(l, op, a, b);
        left = levels.items[i];
    }
    return a;
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
    return lower_terms(l, cursor);
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
        return lower_function_name(l, cursor);
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

/* GNU's ({ ... }): its value is that of the last statement, if that is an expression. */
static Value *lower_statement_expression(Lowering *l, CXCursor cursor)
{
    Cursors statements = frontend_children(l->arena, child(l, cursor, 0));
    Block block = {statements.list.items, statements.list.count};
    const bool has_value = canonical_kind(clang_getCursorType(cursor)) != CXType_Void && block.count &&
                           clang_isExpression(clang_getCursorKind(block.statements[block.count - 1]));
    block.count -= has_value;
    const Exits exits = lower_block(l, block);
    if (!exits.falls || leaves(exits))
        return unsupported(l, cursor, "a jump out of a statement expression", "write a function");
    return has_value ? lower_expression(l, block.statements[block.count]) : NULL;
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
    case CXCursor_MemberRefExpr:
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
    case CXCursor_GenericSelectionExpr:
        return unsupported(l, cursor, "_Generic", "write the expression that is meant");
    case CXCursor_StmtExpr:
        return lower_statement_expression(l, cursor);
    default:
        if (canonical_kind(clang_getCursorType(cursor)) == CXType_Complex) {
            type_of(l, cursor); /* says that it is refused */
            return int_constant(l, 0);
        }
        return unsupported(l, cursor, "this expression", "write it in standard C");
    }
}

Value *lower_expression(Lowering *l, CXCursor cursor)
{
    if (!lower_enter(l, cursor))
        return build_undef(&l->b, type_scalar(l->types, TYPE_INT));
    l->b.loc = frontend_loc(l->frontend, cursor);
    const enum CXCursorKind kind = clang_getCursorKind(cursor);
    const bool is_record = is_record_type(clang_getCursorType(cursor)) && kind != CXCursor_CallExpr &&
                           kind != CXCursor_BinaryOperator;
    Value *value = is_record ? build_load(&l->b, lower_address(l, cursor)) : lower_kind(l, cursor);
    l->depth--;
    return value;
}
