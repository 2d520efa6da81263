"""Captures of ten seconds for the benchmark of explain, recorded from upstream's own classes.

python Benchmarks/explain_captures.py --out DIR

Upstream's model with the tiny checkpoint generates 250 frames; upstream's codec decodes them, once with the tiny
checkpoint's widths and once with the released ones and random weights. The recorder of `capture/` watches all four
stages. The faults are planted as in `golden/plant`. `captures.json` says what each file holds.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import shutil
import sys
import tempfile
from pathlib import Path
from unittest import mock

TOP = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TOP), str(TOP / "capture"), str(TOP / "Tests" / "CodecTests")]

from golden.plant import record  # noqa: E402

record.quiet()

from golden.make import upstream  # noqa: E402

upstream.install()

import torch  # noqa: E402
from boson_multimodal.audio_processing.higgs_audio_tokenizer import HiggsAudioTokenizer  # noqa: E402
from boson_multimodal.data_types import Message  # noqa: E402
from make_fixtures import DecodingSide, randomise  # noqa: E402
from widths import WIDTHS  # noqa: E402

from golden.make.prompts import SENTENCES  # noqa: E402
from golden.plant.case import Case, Plant  # noqa: E402
from golden.plant.pipeline import OwnScript  # noqa: E402
from golden.plant.plants import decode, generation, tokens  # noqa: E402

FRAMES = 250
RATE = 24_000
LOUDNESS = 0.1
"""RMS of the sound of random weights, so that a file of 16 bits does not clip it."""


def ten_seconds(script: OwnScript) -> None:
    """A text of some ten seconds, and a head that ends the stream where it holds 250 frames."""
    script.prompt.messages[-1] = Message(role="user", content=" ".join(SENTENCES))

    def head(logits: torch.Tensor, step: int) -> torch.Tensor:
        logits[..., generation.EOS] -= 40
        if step == FRAMES + 1:
            logits[-1, 0, generation.EOS] += 130
        return logits

    generation.head(head)(script)


def hum(waveform: torch.Tensor) -> torch.Tensor:
    """A tone of 50 Hz in the codec's output: nothing that the catalogue holds."""
    time = torch.arange(waveform.shape[-1]) / RATE
    return waveform + 1e-2 * torch.sin(2 * math.pi * 50 * time)


short_context = decode.decoder_in_chunks(20, 3, 3)
half_volume = decode.before_writing(lambda waveform: waveform * 0.5)
FAULTS: dict[str, tuple[tuple[Plant, ...], tuple[str, ...]]] = {
    "nothing": ((), ()),
    "no strip": ((tokens.own_cut(tokens.no_strip),), ("tokens.no-strip",)),
    "chunks with too little context": ((short_context,), ("decode.chunked",)),
    "the same, and half the volume": ((short_context, half_volume), ("decode.chunked", "decode.output-scale")),
    "a hum, which no row gives": ((decode.codec_output(hum),), ("decode.unexplained",)),
}
"""What is planted, and the causes that `explain` has to name."""


class ReleasedWidths(HiggsAudioTokenizer):
    """Upstream's codec with a decode side of the released widths and random weights; another codec encodes for it."""

    def __init__(self, encoding: HiggsAudioTokenizer) -> None:
        torch.nn.Module.__init__(self)
        side = random_side()
        self.decoder_2, self.quantizer, self.fc_post2 = side.decoder_2, side.quantizer, side.fc_post2
        self.quantizer_type, self.quantizer_dim = "RVQ", WIDTHS["released"]["quantizer_dim"]
        for name in (
            "device", "sample_rate", "semantic_sample_rate", "semantic_techer", "downsample_mode", "n_q",
            "hop_length", "frame_rate", "audio_tokenizer_feature_extractor", "_xcodec_encode",
        ):  # fmt: skip
            # Not as a submodule: what encodes is no part of this codec's weights.
            object.__setattr__(self, name, getattr(encoding, name))


def random_side() -> DecodingSide:
    """Upstream's modules at the released widths, whose sound has no offset and a known loudness."""
    torch.manual_seed(0)
    generator = torch.Generator().manual_seed(0)
    # golden.make narrows upstream's constant for the tiny checkpoint.
    with mock.patch.object(upstream, "DECODER_WIDTH", upstream.UPSTREAM_DECODER_WIDTH):
        side = DecodingSide(**WIDTHS["released"]).eval()
    randomise(side, generator)
    with torch.no_grad():
        sound = side.decode(torch.randint(WIDTHS["released"]["bins"], (1, 8, 40), generator=generator))
        last, gain = side.decoder_2.model[-1], LOUDNESS / sound.std()
        last.bias.sub_(sound.mean()).mul_(gain)
        last.weight_g.mul_(gain)
    return side


def main() -> int:
    """Records every fault with both codecs."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, required=True, help="folder to write to")
    out = parser.parse_args().out.resolve()
    (out / record.WEIGHTS_HINT).parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(record.WEIGHTS, out / record.WEIGHTS_HINT)
    rows = []
    with tempfile.TemporaryDirectory(prefix="higgs-benchmark-") as name:
        folder = Path(name)
        engine = record.load(folder)
        for codec in WIDTHS:
            if codec == "released":
                engine.audio_tokenizer = ReleasedWidths(engine.audio_tokenizer)
            for number, (fault, (plants, truth)) in enumerate(FAULTS.items()):
                kind = "defect" if truth else "clean"
                case = Case(f"{codec}-{number}", kind, truth, "script", (ten_seconds, *plants))
                _, status = os.waitpid(record.fork(case, engine, folder, out), 0)
                if status:
                    sys.exit(f"{case.name} could not be recorded\n{(folder / f'{case.name}.log').read_text()}")
                rows.append({"file": f"{case.name}.h5", "codec": codec, "fault": fault, "causes": list(truth)})
    (out / "captures.json").write_text(json.dumps(rows, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
