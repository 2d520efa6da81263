"""Pages and reports that the tool writes, for the tests that look at them."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path

import h5py
import numpy as np

ROOT = Path(__file__).resolve().parents[3]
GOLDEN = ROOT / "golden"
WEIGHTS = GOLDEN / "weights" / "tiny-checkpoint.h5"
HOSTILE = "<img src=x onerror=window.hurt=1>"
SCRIPT = "</script><script>window.hurt=1</script>"


def run(*arguments: object, expect: int) -> subprocess.CompletedProcess[str]:
    """Runs the tool; what it gave must be expected."""
    done = subprocess.run(
        [os.environ["HIGGS_DIAGNOSE"], *map(str, arguments)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == expect, done.stderr + done.stdout[-2000:]
    return done


def policy(folder: Path, text: str = "") -> Path:
    file = folder / "policy.yaml"
    file.write_text("schema_version: 1\n" + text, encoding="utf-8")
    return file


def relabelled(source: Path, target: Path, text: str) -> Path:
    """A copy of an archive whose provenance says what nobody should believe."""
    shutil.copy(source, target)
    with h5py.File(target, "r+") as archive:
        provenance = json.loads(archive["provenance.json"][()])
        del archive["provenance.json"]
        archive["provenance.json"] = json.dumps(provenance | {"command": text, text: "x"})
    return target


def hostile_page(folder: Path) -> Path:
    """The page of a gate over captures, sound and a log whose names and texts are hostile."""
    archive = relabelled(GOLDEN / "silent-output.h5", folder / f"{HOSTILE}.h5", HOSTILE + SCRIPT)
    sounds = folder / f"{HOSTILE} sounds"
    shutil.copytree(GOLDEN / "sound", sounds)
    (sounds / f"{HOSTILE}.wav").write_bytes((sounds / "8430032_arabic_generated_020_sample_00073142.wav").read_bytes())
    log = folder / "run.log"
    story = ROOT / "Tests" / "LogTests" / "Fixtures" / "story-excerpt.log"
    log.write_text(story.read_text(encoding="utf-8") + SCRIPT + "\n", encoding="utf-8")
    goldens = folder / "goldens"
    goldens.mkdir()
    for name in (archive.name, "two-segments.h5", "budget.h5"):
        shutil.copy(GOLDEN / ("voice-clone.h5" if name != "two-segments.h5" else name), goldens / name)
    out = folder / "out"
    file = policy(folder, f"name: {json.dumps('release ' + SCRIPT)}\ncaptures: {{golden: goldens}}\n")
    inputs = (archive, GOLDEN / "two-segments.h5", GOLDEN / "budget.h5", sounds, log)
    run("gate", "--policy", file, "--codec", WEIGHTS, "--out", out, *inputs, expect=1)
    return out / "report.html"


def lengthened(folder: Path, frames: int) -> Path:
    """A capture of so many frames: the tokens of one that is committed, again and again, and nothing behind them."""
    file = folder / "long.h5"
    shutil.copy(GOLDEN / "plain.h5", file)
    with h5py.File(file, "r+") as archive:
        sample = archive["samples/000000"]
        dataset = sample["tokens/input/segments/0/delayed"]
        labels = dict(dataset.attrs)
        ids = dataset[()]
        width = ids.shape[1] - 16
        middle = np.tile(ids[:, 8 : 8 + width], (1, frames // width + 1))[:, : frames - 6]
        longer = np.ascontiguousarray(np.concatenate([ids[:, :8], middle, ids[:, -8:]], axis=1))
        labels["sha256"] = hashlib.sha256(longer.tobytes()).hexdigest()
        for stage in ("collator", "generation", "decode"):
            del sample[stage]
        for name in list(sample["tokens"]):
            if name != "input":
                del sample["tokens"][name]
        del sample["tokens/input/segments/0/delayed"]
        sample["tokens/input/segments/0/delayed"] = longer
        for key, value in labels.items():
            sample["tokens/input/segments/0/delayed"].attrs[key] = value
    return file
