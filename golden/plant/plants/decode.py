"""In the codec and after it: how codes become sound, and sound a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import librosa
import numpy as np
import soundfile as sf
import torch
from boson_multimodal.audio_processing.higgs_audio_tokenizer import HiggsAudioTokenizer, load_higgs_audio_tokenizer
from torch import nn

from ..case import Plant
from ..pipeline import OwnScript, Script

Sound = Callable[[np.ndarray], np.ndarray]
HOP = 960


def chunks(frames: int, context: int = 0, right: bool = True) -> Plant:
    """Decodes so many frames at a time, with context that is cut off again."""

    def plant(script: OwnScript) -> None:
        whole = script.decode

        def decode(codes: torch.Tensor) -> np.ndarray:
            found = []
            for start in range(0, codes.shape[1], frames):
                first, last = max(start - context, 0), start + frames + (context if right else 0)
                sound = whole(codes[:, first:last])
                found.append(sound[(start - first) * HOP :][: frames * HOP])
            return np.concatenate(found)

        script.decode = decode

    return plant


def quantizers(count: int) -> Plant:
    """The codec's quantiser decodes only its first codebooks."""

    def plant(script: Script) -> None:
        quantizer = script.codec.quantizer
        whole = quantizer.decode
        quantizer.decode = lambda codes: whole(codes[:count])

    return plant


def fewer_layers(count: int) -> Plant:
    """A loop over fewer of the quantiser's layers than there are, in a patch of its class."""

    def plant(script: Script) -> None:
        cls = type(script.codec.quantizer.vq)

        def decode(self: Any, codes: torch.Tensor) -> torch.Tensor:
            return sum(layer.decode(indices) for layer, indices in zip(self.layers[:count], codes[:count], strict=True))

        cls.decode = decode

    return plant


def precision(dtype: torch.dtype) -> Plant:
    """The whole codec in another precision, once the reference is encoded; float32 again behind its last layer."""

    def plant(script: OwnScript) -> None:
        whole = script.decode
        script.codec.decoder_2.register_forward_hook(lambda module, given, result: result.float())

        def decode(codes: torch.Tensor) -> np.ndarray:
            script.codec.to(dtype)
            return whole(codes)

        script.decode = decode

    return plant


def decoder_precision(dtype: torch.dtype) -> Plant:
    """Only the decoder's convolutions in another precision."""

    def plant(script: Script) -> None:
        decoder = script.codec.decoder_2.to(dtype)
        decoder.register_forward_pre_hook(lambda module, given: (given[0].to(dtype),))
        decoder.register_forward_hook(lambda module, given, result: result.float())

    return plant


def _normed(codec: HiggsAudioTokenizer) -> list[nn.Module]:
    return [module for module in codec.decoder_2.modules() if hasattr(module, "weight_v")]


def weight_v_alone(script: Script) -> None:
    """A loader that knows no weight norm takes `weight_v` for the weight."""
    for module in _normed(script.codec):
        direction = module.weight_v.detach().clone()
        nn.utils.remove_weight_norm(module)
        module.weight = nn.Parameter(direction)


def gains_missing(script: Script) -> None:
    """A loader without `weight_g`: the gains stay at one."""
    with torch.no_grad():
        for module in _normed(script.codec):
            module.weight_g.fill_(1)


def directions_missing(script: Script) -> None:
    """A loader without `weight_v`: the directions stay at their initialisation."""
    torch.manual_seed(1)
    with torch.no_grad():
        for module in _normed(script.codec):
            module.weight_v.normal_(0, 0.02)


def _reloaded(script: Script, change: Callable[[dict[str, torch.Tensor]], dict[str, torch.Tensor]]) -> None:
    """Loads the codec again, from a checkpoint with other tensors, through upstream's loader."""
    folder = Path("other-codec")
    folder.mkdir()
    (folder / "config.json").write_text(Path("codec/config.json").read_text())
    torch.save(change(torch.load("codec/model.pth", map_location="cpu")), folder / "model.pth")
    torch.manual_seed(1)
    script.codec = script.engine.audio_tokenizer = load_higgs_audio_tokenizer(str(folder), device="cpu")


def keys_renamed(prefix: str) -> Plant:
    """A checkpoint whose keys have another prefix: `strict=False` leaves those tensors at initialisation."""

    def change(state: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
        return {(f"module.{name}" if name.startswith(prefix) else name): tensor for name, tensor in state.items()}

    return lambda script: _reloaded(script, change)


def other_checkpoint(script: Script) -> None:
    """A codec that was trained on: every tensor of its decode side is a little different."""

    def change(state: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
        generator = torch.Generator().manual_seed(3)
        return {
            name: tensor * (1 + 0.02 * torch.randn(tensor.shape, generator=generator))
            if name.startswith(("decoder_2.", "fc_post2."))
            else tensor
            for name, tensor in state.items()
        }

    _reloaded(script, change)


def loud_checkpoint(script: Script) -> None:
    """Another codec, three times as loud as the one that the model was trained with: not a fault by itself."""

    def change(state: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
        last = ("decoder_2.model.7.weight_g", "decoder_2.model.7.bias")
        return {name: tensor * 3 if name in last else tensor for name, tensor in state.items()}

    _reloaded(script, change)


def codec_output(change: Callable[[torch.Tensor], torch.Tensor]) -> Plant:
    """A forward hook on the codec's decoder; takes and gives [1, 1, N]."""

    def plant(script: Script) -> None:
        script.codec.decoder_2.register_forward_hook(lambda module, given, result: change(result))

    return plant


def before_writing(change: Sound, subtype: str | None = None) -> Plant:
    """What the script does to the waveform [N] before it is written."""

    def plant(script: Script) -> None:
        before = script.before_writing
        script.before_writing = lambda waveform: change(before(waveform))
        script.subtype = subtype or script.subtype

    return plant


def wrapped_codec(change: Sound) -> Plant:
    """A user's codec class around upstream's, whose decode changes what upstream's gave."""

    def plant(script: Script) -> None:
        class Codec(HiggsAudioTokenizer):
            def decode(self, vq_code: torch.Tensor) -> np.ndarray:
                return change(super().decode(vq_code)[0, 0])[None, None]

        script.codec.__class__ = Codec

    return plant


def peak_normalised(waveform: np.ndarray) -> np.ndarray:
    return waveform / np.abs(waveform).max() * 0.95


def int16(waveform: np.ndarray) -> np.ndarray:
    """Truncated to int16, overflow wrapping round."""
    return (waveform * 32767).astype(np.int64).astype(np.int16)


def silence_trimmed(waveform: np.ndarray) -> np.ndarray:
    return librosa.effects.trim(waveform, top_db=12)[0]


def padded(waveform: np.ndarray) -> np.ndarray:
    """A fifth of a second of silence behind."""
    return np.pad(waveform, (0, 4_800))


def limited(waveform: np.ndarray) -> np.ndarray:
    """A limiter that divides by zero at the loudest samples."""
    with np.errstate(divide="ignore"):
        return waveform / (np.abs(waveform) < 0.8 * np.abs(waveform).max())


def header_rate(rate: int) -> Plant:
    """Another rate in the header."""

    def plant(script: Script) -> None:
        script.rate = rate

    return plant


def pcm_24(script: Script) -> None:
    """Another sample format."""
    script.subtype = "PCM_24"


def moving_average(width: int) -> Sound:
    """A filter that nobody asked for."""
    return lambda waveform: np.convolve(waveform, np.ones(width) / width, mode="same").astype(np.float32)


def backwards(waveform: np.ndarray) -> np.ndarray:
    return waveform[::-1].copy()


def hiss(waveform: np.ndarray) -> np.ndarray:
    noise = np.random.default_rng(0).normal(0, 0.02, len(waveform))
    return (waveform + noise).astype(np.float32)


def resampled_twice(waveform: np.ndarray) -> np.ndarray:
    """Through 8 kHz and back."""
    low = librosa.resample(waveform, orig_sr=24_000, target_sr=8_000)
    return librosa.util.fix_length(librosa.resample(low, orig_sr=8_000, target_sr=24_000), size=len(waveform))


def written_as(path_rate: int) -> Plant:
    """The rate of another codec, written by hand over the script's own."""

    def plant(script: Script) -> None:
        def write(waveform: np.ndarray) -> None:
            sf.write("speech.wav", script.before_writing(waveform), path_rate)

        script.write = write  # type: ignore[method-assign]

    return plant


def decoder_in_chunks(frames: int, left: int, right: int) -> Plant:
    """A decoder that takes so many frames at a time, with frames on either side that are cut off again.

    The codec is called once, so that no recording declares it.
    """

    def plant(script: Script) -> None:
        whole = script.codec.decoder_2.forward

        def forward(hidden: torch.Tensor) -> torch.Tensor:
            sounds = []
            for start in range(0, hidden.shape[2], frames):
                first = max(start - left, 0)
                sound = whole(hidden[:, :, first : start + frames + right])
                sounds.append(sound[:, :, (start - first) * HOP :][:, :, : frames * HOP])
            return torch.cat(sounds, dim=2)

        script.codec.decoder_2.forward = forward

    return plant
