"""Which faults are planted where, and the truth about each recording."""

from __future__ import annotations

from ..case import Case
from . import collator, decode, generation, pairs, tokens, unknown
from .clean import recordings


def every_case(*, clean: int) -> list[Case]:
    """All cases in a fixed order, with so many clean recordings behind them."""
    found = [
        *collator.CASES,
        *generation.CASES,
        *tokens.CASES,
        *decode.CASES,
        *unknown.CASES,
        *pairs.CASES,
        *recordings(clean),
    ]
    names = [case.name for case in found]
    if twice := {name for name in names if names.count(name) > 1}:
        raise ValueError(f"two cases are called {', '.join(sorted(twice))}")
    return found
