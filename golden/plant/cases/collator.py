"""Cases of the collator stage."""

from __future__ import annotations

from typing import Any

import torch

from ..case import Case, Idiom, Plant, Request
from ..plants import collator as c

CLONE = Request()
ENGINE = Request(script="engine")
SYSTEM = Request(prompt="system-voice")
TYPED = Request(prompt="typed")
PLAIN = Request(prompt="plain")
EMPTY = ("collator.reference-not-conditioned",)
NO_SPEECH = ("generation.no-audio", "generation.low-diversity")
"""What a damaged prompt can do to a small model."""


def defect(name: str, id: str, idiom: Idiom, plant: Plant, request: Request = CLONE, **more: Any) -> Case:
    return Case(f"collator.{name}", "defect", (f"collator.{id}",), idiom, (plant,), request, **more)


def harmless(name: str, id: str, idiom: Idiom, plant: Plant, request: Request = CLONE, **more: Any) -> Case:
    return Case(f"collator.{name}", "harmless", (f"collator.{id}",), idiom, (plant,), request, **more)


DEFECTS = [
    defect(
        "surplus-placeholder-hidden",
        "surplus-placeholder",
        "script",
        c.starts(c.trailing_total),
        TYPED,
        why="two placeholders for one segment; the trailing start turns the second into an empty segment",
    ),
    Case(
        "collator.surplus-placeholder-heard",
        "defect",
        ("collator.surplus-placeholder",),
        "script",
        (c.starts(c.trailing_total), c.attribute(return_audio_in_tokens=True)),
        TYPED,
        also=EMPTY,
        settings=("collator.return-audio-in-tokens",),
        why="the silent pipeline's prompt: the codes stand under <|AUDIO|>, the assistant's turn is empty",
    ),
    Case(
        "collator.surplus-placeholder-raises",
        "defect",
        ("collator.surplus-placeholder",),
        "argument",
        (),
        TYPED,
        why="the story's own fix: starts without the total, the prompt as before; upstream's collator raises",
    ),
    Case(
        "collator.surplus-placeholder-engine",
        "defect",
        ("collator.surplus-placeholder",),
        "argument",
        (),
        Request(prompt="lost-recording", script="engine"),
        why="an audio content without a recording keeps its placeholder in upstream's engine",
    ),
    defect("missing-placeholder", "missing-placeholder", "script", c.voice_not_in_prompt, PLAIN, also=EMPTY),
    defect("missing-header", "missing-generation-prompt", "script", c.no_header, also=NO_SPEECH),
    defect(
        "missing-header-engine",
        "missing-generation-prompt",
        "monkeypatch",
        c.engine_without_header,
        ENGINE,
        also=NO_SPEECH,
    ),
    defect("starts-late", "starts-wrong", "script", c.starts(lambda lengths: [5])),
    defect(
        "starts-lengths",
        "starts-wrong",
        "script",
        c.starts(lambda lengths: lengths),
        Request(prompt="two-references"),
        why="the lengths themselves in the place of their sums",
    ),
    defect(
        "starts-both-zero", "starts-wrong", "script", c.starts(lambda lengths: [0, 0]), Request(prompt="two-references")
    ),
    defect("codes-stale-cache", "reference-codes-wrong", "script", c.stale_cache),
    defect("codes-rounded", "reference-codes-wrong", "script", c.segments(c.rounded)),
    defect("codes-off-by-one", "reference-codes-wrong", "script", c.segments(c.off_by_one)),
    defect("round-to-8", "round-to", "attribute", c.attribute(round_to=8), also=NO_SPEECH),
    defect("round-to-engine", "round-to", "attribute", c.engine_attribute(round_to=64), ENGINE, also=NO_SPEECH),
    defect("round-to-plain", "round-to", "argument", c.argument(round_to=16), PLAIN, also=NO_SPEECH),
    Case(
        "collator.pad-left",
        "defect",
        ("collator.pad-side",),
        "attribute",
        (c.two_at_once, c.attribute(pad_left=True)),
        PLAIN,
    ),
    Case(
        "collator.pad-token",
        "defect",
        ("collator.pad-token",),
        "attribute",
        (c.two_at_once, c.attribute(pad_token_id=0)),
        PLAIN,
    ),
    defect("delay-off", "delay-pattern", "attribute", c.attribute(use_delay_pattern=False)),
    defect("delay-off-engine", "delay-pattern", "attribute", c.engine_attribute(use_delay_pattern=False), ENGINE),
    defect(
        "delay-off-script",
        "delay-pattern",
        "attribute",
        c.attribute(use_delay_pattern=False),
        Request(script="generation-script", seed=2),
        reference="generation-script",
    ),
    defect("delay-twice", "delay-twice", "script", c.segments(c.delayed_already)),
    defect("delay-twice-subclass", "delay-twice", "wrapper", c.subclass(before=c.delayed_sample)),
    defect(
        "stream-ids-swapped", "stream-ids", "attribute", c.attribute(audio_stream_bos_id=1025, audio_stream_eos_id=1024)
    ),
    defect("stream-ids-engine", "stream-ids", "attribute", c.engine_attribute(audio_stream_eos_id=1024), ENGINE),
    defect("transform-off", "codes-transform-disabled", "attribute", c.attribute(disable_audio_codes_transform=True)),
    defect(
        "codebooks-4",
        "codebook-count",
        "argument",
        c.argument(audio_num_codebooks=4),
        why="the model's embedding raises on four rows",
    ),
    defect(
        "codebooks-sample-7",
        "codebook-count",
        "script",
        c.segments(c.fewer_codebooks(7)),
        acceptable=("collator.reference-codes-wrong",),
        why="seven rows in the sample are a wrong number of codebooks, and other codes than encoded",
    ),
    defect("codebooks-upside-down", "codebook-order", "script", c.segments(c.upside_down)),
    defect("codebooks-swapped", "codebook-order", "script", c.segments(c.swapped(1, 2))),
    Case(
        "collator.whisper-long",
        "defect",
        ("collator.whisper-forced",),
        "argument",
        (c.whisper(), c.waveforms(repeat=24)),
        SYSTEM,
        acceptable=("collator.waveforms-present",),
        also=EMPTY,
        why="beyond 30 s the placeholder is repeated for each piece, whatever the model reads",
    ),
]

SETTINGS = [
    Case(
        "collator.audio-in-tokens",
        "setting",
        ("collator.return-audio-in-tokens",),
        "attribute",
        (c.attribute(return_audio_in_tokens=True),),
        SYSTEM,
        why="with <|AUDIO|> in the prompt the flag keeps the reference that the engine loses",
    ),
    Case(
        "collator.reference-lost-by-engine",
        "limit",
        EMPTY,
        "argument",
        (),
        Request(prompt="system-voice", script="engine"),
        why="the engine hands no codes to <|AUDIO|>: the reference is a hole, in the reference profile too",
    ),
    Case(
        "collator.reference-lost-by-flag",
        "symptom",
        EMPTY,
        "attribute",
        (c.attribute(return_audio_in_tokens=False),),
        Request(prompt="system-voice", script="generation-script"),
        settings=("collator.return-audio-in-tokens",),
        reference="generation-script",
        why="here the reference profile keeps the reference, and the flag alone loses it",
    ),
]

HARMLESS = [
    harmless("trailing-start", "trailing-start", "script", c.starts(c.trailing_total)),
    harmless("waveforms", "waveforms-present", "script", c.waveforms()),
    harmless("waveform-rate", "waveform-rate", "script", c.waveforms(rate=48_000)),
    Case(
        "collator.whisper-short",
        "harmless",
        ("collator.whisper-forced",),
        "argument",
        (c.whisper(), c.waveforms()),
        Request(prompt="system-voice"),
        also=EMPTY,
        why="the model skips its audio tower: features of references up to 30 s are dead",
    ),
    Case(
        "collator.whisper-80-bins",
        "harmless",
        ("collator.whisper-mel-bins",),
        "argument",
        (c.whisper(80), c.waveforms()),
    ),
    harmless("pad-left-alone", "pad-side", "attribute", c.attribute(pad_left=True), why="nothing is padded at batch 1"),
    harmless("pad-token-alone", "pad-token", "attribute", c.attribute(pad_token_id=3), why="nothing is padded"),
    harmless(
        "round-to-2",
        "round-to",
        "attribute",
        c.attribute(round_to=2),
        Request(settings={"force_audio_gen": True}),
        why="the prompt is a multiple of two already",
    ),
    harmless(
        "audio-in-tokens-unread",
        "return-audio-in-tokens",
        "attribute",
        c.attribute(return_audio_in_tokens=True),
        why="no <|AUDIO|> in the prompt",
    ),
    harmless("delay-off-unread", "delay-pattern", "attribute", c.attribute(use_delay_pattern=False), PLAIN),
    harmless(
        "trailing-start-two",
        "trailing-start",
        "script",
        c.starts(c.trailing_total),
        Request(prompt="two-references"),
    ),
    harmless(
        "speaker-indices",
        "trailing-start",
        "script",
        c.sample(lambda made: _with_speakers(made)),
        why="no code reads speaker indices",
    ),
]


def _with_speakers(made: Any) -> Any:
    made.audio_speaker_indices = torch.tensor([0])
    return made


CASES = [*DEFECTS, *SETTINGS, *HARMLESS]
