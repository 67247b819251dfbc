// c10d's ProcessGroupGloo.hpp includes gloo's headers, which the wheel does not carry. The addon makes a process group by c10d's
// exported constructors and calls c10d's own methods only; of gloo's types it holds nothing but pointers. So declarations are
// enough to compile, and no layout of gloo's is assumed. Where libtorch has the real headers, those come first.
#pragma once
