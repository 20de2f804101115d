/* Reading the IR's text form: values, ops and regions. */
#include <string.h>
#include <uthash.h>

#include "ir/builder.h"
#include "ir/text_internal.h"

struct NamedValue {
    const char *text; /* "x.12" */
    Value *value;
    UT_hash_handle hh;
};

typedef VEC(Definition) Definitions;

/* ---- values ---- */

static NamedValue *find_value(const Reader *r, const char *text)
{
    NamedValue *found = NULL;
    HASH_FIND_STR(r->values, text, found);
    return found;
}

const char *reader_value_name(Reader *r, const char *text)
{
    size_t length = strlen(text), digits = length;
    while (digits > 0 && text[digits - 1] >= '0' && text[digits - 1] <= '9')
        digits--;
    if (digits < length && digits > 0 && text[digits - 1] == '.')
        length = digits - 1;
    else if (digits == 0)
        length = 0;
    return length ? intern_n(r->module->strings, text, length) : NULL;
}

void reader_define(Reader *r, Value *value, const Definition *definition)
{
    if (r->failed)
        return;
    if (find_value(r, definition->text)) {
        reader_error(r, definition->loc, "'%%%s' is defined twice", definition->text);
        return;
    }
    NamedValue *entry = arena_new(r->module->arena, NamedValue);
    entry->text = definition->text;
    entry->value = value;
    value->name = reader_value_name(r, definition->text);
    if (definition->type)
        value->type = definition->type;
    if (!value->type)
        reader_error(r, definition->loc, "the type of '%%%s' is missing", definition->text);
    HASH_ADD_KEYPTR(hh, r->values, entry->text, strlen(entry->text), entry);
    vec_push(r->module->arena, &r->scope, entry);
}

void reader_leave_scope(Reader *r, size_t outer)
{
    while (r->scope.count > outer) {
        NamedValue *entry = vec_pop(&r->scope);
        HASH_DEL(r->values, entry);
    }
}

Definition reader_definition(Reader *r)
{
    Definition definition = {.loc = r->token.loc};
    definition.text = reader_take(r, TOKEN_VALUE, "a value");
    if (reader_accept(r, ":"))
        definition.type = reader_type(r);
    return definition;
}

static Definitions read_definitions(Reader *r)
{
    Definitions list = {0};
    do {
        vec_push(r->module->arena, &list, reader_definition(r));
    } while (reader_accept(r, ","));
    return list;
}

/* ---- ops ---- */

/* An op as far as it is read before its regions. */
typedef struct Draft {
    Definitions results;
    VEC(Value *) operands;
    Op op; /* its kind, location, attributes and flags */
} Draft;

/* "add", or "for.lt" */
static void read_kind(Reader *r, Op *op)
{
    op->loc = r->token.loc;
    const char *text = reader_take(r, TOKEN_WORD, "an op");
    const size_t length = strcspn(text, ".");
    op->kind = op_named(text, length);
    if (op->kind == OP_COUNT)
        reader_error(r, op->loc, "there is no op '%s'", text);
    if (r->failed)
        return;
    if (op->kind == OP_FOR && text[length])
        op->compare = op_named(text + length + 1, strlen(text + length + 1));
    else if (text[length])
        reader_error(r, op->loc, "'%s' has no variants", op_table[op->kind].text);
    if (op->kind == OP_FOR && (op->compare == OP_COUNT || !op_is_compare(op->compare)))
        reader_error(r, op->loc, "a for is for.lt, for.le, for.gt, for.ge or for.ne");
}

/* Literals and macros beside each other, as the source spells them. */
static const char *read_string(Reader *r)
{
    const char *start = r->token.text, *end = start;
    while (r->token.kind == TOKEN_STRING ||
           (r->token.kind == TOKEN_WORD && !r->token.starts_line)) {
        end = r->token.text + r->token.length;
        reader_advance(r);
    }
    if (end == start)
        reader_expected(r, "a string");
    return r->failed ? "" : intern_n(r->module->strings, start, (size_t)(end - start));
}

Function *reader_function_name(Reader *r)
{
    const SourceLoc loc = r->token.loc;
    const char *name = reader_take(r, TOKEN_NAME, "the name of a function");
    Function *callee = r->failed ? NULL : module_find(r->module, name);
    if (!callee)
        reader_error(r, loc, "there is no function '%s'", name);
    return callee;
}

static Global *read_global_name(Reader *r)
{
    const SourceLoc loc = r->token.loc;
    const char *name = reader_take(r, TOKEN_NAME, "the name of a global");
    for (size_t i = 0; i < r->module->globals.count && !r->failed; i++)
        if (strcmp(r->module->globals.items[i]->name, name) == 0)
            return r->module->globals.items[i];
    reader_error(r, loc, "there is no global '%s'", name);
    return NULL;
}

static void read_constant(Reader *r, Draft *draft)
{
    const Type *type = draft->results.count == 1 ? draft->results.items[0].type : NULL;
    if (!type || !type_is_arithmetic(type)) {
        reader_error(r, draft->op.loc, "a constant has one result, of a written arithmetic type");
        return;
    }
    const Constant constant = reader_number(r, type);
    draft->op.int_value = constant.int_value;
    draft->op.float_value = constant.float_value;
}

static void read_attributes(Reader *r, Draft *draft)
{
    Op *op = &draft->op;
    switch (op->kind) {
    case OP_CONST:
        read_constant(r, draft);
        break;
    case OP_STRING:
        op->text = read_string(r);
        break;
    case OP_GLOBAL:
        op->global = read_global_name(r);
        break;
    case OP_CALL:
        if (r->token.kind == TOKEN_VALUE && !r->token.starts_line)
            break; /* through a pointer */
        op->callee = reader_function_name(r);
        break;
    case OP_FUNCTION:
        op->callee = reader_function_name(r);
        break;
    case OP_MALLOC:
    case OP_FIELD:
    case OP_EXTRACT:
    case OP_INSERT:
        reader_expect(r, "#");
        op->int_value = reader_number(r, type_scalar(r->module->types, TYPE_INT)).int_value;
        break;
    default:
        break;
    }
}

static void read_operands(Reader *r, Draft *draft)
{
    if (r->token.kind != TOKEN_VALUE || r->token.starts_line)
        return;
    do {
        const SourceLoc loc = r->token.loc;
        const char *text = reader_take(r, TOKEN_VALUE, "a value");
        const NamedValue *found = find_value(r, text);
        if (found)
            vec_push(r->module->arena, &draft->operands, found->value);
        else
            reader_error(r, loc, "'%%%s' is not defined here", text);
    } while (reader_accept(r, ","));
}

static void read_flags(Reader *r, Op *op)
{
    while (reader_accept(r, "!")) {
        unsigned i = 0;
        while (i < FLAG_TEXTS && !reader_sees(r, flag_texts[i].text))
            i++;
        if (i == FLAG_TEXTS) {
            reader_expected(r, "a flag");
            return;
        }
        op->flags |= flag_texts[i].flag;
        reader_advance(r);
    }
}

static unsigned num_regions(OpKind kind)
{
    return kind == OP_IF || kind == OP_WHILE ? 2 : kind == OP_FOR ? 1 : 0;
}

/* The type of a result where the text leaves it out, or NULL where it must be written. */
static const Type *result_type(const Op *op, unsigned index)
{
    const Types *types = op->function->module->types;
    const Type *first = op->num_operands ? op_operand(op, 0)->type : NULL;
    switch (op->kind) {
    case OP_FOR:
    case OP_WHILE: {
        const unsigned init = loop_first_init(op) + index;
        return init < op->num_operands ? op_operand(op, init)->type : NULL;
    }
    case OP_LOAD:
        return type_is_pointer(first) ? first->elem : NULL;
    case OP_INDEX:
    case OP_INSERT:
        return first;
    case OP_SELECT:
        return op_operand(op, 1)->type;
    case OP_PTRDIFF:
        return type_scalar(types, TYPE_LONG);
    case OP_OVERLAP:
        return type_scalar(types, TYPE_BOOL);
    case OP_INNER:
        return op->num_operands == 3 && type_is_pointer(op_operand(op, 1)->type) ? op_operand(op, 1)->type->elem : NULL;
    case OP_CALL:
        if (op->callee)
            return op->callee->result;
        return first && type_is_pointer(first) && first->elem->kind == TYPE_FUNC ? first->elem->elem : NULL;
    default:
        break;
    }
    const bool in_table = op_table[op->kind].style != STYLE_SPECIAL ||
                          op->kind == OP_REMQUO || op->kind == OP_NEXTTOWARD ||
                          op->kind == OP_FREXP || op->kind == OP_MODF;
    Value *operands[3] = {0};
    for (unsigned i = 0; i < op->num_operands && i < 3; i++)
        operands[i] = op_operand(op, i);
    return in_table ? op_result_type(types, op->kind, index, operands) : NULL;
}

/* NULL after an error: the counts of the op table do not fit. */
static Op *make_op(Reader *r, Region *region, const Draft *draft)
{
    const OpInfo *info = &op_table[draft->op.kind];
    const unsigned operands = (unsigned)draft->operands.count;
    const unsigned results = (unsigned)draft->results.count;
    if (info->num_operands >= 0 && (unsigned)info->num_operands != operands)
        reader_error(r, draft->op.loc, "'%s' has %d operands", info->text, info->num_operands);
    if (info->num_results >= 0 && (unsigned)info->num_results != results)
        reader_error(r, draft->op.loc, "'%s' has %d results", info->text, info->num_results);
    if (r->failed)
        return NULL;
    Op *op = op_new(region->function, draft->op.kind, operands, results,
                    num_regions(draft->op.kind));
    op->loc = draft->op.loc;
    op->flags = draft->op.flags;
    op->compare = draft->op.compare;
    op->int_value = draft->op.int_value;
    op->float_value = draft->op.float_value;
    op->text = draft->op.text;
    op->callee = draft->op.callee;
    op->global = draft->op.global;
    for (unsigned i = 0; i < operands; i++)
        op_set_operand(op, i, draft->operands.items[i]);
    for (unsigned i = 0; i < results; i++)
        op->results[i]->type = result_type(op, i); /* unless it is written */
    op_append(region, op);
    return op;
}

/* ---- regions ---- */

static void read_op(Reader *r, Region *region);

void reader_body(Reader *r, Region *region)
{
    if (r->depth > READER_DEPTH_LIMIT)
        reader_error(r, r->token.loc, "nested too deeply");
    r->depth++;
    while (!reader_sees(r, "}") && !r->failed)
        read_op(r, region);
    r->depth--;
    reader_expect(r, "}");
}

/* Arguments of a loop's regions have the types of the lower bound and of the initial values. */
static const Type *arg_type(const Op *op, unsigned index)
{
    const unsigned operand = op->kind == OP_FOR && index > 0 ? index + 2 : index;
    const bool follows = op_is_loop(op->kind) && operand < op->num_operands;
    return follows ? op_operand(op, operand)->type : NULL;
}

static void read_region(Reader *r, const Op *op, Region *region)
{
    const size_t outer = r->scope.count;
    reader_expect(r, "{");
    if (reader_accept(r, "(")) {
        const Definitions args = read_definitions(r);
        for (size_t i = 0; i < args.count; i++)
            reader_define(r, region_add_arg(region, arg_type(op, (unsigned)i), NULL),
                          &args.items[i]);
        reader_expect(r, ")");
    }
    reader_body(r, region);
    reader_leave_scope(r, outer);
}

static void read_op(Reader *r, Region *region)
{
    Draft draft = {0};
    if (r->token.kind == TOKEN_VALUE) {
        draft.results = read_definitions(r);
        reader_expect(r, "=");
    }
    read_kind(r, &draft.op);
    if (!r->failed)
        read_attributes(r, &draft);
    read_operands(r, &draft);
    read_flags(r, &draft.op);
    Op *op = r->failed ? NULL : make_op(r, region, &draft);
    for (unsigned i = 0; op && i < op->num_regions; i++)
        read_region(r, op, op->regions[i]);
    for (unsigned i = 0; op && i < op->num_results; i++)
        reader_define(r, op->results[i], &draft.results.items[i]);
    if (op && (op->kind == OP_ALLOCA || op->kind == OP_ALLOC ||
               op->kind == OP_MALLOC || op->kind == OP_TAPE))
        op->name = op->results[0]->name;
}
