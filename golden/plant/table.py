"""Reads the confusion table that `score.py` wrote, and says where it is not true to itself or to the cases."""

from __future__ import annotations

from collections.abc import Iterable

from .judge import Answer, Json, Result, judge
from .score import report

VERDICTS = ("aligned", "explained", "unexplained", "incomparable")
COLUMNS = 8


def rows(page: str, section: str) -> list[list[str]]:
    """The cells of a section's table, without its head."""
    _, found, rest = page.partition(f"\n## {section}\n")
    lines = [line for line in rest.partition("\n## ")[0].splitlines() if line.startswith("|")]
    if not found or len(lines) < 2:
        return []
    return [cells(line) for line in lines[2:]]


def cells(line: str) -> list[str]:
    """The cells of a row."""
    return [cell.strip() for cell in line.strip("|").split("|")]


def results(page: str, cases: Iterable[Json]) -> list[Result]:
    """The page's rows as results of the cases; ids are all that it keeps of a cause."""
    wrong = {name: said.split("; ") for name, _, said in rows(page, "Wrong")}
    answers = {row[0]: row for row in rows(page, "Every case")}
    found = []
    for case in cases:
        _, _, _, _, causes, verdict, first, false = answers[case["name"]]
        answer = Answer(
            verdict=verdict if verdict in VERDICTS else "",
            causes=tuple({"id": id} for id in _ids(causes)),
            problem=None if verdict in VERDICTS else verdict,
        )
        found.append(Result(case, answer, wrong.get(case["name"], []), first == "yes", _ids(false)))
    return found


def problems(page: str, cases: Iterable[Json]) -> list[str]:
    """What is wrong with the page: rows without a case, cases without a row, figures that the rows do not give,
    answers that are listed as right and are not."""
    cases = list(cases)
    table = rows(page, "Every case")
    if broken := [row for row in table if len(row) != COLUMNS]:
        return [f"a row of {len(row)} columns: {row[0]}" for row in broken]
    names, known = [row[0] for row in table], [case["name"] for case in cases]
    found = [f"{name} has no row" for name in known if name not in names]
    found += [f"{name} is no case" for name in names if name not in known]
    found += [f"{name} has {names.count(name)} rows" for name in sorted(set(names)) if names.count(name) > 1]
    if found:
        return found
    read = results(page, cases)
    for result in read:
        found += _verdict_problems(result)
    ours, theirs = report(read).splitlines(), page.splitlines()
    found += [f"not what the rows give: {line}" for line in theirs if line not in ours]
    found += [f"missing: {line}" for line in ours if line not in theirs]
    if not found and ours != theirs:
        found.append("lines stand in another order")
    return found


def _verdict_problems(result: Result) -> list[str]:
    """What the row's verdict and its false ids say against the list of wrong answers."""
    name, listed = result.case["name"], result.wrong
    if result.answer.problem is not None:
        return [] if listed == [result.answer.problem] else [f"{name}: {result.answer.problem} is not listed as wrong"]
    wanted = [said for said in judge(result.case, result.answer).wrong if said.startswith("verdict is")]
    wanted += [f"{id} is false" for id in result.false]
    said = [line for line in listed if line.startswith("verdict is") or line.endswith(" is false")]
    if sorted(wanted) != sorted(said):
        return [f"{name}: {'; '.join(wanted) or 'nothing'} by its row, {'; '.join(said) or 'nothing'} in the list"]
    return []


def _ids(cell: str) -> list[str]:
    return cell.split(", ") if cell else []
