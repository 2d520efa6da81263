"""Trains upstream's codec as an autoencoder, in three phases.

1. Without quantisation, so that the encoder finds its features.
2. With upstream's residual quantiser, its codebooks started by k-means and followed by moving averages.
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
CROP_FRAMES = 32
BATCH = 4
TAUGHT_SHARE = 0.5
COMMITMENT = 0.25
DEAD_BELOW = 0.005


def train(
    codec: Any, taught: list[np.ndarray], material: list[np.ndarray], *, steps: tuple[int, int, int], log: Any
) -> None:
    """Trains the codec in place; half of each batch comes from the taught utterances."""
    seeded.fill_codec(codec)
    for name, parameter in codec.named_parameters():
        parameter.requires_grad_(seeded.is_trained(name) and not name.startswith("semantic_model"))
    quantiser = codec.quantizer.vq
    for layer in quantiser.layers:
        layer._codebook.threshold_ema_dead_code = 0
        layer._codebook.kmeans_iters = 10
    pools = [_whole_frames(taught), _whole_frames(material)]
    sampler = np.random.default_rng(seeded.SEED)

    def batch() -> torch.Tensor:
        return torch.stack(
            [_crop(pools[int(sampler.random() > TAUGHT_SHARE)], sampler) for _ in range(BATCH)]
        )

    first, second, third = steps
    trained = [parameter for parameter in codec.parameters() if parameter.requires_grad]
    optimiser = torch.optim.AdamW(trained, lr=1e-3, betas=(0.8, 0.99), weight_decay=0.0)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, _warm_cosine(first + second))
    for step in range(first + second):
        if step == first:
            _start_codebooks(codec, pools)
        sound = batch()
        latent = _latent(codec, sound)
        if step < first:
            quantised, commitment = _through_projections(quantiser, latent), torch.zeros(())
        else:
            quantiser.train()
            quantised, _, commitment = quantiser(latent)
            quantiser.eval()
            commitment = commitment.mean()
            if (step - first) % 100 == 50 and step < first + 0.7 * second:
                _revive_codes(quantiser, latent, sampler)
        output = _decode(codec, quantised)
        loss = reconstruction_loss(output, sound) + COMMITMENT * commitment
        _descend(loss, optimiser, schedule, trained)
        if step % 50 == 0:
            log(f"codec {step:5d} loss {loss.item():.3f} commitment {commitment.item():.4f}")
    _forget_training_state(quantiser)
    round_to_bfloat16(codec)
    _train_decoder(codec, pools, sampler, third, log)
    round_to_bfloat16(codec)
    codec.eval()


def _train_decoder(
    codec: Any, pools: list[list[np.ndarray]], sampler: np.random.Generator, steps: int, log: Any
) -> None:
    """Fits the decoder to the codes of whole utterances, which no longer change."""
    coded = [[(sound, _quantised(codec, sound)) for sound in pool] for pool in pools]
    trained = [*codec.fc_post2.parameters(), *codec.decoder_2.parameters()]
    optimiser = torch.optim.AdamW(trained, lr=1e-3, betas=(0.8, 0.99), weight_decay=0.0)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, _warm_cosine(steps))
    for step in range(steps):
        sounds, latents = [], []
        for _ in range(BATCH):
            pool = coded[int(sampler.random() > 0.75)]
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
def round_to_bfloat16(module: nn.Module) -> None:
    """Rounds every trained tensor to the nearest bfloat16 value; the type stays float32."""
    for name, tensor in module.state_dict().items():
        if tensor.is_floating_point() and not seeded.is_seeded(name, tensor):
            tensor.copy_(tensor.bfloat16().float())


def _whole_frames(sounds: Iterable[np.ndarray]) -> list[np.ndarray]:
    padded = []
    for sound in sounds:
        frames = max(math.ceil(len(sound) / HOP), CROP_FRAMES)
        padded.append(np.pad(sound, (0, frames * HOP - len(sound))))
    return padded


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


def _through_projections(quantiser: nn.Module, latent: torch.Tensor) -> torch.Tensor:
    residual, total = latent.transpose(1, 2), torch.zeros(())
    for layer in quantiser.layers:
        part = layer.project_out(layer.project_in(residual))
        residual, total = residual - part, total + part
    return total.transpose(1, 2)


@torch.no_grad()
def _start_codebooks(codec: Any, pools: list[list[np.ndarray]]) -> None:
    """Lets upstream start its codebooks by k-means on all frames, the taught ones counted four times."""
    frames = [[_latent(codec, torch.from_numpy(sound)[None, None]) for sound in pool] for pool in pools]
    codec.quantizer.vq(torch.cat(frames[0] * 4 + frames[1], dim=-1))


@torch.no_grad()
def _revive_codes(quantiser: nn.Module, latent: torch.Tensor, sampler: np.random.Generator) -> None:
    """Moves codes that are hardly used to places where frames are."""
    residual = latent
    for layer in quantiser.layers:
        codebook = layer._codebook
        inputs = layer.project_in(residual.transpose(1, 2)).flatten(0, 1)
        dead = torch.nonzero(codebook.cluster_size < DEAD_BELOW).squeeze(1)
        chosen = inputs[torch.from_numpy(sampler.integers(len(inputs), size=len(dead)))]
        codebook.embed[dead] = chosen
        codebook.embed_avg[dead] = chosen * 0.1
        codebook.cluster_size[dead] = 0.1
        residual = residual - layer.decode(layer.encode(residual))


def _forget_training_state(quantiser: nn.Module) -> None:
    """Clears the moving averages, which only training reads."""
    for layer in quantiser.layers:
        layer._codebook.embed_avg.zero_()
        layer._codebook.cluster_size.zero_()


def _warm_cosine(steps: int) -> Any:
    return lambda step: (
        min((step + 1) / 50, 1.0) * (0.05 + 0.95 * 0.5 * (1 + math.cos(math.pi * min(step / steps, 1))))
    )


def _descend(loss: torch.Tensor, optimiser: Any, schedule: Any, parameters: list[nn.Parameter]) -> None:
    optimiser.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(parameters, 5.0)
    optimiser.step()
    schedule.step()
