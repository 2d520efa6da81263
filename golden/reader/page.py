"""The rules that docs/golden-format.md prints as tables: paths, fields of documents, limits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "golden-format.md"
SIDES = ("captured", "golden", "golden_bf16")


@dataclass(frozen=True)
class Rule:
    """One row of the layout: what may stand at a path, and when it must."""

    path: tuple[str, ...]
    kind: str
    """`tensor`, `json` or `text`."""
    presence: str
    """`optional`, `required` or `expected`."""
    condition: tuple[str, str] | None
    """(`with` or `without`, another name of the group)."""
    dtypes: frozenset[str] = frozenset()
    axes: tuple[tuple[str, ...], ...] = ()
    allows_none: bool = False
    attributes: tuple[str, ...] = ()

    def is_missing(self, names: set[str]) -> bool:
        """Whether it is missing from a group that holds these names."""
        if self.presence == "optional" or self.path[-1] in names:
            return False
        if self.condition is None:
            return True
        word, other = self.condition
        return (other in names) == (word == "with")


@dataclass(frozen=True)
class Page:
    """Everything that the tables say."""

    rules: tuple[Rule, ...]
    fields: dict[str, dict[str, tuple[str, bool]]] = field(default_factory=dict)
    """Document: field: (what it may be, whether it is required)."""
    limits: dict[str, int] = field(default_factory=dict)


def read_page(path: Path = PAGE) -> Page:
    """Reads the tables of the page."""
    rules, limits = [], {}
    fields: dict[str, dict[str, tuple[str, bool]]] = {}
    for cells in _rows(path.read_text(encoding="utf-8")):
        if cells[0].startswith("`/"):
            rules += _rules(*cells[:3])
        elif len(cells) == 4 and cells[0].endswith(".json`"):
            fields.setdefault(cells[0].strip("`"), {})[cells[1].strip("`")] = (cells[2], cells[3] == "required")
        elif len(cells) == 2 and cells[1].isdecimal():
            limits[cells[0]] = int(cells[1])
    return Page(tuple(rules), fields, limits)


def _rows(text: str) -> Iterator[list[str]]:
    for line in text.splitlines():
        if line.startswith("| "):
            yield [cell.strip() for cell in line.strip().strip("|").split(" | ")]


def _rules(path: str, content: str, presence: str) -> list[Rule]:
    names = path.strip("`").strip("/").split("/")
    words = presence.split(" ")
    condition = (words[1], words[2].strip("`")) if len(words) == 3 else None
    found = []
    for side in SIDES if "<side>" in names else ("",):
        place = tuple(side if name == "<side>" else name for name in names)
        if content in ("JSON", "text"):
            found.append(Rule(place, content.lower(), words[0], condition))
            continue
        main, _, needed = content.partition(", with ")
        found.append(
            Rule(
                place,
                "tensor",
                words[0],
                condition,
                dtypes=frozenset(re.findall(r"\b(?:float\d+|bfloat16|int\d+|uint8|bool)\b", main)),
                axes=tuple(tuple(form.split(", ")) for form in re.findall(r"\[([^\]]*)\]", main)),
                allows_none=main.endswith("or None"),
                attributes=tuple(re.findall(r"`([^`]+)`", needed)),
            )
        )
    return found
