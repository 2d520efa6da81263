"""The tokens stage as upstream's serving engine and scripts write it: revert, clip, slice, concatenate."""

import torch
from boson_multimodal.model.higgs_audio.utils import revert_delay_pattern

from wire import Case, Packed, packed, unpacked

STRIPS = {"both": slice(1, -1), "first": slice(1, None), "last": slice(0, -1), "none": slice(None)}


def reverted(codes: torch.Tensor, case: Case) -> torch.Tensor:
    """Upstream's revert, of the whole stream or of each chunk of a streamed one."""
    length, overlap = case["revert_chunk"], case["revert_overlap"]
    if length is None:
        return revert_delay_pattern(codes)
    starts = range(0, codes.shape[1], length)
    chunks = [codes[:, max(start - overlap, 0) : start + length] for start in starts]
    return torch.cat([codes[:, :0], *map(revert_delay_pattern, chunks)], dim=1)


def bounded(codes: torch.Tensor, case: Case) -> torch.Tensor:
    """Ids brought into 0 ... clip_max: clipped, or as broken pipelines do it."""
    bound = case["clip_max"]
    if bound is None:
        return codes
    if case["out_of_range"] == "wrap":
        return codes % (bound + 1)
    if case["out_of_range"] == "zero":
        return torch.where((codes < 0) | (codes > bound), 0, codes)
    return codes.clip(0, bound)


def laid_out(codes: torch.Tensor, layout: str) -> torch.Tensor:
    if layout == "transposed":
        return codes.T
    return codes.T.contiguous().view(codes.shape) if layout == "reshaped" else codes


def processed(codes: torch.Tensor, case: Case) -> torch.Tensor:
    first, last = case["ramp_columns"]
    codes = codes[:, first : -last if last else None]
    for step in case["order"]:
        if step == "revert":
            for _ in range(case["revert"]):
                codes = reverted(codes, case)
        elif step == "clip":
            codes = bounded(codes, case)
        elif case["strip_guard"] is None or codes.shape[1] > case["strip_guard"]:
            codes = codes[:, STRIPS[case["strip"]]]
    return laid_out(codes if case["codebooks"] is None else codes[case["codebooks"]], case["layout"])


def run(case: Case) -> list[Packed]:
    calls = [processed(unpacked(segment), case) for segment in case["segments"]]
    return [packed(codes) for codes in ([torch.concat(calls, dim=1)] if case["join_segments"] else calls)]
