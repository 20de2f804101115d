/* The order of the passes. */
#include "analysis/directions.h"
#include "ir/verify.h"
#include "transform/dead_code.h"
#include "transform/passes.h"

typedef struct Run {
    Function *function;
    PassObserver *after;
    void *context;
} Run;

static void done(const Run *run, const char *pass)
{
    verify_after(pass, run->function);
    if (run->after)
        run->after(pass, run->function, run->context);
}

static void simplify_all(const Run *run, const PassOptions *options)
{
    if (options->no_simplify)
        remove_dead_code(run->function);
    else
        simplify(run->function);
    done(run, "simplify");
    if (!options->no_hoist) {
        hoist_invariants(run->function);
        done(run, "hoist");
    }
    if (!options->no_accumulators) {
        gather_sums(run->function);
        done(run, "accumulators");
    }
}

/* The functions whose calls stay. */
typedef struct Preparing {
    const PassOptions *options;
    PassObserver *after;
    void *context;
} Preparing;

static void prepare_callee(Op *op, void *context)
{
    const Preparing *preparing = context;
    if (op->kind == OP_CALL && op->callee && op->callee->is_recursive)
        prepare_primal(op->callee, preparing->options, preparing->after, preparing->context);
}

void prepare_primal(Function *function, const PassOptions *options, PassObserver *after, void *context)
{
    const Run run = {function, after, context};
    if (function->is_prepared)
        return;
    function->is_prepared = true;
    done(&run, "frontend");
    inline_calls(function);
    done(&run, "inline");
    copy_records(function);
    mem2reg(function);
    type_allocations(function);
    if (has_resizes(function)) {
        scalar_replacement(function); /* the pointer may be in a struct */
        mem2reg(function);
        type_allocations(function);
        lower_resizes(function);
    }
    remove_dead_code(function);
    done(&run, "mem2reg");
    while (has_pointer_calls(function)) {
        scalar_replacement(function);
        mem2reg(function);
        if (!resolve_calls(function))
            break;
        inline_calls(function);
        copy_records(function);
        mem2reg(function);
        type_allocations(function);
        lower_resizes(function);
        remove_dead_code(function);
        done(&run, "resolve-calls");
    }
    if (!options->no_scalar_replacement) {
        scalar_replacement(function);
        done(&run, "scalar-replacement");
    }
    if (!options->no_simplify)
        simplify(function);
    raise_loops(function, options->no_raise_loops ? RAISE_WALKING_POINTERS : RAISE_ALL);
    done(&run, "raise-loops");
    simplify_all(&run, options);
    Preparing preparing = {options, after, context};
    region_walk(function->body, prepare_callee, &preparing);
}

static void use_blocks(const Run *run, const PassOptions *options)
{
    if (!options->all_blocks && write_out_in_blocks(run->function)) {
        done(run, "write-out");
        if (!options->no_scalar_replacement)
            scalar_replacement(run->function);
        simplify_all(run, options);
    }
    if (cut_into_blocks(run->function, options->all_blocks)) {
        done(run, "blocks");
        simplify_all(run, options);
    }
}

static void leave_out_zeros(const Run *run, const PassOptions *options)
{
    DirectionLoops loops = {0};
    if (!options->no_narrow) {
        loops = directions_find(run->function->module->arena, run->function);
        narrow_directions(&loops);
        done(run, "narrow");
    }
    if (!options->no_simplify) {
        drop_overwritten_fills(run->function);
        done(run, "fills");
    }
    split_directions(run->function, &loops);
    done(run, "split");
    if (!options->no_simplify && loops.count) { /* what was only read for directions that are zero */
        remove_last_writes(run->function);
        simplify_all(run, options);
    }
}

void polish_derivative(Function *function, const PassOptions *options, PassObserver *after,
                       void *context)
{
    const Run run = {function, after, context};
    done(&run, "derivative");
    forget_sameness(function);
    if (!options->no_scalar_replacement)
        scalar_replacement(function);
    if (!options->no_interchange) {
        if (!options->no_simplify)
            simplify(function);
        interchange_loops(function);
        done(&run, "interchange");
    }
    simplify_all(&run, options);
    if (!options->no_simplify) {
        remove_last_writes(function);
        done(&run, "last-writes");
        simplify(function);
        done(&run, "simplify");
    }
    if (!options->no_simplify && !options->no_hoist && collect_partials(function)) {
        done(&run, "partials");
        simplify_all(&run, options);
    }
    if (!options->no_forward) {
        run_forward(function);
        done(&run, "forward");
    }
    if (!options->no_simplify) {
        skip_zeros(function);
        done(&run, "skip-zeros");
    }
    if (!options->no_ends && split_ends(function)) {
        done(&run, "ends");
        simplify_all(&run, options);
    }
    leave_out_zeros(&run, options);
    if (!options->no_blocks)
        use_blocks(&run, options);
}
