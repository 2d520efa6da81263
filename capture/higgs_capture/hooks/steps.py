"""What is kept of a sampler's step: nothing but the column, the largest logits, or all logits and scores."""

from __future__ import annotations

from typing import Any

from ..events import AudioStep, TopLogits
from ..options import TOP, Options
from ..tensors import tensor


def audio_step(
    options: Options, ordinal: int, logits: Any, scores: Any, column: Any, num_delay: int | None, remaining: int | None
) -> AudioStep:
    """One step, from torch tensors: logits and scores [C, V] float32, the column [C] as drawn and forced.

    `ordinal` counts the audio steps of this call of `generate` from 0. Where only the largest logits are kept, they
    are found on the tensor's own device, and only they leave it. With a limit of steps both are kept: nobody knows
    yet whether the call will go beyond it, and then only the largest are of use.
    """
    step = AudioStep(tensor(column), num_delay, -1 if remaining is None else remaining)
    if options.logits == "full" and (options.max_steps is None or ordinal < options.max_steps):
        step.logits = tensor(logits)
        step.scores = None if scores is None else tensor(scores.float())
    if options.logits == "none" or (options.logits == "full" and options.max_steps is None):
        return step
    values, ids = logits.topk(min(TOP, logits.shape[-1]), dim=-1)
    drawn = logits.gather(-1, column.to(logits.device).reshape(-1, 1))
    step.top = TopLogits(
        ids=tensor(ids), logits=tensor(values), logsumexp=tensor(logits.logsumexp(-1)), drawn_logit=tensor(drawn[:, 0])
    )
    return step
