"""How often upstream's own sampling step gives each column, and with which codebook the stream begins to end."""

from collections import Counter
from typing import Any

import torch
from boson_multimodal.model.higgs_audio.modeling_higgs_audio import HiggsAudioModel

from generation import AUDIO_EOS, Segment
from wire import Case, unpacked


def run(case: Case) -> list[dict[str, Any]]:
    torch.manual_seed(case["torch_seed"])
    segment = Segment(case, unpacked(case["history"]))
    segment.num_delay = case["num_delay"]
    arguments = segment.arguments(unpacked(case["logits"]))
    seen: Counter[tuple[int, ...]] = Counter()
    for _ in range(case["draws"]):
        tokens, column, _, _, _, remaining = HiggsAudioModel._sample_audio_tokens(*arguments)
        left = 0 if int(tokens[0]) == AUDIO_EOS else remaining
        lost = 0 if left is None else case["audio_num_codebooks"] - int(left) - 1
        seen[(lost, *column.tolist())] += 1
    return [{"lost": key[0], "column": key[1:], "count": count} for key, count in seen.items()]
