"""What `golden.make.record --check` calls a difference."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT), str(ROOT / "capture")]

from higgs_capture import ArchiveWriter  # noqa: E402

from golden.make.record import differences  # noqa: E402

PATH = "/samples/000000/sample.json"


@pytest.mark.parametrize(
    ("committed", "fresh", "found"),
    [
        ({"seed": 1}, {"seed": 1}, []),
        ({"seed": 1}, {"seed": 1, "sites": {"decode": 3}}, []),
        ({"seed": 1, "sites": {"decode": 3}}, {"seed": 1, "sites": {"decode": 3}}, []),
        ({"seed": 1, "sites": {"decode": 3}}, {"seed": 1, "sites": {"decode": 4}}, [f"one.h5: {PATH} differs"]),
        ({"seed": 1, "sites": {"decode": 3}}, {"seed": 1}, [f"one.h5: {PATH} differs"]),
        ({"seed": 1}, {"seed": 2, "sites": {"decode": 3}}, [f"one.h5: {PATH} differs"]),
        ({"seed": 1}, {"seed": 1, "take": 2}, [f"one.h5: {PATH} differs"]),
    ],
)
def test_only_a_key_from_after_the_committed_archive_may_be_new(
    tmp_path: Path, committed: dict[str, Any], fresh: dict[str, Any], found: list[str]
):
    for folder, document in (("old", committed), ("new", fresh)):
        (tmp_path / folder).mkdir()
        with ArchiveWriter(tmp_path / folder / "one.h5") as writer:
            writer.json(PATH, document)
    assert differences(tmp_path / "old" / "one.h5", tmp_path / "new" / "one.h5") == found
