/* The verifier: definition before use, use lists, counts and types by the op table, terminators. */
#include "ir/verify.h"

#include "ir/text.h"

typedef struct Verifier {
    Arena *arena;
    const Function *function;
    bool *defined; /* by value id */
    const char *error;
} Verifier;

static void fail(Verifier *v, const Op *op, const char *what)
{
    if (!v->error)
        v->error = arena_format(v->arena, "%s (line %u): %s", op_table[op->kind].text, op->loc.line,
                                what);
}

#define CHECK(condition, what)                                                                     \
    do {                                                                                           \
        if (!(condition))                                                                          \
            fail(v, op, what);                                                                     \
    } while (0)

/* ---- operands ---- */

/* Its neighbours in the list know it; a walk along the list would cost the square of the uses. */
static bool use_is_linked(const Use *use)
{
    const bool behind = use->prev ? use->prev->next == use && use->prev->value == use->value : use->value->uses == use;
    return behind && (!use->next || use->next->prev == use);
}

static void check_operands(Verifier *v, const Op *op)
{
    const OpInfo *info = &op_table[op->kind];
    CHECK(info->num_operands < 0 || (unsigned)info->num_operands == op->num_operands,
          "wrong number of operands");
    CHECK(info->num_results < 0 || (unsigned)info->num_results == op->num_results,
          "wrong number of results");
    for (unsigned i = 0; i < op->num_operands && !v->error; i++) {
        const Use *use = &op->operands[i];
        CHECK(use->value, "a missing operand");
        if (v->error)
            return;
        CHECK(use->value->id < v->function->num_values && v->defined[use->value->id],
              arena_format(v->arena, "operand %u is not defined here (%%%s.%u)", i,
                           use->value->name ? use->value->name : "", use->value->id));
        CHECK(use->user == op && use_is_linked(use), "a broken list of uses");
    }
}

/* ---- types ---- */

static bool same_types(const Op *op)
{
    for (unsigned i = 1; i < op->num_operands; i++)
        if (op_operand(op, i)->type != op_operand(op, 0)->type)
            return false;
    return true;
}

static void check_by_rule(Verifier *v, const Op *op)
{
    const Type *first = op->num_operands ? op_operand(op, 0)->type : NULL;
    const Type *result = op->num_results ? op->results[0]->type : NULL;
    switch (op_table[op->kind].type_rule) {
    case RULE_FREE:
        break;
    case RULE_SAME:
        CHECK(same_types(op) && result == first && type_is_arithmetic(first), "types differ");
        break;
    case RULE_INT:
        CHECK(same_types(op) && result == first && type_is_integer(first), "not integers");
        break;
    case RULE_SHIFT:
        CHECK(result == first && type_is_integer(first) &&
                  type_is_integer(op_operand(op, 1)->type), "not integers");
        break;
    case RULE_COMPARE:
        CHECK(same_types(op) && type_is_scalar(first) && result->kind == TYPE_BOOL,
              "compare types");
        break;
    case RULE_LOGIC:
        CHECK(same_types(op) && first->kind == TYPE_BOOL && result->kind == TYPE_BOOL,
              "not bool");
        break;
    case RULE_FLOAT:
        CHECK(same_types(op) && result == first && type_is_floating(first), "not floating");
        break;
    case RULE_FLOAT_INT:
    case RULE_FLOAT_LONG:
    case RULE_FLOAT_LLONG:
        CHECK(same_types(op) && type_is_floating(first) && type_is_integer(result),
              "not floating to integer");
        break;
    case RULE_SCALE:
        CHECK(result == first && type_is_floating(first) &&
                  type_is_integer(op_operand(op, 1)->type), "not (floating, integer)");
        break;
    case RULE_INT_FLOAT:
        CHECK(type_is_integer(first) && type_is_floating(result) &&
                  result == op_operand(op, 1)->type, "not (int, floating)");
        break;
    }
}

static void check_integers(Verifier *v, const Op *op, unsigned first)
{
    for (unsigned i = first; i < op->num_operands; i++)
        CHECK(type_is_integer(op_operand(op, i)->type), "an index or extent that is no integer");
}

static void check_pointer_op(Verifier *v, const Op *op)
{
    const Type *pointer = op_operand(op, 0)->type;
    if (!type_is_pointer(pointer)) {
        fail(v, op, "the first operand is no pointer");
        return;
    }
    if (op->kind == OP_LOAD)
        CHECK(op->results[0]->type == pointer->elem, "load of another type");
    else if (op->kind == OP_STORE || op->kind == OP_ACCUMULATE)
        CHECK(op_operand(op, 1)->type == pointer->elem, "store of another type");
    else if (op->kind == OP_INDEX)
        CHECK(op->num_operands % 2 == 0 && op->results[0]->type == pointer, "index types");
    else if (op->kind == OP_COPY || op->kind == OP_PTRDIFF)
        CHECK(type_is_pointer(op_operand(op, 1)->type), "the second operand is no pointer");
    else if (op->kind == OP_OVERLAP)
        CHECK(type_is_pointer(op_operand(op, 2)->type), "the third operand is no pointer");
    if (op->kind == OP_INDEX || op->kind == OP_SHAPE)
        check_integers(v, op, 1);
    else if (op->kind == OP_ZERO || op->kind == OP_COPY)
        check_integers(v, op, op->num_operands - 1);
}

/* The field that int_value names, NULL if there is none. `record` may be any type. */
static const Field *field_of(const Op *op, const Type *record)
{
    if (record->kind != TYPE_RECORD || op->int_value < 0 ||
        op->int_value >= (int64_t)record->record->num_fields)
        return NULL;
    return &record->record->fields[op->int_value];
}

static void check_field_op(Verifier *v, const Op *op)
{
    const Type *first = op_operand(op, 0)->type, *result = op->results[0]->type;
    const bool through_pointer = op->kind == OP_FIELD;
    if (through_pointer && !type_is_pointer(first)) {
        fail(v, op, "field of no pointer");
        return;
    }
    const Field *field = field_of(op, through_pointer ? first->elem : first);
    CHECK(field, "a field that does not exist");
    if (!field)
        return;
    if (op->kind == OP_FIELD)
        CHECK(type_is_pointer(result) && result->elem == field->type, "field of another type");
    else if (op->kind == OP_EXTRACT)
        CHECK(result == field->type, "extract of another type");
    else
        CHECK(result == first && op_operand(op, 1)->type == field->type, "insert of another type");
}

static void check_inner(Verifier *v, const Op *op)
{
    for (unsigned i = 1; i < 3; i++) {
        const Type *type = op_operand(op, i)->type;
        CHECK(type_is_pointer(type) && type->elem == op->results[0]->type, "inner product of another type");
    }
}

/* Ops whose types the table leaves to a check of their own. */
static void check_free_types(Verifier *v, const Op *op)
{
    const Type *first = op->num_operands ? op_operand(op, 0)->type : NULL;
    switch (op->kind) {
    case OP_INDEX:
    case OP_SHAPE:
        CHECK(op->num_operands >= 2, "operands are missing");
        if (!v->error)
            check_pointer_op(v, op);
        break;
    case OP_LOAD:
    case OP_STORE:
    case OP_ACCUMULATE:
    case OP_FREE:
    case OP_RELEASE:
    case OP_RESIZE:
    case OP_ZERO:
    case OP_COPY:
    case OP_PTRDIFF:
    case OP_OVERLAP:
        check_pointer_op(v, op);
        break;
    case OP_FIELD:
    case OP_EXTRACT:
    case OP_INSERT:
        check_field_op(v, op);
        break;
    case OP_INNER:
        check_inner(v, op);
        break;
    case OP_ALLOCA:
    case OP_ALLOC:
    case OP_MALLOC:
        CHECK(type_is_pointer(op->results[0]->type), "memory without a pointer");
        check_integers(v, op, 0);
        break;
    case OP_CONST:
        CHECK(type_is_arithmetic(op->results[0]->type), "a constant of no arithmetic type");
        break;
    case OP_NULLPTR:
    case OP_STRING:
    case OP_GLOBAL:
    case OP_FUNCTION:
        CHECK(type_is_pointer(op->results[0]->type), "not a pointer");
        break;
    case OP_CONVERT:
        CHECK(type_is_scalar(first) && type_is_scalar(op->results[0]->type), "convert types");
        break;
    case OP_SELECT:
        CHECK(first->kind == TYPE_BOOL && op_operand(op, 1)->type == op_operand(op, 2)->type &&
                  op->results[0]->type == op_operand(op, 1)->type, "select types");
        break;
    case OP_REMQUO:
    case OP_FREXP:
    case OP_MODF:
    case OP_NEXTTOWARD:
        CHECK(type_is_floating(first) && op->results[0]->type == first, "not floating");
        break;
    case OP_TAPE_PUSH:
    case OP_TAPE_POP:
    case OP_TAPE_RELEASE:
    case OP_TAPE_DRAIN:
        CHECK(first && type_is_pointer(first) && first->elem->kind == TYPE_TAPE, "not a tape");
        break;
    case OP_CALL:
        if (!op->callee) {
            CHECK(first && type_is_pointer(first) && first->elem->kind == TYPE_FUNC,
                  "a call of nothing");
            CHECK(op->num_results == 0 || op->results[0]->type == first->elem->elem,
                  "a result of another type");
            return;
        }
        CHECK(op->num_results == 0 ||
                  (op->num_results == 1 && op->results[0]->type == op->callee->result),
              "a result of another type");
        CHECK(!op->callee->body || op->callee->is_custom || op->num_operands == op->callee->num_params ||
                  (op->callee->is_recursive && op->num_operands == 2 * op->callee->num_params),
              "a call with another number of arguments");
        break;
    default:
        break;
    }
}

/* ---- control ---- */

static void check_yield(Verifier *v, const Op *op, const Region *region, unsigned count,
                        Value *const *like)
{
    const Op *yield = region->last;
    CHECK(yield && yield->kind == OP_YIELD, "a region without yield");
    if (v->error)
        return;
    CHECK(yield->num_operands == count, "yields another number of values");
    for (unsigned i = 0; i < count && !v->error; i++)
        CHECK(op_operand(yield, i)->type == like[i]->type, "yields another type");
}

static void check_carried(Verifier *v, const Op *op, const Region *region, unsigned first_arg)
{
    const unsigned n = loop_num_carried(op), first = loop_first_init(op);
    CHECK(op->num_results == n, "as many results as carried values");
    CHECK(region->args.count == n + first_arg, "wrong number of region arguments");
    for (unsigned i = 0; i < n && !v->error; i++) {
        const Type *type = op_operand(op, first + i)->type;
        CHECK(type == op->results[i]->type && type == region->args.items[i + first_arg]->type,
              "a carried value changes its type");
    }
}

static void check_control(Verifier *v, const Op *op)
{
    if (op->kind == OP_IF) {
        CHECK(op_operand(op, 0)->type->kind == TYPE_BOOL, "a condition that is no bool");
        check_yield(v, op, op->regions[0], op->num_results, op->results);
        check_yield(v, op, op->regions[1], op->num_results, op->results);
    } else if (op->kind == OP_FOR) {
        CHECK(op->num_operands >= 3, "bounds are missing");
        CHECK(op_is_compare(op->compare), "no comparison");
        if (v->error)
            return;
        CHECK(type_is_integer(op_operand(op, 0)->type) &&
                  op_operand(op, 1)->type == op_operand(op, 0)->type &&
                  op_operand(op, 2)->type == op_operand(op, 0)->type, "bounds of several types");
        CHECK(op->regions[0]->args.count > 0 &&
                  op->regions[0]->args.items[0]->type == op_operand(op, 0)->type,
              "a counter of another type");
        check_carried(v, op, op->regions[0], 1);
        check_yield(v, op, op->regions[0], op->num_results, op->results);
    } else if (op->kind == OP_WHILE) {
        check_carried(v, op, op->regions[0], 0);
        check_carried(v, op, op->regions[1], 0);
        const Op *test = op->regions[0]->last;
        CHECK(test && test->kind == OP_YIELD && test->num_operands == 1 &&
                  op_operand(test, 0)->type->kind == TYPE_BOOL, "the condition yields no bool");
        check_yield(v, op, op->regions[1], op->num_results, op->results);
    }
}

/* ---- the walk ---- */

static void check_region(Verifier *v, const Region *region);

static void define(Verifier *v, const Op *op, const Value *value)
{
    CHECK(value->type && value->type->kind != TYPE_VOID && value->type->kind != TYPE_FUNC,
          "a value without type");
    CHECK(value->id < v->function->num_values, "a value of another function");
    if (!v->error)
        v->defined[value->id] = true;
}

static void check_op(Verifier *v, const Op *op)
{
    check_operands(v, op);
    if (v->error)
        return;
    check_by_rule(v, op);
    if (!v->error)
        check_free_types(v, op);
    for (unsigned r = 0; r < op->num_regions && !v->error; r++) {
        CHECK(op->regions[r]->owner == op, "a region of another op");
        for (size_t i = 0; i < op->regions[r]->args.count; i++)
            define(v, op, op->regions[r]->args.items[i]);
        check_region(v, op->regions[r]);
    }
    if (!v->error && op->num_regions)
        check_control(v, op);
    for (unsigned i = 0; i < op->num_results; i++) {
        CHECK(op->results[i]->op == op && op->results[i]->index == i, "a misplaced result");
        define(v, op, op->results[i]);
    }
}

static void undefine(Verifier *v, const Region *region)
{
    for (size_t i = 0; i < region->args.count; i++)
        v->defined[region->args.items[i]->id] = false;
    for (const Op *op = region->first; op; op = op->next)
        for (unsigned i = 0; i < op->num_results; i++)
            v->defined[op->results[i]->id] = false;
}

static void check_region(Verifier *v, const Region *region)
{
    for (const Op *op = region->first; op && !v->error; op = op->next) {
        CHECK(op->parent == region, "an op in two regions");
        CHECK(op->next == NULL || op->next->prev == op, "a broken list of ops");
        CHECK((op->kind != OP_YIELD && op->kind != OP_RETURN) || op == region->last,
              "a terminator in the middle");
        check_op(v, op);
    }
    if (!v->error)
        undefine(v, region);
}

static void check_return(Verifier *v, const Op *op)
{
    const Type *result = v->function->result;
    if (!op || op->kind != OP_RETURN) {
        v->error = "the body does not end in return";
        return;
    }
    if (result->kind == TYPE_VOID)
        CHECK(op->num_operands == 0, "a void function returns a value");
    else
        CHECK(op->num_operands == 1 && op_operand(op, 0)->type == result,
              "returns another type than the function's");
}

const char *verify_function(Arena *arena, const Function *function)
{
    if (!function->body)
        return NULL;
    Verifier v = {.arena = arena,
                  .function = function,
                  .defined = arena_new_array(arena, bool, function->num_values)};
    if (!function->body->last)
        return "the body is empty";
    for (size_t i = 0; i < function->body->args.count; i++)
        define(&v, function->body->last, function->body->args.items[i]);
    check_region(&v, function->body);
    if (!v.error)
        check_return(&v, function->body->last);
    return v.error;
}

void verify_after(const char *pass, const Function *function)
{
    const char *error = verify_function(function->module->arena, function);
    if (!error)
        return;
    Text text = {0};
    ir_print_function(function->module->arena, &text, function);
    internal_error(pass, "function '%s': %s\n%s", function->name, error, text.items);
}
