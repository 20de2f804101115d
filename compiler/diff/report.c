/* The text of --report. */
#include "diff/report.h"

#include <string.h>

#include "analysis/affine.h"
#include "diff/fusion.h"
#include "diff/pairs.h"
#include "diff/strategy.h"

typedef struct Report {
    const Reversal *reversal;
    const Plan *plan;
    const Caches *caches;
    Arena *arena;
    Text *out;
    Text heap; /* the terms of the sum */
} Report;

/* ---- names and places ---- */

static const char *place_text(const Report *r, SourceLoc loc)
{
    const char *path = source_path(r->reversal->primal->module->sources, loc);
    const char *slash = path ? strrchr(path, '/') : NULL;
    return arena_format(r->arena, "%s:%u", slash ? slash + 1 : path ? path : "", loc.line);
}

static SourceLoc loc_of(const Value *value)
{
    if (value->op)
        return value->op->loc;
    return value->region->owner ? value->region->owner->loc : value->region->function->loc;
}

static const char *object_name(const Value *pointer)
{
    const Object object = pointer_object(pointer);
    if (object.kind == OBJECT_GLOBAL)
        return object.global->name;
    if (object.value && object.value->name)
        return object.value->name;
    return object.value && object.value->op && object.value->op->name ? object.value->op->name : NULL;
}

/* "x", "an element of u", "exp(...)" */
static const char *value_text(const Report *r, const Value *value)
{
    const Op *op = value->op;
    if (op && op->kind == OP_LOAD) {
        const char *name = object_name(op_operand(op, 0));
        return name ? arena_format(r->arena, "an element of '%s'", name) : "what a pointer points to";
    }
    if (value->name)
        return arena_format(r->arena, "'%s'", value->name);
    if (op && op_table[op->kind].effect == EFFECT_PURE && op->kind != OP_SELECT)
        return arena_format(r->arena, "a result of '%s'", op_table[op->kind].text);
    return "a value";
}

/* ---- formulas ---- */

static bool put_value(Report *r, Text *out, const Value *value, unsigned depth);

static bool put_affine(Report *r, Text *out, const Affine *sum, unsigned depth)
{
    bool first = true;
    for (unsigned i = 0; i < sum->count; i++) {
        const int64_t c = sum->coefficients[i];
        if (c == 0)
            continue;
        text_puts(r->arena, out, c < 0 ? (first ? "-" : " - ") : first ? "" : " + ");
        if (c != 1 && c != -1)
            text_printf(r->arena, out, "%lld*", (long long)(c < 0 ? -c : c));
        if (!put_value(r, out, sum->values[i], depth + 1))
            return false;
        first = false;
    }
    if (first)
        text_printf(r->arena, out, "%lld", (long long)sum->offset);
    else if (sum->offset)
        text_printf(r->arena, out, " %c %lld", sum->offset < 0 ? '-' : '+',
                    (long long)(sum->offset < 0 ? -sum->offset : sum->offset));
    return sum->known;
}

static bool put_value(Report *r, Text *out, const Value *value, unsigned depth)
{
    const Op *op = value->op;
    if (depth > 8)
        return false;
    if (!op && !value->region->owner && value->name) {
        text_puts(r->arena, out, value->name);
        return true;
    }
    if (!op || (op->kind != OP_MUL && op->kind != OP_DIV)) {
        if (value->name)
            text_puts(r->arena, out, value->name);
        return value->name != NULL;
    }
    const Affine a = affine_of(op_operand(op, 0)), b = affine_of(op_operand(op, 1));
    text_puts(r->arena, out, "(");
    const bool left = put_affine(r, out, &a, depth);
    text_puts(r->arena, out, op->kind == OP_MUL ? ")*(" : ")/(");
    const bool right = put_affine(r, out, &b, depth);
    text_puts(r->arena, out, ")");
    return left && right;
}

/* How often the loop runs. */
static const char *trips_text(Report *r, const Op *loop, const Op *outermost)
{
    Affine bound;
    Text text = {0};
    const int64_t most = loop->kind == OP_WHILE ? while_bound(loop) : -1;
    if (most >= 0)
        return arena_format(r->arena, "%lld", (long long)most);
    if (loop->kind == OP_FOR && affine_trip_bound(loop, outermost, &bound) && put_affine(r, &text, &bound, 0)) {
        const bool sum = strpbrk(text.items, " /") != NULL;
        return sum ? arena_format(r->arena, "(%s)", text.items) : text.items;
    }
    return arena_format(r->arena, "rounds(%s)", place_text(r, loop->loc));
}

static const char *type_text_of(const Value *value)
{
    return type_is_pointer(value->type) ? "pointer" : type_c_name(value->type);
}

static const char *extent_text(Report *r, const Value *extent)
{
    Text text = {0};
    const Affine sum = affine_of(extent);
    if (!put_affine(r, &text, &sum, 0))
        return "elements";
    return strpbrk(text.items, " /") ? arena_format(r->arena, "(%s)", text.items) : text.items;
}

/* "n*d" */
static const char *cache_size(Report *r, const Cache *cache)
{
    Text text = {0};
    for (unsigned i = 0; i < cache->num_loops; i++)
        text_printf(r->arena, &text, "%s%s", i ? "*" : "", trips_text(r, cache->loops[i], cache->outermost));
    for (unsigned i = 0; cache->copy && i < cache->copy->num_extents; i++)
        text_printf(r->arena, &text, "%s%s", text.count ? "*" : "", extent_text(r, cache->copy->extents[i]));
    return text.items;
}

/* ---- reasons ---- */

static const char *why_not_loaded_again(Report *r, const Value *value)
{
    const Op *load = value->op, *write = NULL;
    const Region *root = root_of(r->reversal, load->parent);
    const char *name = object_name(op_operand(load, 0));
    if (r->reversal->options->no_reload)
        return "reading again is switched off";
    size_t next = 0;
    write = load_overwritten_by(r->reversal->reloads, load, root, &next);
    if (!write)
        return "the memory is gone, or its address is not known, when it is needed";
    const char *place = place_text(r, write->loc);
    if (write->kind == OP_CALL)
        return arena_format(r->arena, "the call at %s may write there", place);
    const char *other = object_name(op_operand(write, 0));
    const Object a = pointer_object(op_operand(load, 0)), b = pointer_object(op_operand(write, 0));
    if (a.kind == OBJECT_PARAM && b.kind == OBJECT_PARAM && !objects_equal(a, b))
        return arena_format(r->arena, "'%s' is written at %s and may overlap '%s': restrict would tell", other, place,
                            name);
    return arena_format(r->arena, "it may be overwritten at %s", place);
}

static const char *why_kept(Report *r, const Value *value)
{
    const Op *op = value->op;
    if (!op)
        return "a loop carries it";
    if (op->kind == OP_LOAD)
        return why_not_loaded_again(r, value);
    if (op->num_regions)
        return "what loops and branches leave is not computed again";
    if (op_table[op->kind].effect != EFFECT_PURE)
        return "it cannot be computed again";
    return "keeping it costs less than computing it again";
}

static void report_array(Report *r, const Cache *cache, const char *type)
{
    text_printf(r->arena, r->out, ": %s %s%s", cache_size(r, cache), type, cache->is_table ? "s on the stack" : "s");
    if (!cache->is_table)
        text_printf(r->arena, &r->heap, "%ssizeof(%s)*%s", r->heap.count ? " + " : "",
                    strcmp(type, "pointer") ? type : "void *", cache_size(r, cache));
}

static void report_copies(Report *r)
{
    const ArrayCopies *list = &r->plan->copies;
    for (size_t i = 0; i < list->count; i++) {
        const ArrayCopy *copy = list->items[i];
        if (!copy->is_taken || !cache_find_copy(r->caches, copy))
            continue;
        text_printf(r->arena, r->out, "    %s: '%s' is copied", place_text(r, copy->before->loc),
                    object_name(copy->array));
        report_array(r, cache_find_copy(r->caches, copy), type_c_name(copy->array->type->elem));
        text_puts(r->arena, r->out, "; it is overwritten later\n");
    }
}

static void report_cached(Report *r, const Value *value)
{
    const Cache *cache = cache_find(r->caches, value);
    const char *type = type_text_of(value);
    if (!cache)
        return; /* of a loop that has nothing to add to, and is not run again */
    text_printf(r->arena, r->out, "    %s: %s is kept", place_text(r, loc_of(value)), value_text(r, value));
    if (cache->kind == CACHE_EXPORT) {
        text_puts(r->arena, r->out, " in a variable");
    } else if (cache->kind == CACHE_TAPE) {
        const Op *loop = value_region(value)->owner;
        text_printf(r->arena, r->out, " on the tape, one %s each time", type);
        text_printf(r->arena, &r->heap, "%ssizeof(%s)*rounds(%s)", r->heap.count ? " + " : "",
                    strcmp(type, "pointer") ? type : "void *", place_text(r, loop->loc));
    } else {
        report_array(r, cache, type);
    }
    text_printf(r->arena, r->out, "; %s\n", why_kept(r, value));
}

static void report_unless_overlapping(Report *r, const Value *value)
{
    const Overlap *overlap = r->plan->overlap[value->id];
    text_printf(r->arena, r->out, "    %s: %s is read again, unless ", place_text(r, loc_of(value)), value_text(r, value));
    for (unsigned i = 0; i < overlap->num_others; i++)
        text_printf(r->arena, r->out, "%s'%s'", i ? " or " : "", overlap->others[i]->name);
    text_printf(r->arena, r->out, " overlaps '%s': then it is kept", overlap->array->name);
    report_array(r, cache_find(r->caches, value), type_text_of(value));
    text_puts(r->arena, r->out, "; restrict would tell\n");
}

/* ---- values ---- */

static bool is_told(const Value *value)
{
    return value->op && value->op->kind != OP_CONST && value->op->kind != OP_INDEX && value->op->kind != OP_FIELD &&
           value->op->kind != OP_CONVERT && !type_is_pointer(value->type);
}

static void report_value(Report *r, const Value *value)
{
    switch (r->plan->how[value->id]) {
    case AVAILABLE_CACHED:
        report_cached(r, value);
        return;
    case AVAILABLE_RELOADED:
        text_printf(r->arena, r->out, "    %s: %s is read %s; nothing overwrites it in between\n",
                    place_text(r, loc_of(value)), value_text(r, value),
                    value->op && value->op->kind == OP_LOAD ? "again" : "where it was stored");
        return;
    case AVAILABLE_UNLESS_OVERLAPPING:
        report_unless_overlapping(r, value);
        return;
    case AVAILABLE_COPIED:
        text_printf(r->arena, r->out, "    %s: %s is read from a copy of '%s'\n", place_text(r, loc_of(value)),
                    value_text(r, value), object_name(r->plan->address[value->id]));
        return;
    case AVAILABLE_RECOMPUTED:
        if (!value->op && !type_is_pointer(value->type))
            text_printf(r->arena, r->out, "    %s: %s is computed again, from the counter of its loop\n",
                        place_text(r, loc_of(value)), value_text(r, value));
        else if (is_told(value))
            text_printf(r->arena, r->out, "    %s: %s is computed again; that is cheap\n", place_text(r, loc_of(value)),
                        value_text(r, value));
        return;
    case AVAILABLE_IN_SCOPE:
        if (is_told(value))
            text_printf(r->arena, r->out, "    %s: %s is in scope\n", place_text(r, loc_of(value)), value_text(r, value));
        return;
    case AVAILABLE_NOT:
    case AVAILABLE_COUNTER:
        return;
    }
}

static void report_region(Report *r, const Region *region)
{
    for (size_t i = 0; i < region->args.count; i++)
        report_value(r, region->args.items[i]);
    for (const Op *op = region->first; op; op = op->next) {
        for (unsigned k = 0; k < op->num_regions; k++)
            report_region(r, op->regions[k]);
        for (unsigned i = 0; i < op->num_results; i++)
            report_value(r, op->results[i]);
    }
}

/* ---- loops ---- */

static void report_recursion(Report *r, const Op *op)
{
    const bool fused = strategy_of(r->reversal, op) == STRATEGY_FUSE;
    text_printf(r->arena, r->out, "    %s: recursive call of '%s': %s\n", place_text(r, op->loc), op->callee->name,
                fused ? "fused, one descent computes its value and its derivatives"
                      : "two descents; what the second one needs of the first is on the tape");
}

static void report_loop(Op *op, void *context)
{
    Report *r = context;
    if (!op_is_reversed(r->reversal, op))
        return;
    if (call_is_recursive(op))
        report_recursion(r, op);
    if (!op_is_loop(op->kind))
        return;
    const char *counter = op->kind == OP_FOR ? loop_body(op)->args.items[0]->name : NULL;
    text_printf(r->arena, r->out, "    %s: loop", place_text(r, op->loc));
    if (counter)
        text_printf(r->arena, r->out, " over '%s'", counter);
    const char *why = strategy_reason(r->reversal, op);
    switch (strategy_of(r->reversal, op)) {
    case STRATEGY_FUSE:
        text_puts(r->arena, r->out, ": fused, each iteration is reversed at once\n");
        return;
    case STRATEGY_REPLAY:
        text_printf(r->arena, r->out, ": replayed, the reverse loop runs each iteration again; %s\n", why);
        return;
    case STRATEGY_STORE:
        text_printf(r->arena, r->out, ": a reverse loop of its own; %s", fusion_obstacle(r->reversal, op));
        text_printf(r->arena, r->out, "; not replayed: %s\n", why);
        return;
    }
}

/* ---- activity ---- */

typedef struct Names {
    Report *report;
    VEC(const char *) list;
} Names;

static void add_name(Names *names, const char *name)
{
    if (!name)
        return;
    for (size_t i = 0; i < names->list.count; i++)
        if (strcmp(names->list.items[i], name) == 0)
            return;
    vec_push(names->report->arena, &names->list, name);
}

static void add_results(Op *op, void *context)
{
    Names *names = context;
    const Activity *activity = names->report->reversal->activity;
    for (unsigned i = 0; i < op->num_results; i++) {
        const Value *value = op->results[i];
        if (type_is_pointer(value->type) ? memory_is_active(activity, value) && (op->kind == OP_ALLOCA || op->kind == OP_MALLOC)
                                         : value_is_active(activity, value))
            add_name(names, value->name ? value->name : op->name);
    }
}

static void report_active(Report *r)
{
    const Function *primal = r->reversal->primal;
    Names names = {.report = r};
    for (unsigned i = 0; i < primal->num_params; i++) {
        const Value *arg = primal->body->args.items[i];
        if (type_is_pointer(arg->type) ? memory_is_active(r->reversal->activity, arg)
                                       : value_is_active(r->reversal->activity, arg))
            add_name(&names, primal->params[i].name);
    }
    region_walk(primal->body, add_results, &names);
    text_puts(r->arena, r->out, "  active:");
    for (size_t i = 0; i < names.list.count; i++)
        text_printf(r->arena, r->out, "%s %s", i ? "," : "", names.list.items[i]);
    text_puts(r->arena, r->out, names.list.count ? "\n" : " nothing\n");
}

static Report start(const Reversal *reversal, const char *mode, Text *out)
{
    Report r = {.reversal = reversal, .arena = reversal->arena, .out = out};
    text_printf(r.arena, out, "%s (%s), %s\n", reversal->primal->name, place_text(&r, reversal->primal->loc), mode);
    report_active(&r);
    return r;
}

void report_activity(const Reversal *reversal, const char *mode, Text *out)
{
    start(reversal, mode, out);
}

void report_reversal(const Reversal *reversal, const Plan *plan, const Caches *caches, Text *out)
{
    Report r = start(reversal, "reverse", out);
    r.plan = plan;
    r.caches = caches;
    text_puts(r.arena, out, "  loops:\n");
    region_walk(reversal->primal->body, report_loop, &r);
    text_puts(r.arena, out, "  what the reverse sweep needs:\n");
    report_region(&r, reversal->primal->body);
    report_copies(&r);
    text_printf(r.arena, out, "  memory, in bytes, besides adjoints of local arrays: %s\n", r.heap.count ? r.heap.items : "0");
}
