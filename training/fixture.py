"""Writes the sample that the Rust inference is held to: a small network of random weights, a scan and the image that
PyTorch makes of it. Run after a change of the layers:

  python3 training/fixture.py --generator target/debug/examples/samples --out crates/mri/tests/fixtures/unrolled.safetensors
"""

import argparse
import shlex

import torch

import tensors
from network import Unrolled
from stream import Stream


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--generator", required=True)
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    torch.manual_seed(7)
    network = Unrolled(2, (32, 16, 16))
    with torch.no_grad():
        network.steps.copy_(torch.tensor([0.9, 1.1, 0.7]))
        for cascade in network.cascades:
            # Large enough that a wrong layer cannot hide behind the data term.
            cascade.out.weight.mul_(200)
        for value in network.parameters():
            if value.ndim == 4:
                value.copy_(value.half().float())
    stored = {}
    for case, wanted in (("lines", True), ("points", False)):
        batch = take(shlex.split(options.generator), wanted)
        one = {name: batch[name][:1] for name in ("maps", "mask", "right", "start", "hints")}
        with torch.no_grad():
            image = network(one["maps"], one["mask"], one["right"], (one["start"], one["hints"]), wanted)
        print(case, tuple(one["maps"].shape), "moved", float((image - one["start"]).abs().norm() / one["start"].abs().norm()))
        for name, value in {**one, "image": image}.items():
            value = torch.view_as_real(value[0]) if value.is_complex() else value[0].float()
            stored[f"{case}.{name}"] = value.contiguous()
    weights = {name: value if name == "steps" else value.half() for name, value in network.tensors().items()}
    tensors.write(options.out, {**weights, **stored}, {"made": "training/fixture.py, PyTorch " + torch.__version__})


def take(generator, lines):
    """The first batch of small planes whose masks are of the wanted kind."""
    stream = Stream(generator, 3, 0, "small", 1)
    try:
        while True:
            batch = stream.take()
            if batch["lines"] == lines and batch["maps"][0].numel() < 12_000:
                return batch
    finally:
        stream.close()


if __name__ == "__main__":
    main()
