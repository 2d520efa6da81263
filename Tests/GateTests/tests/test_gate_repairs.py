"""A gate fails for the right reason, and passes once the reason is mended."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import h5py
import numpy as np
import soundfile

from pages import GOLDEN, WEIGHTS, policy, run


def silenced(folder: Path) -> Path:
    """The healthy recording as a script leaves it that divides the codec's sound by 32768 once more."""
    file = folder / "silent.h5"
    shutil.copy(GOLDEN / "plain.h5", file)
    with h5py.File(file, "r+") as archive:
        captured = archive["samples/000000/decode/captured"]
        labels = dict(captured["calls/0/waveform"].attrs)
        quiet = (captured["calls/0/waveform"][()] / np.float32(32768)).astype("<f4")
        del captured["calls/0/waveform"], captured["written"]
        captured["calls/0/waveform"] = quiet
        labels["sha256"] = hashlib.sha256(quiet.tobytes()).hexdigest()
        captured["calls/0/waveform"].attrs.update(labels)
    return file


def report(policy_file: Path, *inputs: object, expect: int) -> dict[str, object]:
    return json.loads(run("gate", "--policy", policy_file, "--format", "json", *inputs, expect=expect).stdout)


def test_silence_by_a_wrong_scale_fails_and_passes_once_it_is_repaired(tmp_path: Path) -> None:
    bounds = "require: [{metric: capture.least_energy, at_least: 1.0e-6}, {metric: sound.silent_share, at_most: 0}]"
    file = policy(tmp_path, bounds)
    capture, sound, repaired = silenced(tmp_path), tmp_path / "silent.wav", tmp_path / "repaired"
    with h5py.File(capture) as archive:
        quiet = archive["samples/000000/decode/captured/calls/0/waveform"][()]
    soundfile.write(sound, quiet, 24_000, subtype="FLOAT")
    before = report(file, capture, sound, "--codec", WEIGHTS, expect=1)
    failed = [row["id"] for row in before["rows"] if row["status"] == "failed"]
    assert failed == ["decode.output-scale", "sound.silent", "capture.least_energy", "sound.silent_share"]
    run("explain", capture, "--codec", WEIGHTS, "--write-repaired", repaired, expect=1)
    after = report(file, repaired / "repaired.h5", repaired / "000000.wav", "--codec", WEIGHTS, expect=0)
    assert [row["status"] for row in after["rows"]] == ["passed"] * 4


def test_the_silent_pipeline_fails_and_the_same_request_through_the_serving_engine_passes(tmp_path: Path) -> None:
    file = policy(tmp_path, "require: [{metric: capture.eos_presence, at_least: 1}]")
    before = report(file, "golden/silent-output.h5", expect=1)
    assert [row["id"] for row in before["rows"] if row["status"] == "failed"] == ["collator.surplus-placeholder"]
    assert report(file, "golden/voice-clone.h5", expect=0)["verdict"] == "passed"


def test_real_sound_of_failed_runs_fails_and_what_sounds_passes(tmp_path: Path) -> None:
    file = policy(tmp_path, "require: [{metric: sound.silent_share, at_most: 0}, {metric: sound.files, at_least: 7}]")
    before = report(file, "golden/sound", expect=1)
    silent = [row["input"] for row in before["rows"] if row["id"] == "sound.silent"]
    assert len(silent) == 4
    passed = [row["input"] for row in before["rows"] if row["status"] == "passed" and "input" in row]
    assert len(passed) == 7
    assert report(file, *passed, expect=0)["verdict"] == "passed"
