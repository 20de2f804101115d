/* switch.
 *
 * The body is a list of sections: labels, and the statements up to the next label. Sections that fall
 * into the next one form a group; a switch is a chain of `if` over its groups, the one that holds the
 * default last:
 *
 *     switch (k) {                    if (k == 4) {
 *     case 1: a();                        c();
 *     default: b(); break;            } else {
 *     case 4: c();                        if (k == 1) a();
 *     }                                   b();
 *                                     }
 *
 * A `break` at the end of a section is no jump; any other sets the flag `left`. */
#include "frontend/lower.h"

typedef struct Section {
    VEC(int64_t) labels;
    bool is_default;
    VEC(CXCursor) statements; /* without the final break */
    bool falls;               /* into the next section */
} Section;

typedef struct Switch {
    VEC(Section) sections;
    Value *value;
    bool failed;
} Switch;

/* ---- reading the body ---- */

static void refuse(Lowering *l, Switch *s, CXCursor cursor, const char *construct, const char *advice)
{
    unsupported(l, cursor, construct, advice);
    s->failed = true;
}

static bool is_label(CXCursor cursor)
{
    return clang_getCursorKind(cursor) == CXCursor_CaseStmt ||
           clang_getCursorKind(cursor) == CXCursor_DefaultStmt;
}

static void read_label(Lowering *l, Switch *s, Section *section, CXCursor label, Cursors parts)
{
    const bool is_case = clang_getCursorKind(label) == CXCursor_CaseStmt;
    Constant constant;
    if (parts.list.count != (is_case ? 2 : 1))
        refuse(l, s, label, "a range of case labels", "write a label for each value");
    else if (!is_case)
        section->is_default = true;
    else if (constant_evaluate(l->frontend, parts.list.items[0], s->value->type, &constant))
        vec_push(l->arena, &section->labels, constant.int_value);
    else
        refuse(l, s, label, "this case label", "write a constant");
}

static void read_statement(Lowering *l, Switch *s, CXCursor statement)
{
    if (is_label(statement)) {
        vec_push(l->arena, &s->sections, (Section){0});
        Section *section = &s->sections.items[s->sections.count - 1];
        while (is_label(statement) && !s->failed) {
            Cursors parts = frontend_children(l->arena, statement);
            read_label(l, s, section, statement, parts);
            statement = parts.list.items[parts.list.count - 1];
        }
    }
    if (clang_getCursorKind(statement) == CXCursor_DeclStmt)
        refuse(l, s, statement, "a declaration between the labels of a switch",
               "put it into braces, or in front of the switch");
    if (s->sections.count && !s->failed)
        vec_push(l->arena, &s->sections.items[s->sections.count - 1].statements, statement);
}

static Block block_of(const Section *section)
{
    return (Block){section->statements.items, section->statements.count};
}

static Exits scan_section(Lowering *l, const Section *section)
{
    Exits exits = falls_through;
    for (size_t i = 0; i < section->statements.count && exits.falls; i++) {
        const Exits next = scan(l, section->statements.items[i]);
        exits = either((Exits){.returns = exits.returns, .breaks = exits.breaks,
                               .continues = exits.continues}, next);
    }
    return exits;
}

/* Where a section ends; says whether any of its breaks needs a flag. */
static bool end_section(Lowering *l, Section *section)
{
    section->falls = scan_section(l, section).falls;
    const size_t count = section->statements.count;
    if (count && clang_getCursorKind(section->statements.items[count - 1]) == CXCursor_BreakStmt)
        section->statements.count--;
    return scan_section(l, section).breaks;
}

static bool read_body(Lowering *l, Switch *s, CXCursor body)
{
    Cursors statements = frontend_children(l->arena, body);
    if (clang_getCursorKind(body) != CXCursor_CompoundStmt)
        read_statement(l, s, body);
    else
        for (size_t i = 0; i < statements.list.count && !s->failed; i++)
            read_statement(l, s, statements.list.items[i]);
    bool breaks = false;
    for (size_t i = 0; i < s->sections.count; i++)
        breaks = end_section(l, &s->sections.items[i]) || breaks;
    return breaks;
}

/* ---- tests ---- */

/* Is the value one of the labels of the sections that are (not) in first..last? NULL: none there. */
static Value *any_label(Lowering *l, const Switch *s, size_t first, size_t last, bool inside)
{
    Value *any = NULL;
    for (size_t i = 0; i < s->sections.count; i++) {
        const Section *section = &s->sections.items[i];
        if ((i >= first && i <= last) != inside)
            continue;
        for (size_t k = 0; k < section->labels.count; k++) {
            Value *label = build_int(&l->b, s->value->type, section->labels.items[k]);
            Value *hit = build_binary(&l->b, OP_EQ, s->value, label);
            any = any ? build_binary(&l->b, OP_LOR, any, hit) : hit;
        }
    }
    return any;
}

static bool holds_default(const Switch *s, size_t first, size_t last)
{
    for (size_t i = first; i <= last; i++)
        if (s->sections.items[i].is_default)
            return true;
    return false;
}

/* Is the switch entered at one of the sections first..last? */
static Value *entered_at(Lowering *l, const Switch *s, size_t first, size_t last)
{
    const bool by_default = holds_default(s, first, last);
    Value *any = any_label(l, s, first, last, !by_default);
    if (!any)
        return build_bool(&l->b, by_default);
    return by_default ? build_unary(&l->b, OP_LNOT, any) : any;
}

/* ---- groups ---- */

static size_t group_end(const Switch *s, size_t first)
{
    size_t last = first;
    while (last + 1 < s->sections.count && s->sections.items[last].falls)
        last++;
    return last;
}

static Exits guarded_section(Lowering *l, const Section *section, Value *condition)
{
    Op *op = build_if(&l->b, condition, NULL, 0);
    Branch branch = open_branch(l, op, 0);
    const Exits exits = lower_block(l, block_of(section));
    close_branch(l, branch);
    close_branch(l, open_branch(l, op, 1));
    return either(exits, falls_through);
}

/* The sections of a group that is entered somewhere. */
static Exits lower_group(Lowering *l, const Switch *s, size_t first, size_t last)
{
    Exits exits = falls_through;
    for (size_t i = first; i <= last; i++) {
        const Section *section = &s->sections.items[i];
        Value *condition = i < last ? entered_at(l, s, first, i) : NULL;
        if (leaves(exits)) {
            Value *running = still_running(l, exits);
            condition = condition ? build_binary(&l->b, OP_LAND, condition, running) : running;
        }
        const Exits next = condition ? guarded_section(l, section, condition)
                                     : lower_block(l, block_of(section));
        exits.falls = next.falls || leaves(exits);
        exits = either(exits, next);
    }
    return exits;
}

/* The groups from section `first` on; that of the default is left for the end. */
static Exits lower_chain(Lowering *l, const Switch *s, CXCursor cursor, size_t first)
{
    if (!lower_enter(l, cursor))
        return falls_through;
    while (first < s->sections.count && holds_default(s, first, group_end(s, first)))
        first = group_end(s, first) + 1;
    if (first < s->sections.count) {
        const size_t last = group_end(s, first);
        Op *op = build_if(&l->b, entered_at(l, s, first, last), NULL, 0);
        Branch branch = open_branch(l, op, 0);
        const Exits taken = lower_group(l, s, first, last);
        close_branch(l, branch);
        branch = open_branch(l, op, 1);
        const Exits other = lower_chain(l, s, cursor, last + 1);
        close_branch(l, branch);
        l->depth--;
        return either(taken, other);
    }
    l->depth--;
    for (size_t i = 0; i < s->sections.count; i = group_end(s, i) + 1)
        if (holds_default(s, i, group_end(s, i)))
            return lower_group(l, s, i, group_end(s, i));
    return falls_through;
}

Exits lower_switch(Lowering *l, CXCursor cursor)
{
    Cursors parts = frontend_children(l->arena, cursor);
    Switch s = {0};
    if (take_entering(l)) {
        unsupported(l, cursor, "a goto into a switch", "put the label in front of it");
        return falls_through;
    }
    Value *value = lower_expression(l, parts.list.items[0]);
    s.value = lower_conversion(l, value, promote(l->types, value->type));
    const bool breaks = read_body(l, &s, parts.list.items[parts.list.count - 1]);
    if (s.failed)
        return falls_through;
    Value *outer = l->break_flag;
    l->b.loc = frontend_loc(l->frontend, cursor);
    l->break_flag = breaks ? new_flag(l, "left") : NULL;
    Exits exits = lower_chain(l, &s, cursor, 0);
    l->break_flag = outer;
    exits.falls = exits.falls || exits.breaks;
    exits.breaks = false;
    return exits;
}
