"""Upstream's own generation loop on scripted logits: greedy, so that each step draws what the case says."""

from types import SimpleNamespace
from typing import Any

import torch
from boson_multimodal.model.higgs_audio.modeling_higgs_audio import HiggsAudioModel
from transformers import GenerationConfig
from transformers.generation import (
    EosTokenCriteria,
    LogitsProcessorList,
    MaxLengthCriteria,
    StoppingCriteriaList,
    StopStringCriteria,
)

from wire import Case, packed, unpacked

AUDIO_OUT_BOS, AUDIO_OUT, AUDIO_EOS = 40, 41, 42


def one_hot(ids: torch.Tensor, width: int) -> torch.Tensor:
    return torch.nn.functional.one_hot(ids, width).float()


class Scripted:
    """A model whose heads say what the case says; the loop and its two sampling steps are upstream's."""

    _sample_audio_tokens = HiggsAudioModel._sample_audio_tokens
    _sample_text_tokens = HiggsAudioModel._sample_text_tokens
    _has_unfinished_sequences = HiggsAudioModel._has_unfinished_sequences

    def __init__(self, case: Case) -> None:
        self.case = case
        self.text = list(unpacked(case["text"]))
        self.audio = list(unpacked(case["audio"]).T)
        self.steps = 0
        self.audio_out_token_idx = AUDIO_OUT
        self.audio_num_codebooks = case["audio_num_codebooks"]
        self.use_delay_pattern = case["use_delay_pattern"]
        self.config = SimpleNamespace(
            audio_out_token_idx=AUDIO_OUT,
            audio_num_codebooks=case["audio_num_codebooks"],
            audio_stream_bos_id=case["bos"],
            audio_stream_eos_id=case["eos"],
            is_encoder_decoder=False,
        )

    def __call__(self, input_ids: torch.Tensor, **_: Any) -> SimpleNamespace:
        self.steps += 1
        last = int(input_ids[0, -1])
        text, audio = torch.zeros(1, 1, 48), None
        if last == AUDIO_OUT:
            audio = one_hot(self.audio.pop(0).contiguous(), self.case["eos"] + 1).unsqueeze(0)
        elif last != AUDIO_OUT_BOS:
            text = one_hot(self.text.pop(0).reshape(1, 1), 48)
        return SimpleNamespace(logits=text, audio_logits=audio, audio_hidden_states=None)

    def _update_model_kwargs_for_generation(self, _: Any, kwargs: dict[str, Any], **__: Any) -> dict[str, Any]:
        return kwargs


class Tokenizer:
    """A vocabulary in which each token adds its text."""

    def __init__(self, texts: list[str]) -> None:
        self.texts = texts

    def get_vocab(self) -> dict[str, int]:
        return {f"{index}:{text}": index for index, text in enumerate(self.texts)}

    def __call__(self, *_: Any, **__: Any) -> dict[str, list[int]]:
        return {"input_ids": []}

    def _convert_id_to_token(self, index: int) -> str:
        return self.texts[index]

    def convert_tokens_to_string(self, tokens: list[str]) -> str:
        return "abcdef" + tokens[-1].split(":", 1)[1]


class Criteria(StoppingCriteriaList):
    """Upstream's criteria, and which of them were met at the end."""

    def __call__(self, input_ids: torch.Tensor, scores: Any, **kwargs: Any) -> torch.Tensor:
        self.met = [bool(criterion(input_ids, scores).any()) for criterion in self]
        return super().__call__(input_ids, scores, **kwargs)


def run(case: Case) -> dict[str, Any]:
    model = Scripted(case)
    prompt = unpacked(case["prompt"]).unsqueeze(0)
    limit = prompt.shape[1] + case["max_new_tokens"]
    criteria = Criteria([MaxLengthCriteria(limit), EosTokenCriteria(case["eos_ids"] or [-1])])
    if case["stop_strings"]:
        criteria.append(StopStringCriteria(Tokenizer(case["texts"]), case["stop_strings"]))
    settings = GenerationConfig(do_sample=False, use_cache=True, max_length=limit)
    settings.generation_kwargs = {"audio_out_bos_token_id": AUDIO_OUT_BOS, "audio_eos_token_id": AUDIO_EOS}
    if case["vocabulary_size"] is not None:
        settings.generation_kwargs["tokenizer_length"] = case["vocabulary_size"]
    settings._pad_token_tensor = torch.tensor(0)
    audio = unpacked(case["stream"])
    ids, segments = HiggsAudioModel._sample(
        model, prompt, LogitsProcessorList(), criteria, settings, synced_gpus=False, streamer=None,
        past_key_values_buckets=None,
        audio_out_ids=audio, audio_out_ids_start=torch.tensor([0]),
    )  # fmt: skip
    met = [*criteria.met, False]
    return {
        "text_ids": packed(ids[0, prompt.shape[1] :].contiguous()),
        "segments": [packed(segment.contiguous()) for segment in segments],
        "steps": model.steps,
        "stops": [name for name, is_met in zip(("limit", "eos", "stop_string"), met, strict=False) if is_met],
    }
