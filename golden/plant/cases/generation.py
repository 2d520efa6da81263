"""Cases of the generation stage."""

from __future__ import annotations

from typing import Any

from ..case import Case, Idiom, Plant, Request
from ..plants import generation as g
from ..plants import sampler

CLONE = Request()
ENGINE = Request(script="engine")
HIGH = Request(sentence=1, voice="high", seed=3)
INSIDE = ("tokens.special-inside",)
CUT_OFF = ("tokens.strip-valid-frame",)
ENDLESS = ("generation.budget", "generation.eos-starved", "generation.runaway", "generation.low-diversity", *CUT_OFF)
HELD = g.head(g.stuck(20, 26))
"""Six steps of the same confident logits, whatever the sampler then does."""


def with_settings(**settings: Any) -> Request:
    return Request(settings=settings)


def setting(name: str, id: str, request: Request, *also: str, **more: Any) -> Case:
    return Case(f"generation.{name}", "setting", (f"generation.{id}",), "argument", (), request, also=also, **more)


def defect(name: str, id: str, idiom: Idiom, plant: Plant, request: Request = CLONE, **more: Any) -> Case:
    return Case(f"generation.{name}", "defect", (f"generation.{id}",), idiom, (plant,), request, **more)


SETTINGS = [
    setting("temperature-0.3", "temperature", with_settings(temperature=0.3)),
    setting("temperature-1", "temperature", with_settings(temperature=1.0)),
    setting("temperature-1.5", "temperature", Request(script="engine", settings={"temperature": 1.5}), *INSIDE),
    setting(
        "greedy",
        "do-sample",
        Request(script="engine", settings={"temperature": 0.0}),
        "generation.temperature",
        "generation.top-p",
    ),
    setting("top-p-0.8", "top-p", with_settings(top_p=0.8)),
    setting("top-p-1", "top-p", with_settings(top_p=1.0)),
    setting("top-k-5", "top-k", with_settings(top_k=5)),
    Case(
        "generation.ras-off",
        "setting",
        ("generation.ras-window",),
        "argument",
        (HELD,),
        with_settings(ras_win_len=None),
        why="six columns of the same codes: the reference would have drawn some of them again",
    ),
    Case(
        "generation.ras-max-repeat-5",
        "setting",
        ("generation.ras-max-repeat",),
        "argument",
        (HELD,),
        Request(script="engine", settings={"ras_win_max_num_repeat": 5}),
        why="the same columns, of which the reference would have drawn more again",
    ),
]

DEFECTS = [
    defect("parameters-patched-away", "parameters-ignored", "monkeypatch", g.no_processors),
    defect("parameters-fixed", "parameters-ignored", "monkeypatch", g.fixed_processors(1.4, 200), HIGH),
    defect("parameters-raw", "parameters-ignored", "sampler", g.own(scores_of=g.raw_scores)),
    defect("parameters-hot", "parameters-ignored", "sampler", g.own(sampler.instance, scores_of=g.hot_scores), HIGH),
    defect("first-frame-drawn", "first-frame", "wrapper", g.first_frame(g.drawn_frame)),
    defect("first-frame-zeros", "first-frame", "wrapper", g.first_frame(g.zero_frame), HIGH),
    defect("first-frame-half", "first-frame", "wrapper", g.first_frame(g.half_bos_frame), ENGINE),
    defect("no-bos-ramp", "delay-ramp", "sampler", g.own(bos_ramp=False), also=INSIDE),
    defect("no-bos-ramp-patched", "delay-ramp", "sampler", g.own(sampler.patch, bos_ramp=False), HIGH, also=INSIDE),
    defect("stops-at-once", "eos-ramp", "sampler", g.own(eos_ramp="at-once"), also=(*INSIDE, *CUT_OFF)),
    Case(
        "generation.waits-for-codebook-0",
        "defect",
        ("generation.eos-ramp",),
        "sampler",
        (g.head(g.eos_at(45, (2,))), g.own(eos_ramp="codebook-0")),
        also=(*INSIDE, *ENDLESS),
        why="codebook 2 says EOS first; upstream counts from it, this one waits",
    ),
    Case(
        "generation.no-eos-ramp",
        "defect",
        ("generation.eos-ramp",),
        "sampler",
        (g.head(g.eos_at(40, (3,))), g.own(sampler.instance, eos_ramp="none")),
        HIGH,
        also=(*INSIDE, *ENDLESS),
        why="ends only where all codebooks say EOS at once",
    ),
    defect(
        "stops-at-once-instance",
        "eos-ramp",
        "sampler",
        g.own(sampler.instance, eos_ramp="at-once"),
        HIGH,
        also=(*INSIDE, *CUT_OFF),
    ),
    defect("flat-ids", "token-out-of-range", "wrapper", g.around(g.flat_ids)),
    defect("id-1030", "token-out-of-range", "wrapper", g.around(g.beyond(0, 6)), HIGH, also=INSIDE),
    Case(
        "generation.forward-perturbed",
        "defect",
        ("generation.forward",),
        "weights",
        (g.perturbed(0.05),),
        Request(seed=0),
        arguments=("--against", "clean-000.h5"),
        why="the same request as clean-000, with another layer 1",
    ),
]

SYMPTOMS = [
    Case(
        "generation.budget-30",
        "symptom",
        ("generation.budget",),
        "argument",
        (),
        with_settings(max_new_tokens=30),
        also=CUT_OFF,
    ),
    Case(
        "generation.budget-segments",
        "symptom",
        ("generation.budget",),
        "argument",
        (),
        Request(prompt="two-segments", script="engine", settings={"max_new_tokens": 90}),
        also=CUT_OFF,
    ),
    Case(
        "generation.budget-9",
        "symptom",
        ("generation.budget",),
        "argument",
        (),
        with_settings(max_new_tokens=10),
        also=("tokens.strip-guard", *CUT_OFF),
        why="nine delayed columns are cut to none: upstream's codec raises",
    ),
    Case(
        "generation.eos-starved",
        "symptom",
        ("generation.budget", "generation.eos-starved"),
        "weights",
        (g.head(g.without_eos),),
        with_settings(max_new_tokens=160),
        also=ENDLESS,
    ),
    Case(
        "generation.runaway",
        "symptom",
        ("generation.runaway",),
        "weights",
        (g.head(g.eos_not_before(500)),),
        with_settings(max_new_tokens=900),
        also=("generation.low-diversity", *INSIDE),
    ),
    Case(
        "generation.no-audio",
        "symptom",
        ("generation.no-audio",),
        "weights",
        (g.text_head_without("<|audio_out_bos|>", "<|AUDIO_OUT|>"),),
        with_settings(max_new_tokens=30),
        also=("generation.budget", "collator.missing-audio-out-bos"),
    ),
    Case(
        "generation.low-diversity",
        "symptom",
        ("generation.budget", "generation.low-diversity"),
        "weights",
        (g.head(g.stuck(12, 300)),),
        with_settings(max_new_tokens=200, ras_win_len=None),
        settings=("generation.ras-window",),
        also=ENDLESS,
    ),
]

HARMLESS = [
    Case(
        "generation.stop-after-first",
        "harmless",
        ("generation.stop-strings",),
        "argument",
        (),
        Request(prompt="two-segments", settings={"stop_strings": ["<|audio_eos|>", "<|eot_id|>"]}),
        why="the second segment is never spoken, which only a new run shows: no recorded tensor is another",
    ),
    Case(
        "generation.audio-eos-stops",
        "harmless",
        ("generation.stop-strings",),
        "argument",
        (),
        with_settings(stop_strings=["<|audio_eos|>", "<|end_of_text|>", "<|eot_id|>"]),
        why="one segment: the text behind it is not live",
    ),
    Case(
        "generation.ras-off-unmet",
        "harmless",
        ("generation.ras-window",),
        "argument",
        (),
        with_settings(ras_win_len=None),
        why="no live cell repeats within the window; only random numbers were drawn for others",
    ),
    Case(
        "generation.ras-max-repeat-1-unmet",
        "harmless",
        ("generation.ras-max-repeat",),
        "argument",
        (),
        Request(script="engine", settings={"ras_win_max_num_repeat": 1}),
        settings=("generation.ras-max-repeat",),
        why="no live cell holds what the reference would have drawn again, or could not give",
    ),
    Case(
        "generation.own-machine",
        "clean",
        (),
        "sampler",
        (g.own(),),
        CLONE,
        why="upstream's state machine, written again",
    ),
    Case(
        "generation.forced-audio",
        "clean",
        (),
        "argument",
        (),
        Request(script="engine", settings={"force_audio_gen": True}),
    ),
    Case("generation.seed-none", "clean", (), "argument", (), Request(seed=None)),
]

CASES = [*SETTINGS, *DEFECTS, *SYMPTOMS, *HARMLESS]
