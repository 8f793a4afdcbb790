/* Downloads the files of a published data set into the folder where the search for data sets finds them. */
#ifndef INITVIZ_IO_FETCH_DOWNLOAD_H
#define INITVIZ_IO_FETCH_DOWNLOAD_H

#include <stdbool.h>

#include "base/err.h"
#include "data/published.h"

/* Downloads the files of the set that are not there yet with the right SHA-256, from the first mirror
 * that has them, over HTTPS only; checks them, and then moves them into initviz/NAME below the
 * cache folder, all or none.  $INITVIZ_MIRRORS, URLs separated by blanks, replaces the mirrors.
 * Prints where the files are, and on a terminal how far it is.  Ends the process after a signal.
 * ERR_RUN when no mirror has the files, ERR_OUTPUT when they cannot be stored, ERR_USAGE for a mirror that is
 * not https://. */
bool fetch_download(const struct published *set, struct err *err);

#endif
