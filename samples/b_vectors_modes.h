/* The part of the sample B that has a file of its own. */
#ifndef SAMPLES_B_VECTORS_MODES_H
#define SAMPLES_B_VECTORS_MODES_H

/* Returns the number of derivatives that differ. */
int every_mode(void);

#endif
