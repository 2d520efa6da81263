"""Runs scripts on the tiny checkpoint, with and without the recorder in front of them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = Path(__file__).with_name("scripts")
TOOL = os.environ.get("HIGGS_DIAGNOSE")


@dataclass
class Run:
    """How a command ended and what it left."""

    status: int
    out: str
    err: str
    sound: bytes | None
    archive: Path | None = None

    def explained(self) -> dict[str, Any]:
        """What `explain --format json` says."""
        assert TOOL is not None and self.archive is not None
        told = subprocess.run(
            [TOOL, "explain", "--format", "json", str(self.archive)], capture_output=True, text=True, check=False
        )
        assert told.stdout, told.stderr
        found: dict[str, Any] = json.loads(told.stdout)
        return found


class Stand:
    """A folder with model, codec and voice, and the commands that run in copies of it."""

    def __init__(self, folder: Path) -> None:
        from golden.make import checkpoint
        from golden.make.record import MAKE, WEIGHTS

        self._folder = folder / "stand"
        self._folder.mkdir()
        checkpoint.materialise(WEIGHTS, self._folder)
        shutil.copyfile(MAKE / "voices" / "low.wav", self._folder / "voice.wav")

    def plain(self, script: str, *arguments: str) -> Run:
        """The script alone."""
        folder = self.copy()
        return self.run(folder, self.command(script, *arguments))

    def captured(self, script: str, *arguments: str, options: tuple[str, ...] = ()) -> Run:
        """The script under the recorder."""
        folder = self.copy()
        recorder = [sys.executable, "-W", "ignore", "-m", "higgs_capture", "--out", "run.h5", *options, "--"]
        run = self.run(folder, [*recorder, *self.command(script, *arguments)])
        run.archive = folder / "run.h5"
        return run

    def both(self, script: str, *arguments: str) -> tuple[Run, Run]:
        """The script alone and under the recorder, at the same time."""
        with ThreadPoolExecutor(2) as pool:
            alone = pool.submit(self.plain, script, *arguments)
            recorded = pool.submit(self.captured, script, *arguments)
            return alone.result(), recorded.result()

    def command(self, script: str, *arguments: str) -> list[str]:
        """`python -m golden.make.upstream` lets upstream load the tiny weights; the script is run as it is."""
        path = SCRIPTS / script if (SCRIPTS / script).exists() else ROOT / "golden" / "make" / "pipelines" / script
        return [sys.executable, "-W", "ignore", "-m", "golden.make.upstream", str(path), *arguments]

    def run(self, folder: Path, command: list[str], paths: tuple[str, ...] = ()) -> Run:
        done = subprocess.run(
            command, cwd=folder, env=environment(paths), capture_output=True, text=True, check=False
        )
        sounds = sorted(folder.glob("*.wav"))
        sound = next((file.read_bytes() for file in sounds if file.name != "voice.wav"), None)
        return Run(done.returncode, done.stdout, done.stderr, sound)

    def copy(self) -> Path:
        """A folder of its own, with the large files linked."""
        folder = Path(tempfile.mkdtemp(prefix="run-", dir=self._folder.parent))
        for name in ("model", "codec", "voice.wav"):
            (folder / name).symlink_to(self._folder / name)
        return folder


def environment(paths: tuple[str, ...] = ()) -> dict[str, str]:
    """One thread, no network, the project's packages."""
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([*paths, str(ROOT), str(ROOT / "capture"), str(SCRIPTS)]),
        "OMP_NUM_THREADS": "1",
        "HF_HUB_OFFLINE": "1",
        "TOKENIZERS_PARALLELISM": "false",
        "LOGURU_LEVEL": "WARNING",
    }
