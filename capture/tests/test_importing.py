"""Modules are hooked when they are imported, not before."""

from __future__ import annotations

import importlib
import sys
from importlib.machinery import SourceFileLoader

import pytest

from higgs_capture.hooks.importing import ImportWatcher


@pytest.fixture
def module_name(tmp_path, monkeypatch):
    (tmp_path / "watched_module.py").write_text("value = 1\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield "watched_module"
    sys.modules.pop("watched_module", None)


def test_the_callback_sees_the_executed_module(module_name):
    watcher, seen = ImportWatcher(), []
    watcher.install()
    watcher.watch(module_name, lambda module: seen.append(module.value))
    try:
        assert seen == []
        module = importlib.import_module(module_name)
    finally:
        watcher.remove()
    assert seen == [1]
    assert type(module.__spec__.loader) is SourceFileLoader


def test_a_loaded_module_is_seen_at_once(module_name):
    importlib.import_module(module_name)
    watcher, seen = ImportWatcher(), []
    watcher.watch(module_name, lambda module: seen.append(module.value))
    assert seen == [1]


def test_a_module_that_came_in_past_the_finder_is_seen_at_the_next_import(module_name):
    watcher, seen = ImportWatcher(), []
    watcher.install()
    watcher.watch(module_name, lambda module: seen.append(module.value))
    try:
        # Another finder's doing: the module is there, and this one was never asked.
        module = type(sys)(module_name)
        module.value = 2
        sys.modules[module_name] = module
        with pytest.raises(ModuleNotFoundError):
            importlib.import_module("a_module_that_is_nowhere")
        with pytest.raises(ModuleNotFoundError):
            importlib.import_module("nor_is_this_one")
    finally:
        watcher.remove()
    assert seen == [2]
