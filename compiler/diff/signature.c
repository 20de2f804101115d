/* Requests to signatures: names, defaults, and the parameters of generated functions. */
#include "diff/signature.h"

#include <string.h>

#include "analysis/recursion.h"
#include "analysis/roles.h"
#include "diff/globals.h"

static const char *const mode_names[MODE_COUNT] = {
    [MODE_GRAD] = "grad",         [MODE_VJP] = "vjp",         [MODE_JVP] = "jvp",
    [MODE_JACOBIAN] = "jacobian", [MODE_HVP] = "hvp",         [MODE_HESSIAN] = "hessian",
    [MODE_DIVERGENCE] = "divergence"};

const char *mode_text(Mode mode)
{
    return mode_names[mode];
}

const char *request_pattern_name(Strings *strings, const char *name)
{
    return intern_format(strings, "%s_pattern", name);
}

/* ---- resolving ---- */

typedef struct Resolving {
    const Request *request;
    const Function *function;
    Diagnostics *diags;
    Signature *signature;
    bool failed;
} Resolving;

static const Type *carried_type(const Function *function, unsigned param)
{
    const Type *type = function->body->args.items[param]->type;
    return type_is_pointer(type) ? type->elem : type;
}

static int find_param(const Function *function, const char *name)
{
    for (unsigned i = 0; i < function->num_params; i++)
        if (strcmp(function->params[i].name, name) == 0)
            return (int)i;
    return -1;
}

/* The parameter a selection names, checked to be floating; -1 after an error. */
static int selected_param(Resolving *r, const Selection *selection)
{
    const int param = find_param(r->function, selection->name);
    if (param < 0) {
        diag(r->diags, MSG_NO_PARAMETER, selection->loc, selection->name, r->function->name);
        r->failed = true;
    } else if (!type_carries_derivative(carried_type(r->function, (unsigned)param))) {
        diag(r->diags, MSG_NOT_FLOATING, selection->loc, selection->name);
        r->failed = true;
        return -1;
    }
    return param;
}

static bool is_pointer_param(const Resolving *r, unsigned param)
{
    return type_is_pointer(r->function->body->args.items[param]->type);
}

static void resolve_independents(Resolving *r)
{
    const Clause *clause = &r->request->wrt;
    for (unsigned i = 0; i < clause->count; i++) {
        const int param = selected_param(r, &clause->items[i]);
        if (param < 0)
            continue;
        Role *role = &r->signature->roles[param];
        role->independent = true;
        role->loc = clause->items[i].loc;
        if (clause->items[i].extent)
            role->extent = clause->items[i].extent;
    }
    for (unsigned i = 0; i < r->function->num_params && !clause->present; i++) {
        const Type *type = r->function->body->args.items[i]->type;
        r->signature->roles[i].independent = is_default_independent(r->function, i, type);
    }
}

static void select_dependent(Resolving *r, const Selection *selection)
{
    if (strcmp(selection->name, "return") == 0) {
        r->signature->of_return = type_is_differentiable(r->function->result);
        if (!r->signature->of_return) {
            diag(r->diags, MSG_NOT_FLOATING, selection->loc, "return");
            r->failed = true;
        }
        return;
    }
    const int param = selected_param(r, selection);
    if (param < 0)
        return;
    if (!is_pointer_param(r, (unsigned)param)) {
        diag(r->diags, MSG_DEPENDENT_BY_VALUE, selection->loc, selection->name);
        r->failed = true;
        return;
    }
    Role *role = &r->signature->roles[param];
    role->dependent = true;
    role->loc = selection->loc;
    if (selection->extent)
        role->extent = selection->extent;
}

static void resolve_dependents(Resolving *r)
{
    const Clause *clause = &r->request->of;
    for (unsigned i = 0; i < clause->count; i++)
        select_dependent(r, &clause->items[i]);
    if (clause->present)
        return;
    if (type_is_differentiable(r->function->result)) {
        r->signature->of_return = true;
        return;
    }
    for (unsigned i = 0; i < r->function->num_params; i++) {
        const Type *type = r->function->body->args.items[i]->type;
        r->signature->roles[i].dependent = is_default_dependent(r->function, i, type) &&
                                           !r->signature->roles[i].work;
    }
}

static void resolve_work(Resolving *r)
{
    const Clause *clause = &r->request->work;
    for (unsigned i = 0; i < clause->count; i++) {
        const int param = selected_param(r, &clause->items[i]);
        if (param < 0)
            continue;
        Role *role = &r->signature->roles[param];
        if (role->independent || role->dependent) {
            diag(r->diags, MSG_WORK_ROLE, clause->items[i].loc, clause->items[i].name);
            r->failed = true;
        }
        role->work = true;
        role->extent = clause->items[i].extent;
        role->loc = clause->items[i].loc;
    }
}

typedef struct Writes {
    const Value *arg;
    bool found;
} Writes;

/* Whether the pointer may point to what the parameter points to, by way of whatever names it has. */
static bool may_point_to(const Value *pointer, const Value *arg)
{
    const Object object = pointer_object(pointer);
    if (object.kind != OBJECT_UNKNOWN)
        return object.value == arg;
    Object candidates[MAX_CANDIDATES];
    bool complete;
    const unsigned count = pointer_candidates(pointer, candidates, &complete);
    for (unsigned i = 0; i < count; i++)
        if (candidates[i].value == arg)
            return true;
    return !complete && local_escapes(arg);
}

static void find_write(Op *op, void *context)
{
    Writes *writes = context;
    if (op->num_regions || !op_writes_memory(op))
        return;
    const bool has_roles = call_has_roles(op);
    for (unsigned i = 0; i < (op->kind == OP_CALL ? op->num_operands : 1); i++)
        if (type_is_pointer(op_operand(op, i)->type) && (!has_roles || argument_is_written(op, i)) && (!call_is_recursive(op) || recursive_writes(op->callee, i)) &&
            may_point_to(op_operand(op, i), writes->arg))
            writes->found = true;
}

static void find_overwritten(Resolving *r)
{
    for (unsigned i = 0; i < r->function->num_params; i++) {
        Value *arg = r->function->body->args.items[i];
        Writes writes = {.arg = arg};
        if (type_is_pointer(arg->type))
            region_walk(r->function->body, find_write, &writes);
        r->signature->roles[i].overwritten = writes.found;
        const Role *role = &r->signature->roles[i];
        if (role->dependent && !writes.found && r->request->of.present && !r->request->is_step) {
            diag(r->diags, MSG_NEVER_WRITTEN, role->loc, r->function->params[i].name);
            r->failed = true;
        }
    }
}

static unsigned count_dependents(const Resolving *r)
{
    unsigned count = r->signature->of_return;
    for (unsigned i = 0; i < r->function->num_params; i++)
        count += r->signature->roles[i].dependent;
    return count;
}

static bool needs_scalar(Mode mode)
{
    return mode == MODE_GRAD || mode == MODE_HVP || mode == MODE_HESSIAN;
}

static void check_counts(Resolving *r)
{
    unsigned independents = 0;
    for (unsigned i = 0; i < r->function->num_params; i++)
        independents += r->signature->roles[i].independent;
    const unsigned dependents = count_dependents(r);
    if (r->failed)
        return;
    if (!independents)
        diag(r->diags, MSG_NO_INDEPENDENT, r->request->loc, r->function->name), r->failed = true;
    if (!dependents)
        diag(r->diags, MSG_NO_DEPENDENT, r->request->loc, r->function->name), r->failed = true;
    if (dependents > 1 && needs_scalar(r->request->mode))
        diag(r->diags, MSG_GRAD_OF_MANY, r->request->loc, r->function->name), r->failed = true;
}

bool signature_resolve(const Request *request, Function *primal, Signature *signature)
{
    Arena *arena = primal->module->arena;
    *signature = (Signature){.request = request,
                             .primal = primal,
                             .roles = arena_new_array(arena, Role, primal->num_params)};
    Resolving r = {request, primal, primal->module->diags, signature, false};
    resolve_independents(&r);
    resolve_work(&r);
    resolve_dependents(&r);
    find_overwritten(&r);
    check_counts(&r);
    return !r.failed;
}

/* ---- extents ---- */

static Value *lower_extent(const Extent *extent, const Function *primal, Builder *b, Value **forward)
{
    const Type *type = type_scalar(primal->module->types, TYPE_LONG);
    Value *left, *right;
    int param;
    OpKind op;
    switch (extent->kind) {
    case EXTENT_CONST:
        return build_int(b, type, extent->value);
    case EXTENT_NAME:
        param = find_param(primal, extent->name);
        if (param < 0 || !type_is_integer(primal->body->args.items[param]->type)) {
            diag(primal->module->diags, MSG_EXTENT_NAME, extent->loc, extent->name);
            return NULL;
        }
        return build_convert(b, forward[param], type);
    case EXTENT_NEGATE:
        left = lower_extent(extent->left, primal, b, forward);
        return left ? build_unary(b, OP_NEG, left) : NULL;
    case EXTENT_BINARY:
        break;
    }
    left = lower_extent(extent->left, primal, b, forward);
    right = lower_extent(extent->right, primal, b, forward);
    op = extent->operator == '+'   ? OP_ADD
         : extent->operator == '-' ? OP_SUB
         : extent->operator == '*' ? OP_MUL
         : extent->operator == '/' ? OP_DIV
                                   : OP_REM;
    return left && right ? build_binary(b, op, left, right) : NULL;
}

/* The shape op of a parameter, as it was cloned into the function of `b`. */
static const Op *shape_of(const Builder *b, const Value *pointer)
{
    for (const Op *op = b->function->body->first; op; op = op->next)
        if (op->kind == OP_SHAPE && op_operand(op, 0) == pointer)
            return op;
    return NULL;
}

Value *signature_extent(const Signature *signature, unsigned param, Builder *b, Value **forward)
{
    const Global *global = signature->primal->params[param].global;
    if (global)
        return build_int(b, type_scalar(signature->primal->module->types, TYPE_LONG),
                         global_count(global));
    if (signature->roles[param].extent)
        return lower_extent(signature->roles[param].extent, signature->primal, b, forward);
    const Op *shape = shape_of(b, forward[param]);
    const Type *type = type_scalar(signature->primal->module->types, TYPE_LONG);
    Value *count = NULL;
    for (unsigned i = 1; shape && i < shape->num_operands; i++) {
        Value *extent = op_operand(shape, i);
        if (extent->op && extent->op->kind == OP_UNDEF)
            return NULL;
        if (!count)
            count = extent;
        else if (count->type == extent->type)
            count = build_binary(b, OP_MUL, count, extent);
        else
            count = build_binary(b, OP_MUL, build_convert(b, count, type),
                                 build_convert(b, extent, type));
    }
    return count;
}

/* ---- the generated function's parameters ---- */

typedef struct Making {
    const Signature *signature;
    Arena *arena;
    Strings *strings;
    Types *types;
    VEC(Param) params;
    VEC(const Type *) param_types;
    Slots *slots;
} Making;

static Decl *copy_decl(Making *m, const Decl *decl)
{
    Decl *copy = arena_new(m->arena, Decl);
    *copy = *decl;
    return copy;
}

/* The declarator without const, except on the pointers themselves; with const on the base if asked. */
static const Decl *companion_decl(Making *m, const Decl *decl, bool is_const)
{
    Decl *copy = copy_decl(m, decl);
    copy->is_const = decl->kind == DECL_BASE ? is_const : false;
    if (decl->inner)
        copy->inner = companion_decl(m, decl->inner, is_const);
    return copy;
}

static const Decl *pointer_to(Making *m, const Decl *inner)
{
    Decl *decl = arena_new(m->arena, Decl);
    *decl = (Decl){.kind = DECL_POINTER, .inner = inner};
    return decl;
}

static const char *unique_name(const Making *m, const char *name)
{
    const Function *primal = m->signature->primal;
    while (find_param(primal, name) >= 0)
        name = intern_format(m->strings, "%s_", name);
    return name;
}

static void add_param(Making *m, Slot slot, const char *name, const Decl *decl, const Type *type,
                      const Param *like)
{
    Param param = like ? *like : (Param){0};
    param.name = name;
    param.decl = decl;
    vec_push(m->arena, &m->params, param);
    vec_push(m->arena, &m->param_types, type);
    vec_push(m->arena, &m->slots->list, slot);
}

static void add_companion(Making *m, unsigned i, SlotKind kind)
{
    const Function *primal = m->signature->primal;
    const Param *param = &primal->params[i];
    const Type *type = primal->body->args.items[i]->type;
    const Role *role = &m->signature->roles[i];
    const bool bar = kind == SLOT_BAR;
    const char *name =
        unique_name(m, intern_format(m->strings, bar ? "%s_bar" : "%s_dot", param->name));
    const bool read_only = !bar && !role->dependent;
    Param like = *param;
    like.global = NULL;
    like.points_to_const = read_only;
    like.is_companion = true;
    /* C before C23 does not convert double (*)[n] to const double (*)[n]: what a caller can pass as the
     * original, he can pass as its tangent */
    const bool declared_const = read_only && type_is_pointer(type) && !type_is_pointer(type->elem) && (param->rank < 2 || param->points_to_const);
    const Decl *decl = companion_decl(m, param->decl, declared_const && type_is_pointer(type));
    if (!type_is_pointer(type) && bar) {
        add_param(m, (Slot){kind, i}, name, pointer_to(m, decl), type_pointer(m->types, type),
                  &(Param){.rank = 1, .loc = param->loc, .is_companion = true});
        return;
    }
    add_param(m, (Slot){kind, i}, name, decl, type, &like);
}

bool signature_has_companion(const Signature *signature, unsigned i)
{
    const Role *role = &signature->roles[i];
    const bool pure_dependent = role->dependent && !role->independent;
    if (signature->request->mode == MODE_GRAD && pure_dependent)
        return false;
    return role->independent || role->dependent;
}

bool signature_is_argument(const Signature *signature, unsigned i)
{
    const Role *role = &signature->roles[i];
    return !signature->primal->params[i].global ||
           (signature->request->passes_globals && (role->independent || role->dependent));
}

static void add_result_companion(Making *m)
{
    const Function *primal = m->signature->primal;
    const Mode mode = m->signature->request->mode;
    if (!m->signature->of_return || mode == MODE_GRAD)
        return;
    const Decl *decl = companion_decl(m, primal->result_decl, false);
    if (mode == MODE_VJP)
        add_param(m, (Slot){SLOT_RESULT_BAR, 0}, unique_name(m, intern(m->strings, "result_bar")),
                  decl, primal->result, NULL);
    else
        add_param(m, (Slot){SLOT_RESULT_DOT, 0}, unique_name(m, intern(m->strings, "result_dot")),
                  pointer_to(m, decl), type_pointer(m->types, primal->result),
                  &(Param){.rank = 1, .is_companion = true});
}

Function *signature_function(const Signature *signature, Slots *slots)
{
    Function *primal = signature->primal;
    Module *module = primal->module;
    const Request *request = signature->request;
    Making m = {.signature = signature,
                .arena = module->arena,
                .strings = module->strings,
                .types = module->types,
                .slots = slots};
    const SlotKind companion = request->mode == MODE_JVP ? SLOT_DOT : SLOT_BAR;
    for (unsigned i = 0; i < primal->num_params; i++) {
        if (!signature_is_argument(signature, i))
            continue;
        Param like = primal->params[i];
        like.global = NULL;
        add_param(&m, (Slot){SLOT_ORIGINAL, i}, like.name, like.decl, primal->body->args.items[i]->type, &like);
        if (signature_has_companion(signature, i))
            add_companion(&m, i, companion);
    }
    add_result_companion(&m);
    const char *name = request->name ? request->name
                                     : intern_format(module->strings, "%s_%s", primal->name,
                                                     mode_text(request->mode));
    Function *function = function_new(module, name, primal->result);
    function->result_decl = primal->result_decl;
    function->loc = primal->loc;
    function->params = m.params.items;
    function->num_params = (unsigned)m.params.count;
    function_define(function, m.param_types.items);
    return function;
}

/* Its memory is numbers, none of them reached through pointers. */
static bool is_plain_array(const Type *type)
{
    return type_is_pointer(type) && type_is_floating(type->elem);
}

void signature_restrict_companion(const Signature *signature, const Slots *slots, Function *function)
{
    Param *only = NULL;
    for (unsigned i = 0; i < signature->primal->num_params; i++)
        if (!signature_is_argument(signature, i) && signature_has_companion(signature, i))
            return; /* a global has one as well */
    for (unsigned i = 0; i < function->num_params; i++) {
        const Type *type = function->body->args.items[i]->type;
        if (slots->list.items[i].kind == SLOT_ORIGINAL || !(type_is_pointer(type) || type->kind == TYPE_RECORD))
            continue;
        if (only || !is_plain_array(type))
            return;
        const Slot slot = slots->list.items[i];
        const bool is_number = slot.kind == SLOT_RESULT_DOT || !type_is_pointer(signature->primal->body->args.items[slot.param]->type);
        if (is_number)
            return; /* no loop would gain */
        only = &function->params[i];
    }
    if (only)
        only->is_restrict = true;
}

void signature_extent_missing(const Signature *signature, unsigned param, const char *clause)
{
    const Function *primal = signature->primal;
    const char *name = primal->params[param].name, *stars = "";
    const Type *elem = primal->body->args.items[param]->type->elem;
    for (; type_is_pointer(elem); elem = elem->elem)
        stars = arena_format(primal->module->arena, "%s*", stars);
    diag(primal->module->diags, MSG_EXTENT_MISSING, signature->request->loc, name, type_c_name(elem), stars, name, clause, name);
}
