"""Records every planted fault from upstream's own classes and the committed tiny checkpoint.

    python -m golden.plant.record --out DIR                 every case, and 300 clean recordings
    python -m golden.plant.record --out DIR --only 'tokens*'
    python -m golden.plant.record --out DIR --clean 12     fewer of these

Upstream and the model are loaded once; each case runs in a forked child, on one thread, under the recorder of
`capture/`. The parent writes `truth.json`: a case's file, and what the right answer about it is.
"""

from __future__ import annotations

import argparse
import fnmatch
import json
import os
import shutil
import sys
import tempfile
import time
import traceback
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from golden.make.record import MAKE, SOURCE_DATE_EPOCH, WEIGHTS, WEIGHTS_HINT

from . import current
from .case import Case

SPEAK = Path(__file__).with_name("speak.py")
CLEAN = 300


def record(case: Case, engine: Any, folder: Path, out: Path, *, repair: bool = False) -> None:
    """Runs in the child: one case into `<out>/<name>.h5`, with `repair` with its faults repaired live."""
    import torch
    from higgs_capture import ArchiveError, Recorder
    from higgs_capture.options import Options

    torch.manual_seed(0)
    for name in ("model", "codec", "low.wav", "high.wav"):
        os.symlink(folder / name, name)
    shutil.copyfile(SPEAK, "speak.py")
    current.choose(case, engine)
    recorder = Recorder(options=Options(text=True, apply=case.truth if repair else ()))
    recorder.already_loaded(model=engine.model, codec=engine.audio_tokenizer, codec_path="codec")
    recorder.run_script(["speak.py"])
    if failed := recorder.recording.hooks.failed:
        raise RuntimeError(f"hooks failed: {failed}")
    target = out / f"{case.name}.h5"
    try:
        found = recorder.write(target, codec_archive=(out / WEIGHTS_HINT, WEIGHTS_HINT), random_id=False)
    except ArchiveError:
        found = recorder.write(target, codec_folder=(out / "weights", "weights"), random_id=False)
    if not found:
        raise RuntimeError("nothing was recorded")


def fork(case: Case, engine: Any, folder: Path, out: Path, repair: bool) -> int:
    """Starts a child for a case, in a folder of its own; returns its process id."""
    child = os.fork()
    if child:
        return child
    status = 1
    own = tempfile.mkdtemp(dir=folder)
    with open(folder / f"{case.name}.log", "w") as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
        try:
            os.chdir(own)
            record(case, engine, folder, out, repair=repair)
            status = 0
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            shutil.rmtree(own, ignore_errors=True)
    os._exit(status)


def record_all(cases: Iterable[Case], out: Path, *, jobs: int = 1, repair: bool = False) -> list[str]:
    """Records the cases, writes `truth.json`, and returns the names of those that could not be recorded. With
    `repair` each case's faults are repaired live, at the recorder's hooks."""
    (out / WEIGHTS_HINT).parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(WEIGHTS, out / WEIGHTS_HINT)
    cases = list(cases)
    failures: list[str] = []
    with tempfile.TemporaryDirectory(prefix="plant-") as temporary:
        folder = Path(temporary)
        engine = load(folder)
        running: dict[int, Case] = {}
        for case in [*cases, None]:
            while running and (case is None or len(running) >= jobs):
                child, status = os.waitpid(-1, 0)
                done = running.pop(child)
                if status:
                    failures.append(done.name)
                    print(f"{done.name} failed\n{(folder / f'{done.name}.log').read_text()}", flush=True)
                else:
                    print(f"recorded {done.name}", flush=True)
            if case is not None:
                running[fork(case, engine, folder, out, repair)] = case
    rows = [case.row() for case in cases if case.name not in failures]
    (out / "truth.json").write_text(json.dumps(rows, indent=1) + "\n")
    return failures


def load(folder: Path) -> Any:
    """Upstream's engine on the tiny checkpoint; the folder then holds model, codec and voices."""
    from golden.make import checkpoint

    checkpoint.materialise(WEIGHTS, folder)
    for voice in ("low", "high"):
        shutil.copyfile(MAKE / "voices" / f"{voice}.wav", folder / f"{voice}.wav")
    import torch
    from boson_multimodal.serve.serve_engine import HiggsAudioServeEngine

    torch.set_num_threads(1)
    before = Path.cwd()
    os.chdir(folder)
    try:
        return HiggsAudioServeEngine("model", "codec", device="cpu")
    finally:
        os.chdir(before)


def quiet() -> None:
    """One thread, no network, no progress: set before upstream is imported."""
    defaults = {
        "OMP_NUM_THREADS": "1",
        "HF_HUB_OFFLINE": "1",
        "TOKENIZERS_PARALLELISM": "false",
        "LOGURU_LEVEL": "WARNING",
        "SOURCE_DATE_EPOCH": SOURCE_DATE_EPOCH,
    }
    for name, value in defaults.items():
        os.environ.setdefault(name, value)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True, help="folder to write to")
    parser.add_argument("--only", action="append", metavar="PATTERN", help="names of cases, as in a shell")
    parser.add_argument("--clean", type=int, default=CLEAN, metavar="N", help=f"clean recordings (default: {CLEAN})")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="children at a time (default: 1)")
    parser.add_argument("--repair", action="store_true", help="repair each case's faults while it runs")
    parser.add_argument("--list", action="store_true", help="only print the cases")
    options = parser.parse_args()
    quiet()
    from golden.make import upstream

    upstream.install()
    from .cases import every_case

    cases = every_case(clean=options.clean)
    if options.only:
        cases = [case for case in cases if any(fnmatch.fnmatch(case.name, pattern) for pattern in options.only)]
    if options.repair:
        from higgs_capture.repairs.catalogue import REPAIRABLE

        cases = [case for case in cases if case.truth and set(case.truth) <= set(REPAIRABLE)]
    if options.list:
        for case in cases:
            print(f"{case.kind:<12}{case.name:<44}{', '.join(case.truth)}")
        return 0
    if not cases:
        parser.error(f"no case matches {' '.join(options.only)}")
    started = time.monotonic()
    failures = record_all(cases, options.out.resolve(), jobs=options.jobs, repair=options.repair)
    seconds = time.monotonic() - started
    print(f"{len(cases) - len(failures)} of {len(cases)} cases recorded in {seconds:.0f} s")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
