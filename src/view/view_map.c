/* The Map view: the nets of a sweep as cells over two settings, their number as
 * shade and colour. */
#include "base/text.h"
#include "view/map_axis.h"
#include "view/map_picture.h"
#include "view/map_plot.h"
#include "view/view_list.h"

void view_map_draw(const struct scene *scene, struct canvas *canvas, struct rect area)
{
	if (scene->map.map) {
		map_picture_draw(&scene->map, canvas, area);
		return;
	}
	canvas_text(canvas, area.x + 2, area.y + area.height / 3, area.width - 4, ROLE_TITLE, "No map yet.");
	canvas_text(canvas, area.x + 2, area.y + area.height / 3 + 1, area.width - 4, ROLE_LABEL,
	            "M trains nets of 2 to 50 layers, their weights scaled from small to large.");
}

void view_map_explain(const struct scene *scene, struct text *text)
{
	const struct map_scene *map = &scene->map;
	text_add(text, "Each cell is a net of its own, trained for a few steps; its shade and colour show one number of it, from light (low) "
	         "to dense (high): the legend has the numbers.  A cross is a net that diverged, a dash one that has no such number, a "
	         "blank cell one that is not trained yet.  The arrows choose a cell, whose numbers are below; Enter starts that net, u undoes it.  N shows the next number: "
	         "loss, accuracy, saturation, the factors of gradient and signal.  ");
	if (map->map == NULL) {
		text_add(text, "M begins a map of the depth and the scale of the weights; a command such as "
		         "`map lr=0.001..1*8 width=10..500*6` begins one of two other settings.");
		return;
	}
	char across[MAP_AXIS_SIZE], upwards[MAP_AXIS_SIZE];
	text_addf(text, "Here %s goes across and %s upwards: %llu nets, of which %llu are trained.  ",
	          map_axis_name(across, map_plot_axis(map, map->map->across)), map_axis_name(upwards, map_plot_axis(map, map->map->upwards)),
	          (unsigned long long)map->map->grid.nets, (unsigned long long)map->map->known);
	if (map->map->reach)
		text_add(text, "The line in the cells is theory's: nets up to this depth train, deeper ones do not.  It is 6ξ, six times the number of layers "
		         "over which the difference of two images shrinks by a factor of e (Schoenholz et al. 2017, figure 5).  ");
	if (map->map->grid.axes > 2)
		text_add(text, "PgUp and PgDn walk through the other settings.  ");
	text_add(text, "Nets are trained only while this view is open, at low priority, first every 16th, then those between; `map "
	         "again` begins anew around the present settings.  Deep nets train where the variance of the weights times their number of "
	         "inputs keeps the size of the signal: about 1 for tanh, 2 for relu.");
}
