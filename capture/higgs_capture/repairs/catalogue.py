"""Which deviations can be repaired at a hook, and why the others cannot. Ids are those of docs/faults.md."""

from __future__ import annotations

from collections.abc import Iterable

SAMPLE = (
    "collator.surplus-placeholder",
    "collator.missing-generation-prompt",
    "collator.missing-audio-out-bos",
    "collator.trailing-start",
    "collator.starts-wrong",
    "collator.waveforms-present",
    "collator.waveform-rate",
    "collator.reference-codes-wrong",
    "collator.delay-twice",
    "collator.codebook-order",
)
"""Repaired in the sample that the collator is given."""
FLAGS = (
    "collator.round-to",
    "collator.return-audio-in-tokens",
    "collator.pad-side",
    "collator.pad-token",
    "collator.delay-pattern",
    "collator.stream-ids",
    "collator.codes-transform-disabled",
    "collator.codebook-count",
    "collator.whisper-forced",
)
"""Repaired in the collator's own settings, for the time of its call; the fill of a prompt that somebody else padded is
cut off in what `generate` is given, and codes are taken from the codec where the sample has fewer."""
ARGUMENTS = (
    "generation.temperature",
    "generation.top-p",
    "generation.top-k",
    "generation.do-sample",
    "generation.ras-window",
    "generation.ras-max-repeat",
    "generation.stop-strings",
    "generation.budget",
)
"""Repaired in what `generate` is given."""
STEPS = ("generation.first-frame", "generation.delay-ramp", "generation.eos-ramp")
"""Repaired by running upstream's step in the place of the one that overrides it."""
CODES = (
    "tokens.no-revert",
    "tokens.revert-twice",
    "tokens.no-strip",
    "tokens.ramp-dropped",
    "tokens.strip-one-side",
    "tokens.strip-guard",
    "tokens.strip-valid-frame",
    "tokens.special-inside",
    "tokens.no-clip",
    "tokens.clip-bound",
    "tokens.wrap",
    "tokens.codebook-order",
    "tokens.codebook-count",
    "tokens.transposed",
    "tokens.joined-segments",
)
"""Repaired at the codec, which is given upstream's codes of the generated stream."""
SOUND = ("decode.chunked",)
"""Repaired in what the codec returns."""
WRITING = (
    "decode.output-scale",
    "decode.int16-wrap",
    "decode.sample-rate",
    "decode.trimmed",
    "decode.pcm-floor",
)
"""Repaired in what the writer of the file is given."""
REPAIRABLE = (*SAMPLE, *FLAGS, *ARGUMENTS, *STEPS, *CODES, *SOUND, *WRITING)

_SYMPTOM = "it is a symptom: repair the cause that it is listed under"
_HARMLESS = "it has no effect, so there is nothing to hear"
NOT_AT_A_HOOK = {
    "collator.missing-placeholder": "where in the conversation the reference belongs is for its author to say",
    "collator.reference-not-conditioned": _SYMPTOM,
    "collator.whisper-mel-bins": "it needs another Whisper processor than the one that was loaded",
    "generation.parameters-ignored": "they are lost in code between the call and the sampler; pass them on there",
    "generation.eos-starved": _SYMPTOM,
    "generation.runaway": _SYMPTOM,
    "generation.no-audio": "apply collator.missing-audio-out-bos, which forces audio generation",
    "generation.token-out-of-range": "what drew such an id is not known; upstream's sampler cannot",
    "generation.low-diversity": _SYMPTOM,
    "generation.forward": "other weights, precision or attention are not to be had at a hook",
    "tokens.chunked-revert": "chunks are decoded one by one, and the columns between them were never handed on",
    "tokens.clip-order": _HARMLESS,
    "tokens.strip-before-revert": _HARMLESS,
    "tokens.eos-check-after-clip": _HARMLESS,
    "decode.precision": "what rounding took from the codec's weights is not in the process; load it in float32",
    "decode.nonfinite": "the codec's own sound holds them, and there is no other; look at its input",
    "decode.quantizers": "the codec itself leaves quantizers out; no argument of its decode brings them back",
    "decode.weight-norm": "the codec's weights as they should be are not in the process",
    "decode.weights": "the codec's weights as they should be are not in the process",
}


def refusal(ids: Iterable[str]) -> str | None:
    """One sentence about the first id that cannot be applied; None if all can."""
    for name in ids:
        if name in NOT_AT_A_HOOK:
            return f"--apply {name}: cannot be repaired while the script runs: {NOT_AT_A_HOOK[name]}"
        if name not in REPAIRABLE:
            close = [known for known in REPAIRABLE if known.rpartition(".")[2] == name.rpartition(".")[2]]
            hint = f"; did you mean {close[0]}?" if close else "; docs/faults.md lists the ids"
            return f"--apply {name}: is no id of the catalogue{hint}"
    return None
