/* Statements: one walk over the regions. The kinds have rooms of their own (backend/statements.h). */
#include <string.h>

#include "backend/statements.h"

/* ---- the walk ---- */

static void print_return(Printer *p, const Op *op)
{
    if (op->num_operands)
        print_line(p, "return %s;", print_assigned(p, op_operand(op, 0)));
}

static void print_plain(Printer *p, const Op *op)
{
    if (op->num_results == 2)
        print_split(p, op);
    else if (op->num_results == 1 && op->results[0]->uses)
        print_definition(p, op);
}

static void print_kind(Printer *p, const Op *op)
{
    switch (op->kind) {
    case OP_YIELD:
    case OP_SHAPE:
        break;
    case OP_RETURN:
        print_return(p, op);
        break;
    case OP_IF:
        print_if(p, op);
        break;
    case OP_FOR:
        print_for(p, op);
        break;
    case OP_WHILE:
        print_while(p, op);
        break;
    case OP_STORE:
        print_store(p, op);
        break;
    case OP_ACCUMULATE:
        print_accumulate(p, op);
        break;
    case OP_ALLOCA:
        print_alloca(p, op);
        break;
    case OP_ALLOC:
        print_alloc(p, op);
        break;
    case OP_MALLOC:
        print_malloc(p, op);
        break;
    case OP_RELEASE:
        *p->includes |= INCLUDE_STDLIB;
        print_line(p, "free(%s);", print_assigned(p, op_operand(op, 0)));
        break;
    case OP_FREE:
        *p->includes |= INCLUDE_RUNTIME;
        print_line(p, "ad_free(%s);", print_assigned(p, op_operand(op, 0)));
        break;
    case OP_ZERO:
        print_zero(p, op);
        break;
    case OP_COPY:
        print_copy(p, op);
        break;
    case OP_CALL:
        print_call(p, op);
        break;
    case OP_TAPE:
        print_tape(p, op);
        break;
    case OP_TAPE_PUSH:
        print_push(p, op);
        break;
    case OP_TAPE_POP:
        print_pop(p, op);
        break;
    case OP_TAPE_DRAIN:
        print_line(p, "ad_tape_free_pointers(%s);", tape_name(p, op));
        break;
    case OP_TAPE_RELEASE:
        print_line(p, "ad_tape_release(%s);", tape_name(p, op));
        break;
    default:
        print_plain(p, op);
        break;
    }
}

static void print_op_statement(Printer *p, const Op *op)
{
    const size_t start = p->out->count;
    const unsigned line = p->comment_line;
    if (op->num_regions == 0)
        print_source_comment(p, op);
    const size_t end = p->out->count;
    print_kind(p, op);
    if (p->out->count == end) /* no statement: no comment */
        take_back_comment(p, start, line);
}

bool is_folded(const Printer *p, const Op *op)
{
    return op->num_results == 1 && p->placement->folded[op->results[0]->id];
}

void print_region(Printer *p, const Region *region)
{
    for (const Op *op = region->first; op; op = op->next)
        if (!is_folded(p, op))
            print_op_statement(p, op);
}

/* ---- bodies ---- */

/* An if whose result is only returned: the branches return by themselves. */
static bool is_returning_if(const Printer *p, const Op *op, const Op *end)
{
    return op && op->kind == OP_IF && op->num_results == 1 && end->num_operands == 1 &&
           op_operand(end, 0) == op->results[0] && value_has_one_use(op->results[0]) &&
           !is_folded(p, op);
}

static void print_tail(Printer *p, const Region *region)
{
    const Op *end = region_terminator(region);
    for (const Op *op = region->first; op && op != end; op = op->next) {
        if (is_folded(p, op))
            continue;
        if (op->next != end || !is_returning_if(p, op, end)) {
            print_op_statement(p, op);
            continue;
        }
        size_t scope;
        print_line(p, "if (%s) {", print_value(p, op_operand(op, 0), PREC_COMMA));
        open_block(p, &scope);
        Variable *result = p->placement->variables[op->results[0]->id];
        const bool is_declared = result->is_declared;
        print_tail(p, op->regions[0]);
        result->is_declared = is_declared; /* in that block; the other branch has its own */
        close_block(p, scope);
        print_line(p, "}");
        print_tail(p, op->regions[1]);
        return;
    }
    print_return(p, end);
}

static bool is_printed_use(const Value *value)
{
    for (const Use *use = value->uses; use; use = use->next)
        if (use->user->kind != OP_SHAPE)
            return true;
    return false;
}

static bool is_extent(const Function *function, const char *name)
{
    for (unsigned i = 0; i < function->num_params; i++)
        for (const Decl *decl = function->params[i].decl; decl; decl = decl->inner)
            if (decl->kind == DECL_ARRAY && strstr(decl->extent, name))
                return true;
    return false;
}

void print_body(Printer *p)
{
    const Function *function = p->function;
    for (unsigned i = 0; i < function->num_params; i++) {
        const Value *arg = function->body->args.items[i];
        Variable *variable = arena_new(p->arena, Variable);
        *variable = (Variable){.type = arg->type, .name = function->params[i].name,
                               .is_declared = true};
        names_declare(&p->names, function->params[i].name);
        p->placement->variables[arg->id] = variable;
    }
    for (size_t i = 0; i < p->module->globals.count; i++)
        names_reserve(&p->names, p->module->globals.items[i]->name);
    for (size_t i = 0; i < p->module->functions.count; i++)
        names_reserve(&p->names, p->module->functions.items[i]->name);
    p->indent = 1;
    for (unsigned i = 0; i < function->num_params; i++)
        if (!is_printed_use(function->body->args.items[i]) &&
            !is_extent(function, function->params[i].name))
            print_line(p, "(void)%s;", function->params[i].name);
    print_tail(p, function->body);
}
