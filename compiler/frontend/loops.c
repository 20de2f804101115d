/* Loops: all become `while`; which of them count, raise_loops finds out.
 *
 * The condition region has no side effects. A condition that has some moves into the body, and a flag
 * `go` carries its outcome; so does the condition of `do`, which comes after the body. */
#include <string.h>

#include "frontend/lower.h"

typedef struct LoopParts {
    CXCursor init, condition, increment, body;
    bool has_init, has_condition, has_increment;
    uint64_t entering; /* labels in the body that may be pending when the loop starts (goto.c) */
} LoopParts;

/* ---- the parts of a `for` ---- */

/* libclang lists only the parts that are there. Which those are, the text between the semicolons tells:
 * read where it is spelled, in the definition of a macro if need be. */

static const char *skip_comment(const char *at, const char *end)
{
    const bool line = at[1] == '/';
    for (at += 2; at < end; at++)
        if (line ? *at == '\n' : *at == '/' && at[-1] == '*')
            return at + !line;
    return end;
}

static const char *skip_literal(const char *at, const char *end)
{
    const char quote = *at++;
    while (at < end && *at != quote)
        at += *at == '\\' ? 2 : 1;
    return at < end ? at + 1 : end;
}

/* Reads `(...; ...; ...)`: has[i] tells whether part i holds anything. */
static bool scan_header(const char *at, const char *end, bool has[3])
{
    unsigned part = 0, depth = 0;
    while (at < end && part < 3) {
        const char c = *at;
        if (c == '/' && at + 1 < end && (at[1] == '*' || at[1] == '/')) {
            at = skip_comment(at, end);
            continue;
        }
        if (depth == 0 && c != '(' && !strchr(" \t\r\n\\", c))
            return false;
        if (depth == 1 && (c == ';' || c == ')')) {
            if (c == ')')
                return part == 2;
            part++;
        } else if (depth && !strchr(" \t\r\n\\", c)) {
            has[part] = true;
        }
        depth += c == '(' || c == '[' || c == '{';
        depth -= c == ')' || c == ']' || c == '}';
        at = c == '"' || c == '\'' ? skip_literal(at, end) : at + 1;
    }
    return false;
}

static bool read_header(CXCursor cursor, bool has[3])
{
    CXFile file;
    unsigned offset;
    size_t length = 0;
    clang_getSpellingLocation(clang_getRangeStart(clang_getCursorExtent(cursor)), &file, NULL, NULL,
                              &offset);
    const char *text =
        file ? clang_getFileContents(clang_Cursor_getTranslationUnit(cursor), file, &length) : NULL;
    return text && offset + 3 < length && strncmp(text + offset, "for", 3) == 0 &&
           scan_header(text + offset + 3, text + length, has);
}

/* Which of init; condition; increment the children are. */
static bool split_for(Lowering *l, CXCursor cursor, LoopParts *parts)
{
    Cursors children = frontend_children(l->arena, cursor);
    const size_t count = children.list.count;
    CXCursor *items = children.list.items;
    bool has[3] = {true, true, true};
    if (count < 4) {
        has[0] = has[1] = has[2] = false;
        if (!read_header(cursor, has) || has[0] + has[1] + has[2] + 1u != count)
            return false;
    }
    *parts = (LoopParts){.has_init = has[0], .has_condition = has[1], .has_increment = has[2]};
    if (has[0])
        parts->init = *items++;
    if (has[1])
        parts->condition = *items++;
    if (has[2])
        parts->increment = *items++;
    parts->body = *items;
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
    return parts->has_condition
               ? lower_entered_condition(l, parts->entering, parts->entering, parts->condition)
               : build_bool(&l->b, true);
}

static void lower_test_region(Lowering *l, Op *loop, const LoopParts *parts, Value *go, Exits body)
{
    const Builder outer = l->b;
    l->b = builder_at_end(loop->regions[0]);
    l->b.loc = outer.loc;
    const Exits flags = {.returns = body.returns, .breaks = body.breaks, .gotos = body.gotos};
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
    l->entering = parts->entering;
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
    Value *condition =
        lower_entered_condition(l, parts->entering, parts->entering, parts->condition);
    Op *op = build_if(&l->b, condition, NULL, 0);
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
    l->entering = parts->entering;
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
    const Exits body = scan(l, parts->body);
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
    return (Exits){.falls = true, .returns = body.returns, .gotos = body.gotos};
}

/* What a for statement starts with; not where a goto leads into the loop. */
static void lower_init(Lowering *l, const LoopParts *parts)
{
    if (clang_isExpression(clang_getCursorKind(parts->init)))
        lower_expression(l, parts->init);
    else
        lower_statement(l, parts->init);
}

Exits lower_for(Lowering *l, CXCursor cursor)
{
    LoopParts parts = {0};
    if (!split_for(l, cursor, &parts)) {
        unsupported(l, cursor, "a for statement whose parts come from macros and may be missing",
                    "write it out");
        return falls_through;
    }
    parts.entering = take_entering(l);
    if (parts.has_init && parts.entering) {
        const Exits entered = {.gotos = parts.entering};
        Op *op = build_if(&l->b, still_running(l, entered), NULL, 0);
        Branch branch = open_branch(l, op, 0);
        lower_init(l, &parts);
        close_branch(l, branch);
        close_branch(l, open_branch(l, op, 1));
    } else if (parts.has_init) {
        lower_init(l, &parts);
    }
    return lower_loop(l, cursor, &parts, false);
}

Exits lower_while(Lowering *l, CXCursor cursor, bool is_do)
{
    Cursors children = frontend_children(l->arena, cursor);
    CXCursor *items = children.list.items;
    const LoopParts parts = {.condition = items[is_do ? 1 : 0],
                             .body = items[is_do ? 0 : 1],
                             .has_condition = true,
                             .entering = take_entering(l)};
    return lower_loop(l, cursor, &parts, is_do);
}
