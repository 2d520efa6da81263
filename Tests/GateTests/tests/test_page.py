"""The report page in a real browser: one that the tool wrote over hostile names, and one of invented data that has every part.

A test that needs a part which the tool's page does not have is skipped there, and never on the other.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

import make_sample
from browser import Browser
from pages import hostile_page

SAMPLE = "sample.html"
LEFT, TOP, BOTTOM = 30, 18, 18  # room for the labels of a grid, as in page.js
FRAME_RATE = 25
WIDEST = 48  # pixels of a cell, as in page.js


@pytest.fixture(scope="session", params=["tool", "sample"])
def path(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    if request.param == "tool":
        return hostile_page(tmp_path_factory.mktemp("tool"))
    out = tmp_path_factory.mktemp("page") / SAMPLE
    out.write_text(make_sample.page(), encoding="utf-8")
    return out


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with Browser() as one:
        yield one


def opened(browser: Browser, file: Path) -> Browser:
    browser.media()
    browser.viewport(1280, 900)
    browser.open(file)
    browser.evaluate("""Promise.all([...document.querySelectorAll('audio')].map(a => a.readyState ? 0
        : new Promise(done => a.addEventListener('loadedmetadata', done, {once: true}))))""")
    frames(browser)
    return browser


@pytest.fixture
def page(browser: Browser, path: Path) -> Browser:
    return opened(browser, path)


def frames(page: Browser) -> None:
    """Wait for two drawn frames, so that what was asked for has been drawn."""
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def wait(page: Browser, condition: str, seconds: float = 3.0) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if page.evaluate(condition):
            return True
        time.sleep(0.02)
    return False


def need(page: Browser, expression: str, what: str) -> Any:
    """The value, or a skip where the named page has no such part. The sample must have it."""
    found = page.evaluate(expression)
    if found is None or found is False or found == -1:
        assert not page.evaluate(f"location.pathname.endsWith('/{SAMPLE}')"), f"the sample has no {what}"
        pytest.skip(f"this page has no {what}")
    return found


def small(browser: Browser, folder: Path, body: str) -> Browser:
    file = folder / "small.html"
    file.write_text(
        make_sample.document(f'<header class="top"><h1>small</h1></header><main>{body}</main>'), encoding="utf-8"
    )
    return opened(browser, file)


# ---- The whole page ----


def test_page_says_nothing_to_the_console_and_asks_for_nothing(page: Browser) -> None:
    page.evaluate(
        "higgsPage.sounds.forEach(s => { s.play(); s.pause() }); document.querySelector('button.theme').click()"
    )
    assert page.console == []
    assert page.requests == []


def test_policy_forbids_other_scripts(page: Browser) -> None:
    page.evaluate("""(() => { const s = document.createElement('script'); s.textContent = 'window.hurt = 1';
        document.body.append(s) })()""")
    assert page.evaluate("window.hurt === undefined")
    assert any("Content Security Policy" in line for line in page.console)


def test_only_one_name_is_global(page: Browser) -> None:
    extra = page.evaluate("""(() => { const f = document.createElement('iframe'); document.body.append(f);
        const plain = new Set(Object.getOwnPropertyNames(f.contentWindow)); f.remove();
        return Object.getOwnPropertyNames(window).filter(n => !plain.has(n) && !/^[0-9]+$/.test(n)) })()""")
    assert extra == ["higgsPage"]
    assert page.evaluate("higgsPage.version") == 1


def test_every_part_of_the_markup_is_enhanced(page: Browser) -> None:
    for name, selector in (("tables", "table.sortable"), ("sounds", ".sound:has(audio)"), ("grids", ".tokens")):
        assert page.evaluate(f"higgsPage.{name}.length === document.querySelectorAll({json.dumps(selector)}).length"), (
            name
        )
    assert page.evaluate("document.querySelectorAll('audio[controls]').length") == 0


def test_hostile_text_stays_text(page: Browser, path: Path) -> None:
    page.evaluate(
        "document.querySelectorAll('.tokens select').forEach(s => { s.selectedIndex = s.options.length - 1; "
        "s.dispatchEvent(new Event('change')) })"
    )
    frames(page)
    assert page.evaluate("window.hurt === undefined")
    assert page.evaluate("[...document.querySelectorAll('img')].every(i => i.src.startsWith('data:image/'))")
    assert page.evaluate("document.querySelectorAll('script:not([type=\"application/json\"])').length") == 1
    assert (
        page.evaluate(
            "[...document.querySelectorAll('*')].flatMap(e => e.getAttributeNames()).filter(n => n.startsWith('on'))"
        )
        == []
    )
    if path.name == SAMPLE:
        for selector in (".gate td", ".facts dd", ".changes", ".tokens option", ".tokens .legend", ".logs td"):
            found = page.evaluate(f"[...document.querySelectorAll({json.dumps(selector)})].map(e => e.textContent)")
            assert any(make_sample.HOSTILE in text for text in found), selector
    else:
        for selector in (".contents a", "h2", ".facts dd", ".sounds td"):
            found = page.evaluate(f"[...document.querySelectorAll({json.dumps(selector)})].map(e => e.textContent)")
            assert any("<img src=x onerror=" in text for text in found), selector


def test_theme_button_overrides_the_system_and_gives_it_back(page: Browser) -> None:
    background = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(background)
    page.media(dark=True)
    dark = page.evaluate(background)
    assert light != dark
    button = "document.querySelector('button.theme')"
    seen = [(page.evaluate(f"{button}.textContent"), page.evaluate(background))]
    for _ in range(3):
        page.evaluate(f"{button}.click()")
        seen.append((page.evaluate(f"{button}.textContent"), page.evaluate(background)))
    assert seen == [
        ("Theme: as the system", dark),
        ("Theme: light", light),
        ("Theme: dark", dark),
        ("Theme: as the system", dark),
    ]
    page.media()
    page.evaluate(f"{button}.click(); {button}.click()")
    assert page.evaluate(background) == dark


# ---- Tables ----

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


# ---- Sounds ----


@pytest.fixture
def pair(page: Browser) -> Browser:
    """A page with two sounds side by side, as S; the audio elements, as A."""
    place = need(page, "higgsPage.sounds.findIndex(s => s.audios.length === 2)", "pair of sounds")
    page.evaluate(
        f"window.S = higgsPage.sounds[{place}]; window.A = S.audios; S.element.scrollIntoView({{behavior: 'instant'}})"
    )
    return page


GAP = "Math.abs(A[0].currentTime - A[1].currentTime)"


def test_both_sounds_play_and_stay_together(pair: Browser) -> None:
    pair.evaluate("S.element.querySelector('.play').click()")
    assert wait(pair, "A.every(a => !a.paused && a.currentTime > 0.3)")
    gaps = []
    for _ in range(25):
        gaps.append(pair.evaluate(GAP))
        time.sleep(0.04)
    # A machine that is busy with something else may lose a moment: it is caught up with.
    assert sorted(gaps)[-4] <= 0.05
    assert pair.evaluate("A.every(a => !a.paused)")
    pair.evaluate("S.element.querySelector('.play').click()")
    assert pair.evaluate("A.every(a => a.paused) && !S.playing")


@pytest.mark.parametrize("push", [0.12, 0.6, -0.12])
def test_drift_is_mended(pair: Browser, push: float) -> None:
    pair.evaluate("S.seek(1); S.play()")
    assert wait(pair, "A.every(a => !a.paused && a.currentTime > 1.2)")
    assert pair.evaluate(f"(A[1].currentTime += {push}, {GAP})") > 0.05
    assert wait(pair, f"!A[1].seeking && {GAP} < 0.03")


def test_switching_mutes_the_other_and_keeps_the_place(pair: Browser) -> None:
    pair.evaluate("S.play()")
    assert wait(pair, "A.every(a => a.currentTime > 0.3)")
    assert pair.evaluate("[S.heard, A.map(a => a.muted)]") == [
        pair.evaluate("S.element.querySelector('figure').dataset.path"),
        [False, True],
    ]
    before = pair.evaluate("S.currentTime")
    pair.evaluate("S.element.querySelectorAll('[type=radio]')[1].click()")
    assert pair.evaluate("A.map(a => a.muted)") == [True, False]
    assert abs(pair.evaluate("S.currentTime") - before) < 0.15
    assert pair.evaluate("A.every(a => !a.paused)")


def test_a_click_in_a_picture_seeks_both_and_moves_the_playheads(pair: Browser) -> None:
    box = pair.evaluate(
        "(() => { const b = S.element.querySelectorAll('.pictures')[1].getBoundingClientRect(); return [b.x, b.y, b.width, b.height] })()"
    )
    pair.click(box[0] + 0.4 * box[2], box[1] + box[3] / 2)
    expected = 0.4 * pair.evaluate("A[1].duration")
    assert wait(pair, f"A.every(a => Math.abs(a.currentTime - {expected}) < 0.03)")
    frames(pair)
    shares = pair.evaluate("""[...S.element.querySelectorAll('.pictures')].map(p => { const b = p.getBoundingClientRect(),
        h = p.querySelector('.playhead').getBoundingClientRect(); return (h.x + h.width / 2 - b.x) / b.width })""")
    lengths = pair.evaluate("A.map(a => a.duration)")
    assert shares == pytest.approx([expected / length for length in lengths], abs=0.01)
    said = pair.evaluate("S.element.querySelector('.transport output').textContent")
    assert re.fullmatch(rf"{expected:.1f}\d of {max(lengths):.2f} s", said)


def test_a_drag_in_a_picture_seeks(pair: Browser) -> None:
    box = pair.evaluate(
        "(() => { const b = S.element.querySelector('.mel').getBoundingClientRect(); return [b.x, b.y, b.width] })()"
    )
    pair.mouse("press", box[0] + 20, box[1] + 20)
    for share in (0.3, 0.5, 0.7):
        pair.mouse("move", box[0] + share * box[2], box[1] + 20, button="left", buttons=1)
    pair.mouse("release", box[0] + 0.7 * box[2], box[1] + 20)
    assert wait(pair, "Math.abs(S.currentTime - 0.7 * A[0].duration) < 0.05")


def test_only_one_sound_plays_at_a_time(pair: Browser) -> None:
    need(pair, "higgsPage.sounds.length > 1", "second sound")
    pair.evaluate("higgsPage.sounds[0].play()")
    assert wait(pair, "higgsPage.sounds[0].audios.some(a => !a.paused)")
    pair.evaluate("higgsPage.sounds[1].play()")
    assert pair.evaluate("higgsPage.sounds.map(s => s.playing)")[:2] == [False, True]
    assert pair.evaluate("higgsPage.sounds[0].audios.every(a => a.paused)")


def test_the_longer_sound_plays_on_and_play_starts_over(pair: Browser) -> None:
    need(pair, "Math.abs(A[0].duration - A[1].duration) > 0.2", "pair of unlike lengths")
    pair.evaluate("S.seek(Math.min(...A.map(a => a.duration)) - 0.2); S.play()")
    assert wait(pair, "S.currentTime > Math.min(...A.map(a => a.duration)) + 0.1 && S.playing")
    assert wait(pair, "!S.playing")
    assert pair.evaluate("S.currentTime") == pytest.approx(pair.evaluate("S.duration"), abs=0.02)
    pair.evaluate("S.play()")
    assert wait(pair, "A.every(a => !a.paused && a.currentTime > 0.1 && a.currentTime < 2)")


def test_keys_play_move_and_switch(pair: Browser) -> None:
    pair.evaluate("S.seek(1); S.element.querySelector('input[type=range]').focus()")
    pair.key("ArrowRight")
    pair.key("ArrowRight")
    pair.key("ArrowLeft")
    assert wait(pair, "Math.abs(S.currentTime - 1.1) < 0.02")
    first = pair.evaluate("S.heard")
    pair.key("x")
    assert pair.evaluate("S.heard") != first
    pair.key("Space")
    assert wait(pair, "A.every(a => !a.paused)")
    pair.key("Space")
    assert pair.evaluate("!S.playing")
    pair.evaluate("S.element.querySelector('.play').focus()")
    pair.key("Space")
    assert pair.evaluate("S.playing"), "the button must not answer twice"


def test_one_sound_alone_has_no_choice(page: Browser) -> None:
    place = need(page, "higgsPage.sounds.findIndex(s => s.audios.length === 1)", "single sound")
    assert page.evaluate(f"higgsPage.sounds[{place}].element.querySelectorAll('[type=radio]').length") == 0


# ---- Token grids ----


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


@pytest.fixture
def grid(page: Browser) -> Browser:
    """A page with a grid that has a difference view, as G."""
    place = need(page, "higgsPage.grids.findIndex(g => 'difference' in g.counts)", "grid with a difference view")
    page.evaluate(
        f"window.G = higgsPage.grids[{place}]; G.element.scrollIntoView({{block: 'center', behavior: 'instant'}})"
    )
    frames(page)
    return page


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


def test_letters_are_drawn_when_cells_are_large(grid: Browser) -> None:
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


# ---- Access ----


def test_tab_reaches_every_control_and_focus_is_seen(page: Browser) -> None:
    count = page.evaluate("""(window.F = [...document.querySelectorAll('a[href], button, select, input, canvas, summary, [tabindex="0"]')]
        .filter(e => e.checkVisibility({visibilityProperty: true}) && (e.type !== 'radio' || e.checked)), F.length)""")
    page.evaluate("document.activeElement.blur()")
    reached, unseen = set(), []
    for _ in range(count + 5):
        page.key("Tab")
        place, seen, what = page.evaluate("""(() => { const e = document.activeElement, s = getComputedStyle(e);
            return [F.indexOf(e), s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2, e.outerHTML.slice(0, 80)] })()""")
        if place >= 0:
            reached.add(place)
            if not seen:
                unseen.append(what)
    missing = [page.evaluate(f"F[{i}].outerHTML.slice(0, 80)") for i in range(count) if i not in reached]
    assert missing == []
    assert unseen == []


def test_controls_have_names(page: Browser) -> None:
    assert (
        page.evaluate("""[...document.querySelectorAll('button, select, input, canvas')].filter(e => !(e.textContent.trim() && e.tagName === 'BUTTON')
        && !e.getAttribute('aria-label') && !(e.labels && [...e.labels].some(l => l.textContent.trim()))).map(e => e.outerHTML.slice(0, 80))""")
        == []
    )


@pytest.mark.parametrize("width", [320, 360, 768, 1280])
def test_page_never_scrolls_sideways(page: Browser, width: int) -> None:
    page.viewport(width, 740, mobile=width < 500)
    frames(page)
    assert page.evaluate("innerWidth") == width
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    wide = page.evaluate(f"""[...document.querySelectorAll('main *, header *, nav *')].filter(e => !e.closest('.scroll table, .picture svg')
        && e.checkVisibility() && e.getBoundingClientRect().right > {width} + 0.5).map(e => e.outerHTML.slice(0, 80))""")
    assert wide == []


CONTRAST = """(() => {
  const pen = Object.assign(document.createElement('canvas'), {width: 1, height: 1}).getContext('2d', {willReadFrequently: true});
  const rgba = text => { pen.clearRect(0, 0, 1, 1); pen.fillStyle = text; pen.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = pen.getImageData(0, 0, 1, 1).data; return [r, g, b, a / 255] };
  const over = (top, low) => top.slice(0, 3).map((c, i) => c * top[3] + low[i] * (1 - top[3])).concat(1);
  const ground = e => { const layers = []; for (; e; e = e.parentElement) layers.push(rgba(getComputedStyle(e).backgroundColor));
    return layers.reverse().reduce((low, top) => over(top, low), [255, 255, 255, 1]) };
  const light = c => c.slice(0, 3).map(v => v / 255).map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ratio = (e, pseudo) => { const low = ground(e), a = light(over(rgba(getComputedStyle(e, pseudo).color), low)), b = light(low);
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) };
  const out = [];
  for (const e of document.querySelectorAll('body *')) {
    if (e.closest('svg, script, style') || !e.checkVisibility({opacityProperty: true})) continue;
    const own = [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim());
    if (own) out.push([ratio(e), e.outerHTML.slice(0, 70)]);
    if (e.placeholder) out.push([ratio(e, '::placeholder'), e.outerHTML.slice(0, 70)]);
  }
  return out })()"""


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("forced", [False, True])
def test_text_has_contrast_in_both_themes(page: Browser, dark: bool, forced: bool) -> None:
    if forced:
        page.evaluate(f"document.documentElement.dataset.theme = '{'dark' if dark else 'light'}'")
    page.media(dark=dark != forced)
    ratios = page.evaluate(CONTRAST)
    assert len(ratios) > 5
    assert [entry for entry in ratios if entry[0] < 4.5] == []


def test_letters_and_ids_in_cells_have_contrast(page: Browser) -> None:
    def light(colour: list[int]) -> float:
        parts = [v / 255 / 12.92 if v / 255 <= 0.03928 else ((v / 255 + 0.055) / 1.055) ** 2.4 for v in colour]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    for dark in (False, True):
        page.media(dark=dark)
        for ink, ground in [("letter", k) for k in ("bos", "eos", "out", "differs")] + [
            ("ink", "ramp-low"),
            ("ink", "ramp-high"),
        ]:
            low, high = sorted((light(variable(page, ink)), light(variable(page, ground))))
            assert (high + 0.05) / (low + 0.05) >= 4.5, (dark, ink, ground)


def test_motion_is_reduced_on_request(page: Browser) -> None:
    smooth = "getComputedStyle(document.documentElement).scrollBehavior"
    assert page.evaluate(smooth) == "smooth"
    page.media(still=True)
    assert page.evaluate(smooth) == "auto"


# ---- Print ----


def test_print_opens_details_and_draws_grids_light_then_restores(page: Browser, tmp_path: Path) -> None:
    page.evaluate("""(document.documentElement.dataset.theme = 'dark', window.seen = null, addEventListener('beforeprint', () => {
        seen = {open: [...document.querySelectorAll('details')].every(d => d.open), theme: document.documentElement.dataset.theme} }))""")
    closed = page.evaluate("document.querySelectorAll('details:not([open])').length")
    page.pdf(tmp_path / "page.pdf")
    data = (tmp_path / "page.pdf").read_bytes()
    assert data.startswith(b"%PDF-") and len(data) > 20_000
    assert len(re.findall(rb"/Type\s*/Page\b", data)) >= 1
    assert page.evaluate("seen") == {"open": True, "theme": "light"}
    assert wait(page, "document.documentElement.dataset.theme === 'dark'")
    assert page.evaluate("document.querySelectorAll('details:not([open])').length") == closed


def test_paper_is_light_has_no_controls_and_cuts_no_table(page: Browser) -> None:
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    page.viewport(690, 1000)
    page.media(print=True, dark=True)
    frames(page)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert (
        page.evaluate(
            "[...document.querySelectorAll('.controls, .theme, audio, .playhead')].filter(e => e.checkVisibility()).length"
        )
        == 0
    )
    cut = page.evaluate("""[...document.querySelectorAll('.scroll')].filter(s => s.scrollWidth > s.clientWidth + 1
        || s.scrollHeight > s.clientHeight + 1 || getComputedStyle(s).overflowX !== 'visible').map(s => s.outerHTML.slice(0, 80))""")
    assert cut == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 690


def test_page_is_readable_without_the_script(browser: Browser, path: Path, tmp_path: Path) -> None:
    bare = tmp_path / "bare.html"
    bare.write_text(re.sub(r"<script>.*</script>", "", path.read_text(encoding="utf-8"), flags=re.S), encoding="utf-8")
    page = opened(browser, bare)
    assert page.evaluate("window.higgsPage === undefined")
    assert page.evaluate("[...document.querySelectorAll('audio')].every(a => a.controls && a.checkVisibility())")
    assert page.evaluate("[...document.querySelectorAll('tbody tr')].every(r => r.checkVisibility())")
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
