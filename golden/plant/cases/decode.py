"""Cases of the decode stage."""

from __future__ import annotations

from typing import Any

import torch

from ..case import Case, Idiom, Plant, Request
from ..plants import decode as d

CLONE = Request()
ENGINE = Request(script="engine")
HIGH = Request(sentence=1, voice="high", seed=3)
CHECKPOINT = ("--codec", "weights/tiny-checkpoint.h5")


def defect(name: str, id: str, idiom: Idiom, plant: Plant, request: Request = CLONE, **more: Any) -> Case:
    return Case(f"decode.{name}", "defect", (f"decode.{id}",), idiom, (plant,), request, **more)


DEFECTS = [
    defect("chunks-10", "chunked", "script", d.chunks(10)),
    defect("chunks-20-context-3", "chunked", "script", d.chunks(20, context=3), HIGH),
    defect("chunks-left-context", "chunked", "script", d.chunks(16, context=10, right=False)),
    defect("decoder-in-chunks", "chunked", "monkeypatch", d.decoder_in_chunks(12, 2, 2)),
    defect("decoder-in-short-chunks", "chunked", "monkeypatch", d.decoder_in_chunks(6, 3, 1), HIGH),
    defect("quantizers-4", "quantizers", "monkeypatch", d.quantizers(4)),
    defect("quantizers-7", "quantizers", "monkeypatch", d.quantizers(7), ENGINE),
    defect("quantizers-loop", "quantizers", "monkeypatch", d.fewer_layers(6), HIGH),
    defect("weight-v-alone", "weight-norm", "weights", d.weight_v_alone, arguments=CHECKPOINT),
    defect(
        "gains-missing",
        "weight-norm",
        "weights",
        d.gains_missing,
        HIGH,
        acceptable=("decode.weights",),
        arguments=CHECKPOINT,
        why="gains that no key fills are also keys left at initialisation",
    ),
    defect(
        "directions-missing",
        "weight-norm",
        "weights",
        d.directions_missing,
        acceptable=("decode.weights",),
        arguments=CHECKPOINT,
        why="directions that no key fills are also keys left at initialisation",
    ),
    defect("decoder-keys", "weights", "weights", d.keys_renamed("decoder_2.model.2."), arguments=CHECKPOINT),
    defect("codebook-keys", "weights", "weights", d.keys_renamed("quantizer.vq.layers.3."), arguments=CHECKPOINT),
    defect("other-checkpoint", "weights", "weights", d.other_checkpoint, HIGH, arguments=CHECKPOINT),
    defect("scaled-down", "output-scale", "script", d.before_writing(lambda w: w / 32768, "FLOAT")),
    defect("scaled-in-codec", "output-scale", "wrapper", d.codec_output(lambda w: w * 32767)),
    defect("inverted", "output-scale", "wrapper", d.codec_output(lambda w: -w), ENGINE),
    defect("peak-normalised", "output-scale", "script", d.before_writing(d.peak_normalised), HIGH),
    defect("half-volume", "output-scale", "wrapper", d.wrapped_codec(lambda w: w * 0.5)),
    Case(
        "decode.int16-wrap",
        "defect",
        ("decode.int16-wrap",),
        "script",
        (d.loud_checkpoint, d.before_writing(d.int16)),
        CLONE,
        why="the codec of this recording, by its own weights, is louder than full scale",
    ),
    Case(
        "decode.int16-wrap-high",
        "defect",
        ("decode.int16-wrap",),
        "script",
        (d.loud_checkpoint, d.before_writing(d.int16)),
        HIGH,
    ),
    defect("rate-16000", "sample-rate", "script", d.header_rate(16_000)),
    defect("rate-44100", "sample-rate", "script", d.written_as(44_100), HIGH),
    defect("rate-22050-engine", "sample-rate", "script", d.header_rate(22_050), ENGINE),
    defect(
        "rate-16000-script",
        "sample-rate",
        "script",
        d.header_rate(16_000),
        Request(script="generation-script", seed=3),
        reference="generation-script",
    ),
    defect("limiter", "nonfinite", "script", d.before_writing(d.limited, "FLOAT")),
    defect(
        "nan-in-codec",
        "nonfinite",
        "wrapper",
        d.codec_output(lambda w: torch.where(w > 0.6 * w.max(), torch.nan, w)),
        HIGH,
    ),
    defect("trimmed", "trimmed", "script", d.before_writing(d.silence_trimmed)),
    defect("padded", "trimmed", "script", d.before_writing(d.padded), ENGINE),
    defect("first-samples-cut", "trimmed", "wrapper", d.codec_output(lambda w: w[..., 480:])),
]

OTHERS = [
    Case("decode.half", "setting", ("decode.precision",), "attribute", (d.precision(torch.float16),)),
    Case("decode.bfloat16", "setting", ("decode.precision",), "attribute", (d.precision(torch.bfloat16),), HIGH),
    Case(
        "decode.decoder-bfloat16", "setting", ("decode.precision",), "wrapper", (d.decoder_precision(torch.bfloat16),)
    ),
    Case("decode.pcm-16", "setting", ("decode.pcm-floor",), "none", (), Request(seed=5)),
    Case("decode.int16-file", "harmless", ("decode.pcm-floor",), "script", (d.before_writing(d.int16),), HIGH),
    Case("decode.chunks-context-10", "harmless", ("decode.chunked",), "script", (d.chunks(16, context=10),)),
    Case("decode.pcm-24", "harmless", ("decode.pcm-floor",), "argument", (d.pcm_24,)),
]

CASES = [*DEFECTS, *OTHERS]
