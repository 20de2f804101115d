/* Bit-fields: what is stored in one is cut to its width there and then, since what is stored is also what later
 * reads get, in the IR: members of local structs become values, and loads take what the store before them stored.
 *
 *     f.k = f.k + 1, of width 3      ->   f.k = (f.k + 1) & 7
 *     f.m = f.m + 1, signed, of 4    ->   f.m = ((f.m + 1) & 15 ^ 8) - 8
 *
 * C leaves open what a signed one holds that overflows (6.3.1.3); all compilers keep the low bits. */
#include "frontend/lower.h"

/* The member that the address is of; NULL: no bit-field. */
static const Field *bit_field_at(const Value *address)
{
    const Op *op = address->op;
    if (!op || op->kind != OP_FIELD)
        return NULL;
    const Field *field = &op_operand(op, 0)->type->elem->record->fields[op->int_value];
    return field->is_bitfield ? field : NULL;
}

Value *lower_stored(Lowering *l, Value *address, Value *value)
{
    const Type *type = address->type->elem;
    value = lower_conversion(l, value, type);
    const Field *field = bit_field_at(address);
    if (!field || type->kind == TYPE_BOOL || value->type != type || field->bits >= type_bits(l->types, type))
        return value;
    const Type *int_type = type_scalar(l->types, TYPE_INT);
    const Type *wide = type_bits(l->types, type) < type_bits(l->types, int_type) ? int_type : type;
    value = build_binary(&l->b, OP_AND, lower_conversion(l, value, wide),
                         build_int(&l->b, wide, (int64_t)(((uint64_t)1 << field->bits) - 1)));
    if (type_is_signed(l->types, type)) {
        Value *sign = build_int(&l->b, wide, (int64_t)((uint64_t)1 << (field->bits - 1)));
        value = build_binary(&l->b, OP_SUB, build_binary(&l->b, OP_XOR, value, sign), sign);
    }
    return lower_conversion(l, value, type);
}

Value *lower_promoted(Lowering *l, const Value *address, Value *value)
{
    const Field *field = bit_field_at(address);
    const Type *int_type = type_scalar(l->types, TYPE_INT);
    const bool fits = field && value->type->kind == TYPE_UINT && field->bits < type_bits(l->types, int_type);
    return fits ? lower_conversion(l, value, int_type) : value;
}
