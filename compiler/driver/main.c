/* adgen: the pipeline from annotated C files to the C of their derivatives. */
#define _XOPEN_SOURCE 700
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "backend/backend.h"
#include "driver/command.h"
#include "driver/deep_stack.h"
#include "driver/depfile.h"
#include "driver/difference.h"
#include "driver/output.h"
#include "frontend/database.h"
#include "frontend/frontend.h"
#include "ir/text.h"

typedef enum ExitStatus {
    STATUS_DONE = 0,
    STATUS_INPUT_ERROR = 1,   /* or --check found a difference */
    STATUS_COMMAND_ERROR = 2, /* 3 is a defect: internal_error */
} ExitStatus;

/* What lives as long as a run. */
typedef struct Run {
    Arena arena;
    Sources sources;
    Strings strings;
    Types types;
    Diagnostics diags;
    Module module;
    Command command;
    Requests requests;
    Dependencies dependencies;
    VEC(Function *) derivatives;
    bool emitted;             /* --emit-ir printed something */
    const char *program;      /* argv[0] */
    Text report;              /* --report */
    ExitStatus status;
} Run;

static const SourceLoc nowhere = {0};

static void run_init(Run *run)
{
    *run = (Run){0};
    diagnostics_init(&run->diags, &run->arena, &run->sources);
    strings_init(&run->strings, &run->arena);
    types_init(&run->types, &run->arena);
    module_init(&run->module, &run->arena, &run->strings, &run->types, &run->sources, &run->diags);
}

static void run_release(Run *run)
{
    types_release(&run->types);
    strings_release(&run->strings);
    arena_release(&run->arena);
}

/* ---- the intermediate representation, for --emit-ir ---- */

static void emit_ir(Run *run, const Function *function)
{
    Text text = {0};
    ir_print_function(&run->arena, &text, function);
    fwrite(text.items, 1, text.count, stdout);
    run->emitted = true;
}

/* Called after each pass. */
static void after_pass(const char *pass, Function *function, void *context)
{
    Run *run = context;
    const Command *command = &run->command;
    if (command->emit_ir && command->emit_after && strcmp(command->emit_after, pass) == 0)
        emit_ir(run, function);
}

/* ---- reading ---- */

/* Where <adgen/adgen.h> is: beside the folder of the program, as installed and in the build tree. */
static const char *own_headers(Arena *arena, const char *program)
{
    char *path = realpath("/proc/self/exe", NULL);
    if (!path && strchr(program, '/'))
        path = realpath(program, NULL);
    const char *headers = NULL;
    for (int levels = 0; path && levels < 2; levels++)
        if (strrchr(path, '/'))
            *strrchr(path, '/') = '\0';
    if (path)
        headers = arena_format(arena, "%s/include", path);
    free(path);
    if (headers && access(arena_format(arena, "%s/adgen/adgen.h", headers), R_OK) == 0)
        return headers;
    return NULL;
}

/* A file with its flags; those of the command line come last and count. */
static FrontendInput input_of(Run *run, const char *path)
{
    const Command *command = &run->command;
    FlagList flags = {0};
    if (command->database && !database_flags(&run->arena, command->database, path, &flags))
        diag(&run->diags, MSG_NO_SUCH_FILE, nowhere,
             arena_format(&run->arena, "%s/compile_commands.json", command->database));
    for (size_t i = 0; i < command->flags.count; i++)
        vec_push(&run->arena, &flags.items, command->flags.items[i]);
    return (FrontendInput){.path = path, .flags = flags.items.items, .num_flags = (unsigned)flags.items.count};
}

static void read_inputs(Run *run)
{
    Command *command = &run->command;
    const char *headers = own_headers(&run->arena, run->program);
    if (headers) { /* last: a folder that the user names comes before it */
        vec_push(&run->arena, &command->flags, "-isystem");
        vec_push(&run->arena, &command->flags, headers);
    }
    const unsigned count = (unsigned)command->inputs.count;
    FrontendInput *inputs = arena_new_array(&run->arena, FrontendInput, count);
    for (unsigned i = 0; i < count; i++)
        inputs[i] = input_of(run, command->inputs.items[i]);
    frontend_read(&run->module, inputs, count, command->requests.items,
                  (unsigned)command->requests.count, &run->requests, &run->dependencies);
    if (run->diags.errors == 0 && run->requests.list.count == 0)
        diag(&run->diags, MSG_NOTHING_TO_DO, nowhere);
}

/* ---- differentiating ---- */

static void add_derivative(Run *run, Function *function);

/* What a derivative calls comes with it. */
static void add_callee(Op *op, void *context)
{
    if (op->kind == OP_CALL && op->callee && op->callee->is_derived)
        add_derivative(context, op->callee);
}

static void add_derivative(Run *run, Function *function)
{
    for (size_t i = 0; i < run->derivatives.count; i++)
        if (run->derivatives.items[i] == function)
            return;
    polish_derivative(function, &run->command.passes, after_pass, run);
    if (run->command.emit_ir && !run->command.emit_after)
        emit_ir(run, function);
    vec_push(&run->arena, &run->derivatives, function);
    region_walk(function->body, add_callee, run);
}

static Function *differentiate(Run *run, const Request *request, const Rules *rules)
{
    prepare_primal(request->function, &run->command.passes, after_pass, run);
    DiffOptions *options = &run->command.diff;
    options->report = run->command.report ? &run->report : NULL;
    Function *derivative = derivative_generate(request, rules, options);
    if (!derivative && run->diags.errors == 0)
        internal_error("differentiation", "'%s' was given up, and nothing was said of it", request->function->name);
    return derivative;
}

static void differentiate_all(Run *run)
{
    const Rules *rules = rules_new(&run->arena);
    const size_t count = run->requests.list.count;
    Function **made = arena_new_array(&run->arena, Function *, count);
    for (size_t i = 0; i < count; i++)
        made[i] = differentiate(run, &run->requests.list.items[i], rules);
    /* What one calls may have been differentiated for another one, unpolished. After an error nothing is written, and of a recursion
     * that was refused only the beginning may be there. */
    for (size_t i = 0; i < count && run->diags.errors == 0; i++)
        if (made[i])
            add_derivative(run, made[i]);
}

/* ---- writing ---- */

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* "a.c", or "a.c, b.c" */
static const char *original_names(Run *run)
{
    Text names = {0};
    for (size_t i = 0; i < run->command.inputs.count; i++)
        text_printf(&run->arena, &names, "%s%s", i ? ", " : "",
                    base_name(run->command.inputs.items[i]));
    return names.items;
}

/* How the source includes the header: by its name if it lies in the same folder, else as the user wrote
 * it. */
static const char *include_name(const Command *command)
{
    const char *name = base_name(command->header);
    const size_t folder = (size_t)(name - command->header);
    const bool beside = (size_t)(base_name(command->output) - command->output) == folder &&
                        strncmp(command->header, command->output, folder) == 0;
    return beside || command->header[0] == '/' ? name : command->header;
}

static bool check_file(Run *run, const OutputFile *file)
{
    size_t length = 0;
    const char *old = output_read(&run->arena, file->path, &length);
    return !difference_print(&run->arena, file->path, old, length, file->text.items,
                             file->text.count, stdout);
}

static ExitStatus check(Run *run, const OutputFile *files, unsigned num_files)
{
    bool up_to_date = true;
    for (unsigned i = 0; i < num_files; i++)
        up_to_date = check_file(run, &files[i]) && up_to_date;
    return up_to_date ? STATUS_DONE : STATUS_INPUT_ERROR;
}

static ExitStatus write_outputs(Run *run)
{
    const Command *command = &run->command;
    const OutputNames names = {.source_name = base_name(command->output),
                               .header_name = include_name(command),
                               .original_name = original_names(run)};
    OutputFile files[3] = {{.path = command->output}, {.path = command->header}};
    backend_print(&run->module, run->derivatives.items, (unsigned)run->derivatives.count, &names,
                  &files[0].text, &files[1].text);
    if (command->check)
        return check(run, files, 2);
    unsigned num_files = 2;
    if (command->dependency_file) {
        files[2].path = command->dependency_file;
        depfile_print(&run->arena, command->dependency_target, &run->dependencies, &files[2].text);
        num_files = 3;
    }
    diag_print(&run->diags, stderr); /* first: where there is no memory for it, nothing is written */
    return output_write(&run->diags, files, num_files) ? STATUS_DONE : STATUS_INPUT_ERROR;
}

/* ---- the whole ---- */

/* No output may stand where an input does. */
static bool check_overwriting(Run *run)
{
    const Command *command = &run->command;
    const char *const outputs[] = {command->output, command->header, command->dependency_file};
    for (size_t i = 0; i < command->inputs.count; i++)
        for (unsigned k = 0; k < sizeof outputs / sizeof *outputs; k++)
            if (outputs[k] && output_same_file(command->inputs.items[i], outputs[k]))
                diag(&run->diags, MSG_OUTPUT_IS_INPUT, nowhere, outputs[k]);
    return run->diags.errors == 0;
}

static ExitStatus compile(Run *run)
{
    if (!check_overwriting(run))
        return STATUS_COMMAND_ERROR;
    read_inputs(run); /* where functions have errors, the others go on: all errors of a run are told */
    differentiate_all(run);
    if (run->command.emit_ir && run->command.emit_after && !run->emitted && !run->diags.errors)
        diag(&run->diags, MSG_NO_SUCH_PASS, nowhere, run->command.emit_after);
    if (run->command.report)
        fwrite(run->report.items, 1, run->report.count, stderr);
    if (run->diags.errors)
        return STATUS_INPUT_ERROR;
    return run->command.emit_ir ? STATUS_DONE : write_outputs(run);
}

static void compile_run(void *context)
{
    Run *run = context;
    run->status = compile(run);
}

static ExitStatus obey(Run *run, int argc, char **argv)
{
    if (!command_parse(&run->command, &run->arena, &run->diags, argc, argv))
        return STATUS_COMMAND_ERROR;
    if (run->command.help) {
        command_print_help(stdout);
        return STATUS_DONE;
    }
    if (run->command.version) {
        puts("adgen " ADGEN_VERSION);
        return STATUS_DONE;
    }
    run->program = argv[0];
    call_on_deep_stack(compile_run, run);
    return run->status;
}

int main(int argc, char **argv)
{
    Run run;
    run_init(&run);
    ExitStatus status = obey(&run, argc, argv);
    if (fflush(stdout) != 0 && status == STATUS_DONE) {
        diag(&run.diags, MSG_CANNOT_WRITE, nowhere, "standard output", "the write failed");
        status = STATUS_INPUT_ERROR;
    }
    diag_print(&run.diags, stderr);
    run_release(&run);
    return status;
}
