"""Unchanged scripts under the recorder: what the archive holds, what `explain` says, that nothing else changed."""

from __future__ import annotations

import json
import signal
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("boson_multimodal")
sys.path[:0] = [str(Path(__file__).resolve().parents[2]), str(Path(__file__).parent)]

from stand import TOOL, Stand  # noqa: E402

from higgs_capture import Archive  # noqa: E402

needs_tool = pytest.mark.skipif(TOOL is None, reason="HIGGS_DIAGNOSE does not name the tool")
STAGES = ("collator", "generation", "tokens", "decode")
VOICE = ("--model", "model", "--codec", "codec", "--voice", "voice.wav", "--seed", "0")
STORY = (*VOICE, "--transcript", "Please read the letter again.", "--text", "The harbour lights came on one by one.")


@pytest.fixture(scope="module")
def stand(tmp_path_factory):
    return Stand(tmp_path_factory.mktemp("scripts"))


def causes(told: dict[str, Any]) -> list[str]:
    return [cause["id"] for cause in told["causes"]]


def statuses(sample: dict[str, Any]) -> dict[str, str]:
    return {stage["stage"]: stage["status"] for stage in sample["stages"]}


@needs_tool
@pytest.mark.parametrize(
    ("script", "arguments", "found"),
    [
        ("serving_engine.py", STORY, []),
        ("generation_example.py", (), []),
        ("silent_output.py", STORY, ["collator.surplus-placeholder"]),
        ("subclassed_collator.py", (), ["collator.round-to"]),
        ("imported_by_name.py", (), ["tokens.no-strip"]),
        ("inlined.py", (), ["tokens.clip-bound"]),
        ("streaming.py", (), ["decode.chunked"]),
    ],
)
def test_a_script_is_captured_whole_explained_and_left_as_it_was(stand, script, arguments, found):
    alone, run = stand.both(script, *arguments)
    assert (run.status, run.out, run.sound) == (alone.status, alone.out, alone.sound)
    assert not (run.archive.parent / "run.h5.journal").exists()
    with Archive(run.archive) as archive:
        archive.verify()
        assert archive.json("/hooks.json")["failed"] == {}
        outcome = archive.json("/script.json")
        assert (outcome["exit_status"], outcome["signal"]) == (alone.status, None)
        assert archive.children("/samples") == ["000000"]
    told = run.explained()
    assert causes(told)[: len(found)] == found
    assert bool(found) == bool(causes(told))
    if alone.status == 0:
        assert set(statuses(told["samples"][0])) == set(STAGES)
        assert "not_captured" not in statuses(told["samples"][0]).values()


@needs_tool
def test_a_crash_midway_leaves_what_came_before_and_the_traceback(stand):
    alone, run = stand.both("crash_midway.py")
    assert (run.status, run.out, run.sound) == (1, alone.out, alone.sound)
    with Archive(run.archive) as archive:
        assert archive.children("/samples") == ["000000", "000001"]
        outcome = archive.json("/script.json")
        assert outcome["exit_status"] == 1
        assert "RuntimeError: shape '[8, -1, 7]' is invalid" in outcome["traceback"]
        assert "crash_midway.py" in outcome["traceback"]
        assert str(Path(sys.prefix)) not in outcome["traceback"]
    whole, cut = run.explained()["samples"]
    assert whole["verdict"] == "aligned"
    assert statuses(cut)["generation"] == "innocent"
    assert statuses(cut)["decode"] == "not_captured"


@needs_tool
@pytest.mark.parametrize("name", ["SIGKILL", "SIGTERM"])
def test_what_a_killed_process_had_seen_is_stored(stand, name):
    run = stand.captured("killed.py", name)
    number = getattr(signal, name)
    assert run.status == -number
    assert f"ended by signal {int(number)}" in run.err
    with Archive(run.archive) as archive:
        archive.verify()
        assert archive.json("/script.json")["signal"] == number
        generation = "/samples/000000/generation"
        assert archive.json(f"{generation}/captured/stop.json")["reason"] == "raised"
        assert archive.json(f"{generation}/captured/raised.json")["type"] == "Interrupted"
        columns = archive.tensor(f"{generation}/captured/segments/0/delayed").shape[1]
        assert archive.tensor(f"{generation}/input/audio_logits").shape[0] == columns - 1 > 15
        assert archive.json("/provenance.json")["packages"]["boson_multimodal"]
    told = run.explained()
    assert (told["verdict"], told["causes"]) == ("incomparable", [])
    found = statuses(told["samples"][0])
    assert (found["collator"], found["generation"], found["decode"]) == ("innocent", "undecided", "not_captured")


def test_the_greedy_tokens_in_the_archive_are_those_that_the_script_printed(stand):
    run = stand.captured("greedy.py")
    printed = [json.loads(line[7:]) for line in run.out.splitlines() if line.startswith("tokens ")]
    assert printed
    with Archive(run.archive) as archive:
        for index, tokens in enumerate(printed):
            stored = archive.tensor(f"/samples/000000/generation/captured/segments/{index}/delayed")
            np.testing.assert_array_equal(stored.values, tokens)


def test_forked_workers_are_observed_and_their_requests_kept_apart(stand):
    run = stand.captured("workers.py")
    lengths = sorted(int(line) for line in run.out.splitlines() if line.isdecimal())
    with Archive(run.archive) as archive:
        archive.verify()
        names = archive.children("/samples")
        assert len(names) == 2
        segments = [archive.tensor(f"/samples/{name}/generation/captured/segments/0/delayed") for name in names]
        assert sorted(segment.shape[1] for segment in segments) == lengths
        for name in names:
            assert f"/samples/{name}/decode/captured/written/0/samples" in archive


@pytest.mark.parametrize(
    ("logits", "given"),
    [("none", ("--logits", "none")), ("top64", ("--logits", "top64")), ("top64", ("--max-steps", "9"))],
)
def test_fewer_logits_can_be_kept(stand, logits, given):
    run = stand.captured("own_pipeline.py", options=(*given, "--with-text", "--with-weights"))
    with Archive(run.archive) as archive:
        group = "/samples/000000/generation"
        assert f"{group}/input/audio_logits" not in archive
        assert (f"{group}/input/top/logits" in archive) == (logits == "top64")
        assert archive.json("/samples/000000/messages.json")[2]["content"].startswith("The harbour")
        assert "/weights/codec/fc_post2.weight" in archive
        if logits == "top64":
            ids = archive.tensor(f"{group}/input/top/ids").values
            columns = archive.tensor(f"{group}/captured/segments/0/delayed").values
            top = archive.tensor(f"{group}/input/top/logits").values
            drawn = archive.tensor(f"{group}/input/drawn_logit").values
            assert ids.shape[0] == columns.shape[1] - 1
            step, codebook, rank = np.nonzero(ids == columns.T[1:, :, None])
            np.testing.assert_array_equal(top[step, codebook, rank], drawn[step, codebook])
            assert np.all(archive.tensor(f"{group}/input/logsumexp").values >= top.max(axis=-1))
    if TOOL is not None:
        assert run.explained()["verdict"] == "aligned"


@needs_tool
def test_the_reference_is_upstreams_engine_on_the_same_request(stand, tmp_path):
    run = stand.captured("inlined.py")
    # Upstream's engine itself needs the tiny weights' widths: by a sitecustomize, which runs behind the recorder's.
    (tmp_path / "sitecustomize.py").write_text("from golden.make import upstream\nupstream.install()\n")
    folder = run.archive.parent
    command = [sys.executable, "-W", "ignore", "-m", "higgs_capture", "reference", "--from", "run.h5"]
    made = stand.run(folder, [*command, "--out", "golden.h5", "--wav", "engine.wav"], paths=(str(tmp_path),))
    assert made.status == 0, made.err
    assert "the prompt's ids and the reference's codes are the capture's own" in made.err
    made.archive = folder / "golden.h5"
    told = made.explained()
    assert (told["verdict"], causes(told)) == ("aligned", [])
    with Archive(run.archive) as ours, Archive(made.archive) as theirs:
        for path in ("collator/input/prompt_ids", "collator/captured/batch/audio_out_ids"):
            assert ours.tensor(f"/samples/000000/{path}").equals(theirs.tensor(f"/samples/000000/{path}"))
        assert theirs.json("/samples/000000/profile.json")["generation.temperature"] == 0.7


@needs_tool
def test_paired_runs_show_what_a_repair_does(stand):
    """One pair: what the archive holds of it. That five pairs decide, and how, is tested with `explain`."""
    given = ("--apply", "collator.round-to", "--seeds", "1", "--logits", "none")
    run = stand.captured("subclassed_collator.py", options=given)
    assert run.status == 1
    with Archive(run.archive) as archive:
        archive.verify()
        repaired, as_is = (archive.json(f"/samples/00000{n}/sample.json") for n in range(2))
        assert (repaired["arm"], repaired["applied"]) == ("repaired", ["collator.round-to"])
        assert (as_is["arm"], as_is["applied"]) == ("as_is", [])
        assert repaired["pair"] == as_is["pair"] == "0:0"
        assert archive.json("/script.json")["exit_status"] == 1
        assert archive.json("/samples/000000/profile.json")["generation.seed"] == 0
    sounds = run.archive.with_name("run.h5.sounds") / "seed-0"
    assert (sounds / "collator.round-to" / "speech.wav").exists()
    assert list((sounds / "as-is").iterdir()) == []
    told = run.explained()
    (row,) = told["interventions"]
    assert (row["asked"], row["applied"], row["pairs"]) == (["collator.round-to"], ["collator.round-to"], 1)
    (audio,) = [check for check in row["checks"] if check["check"] == "audio"]
    assert (audio["as_is_failed"], audio["mended"], audio["verdict"]) == (1, 1, "undecided")
    assert causes(told)[0] == "collator.round-to"
    assert told["causes"][0]["attribution"] == "needs_intervention"
