"""A user's script on the port in transformers 5: nothing of it changes, and the archive holds what it did."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

sys.path[:0] = [str(Path(__file__).resolve().parents[2]), str(Path(__file__).parent)]

from stand import TOOL  # noqa: E402

from higgs_capture import Archive  # noqa: E402
from higgs_capture.association import requests  # noqa: E402
from higgs_capture.events import AudioStep, Decoded, Generated, Reverted, TextStep, Written  # noqa: E402
from higgs_capture.hooks.port_facts import written  # noqa: E402
from higgs_capture.stages import text_ids  # noqa: E402
from higgs_capture.tensors import tensor  # noqa: E402

AUDIO, DELAY, EOT = 528, 526, 521
SCENE = "Audio is recorded from a quiet room.\nSPEAKER0: masculine"
VOICE = ("--voice", "voice.wav", "--transcript", "Please read the letter again.")
TEXTS = ("Nobody heard the bell this morning.", "The harbour lights came on one by one.")
CASES = {
    "voice": (*VOICE, "--text", TEXTS[1], "--greedy", "--seed", "0"),
    "batch": ("--scene", SCENE, "--text", TEXTS[0], "--text", TEXTS[1], "--seed", "0"),
}

needs_tool = pytest.mark.skipif(TOOL is None, reason="HIGGS_DIAGNOSE does not name the tool")


@dataclass
class Run:
    """How the script ended, and what it left in its folder."""

    status: int
    out: str
    sounds: dict[str, bytes]
    archive: Path

    @property
    def columns(self) -> np.ndarray:
        """What the script printed of what `generate` returned, [column, codebook], one row after the other."""
        return np.array([[int(token) for token in line.split()] for line in self.out.splitlines()])


class Stand:
    """The port's folders and a voice, and the script on them."""

    def __init__(self, folder: Path) -> None:
        from golden.make import checkpoint, port
        from golden.make.record import MAKE, WEIGHTS

        self._folder, self._environment = folder, port.environment()
        self._environment["XDG_CACHE_HOME"] = str(folder / "cache")
        self._script = MAKE / "pipelines" / "port.py"
        port.from_upstream(*checkpoint.materialise(WEIGHTS, folder / "upstream"), folder / "port")
        (folder / "voice.wav").symlink_to(MAKE / "voices" / "low.wav")

    def run(self, name: str, *arguments: str, captured: bool) -> Run:
        folder = self._folder / f"{name}-{captured}"
        folder.mkdir()
        for shared in ("port", "voice.wav"):
            (folder / shared).symlink_to(self._folder / shared)
        python = [sys.executable, "-W", "ignore"]
        command = [*python, str(self._script), "--model", "port/model", "--print-tokens", *arguments]
        if captured:
            command = [*python, "-m", "higgs_capture", "--out", "run.h5", "--with-text", "--", *command]
        done = subprocess.run(
            command, cwd=folder, env=self._environment, stdout=subprocess.PIPE, text=True, check=False
        )
        sounds = {file.name: file.read_bytes() for file in sorted(folder.glob("speech*.wav"))}
        return Run(done.returncode, done.stdout, sounds, folder / "run.h5")

    def explained(self, archive: Path) -> dict[str, Any]:
        assert TOOL is not None
        command = [TOOL, "explain", "--format", "json", "--reference", "transformers-port", str(archive)]
        told = subprocess.run(command, env=self._environment, capture_output=True, text=True, check=False)
        assert told.stdout, told.stderr
        found: dict[str, Any] = json.loads(told.stdout)
        return found


@pytest.fixture(scope="module")
def stand(tmp_path_factory: pytest.TempPathFactory) -> Stand:
    pytest.importorskip("boson_multimodal")
    from golden.make import port

    if not port.PACKAGES.is_dir():
        pytest.skip("the port's packages are not in this environment")
    return Stand(tmp_path_factory.mktemp("port"))


@pytest.fixture(scope="module", params=CASES)
def case(request: pytest.FixtureRequest, stand: Stand) -> tuple[str, Run, Run]:
    """A script's name, and its runs with and without the recorder."""
    name = request.param
    return (
        name,
        stand.run(name, *CASES[name], captured=True),
        stand.run(name, *CASES[name], captured=False),
    )


def test_the_script_runs_as_without_the_recorder(case: tuple[str, Run, Run]):
    _, captured, plain = case
    assert captured.status == plain.status == 0
    assert captured.out == plain.out
    assert captured.sounds == plain.sounds
    assert captured.sounds


def test_the_archive_holds_the_streams_that_were_printed(case: tuple[str, Run, Run]):
    name, run, _ = case
    with Archive(run.archive) as archive:
        rows = run.columns.reshape(len(run.sounds), -1, 8)
        lengths = []
        for index, row in enumerate(rows):
            sample = f"/samples/{index:06d}"
            references = archive.tensor(f"{sample}/generation/input/reference_columns").values
            delayed = archive.tensor(f"{sample}/generation/captured/segments/0/delayed").values
            start, lengths = references.shape[1], [*lengths, delayed.shape[1]]
            np.testing.assert_array_equal(delayed, row[start : start + delayed.shape[1]].T)
            # What is left out is what fills the row up to the longest one's length.
            assert (delayed[:, -1] == 1025).all()
            assert (row[start + delayed.shape[1] :] == 1025).all()
            steps = archive.tensor(f"{sample}/generation/input/audio_logits").shape
            assert steps == (delayed.shape[1] - 1, 8, 1026)
            ids = archive.tensor(f"{sample}/generation/captured/text_ids").values
            assert len(ids) == delayed.shape[1]
            assert ids[-1] == EOT
            assert archive.json(f"{sample}/generation/captured/stop.json")["reason"] == "eos"
        assert archive.json("/hooks.json")["failed"] == {}
    assert (len(set(lengths)) == 2) == (name == "batch")


def test_each_row_has_its_own_sound(case: tuple[str, Run, Run]):
    _, run, _ = case
    with Archive(run.archive) as archive:
        for index, file in enumerate(run.sounds):
            decode = f"/samples/{index:06d}/decode"
            samples = archive.tensor(f"{decode}/captured/written/0/samples")
            waveform = archive.tensor(f"{decode}/captured/calls/0/waveform").values
            assert archive.attribute(f"{decode}/captured/written/0/samples", "file") == file
            np.testing.assert_allclose(samples.values / 2.0**31, waveform, atol=2.0**-15)


def test_scores_are_the_logits_behind_the_delay(case: tuple[str, Run, Run]):
    """In the first column after the opening one all codebooks but one are still held at BOS."""
    _, run, _ = case
    with Archive(run.archive) as archive:
        logits = archive.tensor("/samples/000000/generation/input/audio_logits").values
        scores = archive.tensor("/samples/000000/generation/captured/scores").values
    assert np.isfinite(logits).all()
    assert (np.isfinite(scores[0]).sum(axis=1)[1:] == 1).all()
    assert np.isfinite(scores[0, 1:, 1024]).all()


def test_the_prompt_is_as_it_was_written(case: tuple[str, Run, Run]):
    """One placeholder for the reference, which the batch has once for every column; codes and sound as encoded."""
    name, run, _ = case
    with Archive(run.archive) as archive:
        collator = "/samples/000000/collator"
        if name == "batch":
            for row in range(2):
                ids = archive.tensor(f"{collator}/input/items/{row}/prompt_ids").values
                batch = archive.tensor(f"{collator}/captured/batch/input_ids").values[row]
                np.testing.assert_array_equal(batch[-len(ids) :], ids)
            assert f"{collator}/captured/batch/audio_input_ids" not in archive
            return
        ids = archive.tensor(f"{collator}/input/prompt_ids").values
        batch = archive.tensor(f"{collator}/captured/batch/input_ids").values[0]
        codes = archive.tensor(f"{collator}/input/segments/0/codes").values
        columns = archive.tensor(f"{collator}/captured/batch/audio_input_ids").values[0]
        assert columns.shape == (codes.shape[1] + 9, 8)
        assert (ids == AUDIO).sum() == 1
        assert (batch == AUDIO).sum() == columns.shape[0] - 7
        assert (batch == DELAY).sum() == 7
        assert len(batch) == len(ids) - 1 + columns.shape[0]
        assert archive.attribute(f"{collator}/input/segments/0/waveform", "sample_rate") == 24000
        np.testing.assert_array_equal(columns[1 : codes.shape[1] + 1, 0], codes[0])
        sites = archive.json("/samples/000000/sample.json")["sites"]
        assert {sites[call]["source"].split("(")[0] for call in ("encode", "collator")} == {
            "inputs = processor.apply_chat_template"
        }


def test_the_profile_is_that_of_the_port(case: tuple[str, Run, Run]):
    name, run, _ = case
    expected = {
        "collator.batch_layout": "expanded",
        "collator.pad_side": "left",
        "generation.delay_machine": "mask",
        "generation.do_sample": name == "batch",
        "generation.temperature": 0.7 if name == "batch" else 1.0,
        "generation.ras_win_len": 7,
        "generation.ras_counts_specials": False,
        "generation.max_new_tokens": 1000,
        "tokens.strip": "bos-eos-search",
        "tokens.clip_max": 1023,
        "decode.n_quantizers": 8,
        "decode.subtype": "PCM_16",
    }
    with Archive(run.archive) as archive:
        profile = archive.json("/samples/000000/profile.json")
        assert {key: profile.get(key) for key in expected} == expected
        assert archive.json("/config/model.json")["audio_delay_token_id"] == DELAY
        assert archive.json("/config/tokens.json")["audio_out_token_id"] == AUDIO
        spoken = archive.json("/samples/000000/messages.json")[-1]["content"][0]["text"]
    assert spoken == (TEXTS[0] if name == "batch" else TEXTS[1])


@needs_tool
def test_the_port_is_aligned_with_itself(case: tuple[str, Run, Run], stand: Stand):
    _, run, _ = case
    found = stand.explained(run.archive)
    assert found["verdict"] == "aligned"
    assert {stage["status"] for stage in found["stages"]} == {"innocent"}


def test_a_processor_that_raises_leaves_its_prompt_and_its_error(stand: Stand):
    run = stand.run("raises", "--text", "Say <|AUDIO_OUT|> again.", captured=True)
    assert run.status == 1
    with Archive(run.archive) as archive:
        collator = "/samples/000000/collator"
        assert archive.json(f"{collator}/captured/raised.json")["type"] == "ValueError"
        assert (archive.tensor(f"{collator}/input/prompt_ids").values == AUDIO).sum() == 1


# The parts


@pytest.mark.parametrize(
    ("ids", "prompt"),
    [
        ([1, AUDIO, AUDIO, DELAY, DELAY, 2], [1, AUDIO, 2]),
        ([AUDIO, DELAY, DELAY, AUDIO, AUDIO, DELAY, DELAY], [AUDIO, AUDIO]),
        # As short as a segment can be, and two of them with nothing between.
        ([DELAY, DELAY, DELAY, DELAY, 3], [AUDIO, AUDIO, 3]),
        # What no processor makes is left as it is, for all to see.
        ([1, AUDIO, AUDIO, DELAY, 2], [1, AUDIO, AUDIO, DELAY, 2]),
        ([AUDIO, 2], [AUDIO, 2]),
        ([], []),
    ],
)
def test_a_segments_tokens_are_one_placeholder_again(ids: list[int], prompt: list[int]):
    processor = SimpleNamespace(audio_token_id=AUDIO, audio_delay_token_id=DELAY)
    assert written(ids, processor, 2) == prompt


def test_an_interrupted_stream_has_the_text_ids_of_its_steps():
    call = Generated({}, {})
    column = tensor(np.zeros(8, dtype="<i8"))
    call.steps = [
        TextStep(AUDIO, column),
        AudioStep(column, None, -1, token=AUDIO),
        AudioStep(column, None, -1, token=DELAY),
    ]
    assert text_ids(call).values.tolist() == [AUDIO, AUDIO, DELAY]


def test_rows_get_their_reverts_and_files_whatever_came_between():
    """`batch_decode` cuts the streams, and files are written when all rows are decoded."""
    generator = np.random.default_rng(5)
    streams = [tensor(generator.integers(0, 1024, (8, length))) for length in (20, 17)]
    sounds = [tensor(generator.uniform(-0.5, 0.5, 960).astype("<f4")) for _ in streams]
    batch = {"input_ids": tensor(np.zeros((2, 3), dtype="<i8"))}
    events: list[Any] = [Generated(batch, {}, segments=[stream], row=row) for row, stream in enumerate(streams)]
    for stream, sound in zip(streams, sounds):
        events.append(Reverted(tensor(stream.values[:, 1:-1]), tensor(stream.values[:, 1:-8])))
        events.append(Decoded(tensor(stream.values[:, 1:-8]), sound))
    for row in (1, 0):
        samples = np.floor(sounds[row].values * 32768).astype("<i4") * 65536
        events.append(Written(f"{row}.wav", 24000, "PCM_16", tensor(samples)))
    found = requests(events)
    assert [len(request.reverts) for request in found] == [1, 1]
    for row, request in enumerate(found):
        assert request.decodes[0].waveform is sounds[row]
        assert [file.file for file in request.written] == [f"{row}.wav"]
