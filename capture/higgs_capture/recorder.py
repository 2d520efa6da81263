"""Records a script, or a piece of code, and writes what it saw as an archive."""

from __future__ import annotations

import os
import runpy
import sys
import traceback
import uuid
from collections.abc import Sequence
from types import TracebackType
from typing import Any

from . import codec_weights, stages
from .archive import ArchiveWriter, PathLike
from .association import Request
from .events import Recording
from .failures import traceback_text
from .hooks import Hooks
from .sites import remember_source


class Recorder:
    """Hooks while the `with` block runs; afterwards `recording` holds everything as copies."""

    def __init__(self, *, text: bool = False) -> None:
        self.recording = Recording()
        self._text = text
        self._hooks = Hooks(self.recording, text=text)

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

    def already_loaded(self, *, model: Any = None, codec: Any = None, codec_path: str | None = None) -> None:
        """Notes a live model, codec and where the codec came from, if they were loaded before this recorder
        was there to see it."""
        self._hooks.already_loaded(model, codec, codec_path)

    def run_script(self, argv: Sequence[str]) -> int:
        """Runs a script as `python argv[0] argv[1:]` would, in this process; returns its exit status."""
        outcome = self.recording.script
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
        created_at: str | None = None,
        random_id: bool = True,
    ) -> list[Request]:
        """Writes the archive. The codec's weights go to the user's cache, unless `codec_archive`
        names an archive that holds them and the hint to store for it, or `codec_folder` another
        folder and the hint to it."""
        codec = self._codec_reference(codec_archive, codec_folder)
        identity = str(uuid.uuid4()) if random_id else None
        with ArchiveWriter(path, id=identity, created_at=created_at) as writer:
            return stages.write_recording(writer, self.recording, codec=codec, text=self._text)

    def _codec_reference(
        self, archive: tuple[PathLike, str] | None, folder: tuple[PathLike, str] | None
    ) -> codec_weights.CodecReference | None:
        weights = self.recording.surroundings.codec_weights
        if weights is None:
            return None
        if archive is not None:
            return codec_weights.refer(*archive, weights)
        if folder is None:
            return codec_weights.store(weights)
        stored = codec_weights.store(weights, folder[0])
        return codec_weights.CodecReference(stored.sha256, f"{folder[1]}/{stored.hint}")


def _status(error: SystemExit) -> int:
    if error.code is None:
        return 0
    if isinstance(error.code, int):
        return error.code
    print(error.code, file=sys.stderr)
    return 1
