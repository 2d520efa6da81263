"""Upstream's codes of a generated stream, for the codec to be given."""

from __future__ import annotations

from typing import Any

import numpy as np


def undelayed(stream: np.ndarray) -> np.ndarray:
    """The delay pattern [C, L] undone: [C, L-C+1] (`revert_delay_pattern` of upstream)."""
    codebooks, columns = stream.shape
    return np.stack([stream[row, row : columns - codebooks + 1 + row] for row in range(codebooks)])


def upstream_codes(stream: np.ndarray, codebook_size: int, applied: set[str]) -> np.ndarray:
    """Revert, clip, strip: codes [C, T] of a delayed stream [C, L], as the serving engine has them.

    With `tokens.strip-valid-frame` among the repairs the last column is kept where it holds no EOS; with
    `tokens.special-inside` every column with a special id is left out.
    """
    reverted = undelayed(stream)
    inner = reverted[:, 1:-1]
    if "tokens.strip-valid-frame" in applied and not np.any(reverted[:, -1] == codebook_size + 1):
        inner = reverted[:, 1:]
    if "tokens.special-inside" in applied:
        inner = inner[:, np.all(inner < codebook_size, axis=0)]
    return np.clip(inner, 0, codebook_size - 1)


def like(codes: np.ndarray, given: Any) -> Any:
    """Codes [C, T] as a tensor [1, C, T] of the kind and on the device of the one that the codec was given."""
    return given.new_tensor(codes[None].tolist())
