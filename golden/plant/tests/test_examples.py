"""The page with a worked example for each id of the catalogue."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT), str(ROOT / "capture")]

from golden.plant import examples, score  # noqa: E402
from golden.plant.judge import Result, answer_of, judge  # noqa: E402

PAGE = ROOT / "docs" / "fault-examples.md"
FAULTS = ROOT / "docs" / "faults.md"
ROW = {"id": "tokens.no-strip", "kind": "defect"}


def case(name: str = "tokens.one", kind: str = "defect", truth: tuple[str, ...] = ("tokens.no-strip",), **more) -> dict:
    row = {
        **{"name": name, "file": f"{name}.h5", "kind": kind, "truth": list(truth), "stage": "tokens"},
        **{"idiom": "script", "acceptable": [], "also": [], "settings": [], "reference": "serve-engine"},
        **{"arguments": [], "why": "", "how": "`no_strip`: Keeps both.", "request": ""},
    }
    return {**row, **more}


def cause(id: str = "tokens.no-strip", **more) -> dict[str, Any]:
    entry = {
        **{"id": id, "kind": "defect", "title": "keeps the BOS and EOS columns", "fix": "[:, 1:-1]"},
        **{"evidence": ["shape [8, 52] against [8, 50]"], "identified": True, "equivalent": []},
        **{"attribution": "needs_intervention", "recovery": None, "consequences": []},
    }
    return {**entry, **more}


def result(row: dict | None = None, *causes: dict, verdict: str = "explained", **more) -> Result:
    return judge(row or case(), answer_of({"verdict": verdict, "causes": list(causes), **more}))


def test_an_example_says_case_command_cause_evidence_fix_and_attribution():
    recovery = {
        **{"energy_before": 0.0032757848471503034, "energy_after": 0.0032228279546238},
        **{"samples_before": 49920, "samples_after": 48000},
    }
    told = cause(
        evidence=["0.123456 where 1.37 was expected", "shape [8, 52], 21945 samples of boson_multimodal 0.1.1"],
        identified=False,
        equivalent=[["tokens.strip-guard"], ["tokens.wrap", "tokens.no-clip"]],
        attribution="shown",
        recovery=recovery,
    )
    row = case(why="kept by <|AUDIO|>", request="prompt `plain`", reference="generation-script")
    assert examples.section(ROW, [result(row, told)]).splitlines() == [
        "### `tokens.no-strip` (defect)",
        "",
        "Case `tokens.one`, idiom script. `no_strip`: Keeps both. Request: prompt `plain`. Kept by `<|AUDIO|>`.",
        "",
        "```console",
        "$ python -m golden.plant.record --out plants --only tokens.one",
        "$ higgs-diagnose explain plants/tokens.one.h5 --reference generation-script",
        "tokens.no-strip (defect): the pipeline keeps the BOS and EOS columns.",
        "- 0.123 where 1.37 was expected",
        "- shape [8, 52], 21945 samples of boson_multimodal 0.1.1",
        "On this capture the same output comes of tokens.strip-guard, or of tokens.wrap with tokens.no-clip.",
        "Fix: [:, 1:-1].",
        "Attribution: shown. With the fix the AC energy goes from 0.00328 to 0.00322, and the length from 49920 to "
        "48000 samples.",
        "```",
    ]


def test_a_command_records_what_its_arguments_name():
    said = examples.section(ROW, [result(case(arguments=["--against", "clean-000.h5"]), cause())])
    assert "$ python -m golden.plant.record --out plants --only tokens.one --only clean-000\n" in said
    assert "$ higgs-diagnose explain plants/tokens.one.h5 --against plants/clean-000.h5\n" in said
    said = examples.section(ROW, [result(case(arguments=["--codec", "weights/x.h5"]), cause())])
    assert "--out plants --only tokens.one\n" in said
    assert "explain plants/tokens.one.h5 --codec plants/weights/x.h5\n" in said


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (0.1, 0.2, "from 0.1 to 0.2."),
        (None, 0.00336, "from no sound to 0.00336, and the length from 0 to 40 samples."),
        (0.1, None, "shown. Without it the stage gives another output."),
    ],
)
def test_the_sound_before_and_after(before, after, said):
    recovery = {"energy_before": before, "energy_after": after, "samples_after": 40}
    recovery |= {"samples_before": 40} if before else {}
    text = examples.section(ROW, [result(None, cause(attribution="shown", recovery=recovery))])
    assert text.endswith(f"{said}\n```")


def test_the_plainest_right_answer_is_the_example():
    one, two = case("tokens.one"), case("tokens.two")
    wrong = result(one, cause("tokens.no-clip"))
    assert examples.chosen("tokens.no-strip", [wrong, result(two, cause())]).case is two
    pair = case("pair.one", "pair", ("tokens.no-strip", "decode.chunked"))
    found = result(pair, cause(), cause("decode.chunked"))
    assert examples.chosen("tokens.no-strip", [found, result(two, cause())]).case is two
    assert examples.chosen("decode.chunked", [found, result(two, cause())]).case is pair
    harmless = result(case("tokens.three", "harmless"), verdict="aligned")
    assert examples.chosen("tokens.no-strip", [harmless, result(two, cause())]).case is two
    beside = result(
        case("tokens.four", truth=("tokens.wrap",), also=["tokens.no-strip"]), cause("tokens.wrap"), cause()
    )
    assert examples.chosen("tokens.no-strip", [beside, harmless]).case["name"] == "tokens.three"
    assert examples.chosen("tokens.no-strip", [beside]) is beside
    assert examples.chosen("tokens.special-inside", [beside]) is None


def test_what_stands_elsewhere_in_the_answer_is_said_so():
    row = {"id": "tokens.strip-valid-frame", "kind": "limit"}
    under = cause("tokens.strip-valid-frame", kind="limit")
    above = cause("generation.budget", consequences=[under])
    found = result(case("tokens.cut", truth=("generation.budget",), also=["tokens.strip-valid-frame"]), above)
    said = examples.section(row, [found])
    assert "\ntokens.strip-valid-frame (follows from generation.budget): the pipeline" in said
    assert said.splitlines()[2] == f"Not a cause in any case: {examples.NOT_PLANTED[row['id']]}."
    setting = result(case(kind="setting"), verdict="aligned", settings=[cause()])
    assert "\ntokens.no-strip (a setting): the pipeline" in examples.section(ROW, [setting])
    trailing = {"id": "collator.trailing-start", "kind": "defect"}
    harmless = case(kind="harmless", truth=("collator.trailing-start",))
    known = result(harmless, verdict="aligned", harmless=[cause("collator.trailing-start")])
    assert examples.section(trailing, [known]).endswith("columns.\n- shape [8, 52] against [8, 50]\n```")
    assert "Aligned, and not a word of it." in examples.section(trailing, [result(harmless, verdict="aligned")])


def test_an_id_without_a_case_needs_a_reason():
    with pytest.raises(ValueError, match=r"tokens\.no-strip is the truth of no case"):
        examples.section(ROW, [])
    assert "skips its audio tower" in examples.section({"id": "collator.whisper-mel-bins", "kind": "defect"}, [])
    never = {"id": "tokens.no-strip", "kind": "never"}
    aligned = result(case("tokens.two", "harmless"), verdict="aligned")
    assert examples.section(never, [aligned]).endswith("The case `tokens.two` has it, and is aligned.")


def test_the_tool_is_asked_for_the_catalogue_and_the_page_is_written(tmp_path, monkeypatch):
    (tmp_path / "truth.json").write_text(json.dumps([case()]))
    said = {
        "explain": {"verdict": "explained", "causes": [cause()]},
        "catalogue": {"deviations": [ROW, {"id": "collator.waveform-rate", "kind": "defect"}]},
    }
    for name, document in said.items():
        (tmp_path / name).write_text(json.dumps(document))
    tool = tmp_path / "tool"
    tool.write_text(f'#!/bin/sh\ncat {tmp_path}/"$1"\n')
    tool.chmod(0o755)
    page = tmp_path / "page.md"
    argv = ["score", str(tmp_path), "--tool", str(tool), "--out", str(tmp_path / "table.md"), "--examples", str(page)]
    monkeypatch.setattr(sys, "argv", argv)
    assert score.main() == 0
    assert page.read_text().startswith("# A worked example")
    assert re.findall("(?m)^## .*", page.read_text()) == ["## tokens", "## collator"]
    monkeypatch.setattr(sys, "argv", [*argv, "--only", "tokens.*"])
    with pytest.raises(SystemExit):
        score.main()


# The committed page


def sections(page: str) -> dict[str, str]:
    """The page's sections by id, headings of stages left out."""
    parts = re.split("(?m)^### ", page)[1:]
    return {part.split("`")[1]: f"### {part.partition(chr(10) + '## ')[0].strip()}" for part in parts}


def test_the_page_has_every_id_of_the_catalogue_in_its_order():
    ids = re.findall(r"(?m)^\| `([a-z]+\.[a-z0-9-]+)` \|", FAULTS.read_text())
    assert len(ids) > 60
    assert list(sections(PAGE.read_text())) == ids


def test_the_page_tells_cases_as_they_are(cases):
    rows = {case.name: case.row() for case in cases}
    told = [part for part in sections(PAGE.read_text()).values() if "\nCase `" in part]
    assert len(told) > 50
    for part in told:
        name = re.search(r"(?m)^Case `([^`]+)`", part)[1]
        line = next(line for line in part.splitlines() if line.startswith("Case `"))
        assert line == examples.planted(rows[name])
        assert f"$ {examples.command(rows[name])}\n" in part


def test_the_page_says_what_explain_answers(results):
    rows = {row["id"]: row for row in examples.catalogue(os.environ["HIGGS_DIAGNOSE"])}
    known = {result.case["name"]: result for result in results}
    compared = 0
    for id, part in sections(PAGE.read_text()).items():
        name = re.search(r"(?m)^Case `([^`]+)`", part)
        if name and name[1] in known:
            assert part == examples.section(rows[id], [known[name[1]]])
            compared += 1
    assert compared >= 5
