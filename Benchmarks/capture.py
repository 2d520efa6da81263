"""What the recorder costs the script that it watches: time for a step and for a process, and memory.

    python Benchmarks/capture.py [--rounds N]

Upstream's serving engine on the tiny checkpoint speaks one sentence again and again, in turn alone, under the
recorder with each choice of logits, and under the peer: hooks that keep the same tensors with `torch.save`, a file a
step, as people do it by hand. A step of the released model on a GPU takes tens of milliseconds; what the recorder adds
to a step does not depend on the model, but for the codebooks and the vocabulary, which are the released ones' here.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "capture")]

from golden.make import upstream  # noqa: E402
from golden.plant.record import load, quiet  # noqa: E402

SENTENCE = "The harbour lights came on one by one."
RUNS = 5
PEER = "torch.save, a file a step"
START = "import torch, boson_multimodal.serve.serve_engine"


def spread(values: list[float], digits: int) -> str:
    """Median, smallest and largest."""
    return f"{statistics.median(values):.{digits}f} ({min(values):.{digits}f} to {max(values):.{digits}f})"


@contextmanager
def saving(folder: Path) -> Iterator[None]:
    """The peer: upstream's step wrapped by hand."""
    import torch
    from boson_multimodal.model.higgs_audio.modeling_higgs_audio import HiggsAudioModel

    original, count = HiggsAudioModel._sample_audio_tokens, [0]

    def step(self: Any, *args: Any, **kwargs: Any) -> Any:
        logits = kwargs["audio_logits"][-1].float().clone()
        result = original(self, *args, **kwargs)
        count[0] += 1
        torch.save((logits, result[3], result[1], result[4], result[5]), folder / f"{count[0]}.pt")
        return result

    HiggsAudioModel._sample_audio_tokens = step
    try:
        yield
    finally:
        HiggsAudioModel._sample_audio_tokens = original


def steps(engine: Any, rounds: int, folder: Path) -> tuple[dict[str, list[float]], int]:
    """Processor milliseconds a step that each way adds in each round; and the steps of a run."""
    from boson_multimodal.data_types import ChatMLSample, Message
    from higgs_capture import Recorder
    from higgs_capture.options import LOGITS, Options

    chat = ChatMLSample(messages=[Message(role="user", content=SENTENCE)])

    def run() -> int:
        return engine.generate(chat, max_new_tokens=1024, seed=1, force_audio_gen=True).audio.shape[0]

    def recorded(logits: str) -> Callable[[], Any]:
        return lambda: Recorder(options=Options(logits=logits))

    ways: dict[str, Callable[[], Any]] = {f"--logits {name}": recorded(name) for name in LOGITS}
    ways[PEER] = lambda: saving(folder)
    added: dict[str, list[float]] = {name: [] for name in ways}
    with Recorder() as recorder:
        run()
    count = len(recorder.recording.events[[type(e).__name__ for e in recorder.recording.events].index("Generated")].steps)
    for _ in range(rounds):
        alone = timed(nullcontext, run)
        for name, way in ways.items():
            added[name].append((timed(way, run) - alone) / count * 1000)
    return added, count


def timed(way: Callable[[], Any], run: Callable[[], Any]) -> float:
    """Processor seconds of a run inside a context; what is done once a process is not counted, and so not the first."""
    with way():
        run()
        start = time.process_time()
        for _ in range(RUNS):
            run()
        return (time.process_time() - start) / RUNS


def processes(rounds: int, folder: Path) -> dict[str, tuple[list[float], list[float]]]:
    """Processor seconds of a process alone, and what the recorder adds to it, with the making of the archive: the
    clock's seconds are mostly the machine's other guests."""
    found: dict[str, tuple[list[float], list[float]]] = {"pass": ([], []), START: ([], [])}
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "capture")])}
    recorder = [sys.executable, "-W", "ignore", "-m", "higgs_capture", "--out", "run.h5", "--"]
    for _ in range(rounds):
        for code, (alone, added) in found.items():
            command = [sys.executable, "-W", "ignore", "-c", code]
            alone.append(busy(command, folder, environment))
            added.append(busy([*recorder, *command], folder, environment) - alone[-1])
    return found


WATCHED = """
import atexit, sys, time
from higgs_capture.hooks import core, importing
spent = {}
def watch(owner, name):
    original = getattr(owner, name)
    def timed(*args, **kwargs):
        start = time.perf_counter()
        try:
            return original(*args, **kwargs)
        finally:
            spent[name] = spent.get(name, 0) + time.perf_counter() - start
    setattr(owner, name, timed)
watch(core.Hooks, "attach"); watch(core.Hooks, "finish"); watch(importing.ImportWatcher, "catch_up")
import boson_multimodal.serve.serve_engine
atexit._run_exitfuncs()
print(sum(spent.values()))
"""
"""In an observed process: seconds that the hooks take of it to find their places, to look for modules, and at the end."""


def inside(rounds: int, folder: Path) -> list[float]:
    """Seconds of an observed process that imports the engine which are the recorder's own."""
    found = []
    for number in range(rounds):
        journal = folder / f"inside-{number}"
        journal.mkdir()
        startup = ROOT / "capture" / "higgs_capture" / "startup"
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(startup), str(ROOT), str(ROOT / "capture")]),
            "HIGGS_CAPTURE_JOURNAL": str(journal),
        }
        command = [sys.executable, "-W", "ignore", "-c", WATCHED]
        done = subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True, text=True)
        found.append(float(done.stdout.split()[-1]))
    return found


def busy(command: list[str], folder: Path, environment: dict[str, str]) -> float:
    """Processor seconds of a command and of what it started."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def resident() -> float:
    """Megabytes of this process in memory."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def memory(engine: Any, requests: int) -> tuple[float, float]:
    """Megabytes that the process grows by over requests under the recorder with all logits, and that they hold."""
    from boson_multimodal.data_types import ChatMLSample, Message
    from higgs_capture import Recorder

    chat = ChatMLSample(messages=[Message(role="user", content=SENTENCE)])
    with Recorder() as recorder:
        engine.generate(chat, max_new_tokens=1024, seed=1, force_audio_gen=True)
        before = resident()
        for _ in range(requests):
            engine.generate(chat, max_new_tokens=1024, seed=1, force_audio_gen=True)
        grown = resident() - before
    held = sum(file.stat().st_size for file in Path(recorder._folder).iterdir()) / 1e6
    return grown, held


def weights(folder: Path, rounds: int) -> list[float]:
    """Seconds to note a codec's decode side of the released size, 86 MB, once a process."""
    import numpy as np
    from higgs_capture.journal import Journal
    from higgs_capture.tensors import tensor

    item = {f"layer.{n}": tensor(np.random.default_rng(n).random(1 << 20, dtype="f4")) for n in range(21)}
    found = []
    for number in range(rounds):
        journal = Journal(folder / f"{number}.journal", {})
        start = time.perf_counter()
        journal.note("surroundings", {"codec_weights": item})
        found.append(time.perf_counter() - start)
        journal.close()
        (folder / f"{number}.journal").unlink()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    quiet()
    upstream.install()
    folder = Path(tempfile.mkdtemp(prefix="capture-benchmark-"))
    try:
        engine = load(folder)
        added, count = steps(engine, options.rounds, folder)
        print(f"Steps: {count} a run, {options.rounds} rounds.\n")
        print("| a step | adds ms | of the peer's |\n|---|---|---|")
        for name, values in added.items():
            ratio = [value / peer for value, peer in zip(values, added[PEER])]
            print(f"| {name} | {spread(values, 3)} | {'' if name == PEER else spread(ratio, 2)} |")
        grown, held = memory(engine, 20)
        print(f"\nMemory: 20 requests with all logits wrote {held:.0f} MB; the process grew by {grown:.1f} MB.")
        print(f"Weights of the released codec's size: {spread(weights(folder, options.rounds), 3)} s, once a process.\n")
        print("| a process | alone, processor s | adds |\n|---|---|---|")
        for code, (alone, more) in processes(max(3, options.rounds // 3), folder).items():
            print(f"| `python -c '{code}'` | {spread(alone, 2)} | {spread(more, 2)} |")
        print(f"\nInside the second, the hooks take {spread(inside(max(3, options.rounds // 3), folder), 2)} s.")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
