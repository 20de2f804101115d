/* Sizes in bytes: sums and products of what sizeof gave. */
#include "transform/element_count.h"

int64_t size_of_type(const Types *types, const Type *type)
{
    switch (type->kind) {
    case TYPE_F32: return 4;
    case TYPE_F64: return 8;
    case TYPE_F80: return 16;
    case TYPE_RECORD: return type->record->size;
    case TYPE_PTR: return types->target.pointer_bits / 8;
    default: return type_is_integer(type) ? type_bits(types, type) / 8 : 0;
    }
}

Value *element_count_of(Builder *b, Value *bytes, const Type *elem)
{
    const int64_t size = size_of_type(b->function->module->types, elem);
    const Op *op = bytes->op;
    if (size <= 0)
        return NULL;
    if (value_before_widening(bytes) != bytes)
        return element_count_of(b, value_before_widening(bytes), elem);
    if (op && op->kind == OP_CONST)
        return op->int_value % size ? NULL : build_int(b, bytes->type, op->int_value / size);
    if (op && op->kind == OP_MUL) {
        for (unsigned i = 0; i < 2; i++)
            if (value_is_int(op_operand(op, i), size))
                return op_operand(op, 1 - i);
        for (unsigned i = 0; i < 2; i++) {
            Value *count = element_count_of(b, op_operand(op, i), elem);
            if (count)
                return build_binary(b, OP_MUL, count, op_operand(op, 1 - i));
        }
    }
    return NULL;
}
