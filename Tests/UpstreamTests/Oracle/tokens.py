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


def processed(codes: torch.Tensor, case: Case) -> torch.Tensor:
    for step in case["order"]:
        if step == "revert":
            for _ in range(case["revert"]):
                codes = reverted(codes, case)
        elif step == "clip":
            if case["clip_max"] is not None:
                codes = codes.clip(0, case["clip_max"])
        elif case["strip_guard"] is None or codes.shape[1] > case["strip_guard"]:
            codes = codes[:, STRIPS[case["strip"]]]
    return codes if case["codebooks"] is None else codes[case["codebooks"]]


def run(case: Case) -> list[Packed]:
    calls = [processed(unpacked(segment), case) for segment in case["segments"]]
    return [packed(codes) for codes in ([torch.concat(calls, dim=1)] if case["join_segments"] else calls)]
