"""Trains the reconstruction network on generated scans only. Stops when told and goes on where it stopped.

  python3 training/train.py --generator "target/release/examples/samples" --out run --budget-minutes 24 --minutes 9

The learning rate follows the share of the budget that has been used, so a run in several commands ends as one run would. On a
processor the budget is its own time: what else the machine does changes when the run ends, not what comes of it.
On a processor: `--size medium` for hours, `--size small --budget-minutes 5` to see that it works.
"""

import argparse
import json
import math
import os
import shlex
import sys
import time
from pathlib import Path

import torch

import checkpoint
import loss
import muon
import tensors
from network import Unrolled
from replay import Replay
from stream import Stream

DEVICE_KEYS = ("maps", "mask", "right", "start", "hints", "target", "reference", "support")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--generator", required=True, help="command that writes samples")
    parser.add_argument("--out", required=True, help="folder of the checkpoint and of the weights")
    parser.add_argument("--size", choices=("full", "medium", "small"), default="full")
    parser.add_argument("--begin", help="weights that a new run begins with, in place of random ones")
    parser.add_argument("--budget-minutes", type=float, required=True, help="training time of the whole run; on a processor, processor time")
    parser.add_argument("--minutes", type=float, default=math.inf, help="stop this command after so long")
    parser.add_argument("--save-minutes", type=float, default=2.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=max(1, (os.cpu_count() or 2) - 1))
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--repeat", type=int, default=2, help="steps for each fresh batch; the others are on batches of before, mirrored and turned in phase")
    parser.add_argument("--room", type=int, default=1000, help="batches that are kept for that")
    parser.add_argument("--half", action="store_true", help="bfloat16 layers on a processor too")
    parser.add_argument("--cascades", type=int, default=5)
    parser.add_argument("--widths", type=int, nargs=3, default=(32, 48, 64))
    parser.add_argument("--rate", type=float, default=0.004, help="of the largest steps, whose matrices are orthonormal times this")
    return parser.parse_args()


def share_at(used):
    """The share of the largest steps: up over the first 2 % of the budget, then a cosine down to a hundredth."""
    if used < 0.02:
        return 0.05 + 0.95 * used / 0.02
    return 0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * min(1.0, (used - 0.02) / 0.98)))


class Usual:
    """How hard batches pull, as a running mean of the gradients' size. One that pulls much harder would undo hundreds of
    steps and is left out; it counts in the mean, so that a run cannot stand still."""

    MUCH, SHARE = 6.0, 0.03

    def __init__(self):
        self.mean, self.seen = 0.0, 0

    def allows(self, norm):
        if not math.isfinite(norm):
            return False
        self.seen += 1
        share = max(self.SHARE, 1 / self.seen)
        before, self.mean = self.mean, self.mean + share * (norm - self.mean)
        return self.seen < 100 or norm < self.MUCH * before


def turned(batch, step):
    """The same scans with another overall phase, mirrored along rows, columns or both: a mirrored image has mirrored
    k-space, so the mask is mirrored too."""
    phase = torch.polar(torch.tensor(1.0), torch.tensor(2.399963 * step % (2 * math.pi))).to(batch["right"].device)
    batch = dict(batch)
    for name in ("right", "start", "hints", "target"):
        batch[name] = batch[name] * phase
    for axis, bit in ((-2, 1), (-1, 2)):
        if step & bit:
            for name in DEVICE_KEYS:
                # About the centre sample, which is n/2.
                value = batch[name]
                batch[name] = torch.roll(value.flip(axis), 1 - value.shape[axis] % 2, axis)
    return batch


def export(path, average, texts):
    halves = {name: value.to(torch.float16 if name != "steps" else torch.float32) for name, value in average.values.items()}
    tensors.write(path, halves, texts)


def main():
    options = arguments()
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    torch.manual_seed(options.seed)
    if options.threads:
        torch.set_num_threads(options.threads)
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = True
    network = Unrolled(options.cascades, tuple(options.widths)).to(device).to(memory_format=torch.channels_last)
    if options.begin:
        checkpoint.fill(network, tensors.read(options.begin)[0])
    average = checkpoint.Average(network)
    optimiser = muon.of(network, options.rate)
    fresh = {"step": 0, "batch": 0, "samples": 0, "minutes": 0.0, "loss": None, "seed": options.seed, "size": options.size,
             "cascades": options.cascades, "widths": list(options.widths), "budget": options.budget_minutes}
    state = checkpoint.load(options.out, network, average, optimiser) or fresh
    for key in ("seed", "size", "cascades"):
        if state[key] != fresh[key]:
            sys.exit(f"train: {options.out} holds a run with {key} {state[key]}")
    print(json.dumps({"device": str(device), "torch": torch.__version__, **state}), flush=True)
    stream = Stream(shlex.split(options.generator), options.seed, state["batch"], options.size, options.processes)
    try:
        train(options, device, (network, average, optimiser), state, stream)
    finally:
        stream.close()
    texts = {"card": json.dumps({"name": "untested", "trained": {k: state[k] for k in ("step", "samples", "minutes", "seed", "size")},
             "device": torch.cuda.get_device_name() if device.type == "cuda" else "cpu"})}
    export(Path(options.out) / "network.safetensors", average, texts)


def train(options, device, parts, state, stream):
    network, average, optimiser = parts
    begin = last_save = last_tell = time.monotonic()
    used = time.monotonic if device.type == "cuda" else time.process_time
    begin_used = used()
    before, waited, sums, count, left_out = state["minutes"], 0.0, torch.zeros(5, device=device), 0, 0
    replay, usual = Replay(options.room, options.seed), Usual()
    while True:
        now = time.monotonic()
        state["minutes"] = before + (used() - begin_used) / 60
        done = state["minutes"] >= options.budget_minutes or (now - begin) / 60 >= options.minutes
        if done or now - last_save > 60 * options.save_minutes:
            checkpoint.save(options.out, network, average, optimiser, state)
            last_save = now
        if count and (done or now - last_tell > 20):
            total, nrmse, ssim, norm, gain = (sums / count).tolist()
            state["loss"] = total
            line = {"minutes": round(state["minutes"], 2), "step": state["step"], "samples": state["samples"], "loss": round(total, 4),
                    "nrmse": round(nrmse, 4), "ssim": round(ssim, 4), "loss_over_start": round(gain, 4), "gradient": round(norm, 3), "waiting": round(waited / (now - last_tell), 2), "left_out": left_out}
            print(json.dumps(line), flush=True)
            last_tell, waited, count, left_out = now, 0.0, 0, 0
            sums.zero_()
        if done:
            return
        asked = time.monotonic()
        batch = stream.take()
        waited += time.monotonic() - asked
        state["batch"] = stream.next
        replay.add(batch)
        for again in range(options.repeat):
            for group in optimiser.param_groups:
                group["share"] = share_at(state["minutes"] / options.budget_minutes)
            batch = replay.take(state["batch"] * options.repeat + again) if again else batch
            lines = batch["lines"]
            seen = turned({name: batch[name].to(device, non_blocking=True) for name in DEVICE_KEYS}, state["step"])
            x = network(seen["maps"], seen["mask"], seen["right"], (seen["start"], seen["hints"]), lines, half=options.half or device.type == "cuda")
            each, nrmse, ssim = loss.figures(x, seen["target"], seen["reference"], seen["support"])
            with torch.no_grad():
                # Scans differ twentyfold in how hard they are: what the start leaves is the measure, so that none outweighs the others.
                begun = loss.figures(seen["start"], seen["target"], seen["reference"], seen["support"])[0]
            total = (each / begun.clamp(min=1e-3)).mean()
            optimiser.zero_grad(set_to_none=True)
            total.backward()
            norm = torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            if not usual.allows(float(norm)):
                left_out += 1
                continue
            optimiser.step()
            state["step"] += 1
            state["samples"] += len(x)
            average.update(network, state["step"])
            sums += torch.stack([each.detach().mean(), nrmse.mean(), ssim.mean(), norm.detach(), total.detach()])
            count += 1


if __name__ == "__main__":
    main()
