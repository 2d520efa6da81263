"""Between `generate` and the codec: how a user's script cuts tokens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import torch
from boson_multimodal.model.higgs_audio import utils
from boson_multimodal.serve import serve_engine

from ..case import Plant
from ..conversations import conversation
from ..pipeline import OwnScript, Script

Cut = Callable[[torch.Tensor], torch.Tensor]
SIZE = 1024
CODEBOOKS = 8
revert = utils.revert_delay_pattern


def own_cut(cut: Cut) -> Plant:
    """The script's own way from a delayed segment [C, L] to codes [C, T]."""

    def plant(script: OwnScript) -> None:
        script.codes = cut

    return plant


def second_request(sentence: int, cut: Cut) -> Plant:
    """Another sentence after the first, with its own way to codes."""

    def plant(script: OwnScript) -> None:
        first = script.run

        def run() -> None:
            first()
            script.prompt = conversation(replace(script.request, sentence=sentence))
            script.codes = cut
            first()

        script.run = run  # type: ignore[method-assign]

    return plant


def after_cut(change: Cut) -> Plant:
    """The right cut, then something more."""

    def plant(script: OwnScript) -> None:
        before = script.codes
        script.codes = lambda delayed: change(before(delayed))

    return plant


def engine_revert(change: Callable[[Cut], Cut]) -> Plant:
    """Another `revert_delay_pattern` in the engine's module; takes what stood there."""

    def plant(script: Script) -> None:
        serve_engine.revert_delay_pattern = change(serve_engine.revert_delay_pattern)

    return plant


def engine_attribute(name: str, value: object) -> Plant:
    """An attribute set on the live engine."""

    def plant(script: Script) -> None:
        setattr(script.engine, name, value)

    return plant


def clip(codes: torch.Tensor) -> torch.Tensor:
    """Into the codebook."""
    return codes.clip(0, SIZE - 1)


def reverted(delayed: torch.Tensor) -> torch.Tensor:
    """Upstream's revert, looked up at the call, as a script that imported it would."""
    return utils.revert_delay_pattern(delayed)


def no_revert(delayed: torch.Tensor) -> torch.Tensor:
    return clip(delayed)[:, 1:-1]


def revert_twice(delayed: torch.Tensor) -> torch.Tensor:
    return clip(reverted(reverted(delayed)))[:, 1:-1]


def chunked_revert(size: int, columns: slice = slice(1, -1)) -> Cut:
    """Each chunk of `size` columns by itself: every one loses C - 1 columns."""

    def cut(delayed: torch.Tensor) -> torch.Tensor:
        chunks = [chunk for chunk in delayed.split(size, dim=1) if chunk.shape[1] >= CODEBOOKS]
        return clip(torch.cat([reverted(chunk) for chunk in chunks], dim=1))[:, columns]

    return cut


def no_strip(delayed: torch.Tensor) -> torch.Tensor:
    return clip(reverted(delayed))


def strip(columns: slice) -> Cut:
    """Another slice than `[:, 1:-1]`."""
    return lambda delayed: clip(reverted(delayed))[:, columns]


def ramp_dropped(delayed: torch.Tensor) -> torch.Tensor:
    return clip(reverted(delayed[:, CODEBOOKS:-CODEBOOKS]))


def ramp_searched(delayed: torch.Tensor) -> torch.Tensor:
    """Keeps only columns without BOS and EOS, and reverts what is left."""
    clean = ((delayed != SIZE) & (delayed != SIZE + 1)).all(0)
    return clip(reverted(delayed[:, clean]))


def strip_guard(columns: int) -> Cut:
    """Strips only streams of more than so many columns."""

    def cut(delayed: torch.Tensor) -> torch.Tensor:
        codes = clip(reverted(delayed))
        return codes[:, 1:-1] if codes.shape[1] > columns else codes

    return cut


def no_clip(delayed: torch.Tensor) -> torch.Tensor:
    return reverted(delayed)[:, 1:-1]


def clip_to(bound: int) -> Cut:
    """Another upper bound."""
    return lambda delayed: reverted(delayed).clip(0, bound)[:, 1:-1]


def clip_and_strip(delayed: torch.Tensor) -> torch.Tensor:
    """Another bound, and the last column kept."""
    return reverted(delayed).clip(0, 511)[:, 1:]


def clip_to_codec(script: OwnScript) -> None:
    """The bound from the codec's `codebook_size`, which is its quantiser's width."""
    script.codes = clip_to(script.codec.codebook_size - 1)


def wrap(delayed: torch.Tensor) -> torch.Tensor:
    return (reverted(delayed) % SIZE)[:, 1:-1]


def zero_specials(delayed: torch.Tensor) -> torch.Tensor:
    codes = reverted(delayed)
    return torch.where(codes >= SIZE, torch.zeros_like(codes), codes)[:, 1:-1]


def rows(order: list[int]) -> Cut:
    """Codebooks in this order; fewer drop the others."""
    return lambda codes: codes[order]


def memory_transposed(codes: torch.Tensor) -> torch.Tensor:
    """[T, C] in memory, read as [C, T]."""
    return codes.T.contiguous().view(codes.shape)


def turned(codes: torch.Tensor) -> torch.Tensor:
    """[T, C], handed on as it is."""
    return codes.T.contiguous()


def joined(script: OwnScript) -> None:
    """The segments' codes in one call of the codec."""
    script.pieces = lambda segments: [torch.cat(segments, dim=1)]


def strip_before_revert(delayed: torch.Tensor) -> torch.Tensor:
    return clip(reverted(delayed[:, 1:-1]))


def clip_first(delayed: torch.Tensor) -> torch.Tensor:
    return reverted(clip(delayed))[:, 1:-1]


def late_eos_check(delayed: torch.Tensor) -> torch.Tensor:
    codes = clip(reverted(delayed))
    print("EOS" if int(codes[0, -1]) == SIZE + 1 else "no EOS")
    return codes[:, 1:-1]


# Not in the catalogue


def shifted_the_other_way(delayed: torch.Tensor) -> torch.Tensor:
    """Row i from column C - 1 - i."""
    width = delayed.shape[1] - CODEBOOKS + 1
    parts = [delayed[i, CODEBOOKS - 1 - i : CODEBOOKS - 1 - i + width] for i in range(CODEBOOKS)]
    return clip(torch.stack(parts))[:, 1:-1]


def sorted_in_time(codes: torch.Tensor) -> torch.Tensor:
    return codes.sort(dim=1).values


def backwards(codes: torch.Tensor) -> torch.Tensor:
    return codes.flip(1)


def every_tenth_dropped(codes: torch.Tensor) -> torch.Tensor:
    kept = np.arange(codes.shape[1]) % 10 != 9
    return codes[:, torch.from_numpy(kept)]


def frozen_codebook(codes: torch.Tensor) -> torch.Tensor:
    """Codebook 5 keeps its first code."""
    codes = codes.clone()
    codes[5] = codes[5, 0]
    return codes


def doubled_frames(codes: torch.Tensor) -> torch.Tensor:
    return codes.repeat_interleave(2, dim=1)
