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

static bool use_is_linked(const Use *use)
{
    for (const Use *at = use->value->uses; at; at = at->next)
        if (at == use)
            return true;
    return false;
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
        CHECK(same_types(op) && type_is_scalar(first) && result->kind == TYPE_BOOL, "compare types");
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
        CHECK(type_is_integer(first) && result == op_operand(op, 1)->type, "not (int, floating)");
        break;
    }
}

static void check_memory_op(Verifier *v, const Op *op)
{
    const Type *first = op->num_operands ? op_operand(op, 0)->type : NULL;
    switch (op->kind) {
    case OP_LOAD:
        CHECK(type_is_pointer(first) && op->results[0]->type == first->elem, "load of another type");
        break;
    case OP_STORE:
    case OP_ACCUMULATE:
        CHECK(type_is_pointer(first) && op_operand(op, 1)->type == first->elem,
              "store of another type");
        break;
    case OP_INDEX:
        CHECK(op->num_operands >= 2 && op->num_operands % 2 == 0, "wrong number of operands");
        CHECK(type_is_pointer(first) && op->results[0]->type == first, "index of no pointer");
        for (unsigned i = 1; i < op->num_operands; i++)
            CHECK(type_is_integer(op_operand(op, i)->type), "an index that is no integer");
        break;
    case OP_SELECT:
        CHECK(first->kind == TYPE_BOOL && op_operand(op, 1)->type == op_operand(op, 2)->type &&
                  op->results[0]->type == op_operand(op, 1)->type, "select types");
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
    CHECK(value->type, "a value without type");
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
        check_memory_op(v, op);
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

const char *verify_function(Arena *arena, const Function *function)
{
    if (!function->body)
        return NULL;
    Verifier v = {.arena = arena,
                  .function = function,
                  .defined = arena_new_array(arena, bool, function->num_values)};
    for (size_t i = 0; i < function->body->args.count; i++)
        v.defined[function->body->args.items[i]->id] = true;
    check_region(&v, function->body);
    if (!v.error && (!function->body->last || function->body->last->kind != OP_RETURN))
        v.error = "the body does not end in return";
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
