"""The recorder on upstream's unmodified classes."""

from __future__ import annotations

import dataclasses
import functools
import json
import sys

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("boson_multimodal")
soundfile = pytest.importorskip("soundfile")

from higgs_capture import Archive, Recorder, assembly, tensor  # noqa: E402
from higgs_capture.association import requests  # noqa: E402
from higgs_capture.events import Recording, Surroundings  # noqa: E402
from higgs_capture.stages import ArmRun  # noqa: E402

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


def recorded(*argv: str) -> int:
    """Runs a script in this process under a recorder, into run.h5."""
    recorder = Recorder()
    status = recorder.run_script(argv)
    recorder.write("run.h5")
    return status


@pytest.fixture
def script(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "script.py").write_text(SCRIPT)
    return "script.py"


def test_a_script_is_recorded(script, tmp_path):
    assert recorded(script, "0,3") == 0
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
    assert recorded(script, "0") == 1
    with Archive("run.h5") as archive:
        found = archive.json("/samples/000000/collator/captured/raised.json")
        assert found["type"] == "IndexError"
        assert found["message"] == "index 1 is out of bounds for dimension 0 with size 1"
        assert found["where"].startswith("boson_multimodal/dataset/chatml_dataset.py:")
        outcome = archive.json("/script.json")
        assert outcome["exit_status"] == 1
        assert "IndexError" in outcome["traceback"]
        assert str(sys.prefix) not in json.dumps(outcome)


class Steps:
    """A sampler's two steps and a `generate` that takes one of each, in the place of upstream's model."""

    def _sample_audio_tokens(self, audio_logits, **given):
        column = audio_logits[-1].argmax(-1)
        return torch.tensor([16]), column, audio_logits[-1], audio_logits[-1] * 2, 1, None

    def _sample_text_tokens(self, **given):
        return torch.tensor([16]), torch.full((8,), 1024), None, None

    def generate(self, input_ids=None, **kwargs):
        self._sample_text_tokens()
        _, column, *_ = self._sample_audio_tokens(audio_logits=torch.eye(8, 1026)[None])
        return torch.zeros((1, 3), dtype=torch.long), [column[:, None]]


def other_step(self, audio_logits, **given):
    """What a user's subclass does: calls upstream's step and changes the column."""
    text, column, *rest = Steps._sample_audio_tokens(self, audio_logits, **given)
    return (text, column + 1, *rest)


def by_subclass(model):
    model.__class__ = type("Other", (type(model),), {"_sample_audio_tokens": other_step})


def by_instance(model):
    model._sample_audio_tokens = lambda **given: other_step(model, **given)


def by_patch(model):
    inner = type(model)._sample_audio_tokens

    @functools.wraps(inner)
    def step(self, **given):
        text, column, *rest = inner(self, **given)
        return (text, column + 1, *rest)

    type(model)._sample_audio_tokens = step


@pytest.mark.parametrize("place", [by_subclass, by_instance, by_patch])
def test_a_step_in_the_place_of_upstreams_is_recorded_once_with_what_it_returned(place, monkeypatch):
    from boson_multimodal.model.higgs_audio import modeling_higgs_audio as modeling

    from higgs_capture.hooks import core, live

    model = type("Model", (Steps,), dict(vars(Steps)))()
    monkeypatch.setattr(modeling, "HiggsAudioModel", type(model))
    monkeypatch.setattr(live, "model_config", lambda model: {})
    monkeypatch.setattr(live, "placement", lambda model: {})
    with Recorder() as recorder:
        place(model)
        for _ in range(2):
            model.generate(input_ids=torch.zeros((1, 2), dtype=torch.long))
    assert len(recorder.recording.events) == 2
    for event in recorder.recording.events:
        text, audio = event.steps
        assert text.first_column.values.tolist() == [1024] * 8
        assert audio.column.values.tolist() == [1, 2, 3, 4, 5, 6, 7, 8]
        assert event.segments[0].values[:, 0].tolist() == [1, 2, 3, 4, 5, 6, 7, 8]
    assert set(recorder.recording.hooks.failed) <= {"model", "sample"}
    for name in ("generate", "_sample_audio_tokens", "_sample_text_tokens"):
        left = getattr(model, name)
        assert not core.is_own(getattr(left, "__func__", left))


def test_what_was_loaded_before_the_recorder_is_noted(monkeypatch):
    from higgs_capture.hooks import live

    class Loaded:
        pass

    monkeypatch.setattr(live, "model_config", lambda model: {"audio_codebook_size": 5})
    monkeypatch.setattr(live, "placement", lambda module: {"device": "cpu", "dtype": "float32"})
    monkeypatch.setattr(live, "codec_config", lambda codec: {"n_q": 8})
    recorder, model, codec = Recorder(), Loaded(), Loaded()
    recorder.already_loaded(model=model, codec=codec, codec_path="codec")
    surroundings = recorder.recording.surroundings
    assert surroundings.codebook_size == 5
    assert surroundings.codec_config == {"n_q": 8}
    assert surroundings.checkpoints == {"codec": {"path": "codec"}}
    assert recorder.recording.hooks.failed == {}


def test_the_codecs_weights_can_be_kept_beside_the_archive(tmp_path):
    weights = {"fc_post2.bias": tensor(np.zeros(3, dtype="float32"))}
    recording = Recording(surroundings=Surroundings(codec_weights=weights))
    keeping = assembly.Keeping(codec_folder=(tmp_path / "weights", "weights"))
    assembly.write(tmp_path / "run.h5", [ArmRun(recording)], keeping=keeping)
    with Archive(tmp_path / "run.h5") as archive:
        path = archive.json("/weights/codec.json")["path"]
    assert path.startswith("weights/")
    with Archive(tmp_path / path) as kept:
        assert kept.tensor("/weights/codec/fc_post2.bias").shape == (3,)


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

    from higgs_capture.hooks import boson as hooks

    def broken(value):
        raise RuntimeError("no copy")

    monkeypatch.setattr(hooks, "tensor", broken)
    with Recorder() as recorder:
        result = serve_engine.revert_delay_pattern(torch.arange(80).reshape(8, 10))
    assert result.shape == (8, 3)
    assert "no copy" in recorder.recording.hooks.failed["revert"]


def test_a_notebook_records_a_block_and_keeps_what_was_seen_when_it_raises(tmp_path):
    from boson_multimodal.serve import serve_engine

    from higgs_capture import record

    for name, error in (("a.h5", None), ("b.h5", KeyError("gone"))):
        try:
            with record(tmp_path / name):
                serve_engine.revert_delay_pattern(torch.arange(80).reshape(8, 10))
                if error is not None:
                    raise error
        except KeyError as found:
            assert found is error
        with Archive(tmp_path / name) as archive:
            archive.verify()
            assert archive.json("/hooks.json")["called"]["revert"] == 1
            outcome = archive.json("/script.json")
        assert (outcome["exit_status"], outcome["traceback"] is None) == ((0, True) if error is None else (1, False))
        assert not (tmp_path / f"{name}.journal").exists()


@pytest.mark.parametrize("writer", ["soundfile", "SoundFile", "scipy", "scipy by name", "wave", "torchaudio", "memory"])
def test_every_writer_of_a_file_is_seen_once(tmp_path, monkeypatch, writer):
    import io
    import wave

    import torchaudio
    from scipy.io import wavfile

    samples = np.array([0.5, -0.25, 0.0], dtype="f4")
    # torchaudio's own writer needs torchcodec; what counts is that it is called, and that it may call another writer.
    monkeypatch.setattr(torchaudio, "save", lambda uri, src, sample_rate: soundfile.write(uri, src[0], sample_rate))
    path = str(tmp_path / "a.wav")

    def write_wave():
        with wave.open(path, "wb") as file:
            file.setparams((1, 2, 24000, 0, "NONE", "NONE"))
            file.writeframes((samples * 32768).astype("<i2").tobytes())

    def write_soundfile():
        with soundfile.SoundFile(path, "w", 24000, 1) as file:
            file.write(samples[:2])
            file.write(samples[2:])

    memory = io.BytesIO()
    ways = {
        "soundfile": lambda: soundfile.write(path, samples, 24000),
        "SoundFile": write_soundfile,
        "scipy": lambda: wavfile.write(path, 24000, samples),
        "scipy by name": lambda: by_name[0](path, 24000, samples),
        "wave": write_wave,
        "torchaudio": lambda: torchaudio.save(path, torch.tensor(samples)[None], 24000),
        "memory": lambda: soundfile.write(memory, samples, 24000, format="WAV"),
    }
    module = type(sys)("own_module")
    module.write = wavfile.write
    monkeypatch.setitem(sys.modules, "own_module", module)
    with Recorder() as recorder:
        by_name = [module.write]
        ways[writer]()
    assert recorder.recording.hooks.failed == {}
    (event,) = recorder.recording.events
    assert (event.file, event.sample_rate) == ("(memory)" if writer == "memory" else "a.wav", 24000)
    scale = 1 if event.samples.dtype == "float32" else 2.0**-31
    np.testing.assert_array_equal(event.samples.values * scale, samples)


class Unspeakable(Exception):
    """An exception that cannot be said."""

    def __str__(self):
        raise RuntimeError("no words")


def test_an_exception_that_cannot_be_noted_reaches_the_script_all_the_same(monkeypatch):
    from boson_multimodal.model.higgs_audio import utils

    def raising(data):
        raise Unspeakable

    monkeypatch.setattr(utils, "revert_delay_pattern", raising)
    with Recorder() as recorder, pytest.raises(Unspeakable):
        utils.revert_delay_pattern(torch.arange(80).reshape(8, 10))
    assert "no words" in recorder.recording.hooks.failed["raised"]


def test_a_configuration_that_lacks_what_a_repair_would_read_does_not_stop_a_script(script):
    """Nothing is to be repaired, so nothing of it may be read."""
    recorder = Recorder()
    recorder._hooks.repairs.config = object()
    assert recorder.run_script([script, "0,3"]) == 0
    assert recorder.recording.hooks.failed == {}


def test_what_an_own_collator_does_to_its_sample_is_seen_apart_from_what_it_was_given(script):
    """It never calls upstream's, works in place, and is recorded by itself."""
    from boson_multimodal.data_collator.higgs_audio_collator import HiggsAudioSampleCollator
    from boson_multimodal.dataset.chatml_dataset import ChatMLDatasetSample

    names = [field.name for field in dataclasses.fields(ChatMLDatasetSample)]
    sample = ChatMLDatasetSample(**{**dict.fromkeys(names), "input_ids": torch.arange(4)})

    class OwnCollator(HiggsAudioSampleCollator):
        def __call__(self, samples):
            samples[0].input_ids.zero_()
            return samples[0]

    with Recorder() as recorder:
        collator = OwnCollator(
            whisper_processor=None, encode_whisper_embed=False, audio_in_token_id=15, audio_out_token_id=16,
            audio_stream_bos_id=1024, audio_stream_eos_id=1025, pad_token_id=1,
        )  # fmt: skip
        collator([sample])
    (event,) = recorder.recording.events
    assert event.items[0]["input_ids"].values.tolist() == [0, 1, 2, 3]
    assert event.batch["input_ids"].values.tolist() == [0] * 4


def test_logits_that_a_step_works_on_in_place_are_recorded_as_they_came(monkeypatch):
    from boson_multimodal.model.higgs_audio import modeling_higgs_audio as modeling

    from higgs_capture.hooks import live

    class InPlace(Steps):
        def _sample_audio_tokens(self, audio_logits, **given):
            result = super()._sample_audio_tokens(audio_logits, **given)
            audio_logits.zero_()
            return result

    monkeypatch.setattr(modeling, "HiggsAudioModel", InPlace)
    monkeypatch.setattr(InPlace, "generate", Steps.generate)
    monkeypatch.setattr(InPlace, "_sample_text_tokens", Steps._sample_text_tokens)
    monkeypatch.setattr(live, "model_config", lambda model: {})
    monkeypatch.setattr(live, "placement", lambda model: {})
    with Recorder() as recorder:
        InPlace().generate(input_ids=torch.zeros((1, 2), dtype=torch.long))
    (event,) = recorder.recording.events
    np.testing.assert_array_equal(event.audio_steps[0].logits.values, np.eye(8, 1026))


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16", "bfloat16", "int64", "int32", "uint8", "bool"])
@pytest.mark.parametrize("is_contiguous", [True, False])
def test_a_tensor_is_a_copy_of_what_the_script_goes_on_with(dtype, is_contiguous):
    given = torch.ones((2, 3), dtype=getattr(torch, dtype))
    given = given if is_contiguous else given.T
    kept = tensor(given)
    given.zero_()
    assert (kept.dtype, kept.shape) == (dtype, tuple(given.shape))
    assert np.all(kept.values == 1)
