"""Cases of the tokens stage."""

from __future__ import annotations

from typing import Any

from ..case import Case, Request
from ..plants import generation as g
from ..plants import tokens as t

CLONE = Request()
ENGINE = Request(script="engine")
HIGH = Request(sentence=1, voice="high", seed=3)
SEGMENTS = Request(prompt="two-segments")
SCRIPT = Request(script="generation-script")
SPECIAL = g.head(g.eos_at(45, (2, 5)))
"""EOS in codebooks 2 and 5 at one step: upstream counts from 2, and the other stays inside the stream."""
INSIDE = ("tokens.special-inside",)
CUT_OFF = ("tokens.strip-valid-frame", "generation.budget")


def own(name: str, id: str, cut: t.Cut, request: Request = CLONE, **more: Any) -> Case:
    return Case(f"tokens.{name}", "defect", (f"tokens.{id}",), "script", (t.own_cut(cut),), request, **more)


def after(name: str, id: str, change: t.Cut, request: Request = CLONE, **more: Any) -> Case:
    return Case(f"tokens.{name}", "defect", (f"tokens.{id}",), "script", (t.after_cut(change),), request, **more)


DEFECTS = [
    own("no-revert", "no-revert", t.no_revert),
    own("no-revert-segments", "no-revert", t.no_revert, SEGMENTS),
    Case(
        "tokens.no-revert-engine",
        "defect",
        ("tokens.no-revert",),
        "monkeypatch",
        (t.engine_revert(lambda _: lambda d: d),),
        ENGINE,
    ),
    own("revert-twice", "revert-twice", t.revert_twice),
    Case(
        "tokens.revert-twice-engine",
        "defect",
        ("tokens.revert-twice",),
        "monkeypatch",
        (t.engine_revert(lambda once: lambda delayed: once(once(delayed))),),
        Request(sentence=2, voice="high", script="engine"),
    ),
    own("chunked-revert", "chunked-revert", t.chunked_revert(16)),
    own("chunked-revert-30", "chunked-revert", t.chunked_revert(30), HIGH),
    own("no-strip", "no-strip", t.no_strip),
    own("no-strip-segments", "no-strip", t.no_strip, SEGMENTS),
    own("no-strip-plain", "no-strip", t.no_strip, Request(prompt="plain", sentence=2, seed=9)),
    own("no-strip-script", "no-strip", t.no_strip, SCRIPT, reference="generation-script"),
    Case(
        "tokens.no-strip-second",
        "defect",
        ("tokens.no-strip",),
        "script",
        (t.second_request(2, t.no_strip),),
        CLONE,
        why="two requests in one recording; only the second is cut wrongly",
    ),
    own("strip-first-only", "strip-one-side", t.strip(slice(1, None))),
    own("strip-last-only", "strip-one-side", t.strip(slice(None, -1)), HIGH),
    own(
        "strip-guard",
        "strip-guard",
        t.strip_guard(50),
        SEGMENTS,
        why="the guard skips the second segment, of 46 columns, and not the first, of 52",
    ),
    own(
        "strip-guard-one",
        "strip-guard",
        t.strip_guard(64),
        acceptable=("tokens.no-strip",),
        why="with one segment that the guard skips, the guard and no strip at all are the same",
    ),
    own("ramp-dropped", "ramp-dropped", t.ramp_dropped),
    own("ramp-searched", "ramp-dropped", t.ramp_searched, HIGH),
    Case(
        "tokens.no-clip", "defect", ("tokens.no-clip",), "script", (SPECIAL, t.own_cut(t.no_clip)), CLONE, also=INSIDE
    ),
    own("clip-511", "clip-bound", t.clip_to(511)),
    own("clip-895", "clip-bound", t.clip_to(895), HIGH, why="quantizer_dim - 1 where D is 128"),
    Case(
        "tokens.clip-engine",
        "defect",
        ("tokens.clip-bound",),
        "attribute",
        (t.engine_attribute("audio_codebook_size", 1000),),
        ENGINE,
    ),
    Case(
        "tokens.clip-codec",
        "defect",
        ("tokens.clip-bound",),
        "script",
        (SPECIAL, t.clip_to_codec),
        CLONE,
        acceptable=("tokens.no-clip",),
        also=INSIDE,
        why="the codec's quantiser is wider than the codebook: 1025 passes, as without a clip, and raises",
    ),
    Case("tokens.wrap", "defect", ("tokens.wrap",), "script", (SPECIAL, t.own_cut(t.wrap)), CLONE, also=INSIDE),
    Case(
        "tokens.zeroed",
        "defect",
        ("tokens.wrap",),
        "script",
        (g.head(g.eos_at(40, (1, 6))), t.own_cut(t.zero_specials)),
        Request(voice="high", seed=2),
        also=INSIDE,
    ),
    after("upside-down", "codebook-order", t.rows([7, 6, 5, 4, 3, 2, 1, 0])),
    after("swapped", "codebook-order", t.rows([0, 2, 1, 3, 4, 5, 6, 7]), HIGH),
    after("seven-codebooks", "codebook-count", t.rows([0, 1, 2, 3, 4, 5, 6])),
    after("four-codebooks", "codebook-count", t.rows([0, 1, 2, 3]), SEGMENTS),
    after("transposed", "transposed", t.memory_transposed),
    after(
        "turned", "transposed", t.turned, HIGH, why="the codec looks for codebooks that it does not have, and raises"
    ),
]

OTHERS = [
    Case("tokens.joined", "setting", ("tokens.joined-segments",), "script", (t.joined,), SEGMENTS),
    Case(
        "tokens.special-inside",
        "limit",
        ("tokens.special-inside",),
        "weights",
        (SPECIAL,),
        ENGINE,
        why="two EOS in one step: upstream's own clip hides the second",
    ),
    Case(
        "tokens.valid-frame",
        "symptom",
        ("generation.budget",),
        "argument",
        (),
        Request(sentence=2, settings={"max_new_tokens": 40}),
        also=CUT_OFF,
        why="upstream's strip takes the last valid frame of a stream that the limit ended",
    ),
    Case("tokens.clip-first", "harmless", ("tokens.clip-order",), "script", (t.own_cut(t.clip_first),)),
    Case(
        "tokens.strip-first", "harmless", ("tokens.strip-before-revert",), "script", (t.own_cut(t.strip_before_revert),)
    ),
    Case("tokens.late-check", "harmless", ("tokens.eos-check-after-clip",), "script", (t.own_cut(t.late_eos_check),)),
    Case("tokens.no-clip-clean", "harmless", ("tokens.no-clip",), "script", (t.own_cut(t.no_clip),)),
    Case("tokens.wrap-clean", "harmless", ("tokens.wrap",), "script", (t.own_cut(t.wrap),)),
    Case("tokens.zeroed-clean", "harmless", ("tokens.wrap",), "script", (t.own_cut(t.zero_specials),)),
    Case("tokens.clip-1087-clean", "harmless", ("tokens.clip-bound",), "script", (t.clip_to_codec,)),
    Case("tokens.guard-unmet", "harmless", ("tokens.strip-guard",), "script", (t.own_cut(t.strip_guard(2)),)),
    Case("tokens.joined-one", "harmless", ("tokens.joined-segments",), "script", (t.joined,)),
]

CASES = [*DEFECTS, *OTHERS]
