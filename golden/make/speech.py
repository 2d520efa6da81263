"""Synthetic speech from espeak-ng: the training material and the two reference voices."""

from __future__ import annotations

import io
import subprocess
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
import soundfile
from scipy.signal import resample_poly

SAMPLE_RATE = 24_000
LEVEL = 0.1
"""Root mean square of every utterance."""
VOICES_FOLDER = Path(__file__).parent / "voices"


@dataclass(frozen=True)
class Voice:
    """An espeak-ng voice: its name, its pitch (0 to 99) and its speed in words per minute."""

    espeak: str
    pitch: int
    speed: int


def speak(text: str, voice: Voice) -> np.ndarray:
    """Speech as float32 samples at 24 kHz, silence trimmed from both ends."""
    command = [
        "espeak-ng",
        "-v",
        voice.espeak,
        "-p",
        str(voice.pitch),
        "-s",
        str(voice.speed),
        "--stdout",
        text,
    ]
    sound = subprocess.run(command, check=True, capture_output=True).stdout
    samples, rate = soundfile.read(io.BytesIO(_with_true_length(sound)), dtype="float64")
    ratio = Fraction(SAMPLE_RATE, rate)
    samples = _trim(resample_poly(samples, ratio.numerator, ratio.denominator))
    samples *= LEVEL / np.sqrt(np.mean(samples**2))
    return np.clip(samples, -1, 1).astype(np.float32)


def _with_true_length(wav: bytes) -> bytes:
    """espeak-ng writes to a pipe and cannot fill in the lengths of the header; do it for it."""
    header = bytearray(wav[:44])
    header[4:8] = (len(wav) - 8).to_bytes(4, "little")
    header[40:44] = (len(wav) - 44).to_bytes(4, "little")
    return bytes(header) + wav[44:]


def _trim(samples: np.ndarray, floor: float = 0.01, margin: float = 0.04) -> np.ndarray:
    loud = np.flatnonzero(np.abs(samples) > floor * np.abs(samples).max())
    pad = round(margin * SAMPLE_RATE)
    return samples[max(0, loud[0] - pad) : loud[-1] + pad]


def reference(voice: str) -> Path:
    """The committed recording of a reference voice (espeak-ng versions differ, so it is not made again)."""
    return VOICES_FOLDER / f"{voice}.wav"


def read_reference(voice: str) -> np.ndarray:
    """The samples of a reference voice, float32 at 24 kHz."""
    samples, rate = soundfile.read(reference(voice), dtype="float32")
    if rate != SAMPLE_RATE:
        raise ValueError(f"{reference(voice)}: expected {SAMPLE_RATE} Hz, found {rate}")
    return samples


def write_reference(voice: str, samples: np.ndarray) -> None:
    """Writes a reference voice as 16-bit PCM."""
    VOICES_FOLDER.mkdir(exist_ok=True)
    soundfile.write(reference(voice), samples, SAMPLE_RATE, subtype="PCM_16")
