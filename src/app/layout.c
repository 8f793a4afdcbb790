/* Where the parts of the screen are. */
#include "app/layout.h"

#define TALL 30 /* rows from which the status has two */

struct layout layout_of(int width, int height)
{
	int status = height >= TALL ? 2 : 1;
	return (struct layout){
		.header = { 0, 0, width, 1 },
		.view = { 0, 1, width, height - 2 - status },
		.status = { 0, height - 1 - status, width, status },
		.hints = { 0, height - 1, width, 1 },
	};
}
