/* Limits of depth: how far searches and recursions go. A search that gives up answers on the safe side, a recursion over the
 * user's code stops with a diagnostic.
 *
 * ADGEN_HOSTILE builds, which are tests, give up early everywhere: what comes out must still be right, or refused. */
#ifndef ADGEN_BASE_LIMITS_H
#define ADGEN_BASE_LIMITS_H

#ifdef ADGEN_HOSTILE
#define DEPTH_LIMIT(usual, hostile) (hostile)
#else
#define DEPTH_LIMIT(usual, hostile) (usual)
#endif

#endif
