"""The model and its sampler: what a user's code changes between logits and tokens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from boson_multimodal.model.higgs_audio import HiggsAudioModel
from transformers.generation.logits_process import (
    LogitsProcessorList,
    TemperatureLogitsWarper,
    TopKLogitsWarper,
)

from ..case import Plant
from ..pipeline import Script
from . import sampler

BOS, EOS, VOCABULARY, CODEBOOKS = 1024, 1025, 1026, 8
Logits = Callable[[torch.Tensor, int], torch.Tensor]


def setting(**values: Any) -> Plant:
    """Arguments of `generate`."""
    return lambda script: script.settings.update(values)


def own(place: Callable[..., None] = sampler.subclass, **behaviour: Any) -> Plant:
    """A state machine of the user's own (`sampler.state_machine`)."""
    return lambda script: place(sampler.state_machine(**behaviour), script)


def around(change: Callable[[tuple[Any, ...], dict[str, Any]], tuple[Any, ...]]) -> Plant:
    """A subclass that changes what upstream's step gave."""
    return lambda script: sampler.around(change, script)


def no_processors(script: Script) -> None:
    """A patch of upstream's class that hands `_sample` no processors."""
    HiggsAudioModel._get_logits_processor = lambda self, **given: LogitsProcessorList()


def fixed_processors(temperature: float, top_k: int) -> Plant:
    """Processors with values of its own, whatever was asked for."""

    def plant(script: Script) -> None:
        made = LogitsProcessorList([TemperatureLogitsWarper(temperature), TopKLogitsWarper(top_k)])
        HiggsAudioModel._get_logits_processor = lambda self, **given: made

    return plant


def raw_scores(_: Any, logits: torch.Tensor) -> torch.Tensor:
    """Logits as they are."""
    return logits


def hot_scores(_: Any, logits: torch.Tensor) -> torch.Tensor:
    """A temperature written into the sampler."""
    return logits / 1.6


def suppressing(ids: list[int]) -> Callable[[Any, torch.Tensor], torch.Tensor]:
    """The processors, then some ids that are never to be drawn."""

    def scores(processors: Any, logits: torch.Tensor) -> torch.Tensor:
        found = processors(None, logits)
        found[:, ids] = -torch.inf
        return found

    return scores


def low_codes_favoured(processors: Any, logits: torch.Tensor) -> torch.Tensor:
    """A bias that grows with the id."""
    return processors(None, logits - torch.linspace(0, 4, logits.shape[-1]))


def permuted(column: torch.Tensor, _: int) -> torch.Tensor:
    """Codebooks 2 and 5 in each other's place after drawing."""
    column = column.clone()
    column[[2, 5]] = column[[5, 2]]
    return column


def head(change: Logits) -> Plant:
    """The audio head of another checkpoint: logits [S, C, V] and the number of this forward pass."""

    def plant(script: Script) -> None:
        steps = iter(range(1_000_000))

        def hook(module: Any, given: Any, result: torch.Tensor) -> torch.Tensor:
            if not result.shape[0]:
                return result
            shaped = result.view(result.shape[0], CODEBOOKS, VOCABULARY).clone()
            return change(shaped, next(steps)).reshape(result.shape)

        script.model.audio_decoder_proj.audio_lm_head.register_forward_hook(hook)

    return plant


def without_eos(logits: torch.Tensor, _: int) -> torch.Tensor:
    """A head that was never trained to stop."""
    logits[..., EOS] -= 40
    return logits


def eos_not_before(step: int) -> Logits:
    """A head that stops far too late, then at once."""

    def change(logits: torch.Tensor, now: int) -> torch.Tensor:
        logits[..., EOS] += 60 if now >= step else -40
        return logits

    return change


def eos_at(step: int, codebooks: tuple[int, ...]) -> Logits:
    """EOS in several codebooks at the same step."""

    def change(logits: torch.Tensor, now: int) -> torch.Tensor:
        if now == step:
            logits[-1, list(codebooks), EOS] += 90
        return logits

    return change


def stuck(first: int, last: int) -> Logits:
    """The same confident logits at every step from `first` to before `last`."""
    held: list[torch.Tensor] = []

    def change(logits: torch.Tensor, now: int) -> torch.Tensor:
        if now == first:
            held.append(logits[-1:].clone())
            held[0][..., EOS] -= 40
        if first <= now < last:
            best = held[0].argmax(-1, keepdim=True)
            logits[-1:] = held[0].scatter(-1, best, float(held[0].max()) + 20)
        return logits

    return change


def text_head_without(*tokens: str) -> Plant:
    """A text head that never opens audio."""

    def plant(script: Script) -> None:
        ids = script.tokenizer.convert_tokens_to_ids(list(tokens))

        def hook(module: Any, given: Any, result: torch.Tensor) -> torch.Tensor:
            result[..., ids] -= 100
            return result

        script.model.audio_decoder_proj.text_lm_head.register_forward_hook(hook)

    return plant


def first_frame(column: Callable[[], torch.Tensor]) -> Plant:
    """The first audio frame from somewhere else than all-BOS."""

    def plant(script: Script) -> None:
        upstream = HiggsAudioModel._sample_text_tokens

        def step(self: Any, **given: Any) -> tuple[Any, ...]:
            tokens, opened, logits, scores = upstream(self, **given)
            return tokens, None if opened is None else column(), logits, scores

        script.model.__class__ = type("Model", (type(script.model),), {"_sample_text_tokens": step})

    return plant


def drawn_frame() -> torch.Tensor:
    """A frame drawn evenly."""
    return torch.randint(0, 1024, (CODEBOOKS,), generator=torch.Generator().manual_seed(4))


def zero_frame() -> torch.Tensor:
    return torch.zeros(CODEBOOKS, dtype=torch.long)


def half_bos_frame() -> torch.Tensor:
    """BOS in every codebook but the first."""
    frame = torch.full((CODEBOOKS,), BOS)
    frame[0] = 512
    return frame


def flat_ids(result: tuple[Any, ...], given: dict[str, Any]) -> tuple[Any, ...]:
    """Ids of one vocabulary for all codebooks, where upstream wants one each."""
    text, column, *rest = result
    return (text, column + VOCABULARY * torch.arange(CODEBOOKS), *rest)


def beyond(codebook: int, every: int) -> Callable[[tuple[Any, ...], dict[str, Any]], tuple[Any, ...]]:
    """A special id that the head does not have, now and then."""
    steps = iter(range(1_000_000))

    def change(result: tuple[Any, ...], given: dict[str, Any]) -> tuple[Any, ...]:
        text, column, *rest = result
        column = column.clone()
        if next(steps) % every == every - 1 and int(column[codebook]) < BOS:
            column[codebook] = VOCABULARY + 4
        return (text, column, *rest)

    return change


def perturbed(scale: float) -> Plant:
    """Weights that differ a little in one layer, as after a faulty conversion."""

    def plant(script: Script) -> None:
        generator = torch.Generator().manual_seed(2)
        with torch.no_grad():
            for weight in script.model.layers[1].parameters():
                noise = torch.randn(weight.shape, generator=generator).to(weight.dtype)
                weight.add_(noise * weight.abs().mean() * scale)

    return plant


def half_attention(script: Script) -> None:
    """Another rotary base than the checkpoint's."""
    script.model.rotary_emb.inv_freq.mul_(0.5)
