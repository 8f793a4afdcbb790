/* The cure of a net as a JSON object. */
#include "io/json_cure.h"

#include "io/json_value.h"

static json_t *string_of(struct text *text, bool *failed)
{
	json_t *string = text->failed ? NULL : json_string(text_string(text));
	*failed |= text->failed;
	text_free(text);
	return string;
}

static json_t *factors(const struct net_factors *f, bool *failed)
{
	json_t *object = json_object();
	json_put_real(object, "z_mean_square", f->z_square, failed);
	json_put_real(object, "signal_factor", f->signal, failed);
	json_put_real(object, "gradient_factor", f->gradient, failed);
	json_put_real(object, "saturated", f->flat, failed);
	json_put_real(object, "correlation", f->correlation, failed);
	return object;
}

json_t *json_cure(const struct snapshot *snapshot, const struct diagnosis *diagnosis, bool *failed)
{
	struct cure cure;
	struct text options = {0};
	if (snapshot->step > 0 && !snapshot->last)
		return json_null();
	cure_find(&cure, snapshot, diagnosis);
	bool found = cure.outcome == CURE_FOUND;
	json_t *object = json_object();
	json_put(object, "outcome", json_string(cure_outcome_names[cure.outcome]), failed);
	json_put(object, "words", json_string(cure.words.form[0]), failed);
	cure_options(&cure, &options);
	json_put(object, "settings", found ? string_of(&options, failed) : json_null(), failed);
	json_put(object, "predicted", found ? factors(&cure.predicted, failed) : json_null(), failed);
	text_free(&options);
	return object;
}
