"""A small driver of headless Chromium over its debugging pipe. Standard library only.

Chromium reads commands from descriptor 3 and writes answers and events to descriptor 4. Each message is one JSON
text ended by a NUL byte.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

# Descriptors 3 and 4 must be exactly these numbers. A child moves them and then becomes the browser.
_MOVE = (
    "import fcntl, os, sys; r, w = (fcntl.fcntl(int(f), fcntl.F_DUPFD, 10) for f in sys.argv[1:3]); "
    "os.dup2(r, 3); os.dup2(w, 4); os.execvp(sys.argv[3], sys.argv[3:])"
)
_KEYS: dict[str, tuple[str, int, str]] = {  # name: (key, virtual key code, text)
    "Tab": ("Tab", 9, ""),
    "Enter": ("Enter", 13, "\r"),
    "Space": (" ", 32, " "),
    "Escape": ("Escape", 27, ""),
    "End": ("End", 35, ""),
    "Home": ("Home", 36, ""),
    "ArrowLeft": ("ArrowLeft", 37, ""),
    "ArrowUp": ("ArrowUp", 38, ""),
    "ArrowRight": ("ArrowRight", 39, ""),
    "ArrowDown": ("ArrowDown", 40, ""),
    "+": ("+", 187, "+"),
    "-": ("-", 189, "-"),
}


class BrowserError(Exception):
    """The browser did not answer, or answered with an error."""


class Browser:
    """One browser with one page. Use it as a context manager."""

    def __init__(self, program: str = "chromium", timeout: float = 20.0) -> None:
        self.timeout = timeout
        self._messages: list[str] = []
        self._requests: list[str] = []
        self._events: list[str] = []
        self._answers: dict[int, dict[str, Any]] = {}
        self._rest = b""
        self._last = 0
        self._page = ""
        self._session: str | None = None
        self._folder = tempfile.mkdtemp(prefix="page-browser-")
        to_browser, self._write = os.pipe()
        self._read, from_browser = os.pipe()
        flags = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            # A container has little shared memory.
            "--disable-dev-shm-usage",
            "--mute-audio",
            "--no-first-run",
            "--disable-extensions",
            "--disable-background-networking",
            "--hide-scrollbars",
            "--autoplay-policy=no-user-gesture-required",
            "--remote-debugging-pipe",
            f"--user-data-dir={self._folder}",
            "about:blank",
        ]
        move = [sys.executable, "-c", _MOVE, str(to_browser), str(from_browser), program]
        self._process = subprocess.Popen(
            move + flags,
            pass_fds=(to_browser, from_browser),
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(to_browser)
        os.close(from_browser)

    def __enter__(self) -> Browser:
        try:
            target = self.send("Target.createTarget", url="about:blank")["targetId"]
            self._session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
            for domain in ("Page", "Runtime", "Log", "Network"):
                self.send(f"{domain}.enable")
            self.viewport(1280, 900)
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the browser: only the process group started here."""
        for descriptor in (self._write, self._read):
            os.close(descriptor)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(2)  # a closed pipe asks the browser to end
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    # Messages

    def send(self, method: str, **params: Any) -> dict[str, Any]:
        """Send one command and wait for its answer."""
        self._last += 1
        number = self._last
        message: dict[str, Any] = {"id": number, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        data = json.dumps(message).encode() + b"\0"
        try:
            while data:
                data = data[os.write(self._write, data) :]
        except BrokenPipeError as error:
            raise BrowserError(f"the browser ended before {method}") from error
        self._until(lambda: number in self._answers, f"an answer to {method}")
        answer = self._answers.pop(number)
        if "error" in answer:
            raise BrowserError(f"{method}: {answer['error'].get('message')}")
        return answer["result"]

    def _until(self, done: Any, what: str) -> None:
        deadline = time.monotonic() + self.timeout
        while not done():
            left = deadline - time.monotonic()
            if left <= 0:
                raise BrowserError(f"no {what} within {self.timeout:g} s")
            self._pump(left)

    def _pump(self, seconds: float) -> bool:
        """Read what is there, waiting at most `seconds`. Say whether anything came."""
        if not select.select([self._read], [], [], seconds)[0]:
            return False
        data = os.read(self._read, 1 << 20)
        if not data:
            raise BrowserError(f"the browser closed its pipe (exit code {self._process.poll()})")
        *messages, self._rest = (self._rest + data).split(b"\0")
        for message in map(json.loads, messages):
            if "id" in message:
                self._answers[message["id"]] = message
            else:
                self._event(message["method"], message["params"])
        return True

    def _event(self, method: str, params: dict[str, Any]) -> None:
        self._events.append(method)
        if method == "Log.entryAdded" and params["entry"]["level"] in ("error", "warning"):
            self._messages.append(f"log: {params['entry']['text']}")
        elif method == "Runtime.consoleAPICalled" and params["type"] in ("error", "warning", "assert"):
            words = [str(a.get("value", a.get("description", ""))) for a in params["args"]]
            self._messages.append(f"console: {' '.join(words)}")
        elif method == "Runtime.exceptionThrown":
            self._messages.append(f"uncaught: {_reason(params['exceptionDetails'])}")
        elif method == "Network.loadingFailed" and not params.get("canceled"):
            self._messages.append(f"load failed: {params['errorText']} {params.get('blockedReason', '')}".strip())
        elif method == "Network.requestWillBeSent":
            url = params["request"]["url"]
            if url.split("#")[0] != self._page and not url.startswith("data:"):
                self._requests.append(url)

    @property
    def console(self) -> list[str]:
        """Errors and warnings since the page was opened: console, exceptions, failed loads, policy violations."""
        while self._pump(0.05):
            pass
        return self._messages

    @property
    def requests(self) -> list[str]:
        """Every address asked for that is neither the page itself nor data."""
        while self._pump(0.05):
            pass
        return self._requests

    # The page

    def open(self, path: str | Path) -> None:
        """Open a file and wait until it has loaded."""
        self._page = Path(path).resolve().as_uri()
        self._messages.clear()
        self._requests.clear()
        self._events.clear()
        answer = self.send("Page.navigate", url=self._page)
        if "errorText" in answer:
            raise BrowserError(f"{self._page}: {answer['errorText']}")
        self._until(lambda: "Page.loadEventFired" in self._events, f"load event of {self._page}")

    def evaluate(self, expression: str) -> Any:
        """The value of an expression. A promise is awaited; an exception is raised here."""
        answer = self.send(
            "Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True, userGesture=True
        )
        if "exceptionDetails" in answer:
            raise BrowserError(_reason(answer["exceptionDetails"]))
        return answer["result"].get("value")

    def key(self, name: str, shift: bool = False) -> None:
        """Press and release one key: a name such as Tab or ArrowLeft, or one letter or digit."""
        key, code, text = _KEYS.get(name, (name, ord(name[0].upper()), name))
        common: dict[str, Any] = {"key": key, "windowsVirtualKeyCode": code, "modifiers": 8 if shift else 0}
        down = {"type": "keyDown", "text": text} if text and not shift else {"type": "rawKeyDown"}
        self.send("Input.dispatchKeyEvent", **down, **common)
        self.send("Input.dispatchKeyEvent", type="keyUp", **common)

    def mouse(self, kind: str, x: float, y: float, **more: Any) -> None:
        """One mouse event: move, press, release or wheel, at a place in the viewport."""
        names = {"move": "mouseMoved", "press": "mousePressed", "release": "mouseReleased", "wheel": "mouseWheel"}
        if kind in ("press", "release"):
            more = {"button": "left", "clickCount": 1, **more}
        self.send("Input.dispatchMouseEvent", type=names[kind], x=x, y=y, **more)

    def click(self, x: float, y: float) -> None:
        """Click with the left button."""
        for kind in ("move", "press", "release"):
            self.mouse(kind, x, y)

    def viewport(self, width: int, height: int, mobile: bool = False) -> None:
        """The size of the viewport in CSS pixels."""
        self.send(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            mobile=mobile,
            deviceScaleFactor=2 if mobile else 1,
        )

    def media(self, print: bool = False, dark: bool = False, still: bool = False) -> None:
        """Which media the page believes in: print, a dark scheme, reduced motion."""
        features = [
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"},
            {"name": "prefers-reduced-motion", "value": "reduce" if still else "no-preference"},
        ]
        self.send("Emulation.setEmulatedMedia", media="print" if print else "", features=features)

    def screenshot(self, path: str | Path, selector: str | None = None, full: bool = False) -> None:
        """Write a PNG of the viewport, of one element, or of the whole page."""
        params: dict[str, Any] = {"format": "png", "captureBeyondViewport": bool(selector or full)}
        if selector or full:
            box = self.evaluate(f"""(() => {{ const e = document.querySelector({json.dumps(selector or "html")});
                if (!e) return null; const b = e.getBoundingClientRect();
                return {{x: b.x + scrollX, y: b.y + scrollY, width: b.width, height: b.height}} }})()""")
            if not box:
                raise BrowserError(f"nothing matches {selector}")
            params["clip"] = {**box, "scale": 1}
        Path(path).write_bytes(base64.b64decode(self.send("Page.captureScreenshot", **params)["data"]))

    def pdf(self, path: str | Path) -> None:
        """Print the page, A4, with backgrounds as the page asks for them."""
        data = self.send("Page.printToPDF", preferCSSPageSize=False, paperWidth=8.27, paperHeight=11.69)["data"]
        Path(path).write_bytes(base64.b64decode(data))


def _reason(details: dict[str, Any]) -> str:
    thrown = details.get("exception", {})
    return str(thrown.get("description") or thrown.get("value") or details.get("text"))
