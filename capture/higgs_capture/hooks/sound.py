"""The hooks of what writes sound files: soundfile, torchaudio, scipy and the standard library's wave."""

from __future__ import annotations

import inspect
import os
import shutil
from typing import Any

from ..events import Site, Written
from ..soundfiles import read_back
from .core import Hooks, Make, Wrapper

MEMORY = "(memory)"
"""The name of a file that was written into memory."""


class Stack:
    """Reads back what was written. Writers call each other: the outermost call alone is recorded."""

    def __init__(self, hooks: Hooks) -> None:
        self._hooks = hooks
        self._copies = 0

    def makers(self) -> dict[str, Make]:
        """What makes the wrapper of each hook."""
        return {
            "write": self._function("file", "data", "samplerate"),
            "sound_file": self._closed_sound_file,
            "torchaudio_save": self._function("uri", "src", "sample_rate"),
            "scipy_write": self._function("filename", "data", "rate"),
            "wave_write": self._closed_wave,
        }

    def finish(self) -> None:
        """Nothing is left to tell."""

    def _function(self, file: str, data: str, rate: str) -> Any:
        """A function that writes a whole file, by the names of its arguments."""

        def make(original: Wrapper) -> Wrapper:
            signature = inspect.signature(original)

            def wrapper(*args: Any, **kwargs: Any) -> Any:
                place = self._hooks.site()
                repaired: list[str] = []
                with self._hooks.outermost("write") as outermost:
                    with self._hooks.guard("write"):
                        if self._hooks.repairs and outermost:
                            args, kwargs, repaired = self._repaired(signature.bind(*args, **kwargs), data, rate)
                    result = original(*args, **kwargs)
                with self._hooks.guard("write"):
                    if outermost:
                        self._written(signature.bind(*args, **kwargs).arguments[file], place, repaired)
                return result

            return wrapper

        return make

    def _repaired(
        self, bound: inspect.BoundArguments, data: str, rate: str
    ) -> tuple[tuple[Any, ...], dict[str, Any], list[str]]:
        given = bound.arguments[data]
        made, bound.arguments[rate], subtype, repaired = self._hooks.repairs.writing(given, bound.arguments[rate])
        if made is not given and hasattr(given, "new_tensor"):
            # torchaudio wants a tensor, a row for each channel.
            made = given.new_tensor(made.tolist()).float().reshape(1, -1)
        bound.arguments[data] = made
        if subtype is not None and "subtype" in bound.signature.parameters:
            bound.arguments["subtype"] = subtype
        elif subtype is not None:
            repaired = [name for name in repaired if name != "decode.pcm-floor"]
        return bound.args, bound.kwargs, repaired

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

    def _written(self, file: Any, place: Site | None, repaired: list[str] | None = None) -> None:
        sound = read_back(file)
        name = MEMORY if hasattr(file, "getvalue") else os.path.basename(os.fsdecode(file))
        event = Written(name, sound.sample_rate, sound.subtype, sound.samples, site=place)
        event.repaired = repaired or []
        self._hooks.add(event)
        folder = self._hooks.options.sounds
        if folder is not None and name != MEMORY:
            shutil.copyfile(file, os.path.join(folder, name))
