"""The port's processor on prompts whose words are ids, with a codec that says what the case says."""

from types import SimpleNamespace
from typing import Any

import torch
from transformers import BatchFeature
from transformers.models.higgs_audio_v2.processing_higgs_audio_v2 import HiggsAudioV2Processor

from wire import Case, Packed, packed, unpacked

FIELDS = ("input_ids", "attention_mask", "audio_input_ids", "audio_input_ids_mask", "labels", "audio_labels")


class Tokenizer:
    """Reads a prompt of `<id>` words, and pads as transformers' tokenizers do."""

    init_kwargs: dict[str, Any] = {}

    def __init__(self, pad: int, side: str) -> None:
        self.pad_token_id, self.side = pad, side

    def __call__(self, texts: list[str], **_: Any) -> dict[str, torch.Tensor]:
        rows = [[int(word) for word in text.strip("<>").split("><")] for text in texts]
        longest = max(map(len, rows))
        ids, masks = [], []
        for row in rows:
            padding = [self.pad_token_id] * (longest - len(row))
            seen, unseen = [1] * len(row), [0] * len(padding)
            ids.append(padding + row if self.side == "left" else row + padding)
            masks.append(unseen + seen if self.side == "left" else seen + unseen)
        return {"input_ids": torch.tensor(ids), "attention_mask": torch.tensor(masks)}


class Codec:
    """Encodes a sound, which is a number here, to the codes of that number."""

    device = "cpu"

    def __init__(self, codes: list[torch.Tensor], quantizers: int) -> None:
        self.codes = codes
        self.config = SimpleNamespace(num_quantizers=quantizers)

    def encode(self, input_values: torch.Tensor) -> SimpleNamespace:
        return SimpleNamespace(audio_codes=self.codes[int(input_values[0])].unsqueeze(0))


def run(case: Case) -> dict[str, Packed]:
    codes = [unpacked(segment) for segment in case["segments"]]
    processor = object.__new__(HiggsAudioV2Processor)
    processor.audio_token, processor.audio_delay_token = f"<{case['audio_out']}>", f"<{case['audio_delay']}>"
    processor.audio_token_id, processor.audio_bos_token_id = case["audio_out"], case["audio_out_bos"]
    processor.audio_stream_bos_id, processor.audio_stream_eos_id = case["bos"], case["eos"]
    processor.tokenizer = Tokenizer(case["pad"], case["pad_side"])
    processor.audio_tokenizer = Codec(codes, case["quantizers"])
    processor.feature_extractor = lambda sound, **_: BatchFeature({"input_values": torch.from_numpy(sound)})
    processor._merge_kwargs = lambda **_: {"text_kwargs": {"return_tensors": "pt"}, "audio_kwargs": {}}
    sounds = [torch.tensor([float(index)]).numpy() for index in range(len(codes))] or None
    texts = ["".join(f"<{int(word)}>" for word in unpacked(prompt)) for prompt in case["prompts"]]
    batch = processor(text=texts, audio=sounds, output_labels=case["labels"])
    return {name: packed(batch[name]) for name in FIELDS if name in batch}
