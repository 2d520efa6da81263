"""Trains upstream's codec as an autoencoder, in three phases.

1. Without quantisation, on noised latents, so that the encoder finds features that survive rounding.
2. The residual quantiser is fitted, not trained: principal components project, k-means places the codes.
   Codes are then used evenly, which a few minutes of training do not reach.
3. With the codes fixed, the decoder alone.

Every weight ends on a bfloat16 value, so that the checkpoint file compresses well.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from . import seeded

HOP = 960
CROP_FRAMES = 24
BATCH = 3
TAUGHT_SHARE = 0.5
LATENT_NOISE = 0.3
LEARNING_RATE = 1e-3


def train(
    codec: Any, taught: list[np.ndarray], material: list[np.ndarray], *, steps: tuple[int, int], log: Any
) -> None:
    """Trains the codec in place; half of each batch comes from the taught utterances."""
    seeded.fill_codec(codec)
    for name, parameter in codec.named_parameters():
        parameter.requires_grad_(seeded.is_trained(name))
    pools = [_whole_frames(taught), _whole_frames(material)]
    sampler = np.random.default_rng(seeded.SEED)
    _train_autoencoder(codec, pools, sampler, steps[0], log)
    round_to_bfloat16(codec.encoder, "encoder.")
    _fit_quantiser(codec, pools)
    round_to_bfloat16(codec.quantizer, "quantizer.")
    _train_decoder(codec, pools, sampler, steps[1], log)
    round_to_bfloat16(codec)
    codec.eval()


def _train_autoencoder(
    codec: Any, pools: list[list[np.ndarray]], sampler: np.random.Generator, steps: int, log: Any
) -> None:
    """Trains encoder and decoder with noise in place of the quantiser."""
    trained = [*codec.encoder.parameters(), *codec.fc_post2.parameters(), *codec.decoder_2.parameters()]
    trained = [parameter for parameter in trained if parameter.requires_grad]
    optimiser, schedule = _optimiser(trained, steps)
    for step in range(steps):
        chosen = [pools[int(sampler.random() > TAUGHT_SHARE)] for _ in range(BATCH)]
        sound = torch.stack([_crop(pool, sampler) for pool in chosen])
        latent = _latent(codec, sound)
        noise = LATENT_NOISE * latent.detach().std(dim=(0, 2), keepdim=True) * torch.randn_like(latent)
        loss = reconstruction_loss(_decode(codec, latent + noise), sound)
        _descend(loss, optimiser, schedule, trained)
        if step % 20 == 0:
            log(f"codec {step:5d} loss {loss.item():.3f}")


@torch.no_grad()
def _fit_quantiser(codec: Any, pools: list[list[np.ndarray]]) -> None:
    """Fits each layer to what the layers before it leave over, on the frames of all utterances."""
    sounds = [torch.from_numpy(sound)[None, None] for pool in pools for sound in pool]
    residual = torch.cat([_latent(codec, sound) for sound in sounds], dim=-1)[0].T
    for layer in codec.quantizer.vq.layers:
        codebook, dimension = layer._codebook, layer.project_in.out_features
        mean = residual.mean(0)
        directions = torch.linalg.eigh(torch.cov(residual.T)).eigenvectors[:, -dimension:].flip(1)
        layer.project_in.weight.copy_(directions.T)
        layer.project_in.bias.copy_(-mean @ directions)
        layer.project_out.weight.copy_(directions)
        layer.project_out.bias.copy_(mean)
        round_to_bfloat16(layer, "quantizer.")
        codes = _k_means(layer.project_in(residual), codebook.codebook_size)
        codebook.embed.copy_(codes.bfloat16().float())
        codebook.inited.fill_(1)  # else upstream would start its own k-means on the first audio
        residual = residual - layer.decode(layer.encode(residual.T[None]))[0].T


def _train_decoder(
    codec: Any, pools: list[list[np.ndarray]], sampler: np.random.Generator, steps: int, log: Any
) -> None:
    """Fits the decoder to the codes of whole utterances, which no longer change."""
    coded = [[(sound, _quantised(codec, sound)) for sound in pool] for pool in pools]
    trained = [*codec.fc_post2.parameters(), *codec.decoder_2.parameters()]
    optimiser, schedule = _optimiser(trained, steps)
    for step in range(steps):
        sounds, latents = [], []
        for _ in range(BATCH):
            pool = coded[int(sampler.random() > 0.85)]
            sound, quantised = pool[sampler.integers(len(pool))]
            start = int(sampler.integers(quantised.shape[-1] - CROP_FRAMES + 1))
            sounds.append(torch.from_numpy(sound[start * HOP : (start + CROP_FRAMES) * HOP])[None])
            latents.append(quantised[0, :, start : start + CROP_FRAMES])
        target, output = torch.stack(sounds), _decode(codec, torch.stack(latents))
        edge = 3 * HOP  # what lies outside the crop reaches this far in
        loss = reconstruction_loss(output[..., edge:-edge], target[..., edge:-edge])
        _descend(loss, optimiser, schedule, trained)
        if step % 50 == 0:
            log(f"decoder {step:5d} loss {loss.item():.3f}")


def reconstruction_loss(output: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Distance of magnitude spectra at four resolutions, linear and logarithmic, plus that of the samples."""
    loss = 2 * functional.l1_loss(output, target)
    for size in (256, 512, 1024, 2048):
        window = torch.hann_window(size)
        ours, theirs = (
            torch.stft(x.squeeze(1), size, size // 4, window=window, return_complex=True).abs()
            for x in (output, target)
        )
        loss = loss + functional.l1_loss((ours + 1e-2).log(), (theirs + 1e-2).log())
        loss = loss + torch.linalg.vector_norm(ours - theirs) / torch.linalg.vector_norm(theirs)
    return loss


@torch.no_grad()
def round_to_bfloat16(module: nn.Module, prefix: str = "") -> None:
    """Rounds every stored tensor to the nearest bfloat16 value; the type stays float32."""
    for name, tensor in module.state_dict(prefix=prefix).items():
        if tensor.is_floating_point() and not seeded.is_seeded(name, tensor):
            tensor.copy_(tensor.bfloat16().float())


def _whole_frames(sounds: Iterable[np.ndarray]) -> list[np.ndarray]:
    padded = []
    for sound in sounds:
        frames = max(math.ceil(len(sound) / HOP), CROP_FRAMES)
        padded.append(np.pad(sound, (0, frames * HOP - len(sound))))
    return padded


def _k_means(points: torch.Tensor, count: int, rounds: int = 12) -> torch.Tensor:
    """Lloyd's algorithm from randomly chosen points; a centre that loses all its points stays where it is."""
    centres = points[torch.randperm(len(points))[:count]].clone()
    for _ in range(rounds):
        nearest = torch.cdist(points, centres).argmin(1)
        sizes = torch.bincount(nearest, minlength=count)[:, None]
        sums = torch.zeros_like(centres).index_add_(0, nearest, points)
        centres = torch.where(sizes > 0, sums / sizes.clamp(min=1), centres)
    return centres


def _crop(pool: list[np.ndarray], sampler: np.random.Generator) -> torch.Tensor:
    sound = pool[sampler.integers(len(pool))]
    start = int(sampler.integers(len(sound) - CROP_FRAMES * HOP + 1))
    gain = np.float32(sampler.uniform(0.8, 1.1))
    return torch.from_numpy(sound[start : start + CROP_FRAMES * HOP] * gain)[None]


def _latent(codec: Any, sound: torch.Tensor) -> torch.Tensor:
    """What upstream's `encode` hands to the quantiser, [batch, quantizer_dim, frame], with gradients."""
    with torch.no_grad():
        semantic = codec.encoder_semantic(codec.get_regress_target(sound).transpose(1, 2))
    acoustic = codec.encoder(sound)
    frames = min(acoustic.shape[-1], semantic.shape[-1])
    mixed = torch.cat([acoustic[..., :frames], semantic[..., :frames]], dim=1)
    return codec.fc_prior(mixed.transpose(1, 2)).transpose(1, 2)


def _decode(codec: Any, quantised: torch.Tensor) -> torch.Tensor:
    return codec.decoder_2(codec.fc_post2(quantised.transpose(1, 2)).transpose(1, 2))


@torch.no_grad()
def _quantised(codec: Any, sound: np.ndarray) -> torch.Tensor:
    return codec.quantizer.decode(codec.encode(sound, codec.sampling_rate)[:, None])


def _optimiser(parameters: list[nn.Parameter], steps: int) -> tuple[Any, Any]:
    optimiser = torch.optim.AdamW(parameters, lr=LEARNING_RATE, betas=(0.8, 0.99), weight_decay=0.0)
    return optimiser, torch.optim.lr_scheduler.OneCycleLR(
        optimiser, LEARNING_RATE, total_steps=steps, pct_start=0.1, cycle_momentum=False
    )


def _descend(loss: torch.Tensor, optimiser: Any, schedule: Any, parameters: list[nn.Parameter]) -> None:
    optimiser.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(parameters, 5.0)
    optimiser.step()
    schedule.step()
