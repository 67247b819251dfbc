"""What Python's profiler records of some programs, by name: events without their times, tables, traces."""
import json
import sys
import tempfile
import warnings

import torch
from torch import nn
from torch.profiler import ProfilerAction, ProfilerActivity, profile, record_function, schedule

warnings.simplefilter("ignore")


def model():
    torch.manual_seed(0)
    return nn.Sequential(nn.Conv2d(2, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(16, 3))


def train(net, optimizer, x, grad):
    with record_function("forward"):
        y = net(x)
    y.backward(grad)
    optimizer.step()
    optimizer.zero_grad()


def events_of(prof):
    first = min(e.sequence_nr for e in prof.events() if e.sequence_nr >= 0)
    return [
        [e.name, e.cpu_parent.name if e.cpu_parent else None, e.input_shapes, e.scope, e.flops, max(-1, e.sequence_nr - first),
         e.structured_input_shapes, e.input_dtypes, e.activity_type, e.is_user_annotation, str(e.device_type), e.overload_name]
        for e in prof.events() if e.name != "[memory]"
    ]


def training():
    net = model()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    x, grad = torch.ones(1, 2, 4, 4), torch.ones(1, 3)
    with profile(activities=[ProfilerActivity.CPU], record_shapes=True, with_flops=True) as prof:
        train(net, optimizer, x, grad)
    averages = prof.key_averages(group_by_input_shape=True)
    return {
        "events": events_of(prof),
        "averages": [[a.key, a.count, a.input_shapes, a.flops] for a in averages],
        "tables": [
            prof.key_averages().table(row_limit=5),
            averages.table(max_name_column_width=20, max_shapes_column_width=30, header="A header", row_limit=-1),
            prof.events().table(top_level_events_only=True, time_unit="us", sort_by="count"),
            prof.key_averages().table(sort_by="count", row_limit=3),
        ],
        "total": prof.key_averages().total_average().count,
        "flops": sum(e.flops for e in prof.events()),
    }


def memory():
    with profile(profile_memory=True) as prof:
        kept = [torch.ones(3, 5), torch.ones(1 << 12), torch.ones(1 << 19)]
        kept.append(kept[0] @ torch.ones(5, 2))
    return {"usage": [[e.name, e.cpu_memory_usage, e.self_cpu_memory_usage] for e in prof.events() if e.name != "[memory]"],
            "table": prof.key_averages().table()}


def overloads():
    config = torch._C._profiler._ExperimentalConfig(capture_overload_names=True)
    with profile(experimental_config=config) as prof:
        x = torch.ones(2)
        x + x
        x + 1
        torch.add(x, x, out=x)
    return {"table": prof.key_averages(group_by_overload_name=True).table(),
            "keys": [[a.key, a.overload_name, a.count] for a in prof.key_averages(group_by_overload_name=True)]}


def legacy():
    with torch.autograd.profiler.profile(record_shapes=True) as prof:
        x = torch.ones(2, 2, requires_grad=True)
        y = (x * 2).exp()
        y.backward(torch.ones(2, 2))
    return {"events": [[e.name, e.input_shapes] for e in prof.function_events], "table": str(prof.key_averages())}


def stepped(plan, steps, acc_events=False):
    told = []
    def ready(prof):
        told.append([prof.step_num, [e.name for e in prof.events()]])
    with profile(schedule=schedule(**plan), on_trace_ready=ready, acc_events=acc_events) as prof:
        for _ in range(steps):
            torch.ones(2)
            prof.step()
    return {"told": told, "actions": [schedule(**plan)(i).name for i in range(12)], "last": prof.step_num,
            "after": [e.name for e in prof.events()] if prof.profiler else None}


def trace():
    x = torch.ones(2, 3)
    with profile(record_shapes=True) as prof:
        prof.add_metadata("who", 'a test')
        prof.add_metadata_json("list", "[1, 2]")
        with record_function("part", "its arguments"):
            x.add(1)
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        prof.export_chrome_trace(file.name)
        trace = json.load(open(file.name))
    events = [e for e in trace["traceEvents"] if e.get("cat") in ("cpu_op", "user_annotation")]
    for event in events:
        for varies in ("External id", "Sequence number"):
            event["args"].pop(varies, None)
    return {"keys": sorted(trace), "who": trace["who"], "list": trace["list"],
            "events": [[e["name"], e["cat"], e["ph"], e["args"]] for e in events]}


cases = {
    "training": training, "memory": memory, "overloads": overloads, "legacy": legacy, "trace": trace,
    "schedules": lambda: [stepped(*each) for each in json.loads(sys.argv[2])],
}
print(json.dumps(cases[sys.argv[1]]()))
