/* Statements: blocks, `if`, jumps. exits.c tells how jumps are straightened. */
#include "frontend/lower.h"

/* ---- blocks ---- */

Branch open_branch(Lowering *l, Op *op, unsigned which)
{
    Branch branch = {op, l->b};
    l->b = builder_at_end(op->regions[which]);
    l->b.loc = branch.outer.loc;
    return branch;
}

void close_branch(Lowering *l, Branch branch)
{
    build_yield(&l->b, NULL, 0);
    l->b = branch.outer;
}

static Exits guarded_rest(Lowering *l, Exits before, Block rest)
{
    if (rest.count == 0)
        return before;
    Op *op = build_if(&l->b, still_running(l, before), NULL, 0);
    Branch branch = open_branch(l, op, 0);
    Exits after = lower_block(l, rest);
    close_branch(l, branch);
    close_branch(l, open_branch(l, op, 1));
    after = either(after, before);
    return after;
}

/* ---- if ---- */

static Exits lower_branch(Lowering *l, Op *op, unsigned which, const CXCursor *statement, Block rest)
{
    Branch branch = open_branch(l, op, which);
    Exits exits = statement ? lower_statement(l, *statement) : falls_through;
    if (exits.falls && rest.count) {
        if (leaves(exits)) {
            exits = guarded_rest(l, exits, rest);
        } else {
            exits = lower_block(l, rest);
        }
    }
    close_branch(l, branch);
    return exits;
}

/* An `if`; if one branch always leaves and the other never does, `rest` (what follows in the block)
 * becomes part of the other, and *took_rest is set. */
static Exits lower_if(Lowering *l, CXCursor cursor, Block rest, bool *took_rest)
{
    Cursors parts = frontend_children(l->arena, cursor);
    const CXCursor *then_part = &parts.list.items[1];
    const CXCursor *else_part = parts.list.count > 2 ? &parts.list.items[2] : NULL;
    const Exits then_exits = scan(l, *then_part);
    const Exits else_exits = else_part ? scan(l, *else_part) : falls_through;
    const Block none = {0};
    const bool into_else = !then_exits.falls && else_exits.falls;
    const bool into_then = then_exits.falls && !else_exits.falls;
    *took_rest = into_else || into_then;
    const uint64_t entering = take_entering(l), into = entering & labels_in(l, *then_part);
    Value *condition = lower_entered_condition(l, entering, into, parts.list.items[0]);
    l->b.loc = frontend_loc(l->frontend, cursor);
    Op *op = build_if(&l->b, condition, NULL, 0);
    l->entering = into;
    const Exits a = lower_branch(l, op, 0, then_part, into_then ? rest : none);
    l->entering = entering & ~into;
    const Exits b = lower_branch(l, op, 1, else_part, into_else ? rest : none);
    return either(a, b);
}

static Exits lower_statements(Lowering *l, Block block)
{
    Exits exits = falls_through;
    for (size_t i = 0; i < block.count; i++) {
        const Block rest = {block.statements + i + 1, block.count - i - 1};
        if (clang_getCursorKind(block.statements[i]) == CXCursor_IfStmt) {
            bool took_rest;
            exits = lower_if(l, block.statements[i], rest, &took_rest);
            if (took_rest)
                return exits;
        } else {
            exits = lower_statement(l, block.statements[i]);
        }
        if (!exits.falls)
            return exits; /* what follows cannot run */
        if (leaves(exits))
            return guarded_rest(l, exits, rest);
    }
    return exits;
}

Exits lower_block(Lowering *l, Block block)
{
    if (block.count == 0 || !lower_enter(l, block.statements[0]))
        return falls_through;
    const Exits exits =
        block_has_labels(l, block) ? lower_labelled_block(l, block) : lower_statements(l, block);
    l->depth--;
    return exits;
}

/* ---- the rest ---- */

static Exits lower_return(Lowering *l, CXCursor cursor)
{
    Cursors children = frontend_children(l->arena, cursor);
    if (children.list.count && l->result && l->result->type->elem->kind == TYPE_RECORD) {
        lower_record_copy(l, l->result, children.list.items[0]);
    } else if (children.list.count && l->result) {
        Value *value = lower_expression(l, children.list.items[0]);
        l->b.loc = frontend_loc(l->frontend, cursor);
        if (value)
            lower_store(l, clang_getNullCursor(), l->result,
                        lower_conversion(l, value, l->result->type->elem));
    } else if (children.list.count) {
        lower_expression(l, children.list.items[0]);
    }
    set_flag(l, return_flag(l));
    return (Exits){.returns = true};
}

static Exits lower_jump(Lowering *l, Exits exits)
{
    if (exits.breaks && l->break_flag)
        set_flag(l, l->break_flag);
    if (exits.continues && l->continue_flag)
        set_flag(l, l->continue_flag);
    return exits;
}

static Exits refuse(Lowering *l, CXCursor cursor, const char *construct, const char *advice)
{
    unsupported(l, cursor, construct, advice);
    return falls_through;
}

static Exits lower_kind(Lowering *l, CXCursor cursor)
{
    const enum CXCursorKind kind = clang_getCursorKind(cursor);
    if (clang_isExpression(kind)) {
        lower_expression(l, cursor);
        return falls_through;
    }
    Cursors children = frontend_children(l->arena, cursor);
    const Block block = {children.list.items, children.list.count};
    bool took_rest;
    switch (kind) {
    case CXCursor_CompoundStmt:
        return lower_block(l, block);
    case CXCursor_DeclStmt:
        for (size_t i = 0; i < block.count; i++)
            lower_declaration(l, block.statements[i]);
        return falls_through;
    case CXCursor_IfStmt:
        return lower_if(l, cursor, (Block){0}, &took_rest);
    case CXCursor_ForStmt:
        return lower_for(l, cursor);
    case CXCursor_WhileStmt:
        return lower_while(l, cursor, false);
    case CXCursor_DoStmt:
        return lower_while(l, cursor, true);
    case CXCursor_ReturnStmt:
        return lower_return(l, cursor);
    case CXCursor_BreakStmt:
        return lower_jump(l, (Exits){.breaks = true});
    case CXCursor_ContinueStmt:
        return lower_jump(l, (Exits){.continues = true});
    case CXCursor_NullStmt:
        return falls_through;
    case CXCursor_SwitchStmt:
        return lower_switch(l, cursor);
    case CXCursor_CaseStmt:
    case CXCursor_DefaultStmt:
        return refuse(l, cursor, "a case label inside another statement",
                      "put it directly into the switch");
    case CXCursor_GotoStmt:
        return lower_goto(l, cursor);
    case CXCursor_IndirectGotoStmt:
        return refuse(l, cursor, "a computed goto", "write a switch");
    case CXCursor_LabelStmt:
        return lower_label(l, cursor);
    case CXCursor_UnexposedStmt: /* an attribute or pragma in front of a statement */
        return block.count ? lower_statement(l, block.statements[block.count - 1]) : falls_through;
    case CXCursor_GCCAsmStmt:
    case CXCursor_MSAsmStmt:
        return refuse(l, cursor, "inline assembly", "write it in C");
    default:
        return refuse(l, cursor, "this statement", "write it in standard C");
    }
}

Exits lower_statement(Lowering *l, CXCursor cursor)
{
    if (!lower_enter(l, cursor))
        return falls_through;
    l->b.loc = frontend_loc(l->frontend, cursor);
    const Exits exits = lower_kind(l, cursor);
    l->depth--;
    return exits;
}
