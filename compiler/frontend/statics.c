/* Static variables that the program changes.
 *
 * The derivative has a copy of a static variable. It is good for what the initialiser says, so the variable
 * must not change anywhere in its file: not where it is differentiated (diff/globals.h), and not in another
 * function, which is looked for here: an assignment to it, or its address as an argument that may be written. */
#include "frontend/lower.h"

typedef struct Search {
    CXCursor variable;
    bool found;
} Search;

static enum CXChildVisitResult take_first(CXCursor cursor, CXCursor parent, CXClientData data)
{
    (void)parent;
    *(CXCursor *)data = cursor;
    return CXChildVisit_Break;
}

/* The variable that an lvalue is, or is a part of; else the expression itself. */
static CXCursor variable_of(CXCursor cursor)
{
    for (;;) {
        const enum CXCursorKind kind = clang_getCursorKind(cursor);
        const bool is_part = kind == CXCursor_ParenExpr || kind == CXCursor_UnexposedExpr ||
                             kind == CXCursor_ArraySubscriptExpr || kind == CXCursor_MemberRefExpr ||
                             kind == CXCursor_CStyleCastExpr ||
                             (kind == CXCursor_UnaryOperator &&
                              clang_getCursorUnaryOperatorKind(cursor) == CXUnaryOperator_AddrOf);
        CXCursor inner = clang_getNullCursor();
        if (is_part)
            clang_visitChildren(cursor, take_first, &inner);
        if (clang_Cursor_isNull(inner))
            return cursor;
        cursor = inner;
    }
}

static bool is_variable(const Search *search, CXCursor cursor)
{
    cursor = variable_of(cursor);
    return clang_getCursorKind(cursor) == CXCursor_DeclRefExpr &&
           clang_equalCursors(clang_getCanonicalCursor(clang_getCursorReferenced(cursor)),
                              search->variable);
}

static bool may_be_written_through(CXType type)
{
    const CXType canonical = clang_getCanonicalType(type);
    return canonical.kind == CXType_Pointer &&
           !clang_isConstQualifiedType(clang_getPointeeType(canonical));
}

static void search_arguments(Search *search, CXCursor call)
{
    const CXType type = clang_getCursorType(clang_getCursorReferenced(call));
    const int count = clang_Cursor_getNumArguments(call);
    for (int i = 0; i < count; i++)
        if (is_variable(search, clang_Cursor_getArgument(call, (unsigned)i)) &&
            may_be_written_through(clang_getArgType(type, (unsigned)i)))
            search->found = true;
}

static enum CXChildVisitResult visit(CXCursor cursor, CXCursor parent, CXClientData data)
{
    (void)parent;
    Search *search = data;
    const enum CXCursorKind kind = clang_getCursorKind(cursor);
    CXCursor target = clang_getNullCursor();
    bool writes = kind == CXCursor_CompoundAssignOperator;
    if (kind == CXCursor_BinaryOperator)
        writes = clang_getCursorBinaryOperatorKind(cursor) == CXBinaryOperator_Assign;
    else if (kind == CXCursor_UnaryOperator)
        writes = clang_getCursorUnaryOperatorKind(cursor) >= CXUnaryOperator_PostInc &&
                 clang_getCursorUnaryOperatorKind(cursor) <= CXUnaryOperator_PreDec;
    else if (kind == CXCursor_CallExpr)
        search_arguments(search, cursor);
    if (writes)
        clang_visitChildren(cursor, take_first, &target);
    if (writes && !clang_Cursor_isNull(target) && is_variable(search, target))
        search->found = true;
    return search->found ? CXChildVisit_Break : CXChildVisit_Recurse;
}

bool static_changes(CXCursor variable)
{
    Search search = {clang_getCanonicalCursor(variable), false};
    CXTranslationUnit unit = clang_Cursor_getTranslationUnit(variable);
    clang_visitChildren(clang_getTranslationUnitCursor(unit), visit, &search);
    return search.found;
}
