"""Write the fixtures of CodecTests with upstream's own torch modules.

    python make_fixtures.py DIRECTORY

needs boson_multimodal, descript-audio-codec and torch. A fixture is a safetensors file: weights under
upstream's state-dict names, and for every case n the codes `case.n.codes` [codebook, frame] and the
waveform `case.n.waveform` in float64, decoded by the same modules in double precision from the same
float32 weights. Metadata: `case.n.torch_error`, the largest error of torch's own float32 waveform
against it, the tests' yardstick.
"""

import json
import struct
import sys
from pathlib import Path

import numpy
import torch
from boson_multimodal.audio_processing.descriptaudiocodec.dac.model.dac import Decoder
from boson_multimodal.audio_processing.quantization.vq import ResidualVectorQuantizer


class DecodingSide(torch.nn.Module):
    """What HiggsAudioTokenizer's constructor builds for `decode`, and its `decode`."""

    def __init__(self, D, channels, ratios, quantizer_dim, codebook_dim, n_q, bins):
        super().__init__()
        self.decoder_2 = Decoder(D, channels, ratios)
        self.quantizer = ResidualVectorQuantizer(
            dimension=quantizer_dim, codebook_dim=codebook_dim, n_q=n_q, bins=bins
        )
        self.fc_post2 = torch.nn.Linear(quantizer_dim, D)

    def decode(self, vq_code):
        vq_code = vq_code.permute(1, 0, 2)
        quantized = self.quantizer.decode(vq_code)
        quantized = quantized.transpose(1, 2)
        quantized_acoustic = self.fc_post2(quantized).transpose(1, 2)
        return self.decoder_2(quantized_acoustic)


def randomise(module, generator):
    """Weights for which every parameter matters: no zero codebooks, no unit slopes, g unlike the norm of v."""
    for name, value in list(module.named_parameters()) + list(module.named_buffers()):
        def uniform(low, high):
            return torch.rand(value.shape, generator=generator) * (high - low) + low

        with torch.no_grad():
            if name.endswith("embed"):
                value.copy_(uniform(-2, 2))
            elif name.endswith("alpha"):
                value.copy_(uniform(0.1, 3))
            elif name.endswith("weight_g"):
                value.mul_(uniform(0.4, 1.6))
            elif name.endswith("bias"):
                value.copy_(uniform(-0.3, 0.3))


def write(path, tensors, metadata):
    header, offset = {"__metadata__": metadata}, 0
    for name, array in tensors.items():
        kind = {"float32": "F32", "float64": "F64", "int64": "I64"}[str(array.dtype)]
        header[name] = {"dtype": kind, "shape": array.shape, "data_offsets": [offset, offset + array.nbytes]}
        offset += array.nbytes
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for array in tensors.values():
            file.write(array.tobytes())


def fixture(path, seed, cases, **configuration):
    """`cases` are (codebooks, frames)."""
    torch.manual_seed(seed)
    generator = torch.Generator().manual_seed(seed)
    module = DecodingSide(**configuration).eval()
    randomise(module, generator)
    unused = ("project_in.weight", "project_in.bias", "embed_avg", "cluster_size", "inited")
    tensors = {k: v.numpy() for k, v in module.state_dict().items() if not k.endswith(unused)}
    tensors = {name: numpy.ascontiguousarray(array) for name, array in tensors.items()}
    metadata, waveforms = {}, {}
    batches = [
        torch.randint(configuration["bins"], (1, codebooks, frames), generator=generator)
        for codebooks, frames in cases
    ]
    with torch.no_grad():
        for index, codes in enumerate(batches):
            waveforms[index] = module.decode(codes).double()
        exact = module.double()
        for index, codes in enumerate(batches):
            waveform = exact.decode(codes)
            error = (waveforms[index] - waveform).abs().max().item()
            metadata[f"case.{index}.torch_error"] = repr(error)
            tensors[f"case.{index}.codes"] = codes[0].numpy()
            tensors[f"case.{index}.waveform"] = waveform[0, 0].numpy()
            print(
                f"{path.name} {index}: {tuple(codes.shape[1:])} rms {waveform.square().mean().sqrt():.3f} "
                f"peak {waveform.abs().max():.3f} torch error {error:.2e}"
            )
    write(path, tensors, metadata)


def main(directory):
    directory.mkdir(parents=True, exist_ok=True)
    fixture(
        directory / "released-ratios.safetensors", 1, [(8, 3), (8, 1), (8, 2), (3, 2), (1, 1), (8, 14)],
        D=12, channels=48, ratios=[8, 5, 4, 2, 3], quantizer_dim=40, codebook_dim=8, n_q=8, bins=32,
    )
    fixture(
        directory / "wide-rows.safetensors", 2, [(4, 9), (2, 1)],
        D=48, channels=64, ratios=[2, 3], quantizer_dim=320, codebook_dim=16, n_q=4, bins=20,
    )
    fixture(
        directory / "without-projection.safetensors", 3, [(2, 30), (1, 2)],
        D=6, channels=10, ratios=[7], quantizer_dim=16, codebook_dim=16, n_q=2, bins=64,
    )
    fixture(
        directory / "long.safetensors", 4, [(3, 400), (3, 33), (3, 32), (3, 31)],
        D=5, channels=36, ratios=[3, 4, 5], quantizer_dim=20, codebook_dim=8, n_q=3, bins=16,
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
