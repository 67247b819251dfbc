"""What tests/distributed/scenarios/pipelining.mjs does, in Python."""

import torch
from torch import nn, optim
from torch.distributed import pipelining
from torch.distributed.pipelining import PipelineStage, Schedule1F1B, ScheduleGPipe
from __main__ import note, rank, size


class Part(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm = nn.LayerNorm(6)
        self.layer = nn.Linear(6, 6)

    def forward(self, x):
        return x.add(self.layer(self.norm(x)).tanh())


class TwoWays(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(6, 6)

    def forward(self, x, y=None):
        y = x if y is None else y
        if rank == size - 1:
            return self.layer(x).add(y)
        return self.layer(x).relu(), y.mul(2)


class Joined(nn.Module):
    """A stage in the middle of others that takes two tensors and gives two."""

    def __init__(self, index, stages):
        super().__init__()
        self.layer = nn.Linear(6, 6)
        self.norm = nn.LayerNorm(6)
        self.is_last = index == stages - 1

    def forward(self, x, y=None):
        y = x if y is None else y
        z = self.norm(self.layer(x).tanh()).add(y)
        return z if self.is_last else (z, y.mul(x))


def pipeline():
    cpu = torch.device("cpu")
    schedules = {"ScheduleGPipe": ScheduleGPipe, "Schedule1F1B": Schedule1F1B}
    for name, count, scale_grads in [
        ("ScheduleGPipe", 4, True),
        ("ScheduleGPipe", 2, False),
        ("Schedule1F1B", 4, True),
        ("Schedule1F1B", 8, True),
        ("Schedule1F1B", 8, False),
    ]:
        for Model in [Part, TwoWays]:

            def train():
                torch.manual_seed(rank)
                model = Model()
                optimizer = optim.AdamW(model.parameters(), lr=0.05)
                stage = PipelineStage(model, rank, size, cpu)
                schedule = schedules[name](stage, count, nn.functional.mse_loss, scale_grads=scale_grads)
                seen = []
                for step in range(3):
                    torch.manual_seed(100 + step)
                    x, target = torch.randn(16, 6), torch.randn(16, 6)
                    losses = []
                    optimizer.zero_grad()
                    options = {"target": target, "losses": losses} if stage.is_last else {}
                    out = schedule.step(x, **options) if stage.is_first else schedule.step(**options)
                    seen.append([None if out is None else out.detach(), [loss.detach() for loss in losses]])
                    optimizer.step()
                return [seen, [p.detach() for p in model.parameters()]]

            note(f"{name} {count} {str(scale_grads).lower()} {Model.__name__}", train)

    in_v = [rank, 2 * size - 1 - rank]
    in_turn = [rank, rank + size, rank + 2 * size]
    for name, local, count, scale_grads, numbers in [
        ("ScheduleLoopedBFS", 2, 4, True, in_turn),
        ("ScheduleInterleaved1F1B", 2, 8, True, in_turn),
        ("ScheduleInterleaved1F1B", 3, 4, False, in_turn),
        ("ScheduleInterleavedZeroBubble", 2, 8, True, in_turn),
        ("ScheduleInterleavedZeroBubble", 3, 4, True, in_turn),
        ("ScheduleZBVZeroBubble", 2, 2, True, in_v),
        ("ScheduleZBVZeroBubble", 2, 8, False, in_v),
        ("ScheduleDualPipeV", 2, 8, True, in_v),
        ("ScheduleDualPipeV", 2, 16, True, in_v),
    ]:

        def train():
            stages = []
            for index in numbers[:local]:
                torch.manual_seed(index)
                stages.append(PipelineStage(Joined(index, local * size), index, local * size, cpu))
            parameters = [p for stage in stages for p in stage.submod.parameters()]
            optimizer = optim.AdamW(parameters, lr=0.05)
            schedule = getattr(pipelining, name)(stages, count, nn.functional.mse_loss, scale_grads=scale_grads)
            seen = []
            for step in range(2):
                torch.manual_seed(100 + step)
                x, target = torch.randn(16, 6), torch.randn(16, 6)
                losses = []
                optimizer.zero_grad()
                is_last = local * size - 1 in numbers[:local]
                options = {"target": target, "losses": losses} if is_last else {}
                out = schedule.step(x, **options) if rank == 0 else schedule.step(**options)
                seen.append([None if out is None else out.detach(), [loss.detach() for loss in losses]])
                seen.append([p.grad.clone() for p in parameters])
                optimizer.step()
            return [seen, [p.detach() for p in parameters]]

        note(f"{name} {local} {count} {str(scale_grads).lower()}", train)

    def two():
        return [PipelineStage(Part(), index, 2 * size, cpu) for index in in_turn[:2]]

    note("uneven rounds", lambda: pipelining.ScheduleInterleaved1F1B(two(), 2 * size + 1))
    note("uneven rounds without bubbles", lambda: pipelining.ScheduleInterleavedZeroBubble(two(), 2 * size + 1))
    note("one stage for two", lambda: pipelining.ScheduleZBVZeroBubble(two()[:1], 4))
    note("few for both ways", lambda: pipelining.ScheduleDualPipeV(two(), 1))

    def forward_alone():
        torch.manual_seed(rank)
        stage = PipelineStage(Part(), rank, size, cpu)
        schedule = ScheduleGPipe(stage, 4)
        torch.manual_seed(200)
        x = torch.randn(16, 6)
        with torch.no_grad():
            return schedule.step(x) if stage.is_first else schedule.step()

    note("forward alone", forward_alone)
    note("out of range", lambda: PipelineStage(Part(), size, size, cpu))
    note("few", lambda: Schedule1F1B(PipelineStage(Part(), rank, size, cpu), size - 1))

    def without_gradients():
        schedule = ScheduleGPipe(PipelineStage(Part(), rank, size, cpu), 2, nn.functional.mse_loss)
        with torch.no_grad():
            schedule.step(torch.ones(2, 6))

    note("without gradients", without_gradients)


scenarios = {"pipeline": pipeline}
