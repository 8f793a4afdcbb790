/* How much readouts depend on the choice of the images: standard errors of means
 * over a random sample of images. */
#include <math.h>

#include "lab/session_parts.h"

/* The standard error of a mean over n values with this sum and sum of squares. */
static double error_of_mean(double sum, double squares, double n)
{
	double mean = sum / n, variance = squares / n - mean * mean;
	return n > 1 ? sqrt((variance > 0 ? variance : 0) / (n - 1)) : NAN;
}

static double error_of_share(double share, double n)
{
	return error_of_mean(share * n, share * n, n);
}

/* Of E[z^2]: each image's mean square over the units is one value. */
static double error_of_layer(const struct session *session, size_t l)
{
	const float *z = session->probe->tensor[l].z;
	size_t rows = session->probe->rows, units = session->mlp->layer[l].fan_out;
	double sum = 0, squares = 0;
	for (size_t row = 0; row < rows; row++) {
		double square = 0;
		for (size_t u = 0; u < units; u++)
			square += (double)z[row * units + u] * (double)z[row * units + u];
		square /= (double)units;
		sum += square;
		squares += square * square;
	}
	return error_of_mean(sum, squares, (double)rows);
}

void session_observe_sampling(const struct session *session, struct snapshot *snapshot)
{
	const double *loss = session->probe->image_loss;
	double rows = (double)session->probe->rows, sum = 0, squares = 0;
	for (size_t row = 0; row < session->probe->rows; row++) {
		sum += loss[row];
		squares += loss[row] * loss[row];
	}
	snapshot->loss_error = error_of_mean(sum, squares, rows);
	snapshot->train_accuracy_error = error_of_share(snapshot->train_accuracy, rows);
	snapshot->test_accuracy_error = error_of_share(snapshot->test_accuracy, (double)snapshot->test_images);
	for (size_t l = 0; l < snapshot->layers; l++)
		snapshot->layer[l].z_error = error_of_layer(session, l);
}

void session_skip_sampling(struct snapshot *snapshot)
{
	snapshot->loss_error = snapshot->train_accuracy_error = snapshot->test_accuracy_error = NAN;
	for (size_t l = 0; l < snapshot->layers; l++)
		snapshot->layer[l].z_error = NAN;
}
