"""What libsndfile writes for float samples, as upstream's scripts call it, or for integers made by hand."""

import io

import numpy as np
import soundfile
import torch

from wire import Case, Packed, packed, unpacked


def whole(samples: np.ndarray, overflow: str) -> np.ndarray:
    """Samples as a script hands them to soundfile: floats, or 16 bits of its own making."""
    if overflow == "clamp":
        return samples
    scaled = samples * 32767
    if overflow == "truncate":
        scaled = np.clip(scaled, -32768, 32767)
    return scaled.astype(np.int16)


def run(case: Case) -> Packed:
    file = io.BytesIO()
    samples = whole(unpacked(case["samples"]).numpy(), case["overflow"])
    soundfile.write(file, samples, 24000, subtype=case["subtype"], format="WAV")
    file.seek(0)
    return packed(torch.from_numpy(soundfile.read(file, dtype="int32")[0]))
