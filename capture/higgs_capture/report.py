"""What a recording holds, in a few lines for the person who made it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from .assembly import Assembled
from .association import Request

STAGES = ("collator", "generation", "tokens", "decode")


def lines(out: Path, found: Assembled) -> Iterator[str]:
    """What is in the archive, then what is not and why."""
    count = len(found.requests)
    runs = len(found.runs)
    yield f"{out}: {count} request{'' if count == 1 else 's'}" + (f" of {runs} runs" if runs > 1 else "") + (
        f", {_stages(found.requests)}" if count else ""
    )
    hooks = found.hooks
    if not found.observed:
        yield (
            "no Python process of the command was observed: is it started with -I, -E or -S, in a container, or is "
            "PYTHONPATH replaced? Put higgs-capture in front of the Python that runs the pipeline"
        )
    elif not hooks.installed:
        yield "no module of a Higgs Audio pipeline was imported; `higgs-capture check` says what is looked for"
    elif not count:
        yield "a Higgs Audio pipeline was imported, but neither its collator nor `generate` was called"
    for name, message in hooks.failed.items():
        yield f"hook {name} failed: {message}"
    if found.lost:
        yield f"{found.lost} bytes of a record that was being written when the process was killed are lost"
    if found.script.signal is not None:
        yield f"the command was ended by signal {found.script.signal}; what was seen until then is stored"


def _stages(requests: list[Request]) -> str:
    """Which stages were seen, in how many requests."""
    seen = {
        "collator": sum(request.collated is not None for request in requests),
        "generation": sum(request.generated is not None for request in requests),
        "tokens": sum(bool(request.decodes or request.reverts) for request in requests),
        "decode": sum(any(call.waveform is not None for call in request.decodes) for request in requests),
        "file": sum(bool(request.written) for request in requests),
    }
    parts = [name if number == len(requests) else f"{name} in {number}" for name, number in seen.items() if number]
    missing = [name for name, number in seen.items() if not number]
    return "with " + ", ".join(parts or ["nothing"]) + (f"; without {', '.join(missing)}" if missing else "")
