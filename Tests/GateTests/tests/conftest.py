"""The pages that the tests open, one browser for all, and the parts of a page that several tests are about."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import make_sample
from browser import Browser
from looking import SAMPLE, frames, need, opened
from pages import hostile_page


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


@pytest.fixture
def page(browser: Browser, path: Path) -> Browser:
    return opened(browser, path)


@pytest.fixture
def pair(page: Browser) -> Browser:
    """A page with two sounds side by side, as S; the audio elements, as A."""
    place = need(page, "higgsPage.sounds.findIndex(s => s.audios.length === 2)", "pair of sounds")
    page.evaluate(
        f"window.S = higgsPage.sounds[{place}]; window.A = S.audios; S.element.scrollIntoView({{behavior: 'instant'}})"
    )
    return page


@pytest.fixture
def grid(page: Browser) -> Browser:
    """A page with a grid that has a difference view, as G."""
    place = need(page, "higgsPage.grids.findIndex(g => 'difference' in g.counts)", "grid with a difference view")
    page.evaluate(
        f"window.G = higgsPage.grids[{place}]; G.element.scrollIntoView({{block: 'center', behavior: 'instant'}})"
    )
    frames(page)
    return page
