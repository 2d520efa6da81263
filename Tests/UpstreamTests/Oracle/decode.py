"""Upstream's codec, its decoding side built of upstream's modules with random weights."""

import math
import sys
from pathlib import Path
from typing import Any

import torch

from codec import renamed, waveforms
from wire import Case, packed

sys.path.insert(0, str(Path(__file__).parents[2] / "CodecTests"))
from make_fixtures import DecodingSide, randomise  # noqa: E402


def run(case: Case) -> dict[str, Any]:
    torch.manual_seed(case["seed"])
    shape = case["configuration"]
    module = DecodingSide(D=shape.pop("d"), **shape).eval()
    randomise(module, torch.Generator().manual_seed(case["seed"]))
    held = {name: value.clone() for name, value in module.state_dict().items()}
    if case["weight_norm"] == "direction-only":
        for layer in module.modules():
            if hasattr(layer, "weight_g"):
                direction = layer.weight_v.detach().clone()
                torch.nn.utils.remove_weight_norm(layer)
                layer.weight.data = direction
    sounds = waveforms(module, module.decode, case, math.prod(shape["ratios"]))
    if case["form"] == "fused":
        for layer in module.modules():
            if hasattr(layer, "weight_g"):
                torch.nn.utils.remove_weight_norm(layer)
        held = module.state_dict()
    weights = renamed(held, case["form"])
    return {"weights": {name: packed(value) for name, value in weights.items()}, "waveforms": sounds}
