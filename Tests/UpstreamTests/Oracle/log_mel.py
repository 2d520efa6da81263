"""Upstream's Whisper features of one waveform, by both ways that transformers has, against binary64."""

from typing import Any

import numpy as np
import torch
from transformers import WhisperFeatureExtractor

from wire import Case, packed, unpacked

EXTRACTORS = {bins: WhisperFeatureExtractor(feature_size=bins) for bins in (80, 128)}


def exact(waveform: np.ndarray, filters: np.ndarray) -> np.ndarray:
    """The same computation in binary64, with numpy's transform and the extractor's own filters."""
    padded = np.pad(waveform.astype(np.float64), 200, mode="reflect")
    frames = np.lib.stride_tricks.sliding_window_view(padded, 400)[::160][:-1]
    power = np.abs(np.fft.rfft(frames * np.hanning(401)[:-1], axis=1)) ** 2
    logs = np.log10(np.maximum(power @ filters, 1e-10)).T
    return (np.maximum(logs, logs.max() - 8) + 4) / 4


def run(case: Case) -> dict[str, Any]:
    waveform, kept = unpacked(case["waveform"]).numpy(), case["kept_frames"]
    extractor = EXTRACTORS[case["bins"]]
    by_torch = extractor([waveform], sampling_rate=16000, padding="max_length")["input_features"][0]
    window = np.zeros(480000, np.float32)
    window[: len(waveform)] = waveform[:480000]
    by_numpy = extractor._np_extract_fbank_features(window[None], "cpu")[0]
    reference = exact(window, extractor.mel_filters)
    rest = reference[:, kept:]
    return {
        "reference": packed(torch.from_numpy(reference[:, :kept].copy())),
        "rest": packed(torch.from_numpy(np.unique(rest))),
        "torch_is_nan": bool(np.isnan(by_torch).all()),
        "torch_error": str(np.abs(by_torch - reference).max()),
        "numpy_error": str(np.abs(by_numpy - reference).max()),
    }
