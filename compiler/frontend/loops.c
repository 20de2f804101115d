/* Loops: all become `while`; which of them count, raise_loops finds out.
 *
 * The condition region has no side effects. A condition that has some moves into the body, and a flag
 * `go` carries its outcome; so does the condition of `do`, which comes after the body. */
#include "frontend/lower.h"

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

Exits lower_for(Lowering *l, CXCursor cursor)
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

Exits lower_while(Lowering *l, CXCursor cursor, bool is_do)
{
    Cursors children = frontend_children(l->arena, cursor);
    CXCursor *items = children.list.items;
    const LoopParts parts = {.condition = items[is_do ? 1 : 0],
                             .body = items[is_do ? 0 : 1],
                             .has_condition = true};
    return lower_loop(l, cursor, &parts, is_do);
}
