"""The case that this process was forked for. `speak.py`, the script under observation, runs it."""

from __future__ import annotations

from typing import Any

from .case import Case

_chosen: tuple[Case, Any] | None = None


def choose(case: Case, engine: Any) -> None:
    """Sets the case, and upstream's engine that it runs on."""
    global _chosen
    _chosen = case, engine


def run() -> None:
    """Makes the script, plants the faults in it, and runs it."""
    from .pipeline import SCRIPTS

    if _chosen is None:
        raise RuntimeError("no case was chosen in this process")
    case, engine = _chosen
    script = SCRIPTS[case.request.script](engine, case.request)
    for plant in case.plants:
        plant(script)
    script.run()
