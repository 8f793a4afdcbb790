/* The nets of the tests.  Independent of the tests. */
#include "mlp_fixture.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include "nn/rng.h"

bool is_trained(const struct mlp *mlp, size_t i)
{
	for (size_t l = 0; l < mlp->layers; l++) {
		const struct mlp_layer *layer = &mlp->layer[l];
		size_t w = (size_t)(layer->w - mlp->parameter);
		if (layer->v && i >= w && i < w + layer->fan_in * layer->fan_out)
			return false;
	}
	return true;
}

struct spec spec(const struct table *table, const char *word)
{
	struct spec spec;
	struct err err = {0};
	if (!spec_parse(&spec, table, word, &err))
		fail_msg("%s", err.message);
	return spec;
}

struct fixture fixture(const struct mlp_shape *shape, size_t rows, const char *optimizer)
{
	struct err err = {0};
	struct fixture f = { .mlp = mlp_create(shape, &err) };
	assert_non_null(f.mlp);
	f.batch = mlp_batch_create(f.mlp, rows, &err);
	assert_non_null(f.batch);
	struct rng rng = rng_stream(1, RNG_TEST, 0);
	rng_fill_normal(&rng, f.mlp->parameter, f.mlp->parameters);
	for (size_t l = 0; l < f.mlp->layers; l++) {
		const struct mlp_layer *layer = &f.mlp->layer[l];
		for (size_t i = 0; i < layer->fan_in * layer->fan_out; i++)
			layer->w[i] *= 0.6f / sqrtf((float)layer->fan_in);
		for (size_t j = 0; j < layer->fan_out; j++) {
			layer->b[j] *= 0.3f;
			if (layer->gain) /* g is ||w||, 0.6 as without weight normalization */
				layer->gain[j] = (layer->v ? 0.6f : 1) * (1 + 0.3f * layer->gain[j]);
			if (layer->shift)
				layer->shift[j] *= 0.3f;
		}
		mlp_compose_weights(&f.mlp->layer[l]);
		if (layer->alpha)
			*layer->alpha = 1 + 0.3f * *layer->alpha;
	}
	rng_fill_normal(&rng, f.batch->x, rows * f.mlp->layer[0].fan_in);
	for (size_t i = 0; i < rows; i++)
		f.batch->label[i] = (uint8_t)rng_below(&rng, (uint32_t)f.mlp->layer[f.mlp->layers - 1].fan_out);
	if (optimizer) {
		struct spec chosen = spec(&optimizers, optimizer);
		f.training = mlp_training_create(f.mlp, &chosen, &err);
		assert_non_null(f.training);
	}
	return f;
}

void fixture_end(struct fixture *f)
{
	mlp_training_destroy(f->training);
	mlp_batch_destroy(f->batch);
	mlp_destroy(f->mlp);
}
