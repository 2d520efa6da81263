"""Where in the user's own code a stage was called."""

from __future__ import annotations

import json
import linecache
import os
import sys
import sysconfig
from pathlib import Path

import numpy as np
import pytest

from higgs_capture import Archive, Recorder, tensor
from higgs_capture.association import Request
from higgs_capture.command import main
from higgs_capture.events import Collated, Decoded, Encoded, Generated, Reverted, Site, Written
from higgs_capture.hooks.sites import site

CODES = tensor(np.zeros((8, 3), dtype="int64"))


def called_from(file: str, module: str, function: str = "step", inner=None):
    """A function of another file and module that gives the site of its own frame, or calls `inner`."""
    source = f"def {function}():\n    return call()\n"
    given = {"__name__": module, "call": inner or (lambda: site(sys._getframe(1)))}
    exec(compile(source, file, "exec"), given)
    return given[function]


LIBRARIES = [
    (os.path.join(sysconfig.get_path("purelib"), "anything", "core.py"), "anything.core"),
    ("/opt/venv/lib/python3.9/site-packages/scipy/io/wavfile.py", "scipy.io.wavfile"),
    ("/usr/lib/python3/dist-packages/anything.py", "anything"),
    (os.path.join(sysconfig.get_path("stdlib"), "contextlib.py"), "contextlib"),
    (os.__file__, "os"),
    ("/home/me/checkout/boson_multimodal/serve/serve_engine.py", "boson_multimodal.serve.serve_engine"),
    ("/home/me/pytorch/torch/utils/_contextlib.py", "torch.utils._contextlib"),
    ("<frozen runpy>", "runpy"),
    ("<string>", "anything"),
]


@pytest.mark.parametrize(("file", "module"), LIBRARIES)
def test_a_librarys_frame_is_passed_over(file, module):
    mine = called_from("/home/me/mine/speak.py", "mine.speak", "mine", inner=called_from(file, module))
    found = mine()
    assert (found.file, found.line, found.function) == ("speak.py", 2, "mine")


@pytest.mark.parametrize(
    ("file", "module", "said"),
    [
        ("/home/me/mine/speak.py", "__main__", "speak.py"),
        ("speak.py", "__main__", "speak.py"),
        ("/home/me/higgs-audio/examples/generation.py", "__main__", "generation.py"),
        ("/home/me/torch_helpers.py", "torch_helpers", "torch_helpers.py"),
        ("<stdin>", "__main__", "<stdin>"),
    ],
)
def test_the_innermost_frame_of_ones_own_counts(file, module, said):
    inner = called_from(file, module, "inner")
    found = called_from("/home/me/outer.py", "outer", inner=inner)()
    assert (found.file, found.function) == (said, "inner")


def test_a_file_below_the_import_path_keeps_its_folder_and_the_line_is_cut(tmp_path, monkeypatch):
    (tmp_path / "mine").mkdir()
    file = tmp_path / "mine" / "speak.py"
    file.write_text(f"def step():\n    return call()  # {'x' * 300}\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    found = called_from(str(file), "mine.speak")()
    assert found.file == "mine/speak.py"
    assert found.source == f"return call()  # {'x' * 300}"[:200]
    assert len(found.source) == 200


def test_the_first_call_of_each_stage_is_the_requests():
    def place(line: int) -> Site:
        return Site("speak.py", line, "", "main")

    voice = Encoded(CODES, site=place(1))
    first = Request(
        collated=Collated([], {}, site=place(2)),
        encoded=[[voice, Encoded(CODES, site=place(9))]],
        generated=Generated({}, {}, site=place(3)),
        reverts=[Reverted(CODES, site=place(4)), Reverted(CODES, site=place(9))],
        decodes=[Decoded(CODES, site=place(5)), Decoded(CODES, site=place(9))],
        written=[Written("a.wav", 24000, "PCM_16", CODES, site=place(6)), Written("b.wav", 24000, "PCM_16", CODES)],
    )
    lines = {name: found.line for name, found in first.sites.items()}
    assert lines == {"encode": 1, "collator": 2, "generate": 3, "revert": 4, "decode": 5, "write": 6}
    again = Request(encoded=[[voice]], decodes=[Decoded(CODES), Decoded(CODES, site=place(9))])
    assert {name: found.line for name, found in again.sites.items()} == {"encode": 1}


# On upstream's classes

SCRIPT = """
import os
import sys
import threading

import torch
from boson_multimodal.data_collator.higgs_audio_collator import HiggsAudioSampleCollator
from boson_multimodal.dataset.chatml_dataset import ChatMLDatasetSample
from boson_multimodal.model.higgs_audio.utils import revert_delay_pattern

import mine.cutting

collator = HiggsAudioSampleCollator(
    whisper_processor=None, encode_whisper_embed=False, audio_in_token_id=15, audio_out_token_id=16,
    audio_stream_bos_id=1024, audio_stream_eos_id=1025, pad_token_id=1, return_audio_in_tokens=True,
    use_delay_pattern=True, audio_num_codebooks=8, round_to=1,
)
sample = ChatMLDatasetSample(
    input_ids=torch.tensor([5, 11, 16, 12, 7]), label_ids=None,
    audio_ids_concat=torch.arange(24).reshape(8, 3), audio_ids_start=torch.tensor([0]),
    audio_waveforms_concat=None, audio_waveforms_start=None, audio_sample_rate=None,
    audio_speaker_indices=None,
)
os.chdir("elsewhere")
os.remove("../own/speak.py") if "gone" in sys.argv else None
batch = torch.inference_mode()(collator)(
    [sample],
)
if "thread" in sys.argv:
    thread = threading.Thread(target=revert_delay_pattern, args=(batch.audio_out_ids,))
    thread.start()
    thread.join()
else:
    mine.cutting.cut(batch.audio_out_ids)
"""
CUTTING = """
from boson_multimodal.model.higgs_audio import utils


def cut(delayed):
    return utils.revert_delay_pattern(delayed)
"""


@pytest.fixture
def record(tmp_path, monkeypatch):
    pytest.importorskip("boson_multimodal")
    monkeypatch.chdir(tmp_path)
    linecache.clearcache()
    for folder in ("own/mine", "elsewhere"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "own" / "speak.py").write_text(SCRIPT)
    (tmp_path / "own" / "mine" / "cutting.py").write_text(CUTTING)
    yield lambda *arguments: recorded(tmp_path, arguments)
    for name in ("mine", "mine.cutting"):
        sys.modules.pop(name, None)


def recorded(folder: Path, arguments: tuple[str, ...]) -> dict:
    """What `sample.json` says after the script ran."""
    assert main(
        ["--out", str(folder / "run.h5"), "--", sys.executable, os.path.join("own", "speak.py"), *arguments]
    ) == 0
    with Archive(folder / "run.h5") as archive:
        archive.verify()
        assert archive.json("/hooks.json")["failed"] == {}
        return archive.json("/samples/000000/sample.json")


def line_of(source: str, text: str) -> int:
    return source.splitlines().index(text) + 1


@pytest.mark.parametrize("arguments", [(), ("gone",)])
def test_a_recording_says_where_the_script_called_each_stage(record, tmp_path, arguments):
    said = record(*arguments)
    collate, cut = "batch = torch.inference_mode()(collator)(", "return utils.revert_delay_pattern(delayed)"
    assert said["sites"] == {
        "collator": {
            "file": "speak.py",
            "line": line_of(SCRIPT, collate),
            "source": collate,
            "function": "<module>",
        },
        "revert": {
            "file": "mine/cutting.py",
            "line": line_of(CUTTING, f"    {cut}"),
            "source": cut,
            "function": "cut",
        },
    }
    assert str(tmp_path) not in json.dumps(said)


def test_a_call_that_no_code_of_ones_own_leads_to_has_no_place(record):
    assert set(record("thread")["sites"]) == {"collator"}


def test_what_calls_the_recorder_is_not_the_script(tmp_path, monkeypatch):
    """Upstream's own engine as the script, run by a tool that uses the recorder."""
    pytest.importorskip("boson_multimodal")
    from boson_multimodal.model.higgs_audio import utils

    recorder = Recorder()
    monkeypatch.setattr("runpy.run_path", called_by_a_library(utils))
    assert recorder.run_script(["engine.py"]) == 0
    (event,) = recorder.recording.events
    assert event.site is None


def called_by_a_library(utils):
    """In the place of `run_path`: a script of which no line is the user's."""
    torch = pytest.importorskip("torch")
    source = "def run_path(*given, **options):\n    utils.revert_delay_pattern(data)\n"
    given = {"__name__": "engine", "utils": utils, "data": torch.arange(80).reshape(8, 10)}
    exec(compile(source, "/opt/venv/site-packages/engine.py", "exec"), given)
    return given["run_path"]


def test_each_hook_notes_its_place(monkeypatch, tmp_path):
    torch = pytest.importorskip("torch")
    soundfile = pytest.importorskip("soundfile")
    pytest.importorskip("boson_multimodal")
    from boson_multimodal.audio_processing.higgs_audio_tokenizer import HiggsAudioTokenizer
    from boson_multimodal.model.higgs_audio.modeling_higgs_audio import HiggsAudioModel

    from higgs_capture.hooks import live

    for name, empty in (("model_config", {}), ("codec_config", {}), ("placement", {}), ("codec_decode_side", {})):
        monkeypatch.setattr(live, name, lambda _, empty=empty: empty)
    codes = torch.zeros(1, 8, 3, dtype=torch.long)
    monkeypatch.setattr(HiggsAudioTokenizer, "encode", lambda self, audio_path_or_wv, sr=None: codes)
    monkeypatch.setattr(HiggsAudioTokenizer, "decode", lambda self, vq_code: np.zeros((1, 1, 5), dtype="float32"))
    monkeypatch.setattr(HiggsAudioModel, "generate", lambda self, input_ids=None, **kwargs: (input_ids, [codes[0]]))
    monkeypatch.chdir(tmp_path)
    codec, model = HiggsAudioTokenizer.__new__(HiggsAudioTokenizer), HiggsAudioModel.__new__(HiggsAudioModel)
    for module in (codec, model):
        torch.nn.Module.__init__(module)
    with Recorder() as recorder:
        codec.encode(np.zeros(5, dtype="float32"), 24000)
        model.generate(input_ids=torch.zeros((1, 2), dtype=torch.long))
        codec.decode(codes)
        soundfile.write("speech.wav", np.zeros(5), 24000)
    assert recorder.recording.hooks.failed == {}
    found = [(type(event), event.site.source, event.site.function) for event in recorder.recording.events]
    assert found == [
        (kind, source, "test_each_hook_notes_its_place")
        for kind, source in (
            (Encoded, 'codec.encode(np.zeros(5, dtype="float32"), 24000)'),
            (Generated, "model.generate(input_ids=torch.zeros((1, 2), dtype=torch.long))"),
            (Decoded, "codec.decode(codes)"),
            (Written, 'soundfile.write("speech.wav", np.zeros(5), 24000)'),
        )
    ]


def test_a_place_that_cannot_be_told_disturbs_nothing(monkeypatch):
    torch = pytest.importorskip("torch")
    pytest.importorskip("boson_multimodal")
    from boson_multimodal.serve import serve_engine

    from higgs_capture.hooks import sites

    def broken(file: str) -> str:
        raise RuntimeError("no path")

    monkeypatch.setattr(sites, "portable_path", broken)
    with Recorder() as recorder:
        result = serve_engine.revert_delay_pattern(torch.arange(80).reshape(8, 10))
    (event,) = recorder.recording.events
    np.testing.assert_array_equal(event.output.values, result.numpy())
    assert event.site is None
    assert "no path" in recorder.recording.hooks.failed["sites"]
