"""Batches from the generator's processes, in an order that does not depend on their speed."""

import struct
import subprocess

import numpy as np
import torch

MAGIC = b"BVS2"


def read_exactly(pipe, count):
    """`count` bytes, or None where the stream ends before them."""
    buffer = bytearray(count)
    view, done = memoryview(buffer), 0
    while done < count:
        got = pipe.readinto(view[done:])
        if not got:
            return None
        done += got
    return buffer


def read_batch(pipe):
    """One batch as a dictionary of tensors, or None at the end of the stream. The layout is `anatomy::stream`'s."""
    header = read_exactly(pipe, 24)
    if header is None:
        return None
    magic, samples, coils, rows, cols, lines = struct.unpack("<4s5I", header)
    if magic != MAGIC:
        raise ValueError("not a stream of samples")
    pixels = rows * cols
    record = np.dtype([
        ("seed", "<u8"),
        ("maps", "<c8", (coils, rows, cols)),
        ("right", "<c8", (rows, cols)),
        ("start", "<c8", (rows, cols)),
        ("hints", "<c8", (2, rows, cols)),
        ("target", "<c8", (rows, cols)),
        ("reference", "<f4", (rows, cols)),
        ("mask", "u1", (rows, cols)),
        ("support", "u1", (rows, cols)),
    ])
    assert record.itemsize == 8 + 8 * pixels * (coils + 5) + 4 * pixels + 2 * pixels
    payload = read_exactly(pipe, samples * record.itemsize)
    if payload is None:
        return None
    table = np.frombuffer(payload, dtype=record)
    batch = {name: torch.from_numpy(np.ascontiguousarray(table[name])) for name in record.names if name != "seed"}
    batch["seed"] = table["seed"].tolist()
    batch["lines"] = bool(lines)
    return batch


class Stream:
    """Batches `first`, `first + 1`, … of a seed, made by several processes that each make every n-th."""

    def __init__(self, generator, seed, first, size, processes):
        self.next, self.first = first, first
        self.workers = [
            subprocess.Popen(
                [*generator, str(seed), str(first + i), str(processes), str(1 << 40), size],
                stdout=subprocess.PIPE, bufsize=1 << 20,
            )
            for i in range(processes)
        ]

    def take(self):
        worker = self.workers[(self.next - self.first) % len(self.workers)]
        batch = read_batch(worker.stdout)
        if batch is None:
            raise RuntimeError("the generator stopped")
        self.next += 1
        return batch

    def close(self):
        for worker in self.workers:
            worker.stdout.close()
            worker.terminate()
            worker.wait()
