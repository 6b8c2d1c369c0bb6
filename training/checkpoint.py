"""A training run that can stop and go on: weights, their running average and the optimiser's two moments, each in a file
of its own (one stays under 16 MiB), and a JSON file, written last, that says where the run is."""

import json
from pathlib import Path

import torch

import tensors

PARTS = ("weights", "average", "first", "second")


class Average:
    """Exponential running average of the weights, what is shipped."""

    def __init__(self, network, decay=0.9995):
        self.decay = decay
        self.values = {name: p.detach().clone() for name, p in network.tensors().items()}

    @torch.no_grad()
    def update(self, network, step):
        decay = min(self.decay, (1 + step) / (10 + step))
        for name, p in network.tensors().items():
            self.values[name].lerp_(p.detach(), 1 - decay)


@torch.no_grad()
def fill(network, values):
    """Takes weights as a file has them, in either precision."""
    for name, p in network.tensors().items():
        p.copy_(values[name])


def save(folder, network, average, optimiser, state):
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    named = network.tensors()
    moment = lambda key: {name: optimiser.state[p][key] for name, p in named.items() if key in optimiser.state.get(p, {})}
    parts = dict(zip(PARTS, (named, average.values, moment("exp_avg"), moment("exp_avg_sq"))))
    for part, values in parts.items():
        tensors.write(folder / f"{part}.safetensors", values, {"step": str(state["step"])})
    partial = folder / "state.json.partial"
    partial.write_text(json.dumps(state, indent=1))
    partial.replace(folder / "state.json")


def load(folder, network, average, optimiser):
    """The state, or None where there is nothing to go on from. Parts of two different moments are refused."""
    path = Path(folder) / "state.json"
    if not path.exists():
        return None
    state = json.loads(path.read_text())
    read = {part: tensors.read(Path(folder) / f"{part}.safetensors") for part in PARTS}
    if any(texts.get("step") != str(state["step"]) for _, texts in read.values()):
        raise ValueError(f"{folder} was not written to its end")
    fill(network, read["weights"][0])
    with torch.no_grad():
        for name, p in network.tensors().items():
            average.values[name].copy_(read["average"][0][name])
            moments = {key: read[part][0].get(name) for part, key in (("first", "exp_avg"), ("second", "exp_avg_sq"))}
            kept = {key: value.to(p.device) for key, value in moments.items() if value is not None}
            # What has only the first moment counts no steps.
            optimiser.state[p] = {**kept, "step": state["step"]} if "exp_avg_sq" in kept else kept
    return state
