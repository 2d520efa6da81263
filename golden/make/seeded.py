"""Tensors that training leaves alone: filled from a seed instead of being stored."""

from __future__ import annotations

import hashlib
import math
import re

import torch

SEED = 20_250_722

_LEFT_ALONE = re.compile(
    r"semantic_model\.|encoder_semantic\.|decoder_semantic\.|fc_prior\.|fc_post1\."
    r"|encoder\.block\.[45]\.block\.[012]\."
)
"""The semantic branch, the mixing layer and the wide residual units of the acoustic encoder."""

_GAINS = {"encoder_semantic.conv_blocks.1.conv.": 0.1, "fc_prior.": 20.0}
"""Layers that are scaled: random semantic features must not drown the acoustic ones, and what the
quantiser and the decoder see should be of the order of one."""


def is_seeded(name: str, tensor: torch.Tensor) -> bool:
    """Whether a codec tensor comes from the seed: it is left alone by training, and not a mere vector."""
    return bool(_LEFT_ALONE.match(name)) and tensor.squeeze().ndim > 1


def is_trained(name: str) -> bool:
    """Whether training changes a parameter of the codec."""
    return not _LEFT_ALONE.match(name)


def fill(name: str, shape: torch.Size, seed: int = SEED) -> torch.Tensor:
    """Uniform values that depend on the seed, the name and the shape alone."""
    digest = hashlib.sha256(f"{seed}:{name}".encode()).digest()
    generator = torch.Generator().manual_seed(int.from_bytes(digest[:7], "little"))
    gain = next((gain for prefix, gain in _GAINS.items() if name.startswith(prefix)), 1.0)
    bound = gain / math.sqrt(math.prod(shape[1:]))
    return (torch.rand(shape, generator=generator) * 2 - 1) * bound


@torch.no_grad()
def fill_codec(codec: torch.nn.Module, seed: int = SEED) -> None:
    """Fills the seeded tensors of a codec in place, and gives the weight norms of those layers unit gain."""
    state = codec.state_dict()
    for name, tensor in state.items():
        if is_seeded(name, tensor):
            tensor.copy_(fill(name, tensor.shape, seed))
    for name, tensor in state.items():
        if name.endswith("weight_v") and is_seeded(name, tensor):
            gain = state[name.removesuffix("_v") + "_g"]
            gain.copy_(tensor.flatten(1).norm(dim=1).reshape(gain.shape))
