/* The images of an observation as JSON: answers and confusions, without pixels. */
#include "io/json_images.h"

#include <math.h>

#include "io/json_value.h"

static json_t *answer_of(const struct images *images, size_t i, bool *failed)
{
	const struct images_answer *answer = &images->answer[i];
	json_t *object = json_object();
	json_put(object, "label", json_count(answer->label), failed);
	json_put(object, "predicted", answer->predicted < images->classes ? json_count(answer->predicted) : json_null(), failed);
	json_put_real(object, "probability", (double)answer->probability, failed);
	json_put_real(object, "truth", (double)answer->truth, failed);
	return object;
}

static json_t *confusion_of(const struct images *images, bool *failed)
{
	json_t *list = json_array();
	for (size_t i = 0; images->confusion && i < images->classes * images->classes; i++) {
		if (images->confusion[i] == 0)
			continue;
		json_t *object = json_object();
		json_put(object, "label", json_count(i / images->classes), failed);
		json_put(object, "predicted", json_count(i % images->classes), failed);
		json_put(object, "count", json_count(images->confusion[i]), failed);
		json_append(list, object, failed);
	}
	return list;
}

json_t *json_images(const struct images *images, bool *failed)
{
	json_t *object = json_object(), *answers = json_array();
	for (size_t i = 0; i < images->count; i++)
		json_append(answers, answer_of(images, i, failed), failed);
	json_put(object, "classes", json_count(images->classes), failed);
	json_put(object, "answers", answers, failed);
	json_put(object, "confusion_of", json_string(images->test ? "test" : "probe"), failed);
	json_put(object, "confusion_images", json_count(images->confused), failed);
	json_put(object, "confusion", confusion_of(images, failed), failed);
	return object;
}
