"""How answers are judged."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT), str(ROOT / "capture")]

from golden.plant import score  # noqa: E402
from golden.plant.judge import Answer, judge  # noqa: E402


def case(kind: str = "defect", truth: tuple[str, ...] = ("tokens.no-strip",), **more) -> dict:
    row = {
        "name": "one",
        "file": "one.h5",
        "kind": kind,
        "truth": list(truth),
        "stage": "tokens",
        "idiom": "script",
        "acceptable": [],
        "also": [],
        "settings": [],
        "reference": "serve-engine",
        "arguments": [],
        "why": "",
    }
    return {**row, **more}


def answer(*ids: str, verdict: str = "explained", settings: tuple[str, ...] = (), **equivalent) -> Answer:
    causes = tuple({"id": id, "equivalent": equivalent.get("equivalent", [])} for id in ids)
    return Answer(verdict=verdict, causes=causes, settings=settings)


@pytest.mark.parametrize(
    ("truth", "given", "right"),
    [
        (case(), answer("tokens.no-strip"), True),
        (case(), answer("tokens.strip-guard", equivalent=[["tokens.no-strip"]]), True),
        (case(), answer("tokens.strip-guard", equivalent=[["tokens.no-strip", "tokens.wrap"]]), False),
        (case(acceptable=["tokens.strip-guard"]), answer("tokens.strip-guard"), True),
        (case(), answer("tokens.no-clip"), False),
        (case(), answer("tokens.no-clip", "tokens.no-strip"), False),
        (case(), answer("tokens.no-strip", "decode.chunked"), False),
        (case(also=["decode.chunked"]), answer("tokens.no-strip", "decode.chunked"), True),
        (case(), answer("tokens.no-strip", verdict="unexplained"), False),
        (case(), answer(verdict="aligned"), False),
        (case(), answer("tokens.no-strip", settings=("generation.top-k",)), False),
        (case(settings=["generation.top-k"]), answer("tokens.no-strip", settings=("generation.top-k",)), True),
        (case(), answer("tokens.no-strip", settings=("decode.pcm-floor",)), True),
        (case("pair", ("tokens.no-strip", "decode.chunked")), answer("tokens.no-strip", "decode.chunked"), True),
        (case("pair", ("tokens.no-strip", "decode.chunked")), answer("tokens.no-strip"), False),
        (case("unexplained", ("tokens.unexplained",)), answer("tokens.unexplained", verdict="unexplained"), True),
        (case("unexplained", ("tokens.unexplained",)), answer("tokens.no-strip"), False),
        (case("setting", ("generation.top-k",)), answer(verdict="aligned", settings=("generation.top-k",)), True),
        (case("setting", ("generation.top-k",)), answer(verdict="aligned"), False),
        (case("setting", ("generation.top-k",)), answer("generation.top-k"), False),
        (case("harmless", ("tokens.clip-order",)), answer(verdict="aligned"), True),
        (case("harmless", ("tokens.clip-order",)), answer("tokens.clip-order"), False),
        (case("clean", ()), answer(verdict="aligned"), True),
        (case("clean", ()), answer(verdict="incomparable"), False),
        (case("clean", ()), answer("generation.budget"), False),
        (case(), Answer(problem="exit 2"), False),
    ],
)
def test_an_answer_is_judged(truth, given, right):
    assert judge(truth, given).right is right


def test_the_report_counts_and_names():
    results = [
        judge(case(), answer("tokens.no-strip")),
        judge(case(name="two"), answer("tokens.no-clip", settings=("generation.top-k",))),
        judge(case("clean", (), name="three"), answer(verdict="aligned")),
    ]
    text = score.report(results)
    assert "| one fault | 2 | 1 |" in text
    assert "| nothing planted | 1 | 1 |" in text
    assert "Right at the first place: 1 of 2. False accusations: 2." in text
    assert (
        "| two | tokens.no-strip | first is tokens.no-clip; tokens.no-clip is false; generation.top-k is false |"
        in text
    )
    assert text == score.report(results)


def test_the_tool_is_run_in_the_folder(tmp_path):
    (tmp_path / "truth.json").write_text(json.dumps([case(arguments=["--codec", "weights/x.h5"])]))
    tool = tmp_path / "tool"
    said = '{"verdict": "explained", "causes": [{"id": "tokens.no-strip"}], "settings": [], "harmless": []}'
    tool.write_text(f"#!/bin/sh\necho \"$PWD $*\" >{tmp_path}/call\necho '{said}'\nexit 1\n")
    tool.chmod(0o755)
    given = score.ask(str(tool), tmp_path, case(arguments=["--codec", "weights/x.h5"]))
    assert given.ids == ["tokens.no-strip"]
    assert (tmp_path / "call").read_text().split() == [
        str(tmp_path),
        *("explain", "one.h5", "--format", "json", "--reference", "serve-engine", "--codec", "weights/x.h5"),
    ]


def test_a_tool_without_an_answer_is_a_wrong_answer(tmp_path):
    tool = tmp_path / "tool"
    tool.write_text("#!/bin/sh\necho 'one.h5: no such file' >&2\nexit 2\n")
    tool.chmod(0o755)
    assert score.ask(str(tool), tmp_path, case()).problem == "exit 2: one.h5: no such file"
    assert "no answer" in (score.ask(str(tmp_path / "missing"), tmp_path, case()).problem or "")
