/* The tape: what is pushed is a struct whose members bear the names of what they keep, or one bare number. */
#include <string.h>

#include "backend/statements.h"

static bool is_const_pointer(const Value *value)
{
    return type_is_pointer(value->type) && pointer_is_const(value);
}

/* "double *", for what is kept as a double. */
static const char *pointer_to_kept(Printer *p, const Type *type, bool is_const)
{
    return arena_format(p->arena, type_is_pointer(type) ? "%s*" : "%s *", print_type(p->arena, type, is_const));
}

/* The fields of a record bear the names of what they keep. */
typedef struct Fields {
    const char **names;
    const char *text;
} Fields;

static const char *field_name(Printer *p, const char *const *taken, unsigned count,
                              const Value *value)
{
    const char *hint = value->name ? value->name : fallback_hint(value->type), *name = hint;
    unsigned number = 2;
    for (unsigned i = 0; i < count;)
        if (strcmp(taken[i], name) == 0) {
            name = arena_format(p->arena, "%s%u", hint, number++);
            i = 0;
        } else {
            i++;
        }
    return name;
}

static Fields record_fields(Printer *p, Value *const *values, unsigned n)
{
    Fields fields = {.names = arena_new_array(p->arena, const char *, n)};
    Text text = {0};
    for (unsigned i = 0; i < n; i++) {
        fields.names[i] = field_name(p, fields.names, i, values[i]);
        text_printf(p->arena, &text, " %s;",
                    print_typed(p->arena, values[i]->type, is_const_pointer(values[i]), fields.names[i]));
    }
    fields.text = text.items;
    return fields;
}

static const char *record_tag(Printer *p, int64_t kind)
{
    const Function *pushes = p->function->pushes ? p->function->pushes : p->function;
    if (pushes->is_derived)
        return arena_format(p->arena, "%s%lld", pushes->records, (long long)kind);
    return arena_format(p->arena, "record%lld", (long long)kind);
}

/* Push and pop name one struct type: it is declared where the tape is. */
typedef struct RecordSearch {
    Printer *printer;
    VEC(const Op *) pushes;
} RecordSearch;

static void collect_push(Op *op, void *context)
{
    RecordSearch *search = context;
    if (op->kind == OP_TAPE_PUSH)
        vec_push(search->printer->arena, &search->pushes, (const Op *)op);
}

static RecordSearch find_records(Printer *p)
{
    RecordSearch search = {.printer = p};
    const Function *pushes = p->function->pushes ? p->function->pushes : p->function;
    region_walk(pushes->body, collect_push, &search);
    return search;
}

static Fields fields_of_push(Printer *p, const Op *push)
{
    const unsigned n = push->num_operands - 1;
    Value **values = arena_new_array(p->arena, Value *, n);
    for (unsigned i = 0; i < n; i++)
        values[i] = op_operand(push, i + 1);
    return record_fields(p, values, n);
}

static Fields fields_of_kind(Printer *p, int64_t kind)
{
    const RecordSearch search = find_records(p);
    for (size_t i = 0; i < search.pushes.count; i++)
        if (search.pushes.items[i]->int_value == kind)
            return fields_of_push(p, search.pushes.items[i]);
    internal_error("back end", "a record is popped that nothing pushes");
}

static void declare_records(Printer *p, const Value *tape)
{
    const RecordSearch search = find_records(p);
    for (size_t i = 0; i < search.pushes.count; i++) {
        const Op *push = search.pushes.items[i];
        if (push->num_operands > 2 && op_operand(push, 0) == tape)
            print_line(p, "struct %s {%s };", record_tag(p, push->int_value),
                       fields_of_push(p, push).text);
    }
}

/* The value is the tape's address; the variable is the tape. */
void print_tape(Printer *p, const Op *op)
{
    Variable *variable = p->placement->variables[op->results[0]->id];
    *p->includes |= INCLUDE_RUNTIME;
    declare_records(p, op->results[0]);
    const char *name = declare_name(p, variable);
    print_line(p, "AdTape %s;", name);
    print_line(p, "ad_tape_init(&%s);", name);
    variable->name = arena_format(p->arena, "&%s", name);
}

/* Those of a function that is given the tape: another one pops them, so they are declared in front of both. */
void print_shared_records(Printer *p, Text *out)
{
    const RecordSearch search = find_records(p);
    for (size_t i = 0; i < search.pushes.count; i++) {
        const Op *push = search.pushes.items[i];
        if (push->num_operands > 2 && !op_operand(push, 0)->op)
            text_printf(p->arena, out, "struct %s {%s };\n", record_tag(p, push->int_value),
                        fields_of_push(p, push).text);
    }
}

const char *tape_name(Printer *p, const Op *op)
{
    return print_value(p, op_operand(op, 0), PREC_PRIMARY);
}

void print_push(Printer *p, const Op *op)
{
    const unsigned n = op->num_operands - 1;
    const char *tape = tape_name(p, op);
    if (n == 1) {
        const char *type = type_name(p, op_operand(op, 1)->type);
        const bool is_const = is_const_pointer(op_operand(op, 1));
        print_line(p, "*(%s)ad_tape_push(%s, sizeof(%s)) = %s;",
                   pointer_to_kept(p, op_operand(op, 1)->type, is_const), tape, type,
                   print_assigned(p, op_operand(op, 1)));
        return;
    }
    const Fields fields = fields_of_push(p, op);
    const char *kept = names_declare(&p->names, "kept");
    print_line(p, "struct %s *%s = ad_tape_push(%s, sizeof *%s);",
               record_tag(p, op->int_value), kept, tape, kept);
    for (unsigned i = 0; i < n; i++)
        print_line(p, "%s->%s = %s;", kept, fields.names[i], print_assigned(p, op_operand(op, i + 1)));
}

/* "(double *)", where a const is lost. */
static const char *const_cast(Printer *p, const Value *popped)
{
    return pop_casts_const_away(popped)
               ? arena_format(p->arena, "(%s)", print_type(p->arena, popped->type, false))
               : "";
}

void print_pop(Printer *p, const Op *op)
{
    const unsigned n = op->num_results;
    const char *tape = tape_name(p, op);
    Variable **variables = p->placement->variables;
    if (n == 1) {
        const char *type = type_name(p, op->results[0]->type);
        if (!op->results[0]->uses) {
            print_line(p, "(void)ad_tape_pop(%s, sizeof(%s));", tape, type);
            return;
        }
        const char *left = print_declaration(p, variables[op->results[0]->id]);
        const Type *kept = op->results[0]->type;
        const bool is_const = !type_is_pointer(kept) || is_const_pointer(op->results[0]);
        print_line(p, "%s = %s*(%s)ad_tape_pop(%s, sizeof(%s));", left,
                   const_cast(p, op->results[0]),
                   pointer_to_kept(p, kept, is_const), tape, type);
        return;
    }
    const Fields fields = fields_of_kind(p, op->int_value);
    const char *kept = names_declare(&p->names, "kept");
    print_line(p, "const struct %s *%s = ad_tape_pop(%s, sizeof *%s);",
               record_tag(p, op->int_value), kept, tape, kept);
    bool used = false;
    for (unsigned i = 0; i < n; i++) {
        if (!op->results[i]->uses)
            continue;
        used = true;
        print_line(p, "%s = %s%s->%s;", print_declaration(p, variables[op->results[i]->id]),
                   const_cast(p, op->results[i]), kept, fields.names[i]);
    }
    if (!used)
        print_line(p, "(void)%s;", kept);
}
