"""Sorts what the hooks saw into requests: which encode, revert, decode and file belongs to which prompt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .chunks import joined
from .events import (
    AudioStep,
    Collated,
    Decoded,
    Encoded,
    Event,
    Generated,
    PromptBuilt,
    Reverted,
    Site,
    Written,
)
from .tensors import Tensor


@dataclass
class Request:
    """One request: it begins at a collator call, or at `generate` where no collator call fits."""

    collated: Collated | None = None
    encoded: list[list[Encoded]] = field(default_factory=list)
    """Per item of the collator's batch: the segments as encoded, in prompt order."""
    prompt: PromptBuilt | None = None
    sample: Any = None
    """The ChatML sample itself, where the recorder kept a copy of it."""
    generated: Generated | None = None
    reverts: list[Reverted] = field(default_factory=list)
    decodes: list[Decoded] = field(default_factory=list)
    written: list[Written] = field(default_factory=list)

    def decode_calls(self, codebook_size: int) -> list[Decoded]:
        """The decode calls, with those that cut one segment joined."""
        return joined(self.decodes, self.segments, codebook_size, self.sound_written)

    @property
    def sites(self) -> dict[str, Site]:
        """Where the user's own code first called each stage, as far as it did itself."""
        calls: dict[str, Sequence[Any]] = {
            "collator": [self.collated],
            "generate": [self.generated],
            "revert": self.reverts,
            "encode": [segment for item in self.encoded for segment in item],
            "decode": self.decodes,
            "write": self.written,
        }
        firsts = {name: next((call for call in found if call is not None), None) for name, found in calls.items()}
        return {name: call.site for name, call in firsts.items() if call is not None and call.site is not None}

    @property
    def repaired(self) -> list[str]:
        """Ids of the deviations that were repaired while this request went on, in the order of its stages."""
        calls = [self.collated, self.generated, *self.decodes, *self.written]
        return list(dict.fromkeys(name for call in calls if call is not None for name in call.repaired))

    @property
    def sound_written(self) -> np.ndarray | None:
        """The last file's samples [N], full scale 1; None without a file of one channel."""
        if not self.written or len(self.written[-1].samples.shape) != 1:
            return None
        samples = self.written[-1].samples
        return samples.values / 2.0**31 if samples.dtype == "int32" else samples.values

    @property
    def segments(self) -> list[Tensor]:
        """Delayed segments [C, L] as `generate` returned them, or put together from its steps."""
        if self.generated is None:
            return []
        if self.generated.segments is not None:
            return self.generated.segments
        return segments_of_steps(self.generated)


def requests_of_processes(streams: Sequence[Sequence[Event]]) -> list[Request]:
    """The requests of a run of several processes. A batch that one process collated and another one generated from
    is one request."""
    found = [request for stream in streams for request in requests(stream)]
    for request in [r for r in found if r.collated is None and r.generated is not None]:
        event = request.generated
        giver = _same_ids(event, [r for r in found if r.generated is None and r.collated is not None])
        if giver is not None:
            request.collated, request.encoded, request.prompt = giver.collated, giver.encoded, giver.prompt
            found = [other for other in found if other is not giver]
    return found


def requests(events: Sequence[Event]) -> list[Request]:
    """The requests of a run, in the order in which they began."""
    found: list[Request] = []
    known: list[Encoded] = []
    pending: list[Encoded] = []
    prompts: list[PromptBuilt] = []
    current: Request | None = None
    for event in events:
        if isinstance(event, PromptBuilt):
            prompts.append(event)
        elif isinstance(event, Encoded):
            pending.append(event)
            known.append(event)
        elif isinstance(event, Collated):
            current = Request(collated=event, encoded=_segments_of_items(event, pending, known))
            if prompts:
                current.prompt = prompts[-1]
            pending, prompts = [], []
            found.append(current)
        elif isinstance(event, Generated):
            current = _request_of_generate(event, found)
            if current is None:
                # No collator was seen: what was encoded since the last request is what this prompt refers to.
                current = Request(encoded=[pending] if pending else [])
                pending = []
                found.append(current)
            current.generated = event
        elif isinstance(event, Reverted):
            current = _request_of_revert(event, found, current)
            if current is not None:
                current.reverts.append(event)
        elif isinstance(event, Written):
            request = _request_of_sound(event, found, current)
            if request is not None:
                request.written.append(event)
        elif current is not None and isinstance(event, Decoded):
            current.decodes.append(event)
    return found


def _request_of_generate(event: Generated, found: list[Request]) -> Request | None:
    """The first waiting request with the same ids, else the last waiting one."""
    waiting = [r for r in found if r.generated is None and r.collated is not None and r.collated.raised is None]
    return _same_ids(event, waiting) or (waiting[-1] if waiting else None)


def _same_ids(event: Generated, waiting: list[Request]) -> Request | None:
    for request in waiting:
        batch = request.collated.batch if request.collated else None
        if batch is not None and batch["input_ids"].equals(event.batch["input_ids"]):
            return request
    return None


def _request_of_revert(event: Reverted, found: list[Request], current: Request | None) -> Request | None:
    """The request that generated this very segment, or one that it is a stretch of, and has not reverted it yet; else
    the current one."""
    for request in ([current] if current else []) + found:
        fresh = [s for s in request.segments if _is_stretch(event.input, s)]
        seen = [r for r in request.reverts if r.input.equals(event.input)]
        if len(fresh) > len(seen):
            return request
    return current


def _is_stretch(part: Tensor, whole: Tensor) -> bool:
    """Whether one tensor [C, L] is some of the columns of another one, in a row."""
    if part.equals(whole):
        return True
    if part.data is None or whole.data is None or part.data.ndim != 2 or part.data.shape[1] == 0:
        return False
    (rows, length), room = part.data.shape, whole.data.shape[-1] - part.data.shape[1] + 1
    if whole.data.ndim != 2 or whole.data.shape[0] != rows or room < 1:
        return False
    starts = np.flatnonzero((whole.data[:, :room] == part.data[:, :1]).all(axis=0))
    return any(np.array_equal(whole.data[:, start : start + length], part.data) for start in starts)


def _request_of_sound(event: Written, found: list[Request], current: Request | None) -> Request | None:
    """The request whose last sound this is and that was not written yet, where the current one's is another."""
    for request in ([current] if current else []) + found:
        if not request.written and request.decodes and _is_sound(event, request.decodes[-1].waveform):
            return request
    return current


def _is_sound(event: Written, waveform: Tensor | None) -> bool:
    """Whether a file holds a waveform [N], as far as its samples can."""
    if waveform is None or waveform.data is None or event.samples.shape != waveform.shape:
        return False
    samples = event.samples.values / 2.0**31 if event.samples.dtype == "int32" else event.samples.values
    return bool(np.allclose(samples, np.clip(waveform.values, -1, 1), rtol=0, atol=2.0**-14))


def _segments_of_items(call: Collated, pending: list[Encoded], known: list[Encoded]) -> list[list[Encoded]]:
    """For each sample of the batch, the encode calls that its codes came from.

    Pending calls come first; codes equal to an earlier call's, such as a cached voice, belong to
    that call. Codes that no encode call gave are cut at the sample's own starts.
    """
    left = list(pending)
    items = []
    for item in call.items:
        parts = _parse(item.get("audio_ids_concat"), left, known)
        if parts is None:
            parts = left if len(call.items) == 1 and left else _cut(item)
        items.append(parts)
        left = [encoded for encoded in left if not any(encoded is part for part in parts)]
    if left and items and len(call.items) == 1:
        # Encoded for this call, although the sample does not hold it.
        items[0] = items[0] + left
    return items


def _parse(joined: Tensor | None, pending: list[Encoded], known: list[Encoded]) -> list[Encoded] | None:
    """Splits joined codes [C, N] into encode calls, pending ones before earlier ones; None if it cannot."""
    if joined is None or joined.data is None or joined.data.size == 0:
        return []
    codes = joined.data
    earlier = [e for e in reversed(known) if not any(e is p for p in pending)]

    def after(start: int, unused: list[Encoded]) -> list[Encoded] | None:
        if start == codes.shape[1]:
            return []
        for candidate in unused + earlier:
            part = candidate.codes.data
            if part is None or part.ndim != 2 or part.shape[1] == 0 or part.shape[0] != codes.shape[0]:
                continue
            if np.array_equal(codes[:, start : start + part.shape[1]], part):
                rest = after(start + part.shape[1], [u for u in unused if u is not candidate])
                if rest is not None:
                    return [candidate, *rest]
        return None

    return after(0, pending)


def _cut(item: dict[str, Tensor]) -> list[Encoded]:
    joined, starts = item["audio_ids_concat"].data, item["audio_ids_start"].data
    if joined is None or joined.size == 0:
        return []
    cuts = [0] if starts is None else [int(s) for s in starts.reshape(-1) if s < joined.shape[1]]
    ends = [*cuts[1:], joined.shape[1]]
    dtype = item["audio_ids_concat"].dtype
    return [Encoded(Tensor(dtype, np.ascontiguousarray(joined[:, a:b]))) for a, b in zip(cuts, ends)]


def segments_of_steps(generated: Generated) -> list[Tensor]:
    """Delayed segments from the sampler's steps; a segment opens with the column that a text step gave."""
    columns: list[list[np.ndarray]] = []
    for step in generated.steps:
        if isinstance(step, AudioStep):
            if not columns:
                columns.append([])
            columns[-1].append(step.column.values)
        elif step.first_column is not None:
            columns.append([step.first_column.values])
    return [Tensor("int64", np.stack(segment, axis=1).astype("<i8")) for segment in columns if segment]
