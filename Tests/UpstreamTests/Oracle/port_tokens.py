"""The port's way from generated streams to codes: the processor's `batch_decode` on a codec that only listens."""

from types import SimpleNamespace

import torch
from transformers.models.higgs_audio_v2.processing_higgs_audio_v2 import HiggsAudioV2Processor

from wire import Case, Packed, packed, unpacked


def run(case: Case) -> list[Packed]:
    heard: list[torch.Tensor] = []

    def decode(codes: torch.Tensor) -> SimpleNamespace:
        heard.append(codes[0].contiguous())
        return SimpleNamespace(audio_values=torch.zeros(1, 1, 1))

    processor = object.__new__(HiggsAudioV2Processor)
    processor.audio_stream_bos_id, processor.audio_stream_eos_id = 1024, 1025
    processor.audio_tokenizer = SimpleNamespace(decode=decode)
    processor.batch_decode(torch.stack([unpacked(segment).T for segment in case["segments"]]))
    return [packed(codes) for codes in heard]
