/* How a process without a screen ends before it is done. */
#ifndef INITVIZ_IO_ENDING_H
#define INITVIZ_IO_ENDING_H

/* From now on a signal that ends the process removes the temporaries first, a
 * closed pipe is an error of writing and no signal, and after so many seconds
 * (0: never) the process says so and exits with ERR_RUN, whatever it is doing. */
void ending_begin(double seconds);

#endif
