/* The parts of the app.  Each part has a header of its own with its state; a
 * file includes the headers of the parts that it uses, and cannot reach the
 * members of the others.  app.c makes them all. */
#ifndef INITVIZ_APP_APP_PARTS_H
#define INITVIZ_APP_APP_PARTS_H

struct app {
	struct app_services *services;     /* services.h: what the outside world does for the app */
	struct experiment *experiment;     /* experiment.h: the runner and its status */
	struct lanes *lanes;               /* lanes.h: the nets that train in lock-step */
	struct pins *pins;                 /* lab/pins.h: earlier runs that are kept for comparison */
	struct restored *restored;         /* restored.h: runs that undo and redo bring back */
	struct moment *moment;             /* moment.h: the moment of the run that is shown */
	struct goal *goal;                 /* goal.h: the condition at which the run pauses */
	struct findings *findings;         /* findings.h: the verdict on it, and the cure */
	struct curing *curing;             /* curing.h: the comparison with the cured net */
	struct navigation *navigation;     /* navigation.h: view, layer, tensor, axes, palette */
	struct picking *picking;           /* picking.h: the image and the unit that are picked */
	struct map *map;                   /* map_work.h: the sweep of the Map view */
	struct coordinate_check *coordinates; /* coordinate_work.h: the nets of the Coordinates view */
	struct screen *screen;             /* layout.h: its size */
	struct saving *saving;             /* save.h: the net that is being saved */
	struct message *message;           /* message.h: the message above the hint bar */
	struct line *prompt;               /* line.h: the `:` line */
	struct settings_panel *panel;      /* panel.h */
	struct help_screen *help;          /* help_screen.h */
	struct plane *plane;               /* plane.h: the plane of the Phase view, and its cursor */
	struct report_screen *report;      /* report_screen.h */
	struct lesson_screen *lesson;      /* lesson_screen.h */
	struct announced *announced;       /* announcements.h: what has been announced already */
	struct keyboard *keyboard;         /* keyboard.h */
	struct program *program;           /* program.h */
	struct queue *queue;               /* app.c: command lines that wait */
};

#endif
