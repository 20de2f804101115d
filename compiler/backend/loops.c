/* Loops: what they carry lives in variables, set in front and at the end of each iteration; headers, backward too. */
#include "backend/statements.h"

/* ---- what is carried ---- */

static void assign_carried(Printer *p, const Op *loop, Value *(*carried)(const Op *loop, unsigned i))
{
    const unsigned n = loop->num_results;
    Variable **variables = arena_new_array(p->arena, Variable *, n);
    Value **values = arena_new_array(p->arena, Value *, n);
    for (unsigned i = 0; i < n; i++) {
        variables[i] = p->placement->variables[loop->results[i]->id];
        values[i] = carried(loop, i);
    }
    assign_values(p, variables, values, n);
}

static void enter_loop(Printer *p, const Op *op)
{
    assign_carried(p, op, loop_carried_init);
}

static void end_iteration(Printer *p, const Op *op)
{
    assign_carried(p, op, loop_carried_next);
}

/* ---- headers ---- */

static const char *counter_step(Printer *p, const char *name, const Value *step)
{
    const int64_t size = step->op->int_value;
    if (size == 1)
        return arena_format(p->arena, "%s++", name);
    if (size == -1)
        return arena_format(p->arena, "%s--", name);
    return size > 0 ? arena_format(p->arena, "%s += %lld", name, (long long)size)
                    : arena_format(p->arena, "%s -= %lld", name, (long long)-size);
}

/* upper - 1, with constants folded. */
static const char *plus(Printer *p, const Value *value, int64_t offset)
{
    if (value_is_const(value))
        return print_number(p->arena, value->type, value->op->int_value + offset, 0, false);
    const char *text = print_value(p, value, PREC_SUM);
    if (offset == 0)
        return text;
    return offset > 0 ? arena_format(p->arena, "%s + %lld", text, (long long)offset)
                      : arena_format(p->arena, "%s - %lld", text, (long long)-offset);
}

static const char *forward_header(Printer *p, const Op *op, const char *name)
{
    return arena_format(p->arena, "for (%s %s = %s; %s %s %s; %s)", type_name(p, op_operand(op, 0)->type), name,
                        print_assigned(p, op_operand(op, 0)), name, op_table[op->compare].spelling,
                        print_value(p, op_operand(op, 1), PREC_SHIFT),
                        counter_step(p, name, op_operand(op, 2)));
}

/* Constant bounds: from the last counter to the first. */
static const char *constant_header(Printer *p, const Op *op, const char *name)
{
    const int64_t low = op_operand(op, 0)->op->int_value, high = op_operand(op, 1)->op->int_value;
    const int64_t step = op_operand(op, 2)->op->int_value, size = step > 0 ? step : -step;
    const bool inclusive = op->compare == OP_LE || op->compare == OP_GE;
    const int64_t span = (step > 0 ? high - low : low - high) + (inclusive ? size : size - 1);
    const int64_t trips = span > 0 ? span / size : 0;
    const char *type = type_name(p, op_operand(op, 0)->type);
    const char *move = size == 1 ? arena_format(p->arena, "%s%s", name, step > 0 ? "--" : "++")
                                 : arena_format(p->arena, "%s %s %lld", name, step > 0 ? "-=" : "+=", (long long)size);
    return arena_format(p->arena, "for (%s %s = %lld; %s %s %lld; %s)", type, name,
                        (long long)(low + (trips - 1) * step), name, step > 0 ? ">=" : "<=",
                        (long long)low, move);
}

/* The same counters backward. With a step of one and a signed counter, from the last one down; else by
 * counting the distance, which cannot wrap around. */
static const char *reversed_header(Printer *p, const Op *op, const char *name)
{
    const Value *lower = op_operand(op, 0), *upper = op_operand(op, 1);
    const int64_t step = op_operand(op, 2)->op->int_value;
    const char *type = type_name(p, lower->type);
    const bool inclusive = op->compare == OP_LE || op->compare == OP_GE;
    const bool is_signed = type_is_signed(p->module->types, lower->type);
    const bool plain = value_is_const(lower) && (is_signed || lower->op->int_value >= 0);
    const char *low = plain ? print_assigned(p, lower) : print_value(p, lower, PREC_SHIFT);
    if (is_signed && value_is_const(lower) && value_is_const(upper))
        return constant_header(p, op, name);
    if (step == 1 && is_signed)
        return arena_format(p->arena, "for (%s %s = %s; %s >= %s; %s--)", type, name,
                            plus(p, upper, inclusive ? 0 : -1), name, low, name);
    if (step == -1 && is_signed)
        return arena_format(p->arena, "for (%s %s = %s; %s <= %s; %s++)", type, name,
                            plus(p, upper, inclusive ? 0 : 1), name, low, name);
    if (step == 1 && !inclusive && (op->compare == OP_LT || value_is_int(lower, 0)))
        return arena_format(p->arena, "for (%s %s = %s; %s-- > %s;)", type, name, print_assigned(p, upper), name,
                            low);
    if (step == -1 && !is_signed && op->compare == OP_GT)
        return arena_format(p->arena, "for (%s %s = %s; %s++ < %s;)", type, name, print_assigned(p, upper), name,
                            low);
    return NULL;
}

/* Any other step: the iterations are numbered, the counter follows. */
static const char *print_trips(Printer *p, const Op *op)
{
    const Value *lower = op_operand(op, 0), *upper = op_operand(op, 1);
    const int64_t step = op_operand(op, 2)->op->int_value, size = step > 0 ? step : -step;
    const bool inclusive = op->compare == OP_LE || op->compare == OP_GE;
    const Value *from = step > 0 ? lower : upper, *to = step > 0 ? upper : lower;
    const char *low = print_value(p, lower, PREC_SHIFT), *high = print_value(p, upper, PREC_SHIFT);
    const char *trips = names_declare(&p->names, "trips");
    const char *distance = print_value(p, to, PREC_SUM);
    if (!value_is_int(from, 0))
        distance = arena_format(p->arena, "%s - %s", distance, print_value(p, from, PREC_PRODUCT));
    const int64_t extra = inclusive ? size : size - 1;
    print_line(p, "%s %s = %s %s %s ? (%s + %lld) / %lld : 0;", type_name(p, lower->type), trips, low,
               op_table[op->compare].spelling, high, distance, (long long)extra,
               (long long)size);
    return trips;
}

static void print_numbered_loop(Printer *p, const Op *op, Variable *counter, const char *trips)
{
    const int64_t step = op_operand(op, 2)->op->int_value, size = step > 0 ? step : -step;
    const char *type = type_name(p, op_operand(op, 0)->type);
    print_line(p, "while (%s > 0) {", trips);
    p->indent++;
    print_line(p, "%s--;", trips);
    if (op->regions[0]->args.items[0]->uses) {
        const char *low = print_value(p, op_operand(op, 0), PREC_SUM);
        print_line(p, "const %s %s = %s %c %s * %lld;", type, declare_name(p, counter), low,
                   step > 0 ? '+' : '-', trips, (long long)size);
    }
    p->indent--;
}

/* ---- statements ---- */

/* A few rounds, a constant number of them: C compilers write them out one after the other. */
static bool is_written_out(const Op *loop)
{
    enum { MAX_ROUNDS = 4 };
    if (loop->kind != OP_FOR || !value_is_const(op_operand(loop, 0)) || !value_is_const(op_operand(loop, 1)))
        return false;
    const int64_t span = op_operand(loop, 1)->op->int_value - op_operand(loop, 0)->op->int_value;
    const int64_t step = op_operand(loop, 2)->op->int_value;
    return span / step <= MAX_ROUNDS;
}

/* What a loop over directions is marked with, where it is inside another one; "" : it is none. */
static const char *directions_mark(const Op *op)
{
    const Op *around = op->flags & OP_FLAG_TANGENT ? op->parent->owner : NULL;
    while (around && !op_is_loop(around->kind))
        around = around->parent->owner;
    return !around ? "" : is_written_out(around) ? "AD_DIRECTIONS_IN_SHORT_LOOP " : "AD_DIRECTIONS ";
}

void print_for(Printer *p, const Op *op)
{
    Variable *counter = p->placement->variables[op->regions[0]->args.items[0]->id];
    if (!counter->hint)
        counter->hint = "i";
    enter_loop(p, op);
    size_t scope = names_open_scope(&p->names);
    const bool reversed = op->flags & OP_FLAG_REVERSED;
    const char *name = names_declare(&p->names, counter->hint);
    const char *header = reversed ? reversed_header(p, op, name) : forward_header(p, op, name);
    if (header) {
        counter->name = name;
        counter->is_declared = true;
        const char *mark = directions_mark(op);
        if (*mark)
            *p->includes |= INCLUDE_RUNTIME;
        print_line(p, "%s%s {", mark, header);
    } else {
        names_close_scope(&p->names, scope);
        const char *trips = print_trips(p, op);
        scope = names_open_scope(&p->names);
        print_numbered_loop(p, op, counter, trips);
    }
    const size_t start = p->out->count;
    p->indent++;
    print_region(p, op->regions[0]);
    end_iteration(p, op);
    p->indent--;
    names_close_scope(&p->names, scope);
    if (header)
        close_brace(p, start);
    else
        print_line(p, "}");
}

void print_while(Printer *p, const Op *op)
{
    enter_loop(p, op);
    const Region *test = op->regions[0];
    const Value *condition = op_operand(region_terminator(test), 0);
    const bool expression = only_yields(p, test);
    size_t scope;
    if (expression)
        print_line(p, "while (%s) {", print_value(p, condition, PREC_COMMA));
    else
        print_line(p, "for (;;) {");
    const size_t start = p->out->count;
    open_block(p, &scope);
    if (!expression) {
        print_region(p, test);
        print_line(p, "if (%s)", print_negation(p, condition));
        p->indent++;
        print_line(p, "break;");
        p->indent--;
    }
    print_region(p, op->regions[1]);
    end_iteration(p, op);
    close_block(p, scope);
    if (expression)
        close_brace(p, start);
    else
        print_line(p, "}");
}
