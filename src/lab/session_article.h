/* The measurements of the article's program: only for comparison with its figures,
 * since most of them are not what their labels name. */
#ifndef INITVIZ_LAB_SESSION_ARTICLE_H
#define INITVIZ_LAB_SESSION_ARTICLE_H

#include "lab/session.h"

/* After a training step: the batch just fitted once more, with the weights
 * that it has changed. */
struct article_reading {
	double loss, accuracy;             /* on these few images */
	double mat_mul_variance;           /* layer 1: x W without the bias, called the neurons' input */
	double z_variance;                 /* what the neurons did receive */
	double fc_out_3_variance;          /* layer 2's output a second time, called the last layer's */
	double logits_variance;            /* the last layer's, which is never logged */
};

/* Requires a completed step, a probe other than the batch, and at least two layers.
 * Does not change the run. */
void session_read_as_article(struct session *session, struct article_reading *reading);

#endif
