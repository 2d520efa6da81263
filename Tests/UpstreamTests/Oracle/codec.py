"""One module's decode as the cases ask for it: whole or in chunks, in several types."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from unittest.mock import patch

import torch

from wire import Case, Packed, packed, unpacked

Decode = Callable[[torch.Tensor], torch.Tensor]


def in_chunks(
    decode: Decode, codes: torch.Tensor, size: int | None, context: int, after: int, hop: int
) -> torch.Tensor:
    """Chunks of some frames, each decoded with its neighbours and cut to its own samples."""
    if size is None:
        return decode(codes.unsqueeze(0))[0, 0]
    parts = []
    for start in range(0, codes.shape[1], size):
        end = min(start + size, codes.shape[1])
        first = max(0, start - context)
        sound = decode(codes[:, first : end + after].unsqueeze(0))[0, 0]
        parts.append(sound[(start - first) * hop : (end - first) * hop])
    return torch.cat(parts)


class SummedInFloat(torch.nn.ConvTranspose1d):
    """A transposed convolution whose sums are float32 and rounded once.

    So cuDNN and the CPU's bfloat16 have it; the CPU's float16, where the processor has none, rounds the product of
    each tap, their sum and the sum with the bias.
    """

    def forward(self, input: torch.Tensor) -> torch.Tensor:
        if input.dtype != torch.float16:
            return super().forward(input)
        bias = None if self.bias is None else self.bias.float()
        return torch.nn.functional.conv_transpose1d(
            input.float(), self.weight.float(), bias, self.stride, self.padding, self.output_padding
        ).half()


def to_tf32(values: torch.Tensor) -> torch.Tensor:
    """Values of 10 bits of mantissa, the nearest, ties to even."""
    bits = values.contiguous().view(torch.int32)
    return ((bits + 0xFFF + ((bits >> 13) & 1)) & ~0x1FFF).view(torch.float32)


@contextmanager
def tensor_float_32() -> Iterator[None]:
    """Convolutions read their operands as cuDNN does with torch's defaults; linear layers stay as they are."""
    functional = torch.nn.functional
    plain, transposed = functional.conv1d, functional.conv_transpose1d
    with (
        patch.object(functional, "conv1d", lambda x, w, *rest: plain(to_tf32(x), to_tf32(w), *rest)),
        patch.object(
            functional, "conv_transpose1d", lambda x, w, *rest: transposed(to_tf32(x), to_tf32(w), *rest)
        ),
    ):
        yield


def waveforms(module: torch.nn.Module, decode: Decode, case: Case, hop: int) -> dict[str, Packed]:
    """The waveform in each type that the case names; the last types may be narrow, so weights are kept in float32."""
    codes = unpacked(case["codes"])
    weights = {name: value.clone() for name, value in module.state_dict().items()}
    found = {}
    for layer in module.modules():
        if type(layer) is torch.nn.ConvTranspose1d:
            layer.__class__ = SummedInFloat
    with torch.no_grad():
        for name in case["types"]:
            module.to(getattr(torch, "float32" if name == "tf32" else name)).load_state_dict(weights)
            with tensor_float_32() if name == "tf32" else nullcontext():
                context, after = case["chunk_context"], case.get("chunk_right_context")
                after = context if after is None else after
                sound = in_chunks(decode, codes, case["chunk_frames"], context, after, hop)
            found[name] = packed(sound if name == "float64" else sound.float())
    module.float().load_state_dict(weights)
    return found


def renamed(weights: dict[str, torch.Tensor], form: str) -> dict[str, torch.Tensor]:
    """Weight norm's names as the newer parametrization has them, where the case asks for it."""
    if form != "parametrized":
        return weights
    new = {"weight_g": "parametrizations.weight.original0", "weight_v": "parametrizations.weight.original1"}
    return {
        ".".join([*parts[:-1], new.get(parts[-1], parts[-1])]): value
        for parts, value in ((name.split("."), value) for name, value in weights.items())
    }
