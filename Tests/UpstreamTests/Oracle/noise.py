"""The random numbers behind torch's draws."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import torch

from wire import Packed, packed

multinomial = torch.multinomial
argmax = torch.argmax


class Noise:
    """The exponential variates of one step: of its first draw, and of the rows that are drawn again."""

    def __init__(self) -> None:
        self.variates: list[torch.Tensor] = []
        self.drawn: list[torch.Tensor] = []

    def clear(self) -> None:
        self.variates.clear()
        self.drawn.clear()

    def multinomial(self, probabilities: torch.Tensor, *arguments: Any, **options: Any) -> torch.Tensor:
        before = torch.get_rng_state()
        drawn = multinomial(probabilities, *arguments, **options)
        after = torch.get_rng_state()
        torch.set_rng_state(before)
        variates = torch.empty_like(probabilities).exponential_(1)
        assert torch.equal(argmax(probabilities / variates, -1, keepdim=True), drawn)
        torch.set_rng_state(after)
        self.variates.append(variates)
        self.drawn.append(drawn.flatten().clone())
        return drawn

    def argmax(self, scores: torch.Tensor, *arguments: Any, **options: Any) -> torch.Tensor:
        drawn = argmax(scores, *arguments, **options)
        self.variates.append(torch.zeros(0))
        self.drawn.append(drawn.clone())
        return drawn

    def packed(self, repeated: Callable[[torch.Tensor], torch.Tensor]) -> dict[str, Packed]:
        """The variates [row, id], and the numbers of the rows that the second ones are of."""
        again = self.variates[1] if len(self.variates) > 1 else torch.zeros(0, 1)
        rows = repeated(self.drawn[0])
        assert len(rows) == len(again)
        return {"first": packed(self.variates[0]), "again": packed(again), "rows": packed(rows)}


@contextmanager
def heard_noise() -> Iterator[Noise]:
    noise = Noise()
    with (
        patch.object(torch, "multinomial", noise.multinomial),
        patch.object(torch, "argmax", noise.argmax),
        patch.object(torch.Tensor, "multinomial", lambda *given, **options: noise.multinomial(*given, **options)),
    ):
        yield noise
