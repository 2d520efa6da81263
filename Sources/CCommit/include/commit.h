#pragma once

/// The commit that this was built of, "-changed" behind it where the tree had other content; empty where it is not known.
const char *higgs_commit(void);
