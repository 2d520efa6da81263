"""Wraps functions and methods where they are defined and wherever they were imported by name."""

from __future__ import annotations

import contextlib
import functools
import importlib
import os
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from types import ModuleType
from typing import Any, Callable

from ..events import Event, Site
from ..failures import raised, traceback_text
from ..journal import SUFFIX, Entry, Journal
from ..options import Options
from ..repairs.live import LiveRepairs
from . import live
from .importing import ImportWatcher
from .sites import site
from .targets import MODULES, TARGETS

Wrapper = Callable[..., Any]
Make = Callable[[Wrapper], Wrapper]
_OWN = "higgs_capture_hook"
"""Attribute of this package's wrappers, which refers to the wrapper itself: `functools.wraps` copies attributes."""


class Hooks:
    """Installs the hooks, writes what they see to a journal, and puts everything back.

    A hook never changes what it wraps, unless it was told to repair something: it copies arguments before the call,
    results after it, and passes both on untouched. If a hook itself fails, the failure is noted and the script goes on.
    """

    def __init__(
        self, folder: str | os.PathLike[str], options: Options, watcher: ImportWatcher | None = None
    ) -> None:
        self.options = options
        self.repairs = LiveRepairs(options.apply)
        self.watcher = watcher or ImportWatcher()
        self.running = threading.local()
        self._folder = os.fspath(folder)
        self._journal = self._open()
        self._parts: dict[str, Any] = {}
        self._undo: list[Callable[[], None]] = []
        self._called: dict[str, int] = {}
        self._failures: dict[str, str] = {}
        self._told: dict[str, Any] = {}

    # Installing

    def install(self) -> None:
        """Hooks the modules that are loaded, and the others as soon as they are."""
        self.watcher.install()
        for name in MODULES:
            self.watcher.watch(name, self.attach)

    def attach(self, module: ModuleType) -> None:
        """Hooks one module of `MODULES`."""
        with self.guard("hooks"):
            name = MODULES[module.__name__]
            makers: dict[str, Make] = self.part(name).makers()
            for target, hook in TARGETS[name][module.__name__].items():
                self._attach(module, target, hook, makers[hook])

    def part(self, name: str) -> Any:
        """The hooks of one stack: a module of this package with a class `Stack`."""
        if name not in self._parts:
            self._parts[name] = importlib.import_module(f"{__package__}.{name}").Stack(self)
        return self._parts[name]

    def remove(self) -> None:
        self.watcher.remove()
        for undo in reversed(self._undo):
            undo()
        self._undo.clear()

    def finish(self, error: BaseException | None = None) -> None:
        """Notes what only the end of the run can tell. Called with the live objects still there."""
        for part in self._parts.values():
            with self.guard("finish"):
                part.finish()
        with self.guard("provenance"):
            self.tell_provenance()
        if error is not None:
            with self.guard("traceback"):
                self.journal.note("traceback", traceback_text(error))
        self.journal.note("called", self._called)
        self.journal.note("ended", True)

    def _attach(self, module: ModuleType, target: str, name: str, make: Make) -> None:
        owner_name, _, attribute = target.rpartition(".")
        try:
            owner = getattr(module, owner_name) if owner_name else module
            original = vars(owner)[attribute]
            wrapper = self.counted(name, original, make(original))
            places = [owner] if owner_name else importers(original)
            for place in places:
                self.replace(place, attribute, original, wrapper)
            where = [getattr(place, "__name__", str(place)) for place in places]
            if owner_name:
                where = [f"{module.__name__}.{owner_name}"]
            self.journal.note("installed", {name: ", ".join(f"{place}.{attribute}" for place in where)})
            self._called.setdefault(name, 0)
        except Exception as error:
            self.fail(name, error)

    def replace(self, place: Any, attribute: str, original: Any, wrapper: Any) -> None:
        """Puts the wrapper in the place of the original under every name that it has there."""
        for alias in [key for key, value in vars(place).items() if value is original]:
            setattr(place, alias, wrapper)
            self._undo.append(functools.partial(setattr, place, alias, original))

    def put(self, place: Any, attribute: str, value: Any) -> None:
        """Sets an attribute until `remove`; one that was not there is taken away again."""
        if attribute in vars(place):
            self._undo.append(functools.partial(setattr, place, attribute, vars(place)[attribute]))
        else:
            self._undo.append(functools.partial(delattr, place, attribute))
        setattr(place, attribute, value)

    def counted(self, name: str, original: Wrapper, wrapper: Wrapper) -> Wrapper:
        """The wrapper, dressed as the original, with its calls counted."""
        called = self._called

        @functools.wraps(original)
        def counting(*args: Any, **kwargs: Any) -> Any:
            called[name] = called.get(name, 0) + 1
            return wrapper(*args, **kwargs)

        return marked(counting)

    # Keeping the observer out of the way

    @contextlib.contextmanager
    def guard(self, name: str) -> Iterator[None]:
        """Notes an exception of the observer's own instead of raising it."""
        try:
            yield
        except Exception as error:
            self.fail(name, error)

    @contextlib.contextmanager
    def noting(self, *entries: Entry | None) -> Iterator[None]:
        """Notes in the entries of a call what it raises, and lets it go on to the script."""
        try:
            yield
        except BaseException as error:
            with self.guard("raised"):
                for entry in entries:
                    if entry is not None:
                        entry.set(raised=raised(error))
            raise

    def fail(self, name: str, error: BaseException) -> None:
        """Notes why a hook failed; of each hook the first time."""
        frame = traceback.extract_tb(error.__traceback__)[-1] if error.__traceback__ else None
        where = f" ({frame.name}:{frame.lineno})" if frame else ""
        if self._failures.setdefault(name, message := f"{type(error).__name__}: {error}{where}") is message:
            with contextlib.suppress(Exception):
                self.journal.note("failed", {name: message})

    @contextlib.contextmanager
    def outermost(self, name: str) -> Iterator[bool]:
        """Whether this call of a hook is not inside another one of that name, in this thread."""
        depth = getattr(self.running, name, 0)
        setattr(self.running, name, depth + 1)
        try:
            yield depth == 0
        finally:
            setattr(self.running, name, depth)

    # What is written

    @property
    def journal(self) -> Journal:
        """The journal of this process: a forked child gets its own."""
        if not self._journal.is_own:
            self._journal = self._open()
            self._told = {}
        return self._journal

    def add(self, event: Event) -> Entry:
        return self.journal.add(event)

    def tell(self, **facts: Any) -> None:
        """Notes facts about the surroundings, unless they were told already."""
        new = {name: value for name, value in facts.items() if name not in self._told or self._told[name] != value}
        if new:
            self.journal.note("surroundings", new)
            # Of weights only that they were told: they are large, and told once.
            self._told.update({name: name == "codec_weights" or value for name, value in new.items()})

    def has_told(self, name: str) -> bool:
        """Whether this process has noted a fact of that name."""
        return self.journal.is_own and name in self._told

    def tell_provenance(self) -> None:
        self.tell(provenance=live.provenance())

    def tell_provenance_once(self) -> None:
        """Early, for a process that will not reach its end."""
        if not self.has_told("provenance"):
            self.tell_provenance()

    def site(self) -> Site | None:
        """Where the user's own code made the call that a hook is in."""
        with self.guard("sites"):
            return site(sys._getframe(1))
        return None

    def _open(self) -> Journal:
        name = f"{os.getpid()}-{time.monotonic_ns()}{SUFFIX}"
        return Journal(os.path.join(self._folder, name), about())


def about() -> dict[str, Any]:
    """Which process this is."""
    return {
        "started": time.time(),
        "process": os.getpid(),
        "parent": os.getppid(),
        "argv": list(getattr(sys, "orig_argv", None) or sys.argv),
        "python": sys.version.split()[0],
        "folder": os.getcwd(),
    }


def marked(wrapper: Any) -> Any:
    setattr(wrapper, _OWN, wrapper)
    return wrapper


def is_own(function: Any) -> bool:
    """Whether a function is a wrapper of this package."""
    return getattr(function, _OWN, None) is function


def importers(function: Any) -> list[ModuleType]:
    """Modules that hold `function` under some name: its own and those that imported it by name."""
    modules = [module for module in list(sys.modules.values()) if isinstance(module, ModuleType)]
    found = [module for module in modules if any(value is function for value in list(vars(module).values()))]
    own = getattr(function, "__module__", None)
    return sorted(found, key=lambda module: (module.__name__ != own, module.__name__))
