/* The list of views.  A view is a file view_NAME.c that defines
 * view_NAME_draw() and view_NAME_explain() (see struct view), and one line
 * here; the list is in the order of Tab.  What a line adds after the summary are
 * members of struct view. */
#ifndef INITVIZ_VIEW_VIEW_LIST_H
#define INITVIZ_VIEW_VIEW_LIST_H

#include "view/view.h"

#define VIEW_LIST(VIEW) \
	VIEW(layers, "every layer's inputs z and outputs a as histograms, beside theory", .marks = true, .choices = VIEW_COUNTS | VIEW_ZOOM) \
	VIEW(layer, "one layer and its activation: inputs below the curve, outputs beside it", .marks = true, .choices = VIEW_COUNTS | VIEW_ZOOM) \
	VIEW(time, "one layer's histogram over the steps: density, percentiles, mean", .choices = VIEW_TENSOR) \
	VIEW(depth, "signal and gradient over the depth of the net, beside theory") \
	VIEW(gradients, "how large the gradients are at each layer, and how far the weights move") \
	VIEW(correlation, "whether images stay different over the depth: their correlation, its map, what all images share", .map = true) \
	VIEW(isometry, "by how much the net stretches small changes of an image: singular values of its Jacobians", .singular = true) \
	VIEW(phase, "the plane of sigma_w and sigma_b: order and chaos, how deep nets train, where this net lies", .plane = true) \
	VIEW(images, "what the net sees and says: the probe's images, confusions, the weights of a unit", .images = true) \
	VIEW(training, "loss and accuracy over steps, beside those of other runs", .choices = VIEW_CURVES) \
	VIEW(compare, "two nets in lock-step on the same axes, and how their numbers differ", .nets = 2, .choices = VIEW_COUNTS | VIEW_ZOOM) \
	VIEW(multiples, "all nets in lock-step side by side: the article's seven scenarios", .nets = RUNNER_MAX_LANES, .choices = VIEW_TENSOR | VIEW_COUNTS | VIEW_ZOOM) \
	VIEW(map, "which nets train: a sweep of two settings, such as depth and scale of the weights, in colours") \
	VIEW(coordinates, "how far z of each layer moves in the first steps, over the width: these weights beside muP")

#define VIEW_DECLARE(name, summary, ...) \
	void view_##name##_draw(const struct scene *scene, struct canvas *canvas, struct rect area); \
	void view_##name##_explain(const struct scene *scene, struct text *text);
VIEW_LIST(VIEW_DECLARE)

#endif
