/* The signature of a step for several directions: companions have one more extent, innermost. */
#include "diff/lanes_internal.h"

/* A struct that the header does not know the members of: there are no rows of it. */
static bool is_incomplete(const Type *type)
{
    return type->kind == TYPE_RECORD && !type->record->header;
}

static const Decl *lanes_decl(Lanes *l, const Param *param, const Type *elem, bool by_value)
{
    const Decl *base = param->decl;
    while (base->inner)
        base = base->inner;
    Decl *row = arena_new(l->arena, Decl), *pointer = arena_new(l->arena, Decl);
    *row = (Decl){.kind = DECL_ARRAY, .extent = arena_format(l->arena, "%u", l->count), .inner = base};
    *pointer = (Decl){.kind = DECL_POINTER,
                      .inner = is_incomplete(elem) ? base : row,
                      .is_restrict = param->is_restrict};
    return by_value ? row : pointer;
}

/* Is the companion one number (per lane): of a by-value parameter, or the result? */
static bool is_one_number(const Step *step, unsigned i)
{
    const Slot slot = step->slots.list.items[i];
    if (slot.kind == SLOT_RESULT_BAR || slot.kind == SLOT_RESULT_DOT)
        return true;
    if (slot.kind == SLOT_DOT)
        return !type_is_pointer(step->function->body->args.items[i]->type);
    for (size_t k = 0; k < step->slots.list.count; k++)
        if (step->slots.list.items[k].kind == SLOT_ORIGINAL && step->slots.list.items[k].param == slot.param)
            return !type_is_pointer(step->function->body->args.items[k]->type);
    return false;
}

static bool has_lanes(const Step *step, unsigned i)
{
    return step->slots.list.items[i].kind != SLOT_ORIGINAL;
}

void lanes_declare(Lanes *l, const Step *step)
{
    const Function *from = l->from;
    const unsigned n = from->num_params;
    const Type **types = arena_new_array(l->arena, const Type *, n);
    l->to = arena_new(l->arena, Function);
    *l->to = *from;
    l->to->num_values = 0;
    l->to->params = arena_new_array(l->arena, Param, n);
    for (unsigned i = 0; i < n; i++) {
        l->to->params[i] = from->params[i];
        types[i] = from->body->args.items[i]->type;
        if (!has_lanes(step, i))
            continue;
        const bool one = is_one_number(step, i), pointer = type_is_pointer(types[i]);
        Param *param = &l->to->params[i];
        if (pointer && type_is_pointer(types[i]->elem))
            lanes_refuse(l);
        if (!pointer) {
            Decl *base = arena_new(l->arena, Decl); /* a direction: it is read only */
            *base = *param->decl;
            base->is_const = true;
            param->decl = base;
            param->points_to_const = true;
            types[i] = type_pointer(from->module->types, types[i]);
        }
        param->decl = lanes_decl(l, param, types[i]->elem, one);
        param->rank = one || is_incomplete(types[i]->elem) ? 1 : 2;
        param->is_companion = true;
    }
    function_define(l->to, types);
}

void lanes_map_params(Lanes *l, const Step *step)
{
    for (unsigned i = 0; i < l->from->num_params; i++) {
        const Value *arg = l->from->body->args.items[i];
        Value *to = l->to->body->args.items[i];
        if (!has_lanes(step, i)) {
            l->map[arg->id] = to;
            continue;
        }
        Value *extent = build_int(&l->b, int_type(l), l->count);
        Value *any = build_undef(&l->b, int_type(l));
        if (is_one_number(step, i))
            build_shape(&l->b, to, &extent, 1);
        else if (is_incomplete(to->type->elem))
            build_shape(&l->b, to, &any, 1);
        else
            build_shape(&l->b, to, (Value *[]){any, extent}, 2);
        if (type_is_pointer(arg->type))
            l->map[arg->id] = to;
        else
            l->home[arg->id] = to;
    }
}
