/* Expressions: folded values as C, with as few parentheses and casts as keep their meaning.
 *
 * An operand is exact if its C type is the type of its value. Of two operands of an arithmetic operator
 * one may be inexact (the number 2 for 2.0, an int for its conversion to double): C's usual conversions
 * then do what the IR's explicit ones say. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "backend/printer.h"

/* ---- numbers ---- */

static const char *print_integer(Arena *arena, const Type *type, int64_t value, bool exact)
{
    static const char *const suffixes[] = {
        [TYPE_UINT] = "u", [TYPE_LONG] = "L", [TYPE_ULONG] = "uL", [TYPE_LLONG] = "LL",
        [TYPE_ULLONG] = "uLL"};
    const bool has_suffix = type->kind >= TYPE_UINT && type->kind <= TYPE_ULLONG;
    const bool is_unsigned = type->kind == TYPE_UINT || type->kind == TYPE_ULONG ||
                             type->kind == TYPE_ULLONG;
    const bool small = value >= (is_unsigned ? 0 : INT32_MIN + 1) && value <= INT32_MAX;
    const char *suffix = has_suffix && (exact || !small) ? suffixes[type->kind] : "";
    if (is_unsigned && !small)
        return arena_format(arena, "%llu%s",
                            (unsigned long long)(type->kind == TYPE_UINT ? (uint32_t)value
                                                                         : (uint64_t)value),
                            suffix);
    if (value == INT64_MIN)
        return arena_format(arena, "(-9223372036854775807%s - 1)", suffix);
    if (value == INT32_MIN && !has_suffix)
        return "(-2147483647 - 1)";
    return arena_format(arena, "%lld%s", (long long)value, suffix);
}

static bool same_number(const Type *type, const char *text, long double number)
{
    if (type->kind == TYPE_F32)
        return strtof(text, NULL) == (float)number;
    if (type->kind == TYPE_F64)
        return strtod(text, NULL) == (double)number;
    return strtold(text, NULL) == number;
}

static const char *print_floating(Arena *arena, const Type *type, long double number, bool exact)
{
    if (number != number)
        return "NAN";
    if (isinf(number))
        return number > 0 ? "INFINITY" : "-INFINITY";
    const char *text = "";
    for (int digits = 1; digits <= 21; digits++) {
        text = arena_format(arena, "%.*Lg", digits, number);
        if (same_number(type, text, number))
            break;
    }
    const bool small = fabsl(number) < 1e9L && fabsl(number) >= 1;
    for (int digits = 0; small && digits <= 20 && strchr(text, 'e'); digits++) {
        const char *plain = arena_format(arena, "%.*Lf", digits, number);
        if (same_number(type, plain, number))
            text = plain;
    }
    const bool integral = !strpbrk(text, ".e");
    if (integral && !exact && !signbit(number))
        return text;
    const char *point = integral ? ".0" : "";
    return arena_format(arena, "%s%s%s", text, point,
                        type->kind == TYPE_F32 ? "f" : type->kind == TYPE_F80 ? "L" : "");
}

const char *print_number(Arena *arena, const Type *type, int64_t integer, long double number,
                         bool exact)
{
    return type_is_floating(type) ? print_floating(arena, type, number, exact)
                                  : print_integer(arena, type, integer, exact);
}

/* ---- help ---- */

typedef struct Piece {
    const char *text;
    Precedence precedence;
} Piece;

static Piece print_op(Printer *p, const Op *op);

static const char *wrap(Printer *p, Piece piece, Precedence precedence)
{
    return piece.precedence < precedence ? arena_format(p->arena, "(%s)", piece.text) : piece.text;
}

static bool is_folded(const Printer *p, const Value *value)
{
    return p->placement->folded[value->id];
}

static const char *variable_name(Printer *p, const Value *value)
{
    const Variable *variable = p->placement->variables[value->id];
    if (!variable || !variable->name)
        internal_error("back end", "a value without a name in '%s' (%s %u)", p->function->name,
                       value->op ? op_table[value->op->kind].text : "argument", value->id);
    return variable->name;
}

/* 2.0 / 3 for a number that takes a dozen digits and is just that; NULL: it is none. */
static const char *print_quotient(Arena *arena, const Type *type, long double number)
{
    enum { MAX_DENOMINATOR = 100, MAX_NUMERATOR = 1000 };
    for (int denominator = 3; denominator <= MAX_DENOMINATOR; denominator++) {
        const long double numerator = roundl(number * denominator);
        if (numerator == 0 || fabsl(numerator) > MAX_NUMERATOR)
            continue;
        const bool same = type->kind == TYPE_F32   ? (float)numerator / (float)denominator == (float)number
                          : type->kind == TYPE_F64 ? (double)numerator / denominator == (double)number
                                                   : numerator / denominator == number;
        if (same)
            return arena_format(arena, "%s / %d", print_floating(arena, type, numerator, true), denominator);
    }
    return NULL;
}

static Piece print_constant(Printer *p, const Value *value, bool exact)
{
    const Op *op = value->op;
    if (type_is_floating(value->type) && !isfinite(op->float_value))
        *p->includes |= INCLUDE_MATH;
    if (op->text)
        return (Piece){op->text, PREC_PRIMARY};
    const char *text =
        print_number(p->arena, value->type, op->int_value, op->float_value, exact);
    const char *quotient = type_is_floating(value->type) && strlen(text) > 12
                               ? print_quotient(p->arena, value->type, op->float_value) : NULL;
    if (quotient)
        return (Piece){quotient, PREC_PRODUCT};
    return (Piece){text, text[0] == '-' ? PREC_UNARY : PREC_PRIMARY};
}

static Piece print_address(Printer *p, const Value *pointer);
static bool is_array_or_local(Printer *p, const Value *pointer);

static Piece print_piece(Printer *p, const Value *value)
{
    if (is_array_or_local(p, value))
        return print_address(p, value);
    if (!is_folded(p, value))
        return (Piece){variable_name(p, value), PREC_PRIMARY};
    if (value_is_const(value))
        return print_constant(p, value, true);
    return print_op(p, value->op);
}

const char *print_value(Printer *p, const Value *value, Precedence precedence)
{
    return wrap(p, print_piece(p, value), precedence);
}

/* ---- conversions ---- */

/* Does C convert `from` to `to` by itself, silently and exactly as an explicit cast would? */
static bool converts_silently(const Printer *p, const Type *from, const Type *to)
{
    (void)p;
    if (from->kind == TYPE_BOOL)
        return type_is_arithmetic(to);
    if (type_is_floating(to))
        return !type_is_floating(from) || from->kind <= to->kind;
    return type_is_integer(from) && type_is_integer(to) && to->kind != TYPE_BOOL &&
           to->kind >= from->kind;
}

/* Is every number of the one type also one of the other? */
static bool keeps_value(const Types *types, const Type *from, const Type *to)
{
    if (from->kind == TYPE_BOOL)
        return true;
    if (type_is_floating(from))
        return type_is_floating(to) && from->kind <= to->kind;
    const bool from_signed = type_is_signed(types, from);
    const unsigned digits = type_bits(types, from) - from_signed;
    if (type_is_floating(to))
        return digits <= (to->kind == TYPE_F32 ? 24 : 53);
    const bool to_signed = type_is_signed(types, to);
    return digits <= type_bits(types, to) - to_signed && (to_signed || !from_signed);
}

/* Without the conversion that C makes by itself where the value is used, and without those before it that change nothing:
 * (double)(unsigned)i is not i. */
static const Value *strip_silent(const Printer *p, const Value *value)
{
    for (bool first = true; is_folded(p, value) && value->op->kind == OP_CONVERT; first = false) {
        const Value *from = op_operand(value->op, 0);
        if (!converts_silently(p, from->type, value->type) ||
            !(first || keeps_value(p->module->types, from->type, value->type)))
            break;
        value = from;
    }
    return value;
}

static Piece print_assigned_piece(Printer *p, const Value *value)
{
    value = strip_silent(p, value);
    if (is_folded(p, value) && value_is_const(value))
        return print_constant(p, value, false);
    return print_piece(p, value);
}

const char *print_assigned(Printer *p, const Value *value)
{
    return print_assigned_piece(p, value).text;
}

static bool is_inexact(const Printer *p, const Value *value)
{
    return is_folded(p, value) &&
           (value_is_const(value) ||
            (value->op->kind == OP_CONVERT && strip_silent(p, value) != value));
}

/* The integers whose usual conversion gives the type. */
static bool arrives_at(const Value *stripped, const Type *type)
{
    const Type *from = stripped->type;
    if (type_is_floating(type))
        return true;
    return from->kind <= type->kind && type->kind >= TYPE_INT;
}

/* May `value` be written inexactly beside `other`? One of the two has to be exact; of a number and a
 * conversion it is the number (1.0 / n). */
static bool may_be_inexact(const Printer *p, const Value *value, const Value *other)
{
    if (!is_inexact(p, value) || !arrives_at(strip_silent(p, value), value->type))
        return false;
    return !is_inexact(p, other) || (value_is_const(other) && !value_is_const(value));
}

static Piece print_arithmetic_operand(Printer *p, const Value *value, const Value *other)
{
    return may_be_inexact(p, value, other) ? print_assigned_piece(p, value) : print_piece(p, value);
}

/* ---- operators ---- */

static Precedence infix_precedence(OpKind kind)
{
    switch (kind) {
    case OP_MUL: case OP_DIV: case OP_REM: return PREC_PRODUCT;
    case OP_ADD: case OP_SUB: return PREC_SUM;
    case OP_SHL: case OP_SHR: return PREC_SHIFT;
    case OP_LT: case OP_LE: case OP_GT: case OP_GE: return PREC_COMPARE;
    case OP_EQ: case OP_NE: return PREC_EQUAL;
    case OP_AND: return PREC_BIT_AND;
    case OP_XOR: return PREC_BIT_XOR;
    case OP_OR: return PREC_BIT_OR;
    case OP_LAND: return PREC_AND;
    default: return PREC_OR;
    }
}

/* How tightly operands must bind: beyond C's rules, what compilers warn about gets parentheses. */
static Precedence operand_precedence(Precedence precedence, bool right)
{
    switch (precedence) {
    case PREC_OR:
    case PREC_AND:
        return right ? PREC_BIT_OR : precedence;
    case PREC_BIT_OR:
    case PREC_BIT_XOR:
    case PREC_BIT_AND:
        return PREC_UNARY;
    case PREC_SHIFT:
        return PREC_PRODUCT;
    case PREC_EQUAL:
    case PREC_COMPARE:
        return PREC_SHIFT;
    default:
        return right ? (Precedence)(precedence + 1) : precedence;
    }
}

static Piece print_logic_operand(Printer *p, const Value *value, Precedence precedence)
{
    Piece piece = print_piece(p, value);
    if (precedence == PREC_OR && piece.precedence == PREC_AND)
        piece = (Piece){arena_format(p->arena, "(%s)", piece.text), PREC_PRIMARY};
    return piece;
}

/* Compilers warn of comparisons between signed and unsigned, and of truth values with numbers. */
static bool needs_cast(const Printer *p, const Value *value)
{
    const Types *types = p->module->types;
    const Type *from = strip_silent(p, value)->type;
    if (!type_is_integer(from) || !type_is_integer(value->type) || value_is_const(value))
        return false;
    return from->kind != value->type->kind &&
           (from->kind == TYPE_BOOL ||
            (type_is_signed(types, from) && !type_is_signed(types, value->type)));
}

static const char *name_beside_null(Printer *p, const Value *value, const Value *other);

static Piece print_compared(Printer *p, const Value *value, const Value *other)
{
    const char *name = name_beside_null(p, value, other);
    if (name)
        return (Piece){name, PREC_PRIMARY};
    return needs_cast(p, value) ? print_piece(p, value) : print_arithmetic_operand(p, value, other);
}

static Piece print_infix(Printer *p, const Op *op)
{
    const Precedence precedence = infix_precedence(op->kind);
    const Value *a = op_operand(op, 0), *b = op_operand(op, 1);
    Piece left, right;
    if (precedence <= PREC_AND) {
        left = print_logic_operand(p, a, precedence);
        right = print_logic_operand(p, b, precedence);
    } else if (precedence == PREC_SHIFT) {
        left = print_piece(p, a);
        right = print_assigned_piece(p, b);
    } else if (op_is_compare(op->kind)) {
        left = print_compared(p, a, b);
        right = print_compared(p, b, a);
    } else {
        left = print_arithmetic_operand(p, a, b);
        right = print_arithmetic_operand(p, b, a);
    }
    const char *left_text = wrap(p, left, operand_precedence(precedence, false));
    const char *right_text = wrap(p, right, operand_precedence(precedence, true));
    if (right_text[0] == '-' && precedence == PREC_SUM)
        right_text = arena_format(p->arena, "(%s)", right_text);
    return (Piece){arena_format(p->arena, "%s %s %s", left_text, op_table[op->kind].spelling,
                                right_text),
                   precedence};
}

static Piece print_prefix(Printer *p, const Op *op)
{
    const char *operand = print_value(p, op_operand(op, 0), PREC_UNARY);
    const bool twice = operand[0] == op_table[op->kind].spelling[0];
    return (Piece){arena_format(p->arena, twice ? "%s(%s)" : "%s%s", op_table[op->kind].spelling,
                                operand),
                   PREC_UNARY};
}

static Piece print_math(Printer *p, const Op *op)
{
    const bool macro = op_table[op->kind].style == STYLE_MACRO;
    const bool exact = macro || op->kind == OP_FABS; /* compilers warn of fabs of an integer */
    const char *name = op_table[op->kind].spelling;
    const Type *type = op_operand(op, op->num_operands - 1)->type;
    if (op_table[op->kind].type_rule == RULE_SCALE || op->kind == OP_NEXTTOWARD || op->kind == OP_INNER)
        type = op->results[0]->type;
    *p->includes |= strncmp(name, "ad_", 3) == 0 ? INCLUDE_RUNTIME : INCLUDE_MATH;
    Text text = {0};
    text_printf(p->arena, &text, "%s%s(", name, macro ? "" : type_math_suffix(type));
    for (unsigned i = 0; i < op->num_operands; i++) {
        const Value *operand = op_operand(op, i);
        text_printf(p->arena, &text, "%s%s", i ? ", " : "",
                    exact && !type_is_pointer(operand->type) ? print_value(p, operand, PREC_ASSIGN)
                                                             : print_assigned(p, operand));
    }
    text_puts(p->arena, &text, ")");
    return (Piece){text.items, PREC_POSTFIX};
}

/* ---- functions ---- */

void note_called(Printer *p, const Function *callee)
{
    for (size_t i = 0; i < p->called->count; i++)
        if (p->called->items[i] == callee)
            return;
    vec_push(p->arena, p->called, callee);
}

/* ---- addresses ---- */

static const Op *shape_of(const Value *pointer)
{
    for (const Use *use = pointer->uses; use; use = use->next)
        if (use->user->kind == OP_SHAPE)
            return use->user;
    return NULL;
}

static const char *print_pointer_primary(Printer *p, const Value *pointer);

/* What an address starts from: a named array with its declared extents. */
typedef struct Base {
    const char *name;
    unsigned rank;       /* declared dimensions; 0: a plain variable */
    const Op *extents;   /* shape or alloca, or NULL */
    unsigned first;      /* operand number of the outermost extent */
    const int64_t *constants; /* a global's extents */
    bool is_pointer;     /* declared as pointer, not as array */
} Base;

/* record.member, pointer->member; the members of an unnamed member are those of the record around it. */
static const char *print_member(Printer *p, const Op *field)
{
    const Value *record = op_operand(field, 0);
    const char *name = record->type->elem->record->fields[field->int_value].name;
    if (!name)
        return print_element(p, record);
    while (record->op && record->op->kind == OP_FIELD &&
           !op_operand(record->op, 0)->type->elem->record->fields[record->op->int_value].name)
        record = op_operand(record->op, 0);
    const char *element = print_element(p, record);
    if (element[0] != '*')
        return arena_format(p->arena, "%s.%s", element, name);
    return arena_format(p->arena, "%s->%s", print_pointer_primary(p, record), name);
}

static bool find_base(Printer *p, const Value *pointer, Base *base)
{
    const Op *op = pointer->op;
    if (!op && !pointer->region->owner) {
        const Param *param = &p->function->params[pointer->index];
        *base = (Base){.name = variable_name(p, pointer),
                       .rank = param->rank,
                       .extents = shape_of(pointer),
                       .first = 1,
                       .is_pointer = !param->decl || param->decl->kind == DECL_POINTER};
        return true;
    }
    if (op && op->kind == OP_ALLOCA) {
        *base = (Base){.name = variable_name(p, pointer), .rank = op->num_operands, .extents = op};
        return true;
    }
    if (op && op->kind == OP_FIELD) {
        const Field *field = &op_operand(op, 0)->type->elem->record->fields[op->int_value];
        *base = (Base){.name = print_member(p, op), .rank = field->rank, .constants = field->extents};
        return true;
    }
    if (op && op->kind == OP_GLOBAL) {
        const Global *global = op->global;
        *base = (Base){.name = global->name, .rank = global->rank, .constants = global->extents};
        for (size_t i = 0; i < p->globals->count; i++)
            if (p->globals->items[i] == global)
                return true;
        vec_push(p->arena, p->globals, global);
        return true;
    }
    return false;
}

static bool same_extent(const Value *a, const Value *b)
{
    return a == b ||
           (value_is_const(a) && value_is_const(b) && a->op->int_value == b->op->int_value);
}

/* Do the extents that the index op was built with match those of the declaration? */
static bool extents_match(const Base *base, const Op *index)
{
    const unsigned rank = index->num_operands / 2;
    if (rank != base->rank)
        return false;
    for (unsigned i = 1; i < rank; i++) {
        const Value *extent = op_operand(index, 2 * i);
        if (base->constants) {
            if (!value_is_int(extent, base->constants[i]))
                return false;
        } else if (!base->extents ||
                   !same_extent(extent, op_operand(base->extents, base->first + i))) {
            return false;
        }
    }
    return true;
}

static const char *print_subscript(Printer *p, const Value *index)
{
    return print_assigned(p, index);
}

static bool is_first(const Op *index)
{
    for (unsigned i = 1; i < index->num_operands; i += 2)
        if (!value_is_int(op_operand(index, i), 0))
            return false;
    return true;
}

static const char *linear_index(Printer *p, const Op *index)
{
    if (is_first(index))
        return "0";
    const char *text = print_assigned(p, op_operand(index, 1));
    Precedence precedence = print_assigned_piece(p, op_operand(index, 1)).precedence;
    for (unsigned i = 2; i < index->num_operands; i += 2) {
        const Piece next = print_assigned_piece(p, op_operand(index, i + 1));
        if (strcmp(text, "0") == 0) { /* the first row */
            text = next.text;
            precedence = next.precedence;
            continue;
        }
        text = wrap(p, (Piece){text, precedence}, PREC_PRODUCT);
        const char *extent = wrap(p, print_assigned_piece(p, op_operand(index, i)), PREC_UNARY);
        const char *term = wrap(p, next, PREC_SUM);
        text = strcmp(term, "0") == 0 ? arena_format(p->arena, "%s * %s", text, extent)
                                      : arena_format(p->arena, "%s * %s + %s", text, extent, term);
        precedence = strcmp(term, "0") == 0 ? PREC_PRODUCT : PREC_SUM;
    }
    return text;
}

/* The name of an array's first element, as a pointer to it. */
static const char *first_element(Printer *p, const Base *base)
{
    if (base->rank == 1)
        return base->name;
    if (base->rank == 0)
        return arena_format(p->arena, "(&%s)", base->name);
    const char *text = base->name;
    for (unsigned i = 0; i < base->rank; i++)
        text = arena_format(p->arena, "%s[0]", text);
    return arena_format(p->arena, "(&%s)", text);
}

/* name[i][j]..., as far as operand number `end` of the index. */
static const char *print_subscripts(Printer *p, const Base *base, const Op *index, unsigned end)
{
    const char *text = base->name;
    for (unsigned i = 1; i < end; i += 2)
        text = arena_format(p->arena, "%s[%s]", text, print_subscript(p, op_operand(index, i)));
    return text;
}

/* Row i of a matrix, m[i], or NULL. It is the address of its first element; &m[i][0] would be out of bounds where the
 * row is that behind the last. */
static const char *print_row(Printer *p, const Value *pointer)
{
    const Op *index = pointer->op;
    Base base;
    if (!index || index->kind != OP_INDEX || index->num_operands < 4 || !is_folded(p, pointer) ||
        !find_base(p, op_operand(index, 0), &base) || !extents_match(&base, index))
        return NULL;
    const unsigned last = index->num_operands - 1;
    if (!value_is_int(op_operand(index, last), 0) || value_is_int(op_operand(index, last - 2), 0))
        return NULL;
    return print_subscripts(p, &base, index, last);
}

/* What is subscripted: the address of an element, as a row's own subscripts would end with the row. */
static const char *print_pointer_primary(Printer *p, const Value *pointer)
{
    Base base;
    if (find_base(p, pointer, &base))
        return first_element(p, &base);
    const char *row = print_row(p, pointer);
    return row ? arena_format(p->arena, "(&%s[0])", row) : print_value(p, pointer, PREC_POSTFIX);
}

static const char *print_indexed(Printer *p, const Op *index)
{
    const Value *pointer = op_operand(index, 0);
    Base base;
    if (find_base(p, pointer, &base) && extents_match(&base, index)) {
        const bool star = base.rank == 1 && base.is_pointer && value_is_int(op_operand(index, 1), 0);
        return star ? arena_format(p->arena, "*%s", base.name)
                    : print_subscripts(p, &base, index, index->num_operands);
    }
    return arena_format(p->arena, "%s[%s]", print_pointer_primary(p, pointer),
                        linear_index(p, index));
}

const char *print_element(Printer *p, const Value *pointer)
{
    const Op *op = pointer->op;
    Base base;
    if (op && op->kind == OP_INDEX && is_folded(p, pointer))
        return print_indexed(p, op);
    if (!find_base(p, pointer, &base))
        return arena_format(p->arena, "*%s", print_value(p, pointer, PREC_UNARY));
    if (base.rank == 0)
        return base.name;
    if (base.rank == 1 && base.is_pointer)
        return arena_format(p->arena, "*%s", base.name);
    const char *text = base.name;
    for (unsigned i = 0; i < base.rank; i++)
        text = arena_format(p->arena, "%s[0]", text);
    return text;
}

static Piece print_address(Printer *p, const Value *pointer)
{
    const char *row = print_row(p, pointer);
    if (row)
        return (Piece){row, PREC_POSTFIX};
    Base base;
    const Op *op = pointer->op;
    if (op && op->kind == OP_INDEX && is_folded(p, pointer) && is_first(op) &&
        !(find_base(p, op_operand(op, 0), &base) && extents_match(&base, op)))
        return (Piece){print_pointer_primary(p, op_operand(op, 0)), PREC_POSTFIX};
    const char *element = print_element(p, pointer);
    if (element[0] == '*')
        return (Piece){element + 1, PREC_UNARY};
    if (find_base(p, pointer, &base) && base.rank == 1)
        return (Piece){base.name, PREC_PRIMARY};
    return (Piece){arena_format(p->arena, "&%s", element), PREC_UNARY};
}

/* A name that is not a pointer in C where the value is one: &local, &matrix[0][0]. */
static bool is_array_or_local(Printer *p, const Value *pointer)
{
    Base base;
    const bool is_index = pointer->op && pointer->op->kind == OP_INDEX;
    return type_is_pointer(pointer->type) && !is_index && find_base(p, pointer, &base) &&
           (base.rank > 1 || !base.is_pointer);
}

/* A matrix is compared with NULL by its name: compilers warn that the address of its first element never is. */
static const char *name_beside_null(Printer *p, const Value *value, const Value *other)
{
    Base base;
    const bool beside_null = other->op && other->op->kind == OP_NULLPTR;
    return beside_null && find_base(p, value, &base) && base.rank > 1 ? base.name : NULL;
}

/* ---- other ops ---- */

/* Sides of different signedness draw a warning: unsigned ones keep their casts. */
static const char *print_side(Printer *p, const Value *side, const Value *other)
{
    const bool is_unsigned =
        type_is_integer(side->type) && !type_is_signed(p->module->types, side->type);
    return wrap(p, is_unsigned ? print_piece(p, side) : print_arithmetic_operand(p, side, other),
                PREC_CHOICE);
}

static Piece print_choice(Printer *p, const Value *condition, const Value *a, const Value *b)
{
    const char *test = print_value(p, condition, PREC_OR);
    const char *first = print_side(p, a, b);
    const char *second = print_side(p, b, a);
    return (Piece){arena_format(p->arena, "%s ? %s : %s", test, first, second), PREC_CHOICE};
}

/* An if whose regions are expressions. */
static Piece print_if_expression(Printer *p, const Op *op)
{
    const Value *condition = op_operand(op, 0);
    const Value *a = op_operand(region_terminator(op->regions[0]), 0);
    const Value *b = op_operand(region_terminator(op->regions[1]), 0);
    const bool logic = op->results[0]->type->kind == TYPE_BOOL;
    if (logic && value_is_int(b, 0))
        return (Piece){arena_format(p->arena, "%s && %s",
                                    wrap(p, print_logic_operand(p, condition, PREC_AND), PREC_AND),
                                    wrap(p, print_logic_operand(p, a, PREC_AND), PREC_BIT_OR)),
                       PREC_AND};
    if (logic && value_is_int(a, 1))
        return (Piece){arena_format(p->arena, "%s || %s",
                                    wrap(p, print_logic_operand(p, condition, PREC_OR), PREC_OR),
                                    wrap(p, print_logic_operand(p, b, PREC_OR), PREC_BIT_OR)),
                       PREC_OR};
    return print_choice(p, condition, a, b);
}

static Piece print_convert(Printer *p, const Op *op)
{
    const Value *operand = op_operand(op, 0);
    const Type *type = op->results[0]->type;
    if (operand->type->kind == TYPE_BOOL && type->kind == TYPE_INT)
        return print_piece(p, operand);
    if (type->kind == TYPE_PTR)
        return (Piece){arena_format(p->arena, "(%s)%s", print_type(p->arena, type, false),
                                    print_value(p, operand, PREC_UNARY)),
                       PREC_UNARY};
    return (Piece){arena_format(p->arena, "(%s)%s", type_c_name(type),
                                print_value(p, operand, PREC_UNARY)),
                   PREC_UNARY};
}

static Piece print_special(Printer *p, const Op *op)
{
    switch (op->kind) {
    case OP_NULLPTR:
        *p->includes |= INCLUDE_STDDEF;
        return (Piece){"NULL", PREC_PRIMARY};
    case OP_UNDEF:
        return (Piece){"0", PREC_PRIMARY};
    case OP_STRING:
        return (Piece){op->text, PREC_PRIMARY};
    case OP_FUNCTION:
        note_called(p, op->callee);
        return (Piece){op->callee->name, PREC_PRIMARY};
    case OP_GLOBAL:
    case OP_INDEX:
    case OP_FIELD:
        return print_address(p, op->results[0]);
    case OP_LOAD: {
        const char *text = print_element(p, op_operand(op, 0));
        if (load_casts_const_away(op))
            return (Piece){arena_format(p->arena, "(%s)%s",
                                        print_type(p->arena, op->results[0]->type, false), text),
                           PREC_UNARY};
        return (Piece){text, text[0] == '*' ? PREC_UNARY : PREC_POSTFIX};
    }
    case OP_SELECT:
        return print_choice(p, op_operand(op, 0), op_operand(op, 1), op_operand(op, 2));
    case OP_CONVERT:
        return print_convert(p, op);
    case OP_PTRDIFF:
        return (Piece){arena_format(p->arena, "%s - %s",
                                    print_value(p, op_operand(op, 0), PREC_SUM),
                                    print_value(p, op_operand(op, 1), PREC_PRODUCT)),
                       PREC_SUM};
    case OP_IF:
        return print_if_expression(p, op);
    case OP_NEXTTOWARD:
        return print_math(p, op);
    default:
        internal_error("back end", "'%s' is no expression", op_table[op->kind].text);
    }
}

static Piece print_op(Printer *p, const Op *op)
{
    switch (op_table[op->kind].style) {
    case STYLE_INFIX:
        return print_infix(p, op);
    case STYLE_PREFIX:
        return print_prefix(p, op);
    case STYLE_CALL:
    case STYLE_MACRO:
        return print_math(p, op);
    case STYLE_SPECIAL:
        break;
    }
    return print_special(p, op);
}
