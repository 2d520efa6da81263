"""The recorder on upstream's unmodified classes."""

from __future__ import annotations

import json
import sys

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("boson_multimodal")
soundfile = pytest.importorskip("soundfile")

from higgs_capture import Archive, Recorder  # noqa: E402
from higgs_capture.association import requests  # noqa: E402
from higgs_capture.command import main  # noqa: E402

SCRIPT = """
import sys
import torch
from boson_multimodal.data_collator.higgs_audio_collator import HiggsAudioSampleCollator
from boson_multimodal.dataset.chatml_dataset import ChatMLDatasetSample
from boson_multimodal.model.higgs_audio.utils import revert_delay_pattern

starts = [int(start) for start in sys.argv[1].split(",")]
collator = HiggsAudioSampleCollator(
    whisper_processor=None, encode_whisper_embed=False, audio_in_token_id=15, audio_out_token_id=16,
    audio_stream_bos_id=1024, audio_stream_eos_id=1025, pad_token_id=1, return_audio_in_tokens=True,
    use_delay_pattern=True, audio_num_codebooks=8, round_to=1,
)
sample = ChatMLDatasetSample(
    input_ids=torch.tensor([5, 11, 15, 12, 6, 13, 16, 12, 7]), label_ids=None,
    audio_ids_concat=torch.arange(24).reshape(8, 3), audio_ids_start=torch.tensor(starts),
    audio_waveforms_concat=None, audio_waveforms_start=None, audio_sample_rate=None,
    audio_speaker_indices=None,
)
batch = collator([sample])
codes = revert_delay_pattern(batch.audio_in_ids)
"""


@pytest.fixture
def script(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "script.py").write_text(SCRIPT)
    return "script.py"


def test_a_script_is_recorded(script, tmp_path):
    assert main(["--out", "run.h5", script, "0,3"]) == 0
    with Archive("run.h5") as archive:
        archive.verify()
        sample = "/samples/000000/collator"
        assert archive.tensor(f"{sample}/captured/batch/audio_in_ids").shape == (8, 12)
        assert archive.tensor(f"{sample}/captured/batch/audio_out_ids").shape == (8, 9)
        assert archive.tensor(f"{sample}/captured/batch/label_ids").data is None
        assert archive.tensor(f"{sample}/input/prompt_ids").shape == (9,)
        profile = archive.json("/profile.json")
        assert profile["collator.placeholders"] == "as-prompted"
        assert profile["collator.audio_ids_start"] == "with-total"
        assert profile["collator.chunk_size_seconds"] == 30
        hooks = archive.json("/hooks.json")
        assert hooks["called"]["collator"] == 1
        assert hooks["called"]["revert"] == 1
        assert hooks["failed"] == {}


def test_a_script_that_dies_in_the_collator_leaves_an_archive(script):
    assert main(["--out", "run.h5", script, "0"]) == 1
    with Archive("run.h5") as archive:
        found = archive.json("/samples/000000/collator/captured/raised.json")
        assert found["type"] == "IndexError"
        assert found["message"] == "index 1 is out of bounds for dimension 0 with size 1"
        assert found["where"].startswith("boson_multimodal/dataset/chatml_dataset.py:")
        outcome = archive.json("/script.json")
        assert outcome["exit_status"] == 1
        assert "IndexError" in outcome["traceback"]
        assert str(sys.prefix) not in json.dumps(outcome)


def test_hooks_are_gone_afterwards(script):
    from boson_multimodal.data_collator import higgs_audio_collator
    from boson_multimodal.model.higgs_audio import utils

    before = higgs_audio_collator.HiggsAudioSampleCollator.__call__, utils.revert_delay_pattern
    with Recorder():
        assert higgs_audio_collator.HiggsAudioSampleCollator.__call__ is not before[0]
    after = higgs_audio_collator.HiggsAudioSampleCollator.__call__, utils.revert_delay_pattern
    assert before == after


def test_a_function_imported_by_name_earlier_is_hooked_too():
    from boson_multimodal.serve import serve_engine

    delayed = torch.arange(80).reshape(8, 10)
    with Recorder() as recorder:
        expected = serve_engine.revert_delay_pattern(delayed)
    (event,) = recorder.recording.events
    np.testing.assert_array_equal(event.input.values, delayed.numpy())
    np.testing.assert_array_equal(event.output.values, expected.numpy())


def test_what_the_script_changes_afterwards_does_not_reach_the_recording():
    from boson_multimodal.model.higgs_audio.utils import revert_delay_pattern  # noqa: F401
    from boson_multimodal.serve import serve_engine

    delayed = torch.arange(80).reshape(8, 10)
    with Recorder() as recorder:
        serve_engine.revert_delay_pattern(delayed).zero_()
        delayed.zero_()
    (event,) = recorder.recording.events
    assert event.input.values.max() == 79
    assert event.output.values.max() > 0


def test_recording_draws_no_random_numbers(script):
    torch.manual_seed(5)
    state = torch.get_rng_state()
    with Recorder() as recorder:
        pass
    recorder.run_script([script, "0,3"])
    assert torch.equal(torch.get_rng_state(), state)


def test_a_written_file_is_read_back(tmp_path, script):
    (tmp_path / "script.py").write_text(
        SCRIPT + 'import numpy, soundfile\nsoundfile.write("out.wav", numpy.array([0.5, -1.5]), 24000)\n'
    )
    recorder = Recorder()
    recorder.run_script([script, "0,3"])
    (request,) = requests(recorder.recording.events)
    (file,) = request.written
    assert (file.file, file.sample_rate, file.subtype) == ("out.wav", 24000, "PCM_16")
    assert file.samples.dtype == "int32"
    assert file.samples.values.tolist() == [1 << 30, -(1 << 31)]


def test_a_hook_that_fails_is_noted_and_the_script_goes_on(monkeypatch):
    from boson_multimodal.serve import serve_engine

    from higgs_capture import hooks

    def broken(value):
        raise RuntimeError("no copy")

    monkeypatch.setattr(hooks, "tensor", broken)
    with Recorder() as recorder:
        result = serve_engine.revert_delay_pattern(torch.arange(80).reshape(8, 10))
    assert result.shape == (8, 3)
    assert "no copy" in recorder.recording.hooks.failed["revert"]
