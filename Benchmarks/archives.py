"""Archives for the benchmarks: as little of the format as the tool reads."""

from __future__ import annotations

import hashlib
from pathlib import Path

import h5py
import numpy as np


def new_archive(path: Path) -> h5py.File:
    """An empty archive, open for writing."""
    file = h5py.File(path, "w")
    file.attrs.update(
        format="higgs-alignment-archive",
        format_version=1,
        id="00000000-0000-0000-0000-000000000000",
        created_at="2025-01-01T00:00:00Z",
        created_by="benchmark",
    )
    return file


def add_tensor(file: h5py.File, name: str, data: np.ndarray, **attributes: str) -> None:
    """A float32 tensor in one piece, with its hash."""
    dataset = file.create_dataset(name, data=data)
    dataset.attrs.update(dtype="float32", sha256=hashlib.sha256(data).hexdigest(), **attributes)
