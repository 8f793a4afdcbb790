/* The members of a session, shared by its files.  For session*.c and the benchmark only. */
#ifndef INITVIZ_LAB_SESSION_PARTS_H
#define INITVIZ_LAB_SESSION_PARTS_H

#include "nn/mlp.h"
#include "nn/theory.h"
#include "nn/theory_isometry.h"
#include "lab/session.h"

#define SESSION_TEST_SAMPLE 1000

struct session {
	struct settings settings; /* fitted to the data set */
	struct dataset *dataset;
	struct dataset_affine affine;
	struct pool *pool;
	struct mlp *mlp;
	struct mlp_training *training;
	struct mlp_batch *batch; /* the next training batch, drawn ahead when `drawn` */
	struct mlp_batch *probe; /* fixed probe images; == batch when the batch is the probe */
	struct mlp_batch *test;  /* test images, a slice at a time; NULL until session_room_for_test() */
	bool drawn;
	uint32_t *order;         /* [train count] this epoch's order of images */
	size_t train_count;
	uint32_t *test_sample;   /* [test_samples] test images of all observations but the last */
	size_t test_samples;
	uint64_t ended; /* the step whose observation was SESSION_LAST, plus 1; 0: none */
	uint64_t epoch;
	size_t cursor;           /* next of order[] */
	uint64_t steps;
	bool diverged;           /* in training, which pauses a run */
	uint64_t diverged_step;  /* of the first NaN or Inf, met in training or in an observation; it stays */
	uint32_t diverged_layer; /* 1-based; 0: none was met */
	const struct warnings *warnings; /* the data set's, and settings cut to the data */
	struct trace batch_loss, batch_accuracy;
	struct input_observation input; /* of the probe */
	struct theory_layer *theory;    /* [layers] at step 0, with layers scaled by the user included */
	struct session_start {
		struct spec init, bias_init; /* formulas evaluated */
	} *start;                       /* [layers] */
	struct session_isometry {
		bool wanted;    /* the next observation measures singular values */
		bool (*go_on)(void *context);
		void *context;
		struct theory_isometry *theory; /* [layers] at step 0, known with the rest of theory */
	} isometry;
	bool watched;       /* the next step's change of the weights is measured */
	double *change_norm; /* [layers] of the last step, NaN if it was not */
	struct session_moments {
		double weight_variance, weight_mean; /* scaled with the layers that the user scaled */
		double bias_variance, bias_mean;
		double gain_square, shift_mean, shift_variance; /* of a normalization's gain and shift */
	} *moments;                     /* [layers] at step 0, used by theory */
	struct theory_layer *theory_now; /* [layers] for the present weights and biases, treated as random */
	bool input_known, theory_known;
	struct images_wanted images_wanted;
	const struct images_pixels *pixels; /* of the probe; NULL before the first images that are asked for */
	/* scratch of the observation */
	float *gradient;  /* [parameters] of the probe */
	float *slope;     /* (rows, widest): f'(z) */
	double *unit;     /* [3 * widest]: sums, sums of squares, saturated counts per unit */
	double *pixel;    /* [pixels]: sums of the inputs */
	struct percentile_scratch *percentiles;
	float *norm_scratch;  /* [session_norm_scratch()] */
};

/* A session whose net has no weights yet and whose batches have no order. */
struct session *session_build(const struct settings *settings, struct dataset *dataset, struct pool *pool,
                              struct err *err);

/* Shuffles the images for this epoch; the next batch is the epoch's first. */
void session_shuffle(struct session *session);

/* Evaluates the formulas in the initializers of all layers.  ERR_USAGE. */
bool session_evaluate_formulas(struct session *session, struct err *err);

/* A mean that is within the sampling error of n draws counts as 0. */
double session_significant_mean(const struct moments *moments);

/* Fills the weights and biases from the settings' seeds (session_init.c), or from
 * the open file of settings.weights (session_weights.c); file: NULL where there is none. */
struct weights;
bool session_initialize(struct session *session, const struct weights *file, struct err *err);

/* Reads a layer's weights, and what else the file has for it. */
void session_read_weights(struct session *session, const struct weights *file, size_t layer);

/* Warns of what the file has that the net does not use.  ERR_RESOURCE. */
bool session_warn_of_weights(struct session *session, const struct weights *file, struct err *err);

/* Sets the learning rates of a layer relative to the net's, as its initializer
 * requires with this optimizer. */
void session_scale_rates(struct session *session, size_t layer);

/* Copies image `index` of a split, scaled, into row `row` of a batch. */
bool session_load_image(struct session *session, struct mlp_batch *batch, size_t row, enum dataset_split split,
                        size_t index, struct err *err);

/* Makes session->test, where it is not yet: a first pass uses none.  ERR_RESOURCE. */
bool session_room_for_test(struct session *session, struct err *err);

/* Draws the next training batch if it is not drawn yet. */
bool session_draw_batch(struct session *session, struct err *err);

/* Undoes the drawing of a batch drawn ahead. */
void session_return_batch(struct session *session);

/* Records the step and the layer (1-based) of the first NaN or Inf; later calls change nothing. */
void session_mark_divergence(struct session *session, uint32_t layer);

/* session_step() with an observer, which may be NULL. */
bool session_train(struct session *session, const struct mlp_observer *observer, struct err *err);

/* Theory (session_predict.c).  The moments of the probe's inputs, computed once; the
 * predictions for step 0, from the settings, computed once; the predictions for the present
 * weights and biases, treated as random with their means and variances, which
 * snapshot->layer[].tensor[MLP_W].moments must have; and what a snapshot keeps of one layer's. */
void session_observe_input(struct session *session);
void session_predict(struct session *session);
void session_predict_now(struct session *session, struct snapshot *snapshot);
struct layer_theory session_theory_shown(const struct theory_layer *theory);

/* The standard errors of a snapshot that is otherwise complete; or none. */
void session_observe_sampling(const struct session *session, struct snapshot *snapshot);
void session_skip_sampling(struct snapshot *snapshot);

/* Effective ranks of the hidden layers' outputs on the probe (session_rank.c); NaN: not measured. */
void session_observe_rank(const struct session *session, struct snapshot *snapshot);
void session_skip_rank(struct snapshot *snapshot);

/* Images (session_images.c).  An empty block (NULL with ERR_RESOURCE); adds the answers to a batch
 * after mlp_forward() to its confusion matrix (NULL: does nothing); fills in the rest after a pass
 * of the probe, from a snapshot whose histograms are complete. */
struct images *session_begin_images(struct session *session, struct err *err);
void session_count_confusion(struct session *session, const struct mlp_batch *batch, struct images *images);
void session_observe_images(struct session *session, struct images *images, const struct snapshot *snapshot);

/* Spectral norms (session_spectral.c).  A step whose change is measured has its weights
 * kept before, in the observation's scratch. */
size_t session_norm_scratch(const struct mlp *mlp);
void session_keep_weights(struct session *session);
void session_measure_change(struct session *session);
void session_observe_norms(const struct session *session, struct snapshot *snapshot);
void session_skip_norms(struct snapshot *snapshot);

/* Singular values (session_isometry.c).  Theory's for step 0; and those of a snapshot whose
 * probe has passed through the net: measured if that is wanted or due, else cleared.
 * ERR_RESOURCE. */
void session_predict_isometry(struct session *session);
bool session_observe_isometry(struct session *session, enum session_purpose purpose, struct snapshot *snapshot, struct err *err);

#endif
