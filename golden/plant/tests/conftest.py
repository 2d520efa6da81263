"""The recordings that several tests read, made once, and what `explain` says about them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT), str(ROOT / "capture")]

NAMES = (
    "clean-000",
    "collator.surplus-placeholder-hidden",
    "collator.surplus-placeholder-raises",
    "collator.pad-left",
    "generation.stops-at-once-instance",
    "generation.parameters-raw",
    "generation.first-frame-zeros",
    "tokens.no-strip",
    "tokens.wrap",
    "decode.chunks-context-10",
    "decode.decoder-in-chunks",
    "decode.int16-wrap",
    "unknown.collator-codebook-3-off",
    "pair.strip-and-clip",
    "pair.scale-and-trimmed",
    "pair.chunks-and-scale",
)


@pytest.fixture(scope="session")
def cases() -> list[Any]:
    """Every case of `script/confusion`."""
    pytest.importorskip("torch")
    pytest.importorskip("boson_multimodal")
    from golden.make import upstream

    if "boson_multimodal.audio_processing.higgs_audio_tokenizer" not in sys.modules:
        upstream.install()
    from golden.plant import record

    record.quiet()
    from golden.plant.cases import every_case

    return every_case(clean=record.CLEAN)


@pytest.fixture(scope="session")
def names() -> tuple[str, ...]:
    """The cases that are recorded here."""
    return NAMES


@pytest.fixture(scope="session")
def folder(cases: list[Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Recordings of `NAMES`, with `truth.json`."""
    from golden.plant import record

    out = tmp_path_factory.mktemp("plants")
    chosen = [case for case in cases if case.name in NAMES]
    assert len(chosen) == len(NAMES)
    assert record.record_all(chosen, out, jobs=2) == []
    return out


@pytest.fixture(scope="session")
def tool() -> str:
    """The program that is tested."""
    if "HIGGS_DIAGNOSE" not in os.environ:
        pytest.skip("HIGGS_DIAGNOSE names no program")
    return os.environ["HIGGS_DIAGNOSE"]


@pytest.fixture(scope="session")
def explain(tool: str) -> Callable[..., dict[str, Any]]:
    """What it says about an archive."""

    def ask(file: Path, *arguments: str) -> dict[str, Any]:
        command = [tool, "explain", str(file), "--format", "json", *arguments]
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode in (0, 1), done.stderr
        return json.loads(done.stdout)

    return ask


@pytest.fixture(scope="session")
def results(request: pytest.FixtureRequest) -> list[Any]:
    """What `explain` answers about each of them, judged."""
    program = request.getfixturevalue("tool")
    folder: Path = request.getfixturevalue("folder")
    from golden.plant.judge import judge
    from golden.plant.score import ask

    truth = json.loads((folder / "truth.json").read_text())
    return [judge(case, ask(program, folder, case)) for case in truth]
