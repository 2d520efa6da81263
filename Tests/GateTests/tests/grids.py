"""What tests of token grids know of them: their data, and where on the canvas a cell lies."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from browser import Browser
from looking import frames

LEFT, TOP, BOTTOM = 30, 18, 18  # room for the labels of a grid, as in page.js
FRAME_RATE = 25
WIDEST = 48  # pixels of a cell, as in page.js


class Scripts(HTMLParser):
    """The JSON of every data script, by id."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self._id: str | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = dict(attrs)
        self._id = facts.get("id") if tag == "script" and facts.get("type") == "application/json" else None

    def handle_data(self, data: str) -> None:
        if self._id:
            self.found[self._id] = self.found.get(self._id, "") + data

    def handle_endtag(self, tag: str) -> None:
        self._id = None


def counted(data: dict[str, Any], segment: dict[str, Any]) -> dict[str, dict[str, int]]:
    """The counts of each view, by the contract and from the data alone."""
    views = {view["name"]: view["ids"] for view in segment["views"]}
    out = {}
    for name, ids in views.items():
        cells = [cell for line in ids for cell in line]
        out[name] = {
            "bos": cells.count(data["bos"]),
            "eos": cells.count(data["eos"]),
            "differs": 0,
            "out": sum(cell < 0 or cell > data["eos"] for cell in cells),
            "none": len(ids) * max(map(len, ids)) - len(cells),
        }
    if "current" in views and "aligned" in views:
        pairs = list(both(views["current"], views["aligned"]))
        same = [a for a, b in pairs if a == b]
        out["difference"] = {
            "bos": same.count(data["bos"]),
            "eos": same.count(data["eos"]),
            "none": same.count(None),
            "out": sum(a is not None and (a < 0 or a > data["eos"]) for a in same),
            "differs": len(pairs) - len(same),
        }
    return out


def both(one: list[list[int]], other: list[list[int]]) -> Iterator[tuple[int | None, int | None]]:
    def cell(ids: list[list[int]], book: int, frame: int) -> int | None:
        return ids[book][frame] if book < len(ids) and frame < len(ids[book]) else None

    for book in range(max(len(one), len(other))):
        for frame in range(max(map(len, one + other))):
            yield cell(one, book, frame), cell(other, book, frame)


def show(page: Browser, view: str) -> None:
    page.evaluate(
        f"[...G.element.querySelectorAll('label')].find(l => l.textContent === {json.dumps(view)}).firstChild.click()"
    )
    frames(page)


def data_of(page: Browser, path: Path) -> dict[str, Any]:
    return json.loads(Scripts(path.read_text(encoding="utf-8")).found[page.evaluate("G.element.dataset.source")])


def spot(page: Browser, codebook: int, frame: int) -> tuple[float, float]:
    """The middle of a cell in the viewport."""
    x, y, height, start, scale = page.evaluate(
        "(() => { const b = G.canvas.getBoundingClientRect(); return [b.x, b.y, b.height, G.start, G.scale] })()"
    )
    rows = int(page.evaluate("G.canvas.getAttribute('aria-label').match(/(\\d+) codebooks/)[1]"))
    return x + LEFT + (frame - start + 0.5) * scale, y + TOP + (codebook + 0.5) * (height - TOP - BOTTOM) / rows


def readout(page: Browser) -> str:
    return page.evaluate("G.element.querySelector('output').textContent")


def colour_at(page: Browser, codebook: int, frame: int) -> list[int]:
    x, y = spot(page, codebook, frame)
    return page.evaluate(f"""(() => {{ const b = G.canvas.getBoundingClientRect(), d = devicePixelRatio;
        return [...G.canvas.getContext('2d').getImageData(({x} - b.x) * d, ({y} - b.y + 5) * d, 1, 1).data].slice(0, 3) }})()""")


def colours_in(page: Browser, codebook: int, frame: int) -> list[list[int]]:
    """Every colour down the middle of a cell."""
    x, y = spot(page, codebook, frame)
    return page.evaluate(f"""(() => {{ const b = G.canvas.getBoundingClientRect(), d = devicePixelRatio;
        const p = G.canvas.getContext('2d').getImageData(Math.floor(({x} - b.x) * d), ({y} - b.y - 6) * d, 1, 12 * d).data;
        return Array.from({{length: p.length / 4}}, (_, i) => [...p.slice(4 * i, 4 * i + 3)]) }})()""")


def variable(page: Browser, name: str) -> list[int]:
    text = page.evaluate(f"getComputedStyle(document.documentElement).getPropertyValue('--{name}').trim()")
    return [int(text[at : at + 2], 16) for at in (1, 3, 5)]
