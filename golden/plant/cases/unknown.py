"""Faults that the catalogue does not know. The right answer is that the stage is not explained."""

from __future__ import annotations

from typing import Any

import torch

from ..case import Case, Idiom, Plant, Request
from ..plants import collator as c
from ..plants import decode as d
from ..plants import generation as g
from ..plants import sampler
from ..plants import tokens as t

CLONE = Request()
ENGINE = Request(script="engine")
HIGH = Request(sentence=1, voice="high", seed=3)


def unknown(stage: str, name: str, idiom: Idiom, plant: Plant, request: Request = CLONE, **more: Any) -> Case:
    return Case(f"unknown.{stage}-{name}", "unexplained", (f"{stage}.unexplained",), idiom, (plant,), request, **more)


CASES = [
    unknown("collator", "codebook-3-off", "wrapper", c.subclass(after=c.third_codebook_off)),
    unknown("collator", "token-replaced", "wrapper", c.subclass(after=c.token_replaced), ENGINE),
    unknown("collator", "rolled", "wrapper", c.subclass(after=c.reference_rolled), HIGH),
    unknown(
        "collator", "attention-gap", "wrapper", c.subclass(after=c.attention_gap), Request(prompt="plain", sentence=1)
    ),
    unknown(
        "collator",
        "text-for-reference",
        "wrapper",
        c.subclass(after=c.text_for_reference),
        also=("collator.reference-not-conditioned",),
    ),
    unknown("generation", "ids-suppressed", "sampler", g.own(scores_of=g.suppressing([17, 400, 801]))),
    unknown("generation", "biased", "sampler", g.own(sampler.instance, scores_of=g.low_codes_favoured), HIGH),
    unknown("generation", "permuted", "sampler", g.own(after_draw=g.permuted), also=("tokens.special-inside",)),
    unknown(
        "generation",
        "min-p",
        "argument",
        g.setting(min_p=0.4),
        why="an argument of generate that the catalogue does not know",
    ),
    unknown("tokens", "other-shift", "script", t.own_cut(t.shifted_the_other_way)),
    unknown("tokens", "sorted", "script", t.after_cut(t.sorted_in_time)),
    unknown("tokens", "backwards", "script", t.after_cut(t.backwards), HIGH),
    unknown("tokens", "every-tenth-dropped", "script", t.after_cut(t.every_tenth_dropped)),
    unknown(
        "tokens",
        "frozen-codebook",
        "script",
        t.after_cut(t.frozen_codebook),
        Request(prompt="plain", sentence=2),
        also=("generation.low-diversity",),
    ),
    unknown("tokens", "doubled-frames", "script", t.after_cut(t.doubled_frames)),
    unknown("decode", "moving-average", "script", d.before_writing(d.moving_average(9))),
    unknown("decode", "backwards", "script", d.before_writing(d.backwards), HIGH),
    unknown("decode", "hiss", "wrapper", d.wrapped_codec(d.hiss)),
    unknown("decode", "tanh", "wrapper", d.codec_output(lambda w: torch.tanh(4 * w)), ENGINE),
    unknown(
        "decode", "through-8000", "script", d.before_writing(d.resampled_twice), Request(prompt="plain", sentence=1)
    ),
]
