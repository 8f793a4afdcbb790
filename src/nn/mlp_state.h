/* What training changes in a net, as one plain block of memory: the parameters
 * and all that the optimizer has gathered.  Copied out and in, bit for bit. */
#ifndef INITVIZ_NN_MLP_STATE_H
#define INITVIZ_NN_MLP_STATE_H

#include "nn/mlp.h"

/* Bytes of the block: (1 + slots) floats for each parameter, and a few for each layer. */
size_t mlp_state_bytes(const struct mlp *mlp, const struct mlp_training *training);

/* block[mlp_state_bytes()], aligned for doubles. */
void mlp_state_save(void *block, const struct mlp *mlp, const struct mlp_training *training);

/* Into a net of the same shape with the same optimizer, of which the block was saved. */
void mlp_state_load(struct mlp *mlp, struct mlp_training *training, const void *block);

#endif
