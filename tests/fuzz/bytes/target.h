/* What a fuzz target defines: libFuzzer calls it with bytes, and replay.c with files. It must not crash, leak, hang, or end the
 * process; whatever it finds wrong itself, it aborts on. */
#ifndef ADGEN_FUZZ_TARGET_H
#define ADGEN_FUZZ_TARGET_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* main of compiler/driver/main.c */
int adgen_main(int argc, char **argv);

#endif
