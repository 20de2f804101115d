/* The straightening of `return`, `break` and `continue` (goto.c adds `goto`).
 *
 * The IR has no jumps. A statement that can be left early says so in its Exits, and sets a flag (a
 * local bool) on the way out; what follows it in its block runs under `if (!flag)`, and loops stop
 * when a flag is set. Where one branch of an `if` always leaves and the other never does, the rest of
 * the block moves into the other branch instead, so that
 *
 *     if (x < 0)                  if (x < 0) {
 *         return 0;                   result = 0;
 *     y = sqrt(x);      becomes   } else {
 *     return y + 1;                   y = sqrt(x);
 *                                     result = y + 1;
 *                                 }
 *
 * and no flag survives: mem2reg finds it never read. */
#include "frontend/lower.h"

const Exits falls_through = {.falls = true};

bool leaves(Exits exits)
{
    return exits.returns || exits.breaks || exits.continues || exits.gotos;
}

Exits either(Exits a, Exits b)
{
    return (Exits){.falls = a.falls || b.falls,
                   .returns = a.returns || b.returns,
                   .breaks = a.breaks || b.breaks,
                   .continues = a.continues || b.continues,
                   .gotos = a.gotos | b.gotos};
}

/* ---- flags ---- */

Value *new_flag(Lowering *l, const char *name)
{
    Value *flag = build_alloca(&l->b, type_scalar(l->types, TYPE_BOOL), NULL, 0, name);
    build_store(&l->b, flag, build_bool(&l->b, false));
    return flag;
}

void set_flag(Lowering *l, Value *flag)
{
    build_store(&l->b, flag, build_bool(&l->b, true));
}

/* The return flag lives in front of everything. */
Value *return_flag(Lowering *l)
{
    if (l->return_flag)
        return l->return_flag;
    const Builder here = l->b;
    if (l->function->body->first)
        l->b = builder_before(l->function->body->first);
    l->return_flag = new_flag(l, "returned");
    l->b = here;
    return l->return_flag;
}

/* True where none of the flags that `exits` may have set is set. */
Value *still_running(Lowering *l, Exits exits)
{
    Value *flags[] = {exits.returns ? return_flag(l) : NULL,
                      exits.breaks ? l->break_flag : NULL,
                      exits.continues ? l->continue_flag : NULL};
    Value *left = NULL;
    for (unsigned i = 0; i < 3; i++) {
        if (!flags[i])
            continue;
        Value *flag = build_load(&l->b, flags[i]);
        left = left ? build_binary(&l->b, OP_LOR, left, flag) : flag;
    }
    if (exits.gotos) {
        Value *pending = any_pending(l, exits.gotos);
        left = left ? build_binary(&l->b, OP_LOR, left, pending) : pending;
    }
    return left ? build_unary(&l->b, OP_LNOT, left) : build_bool(&l->b, true);
}

/* ---- which ways out a statement has, before it is lowered ---- */

static Exits scan_last(const Lowering *l, Cursors parts);

/* What cannot be reached does not count; a label can. Gotos within the block do not leave it. */
static Exits scan_block(const Lowering *l, Cursors statements)
{
    Exits exits = falls_through;
    uint64_t own = 0;
    for (size_t i = 0; i < statements.list.count; i++) {
        const uint64_t labels = labels_in(l, statements.list.items[i]);
        own |= labels;
        if (!exits.falls && !labels)
            continue;
        const Exits next = scan(l, statements.list.items[i]);
        exits = either(exits, next);
        exits.falls = next.falls;
    }
    exits.gotos &= ~own;
    return exits;
}

static Exits scan_if(const Lowering *l, Cursors parts)
{
    const Exits then_exits = scan(l, parts.list.items[1]);
    return either(then_exits, parts.list.count > 2 ? scan(l, parts.list.items[2])
                                                   : falls_through);
}

/* Every statement of a switch may be entered. Its breaks end it, its continues are the loop's. */
static Exits scan_switch(const Lowering *l, Cursors parts)
{
    Exits exits = falls_through;
    for (size_t i = 0; i < parts.list.count; i++) {
        Cursors statements = frontend_children(l->arena, parts.list.items[i]);
        if (clang_getCursorKind(parts.list.items[i]) != CXCursor_CompoundStmt)
            exits = either(exits, scan(l, parts.list.items[i]));
        else
            for (size_t k = 0; k < statements.list.count; k++)
                exits = either(exits, scan(l, statements.list.items[k]));
    }
    return (Exits){.falls = true, .returns = exits.returns, .continues = exits.continues,
                   .gotos = exits.gotos};
}

/* A label, attribute or pragma: what stands behind it. */
static Exits scan_last(const Lowering *l, Cursors parts)
{
    return parts.list.count ? scan(l, parts.list.items[parts.list.count - 1]) : falls_through;
}

/* ---- what was found of statements with others inside: each is asked for again at every level around it ---- */

typedef struct Scanned {
    CXCursor cursor;
    Exits exits;
    bool is_taken;
} Scanned;

struct Scans {
    Scanned *slots; /* room is a power of two, at most half of them taken */
    unsigned room, count;
};

Scans *scans_new(Arena *arena)
{
    return arena_new(arena, Scans);
}

static Scanned *slot_of(const Scans *scans, CXCursor cursor)
{
    unsigned i = clang_hashCursor(cursor) & (scans->room - 1);
    while (scans->slots[i].is_taken && !clang_equalCursors(scans->slots[i].cursor, cursor))
        i = (i + 1) & (scans->room - 1);
    return &scans->slots[i];
}

static void grow(Arena *arena, Scans *scans)
{
    const Scans old = *scans;
    scans->room = old.room ? 2 * old.room : 64;
    scans->slots = arena_new_array(arena, Scanned, scans->room);
    for (unsigned i = 0; i < old.room; i++)
        if (old.slots[i].is_taken)
            *slot_of(scans, old.slots[i].cursor) = old.slots[i];
}

static Exits scan_parts(const Lowering *l, CXCursor cursor);

Exits scan(const Lowering *l, CXCursor cursor)
{
    Scans *scans = l->scans;
    const enum CXCursorKind kind = clang_getCursorKind(cursor);
    if (clang_isExpression(kind))
        return falls_through;
    if (kind != CXCursor_IfStmt && kind != CXCursor_CompoundStmt)
        return scan_parts(l, cursor);
    if (scans->room) {
        const Scanned *known = slot_of(scans, cursor);
        if (known->is_taken)
            return known->exits;
    }
    const Exits exits = scan_parts(l, cursor);
    if (2 * ++scans->count > scans->room)
        grow(l->arena, scans);
    *slot_of(scans, cursor) = (Scanned){cursor, exits, true};
    return exits;
}

static Exits scan_parts(const Lowering *l, CXCursor cursor)
{
    Cursors parts = frontend_children(l->arena, cursor);
    switch (clang_getCursorKind(cursor)) {
    case CXCursor_ReturnStmt:
        return (Exits){.returns = true};
    case CXCursor_BreakStmt:
        return (Exits){.breaks = true};
    case CXCursor_ContinueStmt:
        return (Exits){.continues = true};
    case CXCursor_GotoStmt:
        return (Exits){.gotos = goto_target(l, cursor)};
    case CXCursor_CompoundStmt:
        return scan_block(l, parts);
    case CXCursor_IfStmt:
        return scan_if(l, parts);
    case CXCursor_ForStmt:
    case CXCursor_WhileStmt:
    case CXCursor_DoStmt: {
        Exits exits = falls_through;
        for (size_t i = 0; i < parts.list.count; i++)
            exits = either(exits, scan(l, parts.list.items[i]));
        return (Exits){.falls = true, .returns = exits.returns, .gotos = exits.gotos};
    }
    case CXCursor_SwitchStmt:
        return scan_switch(l, parts);
    case CXCursor_CaseStmt:
    case CXCursor_DefaultStmt:
    case CXCursor_LabelStmt:
    case CXCursor_UnexposedStmt:
        return scan_last(l, parts);
    default:
        return falls_through;
    }
}
