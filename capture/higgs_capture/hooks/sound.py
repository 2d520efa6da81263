"""The hooks of what writes sound files: soundfile, torchaudio, scipy and the standard library's wave."""

from __future__ import annotations

import inspect
import os
import shutil
from typing import Any

from ..events import Site, Written
from ..soundfiles import read_back
from .core import Hooks, Target, Wrapper
from .targets import SCIPY_WAV, SOUNDFILE, TORCHAUDIO, WAVE

MEMORY = "(memory)"
"""The name of a file that was written into memory."""


class Stack:
    """Reads back what was written. Writers call each other: the outermost call alone is recorded."""

    def __init__(self, hooks: Hooks) -> None:
        self._hooks = hooks
        self._copies = 0

    def targets(self, module: str) -> list[Target]:
        """What to hook in one of the modules."""
        return {
            SOUNDFILE: [
                ("write", "write", self._function("file")),
                ("SoundFile.close", "sound_file", self._closed_sound_file),
            ],
            TORCHAUDIO: [("save", "torchaudio_save", self._function("uri"))],
            SCIPY_WAV: [("write", "scipy_write", self._function("filename"))],
            WAVE: [("Wave_write.close", "wave_write", self._closed_wave)],
        }[module]

    def finish(self) -> None:
        """Nothing is left to tell."""

    def _function(self, parameter: str) -> Any:
        """A function that writes a whole file, whose path or object is the argument of that name."""

        def make(original: Wrapper) -> Wrapper:
            signature = inspect.signature(original)

            def wrapper(*args: Any, **kwargs: Any) -> Any:
                place = self._hooks.site()
                with self._hooks.outermost("write") as outermost:
                    result = original(*args, **kwargs)
                with self._hooks.guard("write"):
                    if outermost:
                        self._written(signature.bind(*args, **kwargs).arguments[parameter], place)
                return result

            return wrapper

        return make

    def _closed_sound_file(self, original: Wrapper) -> Wrapper:
        def wrapper(sound: Any, *args: Any, **kwargs: Any) -> Any:
            place, written = self._hooks.site(), None
            with self._hooks.guard("write"):
                if not sound.closed and sound.mode != "r" and sound.name is not None:
                    written = sound.name
            with self._hooks.outermost("write") as outermost:
                result = original(sound, *args, **kwargs)
            with self._hooks.guard("write"):
                if outermost and isinstance(written, (str, bytes, os.PathLike)):
                    self._written(os.fsdecode(written), place)
            return result

        return wrapper

    def _closed_wave(self, original: Wrapper) -> Wrapper:
        """A `wave.Wave_write` knows its file, and has none any more when it is closed again."""

        def wrapper(wave: Any, *args: Any, **kwargs: Any) -> Any:
            place, file = self._hooks.site(), getattr(wave, "_file", None)
            with self._hooks.outermost("write") as outermost:
                result = original(wave, *args, **kwargs)
            with self._hooks.guard("write"):
                if outermost and file is not None:
                    self._written(file if hasattr(file, "getvalue") else file.name, place)
            return result

        return wrapper

    def _written(self, file: Any, place: Site | None) -> None:
        sound = read_back(file)
        name = MEMORY if hasattr(file, "getvalue") else os.path.basename(os.fsdecode(file))
        self._hooks.add(Written(name, sound.sample_rate, sound.subtype, sound.samples, site=place))
        folder = self._hooks.options.sounds
        if folder is not None and name != MEMORY:
            shutil.copyfile(file, os.path.join(folder, name))
