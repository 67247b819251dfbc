"""What tests/distributed/scenarios/pipelining.mjs does, in Python."""

import torch
from torch import nn, optim
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
