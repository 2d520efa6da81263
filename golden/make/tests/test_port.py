"""The port's checkpoint says what upstream's says: the same logits, the same sound, the same sentence.

python -m pytest golden/make/tests
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT), str(ROOT / "capture")]

torch = pytest.importorskip("torch")
pytest.importorskip("boson_multimodal")

from golden.make import port, upstream  # noqa: E402
from golden.make.record import GOLDEN, MAKE, WEIGHTS  # noqa: E402

if not port.PACKAGES.is_dir():
    pytest.skip("the port's packages are not in this environment", allow_module_level=True)
if "boson_multimodal.audio_processing.higgs_audio_tokenizer" not in sys.modules:
    upstream.install()

from higgs_capture import Archive  # noqa: E402

SCENE = "Audio is recorded from a quiet room.\nSPEAKER0: masculine"
SENTENCE = "Nobody heard the bell this morning."
MESSAGES = [
    {"role": "system", "content": [{"type": "text", "text": "Generate audio following instruction."}]},
    {"role": "scene", "content": [{"type": "text", "text": SCENE}]},
    {"role": "user", "content": [{"type": "text", "text": SENTENCE}]},
]
SAMPLE = "/samples/000000"


@dataclass
class Columns:
    """A request as upstream ran it: its prompt, the reference's columns, the generated ones, and their logits."""

    prompt_ids: np.ndarray
    reference: np.ndarray
    delayed: np.ndarray
    logits: np.ndarray


@dataclass
class Stand:
    """Upstream's model, the port's folders below `folder`, and what the port's classes gave for both requests."""

    folder: Path
    float32: Columns
    recorded: dict[str, np.ndarray]
    found: dict[str, dict[str, np.ndarray]]


def recorded(name: str) -> dict[str, np.ndarray]:
    """The tensors of a committed archive's request."""
    with Archive(GOLDEN / f"{name}.h5") as archive:
        return {
            path.removeprefix(f"{SAMPLE}/"): item.values
            for path in archive.paths()
            if path.startswith(SAMPLE) and archive.is_tensor(path) and (item := archive.tensor(path)).data is not None
        }


def in_float32(model: Path, request: dict[str, np.ndarray]) -> Columns:
    """Upstream's own generation for a recorded batch, in float32."""
    from boson_multimodal.model.higgs_audio import HiggsAudioModel
    from transformers import AutoTokenizer

    live = HiggsAudioModel.from_pretrained(model, torch_dtype=torch.float32).eval()
    seen: list[Any] = []
    step = live._sample_audio_tokens

    def listening(**given: Any) -> Any:
        seen.append(given["audio_logits"][-1].clone())
        return step(**given)

    live._sample_audio_tokens = listening
    batch = {
        name.removeprefix("collator/captured/batch/"): torch.from_numpy(np.array(values))
        for name, values in request.items()
        if name.startswith("collator/captured/batch/")
    }
    with torch.inference_mode():
        _, (delayed,) = live.generate(
            **batch,
            max_new_tokens=200,
            do_sample=False,
            stop_strings=["<|eot_id|>"],
            tokenizer=AutoTokenizer.from_pretrained(model),
            ras_win_len=7,
            ras_win_max_num_repeat=2,
            seed=0,
        )
    prompt = batch["input_ids"][0].numpy()
    return Columns(prompt, batch["audio_out_ids"].numpy(), delayed.numpy(), torch.stack(seen).numpy())


@pytest.fixture(scope="module")
def stand(tmp_path_factory: pytest.TempPathFactory) -> Stand:
    from golden.make import checkpoint

    folder = tmp_path_factory.mktemp("port")
    model, codec = checkpoint.materialise(WEIGHTS, folder / "upstream")
    port.from_upstream(model, codec, folder / "port")
    clone, plain = recorded("voice-clone"), recorded("plain")
    float32 = in_float32(model, clone)
    without = Columns(
        plain["collator/input/prompt_ids"],
        np.zeros((8, 0), dtype=np.int64),
        plain["generation/captured/segments/0/delayed"],
        plain["generation/input/audio_logits"],
    )
    requests = {"clone": (float32, clone), "plain": (without, plain)}
    for name, (columns, request) in requests.items():
        np.savez(
            folder / f"{name}.npz",
            prompt_ids=columns.prompt_ids,
            reference=columns.reference,
            delayed=columns.delayed,
            codes=request["decode/input/calls/0/codes"],
            messages=json.dumps(MESSAGES),
        )
    script = Path(__file__).with_name("port_forward.py")
    command = [sys.executable, "-W", "ignore", str(script), "port", *requests]
    subprocess.run(command, cwd=folder, env=port.environment(), check=True)
    found = {name: dict(np.load(folder / f"{name}-found.npz")) for name in requests}
    return Stand(folder, float32, plain, found)


def decibels(reference: np.ndarray, candidate: np.ndarray) -> float:
    """Signal to noise ratio of a candidate."""
    error = np.asarray(candidate, dtype=np.float64) - reference
    return float(10 * np.log10((np.asarray(reference, dtype=np.float64) ** 2).sum() / (error**2).sum()))


def test_logits_are_upstreams_in_float32(stand: Stand):
    """With a reference before the text: the layer that audio passes by sees text and audio."""
    assert stand.float32.reference.shape[1] > 30
    assert stand.found["clone"]["logits_float32"].shape == stand.float32.logits.shape
    assert decibels(stand.float32.logits, stand.found["clone"]["logits_float32"]) > 105


def test_logits_are_upstreams_to_bfloat16s_rounding(stand: Stand):
    """Recorded in bfloat16, whose own distance from float32 is what is allowed, and no more."""
    logits = stand.recorded["generation/input/audio_logits"]
    own = decibels(logits, stand.found["plain"]["logits_own"])
    rounding = decibels(stand.found["plain"]["logits_float32"], logits)
    assert own > rounding - 1.5 > 45


def test_the_codec_decodes_as_upstreams(stand: Stand):
    assert decibels(stand.recorded["decode/captured/calls/0/waveform"], stand.found["plain"]["waveform"]) > 115


def test_a_conversation_becomes_upstreams_prompt(stand: Stand):
    """The port opens audio itself; upstream lets the text head do it."""
    opened = [*stand.recorded["collator/input/prompt_ids"], 525]
    np.testing.assert_array_equal(stand.found["plain"]["prompt_ids"], opened)


def test_the_script_says_the_sentence(stand: Stand):
    script = MAKE / "pipelines" / "port.py"
    command = [sys.executable, "-W", "ignore", str(script), "--model", str(stand.folder / "port" / "model")]
    command += ["--scene", SCENE, "--text", SENTENCE, "--seed", "0", "--print-tokens"]
    done = subprocess.run(
        command, cwd=stand.folder, env=port.environment(), check=True, stdout=subprocess.PIPE, text=True
    )
    columns = np.array([[int(token) for token in line.split()] for line in done.stdout.splitlines()])
    assert (columns[0] == 1024).all()
    assert (columns[-1] == 1025).all()

    import soundfile

    sound, rate = soundfile.read(stand.folder / "speech.wav")
    upstreams = stand.recorded["decode/captured/calls/0/waveform"]
    assert rate == 24000
    assert abs(len(sound) - len(upstreams)) <= 2 * 960
    shared = min(len(sound), len(upstreams)) // 480 * 480
    loudness = [np.abs(one[:shared]).reshape(-1, 480).mean(axis=1) for one in (sound, upstreams)]
    assert np.corrcoef(*loudness)[0, 1] > 0.95
