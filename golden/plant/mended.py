"""Says which planted faults are gone where the recorder repaired them live.

    python -m golden.plant.record --repair --out DIR
    python -m golden.plant.mended DIR --tool HIGGS-DIAGNOSE

A repair that changed something is right if `explain` no longer names the fault, or says that without it the sound would
be the same. One that found nothing to change is only counted: some faults are planted where no hook is, and some of
what is planted has no effect.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from higgs_capture import Archive

ROUNDED = 60
"""Decibels by which a sound and its file of 16 bits agree at least."""


def applied(file: Path) -> set[str]:
    """The repairs that changed something."""
    with Archive(file) as archive:
        samples = archive.children("/samples")
        return {name for sample in samples for name in archive.json(f"/samples/{sample}/sample.json")["applied"]}


def remaining(file: Path, case: dict[str, Any], tool: str) -> set[str]:
    """Faults that `explain` still names, and that still do something to the sound."""
    command = [tool, "explain", "--format", "json", "--reference", case["reference"], str(file)]
    document = json.loads(subprocess.run(command, capture_output=True, text=True, check=False).stdout)
    named = set()
    for row in [*document["causes"], *document["settings"]]:
        figures = row.get("recovery") or {}
        if not is_same_sound(figures):
            named.add(row["id"])
    return named


def is_same_sound(figures: dict[str, Any]) -> bool:
    """Whether the sound without the fault is the same, but for what the file rounds."""
    decibels = figures.get("decibels")
    return decibels == "inf" or (isinstance(decibels, float) and decibels > ROUNDED)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--tool", required=True)
    options = parser.parse_args()
    cases = json.loads((options.folder / "truth.json").read_text())
    found: dict[str, list[int]] = {}
    wrong = 0
    for case in cases:
        file = options.folder / case["file"]
        done, left = applied(file), set()
        # What a limit's repair gives is not what the reference gives.
        if done and case["kind"] != "limit":
            left = remaining(file, case, options.tool)
        for name in case["truth"]:
            counts = found.setdefault(name, [0, 0])
            counts[0] += 1
            counts[1] += name in done
            if name in done & left:
                wrong += 1
                print(f"{case['name']}: {name} was repaired and is still there")
    for name, (count, changed) in sorted(found.items()):
        print(f"{name:<40}{changed} of {count} cases repaired")
    never = [name for name, (_, changed) in found.items() if changed == 0]
    print(f"{len(found) - len(never)} of {len(found)} ids repaired; wrong: {wrong}; never: {', '.join(never) or 'none'}")
    return 1 if wrong or never else 0


if __name__ == "__main__":
    sys.exit(main())
