"""What scripts do to a waveform before they write it: cut or pad its ends, then scale it."""

import numpy as np
import torch

from wire import Case, Packed, packed, unpacked


def trimmed(sound: np.ndarray, start: int, end: int) -> np.ndarray:
    sound = sound[max(start, 0) : -end if end > 0 else None]
    return np.pad(sound, (max(-start, 0), max(-end, 0)))


def run(case: Case) -> Packed:
    sound = trimmed(unpacked(case["samples"]).numpy(), *case["trim"])
    if case["factor"] is not None:
        sound = sound * case["factor"]
    elif sound.size:
        sound = sound / np.abs(sound).max()
    return packed(torch.from_numpy(sound))
