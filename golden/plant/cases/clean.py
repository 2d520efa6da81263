"""Recordings in which nothing is wrong, from numbers: voices, texts, seeds, settings, both of upstream's ways."""

from __future__ import annotations

import random
from typing import Any

from ..case import Case, Request, Script

PROMPTS = ("clone", "plain", "two-segments", "two-references")
SETTINGS: tuple[tuple[dict[str, Any], tuple[str, ...]], ...] = (
    ({}, ()),
    ({}, ()),
    ({"temperature": 1.0}, ("generation.temperature",)),
    ({"temperature": 0.3}, ("generation.temperature",)),
    ({"temperature": 0.0}, ("generation.do-sample", "generation.temperature", "generation.top-p")),
    ({"top_k": 50}, ("generation.top-k",)),
    ({"ras_win_len": None}, ("generation.ras-window",)),
    ({"top_p": 0.9}, ("generation.top-p",)),
)
"""Arguments of `generate`, and the settings that may be answered for them."""


def recordings(count: int) -> list[Case]:
    """The first `count` clean recordings; the same numbers give the same cases."""
    return [_recording(number) for number in range(count)]


def _recording(number: int) -> Case:
    """Every third follows `examples/generation.py` and is judged by it; number 0 is the plainest request."""
    drawn = random.Random(number)
    prompt, sentence, voice = drawn.choice(PROMPTS), drawn.randrange(3), drawn.choice(("low", "high"))
    settings, allowed = drawn.choice(SETTINGS)
    scripts: tuple[Script, ...] = ("own", "engine", "generation-script")
    script = scripts[number % 3]
    if number == 0:
        prompt, sentence, voice, settings, allowed = "clone", 0, "low", {}, ()
    if script == "generation-script":
        # The script always samples, with top-k 50 and temperature 1.
        settings, allowed = {}, ()
    request = Request(prompt, sentence, voice, number, script, settings)
    return Case(
        f"clean-{number:03d}",
        "clean",
        (),
        "none",
        (),
        request,
        also=allowed,
        reference="generation-script" if script == "generation-script" else "serve-engine",
    )
