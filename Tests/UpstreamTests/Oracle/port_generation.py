"""The port's own sampling loop on scripted logits, with torch's draws.

The model is none: each step's logits are the case's. Everything from there on is the port's: the delay pattern's
mask, the processors, the draw, repetition-aware sampling and the text ids that drive the delay.
"""

from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any

import torch
from noise import Noise, heard_noise
from transformers import GenerationConfig
from transformers.generation import EosTokenCriteria, MaxLengthCriteria, StoppingCriteriaList
from transformers.models.higgs_audio_v2.generation_higgs_audio_v2 import HiggsAudioV2GenerationMixin

from wire import Case, packed, unpacked

AUDIO, DELAY, AUDIO_BOS, END = 128016, 128014, 128013, 128009


class Scripted(HiggsAudioV2GenerationMixin):
    """The port's loop with logits that are given."""

    def __init__(self, case: Case, logits: torch.Tensor) -> None:
        self.case = case
        self.logits = list(logits)
        codebooks, size = self.logits[0].shape
        self.config = SimpleNamespace(
            num_codebooks=codebooks,
            codebook_size=size,
            audio_token_id=AUDIO,
            audio_bos_token_id=AUDIO_BOS,
            audio_delay_token_id=DELAY,
            audio_stream_bos_id=size - 2,
            audio_stream_eos_id=size - 1,
            eos_token_id=END,
            is_encoder_decoder=False,
        )
        self.history: torch.Tensor | None = None
        self.heard = Noise()
        self.noise: list[dict[str, Any]] = []

    def __call__(self, **_: Any) -> SimpleNamespace:
        return SimpleNamespace(logits=self.logits.pop(0).reshape(1, 1, -1))

    def _prefill(self, *_: Any, **__: Any) -> SimpleNamespace:
        return self()

    def prepare_inputs_for_generation(self, *_: Any, **__: Any) -> dict[str, Any]:
        return {}

    def _update_model_kwargs_for_generation(self, _: Any, kwargs: dict[str, Any], **__: Any) -> dict[str, Any]:
        """The loop calls this once in each step, before it draws."""
        self.end_step()
        self.history = kwargs["audio_input_ids"]
        return kwargs

    def end_step(self) -> None:
        """Packs the random numbers of the step that is over, if one is."""
        if self.heard.drawn:
            self.noise.append(self.heard.packed(self.repeated))
            self.heard.clear()

    def repeated(self, drawn: torch.Tensor) -> torch.Tensor:
        """The rows that repetition-aware sampling draws again."""
        if self.case["ras_win_len"] is None or self.history is None:
            return torch.zeros(0, dtype=torch.int64)
        window = self.history[:, -self.case["ras_win_len"] :, :]
        special = (window == self.config.audio_stream_bos_id) | (window == self.config.audio_stream_eos_id)
        repeats = ((window == drawn.reshape(1, 1, -1)) & ~special).sum(dim=1)[0]
        return torch.nonzero(repeats >= self.case["ras_max_repeat"]).squeeze(1)

    def _valid_auto_compile_criteria(self, *_: Any) -> bool:
        return False

    def _optimize_model_for_decode(self) -> Any:
        return nullcontext()


def number(value: float | None) -> float | None:
    """JSON writes 2.0 as 2, which the warpers refuse."""
    return None if value is None else float(value)


def sampled(model: Scripted, prompt: torch.Tensor, reference: torch.Tensor) -> Any:
    """What the port's loop gives for a prompt's last ids, over all the logits."""
    case = model.case
    settings = GenerationConfig(
        do_sample=case["do_sample"],
        temperature=number(case["temperature"]),
        top_k=case["top_k"],
        top_p=number(case["top_p"]),
        output_scores=True,
        return_dict_in_generate=True,
    )
    settings.is_assistant = False
    if case["ras_win_len"] is not None:
        settings.ras_win_len = case["ras_win_len"]
        settings.ras_win_max_num_repeat = case["ras_max_repeat"]
    settings._eos_token_tensor = None
    ids = prompt.unsqueeze(0)
    processors = model._get_logits_processor(generation_config=settings, device="cpu")
    criteria = StoppingCriteriaList([MaxLengthCriteria(ids.shape[1] + len(model.logits)), EosTokenCriteria([END])])
    history = reference.T.unsqueeze(0).contiguous() if reference.shape[1] else None
    return model._sample(
        ids, processors, criteria, settings, use_cache=True, audio_input_ids=history, audio_input_ids_mask=None
    )


def run(case: Case) -> dict[str, Any]:
    torch.manual_seed(case["torch_seed"])
    model = Scripted(case, unpacked(case["logits"]))
    prompt, reference = unpacked(case["prompt_tail"]), unpacked(case["reference_columns"])
    with heard_noise() as model.heard:
        output = sampled(model, prompt, reference)
        model.end_step()
    stream = output.audio_sequences[0, reference.shape[1] :].T.contiguous()
    return {
        "scores": packed(torch.stack([scores[0] for scores in output.scores])),
        "stream": packed(stream),
        "text_ids": packed(output.sequences[0, prompt.shape[0] :].contiguous()),
        "noise": model.noise,
    }
