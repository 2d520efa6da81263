// libhdf5 for Swift.
#pragma once
#include <hdf5.h>
