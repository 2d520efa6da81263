"""Runs a script several times: as it is, and with deviations repaired, under the same seeds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

AS_IS, REPAIRED = "as_is", "repaired"


@dataclass(frozen=True)
class Arm:
    """What sets a run of an experiment apart; without one a run is just what the script did."""

    name: str
    """`as_is` or `repaired`."""
    seed: int
    asked: tuple[str, ...] = ()
    """The repairs that the run was to make."""

    def json(self) -> dict[str, Any]:
        return {"name": self.name, "seed": self.seed, "asked": list(self.asked)}


def arms(ids: Sequence[str], seeds: int) -> Iterator[Arm]:
    """For each seed: each repair alone, all together where there are several, and last the script as it is, so that
    the files that it leaves are its own."""
    alone = [(name,) for name in ids]
    together = [tuple(ids)] if len(ids) > 1 else []
    for seed in range(seeds):
        for asked in [*alone, *together]:
            yield Arm(REPAIRED, seed, asked)
        yield Arm(AS_IS, seed)


def sounds_folder(folder: Path, arm: Arm) -> Path:
    """Where copies of an arm's sound files go."""
    return folder / f"seed-{arm.seed}" / ("as-is" if arm.name == AS_IS else "+".join(arm.asked))
