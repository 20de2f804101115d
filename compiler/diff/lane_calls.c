/* Calls with a rule, for one direction of several.
 *
 * Problem. A tangent has K numbers where the primal has one, and calls know of steps between elements of vectors, but not
 * between those in a row of a matrix.
 *
 *     gemv(.., A_dot, lda, x, 1, .., y_dot, 1)         A_lane = alloc(m * n);
 *                                                      for (d = 0; d < K; d++) {
 *                                                          copy A_dot[..][d] to A_lane;
 *                                                          gemv(.., A_lane, n, x, 1, .., &y_dot[0][d], K);
 *                                                      }
 *
 * Algorithm. Vectors get steps K times as long. Matrices, and vectors without a step, are copied into memory without gaps,
 * and back if the call writes them, all of their elements: what the call does not touch stays what it was. Where one
 * pointer may be another, their copies are one, too. */
#include "diff/lanes_internal.h"

#include "diff/ruled.h"

typedef struct LaneCopy {
    Value *memory; /* NULL: none */
    Value *step;   /* between the lines of the copy */
    Value *lines, *width;
    Value *address; /* of this lane, in the loop */
} LaneCopy;

typedef struct LaneCall {
    Lanes *l;
    const Op *op;
    const CallRule *rule;
    LaneCopy copies[MAX_RULE_ARGUMENTS]; /* by parameter */
} LaneCall;

static Value *argument(const LaneCall *c, unsigned param)
{
    return op_operand(c->op, param + c->rule->layout);
}

static bool is_shadow_argument(const LaneCall *c, unsigned param)
{
    const Value *arg = argument(c, param);
    return type_is_pointer(arg->type) && is_shadow(c->l, arg);
}

static bool has_step(const LaneCall *c, unsigned param)
{
    return param + 1 < c->rule->num_params && c->rule->params[param + 1].kind == ARG_STEP;
}

/* Sizes and flags, the same for all lanes. */
static Value *uniform(void *context, Value *value)
{
    const Lanes *l = context;
    return l->map[value->id];
}

/* Of this lane's number of the first element, or (not NULL) of the one at the offset. */
static Value *lane_element(Lanes *l, Value *pointer, Value *offset)
{
    Builder *b = &l->lane;
    if (!offset)
        return lane_address(l, pointer);
    Value *count = build_int(b, offset->type, l->count);
    if (!pointer->op && pointer->region->owner == NULL && l->to->params[pointer->index].rank == 2)
        return build_index_n(b, l->map[pointer->id], (Value *[]){offset, l->direction}, &count, 2);
    return build_index(b, lane_address(l, pointer), build_binary(b, OP_MUL, offset, count));
}

/* ---- what is copied ---- */

/* Of arrays of more than two extents, and vectors: one line. */
static void size_copy(Builder *b, LaneCall *c, unsigned param)
{
    const RuleParam *data = &c->rule->params[param];
    LaneCopy *copy = &c->copies[param];
    const ValueSource from = {uniform, c->l};
    Value *extents[MAX_RULE_EXTENTS];
    for (unsigned k = 0; k < data->rank; k++)
        extents[k] = ruled_extent(b, from, c->op, data->extents[k]);
    copy->lines = build_int(b, extents[0]->type, 1);
    copy->width = extents[0];
    if (data->rank == 2 && has_step(c, param)) {
        copy->lines = ruled_lines(b, from, c->op, param);
        copy->width = ruled_width(b, from, c->op, param);
        copy->step = ruled_compact_step(b, from, c->op, param);
        return;
    }
    for (unsigned k = 1; k < data->rank; k++)
        copy->width = build_binary(b, OP_MUL, copy->width, extents[k]);
}

/* The earlier parameter that this one may be, or is. */
static int twin_of(const LaneCall *c, unsigned param)
{
    for (unsigned i = 0; i < param; i++) {
        const RuleParam *p = &c->rule->params[i], *q = &c->rule->params[param];
        if (c->copies[i].memory && p->rank == q->rank &&
            (p->may_be_written || q->may_be_written || p->is_cleared || argument(c, i) == argument(c, param)))
            return (int)i;
    }
    return -1;
}

static bool is_twin(const LaneCall *c, unsigned param, int twin)
{
    return twin >= 0 && argument(c, (unsigned)twin) == argument(c, param);
}

static void open_copy(Builder *b, LaneCall *c, unsigned param)
{
    LaneCopy *copy = &c->copies[param];
    const int twin = twin_of(c, param);
    size_copy(b, c, param);
    if (is_twin(c, param, twin)) {
        copy->memory = c->copies[twin].memory;
        return;
    }
    Value *pointer = argument(c, param), *count = copy->width;
    const Type *wide = type_scalar(b->function->module->types, TYPE_LONG);
    if (!value_is_int(copy->lines, 1))
        count = build_binary(b, OP_MUL, build_convert(b, copy->lines, wide), build_convert(b, copy->step, wide));
    const char *name = pointer->name ? pointer->name : c->rule->params[param].name;
    copy->memory = build_alloc(b, pointer->type->elem, count, intern_format(b->function->module->strings, "%s_lane", name));
}

/* Memory for what has no step to skip the other lanes with. */
static void open_copies(LaneCall *c)
{
    for (unsigned i = 0; i < c->rule->num_params; i++)
        if (is_shadow_argument(c, i) && !(c->rule->params[i].rank == 1 && has_step(c, i)))
            open_copy(&c->l->b, c, i);
}

static void free_copies(LaneCall *c)
{
    for (unsigned i = 0; i < c->rule->num_params; i++)
        if (c->copies[i].memory && !is_twin(c, i, twin_of(c, i)))
            build_free(&c->l->b, c->copies[i].memory);
}

/* ---- copying ---- */

static Value *times(Builder *b, Value *value, unsigned factor)
{
    return build_binary(b, OP_MUL, value, build_int(b, value->type, factor));
}

static void copy_line(Builder *b, const LaneCall *c, Value *count, Value *lane, Value *compact, bool back)
{
    Function *copy = call_rule_function(b->function->module, c->op->callee, "copy", false);
    const Type *type = type_scalar(b->function->module->types, TYPE_INT);
    Value *one = build_int(b, type, 1), *lanes = build_int(b, type, c->l->count);
    Value *args[] = {count, back ? compact : lane, back ? one : lanes, back ? lane : compact, back ? lanes : one};
    build_call(b, copy, args, 5);
}

/* Between the tangents of this lane and their copy. */
static void move_lane(const LaneCall *c, unsigned param, Value *memory, bool back)
{
    Builder *b = &c->l->lane;
    const LaneCopy *copy = &c->copies[param];
    if (value_is_int(copy->lines, 1)) {
        copy_line(b, c, copy->width, copy->address, memory, back);
        return;
    }
    const Type *wide = type_scalar(b->function->module->types, TYPE_LONG); /* all directions of a matrix are more than it */
    Value *step = build_convert(b, uniform(c->l, argument(c, param + 1)), wide), *compact = build_convert(b, copy->step, wide);
    Op *loop = build_for(b, OP_LT, build_int(b, wide, 0), build_convert(b, copy->lines, wide), build_int(b, wide, 1), NULL, 0, "line");
    const Builder outside = builder_enter(b, loop->regions[0]);
    Value *line = loop->regions[0]->args.items[0];
    Value *far = lane_element(c->l, argument(c, param), build_binary(b, OP_MUL, line, step));
    Value *near = build_index(b, memory, build_binary(b, OP_MUL, line, compact));
    copy_line(b, c, copy->width, far, near, back);
    build_yield(b, NULL, 0);
    *b = outside;
}

/* The copy, or that of the parameter that this one turns out to be. */
static Value *memory_of(Builder *b, const LaneCall *c, unsigned param)
{
    const int twin = twin_of(c, param);
    if (twin < 0 || is_twin(c, param, twin))
        return c->copies[param].memory;
    Value *same = build_binary(b, OP_EQ, c->copies[param].address, c->copies[twin].address);
    return build_select(b, same, c->copies[twin].memory, c->copies[param].memory);
}

/* ---- the call ---- */

static Value *lane_argument(Builder *b, LaneCall *c, unsigned param, Value *const *memory)
{
    Value *arg = argument(c, param);
    const bool is_step = c->rule->params[param].kind == ARG_STEP && param && is_shadow_argument(c, param - 1);
    if (is_shadow_argument(c, param))
        return memory[param] ? memory[param] : lane_address(c->l, arg);
    if (is_step && memory[param - 1])
        return c->copies[param - 1].step;
    if (is_step)
        return times(b, uniform(c->l, arg), c->l->count);
    return lane_value(c->l, arg);
}

/* For one lane; its result, or NULL. */
static Value *call_lane(LaneCall *c)
{
    Builder *b = &c->l->lane;
    Value *args[MAX_RULE_ARGUMENTS], *memory[MAX_RULE_ARGUMENTS] = {0};
    for (unsigned i = 0; i < c->rule->num_params; i++)
        if (c->copies[i].memory)
            c->copies[i].address = lane_address(c->l, argument(c, i));
    for (unsigned i = 0; i < c->rule->num_params; i++)
        if (c->copies[i].memory) {
            memory[i] = memory_of(b, c, i);
            if (!is_twin(c, i, twin_of(c, i)))
                move_lane(c, i, memory[i], false);
        }
    if (c->rule->layout)
        args[0] = uniform(c->l, op_operand(c->op, 0));
    for (unsigned i = 0; i < c->rule->num_params; i++)
        args[i + c->rule->layout] = lane_argument(b, c, i, memory);
    Value *result = build_call(b, c->op->callee, args, c->op->num_operands);
    for (unsigned i = 0; i < c->rule->num_params; i++)
        if (memory[i] && c->rule->params[i].written)
            move_lane(c, i, memory[i], true);
    return result;
}

/* In a run of its own: memory of the primal that it reads may be written next. */
void ruled_lanes(Lanes *l, const Op *op)
{
    LaneCall call = {.l = l, .op = op, .rule = op->callee->rule};
    close_run(l);
    open_copies(&call);
    open_run(l);
    l->lane.loc = op->loc;
    Value *result = call_lane(&call);
    if (result && is_lanes(l, op->results[0])) {
        result->name = op->results[0]->name;
        note_lane(l, op->results[0], result);
    }
    close_run(l);
    free_copies(&call);
}
