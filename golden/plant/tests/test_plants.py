"""Planted faults, read back from the archives that they leave.

python -m pytest golden/plant/tests
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT), str(ROOT / "capture")]

from higgs_capture import Archive  # noqa: E402

SAMPLE = "/samples/000000"
BOS, EOS = 1024, 1025


@pytest.fixture
def value(folder) -> Callable[[str, str], np.ndarray]:
    def read(case: str, path: str) -> np.ndarray:
        with Archive(folder / f"{case}.h5") as archive:
            return archive.tensor(f"{SAMPLE}/{path}").values

    return read


def cut(delayed: np.ndarray) -> np.ndarray:
    """Upstream's revert, without clip and strip."""
    width = delayed.shape[1] - 7
    return np.stack([delayed[row, row : row + width] for row in range(8)])


def test_the_truth_lies_beside_the_recordings(folder, cases, names):
    rows = json.loads((folder / "truth.json").read_text())
    assert [row["name"] for row in rows] == [case.name for case in cases if case.name in names]
    for row in rows:
        with Archive(folder / row["file"]) as archive:
            assert archive.verify() > 0
            assert archive.json("/config/model.json")["audio_num_codebooks"] == 8
            if "/weights/codec.json" in archive:
                assert (folder / archive.json("/weights/codec.json")["path"]).is_file()
            said = json.dumps([archive.json("/script.json"), archive.json("/provenance.json")])
            # The archive must not give the answer away.
            assert row["name"] not in said
            assert str(ROOT) not in said


def test_the_recording_says_which_line_of_the_script_called_a_stage(folder):
    found = {}
    for name in ("clean-000", "tokens.no-strip"):
        with Archive(folder / f"{name}.h5") as archive:
            found[name] = archive.json(f"{SAMPLE}/sample.json")["sites"]
    own = found["clean-000"]
    assert {name: site["function"] for name, site in own.items()} == {
        "encode": "encode",
        "collator": "run",
        "generate": "generate",
        "revert": "cut",
        "decode": "sound",
        "write": "write",
    }
    # How much of the path is said depends on what is on the import path.
    assert all("golden/plant/pipeline.py".endswith(site["file"]) for site in own.values())
    lines = (ROOT / "golden" / "plant" / "pipeline.py").read_text().splitlines()
    assert all(lines[site["line"] - 1].strip() == site["source"] for site in own.values())
    assert own["collator"]["source"] == "batch = self.after_collator(self.collator([self.sample()]))"
    # The planted cut reverts by itself; the rest of the script is the same.
    planted = found["tokens.no-strip"]
    assert "golden/plant/plants/tokens.py".endswith(planted["revert"]["file"])
    assert planted["revert"]["source"] == "return utils.revert_delay_pattern(delayed)"
    assert planted["decode"] == own["decode"]


def test_a_clean_recording_is_upstreams(value):
    delayed = value("clean-000", "generation/captured/segments/0/delayed")
    codes = value("clean-000", "tokens/captured/calls/0/codes")
    np.testing.assert_array_equal(codes, cut(delayed).clip(0, 1023)[:, 1:-1])
    assert (delayed[:, -1] == EOS).all()


def test_a_surplus_placeholder_is_an_empty_segment_or_raises(value, folder):
    columns = value("collator.surplus-placeholder-hidden", "collator/captured/batch/audio_out_ids")
    assert columns.shape == (8, 9)
    assert set(np.unique(columns)) == {BOS, EOS}
    with Archive(folder / "collator.surplus-placeholder-raises.h5") as archive:
        assert archive.json(f"{SAMPLE}/collator/captured/raised.json")["type"] == "IndexError"
        assert archive.json("/script.json")["exit_status"] == 1


def test_two_prompts_are_padded_on_the_left(value):
    mask = value("collator.pad-left", "collator/captured/batch/attention_mask")
    assert sorted(mask[:, 0].tolist()) == [0, 1]
    assert mask[:, -1].tolist() == [1, 1]


def test_what_a_wrapper_changed_is_what_generate_received(value):
    name = "unknown.collator-codebook-3-off"
    codes = value(name, "collator/input/segments/0/codes")
    columns = value(name, "collator/captured/batch/audio_out_ids")
    frames = codes.shape[1]
    np.testing.assert_array_equal(columns[2, 3 : 3 + frames], codes[2])
    np.testing.assert_array_equal(columns[3, 4 : 4 + frames], np.where(codes[3] < 1023, codes[3] + 1, codes[3]))


def test_an_overriding_step_is_recorded_once_with_what_it_returned(value):
    name = "generation.stops-at-once-instance"
    delayed = value(name, "generation/captured/segments/0/delayed")
    logits = value(name, "generation/input/audio_logits")
    assert logits.shape == (delayed.shape[1] - 1, 8, 1026)
    assert (delayed[:, -1] == EOS).any()
    assert not (delayed[:, -1] == EOS).all()
    assert not (delayed[:, :-1] == EOS).any()


def test_scores_show_that_parameters_were_ignored(value, folder):
    name = "generation.parameters-raw"
    with Archive(folder / f"{name}.h5") as archive:
        assert archive.json("/profile.json")["generation.temperature"] == 0.7
    np.testing.assert_array_equal(
        value(name, "generation/captured/scores"), value(name, "generation/input/audio_logits")
    )


def test_the_first_frame_is_the_planted_one(value):
    assert (value("generation.first-frame-zeros", "generation/captured/segments/0/delayed")[:, 0] == 0).all()


def test_cuts_are_the_planted_ones(value):
    for name, planted in {
        "tokens.no-strip": lambda reverted: reverted.clip(0, 1023),
        "tokens.wrap": lambda reverted: (reverted % 1024)[:, 1:-1],
        "pair.strip-and-clip": lambda reverted: reverted.clip(0, 511)[:, 1:],
    }.items():
        reverted = cut(value(name, "generation/captured/segments/0/delayed"))
        np.testing.assert_array_equal(value(name, "tokens/captured/calls/0/codes"), planted(reverted))
    inside = cut(value("tokens.wrap", "generation/captured/segments/0/delayed"))[:, 1:-1]
    assert (inside > 1023).any()


def test_overlapping_chunks_are_one_call_with_the_sound_that_was_written(value, folder):
    name = "decode.chunks-context-10"
    sound = value(name, "decode/captured/calls/0/waveform")
    whole = value("clean-000", "decode/captured/calls/0/waveform")
    np.testing.assert_allclose(sound, whole, atol=1e-4)
    with Archive(folder / f"{name}.h5") as archive:
        assert archive.children(f"{SAMPLE}/decode/captured/calls") == ["0"]
        assert archive.json("/profile.json")["decode.chunk_frames"] == 16
        assert archive.json("/profile.json")["decode.chunk_context"] == 10


def test_overflow_wraps_round(value):
    sound = value("decode.int16-wrap", "decode/captured/calls/0/waveform")
    written = value("decode.int16-wrap", "decode/captured/written/0/samples") / 2.0**31
    over = np.abs(sound) > 1.001
    assert over.any()
    assert (np.sign(written[over]) != np.sign(sound[over])).all()
    np.testing.assert_allclose(
        written[~over & (np.abs(sound) < 0.999)], sound[~over & (np.abs(sound) < 0.999)], atol=1e-4
    )


def test_explain_names_each_of_them(results):
    assert [(result.case["name"], result.wrong) for result in results if not result.right] == []
