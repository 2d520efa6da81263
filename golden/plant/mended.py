"""Says which planted faults are gone where the recorder repaired them live.

    python -m golden.plant.record --repair --out DIR
    python -m golden.plant.mended DIR --tool HIGGS-DIAGNOSE

A repair is right if it changed something, and `explain` no longer names the fault that it is for.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path

from higgs_capture import Archive

from .judge import answer_of


def remains(file: Path, case: dict, tool: str) -> list[str]:
    """What is wrong with the repairs of one recording, in words."""
    with Archive(file) as archive:
        samples = archive.children("/samples")
        applied = {name for sample in samples for name in archive.json(f"/samples/{sample}/sample.json")["applied"]}
    command = [tool, "explain", "--format", "json", "--reference", case["reference"], str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if not done.stdout:
        return [f"no answer: {done.stderr.strip()}"]
    answer = answer_of(json.loads(done.stdout))
    named = {*answer.ids, *answer.settings}
    found = [f"{name} was not applied" for name in case["truth"] if name not in applied]
    return found + [f"{name} is still there" for name in case["truth"] if name in named]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--tool", required=True)
    options = parser.parse_args()
    cases = json.loads((options.folder / "truth.json").read_text())
    wrong = 0
    for case in cases:
        found = remains(options.folder / case["file"], case, options.tool)
        wrong += bool(found)
        if found:
            print(f"{case['name']:<44}{'; '.join(found)}")
    print(f"{len(cases) - wrong} of {len(cases)} repaired")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
