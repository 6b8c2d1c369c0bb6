"""safetensors files, read and written without the package: an 8-byte length, a JSON header, the tensors' bytes."""

import json
import struct
from pathlib import Path

import numpy as np
import torch

NAMES = {torch.float32: "F32", torch.float16: "F16"}
TYPES = {"F32": "<f4", "F16": "<f2"}


def write(path, tensors, metadata):
    """Writes under another name first: a stopped run leaves no half file."""
    header, blobs, offset = {"__metadata__": metadata}, [], 0
    for name in sorted(tensors):
        value = tensors[name].detach().cpu().contiguous()
        blob = value.numpy().tobytes()
        header[name] = {"dtype": NAMES[value.dtype], "shape": list(value.shape), "data_offsets": [offset, offset + len(blob)]}
        blobs.append(blob)
        offset += len(blob)
    text = json.dumps(header, sort_keys=True).encode()
    text += b" " * (-len(text) % 8)
    partial = Path(f"{path}.partial")
    partial.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(blobs))
    partial.replace(path)


def read(path):
    """The tensors and the texts."""
    data = Path(path).read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    body = data[8 + length :]
    metadata = header.pop("__metadata__", {})
    tensors = {}
    for name, member in header.items():
        start, end = member["data_offsets"]
        values = np.frombuffer(body[start:end], dtype=TYPES[member["dtype"]]).reshape(member["shape"])
        tensors[name] = torch.from_numpy(values.copy())
    return tensors, metadata
