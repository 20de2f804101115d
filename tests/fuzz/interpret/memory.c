/* Objects of the interpreted program, each with its shadow. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include "interpret.h"

struct GlobalMemory {
    const Global *global;
    Dual at;
    struct GlobalMemory *next;
};

_Noreturn void interpreter_stop(Interpreter *in, const char *why)
{
    in->why = why;
    longjmp(in->stop, 1);
}

static size_t alignment_of(Interpreter *in, const Type *type)
{
    if (type->kind != TYPE_RECORD)
        return bytes_of_type(in, type);
    size_t largest = 1;
    for (unsigned i = 0; i < type->record->num_fields; i++) {
        const size_t alignment = alignment_of(in, type->record->fields[i].type);
        largest = alignment > largest ? alignment : largest;
    }
    return largest;
}

static size_t field_size(Interpreter *in, const Field *field)
{
    size_t size = bytes_of_type(in, field->type);
    for (unsigned i = 0; i < field->rank; i++)
        size *= (size_t)field->extents[i];
    return size;
}

size_t offset_of_field(Interpreter *in, const Record *record, unsigned number)
{
    size_t offset = 0;
    for (unsigned i = 0;; i++) {
        const Field *field = &record->fields[i];
        if (field->is_bitfield)
            interpreter_stop(in, "bit-field");
        const size_t alignment = alignment_of(in, field->type);
        offset = (offset + alignment - 1) / alignment * alignment;
        if (record->is_union || i == number)
            return record->is_union ? 0 : offset;
        offset += field_size(in, field);
    }
}

size_t bytes_of_type(Interpreter *in, const Type *type)
{
    switch (type->kind) {
    case TYPE_F32: return sizeof(float);
    case TYPE_F64: return sizeof(double);
    case TYPE_F80: return sizeof(long double);
    case TYPE_PTR: return sizeof(char *);
    case TYPE_RECORD: break;
    default:
        if (!type_is_integer(type))
            interpreter_stop(in, "type without a size");
        return type->kind == TYPE_BOOL ? 1 : type_bits(in->types, type) / 8;
    }
    const Record *record = type->record;
    size_t size = 0;
    for (unsigned i = 0; i < record->num_fields; i++) {
        const size_t end = offset_of_field(in, record, i) + field_size(in, &record->fields[i]);
        size = end > size ? end : size;
    }
    const size_t alignment = alignment_of(in, type);
    return (size + alignment - 1) / alignment * alignment;
}

/* The shadow lies in one allocation of its own, so that sanitizers see the end of both. */
Dual memory_new(Interpreter *in, size_t size)
{
    Dual object = {.p = calloc(1, size ? size : 1), .shadow = calloc(1, size ? size : 1)};
    if (!object.p || !object.shadow)
        abort();
    vec_push(&in->arena, &in->objects, object.p);
    vec_push(&in->arena, &in->objects, object.shadow);
    vec_push(&in->arena, &in->sizes, size);
    return object;
}

static size_t size_of_object(Interpreter *in, const char *object)
{
    for (size_t i = 0; i < in->sizes.count; i++)
        if (in->objects.items[2 * i] == object)
            return in->sizes.items[i];
    interpreter_stop(in, "resizing what is no object");
}

/* What the one object holds, as far as there is room in the other. */
void memory_move(Interpreter *in, Dual to, Dual from)
{
    if (!from.p)
        return;
    const size_t room = size_of_object(in, to.p), used = size_of_object(in, from.p), bytes = room < used ? room : used;
    memcpy(to.p, from.p, bytes);
    memcpy(to.shadow, from.shadow, bytes);
}

static int64_t load_integer(const Types *types, const Type *type, const char *p)
{
    const unsigned bits = type->kind == TYPE_BOOL ? 8 : type_bits(types, type);
    uint64_t all = 0;
    memcpy(&all, p, bits / 8); /* little-endian */
    const unsigned shift = 64 - bits;
    return type_is_signed(types, type) ? (int64_t)(all << shift) >> shift : (int64_t)all;
}

Dual memory_load(Interpreter *in, const Type *type, Dual at)
{
    Dual r = {0};
    float f, df;
    double d, dd;
    if (!at.p)
        interpreter_stop(in, "null pointer");
    switch (type->kind) {
    case TYPE_F32:
        memcpy(&f, at.p, sizeof f), memcpy(&df, at.shadow, sizeof df);
        r.v = f, r.d = df;
        return r;
    case TYPE_F64:
        memcpy(&d, at.p, sizeof d), memcpy(&dd, at.shadow, sizeof dd);
        r.v = d, r.d = dd;
        return r;
    case TYPE_F80:
        memcpy(&r.v, at.p, sizeof r.v), memcpy(&r.d, at.shadow, sizeof r.d);
        return r;
    case TYPE_PTR:
        memcpy(&r.p, at.p, sizeof r.p), memcpy(&r.shadow, at.shadow, sizeof r.shadow);
        if (type->elem->kind == TYPE_FUNC)
            r.function = (const Function *)(void *)r.p;
        return r;
    case TYPE_RECORD: {
        const size_t size = bytes_of_type(in, type);
        r = memory_new(in, size);
        memcpy(r.p, at.p, size), memcpy(r.shadow, at.shadow, size);
        return r;
    }
    default:
        r.i = load_integer(in->types, type, at.p);
        return r;
    }
}

void memory_store(Interpreter *in, const Type *type, Dual at, Dual value)
{
    if (!at.p)
        interpreter_stop(in, "null pointer");
    switch (type->kind) {
    case TYPE_F32:
        memcpy(at.p, &(float){(float)value.v}, sizeof(float)), memcpy(at.shadow, &(float){(float)value.d}, sizeof(float));
        return;
    case TYPE_F64:
        memcpy(at.p, &(double){(double)value.v}, sizeof(double)), memcpy(at.shadow, &(double){(double)value.d}, sizeof(double));
        return;
    case TYPE_F80:
        memcpy(at.p, &value.v, sizeof value.v), memcpy(at.shadow, &value.d, sizeof value.d);
        return;
    case TYPE_PTR:
        if (type->elem->kind == TYPE_FUNC)
            value.p = (char *)(uintptr_t)value.function;
        memcpy(at.p, &value.p, sizeof value.p), memcpy(at.shadow, &value.shadow, sizeof value.shadow);
        return;
    case TYPE_RECORD:
        memmove(at.p, value.p, bytes_of_type(in, type)), memmove(at.shadow, value.shadow, bytes_of_type(in, type));
        return;
    default:
        memcpy(at.p, &value.i, bytes_of_type(in, type));
    }
}

Dual memory_of_global(Interpreter *in, const Global *global)
{
    for (struct GlobalMemory *g = in->globals; g; g = g->next)
        if (g->global == global)
            return g->at;
    size_t count = 1, size = bytes_of_type(in, global->type);
    for (unsigned i = 0; i < global->rank; i++)
        count *= (size_t)global->extents[i];
    struct GlobalMemory *g = arena_new(&in->arena, struct GlobalMemory);
    *g = (struct GlobalMemory){global, memory_new(in, count * size), in->globals};
    in->globals = g;
    const void *elsewhere = global->init ? NULL : dlsym(RTLD_DEFAULT, global->name); /* a variable of the driver */
    if (elsewhere)
        memcpy(g->at.p, elsewhere, count * size);
    if (global->init && global->type->kind == TYPE_RECORD)
        interpreter_stop(in, "global record with an initialiser");
    for (unsigned i = 0; global->init && i < global->num_init; i++) {
        const Constant *c = &global->init[i];
        const Dual at = {.p = g->at.p + i * size, .shadow = g->at.shadow + i * size};
        memory_store(in, global->type, at, (Dual){.v = c->float_value, .i = c->int_value, .function = c->function});
    }
    return g->at;
}

void memory_release(Interpreter *in)
{
    for (size_t i = 0; i < in->objects.count; i++)
        free(in->objects.items[i]);
    arena_release(&in->arena);
}
