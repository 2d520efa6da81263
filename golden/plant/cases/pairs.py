"""Two faults in one recording."""

from __future__ import annotations

from typing import Any

from ..case import Case, both
from ..plants.tokens import clip_and_strip, own_cut
from . import collator, decode, generation, tokens

_SINGLES = {case.name: case for module in (collator, generation, tokens, decode) for case in module.CASES}


def pair(name: str, first: str, second: str, **changes: Any) -> Case:
    """The first case's request with both cases' faults."""
    return both(f"pair.{name}", _SINGLES[first], _SINGLES[second], **changes)


CASES = [
    # In different stages
    pair("delay-off-and-no-strip", "collator.delay-off", "tokens.no-strip"),
    pair("surplus-and-swapped", "collator.surplus-placeholder-hidden", "tokens.swapped"),
    pair("codes-and-chunks", "collator.codes-off-by-one", "decode.chunks-10"),
    pair("starts-and-scale", "collator.starts-late", "decode.scaled-down"),
    pair("stream-ids-and-parameters", "collator.stream-ids-swapped", "generation.parameters-raw"),
    pair("placeholder-and-rate", "collator.missing-placeholder", "decode.rate-16000"),
    pair("first-frame-and-revert", "generation.first-frame-drawn", "tokens.no-revert"),
    pair("parameters-and-quantizers", "generation.parameters-patched-away", "decode.quantizers-4"),
    pair("ramp-and-trimmed", "generation.stops-at-once", "decode.trimmed"),
    pair("clip-and-rate", "tokens.clip-511", "decode.rate-44100"),
    pair("twice-and-normalised", "tokens.revert-twice", "decode.peak-normalised"),
    pair("seven-and-limiter", "tokens.seven-codebooks", "decode.limiter"),
    pair("order-and-strip", "collator.codebooks-upside-down", "tokens.strip-first-only"),
    # In one stage
    pair(
        "delay-and-stream-ids",
        "collator.delay-off",
        "collator.stream-ids-swapped",
        truth=("collator.delay-pattern", "collator.stream-ids"),
    ),
    pair("starts-and-codes", "collator.starts-late", "collator.codes-rounded"),
    pair("frame-and-parameters", "generation.parameters-raw", "generation.first-frame-drawn"),
    pair("no-strip-and-order", "tokens.no-strip", "tokens.swapped"),
    pair("strip-and-clip", "tokens.strip-first-only", "tokens.clip-511", plants=(own_cut(clip_and_strip),)),
    pair("quantizers-and-rate", "decode.quantizers-4", "decode.rate-16000"),
    pair("scale-and-trimmed", "decode.half-volume", "decode.padded"),
    pair("chunks-and-rate", "decode.chunks-10", "decode.rate-44100"),
    pair("chunks-and-half-volume", "decode.chunks-left-context", "decode.half-volume"),
    pair("chunks-and-scale", "decode.decoder-in-chunks", "decode.scaled-in-codec"),
    pair("quantizers-and-inverted", "decode.quantizers-loop", "decode.inverted"),
]
