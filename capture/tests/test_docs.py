"""What docs/capture.md says in figures and names is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")

from higgs_capture.events import Generated  # noqa: E402
from higgs_capture.hooks.steps import audio_step  # noqa: E402
from higgs_capture.journal import Journal  # noqa: E402
from higgs_capture.options import LOGITS, Options  # noqa: E402
from higgs_capture.repairs.catalogue import REPAIRABLE  # noqa: E402

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "capture.md").read_text()
STEPS = 50


@pytest.mark.parametrize("logits", LOGITS)
def test_a_thousand_steps_take_the_space_that_the_page_says(tmp_path, logits):
    (said,) = re.findall(rf"^\| `--logits {logits}` \|[^|]*\| ([0-9.]+) MB", PAGE, re.MULTILINE)
    journal = Journal(tmp_path / "a.journal", {})
    call = journal.add(Generated({}, {}))
    before = (tmp_path / "a.journal").stat().st_size
    rows = torch.zeros(8, 1026)
    for ordinal in range(STEPS):
        column = torch.zeros(8, dtype=torch.long)
        call.append("steps", audio_step(Options(logits=logits), ordinal, rows, rows, column, 7, None))
    megabytes = ((tmp_path / "a.journal").stat().st_size - before) / STEPS * 1000 / 1e6
    # As many digits as the page gives.
    assert abs(megabytes - float(said)) <= (0.5 if "." not in said else 0.5 * 10 ** -len(said.partition(".")[2]))


def test_the_page_names_every_repair_at_its_place():
    rows = PAGE[PAGE.index("| where | what can be repaired |") :].split("\n\n")[0]
    named = set()
    for cell in (line.split("|")[2] for line in rows.splitlines()[2:]):
        stage = None
        for name in re.findall(r"`([a-z0-9.-]+)`", cell):
            if "." in name:
                stage = name.partition(".")[0]
            if name not in ("generate", "wave"):
                named.add(name if "." in name else f"{stage}.{name}")
    assert named == set(REPAIRABLE)
