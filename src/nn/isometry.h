/* How far a net is from an isometry: the singular values of its Jacobians at one image
 * (Saxe, McClelland and Ganguli 2014; Pennington, Schoenholz and Ganguli 2017). */
#ifndef INITVIZ_NN_ISOMETRY_H
#define INITVIZ_NN_ISOMETRY_H

#include "nn/jacobian.h"
#include "nn/singular.h"

#define ISOMETRY_ESTIMATES 6 /* layers of a wide net whose Jacobian from the input is estimated, the last two among them */

/* Of one layer. */
struct isometry {
	struct spectrum layer; /* of its own Jacobian: a by its input; where a residual branch ends, by the branch's input */
	struct spectrum input; /* of a by the net's input x; count: the smallest width on the way */
};

/* Fills out[layers].  Jacobians whose smaller side is at most singular_exact_side() have all
 * their singular values computed, others have them estimated, from the input only in some
 * layers.  All spectra are cleared where the Jacobian does not exist (batch
 * normalization), and the rest of them when go_on() returns false.  pool, go_on: may be
 * NULL.  The same bits for any number of threads.  False with ERR_RESOURCE. */
bool isometry_measure(struct isometry *out, const struct jacobian *at, struct pool *pool, bool (*go_on)(void *context),
                      void *context, struct err *err);

#endif
