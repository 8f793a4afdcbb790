/* The program's clock. */
#ifndef INITVIZ_BASE_CLOCK_H
#define INITVIZ_BASE_CLOCK_H

/* Seconds since some moment, never back; for waiting and measuring. */
double clock_seconds(void);

#endif
