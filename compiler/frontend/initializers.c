/* Initialisers of arrays: braces left out, designators, and strings, flattened to pairs of position
 * and expression.
 *
 *     double a[2][3] = {{1}, 4, 5, [1][2] = 6};     (0, 1) (3, 4) (4, 5) (5, 6)
 *
 * What no pair names is zero (C11 6.7.9, 19 and 21). */
#include <string.h>

#include "frontend/lower.h"

typedef struct Flattening {
    Frontend *frontend;
    InitEntries *entries;
    CXCursor *items; /* of the list being read */
    size_t count, next;
    bool failed;
} Flattening;

static bool is_array(CXType type)
{
    return clang_getCanonicalType(type).kind == CXType_ConstantArray;
}

int64_t initializer_count(CXType type)
{
    int64_t count = 1;
    for (type = clang_getCanonicalType(type); type.kind == CXType_ConstantArray;
         type = clang_getCanonicalType(clang_getArrayElementType(type)))
        count *= clang_getArraySize(type);
    return count;
}

static CXType element_type(CXType type)
{
    return clang_getArrayElementType(clang_getCanonicalType(type));
}

static bool is_designated(CXCursor item)
{
    return clang_getCursorKind(item) == CXCursor_UnexposedExpr &&
           clang_getCanonicalType(clang_getCursorType(item)).kind == CXType_Void;
}

static void flatten_value(Flattening *f, CXType type, int64_t position, CXCursor value);

static void refuse(Flattening *f, CXCursor cursor, const char *construct)
{
    diag(f->frontend->module->diags, MSG_UNSUPPORTED, frontend_loc(f->frontend, cursor), construct,
         "write the elements out");
    f->failed = true;
}

/* `[2][1] = value` in a list for `type`; returns the index after the first one. */
static int64_t flatten_designated(Flattening *f, CXType type, int64_t position, CXCursor item)
{
    Cursors parts = frontend_children(f->frontend->module->arena, item);
    const char *text = frontend_text(f->frontend, item);
    const char *range = strstr(text, "...");
    int64_t after = 0;
    if (range && range < strchr(text, '='))
        refuse(f, item, "a range of designators");
    for (size_t i = 0; i + 1 < parts.list.count && !f->failed; i++) {
        Constant index = {0};
        const Type *type_long = type_scalar(f->frontend->module->types, TYPE_LONG);
        if (!is_array(type) ||
            !constant_evaluate(f->frontend, parts.list.items[i], type_long, &index)) {
            refuse(f, item, "this designator");
            break;
        }
        type = element_type(type);
        position += index.int_value * initializer_count(type);
        if (i == 0)
            after = index.int_value + 1;
    }
    if (!f->failed)
        flatten_value(f, type, position, parts.list.items[parts.list.count - 1]);
    return after;
}

/* Elements from the current list, as many as the type has: those of an inner array need no braces. */
static void flatten_items(Flattening *f, CXType type, int64_t position, bool own_braces)
{
    const int64_t size = clang_getArraySize(clang_getCanonicalType(type));
    const CXType inner = element_type(type);
    const int64_t stride = initializer_count(inner);
    for (int64_t i = 0; f->next < f->count && !f->failed; ) {
        CXCursor item = f->items[f->next];
        if (is_designated(item)) {
            if (!own_braces)
                return; /* it belongs to the list around */
            f->next++;
            i = flatten_designated(f, type, position, item);
            continue;
        }
        if (i >= size)
            return;
        if (is_array(inner) && clang_getCursorKind(item) != CXCursor_InitListExpr &&
            clang_getCursorKind(strip_parens(item)) != CXCursor_StringLiteral) {
            flatten_items(f, inner, position + i * stride, false);
        } else {
            f->next++;
            flatten_value(f, inner, position + i * stride, item);
        }
        i++;
    }
}

/* char s[] = "text": the characters that the array has room for. */
static void flatten_string(Flattening *f, CXType type, int64_t position, CXCursor string)
{
    const CXType array = clang_getCanonicalType(type);
    CXEvalResult result = clang_Cursor_Evaluate(string);
    const bool known = result && clang_EvalResult_getKind(result) == CXEval_StrLiteral;
    const char *text = known ? clang_EvalResult_getAsStr(result) : "";
    if (!known || strstr(frontend_spelling(f->frontend, string), "\\0")) /* "a\0b" is cut */
        refuse(f, string, "this string as the initialiser of an array");
    for (int64_t i = 0; i < clang_getArraySize(array) && text[i] && !f->failed; i++)
        vec_push(f->frontend->module->arena, &f->entries->list,
                 ((InitEntry){position + i, string, true, text[i]}));
    if (result)
        clang_EvalResult_dispose(result);
}

static void flatten_value(Flattening *f, CXType type, int64_t position, CXCursor value)
{
    const bool is_list = clang_getCursorKind(value) == CXCursor_InitListExpr;
    if (is_array(type) && clang_getCursorKind(strip_parens(value)) == CXCursor_StringLiteral) {
        flatten_string(f, type, position, strip_parens(value));
    } else if (is_list) {
        Cursors items = frontend_children(f->frontend->module->arena, value);
        Flattening inner = {f->frontend, f->entries, items.list.items, items.list.count, 0, false};
        if (is_array(type))
            flatten_items(&inner, type, position, true);
        else if (items.list.count) /* double x = {1} */
            flatten_value(&inner, type, position, items.list.items[0]);
        f->failed = f->failed || inner.failed;
    } else if (is_array(type)) {
        refuse(f, value, "this initialiser of an array");
    } else {
        vec_push(f->frontend->module->arena, &f->entries->list,
                 ((InitEntry){position, value, false, 0}));
    }
}

bool initializer_flatten(Frontend *frontend, CXType type, CXCursor init, InitEntries *entries)
{
    Flattening f = {.frontend = frontend, .entries = entries};
    flatten_value(&f, type, 0, init);
    return !f.failed;
}

/* ---- local variables ---- */

/* Do the entries name every element once, in order? */
static bool is_complete(const InitEntries *entries, int64_t count)
{
    for (size_t i = 0; i < entries->list.count; i++)
        if (entries->list.items[i].position != (int64_t)i)
            return false;
    return (int64_t)entries->list.count == count;
}

static Value *element_at(Lowering *l, Value *address, CXType type, int64_t position)
{
    unsigned rank;
    frontend_element(type, &rank);
    if (rank == 0)
        return address;
    const Type *type_int = type_scalar(l->types, TYPE_INT);
    Value **indices = arena_new_array(l->arena, Value *, rank);
    Value **extents = arena_new_array(l->arena, Value *, rank);
    for (unsigned i = 0; i < rank; i++) {
        type = clang_getCanonicalType(type);
        extents[i] = build_int(&l->b, type_int, clang_getArraySize(type));
        type = clang_getArrayElementType(type);
        const int64_t stride = initializer_count(type);
        indices[i] = build_int(&l->b, type_int, position / stride);
        position %= stride;
    }
    return build_index_n(&l->b, address, indices, extents + 1, rank);
}

void lower_initializer(Lowering *l, const Variable *variable, Value *address, CXType type,
                       CXCursor init)
{
    InitEntries entries = {0};
    if (!initializer_flatten(l->frontend, type, init, &entries))
        return;
    const int64_t count = initializer_count(type);
    if (is_array(type) && !is_complete(&entries, count))
        build_fill_zero(&l->b, address, build_int(&l->b, type_scalar(l->types, TYPE_INT), count));
    const bool is_inactive = l->is_inactive || (variable && variable->is_inactive);
    for (size_t i = 0; i < entries.list.count; i++) {
        const InitEntry *entry = &entries.list.items[i];
        const Type *elem = address->type->elem;
        Value *value = entry->is_character ? build_int(&l->b, elem, entry->character)
                                           : lower_expression(l, entry->value);
        if (!value)
            continue;
        value = decree_inactive(l, is_inactive, lower_conversion(l, value, elem));
        build_store(&l->b, element_at(l, address, type, entry->position), value);
    }
}
