/* The program's clock. */
#ifndef INITVIZ_BASE_CLOCK_H
#define INITVIZ_BASE_CLOCK_H

/* Seconds since an arbitrary moment; monotonic.  For waiting and measuring. */
double clock_seconds(void);

#endif
