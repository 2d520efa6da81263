"""Runs a callback right after a module was first imported, without importing it early."""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import Callable

Callback = Callable[[ModuleType], None]


class ImportWatcher(importlib.abc.MetaPathFinder):
    """A finder that finds nothing itself: it asks the others and wraps the loader of watched modules."""

    def __init__(self) -> None:
        self._callbacks: dict[str, list[Callback]] = {}
        self._searching: set[str] = set()

    def watch(self, name: str, callback: Callback) -> None:
        """Calls `callback(module)` now if the module is loaded, else as soon as it has been executed."""
        module = sys.modules.get(name)
        if module is not None:
            callback(module)
        else:
            self._callbacks.setdefault(name, []).append(callback)

    def install(self) -> None:
        sys.meta_path.insert(0, self)

    def remove(self) -> None:
        if self in sys.meta_path:
            sys.meta_path.remove(self)

    def catch_up(self) -> None:
        """Calls back for watched modules that came in past this finder: another one stands in front of it."""
        # A copy: another thread may import, too.
        for name in list(self._callbacks):
            module = sys.modules.get(name)
            if module is not None and not getattr(getattr(module, "__spec__", None), "_initializing", False):
                self._call(name, module)

    def _call(self, name: str, module: ModuleType) -> None:
        for callback in self._callbacks.pop(name, []):
            callback(module)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        self.catch_up()
        if fullname not in self._callbacks or fullname in self._searching:
            return None
        self._searching.add(fullname)
        try:
            spec = self._ask_others(fullname, path, target)
        finally:
            self._searching.discard(fullname)
        if spec is not None and spec.loader is not None and hasattr(spec.loader, "exec_module"):
            self._wrap(spec.loader, fullname)
        return spec

    def _ask_others(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None
    ) -> importlib.machinery.ModuleSpec | None:
        for finder in sys.meta_path:
            find = None if finder is self else getattr(finder, "find_spec", None)
            spec: importlib.machinery.ModuleSpec | None = find(fullname, path, target) if find else None
            if spec is not None:
                return spec
        return None

    def _wrap(self, loader: importlib.abc.Loader, name: str) -> None:
        original = loader.exec_module

        def exec_module(module: ModuleType) -> None:
            original(module)
            self._call(name, module)

        # On the instance: the loader keeps its class, so inspect and pickle see what they always saw.
        loader.exec_module = exec_module  # type: ignore[method-assign]
