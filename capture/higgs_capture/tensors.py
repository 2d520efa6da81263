"""A logical tensor: what an archive stores, whatever library it came from."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np

NONE = "none"

#: Logical dtype -> the little-endian NumPy dtype that holds it in the file.
STORAGE: dict[str, np.dtype[Any]] = {
    "float64": np.dtype("<f8"),
    "float32": np.dtype("<f4"),
    "float16": np.dtype("<f2"),
    "bfloat16": np.dtype("<u2"),
    "int64": np.dtype("<i8"),
    "int32": np.dtype("<i4"),
    "uint8": np.dtype("u1"),
    "bool": np.dtype("u1"),
}


@dataclass(frozen=True)
class Tensor:
    """Elements in their storage dtype, with the logical dtype beside them.

    `data` is None for a Python None only. bfloat16 is held as its uint16 bits, bool as 0 or 1.
    """

    dtype: str
    data: np.ndarray | None

    @property
    def shape(self) -> tuple[int, ...]:
        return () if self.data is None else self.data.shape

    @property
    def sha256(self) -> str:
        """Lower-case hex over the elements, little-endian, in C order."""
        if self.data is None:
            return hashlib.sha256(b"").hexdigest()
        return hashlib.sha256(np.ascontiguousarray(self.data).tobytes()).hexdigest()

    @property
    def values(self) -> np.ndarray:
        """The elements as numbers; bfloat16 widened to float32, bool as bool."""
        if self.data is None:
            raise ValueError("None has no elements")
        if self.dtype == "bfloat16":
            return (self.data.astype("<u4") << 16).view("<f4")
        return self.data.astype(bool) if self.dtype == "bool" else self.data

    def equals(self, other: Tensor) -> bool:
        """Same dtype, same shape, same bits (so NaN equals itself)."""
        return self.dtype == other.dtype and self.shape == other.shape and self.sha256 == other.sha256


ABSENT = Tensor(NONE, None)


def tensor(value: Any) -> Tensor:
    """An independent copy of a torch tensor, NumPy array, number, list or None."""
    if value is None:
        return ABSENT
    if isinstance(value, Tensor):
        return value
    if hasattr(value, "detach") and hasattr(value, "cpu"):
        return _from_torch(value)
    return _from_numpy(np.array(value))


def _from_torch(value: Any) -> Tensor:
    name = str(value.dtype).rsplit(".", 1)[-1]
    given = value.detach().cpu().contiguous()
    if name == "bfloat16":
        import torch

        return Tensor(name, given.view(torch.int16).numpy().view("<u2").copy())
    if name == "bool":
        return Tensor(name, given.numpy().astype("u1"))
    return _from_numpy(given.numpy())


def _from_numpy(array: np.ndarray) -> Tensor:
    name = array.dtype.name
    if name not in STORAGE or name == "bfloat16":
        raise TypeError(f"an archive holds no tensor of dtype {name}")
    return Tensor(name, np.array(array, dtype=STORAGE[name], order="C"))
