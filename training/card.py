"""Writes the card of trained weights: the ranges they were trained for, and the 0.5th to 99.5th percentile of what the
gate looks at, measured on scans of the training families that were not trained on.

  python3 training/card.py --weights run/network.safetensors --trials known.ndjson --name NAME --out network.safetensors
"""

import argparse
import json
from pathlib import Path

import numpy as np

import tensors

LEAST_TRIALS = 200


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("weights", "trials", "name", "out"):
        parser.add_argument(f"--{name}", required=True)
    options = parser.parse_args()
    trials = [json.loads(line) for line in Path(options.trials).read_text().splitlines()]
    figures = [trial["figures"] for trial in trials if trial["figures"]]
    if len(figures) < LEAST_TRIALS:
        raise SystemExit(f"card: {len(figures)} trials with figures; percentiles need {LEAST_TRIALS}")
    ranges = {name: np.percentile([f[name] for f in figures], [0.5, 99.5]).tolist() for name in figures[0]}
    residual = ranges.pop("residual_over_noise")
    weights, texts = tensors.read(options.weights)
    card = {
        **json.loads(texts["card"]), "name": options.name, "trials": len(figures),
        # What `anatomy::stream` draws from.
        "acceleration": [1.8, 10.5], "coils": [3, 12], "matrix": [96, 512], "noise": [0.0005, 0.03],
        "residual": residual, "figures": ranges,
    }
    # The file keeps the types it has: steps in single, weights in half precision.
    tensors.write(options.out, weights, {**texts, "card": json.dumps(card)})


if __name__ == "__main__":
    main()
