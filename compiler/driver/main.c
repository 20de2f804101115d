/* adgen: the pipeline as a list of calls. */
#include <stdio.h>
#include <string.h>

#include "backend/backend.h"
#include "driver/options.h"
#include "driver/output.h"
#include "frontend/frontend.h"
#include "ir/text.h"
#include "ir/verify.h"

#ifndef ADGEN_VERSION
#define ADGEN_VERSION "unknown"
#endif
#ifndef ADGEN_INCLUDE_DIR
#define ADGEN_INCLUDE_DIR ""
#endif

typedef enum ExitStatus { EXIT_DONE = 0, EXIT_INPUT = 1, EXIT_USAGE = 2 } ExitStatus;

typedef struct Run {
    Arena arena;
    Strings strings;
    Types types;
    Sources sources;
    Diagnostics diags;
    Module module;
    Options options;
    Requests requests;
    Dependencies dependencies;
    VEC(Function *) prepared;
    VEC(Function *) generated;
} Run;

static void run_init(Run *run)
{
    strings_init(&run->strings, &run->arena);
    types_init(&run->types, &run->arena);
    diagnostics_init(&run->diags, &run->arena, &run->sources);
    module_init(&run->module, &run->arena, &run->strings, &run->types, &run->sources, &run->diags);
}

static void run_release(Run *run)
{
    types_release(&run->types);
    strings_release(&run->strings);
    arena_release(&run->arena);
}

/* ---- steps ---- */

static bool set_warnings(Run *run)
{
    run->diags.no_warnings = run->options.no_warnings;
    for (size_t i = 0; i < run->options.warnings.count; i++)
        if (!diag_set_warning(&run->diags, run->options.warnings.items[i])) {
            fprintf(stderr, "adgen: error: there is no warning '%s'\n",
                    run->options.warnings.items[i]);
            return false;
        }
    return true;
}

static void read_input(Run *run)
{
    Options *options = &run->options;
    vec_push(&run->arena, &options->flags, "-isystem");
    vec_push(&run->arena, &options->flags, ADGEN_INCLUDE_DIR);
    FrontendInput *inputs = arena_new_array(&run->arena, FrontendInput, options->inputs.count);
    for (size_t i = 0; i < options->inputs.count; i++)
        inputs[i] = (FrontendInput){options->inputs.items[i], options->flags.items,
                                    (unsigned)options->flags.count};
    frontend_read(&run->module, inputs, (unsigned)options->inputs.count, options->requests.items,
                  (unsigned)options->requests.count, &run->requests, &run->dependencies);
}

static void observe(const char *pass, Function *function, void *context)
{
    Run *run = context;
    if (!run->options.emit_ir || strcmp(pass, run->options.emit_pass) != 0)
        return;
    Text text = {0};
    ir_print_function(&run->arena, &text, function);
    fputs(text.items, stdout);
}

static bool was_prepared(const Run *run, const Function *function)
{
    for (size_t i = 0; i < run->prepared.count; i++)
        if (run->prepared.items[i] == function)
            return true;
    return false;
}

static bool prepare(Run *run, Function *function)
{
    if (was_prepared(run, function))
        return true;
    vec_push(&run->arena, &run->prepared, function);
    return prepare_primal(function, &run->options.passes, observe, run);
}

static bool name_is_free(Run *run, const Function *function, const Request *request)
{
    for (size_t i = 0; i < run->generated.count; i++)
        if (strcmp(run->generated.items[i]->name, function->name) == 0) {
            diag(&run->diags, MSG_NAME_TWICE, request->loc, function->name);
            return false;
        }
    return true;
}

static void generate(Run *run)
{
    const Rules *rules = rules_new(&run->arena);
    for (size_t i = 0; i < run->requests.list.count; i++) {
        const Request *request = &run->requests.list.items[i];
        if (!request->function->body || !prepare(run, request->function))
            continue;
        Function *function = derivative_generate(request, rules, &run->options.diff);
        if (!function || !name_is_free(run, function, request))
            continue;
        verify_after("differentiate", function);
        polish_derivative(function, &run->options.passes, observe, run);
        vec_push(&run->arena, &run->generated, function);
    }
}

/* ---- output ---- */

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static const char *header_path(Run *run)
{
    const char *output = run->options.output;
    if (run->options.header)
        return run->options.header;
    return arena_format(&run->arena, "%.*sh", (int)strlen(output) - 1, output);
}

static OutputFile dependency_file(Run *run)
{
    const Options *options = &run->options;
    Text text = {0};
    for (size_t i = 0; i < options->targets.count; i++)
        text_printf(&run->arena, &text, "%s ", options->targets.items[i]);
    if (options->targets.count == 0)
        text_printf(&run->arena, &text, "%s ", options->output);
    text_puts(&run->arena, &text, ":");
    for (size_t i = 0; i < run->dependencies.files.count; i++) {
        text_puts(&run->arena, &text, " \\\n  ");
        for (const char *at = run->dependencies.files.items[i]; *at; at++) {
            if (*at == ' ' || *at == '#')
                text_puts(&run->arena, &text, "\\");
            text_put(&run->arena, &text, at, 1);
        }
    }
    text_puts(&run->arena, &text, "\n");
    const char *path = options->dependency_file;
    if (!path)
        path = arena_format(&run->arena, "%.*sd", (int)strlen(options->output) - 1, options->output);
    return (OutputFile){path, text.items, text.count};
}

static ExitStatus write_output(Run *run)
{
    const Options *options = &run->options;
    const char *header = header_path(run);
    const OutputNames names = {base_name(options->output), base_name(header),
                               base_name(options->inputs.items[0])};
    Text source_text = {0}, header_text = {0};
    backend_print(&run->module, run->generated.items, (unsigned)run->generated.count, &names,
                  &source_text, &header_text);
    OutputFile files[3] = {{options->output, source_text.items, source_text.count},
                           {header, header_text.items, header_text.count}};
    if (options->check)
        return output_check(&run->arena, files, 2) ? EXIT_DONE : EXIT_INPUT;
    if (options->write_dependencies)
        files[2] = dependency_file(run);
    return output_write(&run->arena, files, options->write_dependencies ? 3 : 2) ? EXIT_DONE
                                                                                 : EXIT_INPUT;
}

static ExitStatus emit_ir(Run *run)
{
    Text text = {0};
    text_puts(&run->arena, &text, "");
    for (size_t i = 0; i < run->generated.count && !*run->options.emit_pass; i++)
        ir_print_function(&run->arena, &text, run->generated.items[i]);
    fputs(text.items, stdout);
    return EXIT_DONE;
}

static ExitStatus process(Run *run)
{
    if (!set_warnings(run))
        return EXIT_USAGE;
    read_input(run);
    if (run->diags.errors == 0) {
        if (run->requests.list.count == 0)
            diag(&run->diags, MSG_NOTHING_TO_DO, (SourceLoc){0}, run->options.inputs.items[0]);
        generate(run);
    }
    diag_print(&run->diags, stderr);
    if (run->diags.errors)
        return EXIT_INPUT;
    return run->options.emit_ir ? emit_ir(run) : write_output(run);
}

int main(int argc, char **argv)
{
    Run run = {0};
    run_init(&run);
    ExitStatus status = EXIT_DONE;
    if (!options_parse(&run.arena, argc, argv, &run.options))
        status = EXIT_USAGE;
    else if (run.options.help)
        options_print_help();
    else if (run.options.version)
        puts("adgen " ADGEN_VERSION);
    else
        status = process(&run);
    run_release(&run);
    return status;
}
