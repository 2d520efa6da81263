"""How often upstream's own sampling step draws each id of a row of logits."""

import torch
from boson_multimodal.model.higgs_audio.modeling_higgs_audio import HiggsAudioModel

from generation import Segment
from one_row import counts
from wire import Case


def run(case: Case) -> dict[str, list[int]]:
    def drawn(logits: torch.Tensor, history: torch.Tensor) -> torch.Tensor:
        step = HiggsAudioModel._sample_audio_tokens(*Segment(case, history).arguments(logits))
        return step[1]

    return counts(case, drawn)
