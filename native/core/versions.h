// The minor versions of libtorch that these sources compile for, 2.11 to 2.14: what differs between them asks this.
#pragma once

#include <torch/headeronly/version.h>

/// Whether libtorch is 2.`minor` or newer.
#define TORCH_NODE_SINCE(minor) (TORCH_VERSION_MAJOR > 2 || TORCH_VERSION_MINOR >= (minor))
