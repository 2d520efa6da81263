"""The reader over every golden archive and over broken ones, against `higgs-diagnose`."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[3]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from golden.reader.format_reader import Refused, read, sha256  # noqa: E402
from golden.reader.page import read_page  # noqa: E402

ARCHIVES = sorted((ROOT / "golden").glob("**/*.h5"))
SAMPLE = "samples/000000"
CODES = f"{SAMPLE}/tokens/captured/calls/0/codes"
WRITTEN = f"{SAMPLE}/decode/captured/written/0/samples"


def tool(*arguments: Any) -> subprocess.CompletedProcess[str]:
    """Runs the built program: HIGGS_DIAGNOSE, which script/test sets, else the release build."""
    program = os.environ.get("HIGGS_DIAGNOSE", str(ROOT / ".build" / "release" / "higgs-diagnose"))
    return subprocess.run([program, *map(str, arguments)], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("archive", ARCHIVES, ids=lambda path: path.stem)
def test_every_rule_holds_in_every_golden_archive(archive: Path) -> None:
    reading = read(archive)
    assert reading.errors == []
    others = [note for note in reading.notes if "second name" not in note]
    unknown = {"/config/seeded.json", "/config/tokenizer.json", "/weights/model"}
    assert {note.split(": ")[0] for note in others} == (unknown if archive.stem == "tiny-checkpoint" else set())
    assert sum(entry.kind == "tensor" for entry in reading.entries) > 3


@pytest.mark.parametrize("archive", ARCHIVES, ids=lambda path: path.stem)
def test_both_readers_list_the_same(archive: Path) -> None:
    result = tool("inspect", archive, "--format", "json")
    assert result.returncode == 0, result.stderr
    (inspection,) = json.loads(result.stdout)["archives"]
    theirs = [
        (e["path"], e["kind"], e.get("dtype"), tuple(e["shape"]) if "shape" in e else None, e.get("sha256"))
        for e in inspection["entries"]
    ]
    ours = [(e.path, e.kind, e.dtype, e.shape, e.sha256) for e in read(archive).entries]
    assert theirs == ours


def test_the_page_says_as_much_as_the_reader_needs() -> None:
    page = read_page()
    assert len(page.rules) > 60
    assert set(page.fields) == {
        "tokens.json",
        "hooks.json",
        "script.json",
        "codec.json",
        "sample.json",
        "stop.json",
        "raised.json",
    }
    assert len(page.limits) == 8
    by_path = {"/".join(rule.path): rule for rule in page.rules}
    rule = by_path["samples/<name>/decode/golden/written/<k>/samples"]
    assert rule.dtypes == {"int32", "float32"}
    assert rule.axes == (("sample",), ("sample", "channel"))
    assert rule.attributes == ("sample_rate", "subtype", "file")


def replaced(file: h5py.File, path: str, data: np.ndarray, dtype: str, **attributes: Any) -> None:
    if path in file:
        del file[path]
    dataset = file.create_dataset(path, data=data)
    dataset.attrs["dtype"], dataset.attrs["sha256"] = dtype, sha256(data)
    for name, value in attributes.items():
        dataset.attrs[name] = value


def flipped(file: h5py.File) -> None:
    file[CODES][0, 0] += 1


def external(file: h5py.File) -> None:
    file[f"{SAMPLE}/tokens/captured/reverts/9"] = h5py.ExternalLink("other.h5", "/x")


def document(path: str, value: Any) -> Callable[[h5py.File], None]:
    def write(file: h5py.File) -> None:
        if path in file:
            del file[path]
        file.create_dataset(path, data=value if isinstance(value, str) else json.dumps(value))

    return write


def without_rate(file: h5py.File) -> None:
    del file[WRITTEN].attrs["sample_rate"]


def without_codes(file: h5py.File) -> None:
    del file[CODES]


def twice(file: h5py.File) -> None:
    file["samples/again"] = file[SAMPLE]


BREAKS: dict[str, Callable[[h5py.File], None]] = {
    "a changed element": flipped,
    "another dtype": lambda f: replaced(f, CODES, f[CODES][()].astype("i4"), "int32"),
    "another stored type": lambda f: replaced(f, CODES, f[CODES][()].astype("i4"), "int64"),
    "another rank": lambda f: replaced(f, CODES, f[CODES][()][None], "int64"),
    "axes the other way round": lambda f: replaced(
        f, CODES, f[CODES][()].T.copy(), "int64", axes='["frame", "codebook"]'
    ),
    "too few axes": lambda f: replaced(f, CODES, f[CODES][()], "int64", axes='["codebook"]'),
    "a bool of 2": lambda f: replaced(f, f"{SAMPLE}/x", np.array([2], "u1"), "bool"),
    "no dtype": lambda f: f[CODES].attrs.__delitem__("dtype"),
    "a missing attribute": without_rate,
    "a missing tensor": without_codes,
    "a missing number": lambda f: replaced(
        f, f"{SAMPLE}/tokens/captured/calls/2/codes", np.zeros((8, 3), "i8"), "int64"
    ),
    "a leading zero": lambda f: replaced(
        f, f"{SAMPLE}/tokens/captured/calls/01/codes", np.zeros((8, 3), "i8"), "int64"
    ),
    "a bad name": document("samples/a b/sample.json", {}),
    "a bad document": document(f"{SAMPLE}/generation/captured/stop.json", {"reason": "tired", "steps": 1}),
    "no JSON": document(f"{SAMPLE}/sample.json", "{"),
    "a key that stands twice": document("provenance.json", '{"seed": 1, "seed": 2}'),
    "a soft link to nothing": lambda f: f.__setitem__(f"{SAMPLE}/y", h5py.SoftLink("/no/where")),
    "raised beside tensors": document(f"{SAMPLE}/tokens/golden/raised.json", {"type": "E", "message": "", "where": ""}),
    "an external link": external,
    "a group of two names": twice,
    "other steps": lambda f: replaced(f, f"{SAMPLE}/generation/captured/num_delay", np.zeros(3, "i8"), "int64"),
    "a newer version": lambda f: f.attrs.__setitem__("format_version", 2),
}


@pytest.mark.parametrize("name", BREAKS)
def test_both_readers_find_what_is_wrong(name: str, tmp_path: Path) -> None:
    broken = tmp_path / "broken.h5"
    shutil.copyfile(ROOT / "golden" / "silent-output.h5", broken)
    with h5py.File(broken, "r+") as file:
        BREAKS[name](file)
    try:
        ours = read(broken).errors
    except Refused as refusal:
        ours = [str(refusal)]
    assert ours
    result = tool("verify", broken)
    assert result.returncode == 2, result.stdout


def test_hashes_of_every_kind() -> None:
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert sha256(None) == sha256(np.zeros((0, 4), "i8")) == empty
    assert sha256(np.arange(6, dtype=">i4").reshape(2, 3)) == sha256(np.arange(6, dtype="<i4"))
    assert sha256(np.float64(1)) == sha256(np.ones((1, 1)))
