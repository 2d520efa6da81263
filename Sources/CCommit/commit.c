#include "commit.h"

#ifndef HIGGS_COMMIT
#define HIGGS_COMMIT ""
#endif

const char *higgs_commit(void) { return HIGGS_COMMIT; }
