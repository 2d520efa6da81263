"""How long explain takes on a capture of ten seconds, and how much memory beyond the codec's weights.

python Benchmarks/explain.py [--rounds N] [--threads N] (script/benchmark explain does all the set-up)

`explain_captures.py` records the captures. The yardstick is the sound decoded once by upstream's modules on torch,
on the same weights and codes: an answer costs so many decodes. Every round asks about each capture of a codec once and
decodes once on torch, in turn. Each answer must name what was planted.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import torch
from codec import UNUSED, median, spread
from processes import Run, command
from widths import WIDTHS

sys.path.insert(0, str(Path(__file__).parent.parent / "Tests" / "CodecTests"))
from make_fixtures import DecodingSide

RECORDER = Path(__file__).with_name("explain_captures.py")
GOALS = {"tiny": (2, 400), "released": (30, 400)}
"""Seconds, and MB beyond the weights, that no answer should exceed."""
Json = dict[str, Any]


class Torch:
    """Upstream's modules, with the weights and the codes that a capture holds."""

    def __init__(self, capture: Path, codec: str) -> None:
        with h5py.File(capture) as file:
            hint = json.loads(file["weights/codec.json"].asstr()[()])["path"]
            stage = file["samples/000000/decode"]
            self.codes = torch.from_numpy(stage["input/calls/0/codes"][()])[None]
            recorded = stage["captured/calls/0/waveform"][()]
        self.module = DecodingSide(**WIDTHS[codec]).eval()
        names = [name for name in self.module.state_dict() if not name.endswith(UNUSED)]
        with h5py.File(capture.parent / hint) as file:
            state = {name: torch.from_numpy(file[f"weights/codec/{name}"][()]) for name in names}
        self.module.load_state_dict(state, strict=False)
        self.weights = sum(tensor.numel() * tensor.element_size() for tensor in state.values())
        error = np.abs(self.decode()[0, 0].numpy() - recorded).max()
        assert error < 1e-4 * recorded.std(), f"{capture.name}: torch decodes the codes to another sound, {error} apart"

    def decode(self) -> torch.Tensor:
        """The waveform [1, 1, N]."""
        with torch.no_grad():
            return self.module.decode(self.codes)

    def seconds(self) -> float:
        """How long one decode takes."""
        start = time.perf_counter()
        self.decode()
        return time.perf_counter() - start


def check(row: Json, answer: Json) -> None:
    """The answer must be the planted causes, all of them and nothing else."""
    found = sorted(cause["id"] for cause in answer["causes"])
    assert found == sorted(row["causes"]), f"{row['codec']}, {row['fault']}: {answer['verdict']}, {found}"


def measured(tool: str, folder: Path, rows: list[Json], peer: Torch, count: int) -> tuple[list[list[Run]], list[float]]:
    """Each capture's runs, and torch's seconds, round by round."""
    runs: list[list[Run]] = [[] for _ in rows]
    decodes: list[float] = []
    for number in range(count):
        for row, own in zip(rows, runs):
            asked = (tool, "explain", folder / row["file"], "--format", "json")
            own.append(command(*asked, expected=1 if row["causes"] else 0))
            check(row, json.loads(own[-1].output))
            print(f"round {number + 1}: {row['codec']}, {row['fault']}: {own[-1].seconds:.1f} s", file=sys.stderr)
        decodes.append(peer.seconds())
    return runs, decodes


def kernels() -> str:
    """The processor whose kernels OpenBLAS, with which ours decodes, takes by itself; workers ask for better ones."""
    library = ctypes.CDLL("libopenblas.so.0")
    library.openblas_get_corename.restype = ctypes.c_char_p
    return library.openblas_get_corename().decode()


def main() -> None:
    """Records, runs the rounds and prints Markdown."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2, help="torch's threads; ours are the cores'")
    parser.add_argument("--captures", type=Path, help="what explain_captures.py wrote, in place of new ones")
    parser.add_argument("--tool", required=True)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    with tempfile.TemporaryDirectory(prefix="higgs-benchmark-") as name:
        folder = options.captures or Path(name)
        if options.captures is None:
            recorder = [sys.executable, "-W", "ignore", str(RECORDER), "--out", str(folder)]
            subprocess.run(recorder, check=True, stdout=sys.stderr)
        measure(options, folder.resolve(), json.loads((folder / "captures.json").read_text()))


def measure(options: argparse.Namespace, folder: Path, captures: list[Json]) -> None:
    """Runs the rounds, one codec after the other, and prints Markdown."""
    tool = str(Path(options.tool).resolve())
    lines, missed = [], []
    for codec, (seconds, megabytes) in GOALS.items():
        rows = [row for row in captures if row["codec"] == codec]
        peer = Torch(folder / rows[0]["file"], codec)
        runs, decodes = measured(tool, folder, rows, peer, options.rounds)
        for row, own in zip(rows, runs):
            wall = [run.seconds for run in own]
            ratio = spread([ours / theirs for ours, theirs in zip(wall, decodes)], ".1f")
            beyond = (max(run.peak for run in own) - peer.weights) / 1e6
            lines.append(
                f"| {codec} | {row['fault']} | {spread(wall)} | {median([run.processor_seconds for run in own]):.2f} "
                f"| {ratio} | {beyond:.0f} |"
            )
            if median(wall) >= seconds or beyond >= megabytes:
                missed.append(f"{codec}, {row['fault']}")
        lines.append(f"| {codec} | *torch decodes once* | {spread(decodes)} | | | weights: {peer.weights / 1e6:.0f} |")
    frames = peer.codes.shape[2]
    print(
        f"{frames} frames ({frames / 25:g} s of sound), torch {torch.__version__} with {options.threads} threads, "
        f"kernels that OpenBLAS itself chooses: {kernels()}, {options.rounds} rounds.\n\n"
        "| codec | planted | s | processor s | decodes of torch | MB beyond the weights |\n|---|---|---|---|---|---|"
    )
    print("\n".join(lines))
    goals = "; ".join(f"{codec} under {seconds} s and {size} MB" for codec, (seconds, size) in GOALS.items())
    print(f"\nGoals: {goals}. Missed by: {'; '.join(missed) or 'none'}.")


if __name__ == "__main__":
    main()
