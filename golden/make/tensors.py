"""Tensors in HDF5, after the tensor rule of the archive format."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import h5py
import numpy as np
import torch

_CHUNKED_FROM = 4096


def elements(tensor: torch.Tensor) -> tuple[np.ndarray, str]:
    """The array that is stored (little-endian, C order) and the name of its logical type."""
    tensor = tensor.detach().cpu().contiguous()
    if tensor.dtype == torch.bfloat16:
        return tensor.view(torch.int16).numpy().view("<u2"), "bfloat16"
    if tensor.dtype == torch.bool:
        return tensor.numpy().astype(np.uint8), "bool"
    array = tensor.numpy()
    return array.astype(array.dtype.newbyteorder("<"), copy=False), str(tensor.dtype).removeprefix("torch.")


def digest(tensor: torch.Tensor) -> str:
    """SHA-256 over the logical elements."""
    return hashlib.sha256(elements(tensor)[0].tobytes()).hexdigest()


def write_tensor(group: h5py.Group, name: str, tensor: torch.Tensor) -> None:
    """Writes one tensor as a dataset with its type and hash."""
    array, dtype = elements(tensor)
    packed = {"compression": "gzip", "compression_opts": 9, "shuffle": True, "chunks": array.shape}
    dataset = group.create_dataset(name, data=array, **(packed if array.nbytes > _CHUNKED_FROM else {}))
    dataset.attrs["dtype"] = dtype
    dataset.attrs["sha256"] = hashlib.sha256(array.tobytes()).hexdigest()


def read_tensor(dataset: h5py.Dataset) -> torch.Tensor:
    """Reads one tensor and checks its hash."""
    array = dataset[()]
    found = hashlib.sha256(np.asarray(array).tobytes()).hexdigest()
    if found != dataset.attrs["sha256"]:
        raise ValueError(f"{dataset.file.filename}: {dataset.name} does not match its hash")
    tensor = torch.from_numpy(np.array(array, copy=True))
    if dataset.attrs["dtype"] == "bfloat16":
        return tensor.view(torch.bfloat16)
    return tensor.bool() if dataset.attrs["dtype"] == "bool" else tensor


def write_json(group: h5py.Group, name: str, value: Any) -> None:
    """Writes a value as a JSON string."""
    group.create_dataset(name, data=json.dumps(value, indent=1, sort_keys=True), dtype=h5py.string_dtype())


def read_json(dataset: h5py.Dataset) -> Any:
    """Reads a value from a JSON string."""
    return json.loads(dataset.asstr()[()])
