/* Where each value lives in C.
 *
 * Problem. SSA has a value per op; C that reads well has few variables. A value used once is written
 * where it is used; values that a loop carries are one variable again.
 *
 * Algorithm. First, backward: which values are folded into their uses. A pure op with one use is; so is
 * a load, if nothing writes there before the statement in which it ends up (its anchor); cheap index
 * arithmetic and comparisons of variables are folded into all their uses. Expressions stop growing at a
 * certain size.
 * Second, forward: variables. A carried value's argument, result and (where nothing reads the old value
 * afterwards) next value share one variable; so do the results of an if with what its branches yield.
 * "Afterwards" is a matter of the printed text: a folded value is read where its anchor stands.
 *
 * Requires: dead code removed. Keeps: the function. */
#include "analysis/memory.h"
#include "backend/printer.h"

enum { MAX_SIZE = 9, CHEAP_SIZE = 3 };

typedef struct Placing {
    Placement *placement;
    unsigned *size; /* by value id: ops in the folded expression */
} Placing;

/* ---- folding ---- */

static bool always_folded(const Op *op)
{
    switch (op->kind) {
    case OP_CONST:
    case OP_NULLPTR:
    case OP_UNDEF:
    case OP_STRING:
    case OP_GLOBAL:
    case OP_FUNCTION:
    case OP_INDEX:
    case OP_FIELD:
        return true;
    default:
        return false;
    }
}

static unsigned size_of(const Placing *p, const Value *value)
{
    return p->placement->folded[value->id] ? p->size[value->id] : 0;
}

static unsigned folded_size(const Placing *p, const Op *op)
{
    unsigned size = op->kind == OP_CONST || op->kind == OP_CONVERT ? 0 : 1;
    for (unsigned i = 0; i < op->num_operands; i++)
        size += size_of(p, op_operand(op, i));
    return size;
}

/* The statement in which the use is printed; NULL: in several. */
static const Op *anchor_of(const Placing *p, const Use *use)
{
    const Op *user = use->user;
    if (user->num_results == 1 && p->placement->folded[user->results[0]->id])
        return p->placement->anchors[user->results[0]->id];
    return user;
}

/* Is `inner` in the region, or nested there without a loop in between? */
static bool reached_without_loop(const Region *region, const Region *inner)
{
    for (; inner != region; inner = inner->owner->parent) {
        if (!inner->owner || op_is_loop(inner->owner->kind))
            return false;
    }
    return true;
}

static bool written_between(const Op *from, const Op *to, const Value *pointer)
{
    for (const Op *op = from->next; op && op != to; op = op->next)
        if (op_may_write(op, pointer))
            return true;
    return false;
}

/* The memory that an expression made of this op reads stays as it is until the anchor. */
static bool reads_are_stable(const Placing *p, const Op *op, const Op *from, const Op *anchor)
{
    if (op->kind == OP_LOAD && written_between(from, anchor, op_operand(op, 0)))
        return false;
    if (op->kind == OP_INNER && (written_between(from, anchor, op_operand(op, 1)) || written_between(from, anchor, op_operand(op, 2))))
        return false;
    for (unsigned r = 0; r < op->num_regions; r++)
        for (const Op *inner = op->regions[r]->first; inner; inner = inner->next)
            if (!reads_are_stable(p, inner, from, anchor))
                return false;
    return true;
}

/* Loads inside operands move along: they were folded into `op`, and now go further down. */
static bool operands_are_stable(const Placing *p, const Op *op, const Op *anchor)
{
    for (unsigned i = 0; i < op->num_operands; i++) {
        const Value *operand = op_operand(op, i);
        if (!operand->op || !p->placement->folded[operand->id])
            continue;
        if (!reads_are_stable(p, operand->op, operand->op, anchor) ||
            !operands_are_stable(p, operand->op, anchor))
            return false;
    }
    return true;
}

static bool is_foldable_kind(const Placing *p, const Op *op)
{
    if (op->num_results != 1)
        return false;
    if (op->kind == OP_IF)
        return if_is_expression(p->placement, op);
    if (op->kind == OP_LOAD)
        return !load_casts_const_away(op);
    return op->kind == OP_INNER || op_table[op->kind].effect == EFFECT_PURE;
}

static bool reads_memory(const Op *op)
{
    return op->kind == OP_LOAD || op->kind == OP_INNER || op->kind == OP_IF;
}

static bool can_fold_once(const Placing *p, const Op *op)
{
    const Value *value = op->results[0];
    const Use *use = value->uses;
    const Op *anchor = anchor_of(p, use);
    if (!anchor)
        return false;
    if (reads_memory(op)) {
        if (anchor->parent != op->parent || !reads_are_stable(p, op, op, anchor))
            return false;
    } else if (!reached_without_loop(op->parent, anchor->parent)) {
        return false;
    }
    /* the operand of a loop is its initial value or bound; a bound is read again and again */
    if (op_is_loop(anchor->kind) && reads_memory(op) &&
        !(anchor == use->user && use >= &anchor->operands[loop_first_init(anchor)]))
        return false;
    return true;
}

/* An integer that bears a variable's name, and that it takes a cast to form: a variable if it is used more than once. */
static bool is_named_cast(const Value *value)
{
    const Op *op = value->op;
    return op && op->kind == OP_CONVERT && value->name && type_is_integer(value->type) && !value_has_one_use(value) &&
           op_operand(op, 0)->type->kind != TYPE_BOOL &&
           op_operand(op, 0)->op && op_table[op_operand(op, 0)->op->kind].style == STYLE_INFIX;
}

static bool is_leaf(const Value *value)
{
    return !value->op || is_named_cast(value) || value_is_const(value) || op_is_loop(value->op->kind) ||
           value->op->kind == OP_IF;
}

/* Worth repeating at every use: index arithmetic, comparisons of variables. */
static bool is_trivial(const Placing *p, const Op *op)
{
    if (op_table[op->kind].effect != EFFECT_PURE || op->num_results != 1)
        return false;
    const bool from_integer =
        op->kind == OP_CONVERT && type_is_integer(op_operand(op, 0)->type);
    const bool cheap = (type_is_integer(op->results[0]->type) || from_integer) &&
                       op_table[op->kind].cost <= 1 && op->kind != OP_SELECT && !is_named_cast(op->results[0]);
    if (!cheap || folded_size(p, op) > CHEAP_SIZE)
        return false;
    for (unsigned i = 0; i < op->num_operands; i++) {
        const Value *operand = op_operand(op, i);
        const bool small = operand->op && operand->op->num_results == 1 &&
                           type_is_integer(operand->type) && is_trivial(p, operand->op);
        if (!is_leaf(operand) && !small && type_is_integer(operand->type))
            return false;
    }
    return true;
}

/* The one statement in which all uses of the value are printed, or NULL. */
static const Op *common_anchor(const Placing *p, const Value *value)
{
    const Op *common = NULL;
    for (const Use *use = value->uses; use; use = use->next) {
        const Op *anchor = anchor_of(p, use);
        if (!anchor || (common && anchor != common))
            return NULL;
        common = anchor;
    }
    return common;
}

/* An extent that only the declaration of a parameter names: it is printed there, as the user wrote it. */
static bool is_only_declared(const Value *value)
{
    for (const Use *use = value->uses; use; use = use->next)
        if (use->user->kind != OP_SHAPE)
            return false;
    return true;
}

static void decide_op(Placing *p, const Op *op)
{
    if (op->num_results != 1)
        return;
    const Value *value = op->results[0];
    Placement *placement = p->placement;
    if (always_folded(op)) {
        placement->folded[value->id] = true;
    } else if (!value->uses) {
        return;
    } else if (is_only_declared(value) || is_trivial(p, op)) {
        placement->folded[value->id] = true;
    } else if (value_has_one_use(value) && is_foldable_kind(p, op) && can_fold_once(p, op)) {
        placement->folded[value->id] = true;
    } else if (op->kind == OP_LOAD && !value->name && common_anchor(p, value) &&
               can_fold_once(p, op)) {
        placement->folded[value->id] = true;
    }
    if (placement->folded[value->id])
        placement->anchors[value->id] = common_anchor(p, value);
}

static void decide_region(Placing *p, const Region *region)
{
    for (const Op *op = region->last; op; op = op->prev) {
        for (unsigned r = op->num_regions; r-- > 0;)
            decide_region(p, op->regions[r]);
        decide_op(p, op);
    }
}

/* Forward: expressions that have grown too large become variables, and so do loads that would be moved
 * behind a write by the expression they are part of. */
static void limit_region(Placing *p, const Region *region)
{
    for (const Op *op = region->first; op; op = op->next) {
        for (unsigned r = 0; r < op->num_regions; r++)
            limit_region(p, op->regions[r]);
        if (op->num_results != 1 || !p->placement->folded[op->results[0]->id])
            continue;
        const Value *value = op->results[0];
        const unsigned size = folded_size(p, op);
        const Op *anchor = p->placement->anchors[value->id];
        const bool moved_too_far = !always_folded(op) && anchor && anchor != op &&
                                   !operands_are_stable(p, op, anchor);
        const bool needs_statements = op->kind == OP_IF && !if_is_expression(p->placement, op);
        if (!always_folded(op) && (size > MAX_SIZE || moved_too_far || needs_statements))
            p->placement->folded[value->id] = false;
        else
            p->size[value->id] = size;
    }
}

static bool only_folded(const Placement *placement, const Region *region)
{
    for (const Op *op = region->first; op; op = op->next)
        if (op->kind != OP_YIELD &&
            (op->num_results != 1 || !placement->folded[op->results[0]->id]))
            return false;
    return true;
}

bool if_is_expression(const Placement *placement, const Op *op)
{
    return op->num_results == 1 && only_folded(placement, op->regions[0]) &&
           only_folded(placement, op->regions[1]);
}

/* ---- variables ---- */

/* A member that was read bears the member's name. */
static const char *member_name(const Value *value)
{
    const Op *address = value->op && value->op->kind == OP_LOAD ? op_operand(value->op, 0)->op : NULL;
    if (address && address->kind == OP_INDEX)
        address = op_operand(address, 0)->op;
    if (!address || address->kind != OP_FIELD)
        return NULL;
    return op_operand(address, 0)->type->elem->record->fields[address->int_value].name;
}

static Variable *new_variable(Placing *p, const Value *value, bool is_mutable)
{
    Variable *variable = arena_new(p->placement->arena, Variable);
    *variable = (Variable){.type = value->type,
                           .hint = value->name ? value->name : member_name(value),
                           .is_mutable = is_mutable,
                           .is_const_pointer =
                               type_is_pointer(value->type) && pointer_is_const(value)};
    return variable;
}

static Variable **slot(Placing *p, const Value *value)
{
    return &p->placement->variables[value->id];
}

/* Is every place in the printed text that reads `value` before `op` (or, if inside_too, inside it)? */
static bool read_only_before(const Placing *p, const Value *value, const Op *op, bool inside_too)
{
    for (const Use *use = value->uses; use; use = use->next) {
        const Op *user = use->user;
        if (user == op && user->num_regions == 0)
            continue;
        if (user->num_results == 1 && p->placement->folded[user->results[0]->id] &&
            user != op) {
            if (!read_only_before(p, user->results[0], op, inside_too))
                return false;
            continue;
        }
        const Op *at = op_ancestor_in(op->parent, (Op *)user);
        if (!at)
            return false;
        if (at != op && at != user && at->num_results == 1 &&
            p->placement->folded[at->results[0]->id]) {
            /* inside an if that is an expression: read where that expression is printed */
            if (!read_only_before(p, at->results[0], op, inside_too))
                return false;
            continue;
        }
        if (at == op) {
            if (!inside_too && user != op)
                return false;
            continue;
        }
        if (!op_precedes(at, op))
            return false;
    }
    return true;
}

static void place_region(Placing *p, const Region *region);

/* Can the value, made by an op of `region`, be put straight into the variable that holds `old`? */
static bool can_replace(const Placing *p, const Value *value, const Value *old,
                        const Region *region)
{
    const Op *op = value->op;
    if (!op || op->parent != region || p->placement->folded[value->id] ||
        p->placement->variables[value->id])
        return false;
    if (op->num_regions == 0 && (op->num_results != 1 || (op->kind != OP_LOAD &&
                                 op_table[op->kind].effect != EFFECT_PURE)))
        return false;
    return read_only_before(p, old, op, op->kind == OP_IF);
}

static unsigned times_used_by(const Op *op, const Value *value)
{
    unsigned count = 0;
    for (unsigned i = 0; i < op->num_operands; i++)
        count += op_operand(op, i) == value;
    return count;
}

/* Can the carried value go on living in the variable of its initial value? */
static bool can_continue(const Placing *p, const Value *init, const Op *loop)
{
    const Variable *variable = p->placement->variables[init->id];
    return variable && variable->is_mutable && value_region(init) == loop->parent && init->op &&
           init->op->num_regions && times_used_by(loop, init) == 1 &&
           read_only_before(p, init, loop, false);
}

static void place_loop(Placing *p, const Op *op)
{
    const unsigned n = loop_num_carried(op);
    for (unsigned i = 0; i < n; i++) {
        Variable **result = slot(p, op->results[i]);
        const Value *init = loop_carried_init(op, i);
        if (!*result) {
            *result = can_continue(p, init, op) ? p->placement->variables[init->id]
                                                : new_variable(p, op->results[i], true);
        }
        if (!(*result)->hint)
            (*result)->hint = loop_carried_arg(op, i)->name;
        for (unsigned r = 0; r < op->num_regions; r++)
            *slot(p, op->regions[r]->args.items[i + (op->kind == OP_FOR ? 1 : 0)]) = *result;
    }
    if (op->kind == OP_FOR)
        *slot(p, op->regions[0]->args.items[0]) =
            new_variable(p, op->regions[0]->args.items[0], true);
    for (unsigned i = 0; i < n; i++) {
        const Value *next = loop_carried_next(op, i), *arg = loop_carried_arg(op, i);
        if (can_replace(p, next, arg, loop_body(op)))
            *slot(p, next) = *slot(p, arg);
    }
    for (unsigned r = 0; r < op->num_regions; r++)
        place_region(p, op->regions[r]);
}

static void place_if(Placing *p, const Op *op)
{
    for (unsigned i = 0; i < op->num_results; i++) {
        Variable **result = slot(p, op->results[i]);
        if (*result)
            continue;
        *result = new_variable(p, op->results[i], true);
        for (unsigned r = 0; r < 2; r++) {
            const Value *yielded = op_operand(region_terminator(op->regions[r]), i);
            const Op *made = yielded->op;
            if (made && made->parent == op->regions[r] && !p->placement->folded[yielded->id] &&
                !p->placement->variables[yielded->id] && made->num_results == 1 &&
                (made->num_regions || op_table[made->kind].effect == EFFECT_PURE))
                *slot(p, yielded) = *result;
            if (!(*result)->hint)
                (*result)->hint = yielded->name;
        }
    }
    place_region(p, op->regions[0]);
    place_region(p, op->regions[1]);
}

static void place_op(Placing *p, const Op *op)
{
    if (op_is_loop(op->kind)) {
        place_loop(p, op);
    } else if (op->kind == OP_IF) {
        if (op->num_results != 1 || !p->placement->folded[op->results[0]->id])
            place_if(p, op);
        else {
            place_region(p, op->regions[0]);
            place_region(p, op->regions[1]);
        }
    } else {
        for (unsigned i = 0; i < op->num_results; i++)
            if (!p->placement->folded[op->results[i]->id] && !*slot(p, op->results[i]))
                *slot(p, op->results[i]) = new_variable(p, op->results[i], false);
    }
}

static void place_region(Placing *p, const Region *region)
{
    for (const Op *op = region->first; op; op = op->next)
        place_op(p, op);
}

const Placement *placement_compute(Arena *arena, const Function *function)
{
    Placement *placement = arena_new(arena, Placement);
    const unsigned n = function->num_values;
    *placement = (Placement){.arena = arena,
                             .function = function,
                             .folded = arena_new_array(arena, bool, n),
                             .variables = arena_new_array(arena, Variable *, n),
                             .anchors = arena_new_array(arena, const Op *, n)};
    Placing p = {placement, arena_new_array(arena, unsigned, n)};
    decide_region(&p, function->body);
    limit_region(&p, function->body);
    place_region(&p, function->body);
    return placement;
}

bool expression_reads(const Placement *placement, const Value *value, const Variable *variable)
{
    if (!placement->folded[value->id])
        return placement->variables[value->id] == variable;
    const Op *op = value->op;
    for (unsigned i = 0; i < op->num_operands; i++)
        if (expression_reads(placement, op_operand(op, i), variable))
            return true;
    for (unsigned r = 0; r < op->num_regions; r++)
        for (const Op *inner = op->regions[r]->first; inner; inner = inner->next)
            for (unsigned i = 0; i < inner->num_operands; i++)
                if (expression_reads(placement, op_operand(inner, i), variable))
                    return true;
    return false;
}
