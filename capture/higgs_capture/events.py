"""What the hooks saw, in the order in which it happened. Everything here is a copy."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Union

import numpy as np

from .tensors import Tensor

RELEASED_CODEBOOK_SIZE = 1024


@dataclass(frozen=True)
class Raised:
    """An exception that upstream's code raised: type name, message, and file:line of the last frame."""

    type: str
    message: str
    where: str

    def json(self) -> dict[str, str]:
        return {"type": self.type, "message": self.message, "where": self.where}


@dataclass(frozen=True)
class Site:
    """A place in the user's own code: file below its import path, line, its text, the function around it."""

    file: str
    line: int
    source: str
    function: str

    def json(self) -> dict[str, str | int]:
        return {"file": self.file, "line": self.line, "source": self.source, "function": self.function}


@dataclass
class PromptBuilt:
    """The ChatML sample that was turned into prompt ids."""

    messages: list[dict[str, Any]] | None = None
    """As plain data; None where text is not to be kept."""
    index: int | None = None
    """Which of the samples that the recorder kept this is; None where it keeps none."""


@dataclass
class Encoded:
    """One call of the codec's encode: codes [C, T] and, where it is known, the sound [N]."""

    codes: Tensor
    waveform: Tensor | None = None
    sample_rate: int | None = None
    site: Site | None = None


@dataclass
class Collated:
    """One call of the collator."""

    items: list[dict[str, Tensor]]
    knobs: dict[str, Any]
    batch: dict[str, Tensor] | None = None
    raised: Raised | None = None
    site: Site | None = None
    repaired: list[str] = field(default_factory=list)
    """Ids of the deviations that were repaired here."""
    built: bool = True
    """Whether `items` are samples that the pipeline built. The port builds none: its items hold the prompt and what
    says whose segments are whose."""


@dataclass
class AudioStep:
    """One call of the audio sampler: logits and scores [C, V], the column [C] after forcing."""

    column: Tensor
    num_delay: int | None
    """None where nothing counts it."""
    num_remaining_delays: int
    """-1 stands for None."""
    logits: Tensor | None = None
    """All of them; None where only the largest, or none, were to be kept."""
    scores: Tensor | None = None
    top: TopLogits | None = None
    token: int | None = None
    """The text id beside the column, where the loop has one for each."""


@dataclass
class TopLogits:
    """The largest logits of one step: ids [C, K] int64 and logits [C, K], largest first; what the rest adds up to as
    logsumexp over all [C]; and the logit [C] of the id in the column."""

    ids: Tensor
    logits: Tensor
    logsumexp: Tensor
    drawn_logit: Tensor


@dataclass
class TextStep:
    """One call of the text sampler; `first_column` [C] where it opened an audio segment."""

    token: int
    first_column: Tensor | None = None


@dataclass
class Generated:
    """One call of the model's generate."""

    batch: dict[str, Tensor]
    arguments: dict[str, Any]
    """Arguments that JSON can hold, as given."""
    effective: dict[str, Any] = field(default_factory=dict)
    """Values that the sampler then used."""
    steps: list[AudioStep | TextStep] = field(default_factory=list)
    segments: list[Tensor] | None = None
    text_ids: Tensor | None = None
    eos_ids: list[int] = field(default_factory=list)
    stop_ids: list[int] = field(default_factory=list)
    """Ids that are a whole stop string."""
    text: str | None = None
    raised: Raised | None = None
    site: Site | None = None
    repaired: list[str] = field(default_factory=list)
    """Ids of the deviations that were repaired here."""
    row: int = 0
    """Which row of the batch this is; each has its own event."""

    @property
    def reference_columns(self) -> Tensor:
        """The delayed columns [C, R] of the conditioning audio in the batch."""
        if "audio_out_ids" in self.batch:
            return self.batch["audio_out_ids"]
        given = self.batch.get("audio_input_ids")
        if given is None or given.data is None:
            return Tensor("int64", np.zeros((0, 0), dtype="<i8"))
        return Tensor(given.dtype, np.ascontiguousarray(given.data[self.row].T))

    @property
    def is_finished(self) -> bool:
        """Whether it returned or raised."""
        return self.segments is not None or self.raised is not None

    @property
    def audio_steps(self) -> list[AudioStep]:
        return [step for step in self.steps if isinstance(step, AudioStep)]


@dataclass
class Reverted:
    """One call of revert_delay_pattern: [C, L] to [C, L-C+1]."""

    input: Tensor
    output: Tensor | None = None
    raised: Raised | None = None
    site: Site | None = None
    knobs: dict[str, Any] = field(default_factory=dict)
    """Knobs of the tokens stage that the code around this call is known by."""


@dataclass
class Decoded:
    """One call of the codec's decode: codes [C, T] to waveform [N]."""

    codes: Tensor
    waveform: Tensor | None = None
    raised: Raised | None = None
    site: Site | None = None
    repaired: list[str] = field(default_factory=list)
    """Ids of the deviations that were repaired here."""


@dataclass
class Written:
    """A sound file, as read back: samples [N] or [N, channels]."""

    file: str
    sample_rate: int
    subtype: str
    samples: Tensor
    site: Site | None = None
    repaired: list[str] = field(default_factory=list)
    """Ids of the deviations that were repaired here."""


Event = Union[PromptBuilt, Encoded, Collated, Generated, Reverted, Decoded, Written]


@dataclass
class Surroundings:
    """What was read once from the live objects."""

    model_config: dict[str, Any] | None = None
    codec_config: dict[str, Any] | None = None
    tokens: dict[str, Any] = field(default_factory=dict)
    provenance: dict[str, Any] = field(default_factory=dict)
    placements: dict[str, dict[str, str]] = field(default_factory=dict)
    """Device and dtype of "model" and "codec" when they were last used."""
    checkpoints: dict[str, dict[str, Any]] = field(default_factory=dict)
    codec_weights: dict[str, Tensor] | None = None

    folder: str = "."
    """The working folder of the process that was observed: paths as given start there."""

    def take(self, later: dict[str, Any]) -> None:
        """Takes over later facts; dictionaries are put together, those of checkpoints field by field."""
        for name, item in later.items():
            before = getattr(self, name)
            if name == "checkpoints":
                for checkpoint, facts in item.items():
                    before.setdefault(checkpoint, {}).update(facts)
            elif name in ("tokens", "placements"):
                before.update(item)
            else:
                setattr(self, name, item)

    @property
    def codebook_size(self) -> int:
        """Codes of one codebook; the released model's where no model was seen."""
        config = self.model_config or {}
        if "audio_delay_token_id" in config and "codebook_size" in config:
            # The port counts the two special ids in.
            return int(config["codebook_size"]) - 2
        return int(config.get("audio_codebook_size", RELEASED_CODEBOOK_SIZE))


@dataclass
class HookLog:
    """Hooks by name: where each was installed, how often it was called, why it failed."""

    installed: dict[str, str] = field(default_factory=dict)
    called: dict[str, int] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)

    def json(self) -> dict[str, Any]:
        return {"installed": self.installed, "called": self.called, "failed": self.failed}

    def take(self, other: HookLog) -> None:
        """Adds what another process noted; of a hook that failed in several the first reason stays."""
        self.installed.update(other.installed)
        for name, count in other.called.items():
            self.called[name] = self.called.get(name, 0) + count
        for name, message in other.failed.items():
            self.failed.setdefault(name, message)


@dataclass
class ScriptOutcome:
    """How the observed script ended."""

    argv: list[str] = field(default_factory=list)
    exit_status: int | None = 0
    """None where nobody saw the end."""
    signal: int | None = None
    traceback: str | None = None

    def json(self) -> dict[str, Any]:
        return {
            "argv": self.argv,
            "exit_status": self.exit_status,
            "signal": self.signal,
            "traceback": self.traceback,
        }


@dataclass
class Recording:
    """Everything that one run of a script left behind."""

    streams: list[list[Event]] = field(default_factory=list)
    """What each process saw, in the order in which they began."""
    surroundings: Surroundings = field(default_factory=Surroundings)
    hooks: HookLog = field(default_factory=HookLog)
    script: ScriptOutcome = field(default_factory=ScriptOutcome)

    @property
    def events(self) -> list[Event]:
        """What all processes saw, one process after the other."""
        return [event for stream in self.streams for event in stream]
