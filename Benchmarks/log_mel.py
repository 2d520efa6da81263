"""The speed of Whisper's log-mel features against transformers' extractor, on the same 30 s in the same run.

python Benchmarks/log_mel.py --binary BINARY [--rounds N] (script/benchmark log-mel does all the set-up)

Every round runs all candidates once, in turn, each on one thread; what is printed is the median of the rounds and
the smallest and largest ratio to a peer within one round.
"""

from __future__ import annotations

import argparse
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from transformers import WhisperFeatureExtractor

SAMPLES = 480_000


def sound() -> np.ndarray:
    """30 s with the spectrum of a voice: harmonics, syllables, a little noise."""
    seconds = np.arange(SAMPLES) / 16_000
    voice = sum(np.sin(2 * np.pi * 120 * harmonic * seconds) / harmonic for harmonic in range(1, 30))
    noise = np.random.default_rng(1).standard_normal(SAMPLES)
    return (0.1 * voice * (1 + np.sin(2 * np.pi * 3 * seconds)) + 1e-3 * noise).astype(np.float32)


def seconds_of(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def measure(binary: Path, bins: int, rounds: int) -> dict[str, list[float]]:
    waveform = sound()
    extractor = WhisperFeatureExtractor(feature_size=bins)
    with tempfile.NamedTemporaryFile(suffix=".raw") as file:
        waveform.tofile(file.name)
        ours = subprocess.Popen(
            [binary, str(bins), file.name], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert ours.stdin is not None and ours.stdout is not None

        def run_ours() -> float:
            ours.stdin.write("\n")
            ours.stdin.flush()
            return float(ours.stdout.readline())

        def run_torch() -> float:
            return seconds_of(lambda: extractor([waveform], sampling_rate=16_000, padding="max_length"))

        def run_numpy() -> float:
            return seconds_of(lambda: extractor._np_extract_fbank_features(waveform[None], "cpu"))

        candidates = {"ours": run_ours, "torch": run_torch, "numpy": run_numpy}
        for run in candidates.values():
            run()
        times = {name: [] for name in candidates}
        for _ in range(rounds):
            for name, run in candidates.items():
                times[name].append(run())
        ours.stdin.close()
        ours.wait()
    return times


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--binary", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=21)
    options = parser.parse_args()
    torch.set_num_threads(1)
    labels = {"ours": "ours", "torch": "transformers with torch", "numpy": "transformers with numpy"}
    print("| 30 s on one thread | mel bins | ms | ours is faster by |\n|---|---|---|---|")
    for bins in (80, 128):
        times = measure(options.binary, bins, options.rounds)
        for name, label in labels.items():
            ratios = np.array(times[name]) / np.array(times["ours"])
            spread = f"{np.median(ratios):.1f} ({ratios.min():.1f} to {ratios.max():.1f})" if name != "ours" else ""
            print(f"| {label} | {bins} | {1e3 * np.median(times[name]):.1f} | {spread} |")


main()
