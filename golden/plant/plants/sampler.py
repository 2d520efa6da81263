"""State machines of users' own, in the place of upstream's `_sample_audio_tokens`."""

from __future__ import annotations

from collections.abc import Callable
from types import MethodType
from typing import Any, Literal

import torch
from boson_multimodal.model.higgs_audio import HiggsAudioModel

from ..pipeline import Script

EosRamp = Literal["upstream", "none", "at-once", "codebook-0"]
Logits = Callable[[Any, torch.Tensor], torch.Tensor]
Column = Callable[[torch.Tensor, int], torch.Tensor]


def state_machine(
    *,
    bos_ramp: bool = True,
    eos_ramp: EosRamp = "upstream",
    scores_of: Logits | None = None,
    after_draw: Column | None = None,
) -> Callable[..., tuple[Any, ...]]:
    """A step with upstream's signature, and upstream's behaviour where nothing else is asked for.

    `scores_of` takes the logits processors and the logits [C, V], `after_draw` the column [C] and num_delay.
    """

    def step(
        self: Any,
        hidden_states: Any,
        audio_logits: torch.Tensor,
        audio_out_ids: torch.Tensor,
        do_sample: bool,
        logits_processor: Any,
        device: torch.device,
        torch_generator: torch.Generator | None,
        generation_config: Any,
        num_delay: int,
        num_remaining_delays: int | None,
    ) -> tuple[Any, ...]:
        given = generation_config.generation_kwargs
        logits = audio_logits[-1].float()
        scores = scores_of(logits_processor, logits) if scores_of else logits_processor(None, logits)
        if do_sample:
            column = torch.multinomial(scores.softmax(-1), 1, generator=torch_generator).squeeze(1)
        else:
            column = scores.argmax(-1)
        window = given.get("ras_win_len")
        if window is not None:
            repeats = (audio_out_ids[:, -window:] == column[:, None]).sum(1)
            rows = torch.nonzero(repeats >= given.get("ras_win_max_num_repeat", 2)).squeeze(1)
            column[rows] = logits[rows].softmax(-1).multinomial(1, True, generator=torch_generator).squeeze(1)
        if after_draw is not None:
            column = after_draw(column, num_delay)
        bos, eos, codebooks = self.config.audio_stream_bos_id, self.config.audio_stream_eos_id, column.shape[0]
        if bos_ramp and num_delay + 1 < codebooks:
            column[num_delay + 1 :] = bos
        num_delay = min(num_delay + 1, codebooks - 1)
        finished = False
        ended = torch.nonzero(column == eos).flatten().tolist()
        if eos_ramp == "at-once":
            finished = bool(ended)
        elif eos_ramp == "none":
            finished = bool((column == eos).all())
        elif num_remaining_delays is not None:
            column[: codebooks - num_remaining_delays] = eos
            num_remaining_delays -= 1
        elif eos_ramp == "upstream" and ended:
            column[: ended[0]] = eos
            num_remaining_delays = codebooks - ended[0] - 1
        elif eos_ramp == "codebook-0" and 0 in ended:
            num_remaining_delays = codebooks - 1
        if num_remaining_delays is not None and num_remaining_delays <= 0:
            finished = True
        text = given.get("audio_eos_token_id") if finished else self.config.audio_out_token_idx
        next_tokens = torch.full((audio_logits.shape[0],), text, dtype=torch.long, device=device)
        if finished:
            num_delay, num_remaining_delays = 0, None
        return next_tokens, column, logits, scores, num_delay, num_remaining_delays

    return step


def subclass(step: Callable[..., Any], script: Script) -> None:
    """The step as a method of a subclass of upstream's model."""
    script.model.__class__ = type("Model", (type(script.model),), {"_sample_audio_tokens": step})


def patch(step: Callable[..., Any], script: Script) -> None:
    """The step as a patch of upstream's class."""
    HiggsAudioModel._sample_audio_tokens = step


def instance(step: Callable[..., Any], script: Script) -> None:
    """The step as a method of the one live model."""
    script.model._sample_audio_tokens = MethodType(step, script.model)


def around(change: Callable[[tuple[Any, ...], dict[str, Any]], tuple[Any, ...]], script: Script) -> None:
    """A subclass whose step calls upstream's and changes what it gave."""

    def step(self: Any, **given: Any) -> tuple[Any, ...]:
        return change(HiggsAudioModel._sample_audio_tokens(self, **given), given)

    script.model.__class__ = type("Model", (type(script.model),), {"_sample_audio_tokens": step})
