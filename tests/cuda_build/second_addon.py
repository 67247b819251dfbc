"""What functions of torch.cuda that need CUDA's own headers answer, or complain of, without a GPU; prints one JSON document."""
import json
import os
import warnings

import torch

warnings.simplefilter("ignore")
calls = {
    "nccl.version": lambda: list(torch.cuda.nccl.version()),
    "nccl.unique_id": lambda: len(torch.cuda.nccl.unique_id()),
    "nccl.is_available": lambda: torch.cuda.nccl.is_available([torch.ones(1)]),
    "nccl.all_reduce": lambda: torch.cuda.nccl.all_reduce([torch.ones(1)]),
    "gds.gds_register_buffer": lambda: torch.cuda.gds.gds_register_buffer(torch.ones(2).untyped_storage()),
    "gds.gds_deregister_buffer": lambda: torch.cuda.gds.gds_deregister_buffer(torch.ones(2).untyped_storage()),
    "gds.GdsFile": lambda: torch.cuda.gds.GdsFile(os.environ["SCRATCH"], 66),
    "tunable.tune_gemm_in_file": lambda: torch.cuda.tunable.tune_gemm_in_file("missing.csv"),
    "get_allocator_backend": lambda: torch.cuda.memory.get_allocator_backend(),
    "graph_pool_handle": lambda: list(torch.cuda.graph_pool_handle()),
    "tunable.is_enabled": lambda: torch.cuda.tunable.is_enabled(),
    "tunable.enable": lambda: (torch.cuda.tunable.enable(True), torch.cuda.tunable.is_enabled())[1],
    "tunable.tuning_is_enabled": lambda: torch.cuda.tunable.tuning_is_enabled(),
    "tunable.get_max_tuning_duration": lambda: torch.cuda.tunable.get_max_tuning_duration(),
    "tunable.get_max_tuning_iterations": lambda: torch.cuda.tunable.get_max_tuning_iterations(),
    "tunable.set_max_tuning_iterations": lambda: (
        torch.cuda.tunable.set_max_tuning_iterations(7), torch.cuda.tunable.get_max_tuning_iterations())[1],
    "tunable.get_filename": lambda: torch.cuda.tunable.get_filename(),
    "nvtx.range_push": lambda: torch.cuda.nvtx.range_push("a"),
    "nvtx.range_pop": lambda: torch.cuda.nvtx.range_pop(),
    "nvtx.mark": lambda: torch.cuda.nvtx.mark("a"),
    "host_memory_stats": lambda: dict(torch.cuda.memory.host_memory_stats()),
    "MemPool": lambda: list(torch.cuda.MemPool().id),
    "CUDAGraph": lambda: torch.cuda.CUDAGraph() and None,
    "is_current_stream_capturing": lambda: torch.cuda.is_current_stream_capturing(),
    "current_blas_handle": lambda: torch.cuda.current_blas_handle(),
    "get_sync_debug_mode": lambda: torch.cuda.get_sync_debug_mode(),
    "profiler.start": lambda: torch.cuda.profiler.start(),
    "profiler.stop": lambda: torch.cuda.profiler.stop(),
    "check_error": lambda: torch.cuda.check_error(2),
    "get_per_process_memory_fraction": lambda: torch.cuda.get_per_process_memory_fraction(),
    "get_device_properties": lambda: torch.cuda.get_device_properties(0).name,
    "can_device_access_peer": lambda: torch.cuda.can_device_access_peer(0, 1),
    "memory_snapshot": lambda: torch.cuda.memory_snapshot(),
}
answers = {}
for name, call in calls.items():
    try:
        answers[name] = {"value": call()}
    except Exception as error:  # noqa: BLE001
        answers[name] = {"error": str(error).split("\n")[0]}
print(json.dumps(answers))
