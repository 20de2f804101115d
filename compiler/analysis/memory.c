/* Effects and aliasing.
 *
 * An address is an object plus a path of indices and fields. Two addresses may overlap if their
 * objects may (distinct locals and fresh allocations never do, parameters unless one is `restrict`,
 * different scalar types never), and, within one object, unless their indices differ by a known
 * amount in some dimension. Everything unknown answers "may". */
#include "analysis/memory.h"

#include <string.h>

#include "analysis/recursion.h"
#include "analysis/roles.h"
#include "rules/calls.h"

/* ---- objects ---- */

enum { MAX_DEPTH = MAX_CANDIDATES }; /* of the search through selects and carried pointers */

static const Object unknown_object = {.kind = OBJECT_UNKNOWN};

bool objects_equal(Object a, Object b)
{
    return a.kind == b.kind && a.value == b.value && a.global == b.global;
}

typedef struct Search Search;
struct Search {
    const Search *outer; /* this one asks which memory a pointer of that one was loaded from */
    unsigned depth;      /* number of outer ones */
    const Value *visited[MAX_DEPTH]; /* loop-carried pointers on the way: their own next adds nothing */
    unsigned count;
    bool found;
    bool conflict;
    Object object;
    bool unknown; /* a source is known by nothing */
    bool collect; /* go on after a conflict: all objects are asked for */
    Object all[MAX_DEPTH];
    unsigned num_all;
};

static void search_object(Search *search, const Value *pointer);

static void found_object(Search *search, Object object)
{
    if (search->found && !objects_equal(search->object, object))
        search->conflict = true;
    search->found = true;
    search->object = object;
    if (search->num_all < MAX_DEPTH)
        search->all[search->num_all++] = object;
    else
        search->conflict = search->unknown = true;
}

static bool has_visited(const Search *search, const Value *pointer)
{
    for (unsigned i = 0; i < search->count; i++)
        if (search->visited[i] == pointer)
            return true;
    return false;
}

static bool search_enter(Search *search, const Value *pointer)
{
    if (has_visited(search, pointer))
        return false;
    for (const Search *outer = search->outer; outer; outer = outer->outer)
        if (has_visited(outer, pointer)) {
            search->conflict = search->unknown = true; /* a list that is followed */
            return false;
        }
    if (search->count == MAX_DEPTH) {
        search->conflict = search->unknown = true;
        return false;
    }
    search->visited[search->count++] = pointer;
    return true;
}

static void search_argument(Search *search, const Value *arg)
{
    const Op *owner = arg->region->owner;
    if (!owner) {
        found_object(search, (Object){.kind = OBJECT_PARAM, .value = arg});
        return;
    }
    const unsigned carried = arg->index - (owner->kind == OP_FOR ? 1 : 0);
    search_object(search, loop_carried_init(owner, carried));
    search_object(search, loop_carried_next(owner, carried));
}

static void found_unknown(Search *search)
{
    search->conflict = search->unknown = true;
}

static void search_loaded(Search *search, const Value *address);

static Object search_result_object(const Search *search)
{
    return search->found && !search->conflict ? search->object : unknown_object;
}

/* The pointers that are stored into a local: whoever loads one of them has one of these. */
static void search_stored(Search *search, const Value *local)
{
    for (const Use *use = local->uses; use; use = use->next) {
        const Op *op = use->user;
        const bool is_address = use == &op->operands[0];
        if ((op->kind == OP_INDEX || op->kind == OP_FIELD) && is_address) {
            search_stored(search, op->results[0]);
        } else if (op->kind == OP_STORE && is_address) {
            const Value *stored = op_operand(op, 1);
            if (type_is_pointer(stored->type))
                search_object(search, stored);
            else if (stored->type->kind == TYPE_RECORD && !stored->op)
                found_object(search, (Object){.kind = OBJECT_REACHED, .value = stored});
            else if (stored->type->kind == TYPE_RECORD)
                found_unknown(search);
        } else if (op->kind == OP_COPY && is_address) {
            search_loaded(search, op_operand(op, 1));
        } else if (call_is_ruled(op)) {
            continue; /* writes numbers */
        } else if (op->kind != OP_LOAD && op->kind != OP_ZERO && op->kind != OP_SHAPE &&
                   op->kind != OP_ACCUMULATE && op->kind != OP_FREE && op->kind != OP_RELEASE && op->kind != OP_COPY &&
                   !op_is_compare(op->kind)) {
            found_unknown(search);
        }
    }
}

/* The pointers that can be found at the address. */
static void search_loaded(Search *search, const Value *address)
{
    enum { MAX_LOADS = 6 };
    Search inner = {.outer = search, .depth = search->depth + 1};
    if (inner.depth <= MAX_LOADS)
        search_object(&inner, address);
    const Object holder = search_result_object(&inner);
    switch (holder.kind) {
    case OBJECT_PARAM:
    case OBJECT_REACHED:
    case OBJECT_GLOBAL:
        found_object(search, (Object){OBJECT_REACHED, holder.value, holder.global});
        break;
    case OBJECT_LOCAL:
    case OBJECT_HEAP:
        if (search_enter(search, holder.value))
            search_stored(search, holder.value);
        break;
    case OBJECT_UNKNOWN:
        found_unknown(search);
        break;
    }
}

static void search_result(Search *search, const Value *result)
{
    const Op *op = result->op;
    switch (op->kind) {
    case OP_ALLOCA:
        found_object(search, (Object){.kind = OBJECT_LOCAL, .value = result});
        return;
    case OP_ALLOC:
    case OP_MALLOC:
        found_object(search, (Object){.kind = OBJECT_HEAP, .value = result});
        return;
    case OP_GLOBAL:
        found_object(search, (Object){.kind = OBJECT_GLOBAL, .global = op->global});
        return;
    case OP_INDEX:
    case OP_FIELD:
    case OP_CONVERT:
        search_object(search, op_operand(op, 0));
        return;
    case OP_SELECT:
        search_object(search, op_operand(op, 1));
        search_object(search, op_operand(op, 2));
        return;
    case OP_IF:
        search_object(search, op_operand(region_terminator(op->regions[0]), result->index));
        search_object(search, op_operand(region_terminator(op->regions[1]), result->index));
        return;
    case OP_FOR:
    case OP_WHILE:
        search_object(search, loop_carried_init(op, result->index));
        search_object(search, loop_carried_next(op, result->index));
        return;
    case OP_NULLPTR:
    case OP_UNDEF:
        return; /* points nowhere: adds no object */
    case OP_LOAD:
        search_loaded(search, op_operand(op, 0));
        return;
    default:
        found_unknown(search);
    }
}

static void search_object(Search *search, const Value *pointer)
{
    if ((search->conflict && !search->collect) || !search_enter(search, pointer))
        return;
    if (!type_is_pointer(pointer->type))
        found_unknown(search); /* made from an integer */
    else if (pointer->op)
        search_result(search, pointer);
    else
        search_argument(search, pointer);
}

Object pointer_object(const Value *pointer)
{
    Search search = {0};
    search_object(&search, pointer);
    return search_result_object(&search);
}

unsigned pointer_candidates(const Value *pointer, Object candidates[MAX_CANDIDATES], bool *complete)
{
    Search search = {.collect = true};
    search_object(&search, pointer);
    for (unsigned i = 0; i < search.num_all; i++)
        candidates[i] = search.all[i];
    *complete = !search.unknown;
    return search.num_all;
}

/* ---- writes through a pointer ---- */

static bool use_writes(const Use *use, unsigned depth)
{
    const Op *op = use->user;
    switch (op->kind) {
    case OP_LOAD:
    case OP_SHAPE:
    case OP_PTRDIFF:
    case OP_OVERLAP:
    case OP_INNER:
        return false;
    case OP_COPY:
        return use == &op->operands[0];
    case OP_INDEX:
    case OP_FIELD:
        if (use != &op->operands[0])
            return false; /* fall through */
    case OP_SELECT:
        for (const Use *inner = op->results[0]->uses; inner; inner = inner->next)
            if (depth > MAX_DEPTH || use_writes(inner, depth + 1))
                return true;
        return false;
    default:
        return !op_is_compare(op->kind);
    }
}

bool pointer_is_written(const Value *pointer, const Use *use)
{
    (void)pointer;
    return use_writes(use, 0);
}

/* ---- escape ---- */

static bool pointer_escapes(const Value *pointer, unsigned depth);

static bool use_escapes(const Use *use, unsigned depth)
{
    const Op *op = use->user;
    switch (op->kind) {
    case OP_LOAD:
    case OP_ZERO:
    case OP_COPY:
    case OP_FREE:
    case OP_RELEASE:
    case OP_SHAPE:
    case OP_ACCUMULATE:
        return false;
    case OP_STORE:
        return use == &op->operands[1];
    case OP_INDEX:
    case OP_FIELD:
        return use == &op->operands[0] && pointer_escapes(op_result(op, 0), depth + 1);
    case OP_CONVERT:
        return !type_is_pointer(op_result(op, 0)->type) ||
               pointer_escapes(op_result(op, 0), depth + 1);
    case OP_SELECT: /* a pointer into one of several objects may be any pointer for who asks later */
        return pointer_object(op_result(op, 0)).kind == OBJECT_UNKNOWN ||
               pointer_escapes(op_result(op, 0), depth + 1);
    case OP_PTRDIFF:
    case OP_OVERLAP:
    case OP_INNER:
        return false;
    case OP_CALL:
        return !call_is_ruled(op); /* such functions keep nothing */
    default:
        return !op_is_compare(op->kind);
    }
}

static bool pointer_escapes(const Value *pointer, unsigned depth)
{
    if (depth > MAX_DEPTH)
        return true;
    for (const Use *use = pointer->uses; use; use = use->next)
        if (use_escapes(use, depth))
            return true;
    return false;
}

bool local_escapes(const Value *pointer)
{
    return pointer_escapes(pointer, 0);
}

/* ---- overlap of objects ---- */

static bool is_private(Object object)
{
    return object.kind == OBJECT_LOCAL || object.kind == OBJECT_HEAP;
}

static const Param *param_of(Object object)
{
    const Function *function = object.value->region->function;
    return &function->params[object.value->index];
}

static const Global *global_of(Object object)
{
    if (object.kind == OBJECT_GLOBAL)
        return object.global;
    return object.kind == OBJECT_PARAM ? param_of(object)->global : NULL;
}

/* C11 6.5p7: an object is accessed by its own type or by a character type. Records may contain any. */
static bool types_may_share(const Type *a, const Type *b)
{
    const bool scalar = type_is_scalar(a) && type_is_scalar(b);
    if (!scalar || a == b)
        return true;
    if (type_is_floating(a) || type_is_floating(b))
        return (a->kind >= TYPE_CHAR && a->kind <= TYPE_UCHAR) ||
               (b->kind >= TYPE_CHAR && b->kind <= TYPE_UCHAR);
    return true; /* signed and unsigned of one width may; widths are not told apart here */
}

/* Some pointer in memory may lead there. */
static bool is_elsewhere(Object object)
{
    return object.kind == OBJECT_UNKNOWN || object.kind == OBJECT_REACHED;
}

static bool could_be_reached(Object private, Object other)
{
    return is_elsewhere(other) && local_escapes(private.value);
}

static bool holds_companions(Object object)
{
    if (object.value)
        return (object.kind == OBJECT_PARAM || object.kind == OBJECT_REACHED) &&
               param_of(object)->is_companion;
    return object.global && object.global->companion_of;
}

bool objects_may_overlap(Object a, const Type *a_elem, Object b, const Type *b_elem)
{
    if (!types_may_share(a_elem, b_elem))
        return false;
    if (objects_equal(a, b))
        return true;
    if (is_private(a))
        return could_be_reached(a, b);
    if (is_private(b))
        return could_be_reached(b, a);
    if (global_of(a) && global_of(b))
        return false;
    if (a.kind != OBJECT_UNKNOWN && b.kind != OBJECT_UNKNOWN && holds_companions(a) != holds_companions(b))
        return false;
    if ((global_of(a) && global_of(a)->is_static && b.kind == OBJECT_PARAM) ||
        (global_of(b) && global_of(b)->is_static && a.kind == OBJECT_PARAM))
        return false; /* a copy of our own: nobody else points to it */
    if (a.kind == OBJECT_PARAM && param_of(a)->is_restrict)
        return is_elsewhere(b);
    if (b.kind == OBJECT_PARAM && param_of(b)->is_restrict)
        return is_elsewhere(a);
    return true;
}

/* ---- overlap of addresses ---- */

const Record *pointer_union(const Value *pointer)
{
    for (const Op *op = pointer->op; op && (op->kind == OP_INDEX || op->kind == OP_FIELD);
         op = op_operand(op, 0)->op)
        if (op->kind == OP_FIELD && op_operand(op, 0)->type->elem->record->is_union)
            return op_operand(op, 0)->type->elem->record;
    return NULL;
}

const Type *access_type(const Value *pointer)
{
    for (const Op *op = pointer->op; op && (op->kind == OP_INDEX || op->kind == OP_FIELD);
         op = op_operand(op, 0)->op)
        if (op->kind == OP_FIELD && op_operand(op, 0)->type->elem->record->is_union)
            return op_operand(op, 0)->type->elem;
    return pointer->type->elem;
}

/* Is x - y a known constant other than zero? Looks through additions of constants. */
static const Value *strip_offset(const Value *value, int64_t *offset)
{
    *offset = 0;
    for (;;) {
        const Op *op = value->op;
        if (op && op->kind == OP_CONVERT && type_is_integer(op_operand(op, 0)->type) &&
            type_is_integer(value->type) && value->type->kind >= TYPE_INT &&
            op_operand(op, 0)->type->kind >= TYPE_INT) {
            value = op_operand(op, 0);
            continue;
        }
        if (!op || (op->kind != OP_ADD && op->kind != OP_SUB) ||
            !value_is_const(op_operand(op, 1)))
            return value;
        const int64_t step = constant_term(op_operand(op, 1));
        *offset += op->kind == OP_ADD ? step : -step;
        value = op_operand(op, 0);
    }
}

static bool indices_differ(const Value *x, const Value *y)
{
    if (value_is_const(x) && value_is_const(y))
        return x->op->int_value != y->op->int_value;
    int64_t x_offset, y_offset;
    const Value *x_base = strip_offset(x, &x_offset);
    const Value *y_base = strip_offset(y, &y_offset);
    return x_base == y_base && x_offset != y_offset;
}

/* Two index ops on the same base: do they name different elements? Inner indices are within their
 * extents (C11 6.5.6p8), so a difference in any dimension decides. */
static bool elements_differ(const Op *a, const Op *b)
{
    if (a->num_operands != b->num_operands)
        return false;
    for (unsigned i = 2; i < a->num_operands; i += 2)
        if (!values_are_same(op_operand(a, i), op_operand(b, i)))
            return false;
    for (unsigned i = 1; i < a->num_operands; i += 2)
        if (indices_differ(op_operand(a, i), op_operand(b, i)))
            return true;
    return false;
}

static bool addresses_differ(const Value *p, const Value *q);

/* Members of structs of one type: two such structs are the same one, or do not overlap. */
static bool members_differ(const Op *a, const Op *b)
{
    const Record *record = op_operand(a, 0)->type->elem->record;
    if (record->is_union)
        return false;
    return a->int_value != b->int_value || addresses_differ(op_operand(a, 0), op_operand(b, 0));
}

static bool addresses_differ(const Value *p, const Value *q)
{
    const Op *a = p->op, *b = q->op;
    if (!a || !b || a->kind != b->kind)
        return false;
    if (a->kind == OP_INDEX && op_operand(a, 0) == op_operand(b, 0))
        return elements_differ(a, b);
    if (a->kind == OP_FIELD && op_operand(a, 0)->type == op_operand(b, 0)->type)
        return members_differ(a, b);
    return false;
}

/* p itself is p[0]. */
static bool plain_and_offset_differ(const Value *plain, const Value *offset)
{
    const Op *op = offset->op;
    return op && op->kind == OP_INDEX && op->num_operands == 2 && op_operand(op, 0) == plain &&
           value_is_const(op_operand(op, 1)) && op_operand(op, 1)->op->int_value != 0;
}

/* The object of the pointer, or all that it may have, if these are known. */
static unsigned objects_of(const Value *pointer, Object objects[MAX_CANDIDATES])
{
    objects[0] = pointer_object(pointer);
    if (objects[0].kind != OBJECT_UNKNOWN)
        return 1;
    Object candidates[MAX_CANDIDATES];
    bool complete;
    const unsigned count = pointer_candidates(pointer, candidates, &complete);
    if (!complete || !count)
        return 1;
    memcpy(objects, candidates, count * sizeof(Object));
    return count;
}

bool any_objects_overlap(const Value *p, const Value *q)
{
    Object first[MAX_CANDIDATES], second[MAX_CANDIDATES];
    const unsigned n = objects_of(p, first), m = objects_of(q, second);
    for (unsigned i = 0; i < n; i++)
        for (unsigned k = 0; k < m; k++)
            if (objects_may_overlap(first[i], access_type(p), second[k], access_type(q)))
                return true;
    return false;
}

bool pointers_may_alias(const Value *p, const Value *q)
{
    if (p == q)
        return true;
    if (addresses_differ(p, q) || plain_and_offset_differ(p, q) || plain_and_offset_differ(q, p))
        return false;
    return any_objects_overlap(p, q);
}

/* ---- effects of ops ---- */

/* A call may touch whatever its arguments point to, escaped locals, globals and parameters. */
static bool call_may_touch(const Op *op, const Value *pointer)
{
    const Object object = pointer_object(pointer);
    if (!is_private(object))
        return op->callee == NULL || op->callee->has_side_effects || op->num_operands > 0;
    for (unsigned i = 0; i < op->num_operands; i++)
        if (type_is_pointer(op_operand(op, i)->type) &&
            objects_equal(pointer_object(op_operand(op, i)), object))
            return true;
    return local_escapes(object.value);
}

/* `zero` and `copy` touch a whole range: only the object counts. */
static bool ranges_may_overlap(const Value *p, const Value *q)
{
    return any_objects_overlap(p, q);
}

static bool any_nested(const Op *op, const Value *pointer,
                       bool test(const Op *op, const Value *pointer))
{
    for (unsigned r = 0; r < op->num_regions; r++)
        for (const Op *inner = op->regions[r]->first; inner; inner = inner->next)
            if (test(inner, pointer))
                return true;
    return false;
}

/* A function with derivatives of its own, or with a rule, writes what its arguments say. */
static bool roles_may_write(const Op *op, const Value *pointer)
{
    for (unsigned i = 0; i < call_num_arguments(op); i++)
        if (argument_is_written(op, i) && ranges_may_overlap(op_operand(op, i), pointer))
            return true;
    return false;
}

/* A recursive function writes what some of its arguments lead to, or by itself a global variable. */
static bool recursive_may_write(const Op *op, const Value *pointer)
{
    const Object object = pointer_object(pointer);
    if (object.global)
        return true;
    for (unsigned i = 0; i < op->callee->num_params; i++) {
        const Value *arg = op_operand(op, i);
        if (!type_is_pointer(arg->type) || !recursive_writes(op->callee, i))
            continue;
        const bool holds_numbers = type_is_scalar(arg->type->elem) && !type_is_pointer(arg->type->elem);
        const bool at_large = !is_private(object) || local_escapes(object.value);
        if (ranges_may_overlap(arg, pointer) || (!holds_numbers && at_large))
            return true;
    }
    return false;
}

/* A function with a rule reads what its arguments point to. */
static bool rule_may_read(const Op *op, const Value *pointer)
{
    for (unsigned i = 0; i < op->num_operands; i++)
        if (type_is_pointer(op_operand(op, i)->type) && ranges_may_overlap(op_operand(op, i), pointer))
            return true;
    return false;
}

bool op_may_write(const Op *op, const Value *pointer)
{
    switch (op->kind) {
    case OP_STORE:
    case OP_ACCUMULATE:
        return pointers_may_alias(op_operand(op, 0), pointer);
    case OP_ZERO:
    case OP_COPY:
    case OP_FREE:
    case OP_RELEASE:
        return ranges_may_overlap(op_operand(op, 0), pointer);
    case OP_CALL:
        if (call_has_roles(op))
            return roles_may_write(op, pointer);
        if (call_is_recursive(op))
            return recursive_may_write(op, pointer);
        return (!op->callee || op->callee->has_side_effects) && call_may_touch(op, pointer);
    default:
        return any_nested(op, pointer, op_may_write);
    }
}

bool op_may_read(const Op *op, const Value *pointer)
{
    switch (op->kind) {
    case OP_LOAD:
    case OP_ACCUMULATE:
        return pointers_may_alias(op_operand(op, 0), pointer);
    case OP_COPY:
        return ranges_may_overlap(op_operand(op, 1), pointer);
    case OP_INNER:
        return ranges_may_overlap(op_operand(op, 1), pointer) || ranges_may_overlap(op_operand(op, 2), pointer);
    case OP_CALL:
        return call_is_ruled(op) ? rule_may_read(op, pointer) : call_may_touch(op, pointer);
    default:
        return any_nested(op, pointer, op_may_read);
    }
}

bool op_writes_memory(const Op *op)
{
    if (op->kind == OP_CALL)
        return !op->callee || op->callee->has_side_effects;
    if (op_table[op->kind].effect == EFFECT_WRITE)
        return true;
    for (unsigned r = 0; r < op->num_regions; r++)
        for (const Op *inner = op->regions[r]->first; inner; inner = inner->next)
            if (op_writes_memory(inner))
                return true;
    return false;
}
