"""Starts the observation of a Python process. It costs next to nothing until a pipeline is imported."""

from __future__ import annotations

import atexit
import os
import sys
from types import ModuleType
from typing import Any

from .hooks.importing import ImportWatcher
from .hooks.targets import MODULES

FOLDER, OPTIONS = "HIGGS_CAPTURE_JOURNAL", "HIGGS_CAPTURE_OPTIONS"
PRESENT = "seen"
"""Ending of the empty file by which a process says that it was observed."""


def start() -> None:
    """Observes this process if `HIGGS_CAPTURE_JOURNAL` names a folder. Raises nothing that the script could see."""
    folder = os.environ.get(FOLDER)
    if not folder or not os.path.isdir(folder):
        return
    open(os.path.join(folder, f"{os.getpid()}.{PRESENT}"), "w").close()
    watcher = ImportWatcher()
    observer = _Observer(folder, watcher)
    watcher.install()
    for name in MODULES:
        watcher.watch(name, observer.attach)
    atexit.register(observer.finish)


class _Observer:
    """Makes the hooks when the first module that they are for is imported."""

    def __init__(self, folder: str, watcher: ImportWatcher) -> None:
        self._folder = folder
        self._watcher = watcher
        self._hooks: Any = None

    def attach(self, module: ModuleType) -> None:
        try:
            if self._hooks is None:
                from .hooks.core import Hooks
                from .options import Options

                self._hooks = Hooks(self._folder, Options.read(os.environ.get(OPTIONS, "{}")), self._watcher)
            self._hooks.attach(module)
        except Exception as error:
            complain(error)

    def finish(self) -> None:
        """At the end of the process. Python sets `sys.last_value` when it prints an uncaught exception."""
        try:
            if self._hooks is not None:
                self._hooks.finish(getattr(sys, "last_value", None))
        except Exception as error:
            complain(error)


def complain(error: BaseException) -> None:
    """One line on standard error, once: the script goes on unobserved."""
    if not getattr(complain, "done", False):
        complain.done = True  # type: ignore[attr-defined]
        print(f"higgs-capture: this process is not observed: {type(error).__name__}: {error}", file=sys.stderr)
