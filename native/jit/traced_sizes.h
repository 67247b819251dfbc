// Sizes that a trace follows (traced_sizes.cpp).
#pragma once

namespace torch_node {

class Exports;

void export_traced_sizes(Exports& exports);

}  // namespace torch_node
