"""How often the port's own sampling loop draws each id of a row of logits."""

import torch

from one_row import counts
from port_generation import Scripted, sampled
from wire import Case


def run(case: Case) -> dict[str, list[int]]:
    def drawn(logits: torch.Tensor, history: torch.Tensor) -> torch.Tensor:
        # A prompt that does not open audio starts all codebooks together, with the column of BOS that ends `history`.
        model = Scripted(case, torch.stack([logits, logits]))
        output = sampled(model, torch.zeros(1, dtype=torch.int64), history[:, :-1])
        return output.audio_sequences[0, -1]

    return counts(case, drawn)
