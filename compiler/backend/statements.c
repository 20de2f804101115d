/* Statements: one walk over the regions, declaring variables at their first assignment. */
#include <string.h>

#include "analysis/memory.h"
#include "backend/printer.h"
#include "rules/calls.h"

static void print_region(Printer *p, const Region *region);

/* ---- lines ---- */

static void line(Printer *p, const char *text)
{
    text_printf(p->arena, p->out, "%*s%s\n", (int)(4 * p->indent), "", text);
}

static const char *format(Printer *p, const char *text, ...) __attribute__((format(printf, 2, 3)));

static const char *format(Printer *p, const char *text, ...)
{
    va_list args;
    va_start(args, text);
    const char *result = arena_vformat(p->arena, text, args);
    va_end(args);
    return result;
}

/* ---- braces ---- */

/* Is what was printed from `start` on one plain statement? */
static bool is_one_statement(const Printer *p, size_t start)
{
    static const char *const declares[] = {"const ", "struct ", "double ", "float ", "long ", "int ",
                                           "unsigned ", "_Bool ", "AdTape ", "/*"};
    const char *text = p->out->items + start;
    const char *newline = strchr(text, '\n');
    if (!newline || newline[1] || newline[-1] != ';')
        return false;
    text += strspn(text, " ");
    for (size_t i = 0; i < sizeof declares / sizeof *declares; i++)
        if (strncmp(text, declares[i], strlen(declares[i])) == 0)
            return false;
    return true;
}

/* Takes the " {" before `start` back, if one plain statement follows; else closes the brace. */
static void close_brace(Printer *p, size_t start)
{
    if (!is_one_statement(p, start)) {
        line(p, "}");
        return;
    }
    const size_t length = p->out->count - start;
    memmove(p->out->items + start - 3, p->out->items + start - 1, length + 2);
    p->out->count -= 2;
}

/* A line that starts a loop or a branch says nothing about the statement below. */
static bool is_header(const char *text, size_t length)
{
    static const char *const words[] = {"for", "AD_DIRECTIONS", "AD_DIRECTIONS_IN_SHORT_LOOP", "while", "if", "else", "do", "}", "{", "switch"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        const size_t n = strlen(words[i]);
        if (length >= n && strncmp(text, words[i], n) == 0 &&
            (length == n || !strchr("abcdefghijklmnopqrstuvwxyz_", text[n])))
            return true;
    }
    return false;
}

/* The source line a stretch of the reverse sweep belongs to. */
static void print_source_comment(Printer *p, const Op *op)
{
    enum { LIMIT = 80 };
    if (!(op->flags & OP_FLAG_ADJOINT) || !op->loc.line || op->loc.line == p->comment_line)
        return;
    size_t length = 0;
    const char *text = source_line(p->module->sources, op->loc, &length);
    if (!text)
        return;
    while (length && (*text == ' ' || *text == '\t'))
        text++, length--;
    if (is_header(text, length))
        return;
    while (length && strchr(" \t;{", text[length - 1]))
        length--;
    p->comment_line = op->loc.line;
    char *quoted = arena_strndup(p->arena, text, length > LIMIT ? LIMIT : length);
    char *comment = strstr(quoted, "/*");
    if (!comment)
        comment = strstr(quoted, "//");
    if (comment)
        *comment = '\0';
    for (char *end; (end = strstr(quoted, "*/"));)
        memset(end, ' ', 2);
    for (size_t n = strlen(quoted); n && strchr(" \t;", quoted[n - 1]); n--)
        quoted[n - 1] = '\0';
    line(p, format(p, "/* %u: %s%s */", op->loc.line, quoted, length > LIMIT ? " ..." : ""));
}

/* ---- variables ---- */

static const char *type_name(Printer *p, const Type *type)
{
    return print_type(p->arena, type, false);
}

static const char *fallback_hint(const Type *type)
{
    return type_is_pointer(type) ? "p" : type_is_floating(type) ? "t" : "k";
}

static const char *declare_name(Printer *p, Variable *variable)
{
    const char *hint = variable->hint ? variable->hint : fallback_hint(variable->type);
    variable->name = names_declare(&p->names, hint);
    variable->is_declared = true;
    return variable->name;
}

/* "const double e", for a variable that is declared here. */
static const char *declaration(Printer *p, Variable *variable)
{
    const char *name = declare_name(p, variable);
    const Type *type = variable->type;
    if (type_is_pointer(type))
        return print_typed(p->arena, type, variable->is_const_pointer,
                           format(p, "%s%s", variable->is_mutable ? "" : "const ", name));
    return format(p, "%s%s %s", variable->is_mutable ? "" : "const ", type_name(p, type), name);
}

static bool is_undefined(const Printer *p, const Value *value)
{
    return p->placement->folded[value->id] && value->op->kind == OP_UNDEF;
}

/* `x = x + e` is `x += e`, where x + e is a folded op that is used here only. */
static const char *compound(Printer *p, const char *target, const Value *value)
{
    if (!p->placement->folded[value->id] || value->op->num_operands != 2 ||
        op_table[value->op->kind].style != STYLE_INFIX)
        return NULL;
    const OpKind kind = value->op->kind;
    const bool fits = (kind >= OP_ADD && kind <= OP_REM) || (kind >= OP_AND && kind <= OP_SHR);
    if (!fits || kind == OP_NOT)
        return NULL;
    const Value *left = op_operand(value->op, 0), *right = op_operand(value->op, 1);
    if (strcmp(print_value(p, left, PREC_COMMA), target) != 0)
        return NULL;
    const char *operand = print_assigned(p, right);
    if (value_is_int(right, 1) && (kind == OP_ADD || kind == OP_SUB))
        return format(p, "%s%s", target, kind == OP_ADD ? "++" : "--");
    return format(p, "%s %s= %s", target, op_table[kind].spelling, operand);
}

static void assign_text(Printer *p, const char *target, const Value *value)
{
    const char *text = compound(p, target, value);
    if (!text)
        text = format(p, "%s = %s", target, print_assigned(p, value));
    line(p, format(p, "%s;", text));
}

/* The initial value of what has none, so that C compilers do not warn. */
static const char *zero_text(const Type *type)
{
    return type->kind == TYPE_RECORD ? "{0}" : "0";
}

/* Gives the variable the value of the expression, declaring it if this is the first time. */
static void assign(Printer *p, Variable *variable, const Value *value)
{
    if (!p->placement->folded[value->id] && p->placement->variables[value->id] == variable &&
        variable->is_declared)
        return;
    if (variable->is_declared) {
        if (!is_undefined(p, value))
            assign_text(p, variable->name, value);
        return;
    }
    if (is_undefined(p, value)) {
        line(p, format(p, "%s = %s;", declaration(p, variable), zero_text(value->type)));
        return;
    }
    const char *text = print_assigned(p, value);
    line(p, format(p, "%s = %s;", declaration(p, variable), text));
}

/* An op's own result: the right side is the op itself, though it is not folded. */
static const char *op_text(Printer *p, const Op *op)
{
    bool *folded = &p->placement->folded[op->results[0]->id];
    *folded = true;
    const char *text = print_assigned(p, op->results[0]);
    *folded = false;
    return text;
}

static void print_definition(Printer *p, const Op *op)
{
    Variable *variable = p->placement->variables[op->results[0]->id];
    if (variable->is_declared) {
        bool *folded = &p->placement->folded[op->results[0]->id];
        *folded = true;
        assign_text(p, variable->name, op->results[0]);
        *folded = false;
        return;
    }
    const char *text = op_text(p, op);
    line(p, format(p, "%s = %s;", declaration(p, variable), text));
}

/* ---- memory ---- */

static const char *negated_share(Printer *p, const Value *share)
{
    if (!p->placement->folded[share->id] || share->op->kind != OP_NEG)
        return NULL;
    return print_assigned(p, op_operand(share->op, 0));
}

static void print_accumulate(Printer *p, const Op *op)
{
    const char *target = print_element(p, op_operand(op, 0));
    const char *share = negated_share(p, op_operand(op, 1));
    if (share)
        line(p, format(p, "%s -= %s;", target, share));
    else
        line(p, format(p, "%s += %s;", target, print_assigned(p, op_operand(op, 1))));
}

static bool zeroed_next(const Op *alloca)
{
    const Op *next = alloca->next;
    if (!next || next->kind != OP_ZERO || op_operand(next, 0) != alloca->results[0] ||
        (!alloca->num_operands && !value_is_int(op_operand(next, 1), 1)))
        return false;
    for (unsigned i = 0; i < alloca->num_operands; i++)
        if (!value_is_const(op_operand(alloca, i)))
            return false;
    return true;
}

/* The store by which a struct parameter, read nowhere else, comes into a local: the parameter itself is
 * that local. NULL: it is no such local. */
static const Op *store_of_param(const Value *local)
{
    const Op *found = NULL;
    for (const Use *use = local->uses; use && !found; use = use->next) {
        const Op *op = use->user;
        if (op->kind == OP_STORE && use == &op->operands[0] &&
            op_operand(op, 1)->type->kind == TYPE_RECORD && !op_operand(op, 1)->op &&
            value_has_one_use(op_operand(op, 1)) && op->parent == local->op->parent)
            found = op;
    }
    for (const Op *op = local->op->next; found && op != found; op = op->next)
        if (op_may_write(op, local) || op_may_read(op, local))
            return NULL;
    return found;
}

/* The store right behind the declaration of a scalar: its initial value. NULL: there is none. */
static const Op *initial_store(const Op *alloca)
{
    const Op *next = alloca->next;
    while (next && next->kind == OP_CONST)
        next = next->next;
    const bool fits = next && next->kind == OP_STORE && op_operand(next, 0) == alloca->results[0] &&
                      alloca->num_operands == 0 && type_is_scalar(alloca->results[0]->type->elem);
    return fits ? next : NULL;
}

static void print_store(Printer *p, const Op *op)
{
    const Value *pointer = op_operand(op, 0);
    if (pointer->op && pointer->op->kind == OP_ALLOCA &&
        (store_of_param(pointer) == op || initial_store(pointer->op) == op))
        return;
    assign_text(p, print_element(p, pointer), op_operand(op, 1));
}

static void print_alloca(Printer *p, const Op *op)
{
    Variable *variable = p->placement->variables[op->results[0]->id];
    const Op *store = store_of_param(op->results[0]);
    if (store) {
        variable->name = p->placement->variables[op_operand(store, 1)->id]->name;
        variable->is_declared = true;
        return;
    }
    Text text = {0};
    variable->hint = op->name ? op->name : variable->hint;
    text_puts(p->arena, &text,
              print_typed(p->arena, variable->type->elem, pointer_is_const(op->results[0]),
                          declare_name(p, variable)));
    for (unsigned i = 0; i < op->num_operands; i++)
        text_printf(p->arena, &text, "[%s]", print_assigned(p, op_operand(op, i)));
    const Op *initial = initial_store(op);
    if (initial)
        line(p, format(p, "%s = %s;", text.items, print_assigned(p, op_operand(initial, 1))));
    else
        line(p, format(p, "%s%s;", text.items, zeroed_next(op) ? " = {0}" : ""));
}

static bool is_one_record(const Op *op, const Value *count)
{
    return op_operand(op, 0)->type->elem->kind == TYPE_RECORD && value_is_int(count, 1);
}

/* A size of so many elements of the type; void: bytes. */
static const char *size_text(Printer *p, const Type *elem, const Value *count)
{
    if (elem->kind == TYPE_VOID)
        return print_assigned(p, count);
    if (value_is_int(count, 1))
        return format(p, "sizeof(%s)", type_name(p, elem));
    while (p->placement->folded[count->id] && count->op->kind == OP_CONVERT &&
           type_is_integer(op_operand(count->op, 0)->type))
        count = op_operand(count->op, 0);
    if (value_is_const(count))
        return format(p, "%lld * sizeof(%s)", (long long)count->op->int_value, type_name(p, elem));
    return format(p, "(size_t)%s * sizeof(%s)", print_value(p, count, PREC_UNARY), type_name(p, elem));
}

static void print_zero(Printer *p, const Op *op)
{
    const Value *pointer = op_operand(op, 0);
    if (op->prev && op->prev->kind == OP_ALLOCA && op->prev->results[0] == pointer &&
        zeroed_next(op->prev))
        return;
    const Type *elem = pointer->type->elem;
    if (value_is_int(op_operand(op, 1), 1) && (type_is_floating(elem) || type_is_integer(elem))) {
        line(p, format(p, "%s = 0;", print_element(p, pointer)));
        return;
    }
    *p->includes |= INCLUDE_STRING;
    if (is_one_record(op, op_operand(op, 1))) {
        const char *element = print_element(p, pointer);
        line(p, format(p, element[0] == '*' ? "memset(%s, 0, sizeof %s);" : "memset(&%s, 0, sizeof %s);",
                       element[0] == '*' ? element + 1 : element, element));
        return;
    }
    line(p, format(p, "memset(%s, 0, %s);", print_value(p, pointer, PREC_ASSIGN), size_text(p, elem, op_operand(op, 1))));
}

static void print_copy(Printer *p, const Op *op)
{
    const Value *to = op_operand(op, 0), *from = op_operand(op, 1);
    if (is_one_record(op, op_operand(op, 2))) {
        line(p, format(p, "%s = %s;", print_element(p, to), print_element(p, from)));
        return;
    }
    *p->includes |= INCLUDE_STRING;
    line(p, format(p, "%s(%s, %s, %s);", op->flags & OP_FLAG_OVERLAP ? "memmove" : "memcpy",
                   print_value(p, to, PREC_ASSIGN), print_value(p, from, PREC_ASSIGN),
                   size_text(p, to->type->elem, op_operand(op, 2))));
}

static void print_alloc(Printer *p, const Op *op)
{
    *p->includes |= INCLUDE_RUNTIME;
    Variable *variable = p->placement->variables[op->results[0]->id];
    variable->hint = op->name ? op->name : variable->hint;
    const char *elem = type_name(p, variable->type->elem);
    const char *count = print_assigned(p, op_operand(op, 0));
    if (variable->is_declared)
        line(p, format(p, "%s = ad_alloc_array(%s, %s);", variable->name, elem, count));
    else
        line(p, format(p, "%s = ad_alloc_array(%s, %s);",
                       print_typed(p->arena, variable->type, false, declare_name(p, variable)), elem,
                       count));
}

static void print_malloc(Printer *p, const Op *op)
{
    Variable *variable = p->placement->variables[op->results[0]->id];
    variable->hint = op->name ? op->name : variable->hint;
    const Type *elem = variable->type->elem;
    const Value *count = op_operand(op, 0);
    const char *call;
    *p->includes |= op->int_value == 2 ? INCLUDE_RUNTIME : INCLUDE_STDLIB;
    if (op->int_value == 2)
        call = format(p, "ad_calloc(%s, sizeof(%s))", print_assigned(p, count), type_name(p, elem));
    else if (op->num_operands > 1)
        call = format(p, "aligned_alloc(%s, %s)", print_assigned(p, op_operand(op, 1)),
                      size_text(p, elem, count));
    else if (op->int_value == 1)
        call = format(p, "calloc(%s, sizeof(%s))", print_assigned(p, count), type_name(p, elem));
    else
        call = format(p, "malloc(%s)", size_text(p, elem, count));
    const char *target = variable->is_declared ? variable->name : declaration(p, variable);
    line(p, format(p, "%s = %s;", target, call));
}

/* ---- the tape ---- */

static bool is_const_pointer(const Value *value)
{
    return type_is_pointer(value->type) && pointer_is_const(value);
}

/* "double *", for what is kept as a double. */
static const char *pointer_to_kept(Printer *p, const Type *type, bool is_const)
{
    return format(p, type_is_pointer(type) ? "%s*" : "%s *", print_type(p->arena, type, is_const));
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
            name = format(p, "%s%u", hint, number++);
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
        return format(p, "%s%lld", pushes->records, (long long)kind);
    return format(p, "record%lld", (long long)kind);
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
            line(p, format(p, "struct %s {%s };", record_tag(p, push->int_value),
                           fields_of_push(p, push).text));
    }
}

/* The value is the tape's address; the variable is the tape. */
static void print_tape(Printer *p, const Op *op)
{
    Variable *variable = p->placement->variables[op->results[0]->id];
    *p->includes |= INCLUDE_RUNTIME;
    declare_records(p, op->results[0]);
    const char *name = declare_name(p, variable);
    line(p, format(p, "AdTape %s;", name));
    line(p, format(p, "ad_tape_init(&%s);", name));
    variable->name = format(p, "&%s", name);
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

static const char *tape_name(Printer *p, const Op *op)
{
    return print_value(p, op_operand(op, 0), PREC_PRIMARY);
}

static void print_push(Printer *p, const Op *op)
{
    const unsigned n = op->num_operands - 1;
    const char *tape = tape_name(p, op);
    if (n == 1) {
        const char *type = type_name(p, op_operand(op, 1)->type);
        const bool is_const = is_const_pointer(op_operand(op, 1));
        line(p, format(p, "*(%s)ad_tape_push(%s, sizeof(%s)) = %s;",
                       pointer_to_kept(p, op_operand(op, 1)->type, is_const), tape, type,
                       print_assigned(p, op_operand(op, 1))));
        return;
    }
    const Fields fields = fields_of_push(p, op);
    const char *kept = names_declare(&p->names, "kept");
    line(p, format(p, "struct %s *%s = ad_tape_push(%s, sizeof *%s);",
                   record_tag(p, op->int_value), kept, tape, kept));
    for (unsigned i = 0; i < n; i++)
        line(p, format(p, "%s->%s = %s;", kept, fields.names[i], print_assigned(p, op_operand(op, i + 1))));
}

/* "(double *)", where a const is lost. */
static const char *const_cast(Printer *p, const Value *popped)
{
    return pop_casts_const_away(popped)
               ? format(p, "(%s)", print_type(p->arena, popped->type, false))
               : "";
}

static void print_pop(Printer *p, const Op *op)
{
    const unsigned n = op->num_results;
    const char *tape = tape_name(p, op);
    Variable **variables = p->placement->variables;
    if (n == 1) {
        const char *type = type_name(p, op->results[0]->type);
        if (!op->results[0]->uses) {
            line(p, format(p, "(void)ad_tape_pop(%s, sizeof(%s));", tape, type));
            return;
        }
        const char *left = declaration(p, variables[op->results[0]->id]);
        const Type *kept = op->results[0]->type;
        const bool is_const = !type_is_pointer(kept) || is_const_pointer(op->results[0]);
        line(p, format(p, "%s = %s*(%s)ad_tape_pop(%s, sizeof(%s));", left,
                       const_cast(p, op->results[0]),
                       pointer_to_kept(p, kept, is_const), tape, type));
        return;
    }
    const Fields fields = fields_of_kind(p, op->int_value);
    const char *kept = names_declare(&p->names, "kept");
    line(p, format(p, "const struct %s *%s = ad_tape_pop(%s, sizeof *%s);",
                   record_tag(p, op->int_value), kept, tape, kept));
    bool used = false;
    for (unsigned i = 0; i < n; i++) {
        if (!op->results[i]->uses)
            continue;
        used = true;
        line(p, format(p, "%s = %s%s->%s;", declaration(p, variables[op->results[i]->id]),
                       const_cast(p, op->results[i]), kept, fields.names[i]));
    }
    if (!used)
        line(p, format(p, "(void)%s;", kept));
}

/* ---- calls ---- */

/* A pointer to whole rows: the IR knows pointers to elements only, and void * converts to both. */
static const char *row_pointer_cast(const Param *param)
{
    const bool rows = param->decl && param->decl->inner && param->decl->inner->kind == DECL_ARRAY;
    return rows ? "(void *)" : ""; /* C's arrays of const elements are no const arrays */
}

/* A constant flag of a function of linear algebra has a name; NULL: it is none. */
static const char *flag_name(const Op *op, unsigned i)
{
    const Value *arg = op_operand(op, i);
    if (!call_is_ruled(op) || !value_is_const(arg) || !type_is_integer(arg->type))
        return NULL;
    const CallRule *rule = op->callee->rule;
    return flag_spelling(rule_argument_kind(rule, i), arg->op->int_value, rule->family);
}

static void print_call(Printer *p, const Op *op)
{
    Text text = {0};
    const unsigned first = op->callee ? 0 : 1;
    if (op->callee)
        note_called(p, op->callee);
    text_printf(p->arena, &text, "%s(",
                op->callee ? op->callee->name : print_value(p, op_operand(op, 0), PREC_POSTFIX));
    for (unsigned i = first; i < op->num_operands; i++) {
        const Value *arg = op_operand(op, i);
        const bool fixed = !op->callee || i < op->callee->num_params;
        const char *cast = fixed && op->callee ? row_pointer_cast(&op->callee->params[i]) : "";
        const char *flag = flag_name(op, i);
        if (flag) {
            text_printf(p->arena, &text, "%s%s", i > first ? ", " : "", flag);
            continue;
        }
        text_printf(p->arena, &text, "%s%s%s", i > first ? ", " : "", cast,
                    *cast   ? print_value(p, arg, PREC_UNARY)
                    : fixed ? print_assigned(p, arg)
                            : print_value(p, arg, PREC_ASSIGN));
    }
    text_puts(p->arena, &text, ")");
    if (op->num_results == 0 || !op->results[0]->uses) {
        line(p, format(p, "%s;", text.items));
        return;
    }
    Variable *variable = p->placement->variables[op->results[0]->id];
    const char *left = variable->is_declared ? variable->name : declaration(p, variable);
    line(p, format(p, "%s = %s;", left, text.items));
}

/* frexp, modf, remquo: the second result comes through a pointer. */
static void print_split(Printer *p, const Op *op)
{
    *p->includes |= INCLUDE_MATH;
    Variable *first = p->placement->variables[op->results[0]->id];
    Variable *second = p->placement->variables[op->results[1]->id];
    second->is_mutable = true;
    line(p, format(p, "%s;", declaration(p, second)));
    Text args = {0};
    for (unsigned i = 0; i < op->num_operands; i++)
        text_printf(p->arena, &args, "%s, ", print_assigned(p, op_operand(op, i)));
    const char *call = format(p, "%s%s(%s&%s)", op_table[op->kind].spelling,
                              type_math_suffix(op->results[0]->type), args.items, second->name);
    if (!op->results[0]->uses)
        line(p, format(p, "(void)%s;", call));
    else
        line(p, format(p, "%s = %s;", declaration(p, first), call));
    if (!op->results[1]->uses)
        line(p, format(p, "(void)%s;", second->name));
}

/* ---- parallel assignment ---- */

typedef struct Assignment {
    Variable *variable;
    const Value *value;
    const char *saved; /* a temporary that holds the value already */
    bool done;
} Assignment;

static bool reads(const Printer *p, const Assignment *a, const Variable *variable)
{
    return !a->saved && expression_reads(p->placement, a->value, variable);
}

static bool is_read_by_others(const Printer *p, const Assignment *list, unsigned n, unsigned self)
{
    for (unsigned i = 0; i < n; i++)
        if (i != self && !list[i].done && reads(p, &list[i], list[self].variable))
            return true;
    return false;
}

static void perform(Printer *p, Assignment *a)
{
    a->done = true;
    if (a->saved)
        line(p, format(p, "%s = %s;", a->variable->name, a->saved));
    else
        assign(p, a->variable, a->value);
}

/* A cycle: one of the values is put aside. */
static void save(Printer *p, Assignment *a)
{
    const char *name = names_declare(&p->names, a->variable->hint ? format(p, "%s_next", a->variable->name)
                                                                  : "next");
    const Type *type = a->variable->type;
    const bool points = type_is_pointer(type);
    line(p, format(p, "%s = %s;",
                   print_typed(p->arena, type, !points || a->variable->is_const_pointer,
                               format(p, "%s%s", points ? "const " : "", name)),
                   print_assigned(p, a->value)));
    a->saved = name;
}

static void assign_all(Printer *p, Assignment *list, unsigned n)
{
    for (unsigned left = n; left > 0;) {
        bool progress = false;
        for (unsigned i = 0; i < n; i++) {
            if (list[i].done || is_read_by_others(p, list, n, i))
                continue;
            perform(p, &list[i]);
            left--;
            progress = true;
        }
        for (unsigned i = 0; i < n && !progress && left; i++)
            if (!list[i].done && !list[i].saved) {
                save(p, &list[i]);
                progress = true;
            }
    }
}

static bool is_in_place(const Printer *p, const Variable *variable, const Value *value)
{
    return !p->placement->folded[value->id] && p->placement->variables[value->id] == variable;
}

static void assign_values(Printer *p, Variable *const *variables, Value *const *values, unsigned n)
{
    Assignment *list = arena_new_array(p->arena, Assignment, n);
    unsigned count = 0;
    for (unsigned i = 0; i < n; i++)
        if (!(variables[i]->is_declared && is_in_place(p, variables[i], values[i])))
            list[count++] = (Assignment){.variable = variables[i], .value = values[i]};
    assign_all(p, list, count);
}

/* ---- if ---- */

static void yield_results(Printer *p, const Op *op, unsigned which)
{
    const Op *yield = region_terminator(op->regions[which]);
    const unsigned n = op->num_results;
    Variable **variables = arena_new_array(p->arena, Variable *, n);
    Value **values = arena_new_array(p->arena, Value *, n);
    unsigned count = 0;
    for (unsigned i = 0; i < n; i++) {
        if (is_undefined(p, op_operand(yield, i)))
            continue;
        variables[count] = p->placement->variables[op->results[i]->id];
        values[count++] = op_operand(yield, i);
    }
    assign_values(p, variables, values, count);
}

/* Would the region print nothing but assignments of results? */
static bool only_yields(const Printer *p, const Region *region)
{
    for (const Op *op = region->first; op; op = op->next)
        if (op->kind != OP_YIELD &&
            !(op->num_results == 1 && p->placement->folded[op->results[0]->id]))
            return false;
    return true;
}

static bool is_available_outside(const Printer *p, const Op *op, const Value *value)
{
    if (!p->placement->folded[value->id])
        return !region_contains(op->regions[0], value_region(value)) &&
               !region_contains(op->regions[1], value_region(value)) &&
               !op_is_loop(value->op ? value->op->kind : OP_COUNT);
    return value_is_const(value);
}

/* Is it undefined, or chosen by an if one side of which is? */
static bool may_be_undefined(const Printer *p, const Value *value, unsigned depth)
{
    enum { MAX_DEPTH = 8 };
    const Op *op = value->op;
    if (is_undefined(p, value))
        return true;
    if (!op || op->kind != OP_IF || depth == MAX_DEPTH)
        return false;
    for (unsigned r = 0; r < 2; r++)
        if (may_be_undefined(p, op_operand(region_terminator(op->regions[r]), value->index), depth + 1))
            return true;
    return false;
}

/* Declares the results in front; `ready[i]` if the else side's value was put in already. */
static void declare_results(Printer *p, const Op *op, bool *ready)
{
    const Op *yield = region_terminator(op->regions[1]);
    const bool bare = only_yields(p, op->regions[1]);
    for (unsigned i = 0; i < op->num_results; i++) {
        Variable *variable = p->placement->variables[op->results[i]->id];
        const Value *other = op_operand(yield, i);
        if (variable->is_declared) {
            ready[i] = bare && is_in_place(p, variable, other);
            continue;
        }
        ready[i] = is_undefined(p, other) || (bare && is_available_outside(p, op, other));
        if (ready[i])
            assign(p, variable, other);
        else if (may_be_undefined(p, other, 0) || may_be_undefined(p, op_operand(region_terminator(op->regions[0]), i), 0))
            line(p, format(p, "%s = %s;", declaration(p, variable), zero_text(other->type)));
        else
            line(p, format(p, "%s;", declaration(p, variable)));
    }
}

static void open_block(Printer *p, size_t *scope)
{
    *scope = names_open_scope(&p->names);
    p->indent++;
}

static void close_block(Printer *p, size_t scope)
{
    p->indent--;
    names_close_scope(&p->names, scope);
}

static void print_branch(Printer *p, const Op *op, unsigned which)
{
    size_t scope;
    open_block(p, &scope);
    print_region(p, op->regions[which]);
    yield_results(p, op, which);
    close_block(p, scope);
}

static bool side_is_empty(const Printer *p, const Op *op, unsigned which, const bool *ready)
{
    if (!only_yields(p, op->regions[which]))
        return false;
    const Op *yield = region_terminator(op->regions[which]);
    for (unsigned i = 0; i < op->num_results; i++) {
        const Variable *variable = p->placement->variables[op->results[i]->id];
        const bool nothing = is_undefined(p, op_operand(yield, i)) ||
                             is_in_place(p, variable, op_operand(yield, i)) ||
                             (which == 1 && ready[i]);
        if (!nothing)
            return false;
    }
    return true;
}

static const char *print_negation(Printer *p, const Value *condition)
{
    const char *text = print_value(p, condition, PREC_UNARY);
    return text[0] == '!' ? text + 1 : format(p, "!%s", text);
}

static void print_if(Printer *p, const Op *op)
{
    bool *ready = arena_new_array(p->arena, bool, op->num_results);
    const Value *condition = op_operand(op, 0);
    /* read before the results are declared: they may take its name's place */
    const char *test = print_value(p, condition, PREC_COMMA);
    const char *negation = print_negation(p, condition);
    declare_results(p, op, ready);
    const bool no_then = side_is_empty(p, op, 0, ready), no_else = side_is_empty(p, op, 1, ready);
    if (no_then && no_else)
        return;
    line(p, format(p, "if (%s) {", no_then ? negation : test));
    const size_t start = p->out->count;
    print_branch(p, op, no_then ? 1 : 0);
    if (no_then || no_else) {
        close_brace(p, start);
        return;
    }
    line(p, "} else {");
    print_branch(p, op, 1);
    line(p, "}");
}

/* ---- loops ---- */

static void enter_loop(Printer *p, const Op *op)
{
    const unsigned n = op->num_results;
    Variable **variables = arena_new_array(p->arena, Variable *, n);
    Value **values = arena_new_array(p->arena, Value *, n);
    for (unsigned i = 0; i < n; i++) {
        variables[i] = p->placement->variables[op->results[i]->id];
        values[i] = loop_carried_init(op, i);
    }
    assign_values(p, variables, values, n);
}

static void end_iteration(Printer *p, const Op *op)
{
    const unsigned n = op->num_results;
    Variable **variables = arena_new_array(p->arena, Variable *, n);
    Value **values = arena_new_array(p->arena, Value *, n);
    for (unsigned i = 0; i < n; i++) {
        variables[i] = p->placement->variables[op->results[i]->id];
        values[i] = loop_carried_next(op, i);
    }
    assign_values(p, variables, values, n);
}

static const char *counter_step(Printer *p, const char *name, const Value *step)
{
    const int64_t size = step->op->int_value;
    if (size == 1)
        return format(p, "%s++", name);
    if (size == -1)
        return format(p, "%s--", name);
    return size > 0 ? format(p, "%s += %lld", name, (long long)size)
                    : format(p, "%s -= %lld", name, (long long)-size);
}

/* upper - 1, with constants folded. */
static const char *plus(Printer *p, const Value *value, int64_t offset)
{
    if (value_is_const(value))
        return print_number(p->arena, value->type, value->op->int_value + offset, 0, false);
    const char *text = print_value(p, value, PREC_SUM);
    if (offset == 0)
        return text;
    return offset > 0 ? format(p, "%s + %lld", text, (long long)offset)
                      : format(p, "%s - %lld", text, (long long)-offset);
}

static const char *forward_header(Printer *p, const Op *op, const char *name)
{
    return format(p, "for (%s %s = %s; %s %s %s; %s)", type_name(p, op_operand(op, 0)->type), name,
                  print_assigned(p, op_operand(op, 0)), name, op_table[op->compare].spelling,
                  print_value(p, op_operand(op, 1), PREC_SHIFT),
                  counter_step(p, name, op_operand(op, 2)));
}

/* Constant bounds: from the last counter to the first. */
static const char *constant_header(Printer *p, const Op *op, const char *name)
{
    const int64_t low = op_operand(op, 0)->op->int_value, high = op_operand(op, 1)->op->int_value;
    const int64_t step = op_operand(op, 2)->op->int_value, size = step > 0 ? step : -step;
    const bool inclusive = op->compare == OP_LE || op->compare == OP_GE;
    const int64_t span = (step > 0 ? high - low : low - high) + (inclusive ? size : size - 1);
    const int64_t trips = span > 0 ? span / size : 0;
    const char *type = type_name(p, op_operand(op, 0)->type);
    const char *move = size == 1 ? format(p, "%s%s", name, step > 0 ? "--" : "++")
                                 : format(p, "%s %s %lld", name, step > 0 ? "-=" : "+=", (long long)size);
    return format(p, "for (%s %s = %lld; %s %s %lld; %s)", type, name,
                  (long long)(low + (trips - 1) * step), name, step > 0 ? ">=" : "<=",
                  (long long)low, move);
}

/* The same counters backward. With a step of one and a signed counter, from the last one down; else by
 * counting the distance, which cannot wrap around. */
static const char *reversed_header(Printer *p, const Op *op, const char *name)
{
    const Value *lower = op_operand(op, 0), *upper = op_operand(op, 1);
    const int64_t step = op_operand(op, 2)->op->int_value;
    const char *type = type_name(p, lower->type);
    const bool inclusive = op->compare == OP_LE || op->compare == OP_GE;
    const bool is_signed = type_is_signed(p->module->types, lower->type);
    const bool plain = value_is_const(lower) && (is_signed || lower->op->int_value >= 0);
    const char *low = plain ? print_assigned(p, lower) : print_value(p, lower, PREC_SHIFT);
    if (is_signed && value_is_const(lower) && value_is_const(upper))
        return constant_header(p, op, name);
    if (step == 1 && is_signed)
        return format(p, "for (%s %s = %s; %s >= %s; %s--)", type, name,
                      plus(p, upper, inclusive ? 0 : -1), name, low, name);
    if (step == -1 && is_signed)
        return format(p, "for (%s %s = %s; %s <= %s; %s++)", type, name,
                      plus(p, upper, inclusive ? 0 : 1), name, low, name);
    if (step == 1 && !inclusive && (op->compare == OP_LT || value_is_int(lower, 0)))
        return format(p, "for (%s %s = %s; %s-- > %s;)", type, name, print_assigned(p, upper), name,
                      low);
    if (step == -1 && !is_signed && op->compare == OP_GT)
        return format(p, "for (%s %s = %s; %s++ < %s;)", type, name, print_assigned(p, upper), name,
                      low);
    return NULL;
}

/* Any other step: the iterations are numbered, the counter follows. */
static const char *print_trips(Printer *p, const Op *op)
{
    const Value *lower = op_operand(op, 0), *upper = op_operand(op, 1);
    const int64_t step = op_operand(op, 2)->op->int_value, size = step > 0 ? step : -step;
    const bool inclusive = op->compare == OP_LE || op->compare == OP_GE;
    const Value *from = step > 0 ? lower : upper, *to = step > 0 ? upper : lower;
    const char *low = print_value(p, lower, PREC_SHIFT), *high = print_value(p, upper, PREC_SHIFT);
    const char *trips = names_declare(&p->names, "trips");
    const char *distance = print_value(p, to, PREC_SUM);
    if (!value_is_int(from, 0))
        distance = format(p, "%s - %s", distance, print_value(p, from, PREC_PRODUCT));
    const int64_t extra = inclusive ? size : size - 1;
    line(p, format(p, "%s %s = %s %s %s ? (%s + %lld) / %lld : 0;", type_name(p, lower->type), trips, low,
                   op_table[op->compare].spelling, high, distance, (long long)extra,
                   (long long)size));
    return trips;
}

static void print_numbered_loop(Printer *p, const Op *op, Variable *counter, const char *trips)
{
    const int64_t step = op_operand(op, 2)->op->int_value, size = step > 0 ? step : -step;
    const char *type = type_name(p, op_operand(op, 0)->type);
    line(p, format(p, "while (%s > 0) {", trips));
    p->indent++;
    line(p, format(p, "%s--;", trips));
    if (op->regions[0]->args.items[0]->uses) {
        const char *low = print_value(p, op_operand(op, 0), PREC_SUM);
        line(p, format(p, "const %s %s = %s %c %s * %lld;", type, declare_name(p, counter), low,
                       step > 0 ? '+' : '-', trips, (long long)size));
    }
    p->indent--;
}

/* A few rounds, a constant number of them: C compilers write them out one after the other. */
static bool is_written_out(const Op *loop)
{
    enum { MAX_ROUNDS = 4 };
    if (loop->kind != OP_FOR || !value_is_const(op_operand(loop, 0)) || !value_is_const(op_operand(loop, 1)))
        return false;
    const int64_t span = op_operand(loop, 1)->op->int_value - op_operand(loop, 0)->op->int_value;
    const int64_t step = op_operand(loop, 2)->op->int_value;
    return span / step <= MAX_ROUNDS;
}

/* What a loop over directions is marked with, where it is inside another one; "" : it is none. */
static const char *directions_mark(const Op *op)
{
    const Op *around = op->flags & OP_FLAG_TANGENT ? op->parent->owner : NULL;
    while (around && !op_is_loop(around->kind))
        around = around->parent->owner;
    return !around ? "" : is_written_out(around) ? "AD_DIRECTIONS_IN_SHORT_LOOP " : "AD_DIRECTIONS ";
}

static void print_for(Printer *p, const Op *op)
{
    Variable *counter = p->placement->variables[op->regions[0]->args.items[0]->id];
    if (!counter->hint)
        counter->hint = "i";
    enter_loop(p, op);
    size_t scope = names_open_scope(&p->names);
    const bool reversed = op->flags & OP_FLAG_REVERSED;
    const char *name = names_declare(&p->names, counter->hint);
    const char *header = reversed ? reversed_header(p, op, name) : forward_header(p, op, name);
    if (header) {
        counter->name = name;
        counter->is_declared = true;
        const char *mark = directions_mark(op);
        if (*mark)
            *p->includes |= INCLUDE_RUNTIME;
        line(p, format(p, "%s%s {", mark, header));
    } else {
        names_close_scope(&p->names, scope);
        const char *trips = print_trips(p, op);
        scope = names_open_scope(&p->names);
        print_numbered_loop(p, op, counter, trips);
    }
    const size_t start = p->out->count;
    p->indent++;
    print_region(p, op->regions[0]);
    end_iteration(p, op);
    p->indent--;
    names_close_scope(&p->names, scope);
    if (header)
        close_brace(p, start);
    else
        line(p, "}");
}

static void print_while(Printer *p, const Op *op)
{
    enter_loop(p, op);
    const Region *test = op->regions[0];
    const Value *condition = op_operand(region_terminator(test), 0);
    const bool expression = only_yields(p, test);
    size_t scope;
    if (expression)
        line(p, format(p, "while (%s) {", print_value(p, condition, PREC_COMMA)));
    else
        line(p, "for (;;) {");
    const size_t start = p->out->count;
    open_block(p, &scope);
    if (!expression) {
        print_region(p, test);
        line(p, format(p, "if (%s)", print_negation(p, condition)));
        p->indent++;
        line(p, "break;");
        p->indent--;
    }
    print_region(p, op->regions[1]);
    end_iteration(p, op);
    close_block(p, scope);
    if (expression)
        close_brace(p, start);
    else
        line(p, "}");
}

/* ---- the walk ---- */

static void print_return(Printer *p, const Op *op)
{
    if (op->num_operands)
        line(p, format(p, "return %s;", print_assigned(p, op_operand(op, 0))));
}

static void print_plain(Printer *p, const Op *op)
{
    if (op->num_results == 2)
        print_split(p, op);
    else if (op->num_results == 1 && op->results[0]->uses)
        print_definition(p, op);
}

static void print_op_statement(Printer *p, const Op *op)
{
    if (op->num_regions == 0)
        print_source_comment(p, op);
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
        line(p, format(p, "free(%s);", print_assigned(p, op_operand(op, 0))));
        break;
    case OP_FREE:
        *p->includes |= INCLUDE_RUNTIME;
        line(p, format(p, "ad_free(%s);", print_assigned(p, op_operand(op, 0))));
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
        line(p, format(p, "ad_tape_free_pointers(%s);", tape_name(p, op)));
        break;
    case OP_TAPE_RELEASE:
        line(p, format(p, "ad_tape_release(%s);", tape_name(p, op)));
        break;
    default:
        print_plain(p, op);
        break;
    }
}

static void print_region(Printer *p, const Region *region)
{
    for (const Op *op = region->first; op; op = op->next) {
        const bool is_folded = op->num_results == 1 && p->placement->folded[op->results[0]->id];
        if (!is_folded)
            print_op_statement(p, op);
    }
}

/* An if whose result is only returned: the branches return by themselves. */
static bool is_returning_if(const Printer *p, const Op *op, const Op *end)
{
    return op && op->kind == OP_IF && op->num_results == 1 && end->num_operands == 1 &&
           op_operand(end, 0) == op->results[0] && value_has_one_use(op->results[0]) &&
           !p->placement->folded[op->results[0]->id];
}

static void print_tail(Printer *p, const Region *region)
{
    const Op *end = region_terminator(region);
    for (const Op *op = region->first; op && op != end; op = op->next) {
        if (op->num_results == 1 && p->placement->folded[op->results[0]->id])
            continue;
        if (op->next != end || !is_returning_if(p, op, end)) {
            print_op_statement(p, op);
            continue;
        }
        size_t scope;
        line(p, format(p, "if (%s) {", print_value(p, op_operand(op, 0), PREC_COMMA)));
        open_block(p, &scope);
        Variable *result = p->placement->variables[op->results[0]->id];
        const bool is_declared = result->is_declared;
        print_tail(p, op->regions[0]);
        result->is_declared = is_declared; /* in that block; the other branch has its own */
        close_block(p, scope);
        line(p, "}");
        print_tail(p, op->regions[1]);
        return;
    }
    if (end->num_operands)
        line(p, format(p, "return %s;", print_assigned(p, op_operand(end, 0))));
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
            line(p, format(p, "(void)%s;", function->params[i].name));
    print_tail(p, function->body);
}
