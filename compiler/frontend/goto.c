/* The straightening of `goto`.
 *
 * Problem. The IR has no jumps. exits.c straightens those that leave a statement forward; a goto may
 * also lead back, and into a statement.
 *
 * Algorithm. Every label that a goto leads to has a flag: a goto sets it, arriving at the label clears it. While
 * it is set, only what leads to the label runs. Statements without a label of their own are guarded as
 * for `break` and `return`; a block is cut into parts at the statements that hold labels:
 *
 *     if (x < 0)                  if (x < 0) {             again:                do {
 *         goto end;                   y = 0;                   x = f(x);             x = f(x);
 *     y = sqrt(x);      becomes   } else {                     if (x > 1)       } while (x > 1);
 * end:                                y = sqrt(x);                 goto again;
 *     return y;                   }
 *                                 return y;
 *
 *   - Where all that can be pending leads to this statement, it runs in any case: no guard, no flag.
 *   - A goto to an earlier statement of the block makes a loop of what lies between, until none is
 *     pending that leads back. Loops that would overlap are made one in the other.
 *   - A statement whose label is deeper inside is entered: a loop or branch with a pending label inside is taken
 *     without asking its condition, and what stands in front of the label is skipped, since the flag is set.
 *     (A. Erosa and L. Hendren, Taming control flow, 1994, do it step by step.)
 *
 * Local variables of such functions live in front of everything, since the parts of a block become blocks. An array of variable length stays
 * where it is, and is refused if it is used in another part.
 *
 * Does not handle: jumps into a switch; computed gotos. */
#include "frontend/lower.h"

enum { MAX_LABELS = 64 };

/* ---- the labels of a function ---- */

static uint64_t bit_of(const Lowering *l, CXCursor label)
{
    for (size_t i = 0; i < l->labels.count; i++)
        if (l->labels.items[i].key == label.data[1])
            return (uint64_t)1 << i;
    return 0;
}

static enum CXChildVisitResult find_gotos(CXCursor cursor, CXCursor parent, CXClientData data)
{
    (void)parent;
    Lowering *l = data;
    if (clang_getCursorKind(cursor) != CXCursor_GotoStmt)
        return CXChildVisit_Recurse;
    const CXCursor target = clang_getCursorReferenced(cursor);
    if (clang_Cursor_isNull(target) || bit_of(l, target))
        return CXChildVisit_Continue;
    if (l->labels.count == MAX_LABELS) {
        unsupported(l, cursor, "a function with this many labels", "split it");
        return CXChildVisit_Break;
    }
    Value *flag = new_flag(l, frontend_spelling(l->frontend, target));
    vec_push(l->arena, &l->labels, ((Label){target.data[1], flag}));
    return CXChildVisit_Continue;
}

void labels_collect(Lowering *l, CXCursor body)
{
    clang_visitChildren(body, find_gotos, l);
}

typedef struct LabelVisit {
    const Lowering *l;
    uint64_t found;
} LabelVisit;

static enum CXChildVisitResult find_labels(CXCursor cursor, CXCursor parent, CXClientData data)
{
    (void)parent;
    LabelVisit *visit = data;
    if (clang_getCursorKind(cursor) == CXCursor_LabelStmt)
        visit->found |= bit_of(visit->l, cursor);
    return CXChildVisit_Recurse;
}

uint64_t labels_in(const Lowering *l, CXCursor statement)
{
    LabelVisit visit = {l, 0};
    if (!l->labels.count)
        return 0;
    find_labels(statement, statement, &visit);
    clang_visitChildren(statement, find_labels, &visit);
    return visit.found;
}

uint64_t goto_target(const Lowering *l, CXCursor jump)
{
    return bit_of(l, clang_getCursorReferenced(jump));
}

/* ---- arrays of variable length ---- */

static bool is_used_outside(const Op *alloca)
{
    for (const Use *use = alloca->results[0]->uses; use; use = use->next)
        if (!region_contains(alloca->parent, use->user->parent))
            return true;
    return false;
}

static void check_array(Op *op, void *context)
{
    const Lowering *l = context;
    if (op->kind == OP_ALLOCA && op->num_operands && is_used_outside(op))
        diag(l->frontend->module->diags, MSG_UNSUPPORTED, op->loc, "an array of variable length behind a jump, in a function with goto",
             "declare it in front of the first goto, break or return, or use malloc");
}

void labels_check_arrays(Lowering *l)
{
    if (l->labels.count)
        region_walk(l->function->body, check_array, l);
}

/* ---- flags ---- */

Value *any_pending(Lowering *l, uint64_t labels)
{
    Value *any = NULL;
    for (size_t i = 0; i < l->labels.count; i++) {
        if (!(labels >> i & 1))
            continue;
        Value *flag = build_load(&l->b, l->labels.items[i].flag);
        any = any ? build_binary(&l->b, OP_LOR, any, flag) : flag;
    }
    return any ? any : build_bool(&l->b, false);
}

uint64_t take_entering(Lowering *l)
{
    const uint64_t entering = l->entering;
    l->entering = 0;
    return entering;
}

Exits lower_goto(Lowering *l, CXCursor cursor)
{
    const uint64_t target = goto_target(l, cursor);
    for (size_t i = 0; i < l->labels.count; i++)
        if (target >> i & 1)
            set_flag(l, l->labels.items[i].flag);
    return (Exits){.gotos = target};
}

Exits lower_label(Lowering *l, CXCursor cursor)
{
    const uint64_t own = bit_of(l, cursor);
    for (size_t i = 0; i < l->labels.count; i++)
        if (own >> i & 1)
            build_store(&l->b, l->labels.items[i].flag, build_bool(&l->b, false));
    l->entering &= ~own;
    CXCursor statement = last_child(l, cursor);
    return clang_Cursor_isNull(statement) ? falls_through : lower_statement(l, statement);
}

Value *lower_entered_condition(Lowering *l, uint64_t entering, uint64_t taken, CXCursor cursor)
{
    if (!entering)
        return lower_condition(l, cursor);
    const Type *type = type_scalar(l->types, TYPE_BOOL);
    Op *op = build_if(&l->b, any_pending(l, entering), &type, 1);
    const Builder outer = l->b;
    for (unsigned r = 0; r < 2; r++) {
        l->b = builder_at_end(op->regions[r]);
        l->b.loc = outer.loc;
        Value *value = r == 0 ? any_pending(l, taken) : lower_condition(l, cursor);
        build_yield(&l->b, &value, 1);
    }
    l->b = outer;
    return op_result(op, 0);
}

/* ---- blocks with labels ---- */

bool block_has_labels(const Lowering *l, Block block)
{
    uint64_t labels = 0, jumps = l->entering;
    for (size_t i = 0; i < block.count && l->labels.count; i++)
        labels |= labels_in(l, block.statements[i]);
    for (size_t i = 0; i < block.count && labels; i++)
        jumps |= scan(l, block.statements[i]).gotos;
    return (labels & jumps) != 0;
}

/* What is known of a statement of the block. */
typedef struct Mark {
    uint64_t labels;         /* at or in it */
    uint64_t gotos;          /* that may leave it */
    bool has_variable_array; /* it declares one */
} Mark;

/* A part of a block. */
typedef struct Part {
    Block block;
    const Mark *marks;
    uint64_t pending; /* labels in it that may be pending when it starts */
    uint64_t back;    /* those that it jumps back to itself: it is a loop */
    bool is_anchor;   /* it has labels, and is one statement or a loop */
} Part;

static bool declares_variable_array(Lowering *l, CXCursor statement)
{
    if (clang_getCursorKind(statement) != CXCursor_DeclStmt)
        return false;
    Cursors parts = frontend_children(l->arena, statement);
    for (size_t i = 0; i < parts.list.count; i++)
        if (clang_getCanonicalType(clang_getCursorType(parts.list.items[i])).kind ==
            CXType_VariableArray)
            return true;
    return false;
}

static const Mark *mark_block(Lowering *l, Block block)
{
    Mark *marks = arena_new_array(l->arena, Mark, block.count);
    for (size_t i = 0; i < block.count; i++)
        marks[i] = (Mark){labels_in(l, block.statements[i]), scan(l, block.statements[i]).gotos,
                          declares_variable_array(l, block.statements[i])};
    return marks;
}

static Part part_of(const Part *whole, size_t first, size_t end)
{
    return (Part){.block = {whole->block.statements + first, end - first},
                  .marks = whole->marks + first};
}

static uint64_t labels_of(const Part *part)
{
    uint64_t labels = 0;
    for (size_t i = 0; i < part->block.count; i++)
        labels |= part->marks[i].labels;
    return labels;
}

/* All that leads to labels of the part: from its statements, or pending when it starts. */
static uint64_t jumps_of(const Part *part)
{
    uint64_t jumps = part->pending;
    for (size_t i = 0; i < part->block.count; i++)
        jumps |= part->marks[i].gotos;
    return jumps;
}

/* The last statement that jumps back to one of the labels of statement `at`; the count: none does. */
static size_t last_jump_back(const Part *part, size_t at)
{
    for (size_t i = part->block.count; i-- > at;)
        if (part->marks[i].gotos & part->marks[at].labels)
            return i;
    return part->block.count;
}

/* Where the loop that starts at statement `first` ends: behind all that jumps back to a statement in it. Arrays of
 * variable length live in the loop: then it goes on to the end of the block. */
static size_t loop_end(const Part *part, size_t first)
{
    size_t last = last_jump_back(part, first);
    for (size_t i = first + 1; i <= last; i++) {
        const size_t other = last_jump_back(part, i);
        if (other < part->block.count && other > last)
            last = other;
        if (part->marks[i].has_variable_array)
            last = part->block.count - 1;
    }
    return last + 1;
}

static Exits lower_parts(Lowering *l, const Part *whole, bool is_loop_body);

/* do part while (a label of its first statement is pending) */
static Exits lower_goto_loop(Lowering *l, const Part *part)
{
    Value *again = new_flag(l, "again");
    set_flag(l, again);
    Op *loop = build_while(&l->b, NULL, 0);
    const Builder outer = l->b;
    l->b = builder_at_end(loop->regions[0]);
    l->b.loc = outer.loc;
    Value *test = build_load(&l->b, again);
    build_yield(&l->b, &test, 1);
    l->b = builder_at_end(loop->regions[1]);
    l->b.loc = outer.loc;
    Part body = *part;
    body.pending |= part->back;
    const Exits exits = lower_parts(l, &body, true);
    build_store(&l->b, again, any_pending(l, part->back));
    build_yield(&l->b, NULL, 0);
    l->b = outer;
    return exits;
}

static Exits lower_unguarded(Lowering *l, const Part *part)
{
    if (part->back)
        return lower_goto_loop(l, part);
    if (!part->is_anchor)
        return lower_block(l, part->block);
    l->entering = part->pending;
    const Exits exits = lower_statement(l, part->block.statements[0]);
    l->entering = 0;
    return exits;
}

/* A part, which runs unless something else is pending than what leads into it. */
static Exits lower_part(Lowering *l, const Part *part, Exits before)
{
    Exits others = before;
    others.gotos &= ~labels_of(part);
    Exits after;
    if (leaves(others)) {
        Op *op = build_if(&l->b, still_running(l, others), NULL, 0);
        Branch branch = open_branch(l, op, 0);
        after = lower_unguarded(l, part);
        close_branch(l, branch);
        close_branch(l, open_branch(l, op, 1));
    } else {
        after = lower_unguarded(l, part);
    }
    others.falls = false;
    return either(after, others);
}

/* The part that starts at a statement with labels: the statement, or a loop. */
static Part anchor_at(const Part *whole, size_t at, uint64_t pending, bool may_loop)
{
    const bool loops = may_loop && last_jump_back(whole, at) < whole->block.count;
    Part part = part_of(whole, at, loops ? loop_end(whole, at) : at + 1);
    part.is_anchor = true;
    part.pending = pending & labels_of(&part);
    for (size_t i = 0; loops && i < part.block.count; i++)
        part.back |= part.marks[i].gotos & part.marks[0].labels;
    return part;
}

/* The parts of a block, one after the other. In the body of the loop that its first statement starts, that statement
 * starts no loop. */
static Exits lower_parts(Lowering *l, const Part *whole, bool is_loop_body)
{
    Exits run = {.falls = true, .gotos = whole->pending};
    const uint64_t jumps = jumps_of(whole);
    for (size_t i = 0; i < whole->block.count;) {
        size_t anchor = i;
        while (anchor < whole->block.count && !(whole->marks[anchor].labels & jumps))
            anchor++;
        const Part part = anchor == i
                              ? anchor_at(whole, i, run.gotos, !is_loop_body || i > 0)
                              : part_of(whole, i, anchor);
        if (run.falls || part.pending || part.back)
            run = lower_part(l, &part, run);
        i += part.block.count;
    }
    run.gotos &= ~labels_of(whole);
    return run;
}

Exits lower_labelled_block(Lowering *l, Block block)
{
    const Part whole = {.block = block, .marks = mark_block(l, block), .pending = take_entering(l)};
    return lower_parts(l, &whole, false);
}
