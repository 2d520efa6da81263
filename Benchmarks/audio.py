"""The speed of `higgs-diagnose audio` against a script of numpy, scipy and librosa that computes the same measures.

python Benchmarks/audio.py --tool FILE [--rounds N] [--hours N] (script/benchmark audio does all the set-up)

Both work on one core and on the same sound: the recordings of golden/sound that are not silent, one after the other,
until ten minutes are full. Ours is a whole process, with its start and the reading of the file. Theirs is
Tests/AcousticsTests/Oracle/measures.py within a process that has imported everything, reading included; it also
computes the true peak, which is not counted. Every round runs all of them once, in turn; what is printed is the median
of the rounds and the smallest and largest ratio within one round.

Then the memory of one process over the length of a sound, and the time for a folder of 10,000 files.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "Tests" / "AcousticsTests" / "Oracle"))

import measures
import numpy as np
import soundfile
from processes import command

RATE = 24_000
MINUTES = 10


def recordings() -> np.ndarray:
    parts = [soundfile.read(path, dtype="int16")[0] for path in sorted((ROOT / "golden" / "sound").glob("*.wav"))]
    return np.concatenate([part for part in parts if np.var(part / 32768) > 1e-6])


def write(path: Path, seconds: int, sound: np.ndarray) -> None:
    """The sound again and again until the time is full; in parts, for hours."""
    with soundfile.SoundFile(path, "w", RATE, 1, "PCM_16") as file:
        left = seconds * RATE
        while left > 0:
            file.write(sound[:left])
            left -= min(left, len(sound))


def spread(values: list[float]) -> str:
    return f"{np.median(values):.3g} ({min(values):.3g} to {max(values):.3g})"


def timed(arguments: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(arguments, stdout=subprocess.DEVNULL, check=False)
    return time.perf_counter() - start


def theirs(path: Path) -> float:
    start = time.perf_counter()
    measures.measure(str(path))
    return time.perf_counter() - start


def speed(tool: str, folder: Path, rounds: int) -> None:
    path = folder / "ten-minutes.wav"
    write(path, MINUTES * 60, recordings())
    measures.true_peak = lambda samples: 1.0
    one = [tool, "audio", str(path), "--jobs", "1", "--format", "json"]
    times: dict[str, list[float]] = {"verdicts": [], "all": [], "true peak too": [], "script": []}
    for _ in range(rounds):
        times["verdicts"].append(timed([*one, "--quick"]))
        times["all"].append(timed(one))
        times["true peak too"].append(timed([*one, "--true-peak"]))
        times["script"].append(theirs(path))
    print("| what | seconds | times real time | the script takes, times as long |")
    print("|---|---|---|---|")
    for what, taken in times.items():
        ratios = [peer / own for own, peer in zip(taken, times["script"])]
        print(f"| {what} | {spread(taken)} | {MINUTES * 60 / np.median(taken):.0f} | {spread(ratios)} |")


def memory(tool: str, folder: Path, hours: int) -> None:
    print("\n| length | largest resident size, MB |\n|---|---|")
    for label, seconds in (("1 min", 60), ("1 h", 3600), (f"{hours} h", hours * 3600)):
        path = folder / "long.wav"
        write(path, seconds, recordings())
        run = command(tool, "audio", path, "--format", "json", expected=1)
        print(f"| {label} | {run.peak / 1e6:.0f} |")
        path.unlink()


def many(tool: str, folder: Path) -> None:
    sources = sorted((ROOT / "golden" / "sound").glob("*.wav"))
    inside = folder / "many"
    inside.mkdir()
    for number in range(10_000):
        (inside / f"{number:05}.wav").symlink_to(sources[number % len(sources)])
    run = command(tool, "audio", inside, "--format", "json", expected=1)
    seconds = sum(soundfile.info(str(path)).duration for path in sources) * 10_000 / len(sources)
    print(
        f"\n10,000 files, {seconds / 3600:.1f} h of sound: {run.seconds:.1f} s on all cores, {run.peak / 1e6:.0f} MB."
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tool", required=True)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--hours", type=int, default=10)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        speed(options.tool, Path(folder), options.rounds)
        memory(options.tool, Path(folder), options.hours)
        many(options.tool, Path(folder))


if __name__ == "__main__":
    main()
