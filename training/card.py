"""Writes the card of trained weights: the ranges they were tried in, and the 0.5th to 99.5th percentile of what the
gate looks at, measured on scans of the training families that were not trained on.

  python3 training/card.py --weights run/network.safetensors --trials known.ndjson --name NAME --out network.safetensors

Several files of trials, of several sizes, are given with commas between them.
"""

import argparse
import json
from pathlib import Path

import numpy as np

import tensors

LEAST_TRIALS = 200


def measured(trials):
    """What the trials went through, with the slack that rounding needs: what nobody measured is refused."""
    def span(values, slack):
        return [round(min(values) / slack, 5), round(max(values) * slack, 5)]
    return {"acceleration": span([t["acceleration"] for t in trials], 1.05),
            "coils": span([t["coils"] for t in trials], 1),
            "matrix": span([t[side] for t in trials for side in ("rows", "cols")], 1),
            # Less noise than was tried is no reason to refuse.
            "noise": [0, span([t["noise_over_scale"] for t in trials], 1.05)[1]]}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("weights", "trials", "name", "out"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--intervals", help="what `bevan mri evaluate --intervals --out` wrote")
    options = parser.parse_args()
    lines = [line for path in options.trials.split(",") for line in Path(path).read_text().splitlines()]
    trials = [json.loads(line) for line in lines]
    figures = [trial["figures"] for trial in trials if trial["figures"]]
    if len(figures) < LEAST_TRIALS:
        raise SystemExit(f"card: {len(figures)} trials with figures; percentiles need {LEAST_TRIALS}")
    ranges = {name: np.percentile([f[name] for f in figures], [0.5, 99.5]).tolist() for name in figures[0]}
    residual = ranges.pop("residual_over_noise")
    weights, texts = tensors.read(options.weights)
    card = {
        **json.loads(texts["card"]), "name": options.name, "trials": len(figures),
        **measured(trials),
        "residual": residual, "figures": ranges,
    }
    if options.intervals:
        card["interval"] = json.loads(Path(options.intervals).read_text())["learned"]
    # The file keeps the types it has: steps in single, weights in half precision.
    tensors.write(options.out, weights, {**texts, "card": json.dumps(card)})


if __name__ == "__main__":
    main()
