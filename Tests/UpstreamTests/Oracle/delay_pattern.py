"""Upstream's delay pattern."""

from boson_multimodal.model.higgs_audio.utils import build_delay_pattern_mask

from wire import Case, Packed, packed, unpacked


def run(case: Case) -> Packed:
    codes = unpacked(case["codes"])
    return packed(build_delay_pattern_mask(codes.unsqueeze(0), case["bos"], case["eos"])[0].squeeze(0))
