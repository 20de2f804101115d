/* Initialisers of arrays and structs: braces left out, designators, and strings, flattened to pairs of
 * position and expression. The positions number the scalars of the type, in order; a struct that is
 * initialised by an expression is an entry at its first scalar.
 *
 *     double a[2][3] = {{1}, 4, 5, [1][2] = 6};     (0, 1) (3, 4) (4, 5) (5, 6)
 *     struct { int n; double x[2]; } s = {.x = {7}, .n = 8};    (1, 7) (0, 8)
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

/* ---- aggregates: arrays of constant length, structs; of a union the first member counts ---- */

static bool is_array(CXType type)
{
    return clang_getCanonicalType(type).kind == CXType_ConstantArray;
}

static bool is_record(CXType type)
{
    return clang_getCanonicalType(type).kind == CXType_Record;
}

static bool is_aggregate(CXType type)
{
    return is_array(type) || is_record(type);
}

static bool is_union(CXType type)
{
    return clang_getCursorKind(clang_getTypeDeclaration(clang_getCanonicalType(type))) ==
           CXCursor_UnionDecl;
}

typedef struct MemberSearch {
    int64_t number, seen;
    CXCursor found;
} MemberSearch;

static enum CXVisitorResult visit_member(CXCursor cursor, CXClientData data)
{
    MemberSearch *search = data;
    if (search->seen++ != search->number)
        return CXVisit_Continue;
    search->found = cursor;
    return CXVisit_Break;
}

/* Member number `number` of a record; the null cursor: there are fewer. */
static CXCursor member_at(CXType type, int64_t number)
{
    MemberSearch search = {.number = number, .found = clang_getNullCursor()};
    clang_Type_visitFields(clang_getCanonicalType(type), visit_member, &search);
    return search.found;
}

static int64_t part_count(CXType type)
{
    if (is_array(type))
        return clang_getArraySize(clang_getCanonicalType(type));
    int64_t count = 0;
    while (!clang_Cursor_isNull(member_at(type, count)))
        count++;
    return is_union(type) && count ? 1 : count;
}

static CXType part_type(CXType type, int64_t number)
{
    return is_array(type) ? clang_getArrayElementType(clang_getCanonicalType(type))
                          : clang_getCursorType(member_at(type, number));
}

int64_t initializer_count(CXType type)
{
    if (is_array(type))
        return part_count(type) * initializer_count(part_type(type, 0));
    if (!is_record(type))
        return 1;
    int64_t count = 0;
    const int64_t parts = part_count(type);
    for (int64_t i = 0; i < parts; i++)
        count += initializer_count(part_type(type, i));
    return count;
}

/* The number of scalars in front of part number `number`. */
static int64_t part_offset(CXType type, int64_t number)
{
    if (is_array(type))
        return number * initializer_count(part_type(type, 0));
    int64_t offset = 0;
    for (int64_t i = 0; i < number; i++)
        offset += initializer_count(part_type(type, i));
    return offset;
}

/* The part in which the scalar number *position lies; *position becomes its number in there. */
static int64_t part_of(CXType type, int64_t *position)
{
    int64_t number = 0;
    if (is_array(type)) {
        const int64_t stride = initializer_count(part_type(type, 0));
        number = *position / stride;
        *position %= stride;
        return number;
    }
    for (int64_t size; *position >= (size = initializer_count(part_type(type, number))); number++)
        *position -= size;
    return number;
}

CXType initializer_scalar(CXType type, int64_t position)
{
    while (is_aggregate(type))
        type = part_type(type, part_of(type, &position));
    return type;
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

/* The part that a designator names; -1 after an error. */
static int64_t designated_part(Flattening *f, CXType type, CXCursor designator)
{
    Constant index = {0};
    int64_t number = -1;
    if (clang_getCursorKind(designator) == CXCursor_MemberRef && is_record(type)) {
        const MemberPath path =
            frontend_member(f->frontend, type, clang_getCursorReferenced(designator));
        number = path.numbers.count == 1 ? (int64_t)path.numbers.items[0] : -1;
    } else if (is_array(type) &&
             constant_evaluate(f->frontend, designator,
                               type_scalar(f->frontend->module->types, TYPE_LONG), &index))
        number = index.int_value;
    if (number < 0)
        refuse(f, designator, "this designator");
    return number;
}

/* `[2].x = value` in a list for `type`; returns the number of the part after the first one. */
static int64_t flatten_designated(Flattening *f, CXType type, int64_t position, CXCursor item)
{
    Cursors parts = frontend_children(f->frontend->module->arena, item);
    const char *text = frontend_text(f->frontend, item);
    const char *range = strstr(text, "...");
    int64_t after = 0;
    if (range && range < strchr(text, '='))
        refuse(f, item, "a range of designators");
    for (size_t i = 0; i + 1 < parts.list.count && !f->failed; i++) {
        const int64_t number = designated_part(f, type, parts.list.items[i]);
        if (number < 0)
            break;
        position += part_offset(type, number);
        type = part_type(type, number);
        if (i == 0)
            after = number + 1;
    }
    if (!f->failed)
        flatten_value(f, type, position, parts.list.items[parts.list.count - 1]);
    return after;
}

/* Is the item the whole aggregate: a list, a string, an expression of the struct's type? */
static bool is_whole(CXType type, CXCursor item)
{
    const enum CXCursorKind kind = clang_getCursorKind(strip_parens(item));
    return clang_getCursorKind(item) == CXCursor_InitListExpr ||
           (is_array(type) && kind == CXCursor_StringLiteral) ||
           (is_record(type) && is_record(clang_getCursorType(item)));
}

/* Parts from the current list, as many as the type has: those of an inner aggregate need no braces. */
static void flatten_items(Flattening *f, CXType type, int64_t position, bool own_braces)
{
    const int64_t size = part_count(type);
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
        const CXType inner = part_type(type, i);
        const int64_t start = position + part_offset(type, i);
        if (is_aggregate(inner) && !is_whole(inner, item)) {
            flatten_items(f, inner, start, false);
        } else {
            f->next++;
            flatten_value(f, inner, start, item);
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
                 ((InitEntry){position + i, string, false, true, text[i]}));
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
        if (is_aggregate(type))
            flatten_items(&inner, type, position, true);
        else if (items.list.count) /* double x = {1} */
            flatten_value(&inner, type, position, items.list.items[0]);
        f->failed = f->failed || inner.failed;
    } else if (is_array(type)) {
        refuse(f, value, "this initialiser of an array");
    } else {
        vec_push(f->frontend->module->arena, &f->entries->list,
                 ((InitEntry){position, value, is_record(type), false, 0}));
    }
}

bool initializer_flatten(Frontend *frontend, CXType type, CXCursor init, InitEntries *entries)
{
    Flattening f = {.frontend = frontend, .entries = entries};
    flatten_value(&f, type, 0, init);
    return !f.failed;
}

/* ---- local variables ---- */

/* Do the entries name every scalar once, in order? */
static bool is_complete(const InitEntries *entries, CXType type, int64_t count)
{
    int64_t next = 0;
    for (size_t i = 0; i < entries->list.count; i++) {
        const InitEntry *entry = &entries->list.items[i];
        if (entry->position != next)
            return false;
        next += entry->is_record ? initializer_count(clang_getCursorType(entry->value)) : 1;
    }
    (void)type;
    return next == count;
}

/* The address of the scalar number `position`, or of the struct that starts there. */
static Value *part_address(Lowering *l, Value *address, CXType type, int64_t position, bool is_struct)
{
    const Type *type_int = type_scalar(l->types, TYPE_INT);
    while (is_aggregate(type)) {
        if (is_struct && is_record(type) && position == 0 && !is_array(type) &&
            address->type->elem == lower_type(l, type, clang_getNullCursor()))
            break;
        VEC(Value *) indices = {0};
        VEC(Value *) extents = {0};
        while (is_array(type)) {
            vec_push(l->arena, &extents, build_int(&l->b, type_int, part_count(type)));
            const int64_t number = part_of(type, &position);
            vec_push(l->arena, &indices, build_int(&l->b, type_int, number));
            type = part_type(type, number);
        }
        if (indices.count) {
            address = build_index_n(&l->b, address, indices.items, extents.items + 1,
                                    (unsigned)indices.count);
            continue;
        }
        const int64_t number = part_of(type, &position);
        address = build_field(&l->b, address, (unsigned)number);
        type = part_type(type, number);
    }
    return address;
}

/* Everything that no entry names is zero. */
static void clear_first(Lowering *l, Value *address, CXType type)
{
    int64_t count = 1;
    for (; is_array(type); type = part_type(type, 0))
        count *= part_count(type);
    build_fill_zero(&l->b, address, build_int(&l->b, type_scalar(l->types, TYPE_INT), count));
}

void lower_initializer(Lowering *l, const Variable *variable, Value *address, CXType type,
                       CXCursor init)
{
    InitEntries entries = {0};
    if (!initializer_flatten(l->frontend, type, init, &entries))
        return;
    if (is_aggregate(type) && !is_complete(&entries, type, initializer_count(type)))
        clear_first(l, address, type);
    const bool is_inactive = l->is_inactive || (variable && variable->is_inactive);
    for (size_t i = 0; i < entries.list.count; i++) {
        const InitEntry *entry = &entries.list.items[i];
        Value *target = part_address(l, address, type, entry->position, entry->is_record);
        if (entry->is_record) {
            lower_record_copy(l, target, entry->value);
            continue;
        }
        Value *value = entry->is_character ? build_int(&l->b, target->type->elem, entry->character)
                                           : lower_expression(l, entry->value);
        if (!value)
            continue;
        value = decree_inactive(l, is_inactive, lower_stored(l, target, value));
        build_store(&l->b, target, value);
    }
}
