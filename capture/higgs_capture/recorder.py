"""Records a piece of code, or a script, in this process, and writes what it saw as an archive."""

from __future__ import annotations

import contextlib
import os
import runpy
import shutil
import sys
import tempfile
import traceback
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Any

from . import assembly, launch
from .archive import PathLike
from .association import Request
from .events import Recording, ScriptOutcome
from .failures import traceback_text
from .hooks.core import Hooks
from .hooks.sites import remember_source
from .options import Options
from .replay import processes
from .stages import ArmRun


class Recorder:
    """Hooks while the `with` block runs; afterwards `recording` holds everything as copies.

    What is seen goes to a journal in a temporary folder, or in `journal`.
    """

    def __init__(
        self,
        *,
        text: bool = False,
        options: Options | None = None,
        keep_samples: bool = False,
        journal: PathLike | None = None,
    ) -> None:
        self._options = options or Options(text=text)
        self._outcome = ScriptOutcome()
        self._folder = tempfile.mkdtemp(prefix="higgs-capture-") if journal is None else os.fspath(journal)
        self._is_temporary = journal is None
        self._hooks = Hooks(self._folder, self._options)
        self._recording: Recording | None = None
        if keep_samples:
            self._hooks.part("boson").kept_samples = []

    def __del__(self) -> None:
        if getattr(self, "_is_temporary", False):
            shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> Recorder:
        self._hooks.install()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._hooks.finish()
        self._hooks.remove()

    @property
    def recording(self) -> Recording:
        """What was seen until now, read back from the journal."""
        recording = assembly.joined(processes(self._folder))
        recording.script = self._outcome
        return recording

    @property
    def samples(self) -> list[Any]:
        """Copies of the ChatML samples that were turned into prompts, with `keep_samples`."""
        return self._hooks.part("boson").kept_samples or []

    def already_loaded(self, *, model: Any = None, codec: Any = None, codec_path: str | None = None) -> None:
        """Notes a live model, codec and where the codec came from, if they were loaded before this recorder
        was there to see it."""
        self._hooks.part("boson").already_loaded(model, codec, codec_path)

    def run_script(self, argv: Sequence[str]) -> int:
        """Runs a script as `python argv[0] argv[1:]` would, in this process; returns its exit status."""
        outcome = self._outcome
        outcome.argv = list(argv)
        saved_argv, saved_path = sys.argv, list(sys.path)
        sys.argv = list(argv)
        sys.path.insert(0, os.path.dirname(os.path.abspath(argv[0])))
        remember_source(argv[0])
        with self:
            try:
                runpy.run_path(argv[0], run_name="__main__")
            except SystemExit as error:
                outcome.exit_status = _status(error)
            except BaseException as error:
                outcome.exit_status = 130 if isinstance(error, KeyboardInterrupt) else 1
                outcome.traceback = traceback_text(error)
                traceback.print_exc()
            finally:
                sys.argv, sys.path[:] = saved_argv, saved_path
        return outcome.exit_status

    def write(
        self,
        path: PathLike,
        *,
        codec_archive: tuple[PathLike, str] | None = None,
        codec_folder: tuple[PathLike, str] | None = None,
        weights: bool = False,
        created_at: str | None = None,
        random_id: bool = True,
    ) -> list[Request]:
        """Writes the archive. The codec's weights go into it with `weights`, else to the user's cache, unless
        `codec_archive` names an archive that holds them and the hint to store for it, or `codec_folder` another
        folder and the hint to it."""
        found = assembly.write(
            path,
            [ArmRun(self.recording)],
            keeping=assembly.Keeping(self._options.text, weights, codec_archive, codec_folder),
            created_at=created_at,
            random_id=random_id,
        )
        for request in found:
            if request.prompt is not None and request.prompt.index is not None:
                request.sample = self.samples[request.prompt.index]
        return found


@contextlib.contextmanager
def record(
    path: PathLike, *, text: bool = False, logits: str = "full", max_steps: int | None = None, weights: bool = False
) -> Iterator[Recorder]:
    """Records what the `with` block does, for notebooks. The archive is written at the end of the block, also if it
    raises; until then there is a journal beside it, which `higgs-capture recover` can read."""
    journal = launch.make_journal(path)
    recorder = Recorder(options=Options(text=text, logits=logits, max_steps=max_steps), journal=journal)
    try:
        with recorder:
            yield recorder
    except BaseException as error:
        recorder._outcome.traceback = traceback_text(error)
        recorder._outcome.exit_status = 1
        raise
    finally:
        recorder.write(path, weights=weights)
        shutil.rmtree(journal, ignore_errors=True)


def _status(error: SystemExit) -> int:
    if error.code is None:
        return 0
    if isinstance(error.code, int):
        return error.code
    print(error.code, file=sys.stderr)
    return 1
