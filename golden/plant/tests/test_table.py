"""The committed confusion table: every case has its row, the figures are the rows', and the answers are explain's."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT), str(ROOT / "capture")]

from golden.plant import score, table  # noqa: E402

PAGE = ROOT / "reports" / "confusion.md"


@pytest.fixture(scope="module")
def page() -> str:
    return PAGE.read_text()


@pytest.fixture(scope="module")
def truth(cases) -> list[dict]:
    return [case.row() for case in cases]


def test_each_case_has_a_row_and_the_figures_are_the_rows(page, truth):
    assert table.problems(page, truth) == []
    assert [row[0] for row in table.rows(page, "Every case")] == [case["name"] for case in truth]


def test_the_rows_say_what_explain_answers(page, results):
    rows = {row[0]: row for row in table.rows(page, "Every case")}
    for result in results:
        assert rows[result.case["name"]] == table.cells(score.line_of(result))


def row_of(page: str, name: str) -> str:
    (line,) = (line for line in page.splitlines() if line.startswith(f"| {name} | ") and line.count("|") == 9)
    return line


def cell(name: str, column: int, text: str):
    """An edit of one cell of a case's row."""

    def edit(page: str) -> str:
        line = row_of(page, name)
        cells = line.split("|")
        assert cells[column + 1].strip() != text
        cells[column + 1] = f" {text} "
        return page.replace(line, "|".join(cells))

    return edit


@pytest.mark.parametrize(
    "edit",
    [
        cell("tokens.no-clip", 1, "weights"),
        cell("tokens.no-clip", 2, "tokens.no-strip"),
        cell("tokens.no-clip", 3, "tokens.no-strip"),
        cell("tokens.no-clip", 4, "tokens.no-clip, decode.chunked"),
        cell("tokens.no-clip", 5, "unexplained"),
        cell("tokens.no-clip", 5, "exit 2: no such file"),
        cell("tokens.no-clip", 6, "**no**"),
        cell("tokens.no-clip", 7, "tokens.no-clip"),
        cell("clean-003", 5, "incomparable"),
        cell("clean-003", 4, "generation.budget"),
        cell("decode.pcm-16", 7, "decode.pcm-floor"),
        lambda page: page.replace(row_of(page, "tokens.wrap") + "\n", ""),
        lambda page: page.replace(
            row_of(page, "tokens.wrap"), row_of(page, "tokens.wrap") + "\n" + row_of(page, "tokens.wrap")
        ),
        lambda page: page.replace("| tokens.wrap | script |", "| tokens.wrapped | script |"),
        lambda page: page + "| tokens.more | script |  |  |  | aligned | - |  |\n",
        lambda page: page + "| tokens.more | script |\n",
        lambda page: re.sub(r"(?m)^(\| nothing planted \|) \d+ \| \d+ \|$", r"\1 99 | 99 |", page),
        lambda page: page.replace("False accusations: ", "False accusations: 1"),
        lambda page: re.sub(r"(?m)^\| none \(clean\) \| none \| \d+ \|\n", "", page),
    ],
)
def test_an_edited_page_is_found_out(page, truth, edit):
    edited = edit(page)
    assert edited != page
    assert table.problems(edited, truth) != []


def test_an_edited_row_is_not_what_explain_answers(page, results):
    for result in results:
        for column in (3, 4, 5):
            edited = cell(result.case["name"], column, "decode.weights")(page)
            (row,) = (row for row in table.rows(edited, "Every case") if row[0] == result.case["name"])
            assert row != table.cells(score.line_of(result))


def test_a_wrong_answer_that_is_not_listed_is_found_out():
    truth = [
        {
            **{"name": "one", "kind": "unexplained", "truth": ["tokens.unexplained"], "idiom": "script"},
            **{"acceptable": [], "also": [], "settings": []},
        }
    ]
    said = {"verdict": "unexplained", "causes": [{"id": "tokens.unexplained"}, {"id": "decode.chunked"}]}
    page = score.report([score.judge(case, score.answer_of(said)) for case in truth])
    assert table.problems(page, truth) == []
    head, _, rest = page.partition("\n## Wrong\n")
    _, _, tail = rest.partition("\n## ")
    unlisted = f"{head}\n## {tail}".replace("| 1 | 0 |", "| 1 | 1 |")
    assert table.problems(unlisted, truth) == ["one: decode.chunked is false by its row, nothing in the list"]
