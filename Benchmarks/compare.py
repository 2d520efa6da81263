"""The speed of comparison against its peers, on the same data in the same run.

python Benchmarks/compare.py [--elements N] [--rounds N] (script/benchmark does all the set-up)

In memory: ours, a numpy script that computes four of the figures, torch.testing.assert_close, and the speed at
which both cores read the same memory. On disk: `higgs-diagnose compare` with and without hashes, and h5diff.
Every round runs all of them once, in turn; what is printed is the median of the rounds and the smallest and
largest ratio to a peer within one round.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import torch
from archives import add_tensor, new_archive
from processes import command

CODEBOOKS, VOCABULARY = 8, 1024


def make(folder: Path, elements: int) -> tuple[int, int, int]:
    """Raw files and archives of two tensors that agree within the tolerance, and of one that agrees nowhere."""
    shape = (elements // (CODEBOOKS * VOCABULARY), CODEBOOKS, VOCABULARY)
    rng = np.random.default_rng(1)
    right = np.empty(shape, np.float32)
    for row in range(0, shape[0], 1024):
        right[row : row + 1024] = rng.standard_normal(right[row : row + 1024].shape, dtype=np.float32)
    left = right * np.float32(1 + 3e-7)
    for name, data in (("left", left), ("right", right), ("other", right * np.float32(1.01))):
        data.tofile(folder / f"{name}.raw")
        with new_archive(folder / f"{name}.h5") as file:
            add_tensor(
                file, "samples/000000/generation/input/audio_logits", data,
                axes='["step", "codebook", "vocabulary"]',
            )  # fmt: skip
    return shape


def numpy_figures(left: np.ndarray, right: np.ndarray) -> None:
    """Four figures, as people write them; float32, so that numpy is as fast as it can be."""
    error = np.abs(left - right)
    max_abs = error.max()
    rms = np.sqrt(np.mean(np.square(error), dtype=np.float64))
    flat_left, flat_right = left.ravel(), right.ravel()
    cosine = flat_left @ flat_right / (np.linalg.norm(flat_left) * np.linalg.norm(flat_right))
    share = np.mean(error > 1e-5 + 1.3e-6 * np.abs(right))
    assert np.isfinite([max_abs, rms, cosine, share]).all()


class InMemory:
    """The Swift benchmark, which keeps its tensors between rounds."""

    def __init__(self, binary: str, shape: tuple[int, ...], left: Path, right: Path) -> None:
        self.process = subprocess.Popen(
            [binary, "x".join(map(str, shape)), left, right],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self) -> dict:
        """One round."""
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def end(self) -> None:
        """Ends the process."""
        self.process.stdin.close()
        self.process.wait()


def timed(work) -> float:
    """Seconds that a call takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def spread(ours: list[float], theirs: list[float]) -> str:
    """The median ratio of a peer's time to ours and its range."""
    ratios = sorted(their / our for our, their in zip(ours, theirs))
    return f"{ratios[len(ratios) // 2]:.1f} ({ratios[0]:.1f} to {ratios[-1]:.1f})"


def main() -> None:
    """Makes the data, runs the rounds and prints Markdown."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--elements", type=int, default=1 << 28)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--binary", required=True)
    parser.add_argument("--tool", required=True)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="higgs-benchmark-") as name:
        folder = Path(name)
        shape = make(folder, options.elements)
        times: dict[str, list[float]] = {}

        def note(name: str, value: float) -> None:
            times.setdefault(name, []).append(value)

        ours = InMemory(options.binary, shape, folder / "left.raw", folder / "right.raw")
        left = np.fromfile(folder / "left.raw", np.float32).reshape(shape)
        right = np.fromfile(folder / "right.raw", np.float32).reshape(shape)
        for _ in range(options.rounds):
            result = ours.run()
            assert result["verdict"] == "within_tolerance" and result["over"] == 0
            note("read", result["read"])
            note("ours", result["compare"])
            note("numpy", timed(lambda: numpy_figures(left, right)))
            note("torch", timed(lambda: torch.testing.assert_close(torch.from_numpy(left), torch.from_numpy(right))))
        ours.end()
        del left, right
        worst = InMemory(options.binary, shape, folder / "other.raw", folder / "right.raw")
        for _ in range(options.rounds):
            result = worst.run()
            assert result["verdict"] == "differs" and result["over"] > options.elements * 0.9
            note("ours, all over", result["compare"])
        worst.end()

        peak = 0
        files = (folder / "left.h5", folder / "right.h5")
        for _ in range(options.rounds):
            run = command(options.tool, "compare", *files, expected=0)
            note("compare", run.seconds)
            peak = max(peak, run.peak)
            note("compare --no-verify", command(options.tool, "compare", "--no-verify", *files, expected=0).seconds)
            # h5diff's relative bound alone; it also finds that the attributes with the hashes differ.
            note("h5diff", command("h5diff", "-p", "1e-6", *files, expected=1).seconds)

    gigabytes = 2 * options.elements * 4 / 1e9
    median = {name: sorted(values)[len(values) // 2] for name, values in times.items()}
    print(f"Two float32 tensors {list(shape)}, {gigabytes:.2f} GB together, {options.rounds} rounds.\n")
    print("| in memory | s | GB/s | ours is faster by |\n|---|---|---|---|")
    for name, label in (
        ("read", "both cores only read, best of three"),
        ("ours", "ours, all figures"),
        ("ours, all over", "ours, every pair over the tolerance"),
        ("numpy", "numpy, four figures"),
        ("torch", "torch.testing.assert_close"),
    ):
        ratio = spread(times["ours"], times[name]) if name in ("numpy", "torch") else ""
        print(f"| {label} | {median[name]:.3f} | {gigabytes / median[name]:.1f} | {ratio} |")
    share = sorted(read / own for read, own in zip(times["read"], times["ours"]))
    print(
        f"\nShare of the memory bandwidth: {share[len(share) // 2]:.0%} ({share[0]:.0%} to {share[-1]:.0%}).\n"
        "\n| archives | s | GB/s | faster than h5diff by |\n|---|---|---|---|"
    )
    for name in ("compare", "compare --no-verify", "h5diff"):
        ratio = spread(times[name], times["h5diff"]) if name != "h5diff" else ""
        print(f"| {name} | {median[name]:.3f} | {gigabytes / median[name]:.1f} | {ratio} |")
    print(f"\nPeak memory of compare: {peak / 1e6:.0f} MB.")


if __name__ == "__main__":
    sys.exit(main())
