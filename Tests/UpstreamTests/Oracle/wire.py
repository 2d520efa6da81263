"""Tensors in JSON."""

import base64
from typing import Any

import numpy as np
import torch

Packed = dict[str, Any] | None


class Case(dict[str, Any]):
    """A JSON object; Swift leaves a key out where the value is nil."""

    def __missing__(self, key: str) -> None:
        return None


def unpacked(value: Packed) -> torch.Tensor | None:
    """The tensor of a packed one; None stays None."""
    if value is None:
        return None
    data = np.frombuffer(base64.b64decode(value["data"]), dtype=value["dtype"]).copy()
    return torch.from_numpy(data).reshape(value["shape"])


def packed(tensor: torch.Tensor | None) -> Packed:
    """A tensor's shape, type and bytes in C order."""
    if tensor is None:
        return None
    array = np.ascontiguousarray(tensor.numpy())
    return {
        "shape": list(tensor.shape),
        "dtype": str(array.dtype),
        "data": base64.b64encode(array.tobytes()).decode(),
    }
