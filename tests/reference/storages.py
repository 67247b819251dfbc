"""What storages of Python say and do: prints a JSON object of values, or {"error": text} where there is one.

With the argument members: the public names of both classes.
"""
import json
import sys
import warnings

import torch
from torch import TypedStorage, UntypedStorage

warnings.simplefilter("ignore")


def numbers(*values):
    return UntypedStorage(list(values))


def changed(storage, change):
    change(storage)
    return storage.tolist()


eight = lambda: numbers(1, 2, 3, 4, 5, 6, 7, 8)
CASES = {
    "empty": lambda: str(UntypedStorage()),
    "bytes": lambda: str(UntypedStorage([1, 300, -1])),
    "meta": lambda: str(UntypedStorage(3, device="meta")),
    "meta list": lambda: UntypedStorage(3, device="meta").tolist(),
    "meta element": lambda: UntypedStorage(3, device="meta")[0],
    "element": lambda: [eight()[0], eight()[-1], len(eight()), list(eight())],
    "no element": lambda: eight()[8],
    "no element before": lambda: eight()[-9],
    "part": lambda: [eight()[1:3].tolist(), eight()[-3:].tolist(), eight()[6:2].tolist(), eight()[:100].tolist()],
    "set": lambda: changed(eight(), lambda s: s.__setitem__(0, 9)),
    "set in part": lambda: changed(eight(), lambda s: s[2:4].fill_(0)),
    "fill": lambda: [eight().fill_(3).tolist(), eight().fill_(300).tolist(), eight().fill_(-1).tolist()],
    "copy": lambda: eight().copy_(numbers(8, 7, 6, 5, 4, 3, 2, 1)).tolist(),
    "copy of other size": lambda: eight().copy_(numbers(1)),
    "facts": lambda: [eight().nbytes(), eight().size(), eight().element_size(), str(eight().device), eight().is_cuda, eight().is_hpu,
                      eight().is_sparse, eight().is_sparse_csr, eight().is_pinned(), eight().type(), eight().get_device(),
                      eight().filename, eight().resizable(), str(eight().new())],
    "resize": lambda: [eight().resize_(10).size(), eight().resize_(10)[:8].tolist(), eight().resize_(4).tolist(),
                       eight().resize_(0).tolist()],
    "swap": lambda: [changed(eight(), lambda s: s.byteswap(torch.int16)), changed(eight(), lambda s: s.byteswap(torch.float64)),
                     changed(eight(), lambda s: s.byteswap(torch.complex64)), changed(eight(), lambda s: s.byteswap(torch.uint8))],
    "swap of other size": lambda: numbers(1, 2, 3).byteswap(torch.int64),
    "conversions": lambda: [str(getattr(numbers(0, 1, 200), name)()) for name in CONVERSIONS],
    "typed": lambda: [str(torch.ones(2).storage()), str(TypedStorage()), str(TypedStorage([1, 2], dtype=torch.int16)),
                      str(torch.FloatStorage([1, 2.5])), str(torch.ones(3)[1:].storage()), str(torch.DoubleStorage([0.1, 1e20])),
                      str(TypedStorage(wrap_storage=numbers(0, 0, 128, 63), dtype=torch.float32)), str(torch.BoolStorage([0, 1])),
                      str(torch.ComplexFloatStorage([1 + 2j, 2j]))],
    "typed conversions": lambda: [str(getattr(torch.FloatStorage([0, 1.5, 100]), name)()) for name in CONVERSIONS],
    "typed facts": lambda: [torch.FloatStorage([1, 2]).element_size(), torch.FloatStorage([1, 2]).nbytes(),
                            torch.FloatStorage([1, 2]).size(), torch.FloatStorage([1, 2]).type(),
                            torch.FloatStorage([1, 2]).pickle_storage_type(), torch.FloatStorage([1, 2]).tolist(),
                            torch.DoubleStorage([1, 2])[1], str(torch.FloatStorage.dtype), torch.FloatStorage([1, 2]).untyped().tolist(),
                            torch.FloatStorage([1, 2]).fill_(1.5).tolist(), torch.ones(1).int().storage_type().__name__],
    "typed element": lambda: torch.FloatStorage([1, 2])[2],
    "typed copy": lambda: torch.FloatStorage([1, 2]).copy_(torch.IntStorage([3, 4])).tolist(),
    "typed copy of other size": lambda: torch.FloatStorage([1, 2]).copy_(torch.FloatStorage([1])),
    "typed sparse": lambda: torch.ones(2).to_sparse().storage(),
    "kinds": lambda: [isinstance(torch.ones(2).storage(), torch.FloatStorage), isinstance(torch.ones(2).storage(), torch.IntStorage),
                      torch.Storage is torch.FloatStorage, torch.is_storage(numbers(1)), torch.is_storage(torch.FloatStorage(1)),
                      torch.is_storage(torch.ones(1))],
    "buffer": lambda: [UntypedStorage.from_buffer(b"abcd", dtype=torch.uint8).tolist(),
                       UntypedStorage.from_buffer(b"abcd", byte_order="big", dtype=torch.int16).tolist(),
                       UntypedStorage.from_buffer(b"abcdef", "big", 1, 2, torch.int16).tolist(),
                       torch.FloatStorage.from_buffer(b"abcdefgh", byte_order="little").tolist()],
    "buffer of parts": lambda: UntypedStorage.from_buffer(b"abcde", byte_order="little", dtype=torch.int16),
    "buffer in no order": lambda: UntypedStorage.from_buffer(b"abcd", byte_order="x", dtype=torch.int16),
    "buffer too short": lambda: UntypedStorage.from_buffer(b"abcde", count=9, dtype=torch.uint8),
    "unaligned": lambda: [torch.frombuffer(bytearray(range(40)), dtype=dtype, offset=offset, count=3).tolist()
                          for dtype, offset in ((torch.float32, 1), (torch.float64, 3), (torch.int16, 5), (torch.int32, 2))],
    "unaligned sum": lambda: torch.frombuffer(bytearray(b"\0" + bytes([0, 0, 128, 63]) * 9), dtype=torch.float32, offset=1).sum().item(),
    "warning": lambda: warned(),
}
CONVERSIONS = ["bfloat16", "bool", "byte", "char", "complex_double", "complex_float", "double", "float", "float8_e4m3fn",
               "float8_e4m3fnuz", "float8_e5m2", "float8_e5m2fnuz", "half", "int", "long", "short"]


def warned():
    torch.storage._reset_warn_typed_storage_removal()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        torch.ones(1).storage()
    return str(caught[0].message)


def answer(call):
    try:
        return call()
    except Exception as error:
        return {"error": str(error).split("\n")[0]}


def public(its_class):
    return [name for name in dir(its_class) if not name.startswith("_")]


if sys.argv[1:] == ["members"]:
    print(json.dumps({"untyped": public(UntypedStorage), "typed": public(TypedStorage)}))
else:
    print(json.dumps({name: answer(call) for name, call in CASES.items()}))
