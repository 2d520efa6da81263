"""What the tool answers about planted faults, against the truth, as a confusion table.

    python -m golden.plant.score DIR --tool PATH [--out reports/confusion.md] [--only PATTERN]
                                 [--examples docs/fault-examples.md]

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
from pathlib import Path

from . import examples
from .judge import DEFECTS, Answer, Json, Result, answer_of, judge


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
    lines += [
        "| case | idiom | truth | first | all causes | verdict | first right | false |",
        "|---|---|---|---|---|---|---|---|",
    ]
    lines += [line_of(result) for result in results]
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


def line_of(result: Result) -> str:
    """A case's line of the last table."""
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
    parser.add_argument("--examples", type=Path, help="Markdown file with an example for each id of the catalogue")
    parser.add_argument("--only", action="append", metavar="PATTERN", help="names of cases, as in a shell")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="files at a time (default: 1)")
    options = parser.parse_args()
    truth = options.folder / "truth.json"
    if not truth.is_file():
        parser.error(f"{truth}: not found; record the cases first (python -m golden.plant.record --out DIR)")
    if options.examples is not None and options.only:
        parser.error("--examples needs the answers about every case, without --only")
    cases = json.loads(truth.read_text())
    if options.only:
        cases = [case for case in cases if any(fnmatch.fnmatch(case["name"], pattern) for pattern in options.only)]
    if not cases:
        parser.error("no case to score")
    tool = str(Path(options.tool).resolve()) if "/" in options.tool else options.tool
    with ThreadPoolExecutor(options.jobs) as pool:
        answers = list(pool.map(lambda case: ask(tool, options.folder, case), cases))
    results = [judge(case, answer) for case, answer in zip(cases, answers, strict=True)]
    text = report(results)
    if options.out is None:
        print(text, end="")
    else:
        options.out.parent.mkdir(parents=True, exist_ok=True)
        options.out.write_text(text)
    if options.examples is not None:
        options.examples.write_text(examples.page(examples.catalogue(tool), results))
    right = sum(result.right for result in results)
    print(f"{right} of {len(results)} cases right", file=sys.stderr)
    return 0 if right == len(results) else 1


if __name__ == "__main__":
    sys.exit(main())
