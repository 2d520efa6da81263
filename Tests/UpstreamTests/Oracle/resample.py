"""What librosa resamples a waveform to, at a declared rate that is a torch scalar as in upstream's samples."""

import librosa
import torch

from wire import Case, Packed, packed, unpacked


def run(case: Case) -> Packed:
    waveform, rates = unpacked(case["waveform"]), unpacked(case["rates"])
    resampled = librosa.resample(waveform.numpy(), orig_sr=rates[0], target_sr=16000)
    return packed(torch.from_numpy(resampled))
