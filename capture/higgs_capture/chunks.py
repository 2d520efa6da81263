"""Puts decode calls that cut one segment back together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .events import Decoded
from .tensor import Tensor


@dataclass(frozen=True)
class _Placed:
    """A decode call and the frames [start, end) of the segment that it holds."""

    call: Decoded
    segment: int
    start: int

    @property
    def end(self) -> int:
        return self.start + int(self.call.codes.shape[1])


def joined(calls: Sequence[Decoded], segments: Sequence[Tensor], codebook_size: int) -> list[Decoded]:
    """The calls [C, T], with runs that cut one delayed segment [C, L] joined and overlaps dropped.

    Where frames were decoded twice, the sound of the earlier call stays. Calls that cannot be placed
    in a segment, or that repeat one as a whole, stay as they are.
    """
    if len(calls) <= len(segments):
        return list(calls)
    undelayed = [_undelay(segment.values, codebook_size) for segment in segments]
    result: list[Decoded] = []
    run: list[_Placed] = []
    for call in calls:
        placed = _place(call, undelayed, codebook_size, run[-1] if run else None)
        if placed is None or not run or not _continues(run[-1], placed):
            result += _join(run)
            run = []
        if placed is None:
            result.append(call)
        else:
            run.append(placed)
    return result + _join(run)


def _undelay(delayed: np.ndarray, codebook_size: int) -> np.ndarray:
    codebooks, columns = delayed.shape
    width = max(columns - codebooks + 1, 0)
    rows = [delayed[c, c : c + width] for c in range(codebooks)]
    return np.clip(np.stack(rows), 0, codebook_size - 1)


def _place(call: Decoded, segments: list[np.ndarray], codebook_size: int, previous: _Placed | None) -> _Placed | None:
    codes = np.clip(call.codes.values, 0, codebook_size - 1)
    first = previous.segment if previous else 0
    for index in range(first, len(segments)):
        segment = segments[index]
        earliest = previous.start + 1 if previous and index == previous.segment else 0
        if codes.shape[0] != segment.shape[0] or codes.shape[1] == 0:
            continue
        for start in range(earliest, segment.shape[1] - codes.shape[1] + 1):
            if np.array_equal(segment[:, start : start + codes.shape[1]], codes):
                return _Placed(call, index, start)
    return None


def _continues(before: _Placed, after: _Placed) -> bool:
    return after.segment == before.segment and before.start < after.start <= before.end < after.end


def _join(run: list[_Placed]) -> list[Decoded]:
    if len(run) < 2:
        return [placed.call for placed in run]
    codes, sound, end = [], [], run[0].start
    for placed in run:
        skip = end - placed.start
        codes.append(placed.call.codes.values[:, skip:])
        if placed.call.waveform is not None:
            hop = placed.call.waveform.shape[0] // placed.call.codes.shape[1]
            sound.append(placed.call.waveform.values[skip * hop :])
        end = placed.end
    first = run[0].call
    waveform = None
    if first.waveform is not None and len(sound) == len(run):
        waveform = Tensor(first.waveform.dtype, np.concatenate(sound))
    return [
        Decoded(
            Tensor(first.codes.dtype, np.ascontiguousarray(np.concatenate(codes, axis=1))),
            waveform,
            next((placed.call.raised for placed in run if placed.call.raised is not None), None),
        )
    ]
