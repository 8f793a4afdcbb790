/* Inside the diagnosis only: the numbers that rules, sentences and causes use. */
#ifndef INITVIZ_LAB_DIAGNOSIS_PARTS_H
#define INITVIZ_LAB_DIAGNOSIS_PARTS_H

#include "lab/diagnosis.h"

/* Numbers of the net. */
struct diagnosis_net {
	const struct snapshot *now, *start; /* start: at step 0, NULL if unknown; now itself at step 0 */
	size_t hidden;     /* hidden layers */
	double guess;      /* ln of the number of classes: the loss of guessing */
	bool learns;       /* the loss is well below guessing, or most probe images are right */
	bool zero_output;  /* the output layer's weights are all 0, those of the layer before (without residual branches that add 0) are not */
};

/* Numbers of one layer.  Ratios are NaN where they have no meaning. */
struct diagnosis_facts {
	const struct diagnosis_net *net;
	const struct layer_observation *layer;
	size_t number;          /* from 1 */
	bool last;              /* the output layer */
	bool in_branch;         /* of a residual branch */
	bool squashing;         /* outputs of small slope are called saturated */
	bool bounded;           /* outputs are between two finite ends */
	double stuck;           /* share of outputs at an end of a bounded range; for relu6, share of the active outputs */
	double gradient;        /* E[delta²] here / in the output layer; NaN in a residual branch that adds little */
	double gradient_hidden; /* E[delta²] here / that of the last hidden layer, both without the scales of their branches */
	double difference;      /* the same by E[a²] of the last hidden layer / here, where a residual branch ends there: by how much
	                           small differences of images grow over the signal */
	double gradient_step;   /* E[delta²] here / in the next layer */
	double growth;          /* E[z²] here / in the layer before; NaN for the first, and after normalized z */
	double within_share;    /* share of z's variance that differs from image to image */
	double shared_share;    /* share of z's variance that all units have in common */
	double update;          /* rms of the last step / rms of the weights; at step 0 of the first step, as predicted, over the
	                           larger of that and LeCun's size of weights, 1/sqrt(fan_in) */
	double promised;        /* lr |g|² / loss, of the output layer at step 0: the share of the loss by which the first step lowers
	                           it if the gradient g of all weights stays as it is; NaN of adaptive optimizers and under muP */
	double promised_later;  /* the same of a step with the momentum that has built up: promised / (1 - momentum) */
};

struct diagnosis_net diagnosis_net_of(const struct snapshot *now, const struct snapshot *start);
struct diagnosis_facts diagnosis_facts_of(const struct diagnosis_net *net, size_t layer);

/* The numbers of the net at its start, which must be known. */
struct diagnosis_net diagnosis_net_at_start(const struct diagnosis_net *net);

/* E[t²] of a tensor t of a layer. */
double diagnosis_square(const struct snapshot *snapshot, size_t layer, enum mlp_tensor tensor);

/* E[delta²] of the last hidden layer, without the scale of the residual branch it ends;
 * where that adds little, E of the square of the gradient that passes by it, for
 * weights that are independent of delta.  There must be a hidden layer. */
double diagnosis_last_gradient(const struct snapshot *now);

bool diagnosis_all_zero(const struct moments *moments);

/* The first layer up to this one whose z is 0 though inputs and weights are
 * not, and the layer nearest to the output whose delta is 0 though the next one's
 * is not; 0 if there is none. */
size_t diagnosis_z_underflows_in(const struct diagnosis_facts *facts);
size_t diagnosis_delta_underflows_in(const struct diagnosis_facts *facts);

/* With what facts.update compares a step, for sentences: "their size". */
const char *diagnosis_update_base(const struct diagnosis_facts *facts);

/* The severity that a rule has in this net. */
enum severity diagnosis_severity(const struct diagnosis_rule *rule, const struct diagnosis_net *net);

/* ---- a rule over all layers ---- */

struct diagnosis_pattern {
	const struct diagnosis_net *net;
	const struct diagnosis_rule *rule;
	size_t count, first, last;      /* layers for which the rule fires; 0 to 0 if for none */
	bool at_start, start_known;     /* whether it fired for any layer at step 0 */
	struct diagnosis_facts facts;   /* facts of the layer with most dead or saturated units, or else of the first */
};

struct diagnosis_pattern diagnosis_pattern_of(const struct diagnosis_net *net, const struct diagnosis_rule *rule);

/* "both hidden layers", "all 20 hidden layers", "layer 3", "layers 5 to 20",
 * "12 of 20 hidden layers", "the output layer". */
#define DIAGNOSIS_WHERE_SIZE 48
const char *diagnosis_where(char out[DIAGNOSIS_WHERE_SIZE], const struct diagnosis_pattern *pattern);

/* Where saturated outputs are: "stuck near 0 or 1", "stuck at 6". */
void diagnosis_describe_stuck(char out[DIAGNOSIS_WHERE_SIZE], const struct diagnosis_facts *facts);

/* Whether a mean square that changes by this factor over all layers counts as kept. */
bool diagnosis_is_kept(double factor);

/* Sentences and causes, one function for each kind. */
void diagnosis_describe_layer(struct wording *what, const struct diagnosis_facts *facts, const struct diagnosis_rule *rule);
void diagnosis_describe_net(struct wording *what, const struct diagnosis_pattern *pattern);
void diagnosis_describe_cause(struct wording *why, const struct diagnosis_pattern *pattern);

#endif
