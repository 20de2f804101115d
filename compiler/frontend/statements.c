/* Statements, and the straightening of `return`, `break` and `continue`.
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
#include <string.h>

#include "frontend/lower.h"

static const Exits falls_through = {.falls = true};

static bool leaves(Exits exits)
{
    return exits.returns || exits.breaks || exits.continues;
}

static Exits either(Exits a, Exits b)
{
    return (Exits){.falls = a.falls || b.falls,
                   .returns = a.returns || b.returns,
                   .breaks = a.breaks || b.breaks,
                   .continues = a.continues || b.continues};
}

/* ---- flags ---- */

static Value *new_flag(Lowering *l, const char *name)
{
    Value *flag = build_alloca(&l->b, type_scalar(l->types, TYPE_BOOL), NULL, 0, name);
    build_store(&l->b, flag, build_bool(&l->b, false));
    return flag;
}

static void set_flag(Lowering *l, Value *flag)
{
    build_store(&l->b, flag, build_bool(&l->b, true));
}

/* The return flag lives in front of everything. */
static Value *return_flag(Lowering *l)
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
static Value *still_running(Lowering *l, Exits exits)
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
    return left ? build_unary(&l->b, OP_LNOT, left) : build_bool(&l->b, true);
}

/* ---- blocks ---- */

typedef struct Block {
    CXCursor *statements;
    size_t count;
} Block;

static Exits lower_block(Lowering *l, Block block);

typedef struct Branch {
    Op *op;
    Builder outer;
} Branch;

/* Opens region `which` of an if without results; close_branch ends it. */
static Branch open_branch(Lowering *l, Op *op, unsigned which)
{
    Branch branch = {op, l->b};
    l->b = builder_at_end(op->regions[which]);
    l->b.loc = branch.outer.loc;
    return branch;
}

static void close_branch(Lowering *l, Branch branch)
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

/* ---- which ways out a statement has, before it is lowered ---- */

static Exits scan(Arena *arena, CXCursor cursor);

static Exits scan_block(Arena *arena, Cursors statements)
{
    Exits exits = falls_through;
    for (size_t i = 0; i < statements.list.count && exits.falls; i++) {
        const Exits next = scan(arena, statements.list.items[i]);
        exits = (Exits){.falls = next.falls,
                        .returns = exits.returns || next.returns,
                        .breaks = exits.breaks || next.breaks,
                        .continues = exits.continues || next.continues};
    }
    return exits;
}

static Exits scan_if(Arena *arena, Cursors parts)
{
    const Exits then_exits = scan(arena, parts.list.items[1]);
    return either(then_exits, parts.list.count > 2 ? scan(arena, parts.list.items[2])
                                                   : falls_through);
}

static Exits scan(Arena *arena, CXCursor cursor)
{
    Cursors parts = frontend_children(arena, cursor);
    switch (clang_getCursorKind(cursor)) {
    case CXCursor_ReturnStmt:
        return (Exits){.returns = true};
    case CXCursor_BreakStmt:
        return (Exits){.breaks = true};
    case CXCursor_ContinueStmt:
        return (Exits){.continues = true};
    case CXCursor_CompoundStmt:
        return scan_block(arena, parts);
    case CXCursor_IfStmt:
        return scan_if(arena, parts);
    case CXCursor_ForStmt:
    case CXCursor_WhileStmt:
    case CXCursor_DoStmt:
    case CXCursor_SwitchStmt: {
        Exits exits = falls_through;
        for (size_t i = 0; i < parts.list.count; i++)
            exits = either(exits, scan(arena, parts.list.items[i]));
        return (Exits){.falls = true, .returns = exits.returns};
    }
    default:
        return falls_through;
    }
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
    const Exits then_exits = scan(l->arena, *then_part);
    const Exits else_exits = else_part ? scan(l->arena, *else_part) : falls_through;
    const Block none = {0};
    const bool into_else = !then_exits.falls && else_exits.falls;
    const bool into_then = then_exits.falls && !else_exits.falls;
    *took_rest = into_else || into_then;
    Value *condition = lower_condition(l, parts.list.items[0]);
    l->b.loc = frontend_loc(l->frontend, cursor);
    Op *op = build_if(&l->b, condition, NULL, 0);
    const Exits a = lower_branch(l, op, 0, then_part, into_then ? rest : none);
    const Exits b = lower_branch(l, op, 1, else_part, into_else ? rest : none);
    return either(a, b);
}

static Exits lower_block(Lowering *l, Block block)
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

/* ---- loops ---- */

typedef struct LoopParts {
    CXCursor init, condition, increment, body;
    bool has_init, has_condition, has_increment;
} LoopParts;

/* Offsets of the two semicolons of a `for` header; false inside macros, where tokens tell nothing. */
static bool find_semicolons(CXCursor cursor, unsigned offsets[2])
{
    CXTranslationUnit unit = clang_Cursor_getTranslationUnit(cursor);
    CXToken *tokens;
    unsigned count, found = 0;
    int depth = 0;
    clang_tokenize(unit, clang_getCursorExtent(cursor), &tokens, &count);
    for (unsigned i = 0; i < count && found < 2; i++) {
        CXString spelling = clang_getTokenSpelling(unit, tokens[i]);
        const char *text = clang_getCString(spelling);
        if (*text == '(' || *text == '{')
            depth++;
        else if (*text == ')' || *text == '}')
            depth--;
        else if (*text == ';' && depth == 1)
            clang_getExpansionLocation(clang_getTokenLocation(unit, tokens[i]), NULL, NULL, NULL,
                                       &offsets[found++]);
        clang_disposeString(spelling);
        if (depth == 0 && i > 1)
            break;
    }
    clang_disposeTokens(unit, tokens, count);
    return found == 2;
}

static unsigned start_offset(CXCursor cursor)
{
    unsigned offset;
    clang_getExpansionLocation(clang_getRangeStart(clang_getCursorExtent(cursor)), NULL, NULL, NULL,
                               &offset);
    return offset;
}

/* Which of init; condition; increment the children are: a part that is missing has no child. */
static bool split_for(Lowering *l, CXCursor cursor, LoopParts *parts)
{
    Cursors children = frontend_children(l->arena, cursor);
    const size_t count = children.list.count;
    CXCursor *items = children.list.items;
    parts->body = items[count - 1];
    unsigned semicolons[2];
    if (count == 4) {
        *parts = (LoopParts){items[0], items[1], items[2], items[3], true, true, true};
        return true;
    }
    if (!find_semicolons(cursor, semicolons))
        return count == 1;
    for (size_t i = 0; i + 1 < count; i++) {
        const unsigned at = start_offset(items[i]);
        if (at < semicolons[0] || (at == semicolons[0] && i == 0)) {
            parts->init = items[i];
            parts->has_init = true;
        } else if (at < semicolons[1]) {
            parts->condition = items[i];
            parts->has_condition = true;
        } else {
            parts->increment = items[i];
            parts->has_increment = true;
        }
    }
    return true;
}

/* The flags of the loop around, put back when the inner loop is done. */
typedef struct LoopFlags {
    Value *break_flag, *continue_flag;
} LoopFlags;

static Value *loop_test(Lowering *l, const LoopParts *parts, Value *go)
{
    if (go)
        return build_load(&l->b, go);
    return parts->has_condition ? lower_condition(l, parts->condition)
                                : build_bool(&l->b, true);
}

static void lower_test_region(Lowering *l, Op *loop, const LoopParts *parts, Value *go, Exits body)
{
    const Builder outer = l->b;
    l->b = builder_at_end(loop->regions[0]);
    l->b.loc = outer.loc;
    const Exits flags = {.returns = body.returns, .breaks = body.breaks};
    Value *test;
    if (leaves(flags)) {
        const Type *type = type_scalar(l->types, TYPE_BOOL);
        Op *op = build_if(&l->b, still_running(l, flags), &type, 1);
        const Builder here = l->b;
        l->b = builder_at_end(op->regions[0]);
        l->b.loc = here.loc;
        Value *inner = loop_test(l, parts, go);
        build_yield(&l->b, &inner, 1);
        l->b = builder_at_end(op->regions[1]);
        l->b.loc = here.loc;
        inner = build_bool(&l->b, false);
        build_yield(&l->b, &inner, 1);
        l->b = here;
        test = op_result(op, 0);
    } else {
        test = loop_test(l, parts, go);
    }
    build_yield(&l->b, &test, 1);
    l->b = outer;
}

/* The body proper, then the increment unless the loop was left. */
static void lower_iteration(Lowering *l, const LoopParts *parts)
{
    Exits exits = lower_statement(l, parts->body);
    if (!parts->has_increment || (!exits.falls && !exits.continues))
        return;
    exits.continues = false;
    if (!leaves(exits)) {
        lower_expression(l, parts->increment);
        return;
    }
    Op *op = build_if(&l->b, still_running(l, exits), NULL, 0);
    Branch branch = open_branch(l, op, 0);
    lower_expression(l, parts->increment);
    close_branch(l, branch);
    close_branch(l, open_branch(l, op, 1));
}

/* A condition with side effects moves into the body: `if (condition) body; else go = false;` */
static void lower_effectful_iteration(Lowering *l, const LoopParts *parts, Value *go)
{
    Op *op = build_if(&l->b, lower_condition(l, parts->condition), NULL, 0);
    Branch branch = open_branch(l, op, 0);
    lower_iteration(l, parts);
    close_branch(l, branch);
    branch = open_branch(l, op, 1);
    build_store(&l->b, go, build_bool(&l->b, false));
    close_branch(l, branch);
}

/* do body while (condition): `go` tells whether there is another round. */
static void lower_do_iteration(Lowering *l, const LoopParts *parts, Value *go)
{
    Exits exits = lower_statement(l, parts->body);
    exits.continues = false;
    if (leaves(exits)) {
        Op *op = build_if(&l->b, still_running(l, exits), NULL, 0);
        Branch branch = open_branch(l, op, 0);
        build_store(&l->b, go, lower_condition(l, parts->condition));
        close_branch(l, branch);
        close_branch(l, open_branch(l, op, 1));
    } else {
        build_store(&l->b, go, lower_condition(l, parts->condition));
    }
}

static Exits lower_loop(Lowering *l, CXCursor cursor, const LoopParts *parts, bool is_do)
{
    const Exits body = scan(l->arena, parts->body);
    const bool effects = parts->has_condition && !is_do && !expression_is_pure(parts->condition);
    const LoopFlags outer_flags = {l->break_flag, l->continue_flag};
    l->b.loc = frontend_loc(l->frontend, cursor);
    if (body.returns)
        return_flag(l);
    l->break_flag = body.breaks ? new_flag(l, "left") : NULL;
    Value *go = NULL;
    if (effects || is_do) {
        go = new_flag(l, "go");
        set_flag(l, go);
    }
    Op *loop = build_while(&l->b, NULL, 0);
    lower_test_region(l, loop, parts, go, body);
    const Builder outer = l->b;
    l->b = builder_at_end(loop->regions[1]);
    l->b.loc = outer.loc;
    l->continue_flag = body.continues ? new_flag(l, "skipped") : NULL;
    if (is_do)
        lower_do_iteration(l, parts, go);
    else if (effects)
        lower_effectful_iteration(l, parts, go);
    else
        lower_iteration(l, parts);
    build_yield(&l->b, NULL, 0);
    l->b = outer;
    l->break_flag = outer_flags.break_flag;
    l->continue_flag = outer_flags.continue_flag;
    return (Exits){.falls = true, .returns = body.returns};
}

static Exits lower_for(Lowering *l, CXCursor cursor)
{
    LoopParts parts = {0};
    if (!split_for(l, cursor, &parts)) {
        unsupported(l, cursor, "a for statement with missing parts inside a macro",
                    "write it out");
        return falls_through;
    }
    if (parts.has_init) {
        if (clang_isExpression(clang_getCursorKind(parts.init)))
            lower_expression(l, parts.init);
        else
            lower_statement(l, parts.init);
    }
    return lower_loop(l, cursor, &parts, false);
}

static Exits lower_while(Lowering *l, CXCursor cursor, bool is_do)
{
    Cursors children = frontend_children(l->arena, cursor);
    CXCursor *items = children.list.items;
    const LoopParts parts = {.condition = items[is_do ? 1 : 0],
                             .body = items[is_do ? 0 : 1],
                             .has_condition = true};
    return lower_loop(l, cursor, &parts, is_do);
}

/* ---- the rest ---- */

static Exits lower_return(Lowering *l, CXCursor cursor)
{
    Cursors children = frontend_children(l->arena, cursor);
    if (children.list.count && l->result) {
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
        return refuse(l, cursor, "switch", "write a chain of if and else");
    case CXCursor_GotoStmt:
    case CXCursor_IndirectGotoStmt:
        return refuse(l, cursor, "goto", "write a loop or an if");
    case CXCursor_LabelStmt:
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
