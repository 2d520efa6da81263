"""Reads a sound file back as it was stored: WAV by itself, other formats with soundfile where it is installed."""

from __future__ import annotations

import io
import os
import struct
from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np

from .tensors import Tensor, tensor

_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
_SUBTYPES = {
    (_PCM, 8): "PCM_U8",
    (_PCM, 16): "PCM_16",
    (_PCM, 24): "PCM_24",
    (_PCM, 32): "PCM_32",
    (_FLOAT, 32): "FLOAT",
    (_FLOAT, 64): "DOUBLE",
}


@dataclass(frozen=True)
class StoredSound:
    """Samples [N] or [N, channels]: int32 at full scale 2^31 for PCM, float32 for floats. Subtypes are libsndfile's."""

    sample_rate: int
    subtype: str
    samples: Tensor


def read_back(file: Any) -> StoredSound:
    """Reads a path or an object with the file's bytes. Raises ValueError or OSError where it cannot."""
    if hasattr(file, "getvalue"):
        content = io.BytesIO(file.getvalue())
        return read_wav(content) or _with_soundfile(content)
    with open(os.fspath(file), "rb") as handle:
        return read_wav(handle) or _with_soundfile(handle)


def read_wav(handle: BinaryIO) -> StoredSound | None:
    """A RIFF WAVE file of PCM or floats; None if it is anything else. A data chunk that is cut off is read as it is."""
    handle.seek(0)
    head = handle.read(12)
    if head[:4] != b"RIFF" or head[8:12] != b"WAVE":
        return None
    form: tuple[int, int, int, int] | None = None
    while len(chunk := handle.read(8)) == 8:
        name, size = chunk[:4], struct.unpack("<I", chunk[4:])[0]
        if name == b"data" and form is not None:
            return _samples(handle.read(size), *form)
        content = handle.read(size + size % 2)
        if name == b"fmt " and len(content) >= 16:
            tag, channels, rate, _, _, bits = struct.unpack("<HHIIHH", content[:16])
            if tag == _EXTENSIBLE and len(content) >= 26:
                (tag,) = struct.unpack("<H", content[24:26])
            form = (tag, channels, rate, bits)
    return None


def _samples(content: bytes, tag: int, channels: int, rate: int, bits: int) -> StoredSound | None:
    subtype = _SUBTYPES.get((tag, bits))
    if subtype is None or channels == 0:
        return None
    width = bits // 8
    content = content[: len(content) // (width * channels) * width * channels]
    if tag == _FLOAT:
        samples = np.frombuffer(content, f"<f{width}").astype("<f4")
    elif bits == 8:
        samples = (np.frombuffer(content, "u1").astype("<i4") - 128) << 24
    else:
        # The bytes of a sample become the highest ones of 32 bits.
        raw = np.zeros((len(content) // width, 4), "u1")
        raw[:, 4 - width :] = np.frombuffer(content, "u1").reshape(-1, width)
        samples = raw.reshape(-1).view("<i4")
    return StoredSound(rate, subtype, tensor(samples.reshape(-1, channels) if channels > 1 else samples))


def _with_soundfile(handle: BinaryIO) -> StoredSound:
    try:
        import soundfile
    except ImportError as error:
        raise ValueError("not a WAV file of PCM or floats, and soundfile is not installed") from error
    handle.seek(0)
    with soundfile.SoundFile(handle) as file:
        kind = "int32" if file.subtype.startswith(("PCM", "ALAC")) else "float32"
        return StoredSound(int(file.samplerate), file.subtype, tensor(file.read(dtype=kind)))
