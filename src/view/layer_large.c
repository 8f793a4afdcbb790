/* A layer with few, large things. */
#include "view/layer_large.h"

#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "base/text.h"
#include "draw/large.h"
#include "draw/plot.h"
#include "view/layer_block.h"
#include "view/quantity_show.h"
#include "view/ruler.h"

enum { MARGIN = 1, GAP = 2, PANEL = 20 };

/* "68 % saturated": the share in large digits where there is room, the word below. */
static void draw_headline(const struct scene *scene, struct canvas *canvas, struct rect rect, size_t layer)
{
	char headline[48], share[48];
	enum role role = layer_headline(headline, scene, layer);
	const char *sign = strchr(headline, '%');
	int large = large_rows(canvas->ascii);
	snprintf(share, sizeof share, "%.*s", sign ? (int)(sign + 1 - headline) : 0, headline);
	if (sign == NULL || rect.height < large + 1 || large_cells(share) > rect.width) {
		canvas_text(canvas, rect.x, rect.y, rect.width, role, headline);
		return;
	}
	large_draw(canvas, rect.x, rect.y, role, share);
	canvas_text(canvas, rect.x, rect.y + large, rect.width, role, sign + 1 + strspn(sign + 1, " "));
}

static void draw_title(const struct scene *scene, struct canvas *canvas, struct rect rect, size_t layer)
{
	char name[40];
	snprintf(name, sizeof name, "layer %zu", layer + 1);
	canvas_text(canvas, rect.x, rect.y, rect.width, layer == scene->layer ? ROLE_SELECTED : ROLE_TITLE, name);
	int used = canvas_text_cells(canvas, name) + 1;
	canvas_flag(canvas, rect.x, rect.y, used - 1, CELL_BOLD);
	char value[NUMBER_SIZE], readout[NUMBER_SIZE + 16];
	snprintf(readout, sizeof readout, "%s %s", quantity_square_label(MLP_Z),
	         quantity_format_square(value, scene->now, layer, MLP_Z));
	if (used + canvas_text_cells(canvas, readout) <= rect.width)
		canvas_text(canvas, rect.x + used, rect.y, rect.width - used, ROLE_READOUT, readout);
}

static void draw_tensor(const struct scene *scene, struct canvas *canvas, struct rect rect, size_t layer,
                        enum mlp_tensor tensor)
{
	struct text formula = {0};
	if (tensor == MLP_Z)
		layer_add_z_formula(&formula, scene, layer);
	else
		layer_add_a_formula(&formula, scene, layer);
	canvas_text(canvas, rect.x, rect.y, rect.width, ROLE_TITLE, text_string(&formula));
	text_free(&formula);
	layer_tensor_draw(scene, canvas, (struct rect){ rect.x, rect.y + 1, rect.width, rect.height - 1 }, layer, tensor,
	                  ruler_of(scene, layer, tensor));
}

void layer_large_draw(const struct scene *scene, struct canvas *canvas, struct rect rect, size_t layer)
{
	int room = rect.width - MARGIN - PANEL - 2 * GAP, columns = room > 1 ? plot_columns(room / 2) : 0;
	int last = rect.x + rect.width - columns;
	struct rect left = { rect.x + MARGIN, rect.y, PANEL, rect.height };
	struct canvas_probe *probe = canvas_probe_in(canvas, rect);
	if (probe)
		snprintf(probe->command, sizeof probe->command, "layer %zu", layer + 1);
	draw_title(scene, canvas, left, layer);
	left.y++;
	left.height--;
	draw_headline(scene, canvas, left, layer);
	if (columns < 8)
		return;
	draw_tensor(scene, canvas, (struct rect){ last - GAP - columns, rect.y, columns, rect.height }, layer, MLP_Z);
	draw_tensor(scene, canvas, (struct rect){ last, rect.y, columns, rect.height }, layer, MLP_A);
}
