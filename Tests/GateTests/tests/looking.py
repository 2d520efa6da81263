"""What every test of a page looks through."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

import make_sample
from browser import Browser

SAMPLE = "sample.html"


def opened(browser: Browser, file: Path) -> Browser:
    browser.media()
    browser.viewport(1280, 900)
    browser.open(file)
    browser.evaluate("""Promise.all([...document.querySelectorAll('audio')].map(a => a.readyState ? 0
        : new Promise(done => a.addEventListener('loadedmetadata', done, {once: true}))))""")
    frames(browser)
    return browser


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
