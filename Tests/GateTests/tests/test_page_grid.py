"""Token grids of a page."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from browser import Browser
from grids import FRAME_RATE, WIDEST, both, colour_at, colours_in, counted, data_of, readout, show, spot, variable
from looking import SAMPLE, frames, small, wait


def test_counts_are_those_of_the_data_in_every_segment(grid: Browser, path: Path) -> None:
    data = data_of(grid, path)
    for place, segment in enumerate(data["segments"]):
        grid.evaluate(
            f"(s => s && (s.selectedIndex = {place}, s.dispatchEvent(new Event('change'))))(G.element.querySelector('select'))"
        )
        assert grid.evaluate("G.segment") == segment["name"]
        assert grid.evaluate("G.counts") == counted(data, segment)
        cells = {view["name"]: sum(map(len, view["ids"])) for view in segment["views"]}
        assert grid.evaluate("G.cells").items() >= cells.items()


def test_legend_says_the_counts_in_words(grid: Browser, path: Path) -> None:
    segment = data_of(grid, path)["segments"][0]
    for view, count in counted(data_of(grid, path), segment).items():
        show(grid, view)
        words = f"BOS {count['bos']}, EOS {count['eos']}, out of range {count['out']}"
        words += f", differs {count['differs']}" if view == "difference" else ""
        words += f" of {grid.evaluate('G.cells')[view]}"
        words += f"; {count['none']} cells have no id" if count["none"] else ""
        assert grid.evaluate("G.element.querySelector('.legend').textContent") == f"{segment['name']}, {view}: {words}"


def test_keys_move_the_cursor_and_stop_at_the_edges(grid: Browser) -> None:
    show(grid, "aligned")
    last = int(grid.evaluate("G.canvas.getAttribute('aria-label').match(/(\\d+) frames/)[1]")) - 1
    grid.evaluate("G.canvas.focus()")
    for key, codebook, frame in [
        ("ArrowUp", 0, 0),
        ("ArrowLeft", 0, 0),
        ("ArrowDown", 1, 0),
        ("ArrowRight", 1, 1),
        ("End", 1, last),
        ("ArrowRight", 1, last),
        ("ArrowLeft", 1, last - 1),
        ("Home", 1, 0),
        ("ArrowUp", 0, 0),
    ]:
        grid.key(key)
        assert grid.evaluate("G.cursor") == {"codebook": codebook, "frame": frame}, key
        assert readout(grid).startswith(f"codebook {codebook}, frame {frame} ({frame / FRAME_RATE:.2f} s): ")


def expected_readout(data: dict[str, Any], view: str, codebook: int, frame: int) -> str:
    views = {v["name"]: v["ids"] for v in data["segments"][0]["views"]}

    def word(name: str) -> str:
        lines = views[name]
        return str(lines[codebook][frame]) if codebook < len(lines) and frame < len(lines[codebook]) else "none"

    own = word(view) if view in views else "same" if word("current") == word("aligned") else "differs"
    if own == str(data["bos"]):
        own += ", BOS"
    elif own == str(data["eos"]):
        own += ", EOS"
    elif re.fullmatch(r"-?\d+", own) and not 0 <= int(own) <= data["eos"]:
        own += ", out of range"
    beside = ", ".join(f"{name} {word(name)}" for name in ("current", "aligned") if name != view)
    return f"codebook {codebook}, frame {frame} ({frame / FRAME_RATE:.2f} s): {own}; {beside}"


def test_hover_reads_the_cell_in_every_view(grid: Browser, path: Path) -> None:
    data = data_of(grid, path)
    seen = set()
    for view in ("as drawn", "current", "aligned", "difference"):
        show(grid, view)
        shown = grid.evaluate("G.canvas.getAttribute('aria-label').match(/(\\d+) frames/)[1]")
        for codebook, frame in [(0, 3), (2, 35), (5, 52), (6, 54), (7, 2), (0, 257), (7, 249), (3, 250)]:
            if frame >= int(shown):
                continue
            grid.mouse("move", *spot(grid, codebook, frame))
            assert readout(grid) == expected_readout(data, view, codebook, frame)
            seen.add(re.sub(r"-?\d+", "", readout(grid).split(": ")[1].split(";")[0]))
    if path.name == SAMPLE:
        assert seen == {"", ", BOS", ", EOS", ", out of range", "same", "differs", "none"}


def test_zoom_by_key_button_and_wheel_and_fit(grid: Browser) -> None:
    whole = grid.evaluate("G.scale")
    grid.evaluate("G.canvas.focus()")
    grid.key("+")
    assert grid.evaluate("G.scale") == pytest.approx(2 * whole)
    grid.evaluate("[...G.element.querySelectorAll('button')].find(b => b.textContent === 'Zoom in').click()")
    assert grid.evaluate("G.scale") == pytest.approx(min(4 * whole, WIDEST))
    grid.key("-")
    grid.key("0")
    grid.key("+")
    x, y = spot(grid, 2, 12)
    frame = f"(G.start + ({x} - G.canvas.getBoundingClientRect().x - 30) / G.scale)"
    before = grid.evaluate(frame)
    grid.mouse("wheel", x, y, deltaX=0, deltaY=-120, modifiers=2)
    assert wait(grid, f"G.scale > {2.1 * whole}")
    assert grid.evaluate(frame) == pytest.approx(before, abs=0.5), "the frame under the pointer stays"
    grid.key("0")
    assert grid.evaluate("[G.scale, G.start]") == [pytest.approx(whole), 0]


def test_wheel_scrolls_sideways_and_drag_pans_when_zoomed(grid: Browser) -> None:
    grid.evaluate("G.canvas.focus()")
    grid.key("+")
    grid.key("+")
    grid.key("Home")
    x, y = spot(grid, 3, 10)
    top = grid.evaluate("scrollY")
    grid.mouse("wheel", x, y, deltaX=0, deltaY=150)
    assert wait(grid, "G.start > 1")
    start, scale = grid.evaluate("[G.start, G.scale]")
    assert start == pytest.approx(150 / scale, rel=0.05)
    assert grid.evaluate("scrollY") == top
    grid.mouse("press", x, y)
    grid.mouse("move", x - 50, y, button="left", buttons=1)
    grid.mouse("move", x - 100, y, button="left", buttons=1)
    grid.mouse("release", x - 100, y)
    assert grid.evaluate("G.start") == pytest.approx(start + 100 / scale, abs=0.5)


def test_wheel_scrolls_the_page_when_all_frames_fit(grid: Browser) -> None:
    top = grid.evaluate("scrollY")
    grid.mouse("wheel", *spot(grid, 3, 30), deltaX=0, deltaY=150)
    assert wait(grid, f"scrollY > {top}")


def test_cells_have_the_colour_of_their_kind_and_follow_the_theme(grid: Browser, path: Path) -> None:
    data = data_of(grid, path)
    drawn = data["segments"][0]["views"][0]["ids"]
    place = next(((b, f) for b, line in enumerate(drawn) for f, cell in enumerate(line) if cell == data["bos"]), None)
    if place is None:
        pytest.skip("this page has no BOS")
    show(grid, "as drawn")
    assert colour_at(grid, *place) == variable(grid, "bos")
    light = variable(grid, "bos")
    grid.media(dark=True)
    frames(grid)
    assert colour_at(grid, *place) == variable(grid, "bos") != light
    grid.evaluate("document.documentElement.dataset.theme = 'light'")
    frames(grid)
    assert colour_at(grid, *place) == light


def test_difference_view_marks_cells_that_differ_and_no_others(grid: Browser, path: Path) -> None:
    views = {v["name"]: v["ids"] for v in data_of(grid, path)["segments"][0]["views"]}
    pairs = list(both(views["current"], views["aligned"]))
    width = max(map(len, views["current"] + views["aligned"]))
    show(grid, "difference")
    marked = variable(grid, "differs")
    differ = [divmod(i, width) for i, (a, b) in enumerate(pairs) if a != b]
    same = [divmod(i, width) for i, (a, b) in enumerate(pairs) if a == b]
    if path.name == SAMPLE:
        assert len(differ) == 27
    assert all(marked in colours_in(grid, *place) for place in differ[:30])
    beside = [place for place in same if (place[0], place[1] - 1) in differ or (place[0], place[1] + 1) in differ]
    assert not any(marked in colours_in(grid, *place) for place in same[::97] + beside[:30])


def test_letters_are_drawn_when_cells_are_large(grid: Browser, path: Path) -> None:
    show(grid, "difference")
    ink = """(() => { const c = G.canvas.getContext('2d'), t = window.TEXTS = []; const own = c.fillText.bind(c);
        c.fillText = (text, ...more) => { t.push(text); own(text, ...more) }; G.draw(); c.fillText = own; return [...new Set(t)] })()"""
    assert "≠" not in grid.evaluate(ink)
    grid.evaluate("G.canvas.focus()")
    for _ in range(6):
        grid.key("+")
    for _ in range(40):
        grid.key("ArrowRight")
    frames(grid)
    texts = grid.evaluate(ink)
    if path.name == SAMPLE:
        assert "≠" in texts
    show(grid, "as drawn")
    assert any(text.isdigit() and int(text) > 300 for text in grid.evaluate(ink)), "ids are written when there is room"


def lone_grid(data: dict[str, Any]) -> str:
    return (
        f'<div class="tokens" data-source="t"></div><script type="application/json" id="t">{json.dumps(data)}</script>'
    )


def test_sixteen_codebooks_of_three_thousand_frames_are_drawn(browser: Browser, tmp_path: Path) -> None:
    current = [[(7 * b + 31 * f) % 1026 for f in range(3000)] for b in range(16)]
    aligned = [[(7 * b + 31 * f + f % 2) % 1026 for f in range(3000)] for b in range(16)]
    page = small(
        browser,
        tmp_path,
        lone_grid(
            {
                "codebook_size": 1024,
                "bos": 1024,
                "eos": 1025,
                "segments": [
                    {"name": "s", "views": [{"name": "current", "ids": current}, {"name": "aligned", "ids": aligned}]}
                ],
            }
        ),
    )
    page.evaluate("window.G = higgsPage.grids[0]; G.canvas.focus()")
    show(page, "difference")
    different = sum(a != b for left, right in zip(current, aligned) for a, b in zip(left, right))
    assert page.evaluate("G.counts.difference.differs") == different > 20_000
    for _ in range(4):
        page.evaluate("G.draw()")
        page.key("+")
    assert page.evaluate("G.scale") > 1 and page.console == []


@pytest.mark.parametrize(
    "views",
    [
        [],
        [{"name": "current", "ids": []}],
        [{"name": "as drawn", "ids": [[], [3]]}],
        [{"name": "aligned", "ids": [[1, None, 5]]}],
    ],
)
def test_scarce_data_is_no_error(browser: Browser, tmp_path: Path, views: list[dict[str, Any]]) -> None:
    page = small(
        browser,
        tmp_path,
        lone_grid({"codebook_size": 1024, "bos": 1024, "eos": 1025, "segments": [{"name": "s", "views": views}]}),
    )
    assert page.console == []
    assert page.evaluate("higgsPage.grids.every(g => !('difference' in g.counts))")
