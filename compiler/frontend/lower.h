/* What the files of the front end share: the state of a run, and of the lowering of one function. */
#ifndef ADGEN_FRONTEND_LOWER_H
#define ADGEN_FRONTEND_LOWER_H

#include <clang-c/Index.h>
#include <uthash.h>

#include "frontend/annotations.h"
#include "frontend/frontend.h"
#include "ir/builder.h"

typedef struct FunctionEntry FunctionEntry;
typedef struct GlobalEntry GlobalEntry;
typedef struct FileEntry FileEntry;
typedef struct RecordEntry RecordEntry;

typedef struct Frontend {
    Module *module;
    CXIndex index;
    VEC(CXTranslationUnit) units;
    VEC(const char *) main_paths;
    FunctionEntry *functions; /* by USR */
    GlobalEntry *globals;     /* by USR */
    FileEntry *files;         /* by name */
    RecordEntry *records;     /* by USR */
    VEC(FunctionEntry *) worklist; /* functions whose bodies are still to be lowered */
    Requests *requests;
    Dependencies *dependencies;
} Frontend;

typedef struct Annotation {
    const char *text; /* what stands in ADGEN(...); interned */
    SourceLoc loc;
} Annotation;

/* A function of the program: where it is defined, and its IR once something needs it. */
struct FunctionEntry {
    const char *usr;
    CXCursor declaration; /* the first seen */
    CXCursor definition;  /* null cursor: none */
    Function *function;
    VEC(Annotation) annotations;
    bool is_inactive; /* ADGEN(inactive) */
    UT_hash_handle hh;
};

/* What a name in a function stands for. */
typedef struct Variable {
    const void *key; /* identity of the declaration */
    Value *address;  /* NULL: the variable is the value `direct` */
    Value *direct;
    Value **extents; /* of an array or pointer to array; outermost first, NULL where not declared */
    unsigned rank;
    bool is_inactive; /* ADGEN(inactive) */
    UT_hash_handle hh;
} Variable;

/* How control can leave a statement. */
typedef struct Exits {
    bool falls;     /* to the next statement */
    bool returns, breaks, continues; /* may have, earlier: the flags tell */
    uint64_t gotos;                  /* labels, one bit each: likewise (goto.c) */
} Exits;

typedef struct Label {
    const void *key; /* identity of the labelled statement; cursors to it differ in their parents */
    Value *flag;     /* alloca: a goto to it is on its way */
} Label;

typedef struct Scans Scans;

typedef struct Lowering {
    Frontend *frontend;
    Arena *arena;
    Types *types;
    Function *function;
    Builder b;
    Variable *variables;
    Value *result;        /* alloca of the returned value, or NULL */
    Value *return_flag, *break_flag, *continue_flag; /* allocas; the last two of the innermost loop */
    VEC(Label) labels;    /* that a goto leads to */
    Scans *scans;         /* what `scan` has found */
    uint64_t entering;    /* labels in the statement that is lowered next which may be pending */
    VEC(const char *) refused_types; /* reported in this function */
    bool is_inactive; /* the function: whatever it stores or returns has derivative zero */
    unsigned depth;
    bool is_too_deep; /* and that was reported */
} Lowering;

/* ---- session.c ---- */

SourceLoc frontend_loc(Frontend *frontend, CXCursor cursor);
SourceLoc frontend_source_loc(Frontend *frontend, CXSourceLocation location);
const char *frontend_spelling(Frontend *frontend, CXCursor cursor);
/* The same for all declarations of one function or variable, in whatever files, and for no other. */
const char *frontend_identity(Frontend *frontend, CXCursor cursor);
bool frontend_in_main_file(const Frontend *frontend, CXCursor cursor);
/* How a main file includes the file that holds the cursor ("<math.h>"); NULL if it is a main file. */
const char *frontend_header_of(Frontend *frontend, CXCursor cursor);
/* The source text of a range, white space folded. */
const char *frontend_text(Frontend *frontend, CXCursor cursor);

typedef struct Cursors {
    VEC(CXCursor) list;
} Cursors;
Cursors frontend_children(Arena *arena, CXCursor cursor);

/* ---- requests.c ---- */

/* What stands in ADGEN(...), if the cursor is such an attribute; else NULL. */
const char *annotation_text(Frontend *frontend, CXCursor attribute);
void requests_collect(Frontend *frontend, const char *const *options, unsigned num_options);
/* Lowers what is requested and all it calls; drops the requests where that failed. */
void requests_lower(Frontend *frontend);

/* ---- types.c ---- */

/* The IR type of a C type; arrays decay to pointers to their innermost element. NULL, after an error at
 * `cursor`, for a type that is not supported. */
const Type *frontend_type(Frontend *frontend, CXType type, CXCursor cursor);
/* In a function: a type is reported once. */
const Type *lower_type(Lowering *l, CXType type, CXCursor cursor);
/* The same; NULL without an error. */
const Type *frontend_find_type(Frontend *frontend, CXType type);
/* The type of the innermost element of an array type (of any rank, 0 too). */
CXType frontend_element(CXType type, unsigned *rank);
const char *frontend_type_spelling(Frontend *frontend, CXType type);
const Decl *frontend_decl(Frontend *frontend, CXType type, CXCursor cursor);
const Type *promote(const Types *types, const Type *type);
const Type *usual_arithmetic(const Types *types, const Type *a, const Type *b);

/* ---- records.c ---- */

/* The type of a struct or union; completed as soon as its definition is seen. */
const Type *frontend_record(Frontend *frontend, CXType type);
/* The way to a member (a FieldDecl): its number, in front of it those of unnamed members around it. */
typedef struct MemberPath {
    VEC(unsigned) numbers;
} MemberPath;
MemberPath frontend_member(Frontend *frontend, CXType record, CXCursor member);
void records_release(Frontend *frontend);

/* ---- declarations.c ---- */

/* The function that a declaration declares, across the files. */
FunctionEntry *frontend_entry(Frontend *frontend, CXCursor cursor);
/* Its IR function: declared, without a body until lower_function. */
Function *frontend_function(Frontend *frontend, FunctionEntry *entry);
void frontend_set_inactive(Frontend *frontend, FunctionEntry *entry);
bool frontend_is_inactive(Frontend *frontend, CXCursor declaration);
bool constant_evaluate(Frontend *frontend, CXCursor expression, const Type *type, Constant *constant);
Global *frontend_global(Frontend *frontend, CXCursor cursor);
/* The file-scope variable of that name in the files that define the function; NULL: there is none. */
Global *frontend_named_global(Frontend *frontend, const Function *function, const char *name);
void globals_release(Frontend *frontend);
/* Renames static variables whose names clash in one file. */
void globals_make_unique(Module *module);
/* For each parameter of the function that is called with `args`: how many elements it points to, as declared; -1
 * where that is not said. */
void lower_argument_counts(Lowering *l, CXCursor declaration, Value *const *args, unsigned n,
                           Value **counts);
Variable *variable_find(const Lowering *l, CXCursor declaration);
void lower_declaration(Lowering *l, CXCursor cursor);
void lower_function(Frontend *frontend, FunctionEntry *entry);

/* ---- statics.c ---- */

/* Is the static variable written anywhere in its file? */
bool static_changes(CXCursor variable);

/* ---- custom.c ---- */

/* The function has these derivatives of its own; errors at `loc`. */
void custom_declare(Frontend *frontend, FunctionEntry *entry, const Custom *custom, SourceLoc loc);

/* ---- expressions.c ---- */

/* The value of an expression (NULL for a void one). Arrays and pointers to arrays are pointers to their
 * innermost elements. */
Value *lower_expression(Lowering *l, CXCursor cursor);
/* The address of an lvalue. */
Value *lower_address(Lowering *l, CXCursor cursor);
/* As bool. */
Value *lower_condition(Lowering *l, CXCursor cursor);
/* Stores into what the lvalue `target` names (null cursor: into no variable of the user's). */
void lower_store(Lowering *l, CXCursor target, Value *address, Value *value);
Value *decree_inactive(Lowering *l, bool is_inactive, Value *value);
/* The value as a store to `address` leaves it there: in the type of that, and in a bit-field what fits into it. */
Value *lower_stored(Lowering *l, Value *address, Value *value);
/* What was read from `address`, as an operand: narrow bit-fields are ints, whatever their sign. */
Value *lower_promoted(Lowering *l, const Value *address, Value *value);
Value *condition_of(Lowering *l, Value *value);
/* Converts between scalar types, with C's meaning. */
Value *lower_conversion(Lowering *l, Value *value, const Type *type);
bool expression_is_pure(CXCursor cursor);
/* What pointer or array expression `cursor` has as extents after the outermost. */
unsigned inner_extents(Lowering *l, CXCursor cursor, Value ***extents);
CXCursor strip_parens(CXCursor cursor);
/* An error at the cursor: `construct` is not supported; `advice` says what to write instead. The value
 * stands for the missing one. */
Value *unsupported(Lowering *l, CXCursor cursor, const char *construct, const char *advice);
bool lower_enter(Lowering *l, CXCursor cursor);

CXCursor child(Lowering *l, CXCursor cursor, unsigned index);
CXCursor last_child(Lowering *l, CXCursor cursor);
enum CXTypeKind canonical_kind(CXType type);
bool is_array_type(CXType type);
/* The IR type of an expression; int after an error. */
const Type *type_of(Lowering *l, CXCursor cursor);
Value *int_constant(Lowering *l, int64_t value);
/* A bool as the int that C makes of it. */
Value *truth(Lowering *l, Value *condition);

/* ---- choices.c ---- */

Value *lower_logic(Lowering *l, CXCursor cursor, bool is_and);
Value *lower_choice(Lowering *l, CXCursor cursor);

/* ---- lvalues.c ---- */

bool is_parameter_array(CXCursor cursor);
/* pointer + index, in what the pointer expression points to. */
Value *offset_pointer(Lowering *l, CXCursor pointer_cursor, Value *pointer, Value *index);
Value *name_address(Lowering *l, CXCursor cursor);
/* Copies the struct that the expression is to `to`. */
void lower_record_copy(Lowering *l, Value *to, CXCursor expression);
bool is_record_type(CXType type);
unsigned type_extents(Lowering *l, CXType type, CXCursor cursor, Value ***extents);
Value *lower_load(Lowering *l, CXCursor lvalue, Value *address);

/* ---- initializers.c ---- */

/* The scalar number `position` of the flattened object has this value. */
typedef struct InitEntry {
    int64_t position;
    CXCursor value;
    bool is_record;    /* the struct that starts there has it */
    bool is_character; /* of the string `value`: then the element is `character` */
    char character;
} InitEntry;

typedef struct InitEntries {
    VEC(InitEntry) list;
} InitEntries;

/* The number of scalars in an object of the type. */
int64_t initializer_count(CXType type);
CXType initializer_scalar(CXType type, int64_t position);
/* False after an error. Later entries override earlier ones. */
bool initializer_flatten(Frontend *frontend, CXType type, CXCursor init, InitEntries *entries);
/* variable: whose initialiser it is, or NULL. */
void lower_initializer(Lowering *l, const Variable *variable, Value *address, CXType type,
                       CXCursor init);

/* ---- calls.c ---- */

Value *lower_call(Lowering *l, CXCursor cursor);
/* The function that a name, used as a value, stands for; NULL after an error. */
Function *pointed_function(Frontend *frontend, CXCursor name);
/* A function as a value. */
Value *lower_function_name(Lowering *l, CXCursor cursor);
/* A mathematical function that writes nothing. */
bool call_is_pure(CXCursor call);

/* ---- exits.c ---- */

extern const Exits falls_through;
/* May control leave earlier than at the end? */
bool leaves(Exits exits);
Exits either(Exits a, Exits b);
/* The ways out that a statement has, before it is lowered. */
Exits scan(const Lowering *l, CXCursor cursor);
Scans *scans_new(Arena *arena);
/* A local bool, false; in front of what is built next. */
Value *new_flag(Lowering *l, const char *name);
void set_flag(Lowering *l, Value *flag);
Value *return_flag(Lowering *l);
/* True where none of the flags that `exits` may have set is set. */
Value *still_running(Lowering *l, Exits exits);

/* ---- statements.c ---- */

typedef struct Block {
    CXCursor *statements;
    size_t count;
} Block;

typedef struct Branch {
    Op *op;
    Builder outer;
} Branch;

/* Opens region `which` of an if without results; close_branch ends it. */
Branch open_branch(Lowering *l, Op *op, unsigned which);
void close_branch(Lowering *l, Branch branch);
Exits lower_block(Lowering *l, Block block);
Exits lower_statement(Lowering *l, CXCursor cursor);

/* ---- goto.c ---- */

/* Gives a flag to each label of the function that a goto leads to. */
void labels_collect(Lowering *l, CXCursor body);
/* Refuses arrays of variable length that the parts of a block would have to share. */
void labels_check_arrays(Lowering *l);
/* Those at or in a statement. */
uint64_t labels_in(const Lowering *l, CXCursor statement);
uint64_t goto_target(const Lowering *l, CXCursor jump);
/* Is a goto to one of the labels on its way? */
Value *any_pending(Lowering *l, uint64_t labels);
/* The labels that the statement may be entered at; asked once, by the statement itself. */
uint64_t take_entering(Lowering *l);
Exits lower_goto(Lowering *l, CXCursor cursor);
Exits lower_label(Lowering *l, CXCursor cursor);
/* A condition that is not asked while one of the labels `entering` is pending: then it is whether one of
 * those of `taken` is. */
Value *lower_entered_condition(Lowering *l, uint64_t entering, uint64_t taken, CXCursor cursor);
/* Are there labels that other statements of the block jump to, or that it is entered at? */
bool block_has_labels(const Lowering *l, Block block);
Exits lower_labelled_block(Lowering *l, Block block);

/* ---- loops.c, switch.c ---- */

Exits lower_for(Lowering *l, CXCursor cursor);
Exits lower_while(Lowering *l, CXCursor cursor, bool is_do);
Exits lower_switch(Lowering *l, CXCursor cursor);

#endif
