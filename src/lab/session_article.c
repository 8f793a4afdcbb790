/* The measurements of the article's program, for any scenario. */
#include "lab/session_article.h"

#include "nn/stats.h"
#include "lab/session_parts.h"

static double variance(const float *values, size_t count)
{
	struct moments moments;
	stats_moments(&moments, values, count);
	return moments.variance;
}

/* Of z - b. */
static double variance_without_bias(const struct mlp_layer *layer, float *z, size_t rows)
{
	for (size_t i = 0; i < rows * layer->fan_out; i++)
		z[i] -= layer->b[i % layer->fan_out];
	return variance(z, rows * layer->fan_out);
}

void session_read_as_article(struct session *session, struct article_reading *reading)
{
	struct mlp_batch *batch = session->batch;
	const struct mlp *mlp = session->mlp;
	size_t rows = batch->rows, last = mlp->layers - 1;
	mlp_forward(mlp, batch, session->pool, NULL);
	*reading = (struct article_reading){
		.loss = batch->loss,
		.accuracy = (double)batch->correct / (double)rows,
		.z_variance = variance(batch->tensor[0].z, rows * mlp->layer[0].fan_out),
		.fc_out_3_variance = variance(batch->tensor[last - 1].a, rows * mlp->layer[last - 1].fan_out),
		.logits_variance = variance(batch->tensor[last].z, rows * mlp->layer[last].fan_out),
	};
	reading->mat_mul_variance = variance_without_bias(&mlp->layer[0], batch->tensor[0].z, rows);
}
