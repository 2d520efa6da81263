"""What a recording is to hold, as the command line says it and as the observed process reads it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

LOGITS = ("none", "top64", "full")
TOP = 64


@dataclass(frozen=True)
class Options:
    """How much is kept, and what is repaired on the way."""

    text: bool = False
    """Messages and generated text."""
    logits: str = "full"
    """One of `LOGITS`: of each audio step nothing, the 64 largest logits, or all logits and scores."""
    max_steps: int | None = None
    """Of a call of `generate` with more audio steps than this, only the largest logits are kept; None for no limit."""
    apply: tuple[str, ...] = ()
    """Catalogue ids of deviations that are repaired live."""
    seed: int | None = None
    """Given to every call of `generate` in place of the script's own."""
    sounds: str | None = None
    """Folder that gets a copy of each sound file that the script writes."""

    def json(self) -> str:
        return json.dumps(asdict(self))

    @staticmethod
    def read(text: str) -> Options:
        given: dict[str, Any] = json.loads(text)
        given["apply"] = tuple(given.get("apply", ()))
        return Options(**given)
