"""What the tool answers about planted faults, against the truth, as a confusion table.

    python -m golden.plant.score DIR --tool PATH [--out reports/confusion.md] [--only PATTERN]

DIR is a folder that `golden.plant.record` wrote. Runs `higgs-diagnose explain FILE --format json` for each case.
Exit status 1 if any answer is wrong.
"""

from __future__ import annotations

import argparse
import fnmatch
import json
import subprocess
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Json = dict[str, Any]
DEFECTS = ("defect", "pair", "unexplained", "symptom", "limit")
"""Kinds of cases whose truth stands in `causes`."""
ALWAYS_ALLOWED = frozenset({"decode.pcm-floor", "collator.missing-audio-out-bos"})
"""Settings that every recording here has: 16-bit files, audio that was not forced."""


@dataclass(frozen=True)
class Answer:
    """What `explain` said about one file. `problem` stands for an answer that is none."""

    verdict: str = ""
    causes: tuple[Json, ...] = ()
    settings: tuple[str, ...] = ()
    harmless: tuple[str, ...] = ()
    problem: str | None = None

    @property
    def ids(self) -> list[str]:
        return [str(cause["id"]) for cause in self.causes]


@dataclass
class Result:
    """One case, its answer, and what is wrong with it."""

    case: Json
    answer: Answer
    wrong: list[str] = field(default_factory=list)
    first: bool = False
    false: list[str] = field(default_factory=list)

    @property
    def right(self) -> bool:
        return not self.wrong


def ask(tool: str, folder: Path, case: Json) -> Answer:
    """Runs the tool in the folder of recordings."""
    command = [tool, "explain", case["file"], "--format", "json", "--reference", case["reference"], *case["arguments"]]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=600)
    except (OSError, subprocess.TimeoutExpired) as error:
        return Answer(problem=f"no answer ({type(error).__name__})")
    try:
        return answer_of(json.loads(done.stdout))
    except (ValueError, KeyError, TypeError):
        said = done.stderr.strip().splitlines()
        return Answer(problem=f"exit {done.returncode}: {said[0][:120] if said else 'no JSON'}")


def answer_of(document: Json) -> Answer:
    """The parts of `explain`'s JSON that are judged."""
    return Answer(
        verdict=document["verdict"],
        causes=tuple(document["causes"]),
        settings=tuple(row["id"] for row in document.get("settings", [])),
        harmless=tuple(row["id"] for row in document.get("harmless", [])),
    )


def names(cause: Json) -> set[tuple[str, ...]]:
    """The sets of ids that a cause stands for: its own id, and each set of its equivalents."""
    return {(str(cause["id"]),), *(tuple(sorted(ids)) for ids in cause.get("equivalent") or [])}


def stands_for(cause: Json, id: str, acceptable: Iterable[str] = ()) -> bool:
    """Whether a cause names the id: as its own or as an equivalent set of one, or as what may stand for it."""
    return any((name,) in names(cause) for name in (id, *acceptable))


def judge(case: Json, answer: Answer) -> Result:
    """Compares an answer with the truth."""
    result = Result(case, answer)
    if answer.problem is not None:
        result.wrong.append(answer.problem)
        return result
    truth: list[str] = case["truth"] if case["kind"] in DEFECTS else []
    acceptable = case["acceptable"]
    result.first = bool(answer.causes) and bool(truth) and stands_for(answer.causes[0], truth[0], acceptable)
    if truth and not result.first:
        result.wrong.append(f"first is {answer.ids[0] if answer.ids else 'nothing'}")
    for id in truth[1:]:
        if not any(stands_for(cause, id) for cause in answer.causes):
            result.wrong.append(f"{id} is missing")
    allowed = {*truth, *acceptable, *case["also"], *case["settings"]}
    result.false = [
        str(cause["id"])
        for cause in answer.causes
        if not any(stands_for(cause, id, acceptable) for id in truth) and cause["id"] not in allowed
    ]
    wanted = case["truth"] if case["kind"] == "setting" else []
    result.false += [id for id in answer.settings if id not in {*allowed, *wanted} | ALWAYS_ALLOWED]
    result.wrong += [f"{id} is false" for id in result.false]
    result.wrong += [f"{id} is missing" for id in wanted if id not in answer.settings]
    expected = _verdicts(case, answer)
    if answer.verdict not in expected:
        result.wrong.append(f"verdict is {answer.verdict}")
    return result


def _verdicts(case: Json, answer: Answer) -> set[str]:
    """Verdicts that go with the truth."""
    if case["kind"] == "unexplained" or any(id.endswith(".unexplained") for id in case["truth"]):
        return {"unexplained"}
    if case["kind"] in DEFECTS:
        return {"explained"}
    return {"explained"} if any(cause["id"] in case["also"] for cause in answer.causes) else {"aligned"}


# The report


def report(results: list[Result]) -> str:
    """The confusion table as Markdown."""
    lines = [
        "# Confusion table",
        "",
        "Faults planted in upstream's own classes (`golden/plant`), and what `higgs-diagnose explain` answers about",
        "each recording. *First* says whether the first cause is the planted one, by its own id or as one of its",
        "equivalents. *False* are causes and settings that are not there. Written by `script/confusion`.",
        "",
        "| | cases | right |",
        "|---|---:|---:|",
    ]
    for title, rows in _groups(results):
        lines.append(f"| {title} | {len(rows)} | {sum(row.right for row in rows)} |")
    lines.append(f"| **all** | {len(results)} | {sum(row.right for row in results)} |")
    firsts = [row for row in results if row.case["kind"] in DEFECTS]
    lines += [
        "",
        f"Right at the first place: {sum(row.first for row in firsts)} of {len(firsts)}. "
        f"False accusations: {sum(len(row.false) for row in results)}.",
    ]
    wrong = [row for row in results if not row.right]
    if wrong:
        lines += ["", "## Wrong", "", "| case | truth | what is wrong |", "|---|---|---|"]
        lines += [f"| {row.case['name']} | {_list(row.case['truth'])} | {'; '.join(row.wrong)} |" for row in wrong]
    lines += ["", "## Truth against answer", "", "| truth | answer | cases |", "|---|---|---:|"]
    lines += [f"| {truth} | {answer} | {count} |" for (truth, answer), count in _confusion(results)]
    lines += ["", "## Every case", ""]
    lines += ["| case | idiom | truth | first | all causes | verdict | first right | false |", "|---|---|---|---|---|---|---|---|"]
    lines += [_row(result) for result in results]
    return "\n".join(lines) + "\n"


def _groups(results: list[Result]) -> list[tuple[str, list[Result]]]:
    titles = {
        "defect": "one fault",
        "pair": "two faults, both named and nothing else",
        "unexplained": "not in the catalogue, answered `<stage>.unexplained`",
        "setting": "settings only",
        "symptom": "symptoms",
        "limit": "limits of the reference itself",
        "harmless": "deviations without effect",
        "clean": "nothing planted",
    }
    grouped = [(title, [row for row in results if row.case["kind"] == kind]) for kind, title in titles.items()]
    return [(title, rows) for title, rows in grouped if rows]


def _confusion(results: list[Result]) -> list[tuple[tuple[str, str], int]]:
    counts: dict[tuple[str, str], int] = {}
    for row in results:
        truth = _list(row.case["truth"]) if row.case["kind"] in DEFECTS else f"none ({row.case['kind']})"
        answer = row.answer.problem or _list(row.answer.ids) or "none"
        counts[truth, answer] = counts.get((truth, answer), 0) + 1
    return sorted(counts.items())


def _row(result: Result) -> str:
    case, answer = result.case, result.answer
    first = "-" if case["kind"] not in DEFECTS else "yes" if result.first else "**no**"
    columns = [
        case["name"],
        case["idiom"],
        _list(case["truth"]),
        answer.ids[0] if answer.ids else "",
        _list(answer.ids),
        answer.problem or answer.verdict,
        first,
        _list(result.false),
    ]
    return f"| {' | '.join(columns)} |"


def _list(ids: Iterable[str]) -> str:
    return ", ".join(ids)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="recordings and truth.json")
    parser.add_argument("--tool", default="higgs-diagnose", help="the binary (default: from PATH)")
    parser.add_argument("--out", type=Path, help="Markdown file to write (default: standard output)")
    parser.add_argument("--only", action="append", metavar="PATTERN", help="names of cases, as in a shell")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="files at a time (default: 1)")
    options = parser.parse_args()
    truth = options.folder / "truth.json"
    if not truth.is_file():
        parser.error(f"{truth}: not found; record the cases first (python -m golden.plant.record --out DIR)")
    cases = json.loads(truth.read_text())
    if options.only:
        cases = [case for case in cases if any(fnmatch.fnmatch(case["name"], pattern) for pattern in options.only)]
    if not cases:
        parser.error("no case to score")
    tool = str(Path(options.tool).resolve()) if "/" in options.tool else options.tool
    with ThreadPoolExecutor(options.jobs) as pool:
        answers = list(pool.map(lambda case: ask(tool, options.folder, case), cases))
    results = [judge(case, answer) for case, answer in zip(cases, answers)]
    text = report(results)
    if options.out is None:
        print(text, end="")
    else:
        options.out.parent.mkdir(parents=True, exist_ok=True)
        options.out.write_text(text)
    right = sum(result.right for result in results)
    print(f"{right} of {len(results)} cases right", file=sys.stderr)
    return 0 if right == len(results) else 1


if __name__ == "__main__":
    sys.exit(main())
