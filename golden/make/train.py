"""Trains the tiny checkpoint and writes it as one HDF5 file.

python -m golden.make.train [--out golden/weights/tiny-checkpoint.h5]
"""

from __future__ import annotations

import os

# Waiting threads sleep instead of spinning: the machine may be busy with other work.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import argparse
import hashlib
import platform
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

import torch

from . import architecture, checkpoint, codec_training, material, model_training, seeded, speech, upstream

WEIGHTS = Path(__file__).parents[1] / "weights" / "tiny-checkpoint.h5"
CODEC_STEPS = (150, 800)
MODEL_STEPS = 700
PACKAGES = (
    "boson_multimodal",
    "torch",
    "transformers",
    "tokenizers",
    "numpy",
    "scipy",
    "descript-audio-codec",
    "h5py",
)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    upstream.install()
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(seeded.SEED)
    log = _clock()

    codec = train_codec(log)
    tokenizer = architecture.make_tokenizer(checkpoint.tokenizer_texts())
    torch.manual_seed(seeded.SEED)
    model = architecture.make_model()
    model_training.train(model, codec, lessons(codec, tokenizer), steps=MODEL_STEPS, log=log)

    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    checkpoint.write(
        arguments.out,
        model=model,
        codec=codec,
        tokenizer=tokenizer,
        provenance=provenance(),
        created_at=_created_at(),
    )
    log(f"wrote {arguments.out}, {arguments.out.stat().st_size / 1e6:.1f} MB")


def train_codec(log: Callable[[str], None]) -> Any:
    """The codec, trained on the taught sentences and on others."""
    from .prompts import SENTENCES, VOICES

    taught = [speech.speak(sentence, voice) for voice in VOICES.values() for sentence in SENTENCES]
    references = [speech.read_reference(voice) for voice in VOICES]
    voices = (*VOICES.values(), *material.VOICES)
    others = [
        speech.speak(sentence, voices[(index + turn) % len(voices)])
        for index, sentence in enumerate(material.SENTENCES)
        for turn in range(2)
    ]
    codec = architecture.make_codec()
    codec_training.train(codec, taught + references, others, steps=CODEC_STEPS, log=log)
    return codec


def lessons(codec: Any, tokenizer: Any) -> list[model_training.Lesson]:
    """Every sentence in both voices, with and without the reference, and the response of two segments."""
    from .prompts import SENTENCES, VOICES, plain, two_segments, voice_clone

    taught = []
    for name, voice in VOICES.items():
        codes = [_codes(codec, speech.speak(sentence, voice)) for sentence in SENTENCES]
        reference = _codes(codec, speech.read_reference(name))
        for index, answer in enumerate(codes):
            taught.append(model_training.Lesson(_prompt_ids(plain(index, name), tokenizer), None, [answer]))
            taught.append(
                model_training.Lesson(_prompt_ids(voice_clone(index, name), tokenizer), reference, [answer])
            )
        taught.append(model_training.Lesson(_prompt_ids(two_segments(name), tokenizer), None, codes[1:3]))
    return taught


def _codes(codec: Any, samples: Any) -> torch.Tensor:
    return codec.encode(samples, speech.SAMPLE_RATE).cpu()


def _prompt_ids(sample: Any, tokenizer: Any) -> list[int]:
    """The ids that upstream's engine prompts with."""
    from boson_multimodal.dataset.chatml_dataset import prepare_chatml_sample

    ids = prepare_chatml_sample(sample, tokenizer)[0]
    return ids + tokenizer.encode(
        "<|start_header_id|>assistant<|end_header_id|>\n\n", add_special_tokens=False
    )


def provenance() -> dict[str, Any]:
    """What the checkpoint was made with."""
    import boson_multimodal

    root = Path(boson_multimodal.__file__).parent
    espeak = subprocess.run(["espeak-ng", "--version"], check=True, capture_output=True, text=True).stdout
    return {
        "versions": {name: metadata.version(name) for name in PACKAGES}
        | {"python": platform.python_version()},
        "espeak_ng": espeak.split("Data at")[0].strip(),
        "platform": f"{platform.system()} {platform.machine()}",
        "device": "cpu",
        "dtype": {"model": "bfloat16", "codec": "float32"},
        "seed": seeded.SEED,
        "steps": {"codec": list(CODEC_STEPS), "model": MODEL_STEPS},
        "command": "python -m golden.make.train",
        "sources": {
            path.relative_to(root.parent).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for name, module in sorted(sys.modules.items())
            if name.startswith("boson_multimodal.") and (file := getattr(module, "__file__", None))
            for path in [Path(file)]
        },
    }


def _created_at() -> str:
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    moment = datetime.fromtimestamp(int(epoch), UTC) if epoch else datetime.now(UTC)
    return moment.isoformat(timespec="seconds")


def _clock() -> Callable[[str], None]:
    start = time.monotonic()
    return lambda message: print(f"{time.monotonic() - start:7.1f} s  {message}", flush=True)


if __name__ == "__main__":
    main()
