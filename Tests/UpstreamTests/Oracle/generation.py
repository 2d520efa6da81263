"""Upstream's sampling step, run over whole streams on recorded logits.

The draws are the case's, or torch's own. A row that repetition-aware sampling draws again keeps its id in
the first case, so that the stream shows which rows those are. A stream ends where upstream ends it.
"""

from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import torch
from boson_multimodal.model.higgs_audio.modeling_higgs_audio import HiggsAudioModel
from transformers import GenerationConfig
from transformers.generation import GenerationMixin, LogitsProcessorList

from noise import heard_noise
from wire import Case, packed, unpacked

AUDIO_EOS = 2


def number(value: float | None) -> float | None:
    """JSON writes 2.0 as 2, which upstream refuses."""
    return None if value is None else float(value)


class Segment:
    """One stream: upstream's step again and again, with the state that upstream's loop carries along."""

    def __init__(self, case: Case, history: torch.Tensor) -> None:
        self.case = case
        self.history = history
        self.num_delay, self.num_remaining_delays, self.has_ended = 0, None, False
        self.redrawn: list[list[int]] = []
        self.noise: list[dict[str, Any]] = []
        config = SimpleNamespace(
            audio_stream_bos_id=case["bos"], audio_stream_eos_id=case["eos"], audio_out_token_idx=1
        )
        self.model = SimpleNamespace(
            config=config,
            use_delay_pattern=case["use_delay_pattern"],
            audio_num_codebooks=case["audio_num_codebooks"],
        )
        self.settings = SimpleNamespace(
            generation_kwargs={
                "ras_win_len": case["ras_win_len"],
                "ras_win_max_num_repeat": case["ras_max_repeat"],
                "audio_eos_token_id": AUDIO_EOS,
            }
        )
        settings = GenerationConfig(
            do_sample=case["do_sample"],
            temperature=number(case["temperature"]),
            top_k=case["top_k"],
            top_p=number(case["top_p"]),
        )
        settings._eos_token_tensor = None
        self.processors = GenerationMixin()._get_logits_processor(
            settings, 0, None, None, LogitsProcessorList(), "cpu"
        )

    def repeated(self, drawn: torch.Tensor) -> torch.Tensor:
        """The rows that repetition-aware sampling draws again."""
        if self.case["ras_win_len"] is None:
            return torch.zeros(0, dtype=torch.int64)
        window = self.history[:, -self.case["ras_win_len"] :]
        repeats = (window == drawn.unsqueeze(1)).sum(dim=1)
        return torch.nonzero(repeats >= self.case["ras_max_repeat"]).squeeze(1)

    def arguments(self, logits: torch.Tensor) -> tuple[Any, ...]:
        """What upstream's step is called with."""
        return (
            self.model, None, logits.unsqueeze(0), self.history, self.case["do_sample"], self.processors, "cpu", None,
            self.settings, self.num_delay, self.num_remaining_delays,
        )  # fmt: skip

    def step(self, logits: torch.Tensor, draw: torch.Tensor | None) -> torch.Tensor:
        """Takes one step and gives its scores."""
        rows: list[int] = []
        arguments = self.arguments(logits)
        if draw is None:
            with heard_noise() as heard:
                result = HiggsAudioModel._sample_audio_tokens(*arguments)
            self.noise.append(heard.packed(self.repeated))
        else:

            def again(probabilities: torch.Tensor, *_: object, **__: object) -> torch.Tensor:
                rows.extend(self.repeated(draw).tolist())
                assert len(rows) == len(probabilities)
                return draw[rows].unsqueeze(1)

            with (
                patch.object(torch, "multinomial", lambda *_, **__: draw.clone().unsqueeze(1)),
                patch.object(torch, "argmax", lambda *_, **__: draw.clone()),
                patch.object(torch.Tensor, "multinomial", again),
            ):
                result = HiggsAudioModel._sample_audio_tokens(*arguments)
        tokens, column, _, scores, self.num_delay, remaining = result
        self.has_ended = int(tokens[0]) == AUDIO_EOS
        self.num_remaining_delays = None if remaining is None else int(remaining)
        self.redrawn.append(rows)
        self.history = torch.cat([self.history, column.unsqueeze(1)], dim=1)
        return scores


def run(case: Case) -> dict[str, Any]:
    torch.manual_seed(case["torch_seed"])
    history = unpacked(case["reference_columns"])
    logits = list(unpacked(case["logits"]))
    scores, delays, remaining, redrawn, segments, ends, noise = [], [], [], [], [], [], []
    for packed_segment in case["segments"]:
        drawn = unpacked(packed_segment)
        start = history.shape[1]
        segment = Segment(case, torch.cat([history, drawn[:, :1]], dim=1))
        for column in drawn.T[1:]:
            draw = column.contiguous() if case["draws_are_given"] else None
            scores.append(segment.step(logits.pop(0), draw))
            delays.append(segment.num_delay)
            rest = segment.num_remaining_delays
            remaining.append(-1 if rest is None else rest)
            if segment.has_ended:
                break
        redrawn.append(segment.redrawn)
        noise += segment.noise
        history = segment.history
        segments.append(packed(history[:, start:].contiguous()))
        ends.append(segment.has_ended)
    return {
        "scores": packed(torch.stack(scores)),
        "segments": segments,
        "have_ended": ends,
        "num_delay": delays,
        "num_remaining_delays": remaining,
        "redrawn": redrawn,
        "noise": noise,
    }
