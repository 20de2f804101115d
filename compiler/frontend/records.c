/* Structs and unions: their members, wherever they are defined.
 *
 * A record is looked into once, the first time its type is met. Members of types that adgen does not
 * know have the type void: naming one is an error, having one is not. */
#include <string.h>

#include "frontend/lower.h"

struct RecordEntry {
    const char *usr;
    const Type *type;
    CXCursor definition; /* null cursor: none was seen yet */
    UT_hash_handle hh;
};

/* ---- names ---- */

static bool tag_is_taken(const Frontend *frontend, const char *tag)
{
    for (const RecordEntry *entry = frontend->records; entry; entry = entry->hh.next)
        if (strcmp(entry->type->record->tag, tag) == 0)
            return true;
    return false;
}

/* One from a header keeps the name that the user wrote (FILE). One without a name gets one, and so does
 * one whose name means something else in another function or file. */
static const char *tag_of(Frontend *frontend, CXType type, bool from_header, bool is_union)
{
    Strings *strings = frontend->module->strings;
    const char *tag = frontend_type_spelling(
        frontend, clang_getUnqualifiedType(from_header ? type : clang_getCanonicalType(type)));
    if (from_header && !strstr(tag, "(unnamed"))
        return tag;
    const char *plain = tag;
    if (strstr(tag, "(unnamed") || strstr(tag, "(anonymous"))
        plain = tag = is_union ? "union unnamed" : "struct unnamed";
    for (unsigned number = 2; tag_is_taken(frontend, tag); number++)
        tag = intern_format(strings, "%s_%u", plain, number);
    return intern(strings, tag);
}

/* ---- members ---- */

typedef struct Members {
    Frontend *frontend;
    VEC(CXCursor) list;
} Members;

static enum CXVisitorResult take_member(CXCursor cursor, CXClientData data)
{
    Members *members = data;
    vec_push(members->frontend->module->arena, &members->list, cursor);
    return CXVisit_Continue;
}

/* `struct { ... };` without a name for the member. */
static bool is_unnamed_member(CXCursor member)
{
    const CXType type = clang_getCanonicalType(clang_getCursorType(member));
    return type.kind == CXType_Record &&
           clang_Cursor_isAnonymousRecordDecl(clang_getTypeDeclaration(type));
}

static Field field_of(Frontend *frontend, CXCursor cursor)
{
    const CXType type = clang_getCursorType(cursor);
    Arena *arena = frontend->module->arena;
    Field field = {0};
    CXType elem = frontend_element(type, &field.rank);
    int64_t *extents = arena_new_array(arena, int64_t, field.rank);
    CXType array = clang_getCanonicalType(type);
    for (unsigned i = 0; i < field.rank; i++) {
        extents[i] = array.kind == CXType_ConstantArray ? clang_getArraySize(array) : 0;
        array = clang_getCanonicalType(clang_getArrayElementType(array));
    }
    field.extents = extents;
    field.name = is_unnamed_member(cursor) ? NULL : frontend_spelling(frontend, cursor);
    if (field.rank == 0)
        elem = type; /* keeps the spelling of pointees */
    field.type = frontend_find_type(frontend, elem);
    if (!field.type)
        field.type = type_scalar(frontend->module->types, TYPE_VOID);
    field.is_bitfield = clang_Cursor_isBitField(cursor);
    field.bits = field.is_bitfield ? (unsigned)clang_getFieldDeclBitWidth(cursor) : 0;
    field.decl = frontend_decl(frontend, type, cursor);
    return field;
}

static void complete(Frontend *frontend, Record *record, CXType type)
{
    Members members = {.frontend = frontend};
    clang_Type_visitFields(type, take_member, &members);
    Field *fields = arena_new_array(frontend->module->arena, Field, members.list.count);
    record->is_complete = true; /* a list's link to itself: looked at once */
    for (size_t i = 0; i < members.list.count; i++)
        fields[i] = field_of(frontend, members.list.items[i]);
    record->fields = fields;
    record->size = clang_Type_getSizeOf(type);
    record->num_fields = (unsigned)members.list.count;
}

static bool same_place(CXCursor a, CXCursor b)
{
    CXFile file_a, file_b;
    unsigned offset_a, offset_b;
    clang_getFileLocation(clang_getCursorLocation(a), &file_a, NULL, NULL, &offset_a);
    clang_getFileLocation(clang_getCursorLocation(b), &file_b, NULL, NULL, &offset_b);
    CXString name_a = clang_getFileName(file_a), name_b = clang_getFileName(file_b);
    const char *text_a = clang_getCString(name_a), *text_b = clang_getCString(name_b);
    const bool same = offset_a == offset_b && text_a && text_b && strcmp(text_a, text_b) == 0;
    clang_disposeString(name_a);
    clang_disposeString(name_b);
    return same;
}

/* The USR of a struct of the C language is its tag: two files may mean different ones. */
static const char *key_of(Frontend *frontend, CXCursor declaration, CXCursor definition)
{
    CXString string = clang_getCursorUSR(declaration);
    const char *usr = intern(frontend->module->strings, clang_getCString(string));
    clang_disposeString(string);
    RecordEntry *entry = NULL;
    for (unsigned number = 2;; number++) {
        HASH_FIND_STR(frontend->records, usr, entry);
        if (!entry || clang_Cursor_isNull(definition) || clang_Cursor_isNull(entry->definition) ||
            same_place(entry->definition, definition))
            return usr;
        usr = intern_format(frontend->module->strings, "%s#%u", usr, number);
    }
}

const Type *frontend_record(Frontend *frontend, CXType type)
{
    const CXType canonical = clang_getUnqualifiedType(clang_getCanonicalType(type));
    CXCursor declaration = clang_getTypeDeclaration(canonical);
    CXCursor definition = clang_getCursorDefinition(declaration);
    const char *usr = key_of(frontend, declaration, definition);
    RecordEntry *entry = NULL;
    HASH_FIND_STR(frontend->records, usr, entry);
    if (!entry) {
        Arena *arena = frontend->module->arena;
        const bool is_union = clang_getCursorKind(declaration) == CXCursor_UnionDecl;
        const char *header = frontend_header_of(frontend, declaration);
        Record *record = arena_new(arena, Record);
        *record = (Record){.tag = tag_of(frontend, type, header != NULL, is_union),
                           .is_union = is_union,
                           .header = header};
        entry = arena_new(arena, RecordEntry);
        *entry = (RecordEntry){.usr = usr,
                               .type = type_record(frontend->module->types, record),
                               .definition = clang_getNullCursor()};
        HASH_ADD_KEYPTR(hh, frontend->records, entry->usr, strlen(entry->usr), entry);
    }
    if (clang_Cursor_isNull(entry->definition) && !clang_Cursor_isNull(definition)) {
        entry->definition = definition;
        complete(frontend, (Record *)entry->type->record, canonical); /* ours until lowering is over */
    }
    return entry->type;
}

/* The members of unnamed structs and unions are members of the record around them (C11 6.7.2.1p13). */
static bool find_path(Frontend *frontend, CXType record, CXCursor member, MemberPath *path)
{
    Members members = {.frontend = frontend};
    clang_Type_visitFields(clang_getCanonicalType(record), take_member, &members);
    for (size_t i = 0; i < members.list.count; i++) {
        CXCursor here = members.list.items[i];
        const CXType type = clang_getCanonicalType(clang_getCursorType(here));
        const bool is_unnamed = is_unnamed_member(here);
        const size_t depth = path->numbers.count;
        vec_push(frontend->module->arena, &path->numbers, (unsigned)i);
        if (clang_equalCursors(here, member) ||
            (is_unnamed && find_path(frontend, type, member, path)))
            return true;
        path->numbers.count = depth;
    }
    return false;
}

MemberPath frontend_member(Frontend *frontend, CXType record, CXCursor member)
{
    MemberPath path = {0};
    find_path(frontend, record, member, &path);
    return path;
}

void records_release(Frontend *frontend)
{
    HASH_CLEAR(hh, frontend->records);
}
