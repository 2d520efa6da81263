"""Puts decode calls that cut one segment back together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .events import Decoded
from .tensors import Tensor


@dataclass(frozen=True)
class _Placed:
    """A decode call and the frames [start, end) of the segment that it holds."""

    call: Decoded
    segment: int
    start: int

    @property
    def end(self) -> int:
        return self.start + int(self.call.codes.shape[1])


def joined(
    calls: Sequence[Decoded], segments: Sequence[Tensor], codebook_size: int, written: np.ndarray | None = None
) -> list[Decoded]:
    """The calls [C, T], with runs that cut one delayed segment [C, L] joined and overlaps dropped.

    Frames that were decoded twice are cut where the sound that was `written` [N], at whatever volume, goes over from
    one call's to the next one's; without it, or where its length is another, in their middle, which is right if both
    calls had the same context. Calls that cannot be placed in a segment, or that repeat one as a whole, stay as they
    are.
    """
    result: list[Decoded] = []
    for run in _runs(calls, segments, codebook_size):
        result.append(_join(run, None, 0) if isinstance(run, list) else run)
    if written is None or sum(_samples(call) for call in result) != len(written):
        return result
    result, offset = [], 0
    for run in _runs(calls, segments, codebook_size):
        result.append(_join(run, written, offset) if isinstance(run, list) else run)
        offset += _samples(result[-1])
    return result


def layout(calls: Sequence[Decoded], segments: Sequence[Tensor], codebook_size: int) -> tuple[int, int] | None:
    """Frames of a chunk and of the context on each side of it, if all calls of every run fit one such pair."""
    runs = [run for run in _runs(calls, segments, codebook_size) if isinstance(run, list) and len(run) > 1]
    found = {_layout(run) for run in runs}
    return found.pop() if len(found) == 1 else None


def _layout(run: list[_Placed]) -> tuple[int, int] | None:
    first, last = run[0].start, max(placed.end for placed in run)
    total, overlap = run[0].end + run[1].start - 2 * first, run[0].end - run[1].start
    if total % 2 or overlap % 2 or overlap < 0:
        return None
    frames, context = total // 2, overlap // 2
    for index, placed in enumerate(run):
        middle = first + index * frames
        bounds = max(middle - context, first), min(middle + frames + context, last)
        if (placed.start, placed.end) != bounds:
            return None
    return frames, context


def _samples(call: Decoded) -> int:
    return 0 if call.waveform is None else int(call.waveform.shape[0])


def _runs(calls: Sequence[Decoded], segments: Sequence[Tensor], codebook_size: int) -> list[list[_Placed] | Decoded]:
    """Calls in order, those that cut one segment together; calls that cannot be placed by themselves."""
    if len(calls) <= len(segments):
        return list(calls)
    undelayed = [_undelay(segment.values, codebook_size) for segment in segments]
    result: list[list[_Placed] | Decoded] = []
    run: list[_Placed] = []
    for call in calls:
        placed = _place(call, undelayed, codebook_size, run[-1] if run else None)
        if placed is None or not run or not _continues(run[-1], placed):
            result += [run] if run else []
            run = []
        if placed is None:
            result.append(call)
        else:
            run.append(placed)
    return [*result, run] if run else result


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
    return after.segment == before.segment and before.start < after.start <= before.end <= after.end


def _join(run: list[_Placed], written: np.ndarray | None, offset: int) -> Decoded:
    if len(run) == 1:
        return run[0].call
    codes, sound, start = [], [], run[0].start
    whole = all(placed.call.waveform is not None for placed in run)
    heard = written[offset:] / _volume(run, written[offset:]) if whole and written is not None else None
    for placed, after in zip(run, [*run[1:], None]):
        end = placed.end
        if after is not None and after.start < placed.end:
            end = _cut(placed, after, run[0].start, heard)
        end = max(start, end)
        codes.append(placed.call.codes.values[:, start - placed.start : end - placed.start])
        if whole:
            sound.append(_sound(placed, start, end))
        start = end
    first = run[0].call
    return Decoded(
        Tensor(first.codes.dtype, np.ascontiguousarray(np.concatenate(codes, axis=1))),
        Tensor(first.waveform.dtype, np.concatenate(sound)) if first.waveform is not None and whole else None,
        next((placed.call.raised for placed in run if placed.call.raised is not None), None),
    )


def _volume(run: list[_Placed], written: np.ndarray) -> float:
    """What the calls' sound was multiplied by, of the frames that one call alone holds; 1 where that cannot be said."""
    both = power = 0.0
    for before, placed, after in zip([None, *run], run, [*run[1:], None]):
        start = max(placed.start, before.end if before else 0)
        end = max(start, min(placed.end, after.start if after else placed.end))
        own = _sound(placed, start, end).astype("<f8")
        place = (start - run[0].start) * _hop(placed)
        both += float(own @ written[place : place + len(own)])
        power += float(own @ own)
    return both / power if power > 0 and both != 0 else 1.0


def _cut(before: _Placed, after: _Placed, first: int, written: np.ndarray | None) -> int:
    """The frame at which the sound of two overlapping calls goes over from one to the other."""
    frames = range(after.start, before.end + 1)
    middle = (after.start + before.end) // 2
    if written is None:
        return middle
    hop = _hop(before)
    place = (after.start - first) * hop
    heard = written[place : place + (before.end - after.start) * hop]

    def error(frame: int) -> float:
        both = np.concatenate([_sound(before, after.start, frame), _sound(after, frame, before.end)])
        return float(np.sum((both.astype("<f8") - heard) ** 2))

    return min(frames, key=lambda frame: (error(frame), abs(frame - middle)))


def _hop(placed: _Placed) -> int:
    return _samples(placed.call) // int(placed.call.codes.shape[1])


def _sound(placed: _Placed, start: int, end: int) -> np.ndarray:
    """The samples of frames [start, end)."""
    hop = _hop(placed)
    values: np.ndarray = placed.call.waveform.values  # type: ignore[union-attr]
    return values[(start - placed.start) * hop : (end - placed.start) * hop]
