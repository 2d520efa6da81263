"""The port's codec, with random weights and a semantic model that is as small as it can be."""

import math
from typing import Any

import torch
from transformers import HiggsAudioV2TokenizerConfig, HiggsAudioV2TokenizerModel

from codec import waveforms
from wire import Case, packed


def build(case: Case) -> HiggsAudioV2TokenizerModel:
    shape = case["configuration"]
    hop, semantic = math.prod(shape["ratios"]), shape["quantizer_dim"] - shape["d"]
    bits = math.ceil(math.log2(shape["bins"]))
    config = HiggsAudioV2TokenizerConfig(
        codebook_size=shape["bins"],
        codebook_dim=shape["codebook_dim"],
        # The number of quantizers is derived of it.
        target_bandwidths=[(shape["n_q"] + 0.5) * math.ceil(24000 / hop) * bits / 1000],
        acoustic_model_config={
            "model_type": "dac", "encoder_hidden_size": 2, "hidden_size": shape["d"],
            "decoder_hidden_size": shape["channels"], "upsampling_ratios": shape["ratios"],
            "downsampling_ratios": shape["ratios"],
        },
        semantic_model_config={
            "model_type": "hubert", "hidden_size": semantic, "num_hidden_layers": 1, "num_attention_heads": 1,
            "intermediate_size": 2, "num_conv_pos_embeddings": 2, "num_conv_pos_embedding_groups": 1,
            "conv_dim": [2], "conv_stride": [2], "conv_kernel": [2], "num_feat_extract_layers": 1,
        },
    )  # fmt: skip
    model = HiggsAudioV2TokenizerModel(config).eval()
    assert config.num_quantizers == shape["n_q"]
    return model


def randomise(model: torch.nn.Module, generator: torch.Generator) -> None:
    """Weights for which every parameter of the decoding side matters."""

    def uniform(value: torch.Tensor, low: float, high: float) -> torch.Tensor:
        return torch.rand(value.shape, generator=generator) * (high - low) + low

    with torch.no_grad():
        for name, value in model.state_dict().items():
            if name.endswith("embed"):
                value.copy_(uniform(value, -2, 2))
            elif name.endswith("alpha"):
                value.copy_(uniform(value, 0.1, 3))
            elif name.endswith("bias"):
                value.copy_(uniform(value, -0.3, 0.3))
            elif value.dim() > 1 and name.startswith(("acoustic_decoder", "quantizer", "fc2")):
                # A transposed convolution has its input channels first and reads two taps of each.
                inputs = 2 * value.shape[0] if "conv_t" in name else value[0].numel()
                value.copy_(uniform(value, -1, 1) * (3 / inputs) ** 0.5)


def run(case: Case) -> dict[str, Any]:
    torch.manual_seed(case["seed"])
    model = build(case)
    randomise(model, torch.Generator().manual_seed(case["seed"]))
    hop = math.prod(case["configuration"]["ratios"])
    sounds = waveforms(model, lambda codes: model.decode(codes).audio_values, case, hop)
    if case["form"] == "parametrized":
        model.apply_weight_norm()
    weights = model.state_dict()
    return {"weights": {name: packed(value.contiguous()) for name, value in weights.items()}, "waveforms": sounds}
