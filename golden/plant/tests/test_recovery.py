"""The figures of a repair, against numpy on the recorded tensors."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import h5py
import numpy as np
import pytest
from higgs_capture import Archive

ROOT = Path(__file__).resolve().parents[3]
SAMPLE = "/samples/000000"
EOS, CODEBOOK = 1025, 1024


def replace(group: h5py.Group, name: str, values: np.ndarray) -> None:
    """Puts other values in a tensor's place; its second names keep the old ones."""
    labels = dict(group[name].attrs)
    del group[name]
    group[name] = values
    group[name].attrs.update(labels | {"sha256": hashlib.sha256(np.ascontiguousarray(values).tobytes()).hexdigest()})


def test_the_streams_end_and_the_codes_vary_as_numpy_says(explain, folder):
    recovery = explain(folder / "tokens.no-strip.h5")["causes"][0]["recovery"]
    with Archive(folder / "tokens.no-strip.h5") as archive:
        delayed = archive.tensor(f"{SAMPLE}/tokens/input/segments/0/delayed").values
        recorded = archive.tensor(f"{SAMPLE}/tokens/captured/calls/0/codes").values
    width = delayed.shape[1] - 7
    reverted = np.stack([delayed[row, row : row + width] for row in range(8)])
    ends = float((reverted[:, -1] == EOS).any())
    assert recovery["eos_before"] == recovery["eos_after"] == ends == 1
    for codes, key in ((recorded, "diversity_before"), (recorded[:, 1:-1], "diversity_after")):
        assert recovery[key] == pytest.approx(len(np.unique(codes)) / min(codes.size, CODEBOOK), rel=1e-12)
    assert recovery["diversity_before"] != recovery["diversity_after"]
    assert recovery["golden_db_before"] is recovery["golden_db_after"] is None


def test_a_stream_without_eos_counts_as_none(explain):
    (cause,) = explain(ROOT / "golden" / "budget.h5")["causes"]
    (kept,) = (entry for entry in cause["consequences"] if entry["id"] == "tokens.strip-valid-frame")
    assert (kept["recovery"]["eos_before"], kept["recovery"]["eos_after"]) == (0, 0)


def test_what_needs_a_new_run_has_no_figures_after_it(explain):
    recovery = explain(ROOT / "golden" / "silent-output.h5")["causes"][0]["recovery"]
    assert recovery["replay"] == "needs_intervention"
    assert recovery["eos_before"] == 1
    assert {key for key, value in recovery.items() if value is None} == {
        *("energy_after", "samples_after", "decibels", "eos_after", "diversity_after"),
        *("golden_db_before", "golden_db_after"),
    }


def test_half_the_volume_lies_6_db_from_the_golden_sound_and_its_repair_at_it(explain, tmp_path):
    file = tmp_path / "half.h5"
    shutil.copy(ROOT / "golden" / "plain.h5", file)
    with h5py.File(file, "r+") as archive:
        decode = archive[f"{SAMPLE}/decode/captured"]
        golden = decode["calls/0/waveform"][()]
        replace(decode["calls/0"], "waveform", (golden * np.float32(0.5)).astype("<f4"))
        del decode["written"]
    weights = ROOT / "golden" / "weights" / "tiny-checkpoint.h5"
    (cause,) = explain(file, "--codec", str(weights))["causes"]
    assert cause["id"] == "decode.output-scale"
    recovery = cause["recovery"]
    assert recovery["golden_db_before"] == pytest.approx(20 * np.log10(2), abs=1e-3)
    assert recovery["golden_db_after"] > 100
    half = (golden * np.float32(0.5)).astype(float)
    assert recovery["energy_before"] == pytest.approx(np.var(half), rel=1e-6)


def test_a_repaired_capture_declares_no_fault(explain, folder, tmp_path):
    file = folder / "declared.h5"
    shutil.copy(folder / "decode.int16-wrap.h5", file)
    with h5py.File(file, "r+") as archive:
        sample = archive[SAMPLE]
        # A request may have a profile of its own, and so has this one: it says what its script does.
        profile = json.loads((sample if "profile.json" in sample else archive)["profile.json"][()])
        if "profile.json" in sample:
            del sample["profile.json"]
        sample["profile.json"] = json.dumps(profile | {"decode.overflow": "wrap", "decode.trim_at": "file"})
    out = tmp_path / "repaired"
    found = explain(file, "--write-repaired", str(out))
    assert [cause["id"] for cause in found["causes"]] == ["decode.int16-wrap"]
    with Archive(out / "repaired.h5") as archive:
        repaired = archive.json(f"{SAMPLE}/profile.json")
    assert "decode.overflow" not in repaired
    assert repaired["decode.subtype"] == "FLOAT"
    assert {key: value for key, value in repaired.items() if key.startswith("generation.")} == {
        key: value for key, value in profile.items() if key.startswith("generation.")
    }
