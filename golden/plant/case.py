"""What a case is: a request, the faults planted in the script that serves it, and the right answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from . import describe

Kind = Literal["defect", "pair", "unexplained", "setting", "symptom", "limit", "harmless", "clean"]
Script = Literal["own", "engine", "generation-script"]
Idiom = Literal["attribute", "argument", "wrapper", "monkeypatch", "script", "sampler", "weights", "none"]
Plant = Callable[[Any], None]
"""Takes the script (`pipeline.Script`) before it runs."""


@dataclass(frozen=True)
class Request:
    """What is asked for. `prompt` names a conversation of `conversations.py`."""

    prompt: str = "clone"
    sentence: int = 0
    voice: str = "low"
    seed: int | None = 0
    script: Script = "own"
    settings: dict[str, Any] = field(default_factory=dict)
    """Arguments of `generate` other than the script's own defaults."""


@dataclass(frozen=True)
class Case:
    """One recording and its truth.

    `truth` are the ids that must be answered, most upstream first: causes, or `settings` entries where the
    kind is "setting", or `harmless` entries where it is "harmless" (those need not be listed). `acceptable`
    are ids that may stand for the first one, because upstream gives the same bits for both here. `also` are
    ids that may be answered beside the truth: what follows from it, and settings.
    """

    name: str
    kind: Kind
    truth: tuple[str, ...]
    idiom: Idiom
    plants: tuple[Plant, ...] = ()
    request: Request = Request()
    acceptable: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    reference: str = "serve-engine"
    arguments: tuple[str, ...] = ()
    """Further arguments of `explain`; paths in them are relative to the folder of recordings."""
    why: str = ""

    @property
    def stage(self) -> str:
        """The stage of the first true id; "none" where nothing is wrong."""
        return self.truth[0].split(".")[0] if self.truth else "none"

    def row(self) -> dict[str, Any]:
        """The case as `truth.json` holds it."""
        return {
            "name": self.name,
            "file": f"{self.name}.h5",
            "kind": self.kind,
            "truth": list(self.truth),
            "stage": self.stage,
            "idiom": self.idiom,
            "acceptable": list(self.acceptable),
            "also": list(self.also),
            "settings": list(self.settings),
            "reference": self.reference,
            "arguments": list(self.arguments),
            "why": self.why,
            "how": describe.how(self),
            "request": describe.request(self.request),
        }


def both(name: str, first: Case, second: Case, **changes: Any) -> Case:
    """Two faults in one recording: the first case's request, both cases' plants, truth in the order given."""
    merged = replace(
        first,
        name=name,
        kind="pair",
        truth=first.truth + second.truth,
        plants=first.plants + second.plants,
        also=first.also + second.also,
        settings=first.settings + second.settings,
        acceptable=(),
        why=f"{first.name} and {second.name}",
    )
    return replace(merged, **changes)
