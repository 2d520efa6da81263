"""The report page in a real browser: one that the tool wrote over hostile names, and one of invented data that has every part.

A test that needs a part which the tool's page does not have is skipped there, and never on the other.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import make_sample
from browser import Browser
from grids import variable
from looking import SAMPLE, frames, opened, wait


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
