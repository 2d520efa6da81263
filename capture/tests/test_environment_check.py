"""`higgs-capture check` finds what the hooks need by reading files."""

from __future__ import annotations

import sys

import pytest

from higgs_capture.check import main, names, source
from higgs_capture.hooks.targets import MODULES, TARGETS


def test_every_hook_has_a_place_in_upstreams_package(capsys):
    pytest.importorskip("boson_multimodal")
    for part in ("boson",):
        for module, targets in TARGETS[part].items():
            assert set(targets) <= names(module), module
    assert main([sys.executable]) == 0
    assert "hooks have a place" in capsys.readouterr().out


def test_nothing_is_imported_to_find_a_module():
    before = set(sys.modules)
    assert source("wave") is not None and source("no_such_package.module") is None
    assert "Wave_write.close" in names("wave")
    for module in MODULES:
        source(module)
    assert not [name for name in set(sys.modules) - before if name.startswith("boson_multimodal")]


def test_what_is_missing_is_named(tmp_path, monkeypatch, capsys):
    folder = tmp_path / "boson_multimodal" / "model" / "higgs_audio"
    folder.mkdir(parents=True)
    (tmp_path / "boson_multimodal" / "__init__.py").touch()
    (folder / "utils.py").write_text("def revert_delay_pattern(data): ...\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert main([sys.executable]) == 1
    told = capsys.readouterr().out
    assert "this would not be recorded: " in told
    assert "HiggsAudioModel.generate" in told and "utils.revert_delay_pattern" not in told
