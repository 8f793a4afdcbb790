/* Formats and labels of quantities. */
#include "view/quantity_show.h"

#include <stdio.h>

#include "lab/diagnosis.h"

char *quantity_format(char out[NUMBER_SIZE], const struct quantity *quantity, double value)
{
	switch (quantity->unit) {
	case QUANTITY_SHARE:
		return number_share(out, value);
	case QUANTITY_FACTOR:
		return number_factor(out, value);
	case QUANTITY_NUMBER:
	case QUANTITY_COUNT:
	case QUANTITY_NATS:
	case QUANTITY_DEPTH:
	case QUANTITY_UNITS:
		break;
	}
	return number_known(out, value);
}

char *quantity_format_observed(char out[NUMBER_SIZE], const struct quantity *quantity, const struct quantity_place *place)
{
	double value = quantity_read(quantity, place);
	bool square = quantity == quantity_of(QUANTITY_MEAN_SQUARE) || quantity == quantity_of(QUANTITY_VARIANCE);
	if (!square || value != 0 || !diagnosis_underflowed(place->snapshot, place->layer, place->tensor))
		return quantity_format(out, quantity, value);
	snprintf(out, NUMBER_SIZE, "%s", DIAGNOSIS_UNDERFLOWED);
	return out;
}

char *quantity_format_square(char out[NUMBER_SIZE], const struct snapshot *snapshot, size_t layer, enum mlp_tensor tensor)
{
	return quantity_format_observed(out, quantity_of(QUANTITY_MEAN_SQUARE),
	                                &(struct quantity_place){ .snapshot = snapshot, .layer = layer, .tensor = tensor });
}

void quantity_row(struct canvas *canvas, struct rect rect, int y, const char *label, enum role role,
                  const char *value)
{
	int x = canvas_text_right(canvas, rect.x + rect.width, y, rect.width, role, value);
	canvas_text(canvas, rect.x, y, x - rect.x - 1, ROLE_LABEL, label);
}

const char *quantity_theory_name(const struct snapshot *now, bool brief)
{
	if (now->step == 0)
		return "theory";
	return brief ? "theory@0" : "theory at step 0";
}

void quantity_theory_row(struct canvas *canvas, struct rect rect, int y, const struct snapshot *now, const char *own, const char *value)
{
	char label[32];
	snprintf(label, sizeof label, " %s", quantity_theory_name(now, true));
	if (canvas_text_cells(canvas, label) + 1 + canvas_text_cells(canvas, value) > rect.width)
		snprintf(label, sizeof label, " theory");
	quantity_row(canvas, rect, y, own ? own : label, ROLE_THEORY, value);
}

const char *quantity_line_label(const struct quantity_line *line, const struct quantity_place *place)
{
	return line->shown->label ? line->shown->label : quantity_label(line->quantity, place);
}

double quantity_square(const struct snapshot *snapshot, size_t layer, enum mlp_tensor tensor)
{
	return quantity_read(quantity_of(QUANTITY_MEAN_SQUARE), &(struct quantity_place){ .snapshot = snapshot, .layer = layer, .tensor = tensor });
}

double quantity_square_theory(const struct snapshot *snapshot, size_t layer, enum mlp_tensor tensor)
{
	return quantity_theory(quantity_of(QUANTITY_MEAN_SQUARE), &(struct quantity_place){ .snapshot = snapshot, .layer = layer, .tensor = tensor });
}

const char *quantity_square_label(enum mlp_tensor tensor)
{
	return quantity_of(QUANTITY_MEAN_SQUARE)->label[tensor];
}
