"""What `explain` writes: a repaired capture that it calls innocent, and scripts that show a fault on upstream alone."""

from __future__ import annotations

import ast
import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
import soundfile
from higgs_capture import Archive

SAMPLE = "/samples/000000"
SHOWN = (
    "collator.surplus-placeholder-hidden",
    "collator.pad-left",
    "generation.parameters-raw",
    "tokens.no-strip",
    "tokens.wrap",
    "decode.decoder-in-chunks",
    "decode.int16-wrap",
    "unknown.collator-codebook-3-off",
    "pair.strip-and-clip",
    "pair.chunks-and-scale",
)
"""Cases whose first cause upstream's code can show."""


@pytest.fixture(scope="module")
def truth(folder: Path) -> dict[str, dict[str, Any]]:
    return {case["name"]: case for case in json.loads((folder / "truth.json").read_text())}


@pytest.fixture(scope="module")
def codec(cases: list[Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    from golden.make import checkpoint
    from golden.make.record import WEIGHTS

    return checkpoint.materialise(WEIGHTS, str(tmp_path_factory.mktemp("codec")))[1]


@pytest.mark.parametrize("name", ["tokens.no-strip", "tokens.wrap", "decode.int16-wrap", "pair.strip-and-clip", "pair.scale-and-trimmed"])
def test_a_repaired_capture_is_innocent_wherever_it_lies(explain, folder, tmp_path, name):
    out = tmp_path / "repaired"
    found = explain(folder / f"{name}.h5", "--write-repaired", str(out))
    assert sorted(path.name for path in out.iterdir()) == ["000000.wav", "repaired.h5"]
    again = explain(out / "repaired.h5")
    stages = {stage["stage"]: stage["status"] for stage in again["stages"]}
    assert stages["tokens"] == stages["decode"] == "innocent"
    assert [cause for cause in again["causes"] if cause["kind"] == "defect"] == []
    with Archive(out / "repaired.h5") as archive:
        assert archive.verify() > 0
        said = archive.json(f"{SAMPLE}/sample.json")["repaired"]
        assert set(said) == {cause["id"] for cause in found["causes"] if cause["kind"] == "defect"}
        samples = archive.tensor(f"{SAMPLE}/decode/captured/written/0/samples").values
    sound, rate = soundfile.read(out / "000000.wav", dtype="float32")
    assert rate == 24_000
    np.testing.assert_array_equal(sound, samples)
    if len(found["causes"]) == 1:
        after = found["causes"][0]["recovery"]["energy_after"]
        assert after == pytest.approx(np.var(sound.astype(np.float64)), rel=1e-6)


@pytest.mark.parametrize("name", SHOWN)
def test_a_script_shows_the_fault_on_upstream_alone(tool, folder, truth, codec, tmp_path, name):
    from golden.make.record import WEIGHTS
    from golden.plant import repro

    out = tmp_path / "repro"
    assert repro.write(tool, folder, truth[name], out) is None
    assert sorted(path.name for path in out.iterdir()) == ["capture.h5", "issue.md", "repro.py"]
    own = hashlib.sha256(WEIGHTS.read_bytes()).hexdigest()
    assert repro.problem(out, codec, same_codec=repro.decoded_with(out) == own) is None
    assert (out / "capture.h5").stat().st_size < 25_000_000
    assert (out / "issue.md").read_text().startswith(f"# {truth[name]['stage']}: the pipeline ")


@pytest.mark.parametrize("name", SHOWN)
def test_the_cut_capture_has_the_same_cause_and_no_words(tool, explain, folder, truth, tmp_path, name):
    from golden.plant import repro

    out = tmp_path / "repro"
    assert repro.write(tool, folder, truth[name], out) is None
    with h5py.File(out / "capture.h5") as archive:
        paths: list[str] = []
        archive.visit(paths.append)
    assert not [path for path in paths if "messages" in path or "golden" in path]
    whole = explain(folder / f"{name}.h5")
    with Archive(folder / f"{name}.h5") as archive:
        weights = folder / archive.json("/weights/codec.json")["path"]
    part = explain(out / "capture.h5", "--codec", str(weights))
    assert whole["causes"][0]["id"] in [cause["id"] for cause in part["causes"]]


def test_a_script_that_shows_nothing_ends_with_0(tool, folder, truth, tmp_path):
    from golden.plant import repro

    out = tmp_path / "repro"
    assert repro.write(tool, folder, truth["tokens.no-strip"], out) is None
    with h5py.File(out / "capture.h5", "r+") as archive:
        calls = archive[f"{SAMPLE}/tokens/captured/calls/0"]
        codes = calls["codes"][()][:, 1:-1]
        del calls["codes"]
        calls["codes"] = codes
    found = repro.problem(out, tmp_path, same_codec=True)
    assert found is not None
    assert found.startswith("ended with 0")


def test_what_has_no_cause_has_no_script(tool, folder, truth, tmp_path):
    from golden.plant import repro

    reason = repro.write(tool, folder, truth["clean-000"], tmp_path / "repro")
    assert reason is not None
    assert "there is no cause to show" in reason
    assert list(tmp_path.iterdir()) == []


def test_what_an_archive_says_does_not_become_code(explain, folder, tmp_path):
    file, name = tmp_path / "hostile.h5", '0"]; import antigravity; x = archive["'
    shutil.copy(folder / "collator.surplus-placeholder-raises.h5", file)
    message = 'one "two"\nimport antigravity\n\'three\' \\" four'
    with h5py.File(file, "r+") as archive:
        captured = archive[f"{SAMPLE}/collator/captured"]
        raised = json.loads(captured["raised.json"][()]) | {"message": message}
        del captured["raised.json"]
        captured["raised.json"] = json.dumps(raised)
        archive["samples"].move("000000", name)
    found = explain(file, "--write-repro", str(tmp_path / "repro"))
    assert found["causes"][0]["stage"] == "collator"
    tree = ast.parse((tmp_path / "repro" / "repro.py").read_text())
    texts = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    assert f"{raised['type']}: {message}" in texts
    assert f"samples/{name}/collator" in texts
    imported = [item.name for node in ast.walk(tree) if isinstance(node, ast.Import) for item in node.names]
    assert sorted(imported) == ["h5py", "sys", "torch"]


def test_a_script_is_short(tool, folder, truth, tmp_path):
    from golden.plant import repro

    lengths = []
    for name in SHOWN:
        assert repro.write(tool, folder, truth[name], tmp_path / name) is None
        text = (tmp_path / name / "repro.py").read_text()
        lengths.append(sum(1 for line in text.splitlines() if line.strip()))
    assert max(lengths) < 75
    assert 35 < np.median(lengths) < 60, lengths
