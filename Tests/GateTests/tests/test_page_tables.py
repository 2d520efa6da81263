"""Tables of a page: sorting and filtering."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import make_sample
from browser import Browser
from looking import need, small

COLUMN = make_sample.table(
    ["name", "value", "given", "plain"],
    [
        ("", [f"<td>{a}</td>", f"<td>{b}</td>", c, f"<td>{d}</td>"])
        for a, b, c, d in [
            ("B1", "—", '<td data-value="30">30 B</td>', "1"),
            ("a", "1e-3", "<td>not computed</td>", "b"),
            ("b10", "9", '<td data-value="2e3">2 kB</td>', "9a"),
            ("b9", "-1,200", '<td data-value="1">1 B</td>', "10a"),
        ]
    ],
)


def column(page: Browser, place: int) -> list[str]:
    return page.evaluate(f"[...document.querySelectorAll('tbody tr')].map(r => r.cells[{place}].textContent)")


def press(page: Browser, place: int) -> str | None:
    """Press a heading by Enter, as a reader would. Returns its aria-sort."""
    page.evaluate(f"document.querySelectorAll('th button')[{place}].focus()")
    page.key("Enter")
    return page.evaluate(f"document.querySelectorAll('th')[{place}].getAttribute('aria-sort')")


@pytest.mark.parametrize(
    ("place", "upwards", "downwards"),
    [
        (0, ["a", "B1", "b9", "b10"], ["b10", "b9", "B1", "a"]),
        (1, ["-1,200", "1e-3", "9", "—"], ["9", "1e-3", "-1,200", "—"]),
        (2, ["1 B", "30 B", "2 kB", "not computed"], ["2 kB", "30 B", "1 B", "not computed"]),
        (3, ["1", "9a", "10a", "b"], ["b", "10a", "9a", "1"]),
    ],
)
def test_column_sorts_up_then_down_then_as_it_was(
    browser: Browser, tmp_path: Path, place: int, upwards: list[str], downwards: list[str]
) -> None:
    page = small(browser, tmp_path, COLUMN)
    first = column(page, place)
    assert press(page, place) == "ascending"
    assert column(page, place) == upwards
    assert press(page, place) == "descending"
    assert column(page, place) == downwards
    assert press(page, place) is None
    assert column(page, place) == first


def test_only_the_sorted_column_has_aria_sort(browser: Browser, tmp_path: Path) -> None:
    page = small(browser, tmp_path, COLUMN)
    press(page, 0)
    assert press(page, 1) == "ascending"
    assert page.evaluate("document.querySelectorAll('[aria-sort]').length") == 1


def test_tables_of_few_rows_have_no_filter(browser: Browser, tmp_path: Path) -> None:
    page = small(browser, tmp_path, COLUMN)
    assert page.evaluate("document.querySelectorAll('th button').length") == 4
    assert page.evaluate("document.querySelectorAll('input[type=search]').length") == 0


def filtered(page: Browser) -> int:
    """The place of a table that has a text filter and a status filter. Names its controls for the test."""
    place = need(
        page,
        "higgsPage.tables.findIndex(t => t.total >= 6 && t.element.querySelector('tr[data-status]'))",
        "table of six rows with a status",
    )
    page.evaluate(f"""(() => {{ const t = window.T = higgsPage.tables[{place}].element;
        window.C = t.closest('.scroll').previousElementSibling; window.R = [...t.tBodies[0].rows] }})()""")
    return place


def test_status_select_lists_statuses_with_counts_and_filters_by_them(page: Browser) -> None:
    place = filtered(page)
    states = page.evaluate("R.map(r => r.dataset.status)")
    options = page.evaluate("[...C.querySelectorAll('option')].map(o => o.textContent)")
    counts = {state: states.count(state) for state in states}
    assert options == [f"all ({len(states)})", *(f"{state} ({count})" for state, count in counts.items())]
    for state, count in counts.items():
        page.evaluate(
            f"C.querySelector('select').value = {json.dumps(state)}; C.querySelector('select').dispatchEvent(new Event('change'))"
        )
        assert page.evaluate("[...new Set(R.filter(r => r.checkVisibility()).map(r => r.dataset.status))]") == [state]
        assert page.evaluate("C.querySelector('output').textContent") == f"{count} of {len(states)} rows"
        assert page.evaluate(f"higgsPage.tables[{place}].shown") == count


def test_text_filter_keeps_rows_that_have_every_word(page: Browser) -> None:
    filtered(page)
    texts = page.evaluate("R.map(r => r.textContent)")
    words = [texts[0][:4].upper(), texts[0][-5:].strip().split()[-1]]
    expected = [all(word.lower() in text.lower() for word in words) for text in texts]
    page.evaluate("C.querySelector('input').focus()")
    for letter in " ".join(words):
        page.key("Space" if letter == " " else letter)
    assert page.evaluate("C.querySelector('input').value") == " ".join(words)
    assert page.evaluate("R.map(r => r.checkVisibility())") == expected
    assert 0 < sum(expected) < len(texts)
    assert page.evaluate("C.querySelector('output').textContent") == f"{sum(expected)} of {len(texts)} rows"
    page.evaluate(
        "C.querySelector('input').value = 'no such words'; C.querySelector('input').dispatchEvent(new Event('input'))"
    )
    assert page.evaluate("R.filter(r => r.checkVisibility()).length") == 0
