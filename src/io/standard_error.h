/* Standard error is held back while the screen is taken, since anything printed
 * there would garble it. */
#ifndef INITVIZ_IO_STANDARD_ERROR_H
#define INITVIZ_IO_STANDARD_ERROR_H

#include <stddef.h>

/* Redirects standard error into a file if it is a terminal. */
void standard_error_hold(void);

/* Reconnects it to the terminal and prints what was held back, if anything.
 * Async-signal-safe. */
void standard_error_release(void);

/* Writes all bytes to standard error.  Async-signal-safe. */
void standard_error_write(const char *bytes, size_t length);

#endif
