"""Runs the scripts that `explain --write-repro` gives for planted faults, on upstream alone.

    python -m golden.plant.repro DIR --tool PATH [--only PATTERN]

DIR is a folder that `golden.plant.record` wrote. A script must end with status 1, which says that the fault shows; where
it adds the fault to upstream's own code, that must give what was recorded. Exit status 1 if one does not.
"""

from __future__ import annotations

import argparse
import contextlib
import fnmatch
import hashlib
import io
import json
import runpy
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path
from typing import Any

import h5py

from golden.make import checkpoint, upstream
from golden.make.record import WEIGHTS

SAME = "against upstream with the fault: the same"


def write(tool: str, recordings: Path, case: dict[str, Any], folder: Path) -> str | None:
    """Asks for the script of a case; returns why there is none."""
    command = [tool, "explain", case["file"], "--reference", case["reference"], *case["arguments"]]
    done = subprocess.run(
        [*command, "--write-repro", str(folder), "--format", "json"], cwd=recordings, capture_output=True, text=True
    )
    return None if folder.is_dir() else done.stderr.strip().splitlines()[-1]


def problem(folder: Path, codec: Path, *, same_codec: bool) -> str | None:
    """Runs the script of a folder in this process; returns what is wrong with what it says.

    Without the codec that decoded, `same_codec`, the fault added to upstream's code need not give what was recorded.
    """
    said = io.StringIO()
    script = folder / "repro.py"
    arguments, sys.argv = sys.argv, [str(script), str(codec)]
    try:
        with contextlib.redirect_stdout(said):
            runpy.run_path(str(script), run_name="__main__")
        status = 0
    except SystemExit as end:
        status = int(end.code or 0)
    except Exception as error:  # A script that fails is what is looked for.
        return f"{type(error).__name__}: {error}"
    finally:
        sys.argv = arguments
    if status != 1:
        return f"ended with {status}: {said.getvalue().strip()}"
    last = said.getvalue()
    if same_codec and "def pipeline(" in script.read_text() and SAME not in last and "with the fault:  " not in last:
        return f"the fault gives something else: {last.strip()}"
    return None


def decoded_with(folder: Path) -> str | None:
    """SHA-256 of the codec's weights that the recording names."""
    with h5py.File(folder / "capture.h5") as archive:
        return json.loads(archive["weights/codec.json"][()]).get("archive_sha256") if "weights" in archive else None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recordings", type=Path)
    parser.add_argument("--tool", required=True)
    parser.add_argument("--only", default="*", metavar="PATTERN")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    upstream.install()
    cases = json.loads((options.recordings / "truth.json").read_text())
    counts = {"shown": 0, "none": 0, "wrong": 0}
    with tempfile.TemporaryDirectory() as scratch:
        _, codec = checkpoint.materialise(WEIGHTS, scratch)
        own = hashlib.sha256(WEIGHTS.read_bytes()).hexdigest()
        for case in cases:
            if not fnmatch.fnmatch(case["name"], options.only):
                continue
            folder = Path(scratch) / case["name"]
            reason = write(options.tool, options.recordings.resolve(), case, folder)
            found = None if reason else problem(folder, codec, same_codec=decoded_with(folder) == own)
            counts["none" if reason else "wrong" if found else "shown"] += 1
            if reason or found:
                print(f"{case['name']}: {found or reason}", flush=True)
    print(f"{counts['shown']} scripts show their fault, {counts['wrong']} do not, {counts['none']} were not written")
    sys.exit(1 if counts["wrong"] else 0)


if __name__ == "__main__":
    main()
