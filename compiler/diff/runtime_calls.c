/* Calls of the runtime by name. */
#include "diff/runtime_calls.h"

#include <string.h>

typedef struct Signature {
    const char *name, *result, *params;
    bool pure;
} Signature;

static const Signature signatures[] = {
#define FUNCTION(id, name, result, params, pure) [RUNTIME_##id] = {name, result, params, pure},
#include "diff/runtime_calls.def"
#undef FUNCTION
};

static const char header[] = "<adgen/sparse.h>";

/* ---- types ---- */

/* The members that generated code reads: a number, or an array of them. */
static const struct {
    const char *name;
    bool is_array;
} pattern_fields[] = {{"nonzeros", false},   {"colors", false},     {"by_row", false},   {"color", true},
                      {"entry_color", true}, {"entry_place", true}, {"decisions", false}};
enum { NUM_FIELDS = sizeof pattern_fields / sizeof *pattern_fields };

static const Field *make_fields(Module *module)
{
    Field *fields = arena_new_array(module->arena, Field, NUM_FIELDS);
    const Type *number = type_scalar(module->types, TYPE_LONG);
    for (unsigned i = 0; i < NUM_FIELDS; i++) {
        fields[i].name = intern(module->strings, pattern_fields[i].name);
        fields[i].type = pattern_fields[i].is_array ? type_pointer(module->types, number)
                         : strcmp(pattern_fields[i].name, "by_row") == 0
                             ? type_scalar(module->types, TYPE_INT)
                             : number;
    }
    return fields;
}

const Type *runtime_record(Module *module, const char *name)
{
    for (size_t i = 0; i < module->types->all.count; i++) {
        const Type *type = module->types->all.items[i];
        if (type->kind == TYPE_RECORD && type->record->header && strcmp(type->record->header, header) == 0 &&
            strcmp(type->record->tag, name) == 0)
            return type;
    }
    Record *record = arena_new(module->arena, Record);
    const bool has_fields = strcmp(name, "AdPattern") == 0;
    *record = (Record){.tag = intern(module->strings, name),
                       .header = intern(module->strings, header),
                       .is_complete = has_fields,
                       .fields = has_fields ? make_fields(module) : NULL,
                       .num_fields = has_fields ? NUM_FIELDS : 0};
    return type_record(module->types, record);
}

static const Decl *pointer_decl(Module *module, const Type *type, bool is_const)
{
    Decl *base = arena_new(module->arena, Decl), *pointer = arena_new(module->arena, Decl);
    *base = (Decl){.kind = DECL_BASE, .base = type_c_name(type), .type = type, .is_const = is_const};
    *pointer = (Decl){.kind = DECL_POINTER, .inner = base};
    return pointer;
}

const Decl *runtime_pointer_decl(Module *module, const char *name)
{
    return pointer_decl(module, runtime_record(module, name), false);
}

/* What a letter of runtime_calls.def stands for: without its pointer. */
static const Type *letter_type(Module *module, char letter)
{
    switch (letter) {
    case 'l':
    case 'L':
    case 'M':
        return type_scalar(module->types, TYPE_LONG);
    case 's':
        return runtime_record(module, "AdSets");
    case 'p':
    case 'P':
        return runtime_record(module, "AdPattern");
    default:
        return type_scalar(module->types, TYPE_VOID);
    }
}

static bool is_pointer_letter(char letter)
{
    return letter != 'l' && letter != 'v';
}

static Param letter_param(Module *module, char letter, const Type **type)
{
    const bool is_const = letter == 'L' || letter == 'P';
    *type = letter_type(module, letter);
    const Decl *pointer = pointer_decl(module, *type, is_const);
    if (!is_pointer_letter(letter))
        return (Param){.name = "", .decl = pointer->inner};
    *type = type_pointer(module->types, *type);
    return (Param){.name = "", .decl = pointer, .points_to_const = is_const, .rank = 1};
}

/* ---- functions ---- */

static Function *declare(Module *module, const Signature *signature)
{
    Function *function = module_find(module, intern(module->strings, signature->name));
    if (function)
        return function;
    const Type *result;
    const Param returned = letter_param(module, signature->result[0], &result);
    function = function_new(module, intern(module->strings, signature->name), result);
    function->result_decl = returned.decl;
    function->num_params = (unsigned)strlen(signature->params);
    function->params = arena_new_array(module->arena, Param, function->num_params);
    for (unsigned i = 0; i < function->num_params; i++) {
        const Type *type;
        function->params[i] = letter_param(module, signature->params[i], &type);
    }
    function->header = intern(module->strings, header);
    function->has_side_effects = !signature->pure;
    return function;
}

Value *runtime_call(Builder *b, RuntimeFunction function, Value **args, unsigned num_args)
{
    return build_call(b, declare(b->function->module, &signatures[function]), args, num_args);
}

bool runtime_is_call(const Op *op, RuntimeFunction function)
{
    return op->kind == OP_CALL && op->callee && strcmp(op->callee->name, signatures[function].name) == 0;
}

Value *runtime_member_address(Builder *b, Value *record, const char *field)
{
    const Record *type = record->type->elem->record;
    for (unsigned i = 0; i < type->num_fields; i++)
        if (strcmp(type->fields[i].name, field) == 0)
            return build_field(b, record, i);
    return NULL;
}

Value *runtime_member(Builder *b, Value *record, const char *field)
{
    Value *value = build_load(b, runtime_member_address(b, record, field));
    value->name = intern(b->function->module->strings, field);
    return value;
}
