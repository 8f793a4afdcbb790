/* Without protobuf-c there is no output for TensorBoard: the message says what to do. */
#include "io/tensorboard.h"

struct tensorboard *tensorboard_open(const char *folder, struct err *err)
{
	(void)folder;
	err_set(err, ERR_USAGE, "tensorboard: this initviz was built without protobuf-c: install protobuf-c with its compiler "
	                        "protoc-c and build it again, or use --format json");
	return NULL;
}

bool tensorboard_add(struct tensorboard *tensorboard, const struct snapshot *snapshot, struct err *err)
{
	(void)tensorboard;
	(void)snapshot;
	(void)err;
	return true;
}

bool tensorboard_close(struct tensorboard *tensorboard, struct err *err)
{
	(void)tensorboard;
	(void)err;
	return true;
}

const char *tensorboard_library(void)
{
	return "none";
}
