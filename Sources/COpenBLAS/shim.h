// The CBLAS interface of OpenBLAS for Swift.
#pragma once
#include <cblas.h>
