"""Runs the taught conversations through upstream's serving engine and prints what came out.

python -m golden.make.check [--seeds 0 1 2]
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import torch

from . import checkpoint, upstream
from .architecture import STREAM_EOS
from .train import WEIGHTS

MAX_NEW_TOKENS = 400


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("checkpoint", type=Path, nargs="?", default=WEIGHTS)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    arguments = parser.parse_args()
    upstream.install()
    torch.set_num_threads(2)
    with tempfile.TemporaryDirectory() as folder:
        engine = load(arguments.checkpoint, Path(folder))
        print("| prompt | T | seed | columns | energy | duration | rows ending in EOS | ends with |")
        print("|---|---|---|---|---|---|---|---|")
        for name, sample in conversations():
            for temperature in (0.0, 0.7):
                for seed in arguments.seeds:
                    print(row(engine, name, sample, temperature, seed), flush=True)
        _, first = next(iter(conversations()))
        print(row(engine, "limit of 30", first, 0.7, arguments.seeds[0], max_new_tokens=30))


def load(h5_path: Path, folder: Path) -> Any:
    """Upstream's serving engine on the materialised checkpoint."""
    from boson_multimodal.serve.serve_engine import HiggsAudioServeEngine

    model, codec = checkpoint.materialise(h5_path, folder)
    return HiggsAudioServeEngine(str(model), str(codec), device="cpu")


def conversations() -> Any:
    """Every taught conversation by name."""
    from .prompts import SENTENCES, VOICES, plain, two_segments, voice_clone

    for voice in VOICES:
        for sentence in range(len(SENTENCES)):
            yield f"plain {sentence} {voice}", plain(sentence, voice)
            yield f"voice-clone {sentence} {voice}", voice_clone(sentence, voice)
        yield f"two-segments {voice}", two_segments(voice)


def row(
    engine: Any, name: str, sample: Any, temperature: float, seed: int, max_new_tokens: int = MAX_NEW_TOKENS
) -> str:
    """One run as a row of the table; the energy is without the mean, segments are joined by a plus."""
    segments: list[torch.Tensor] = []
    generate = engine.model.generate

    def spy(**arguments: Any) -> Any:
        output = generate(**arguments)
        segments.extend(output[1])
        return output

    engine.model.generate = spy
    try:
        response = engine.generate(sample, max_new_tokens=max_new_tokens, temperature=temperature, seed=seed)
    finally:
        engine.model.generate = generate
    columns = "+".join(str(segment.shape[1]) for segment in segments)
    ended = "+".join(f"{int((segment[:, -1] == STREAM_EOS).sum())}/8" for segment in segments)
    energy = float(np.var(response.audio))
    seconds = len(response.audio) / response.sampling_rate
    last = engine.tokenizer.convert_ids_to_tokens([int(response.generated_text_tokens[-1])])[0]
    cells = (name, temperature, seed, columns, f"{energy:.2e}", f"{seconds:.2f} s", ended, f"`{last}`")
    return f"| {' | '.join(map(str, cells))} |"


if __name__ == "__main__":
    main()
