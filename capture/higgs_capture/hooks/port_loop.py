"""The port's sampling loop, row by row: what its processors and criteria hear becomes the steps of each request."""

from __future__ import annotations

from typing import Any

from ..events import TextStep
from ..journal import Entry
from ..tensors import tensor
from .core import Hooks, Wrapper
from .port_facts import member
from .steps import audio_step


class RunningRows:
    """A call of `generate` that is going on: an entry for each row.

    A step's logits and scores are heard before its draw. What was drawn, after repetition-aware sampling, is seen in
    what the loop hands to the model for the next step, and at the end in what it returns. A row that has ended draws no
    more: the columns of EOS that fill it up to the longest row's length are not its own.
    """

    def __init__(self, entries: list[Entry]) -> None:
        self.entries = entries
        self.eos_ids: list[int] = []
        self._hooks: Any = None
        self._lengths = [0] * len(entries)
        """Each row's own columns so far."""
        self._over = [False] * len(entries)
        self._waiting: list[tuple[Any, Any]] | None = None
        """Logits and scores [C, V] of each row, of the step whose draw is not known yet."""

    def begin(self, hooks: Hooks, config: Any, batch: dict[str, Any]) -> None:
        self._hooks, self._shape = hooks, (int(config.num_codebooks), int(config.codebook_size))
        columns = batch.get("audio_input_ids")
        self._references = 0 if columns is None else int(columns.shape[1])
        self._prompt = int(batch["input_ids"].shape[1])
        self._ids: Any = None

    def scored(self, _: Any, logits: Any, scores: Any) -> None:
        """What the processors were given, a copy made before they ran, and what they made of it."""
        shape = (len(self.entries), *self._shape)
        self._waiting = list(zip(logits.reshape(shape), scores.reshape(shape)))

    def drawn(self, ids: Any, *_: Any) -> None:
        """The text ids with those of this step."""
        self._ids = ids

    def column(self, columns: Any) -> None:
        """The last column of each row, [B, C], which was drawn in the step before."""
        waiting, self._waiting = self._waiting, None
        if waiting is None or self._ids is None:
            return
        tokens = self._ids[:, -1].tolist()
        for row, ((logits, scores), column, token) in enumerate(zip(waiting, columns, tokens)):
            if self._over[row]:
                continue
            if self._lengths[row] == 0:
                # The opening column is forced: upstream makes it in a step of text.
                self.entries[row].append("steps", TextStep(token, tensor(column)))
            else:
                options, ordinal = self._hooks.options, self._lengths[row] - 1
                step = audio_step(options, ordinal, logits, scores, column, None, None)
                step.token = token
                self.entries[row].append("steps", step)
            self._lengths[row] += 1
            self._over[row] = token in self.eos_ids

    def end(self, result: Any) -> None:
        """What the loop returned: streams [B, R + L, C] with the reference's columns before the generated ones."""
        streams = member(result, "audio_sequences")
        self.column(streams[:, -1])
        for entry, stream, ids, length in zip(self.entries, streams, self._ids, self._lengths):
            own = stream[self._references : self._references + length]
            entry.set(segments=[tensor(own.T)], text_ids=tensor(ids[self._prompt : self._prompt + length]))


def listening(items: Any, listener: Wrapper) -> Any:
    """A list of processors or criteria of the same kind and with the same items, whose calls are also heard: first
    their arguments, with a copy of the second, then the result."""

    class Listening(type(items)):  # type: ignore[misc]
        def __call__(self, input_ids: Any, scores: Any, *args: Any, **kwargs: Any) -> Any:
            before = scores.clone() if hasattr(scores, "clone") else scores
            result = super().__call__(input_ids, scores, *args, **kwargs)
            listener(input_ids, before, result)
            return result

    return Listening(items)
