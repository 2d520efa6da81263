"""Writes two archives of random tensors and prints the figures of every pair, computed by numpy in float64.

Usage: figures.py SEED COUNT LEFT RIGHT
"""

from __future__ import annotations

import hashlib
import json
import sys
from typing import Any

import h5py
import numpy as np

BOUNDS = {"float64": (1e-7, 1e-7), "float32": (1.3e-6, 1e-5), "float16": (1e-3, 1e-5), "bfloat16": (1.6e-2, 1e-5)}
DTYPES = [*BOUNDS, "int64", "int32", "uint8", "bool"]
FRAME = 960
SLICES = 1 << 16


def real(stored: np.ndarray, dtype: str) -> np.ndarray:
    """The values in float64."""
    if dtype == "bfloat16":
        wide = np.atleast_1d(stored).astype(np.uint32) << 16
        return wide.view(np.float32).astype(np.float64).reshape(stored.shape)
    return stored.astype(np.float64)


def places(stored: np.ndarray) -> np.ndarray:
    """Each float's place among all values of its type, both zeros the same."""
    bits = np.atleast_1d(stored).view({8: np.int64, 4: np.int32, 2: np.int16}[stored.dtype.itemsize]).ravel()
    low = np.iinfo(bits.dtype).min
    with np.errstate(over="ignore"):
        return np.where(bits >= 0, bits, low - bits).astype(np.int64)


def distance(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """|left - right| of integers, exact."""
    a, b = left.astype(np.int64), right.astype(np.int64)
    return np.where(a > b, a.view(np.uint64) - b.view(np.uint64), b.view(np.uint64) - a.view(np.uint64))


def noise(rng: np.random.Generator, dtype: str, shape: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    """A pair of tensors: equal, a little apart, or broken in one of several ways."""
    if dtype in BOUNDS:
        scale = 10.0 ** rng.integers(-6, 4)
        right = rng.standard_normal(shape) * scale
        if rng.random() < 0.3:
            right = np.where(rng.random(shape) < 0.2, 0, right)
        level = rng.choice([0, 1e-9, 1e-7, 1e-6, 1e-3, 0.1])
        left = right * (1 + level * rng.standard_normal(shape)) + level * scale * rng.standard_normal(shape)
        kind = rng.integers(0, 6)
        special = rng.random(shape) < 0.05
        if kind == 0:
            left = np.where(special, np.nan, left)
        elif kind == 1:
            left, right = (np.where(special, np.nan, side) for side in (left, right))
        elif kind == 2:
            left, right = (np.where(special, -np.inf, side) for side in (left, right))
        elif kind == 3:
            right = np.where(special, np.inf, right)
        elif kind == 4 and rng.random() < 0.3:
            least = {"float64": -np.finfo(np.float64).max, "float16": -65504.0}.get(dtype, -3.3e38)
            left, right = (np.where(special, least, side) for side in (left, right))
        sides = []
        for side in (left, right):
            if dtype == "bfloat16":
                bits = np.atleast_1d(side).astype(np.float32).view(np.uint32) >> 16
                sides.append(bits.astype(np.uint16).reshape(np.shape(side)))
            else:
                with np.errstate(over="ignore"):
                    sides.append(side.astype(dtype))
        return sides[0], sides[1]
    if dtype == "bool":
        right = rng.random(shape) < 0.5
        return (right ^ (rng.random(shape) < rng.choice([0, 0.05]))).astype(np.uint8), right.astype(np.uint8)
    info = np.iinfo(dtype)
    right = rng.integers(info.min, info.max, shape, dtype=dtype, endpoint=True)
    if rng.random() < 0.5:
        right = (right % 1026).astype(dtype)
    swapped = rng.random(shape) < rng.choice([0, 0.02])
    return np.where(swapped, rng.integers(info.min, info.max, shape, dtype=dtype), right), right


def figures(left: np.ndarray, right: np.ndarray, dtype: str, axes: list[str]) -> dict[str, Any]:
    """All figures, each by its definition."""
    a, b = real(left, dtype), real(right, dtype)
    limit = {"float64": np.finfo(np.float64).max, "float32": np.finfo(np.float32).max, "float16": 65504.0}
    mask = limit.get(dtype, 3.3895313892515355e38) / 2 if dtype in BOUNDS else np.inf
    finite_right = np.abs(b) < mask
    rms = float(np.sqrt(np.mean(b[finite_right] ** 2))) if finite_right.any() else 0.0
    relative, absolute = BOUNDS.get(dtype, (0.0, 0.0))
    with np.errstate(invalid="ignore", over="ignore"):
        if dtype in BOUNDS:
            error = np.where(a == b, 0.0, np.abs(a - b))
        else:
            error = distance(np.atleast_1d(left), np.atleast_1d(right)).astype(np.float64).reshape(left.shape)
        bound = absolute * rms + relative * np.abs(b)
        over = (error != 0) & (~np.isfinite(error) | ~(error <= bound))
        both = np.isfinite(a) & np.isfinite(b)
        energy = float(np.sum(error[both] ** 2))
        if (error[~both] != 0).any():
            energy = float("inf")
        left_energy, right_energy = float(np.sum(a[both] ** 2)), float(np.sum(b[both] ** 2))
        nonzero = (b != 0) & np.isfinite(b) & ~np.isnan(error)
        max_rel = float(np.max(error[nonzero] / np.abs(b[nonzero]), initial=0.0))
    flat = error.ravel()
    different = np.flatnonzero(flat != 0)
    first = np.flatnonzero(over.ravel())
    first = first if first.size else different
    if np.isnan(flat).any():
        worst = np.flatnonzero(np.isnan(flat))
        max_abs = float("nan")
    else:
        max_abs = float(np.max(flat, initial=0.0))
        worst = np.flatnonzero(flat == max_abs) if max_abs > 0 else different
    ulp = None
    if dtype in BOUNDS:
        usable = both.ravel()
        gaps = distance(places(left)[usable], places(right)[usable])
        ulp = min(int(gaps.max(initial=0)), 2**63 - 1)

    def index(offsets: np.ndarray) -> list[int] | None:
        return [int(i) for i in np.unravel_index(offsets[0], left.shape)] if offsets.size else None

    return {
        "count": int(flat.size),
        "different": int(different.size),
        "over": int(over.sum()),
        "first": index(first),
        "worst": index(worst),
        "max_abs": max_abs,
        "max_rel": max_rel,
        "rms_error": float(np.sqrt(energy / flat.size)) if flat.size else 0.0,
        "left_energy": left_energy,
        "right_energy": right_energy,
        "product": float(np.sum(a[both] * b[both])),
        "error_energy": energy,
        "ulp": ulp,
        "nan_pairs": int((np.isnan(a) & np.isnan(b)).sum()),
        "slices": slices(error, over, axes) if different.size else [],
    }


def slices(error: np.ndarray, over: np.ndarray, axes: list[str]) -> list[dict[str, Any]]:
    """Mean square error and count over the tolerance of every slice of every axis that has some."""
    found = []
    for axis, extent in enumerate(error.shape):
        name = axes[axis] if axes else f"axis {axis}"
        if not name:
            continue
        unit = FRAME if name == "sample" else 1
        units = -(-extent // unit)
        length = unit * max(1, -(-units // SLICES))
        if error.ndim == 1 and length == 1:
            continue
        squares = np.moveaxis(error, axis, 0).reshape(extent, -1) ** 2
        counts = np.moveaxis(over, axis, 0).reshape(extent, -1)
        starts = range(0, extent, length)
        means = [float(np.mean(squares[s : s + length])) for s in starts]
        means = [float("inf") if np.isnan(m) else m for m in means]
        found.append({
            "axis": "frame" if name == "sample" else name,
            "length": length // unit,
            "indices": [s // unit for s in starts],
            "means": means,
            "over": [int(counts[s : s + length].sum()) for s in starts],
        })
    return found


def store(file: h5py.File, path: str, data: np.ndarray, dtype: str, axes: list[str], rng: np.random.Generator) -> None:
    """Stores a tensor in one piece, in chunks or with its bytes the other way round."""
    how: dict[str, Any] = {}
    kind = rng.integers(0, 4)
    if kind == 1 and data.ndim and data.size:
        how = {"chunks": tuple(int(rng.integers(1, extent + 1)) for extent in data.shape), "compression": "gzip"}
        if np.prod(how["chunks"]) * 200 < data.size:
            how["chunks"] = data.shape
    elif kind == 2 and data.dtype.itemsize > 1:
        how = {"dtype": data.dtype.newbyteorder(">")}
    dataset = file.create_dataset(path, data=data, **how)
    dataset.attrs["dtype"] = dtype
    dataset.attrs["sha256"] = hashlib.sha256(np.ascontiguousarray(data).tobytes()).hexdigest()
    if axes:
        dataset.attrs["axes"] = json.dumps(axes)


def shape_of(rng: np.random.Generator) -> tuple[int, ...]:
    """Mostly small; now and then of more than one block of 65,536."""
    if rng.random() < 0.02:
        return tuple(int(e) for e in ([rng.integers(2**16, 2**18)] if rng.random() < 0.5 else rng.integers(300, 600, 2)))
    rank = int(rng.integers(0, 5))
    return tuple(int(rng.integers(0 if rng.random() < 0.05 else 1, 40 if rank < 3 else 12)) for _ in range(rank))


def plain(value: Any) -> Any:
    """The value with what JSON cannot hold as text."""
    if isinstance(value, dict):
        return {key: plain(member) for key, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(member) for member in value]
    if isinstance(value, float) and not np.isfinite(value):
        return "nan" if np.isnan(value) else "inf" if value > 0 else "-inf"
    return value


def main() -> None:
    """Writes the archives and prints the figures."""
    seed, count = int(sys.argv[1]), int(sys.argv[2])
    rng = np.random.default_rng(seed)
    results = {}
    with h5py.File(sys.argv[3], "w") as left_file, h5py.File(sys.argv[4], "w") as right_file:
        for file in (left_file, right_file):
            file.attrs.update(
                format="higgs-alignment-archive", format_version=1, id="0", created_at="2025", created_by="figures"
            )
        for case in range(count):
            dtype = DTYPES[int(rng.integers(0, len(DTYPES)))]
            shape = shape_of(rng)
            left, right = noise(rng, dtype, shape)
            left, right = np.asarray(left), np.asarray(right)
            names = rng.choice(["frame", "codebook", "sample", ""], len(shape)).tolist()
            axes = names if shape and rng.random() < 0.6 else []
            path = f"samples/000000/decode/captured/calls/{case}/codes"
            store(left_file, path, left, dtype, axes, rng)
            store(right_file, path, right, dtype, axes, rng)
            results[str(case)] = figures(left, right, dtype, axes) | {"dtype": dtype, "shape": shape}
    json.dump(plain(results), sys.stdout)


if __name__ == "__main__":
    main()
