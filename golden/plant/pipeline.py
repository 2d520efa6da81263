"""The scripts that faults are planted in: upstream's engine as it is, and a user's own around its classes.

A step of a script is an attribute, so that a plant can put another one in its place. What a script does
without a plant is what the reference profile does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any, ClassVar

import librosa
import numpy as np
import soundfile as sf
import torch
from boson_multimodal.data_collator.higgs_audio_collator import HiggsAudioSampleCollator
from boson_multimodal.data_types import AudioContent
from boson_multimodal.dataset import chatml_dataset
from boson_multimodal.model.higgs_audio import utils
from boson_multimodal.serve import serve_engine

from .case import Request
from .conversations import conversation

HEADER = "<|start_header_id|>assistant<|end_header_id|>\n\n"
ENGINE_SETTINGS: dict[str, Any] = {
    "max_new_tokens": 400,
    "temperature": 0.7,
    "top_k": None,
    "top_p": 0.95,
    "ras_win_len": 7,
    "ras_win_max_num_repeat": 2,
}


class Script:
    """What all scripts share: the live objects, the request, the file."""

    defaults: ClassVar[dict[str, Any]] = ENGINE_SETTINGS
    rate = 24_000

    def __init__(self, engine: serve_engine.HiggsAudioServeEngine, request: Request) -> None:
        self.engine = engine
        self.model, self.tokenizer, self.codec = engine.model, engine.tokenizer, engine.audio_tokenizer
        self.request = request
        self.settings = {**self.defaults, "seed": request.seed, **request.settings}
        self.force_audio = bool(self.settings.pop("force_audio_gen", False))
        self.prompt = conversation(request)
        self.subtype: str | None = None
        self.before_writing: Callable[[np.ndarray], np.ndarray] = lambda waveform: waveform

    def write(self, waveform: np.ndarray) -> None:
        """The sound as a file."""
        sf.write("speech.wav", self.before_writing(waveform), self.rate, subtype=self.subtype)

    def run(self) -> None:
        """The whole request."""
        raise NotImplementedError


class EngineScript(Script):
    """Upstream's serving engine, unmodified: what a plant changes are its attributes and its functions."""

    def run(self) -> None:
        response = self.engine.generate(self.prompt, force_audio_gen=self.force_audio, **self.settings)
        self.write(response.audio)


class OwnScript(Script):
    """A user's script that does by itself what the serving engine does."""

    return_audio_in_tokens = False
    trailing_start = False

    def __init__(self, engine: serve_engine.HiggsAudioServeEngine, request: Request) -> None:
        super().__init__(engine, request)
        self.postfix = HEADER + ("<|audio_out_bos|>" if self.force_audio else "")
        self.collator = self.make_collator()
        self.segments = self.encode
        self.codes: Callable[[torch.Tensor], torch.Tensor] = self.cut
        self.pieces: Callable[[list[torch.Tensor]], list[torch.Tensor]] = lambda segments: segments
        self.decode: Callable[[torch.Tensor], np.ndarray] = self.sound
        self.starts: Callable[[list[int]], list[int]] = self.offsets
        self.sample_of: Callable[..., Any] = self.make_sample
        self.after_collator: Callable[[Any], Any] = lambda batch: batch

    def make_collator(self, **changes: Any) -> HiggsAudioSampleCollator:
        """The collator with the engine's arguments, or others."""
        config = self.model.config
        given = {
            "whisper_processor": None,
            "encode_whisper_embed": config.encode_whisper_embed,
            "audio_in_token_id": config.audio_in_token_idx,
            "audio_out_token_id": config.audio_out_token_idx,
            "audio_stream_bos_id": config.audio_stream_bos_id,
            "audio_stream_eos_id": config.audio_stream_eos_id,
            "pad_token_id": config.pad_token_id,
            "return_audio_in_tokens": self.return_audio_in_tokens,
            "use_delay_pattern": config.use_delay_pattern,
            "audio_num_codebooks": config.audio_num_codebooks,
            "round_to": 1,
        }
        return HiggsAudioSampleCollator(**{**given, **changes})

    def encode(self, contents: list[AudioContent]) -> list[torch.Tensor]:
        """Codes [C, T] of each recording."""
        found = []
        for content in contents:
            waveform, rate = librosa.load(content.audio_url, sr=self.codec.sampling_rate)
            found.append(self.codec.encode(waveform, rate).squeeze(0).cpu())
        return found

    def offsets(self, lengths: list[int]) -> list[int]:
        """Where each segment starts; with the total behind in `examples/generation.py`."""
        offsets = np.cumsum([0, *lengths]).tolist()
        return offsets if self.trailing_start else offsets[:-1]

    def make_sample(self, ids: list[int], segments: list[torch.Tensor]) -> chatml_dataset.ChatMLDatasetSample:
        """Codes only, one start for each segment."""
        starts = self.starts([segment.shape[1] for segment in segments])
        return chatml_dataset.ChatMLDatasetSample(
            input_ids=torch.LongTensor(ids),
            label_ids=None,
            audio_ids_concat=torch.cat(segments, dim=1) if segments else None,
            audio_ids_start=torch.tensor(starts, dtype=torch.long) if segments else None,
            audio_waveforms_concat=None,
            audio_waveforms_start=None,
            audio_sample_rate=None,
            audio_speaker_indices=None,
        )

    def sample(self) -> chatml_dataset.ChatMLDatasetSample:
        """Prompt ids, codes and what else the collator is given."""
        ids, _, contents, _ = chatml_dataset.prepare_chatml_sample(self.prompt, self.tokenizer)
        ids += self.tokenizer.encode(self.postfix, add_special_tokens=False)
        return self.sample_of(ids, self.segments(contents))

    def generate(self, batch: dict[str, Any]) -> tuple[torch.Tensor, list[torch.Tensor]]:
        """Text ids and delayed segments [C, L]."""
        sampling = dict(self.settings)
        sampling.setdefault("do_sample", sampling["temperature"] != 0.0)
        sampling.setdefault("stop_strings", ["<|end_of_text|>", "<|eot_id|>"])
        return self.model.generate(**batch, **sampling, use_cache=True, tokenizer=self.tokenizer)

    def cut(self, delayed: torch.Tensor) -> torch.Tensor:
        """Revert, clip, strip."""
        return utils.revert_delay_pattern(delayed).clip(0, self.model.config.audio_codebook_size - 1)[:, 1:-1]

    def sound(self, codes: torch.Tensor) -> np.ndarray:
        """The waveform [N] of codes [C, T]."""
        return self.codec.decode(codes.unsqueeze(0))[0, 0]

    def run(self) -> None:
        with torch.inference_mode():
            batch = self.after_collator(self.collator([self.sample()]))
            _, segments = self.generate(asdict(batch))
            if not segments:
                print("no audio was generated")
                return
            waveforms = [self.decode(codes) for codes in self.pieces([self.codes(s) for s in segments])]
        self.write(np.concatenate(waveforms))


class GenerationScript(OwnScript):
    """The way of upstream's `examples/generation.py`, for one chunk of text."""

    defaults: ClassVar[dict[str, Any]] = {
        **ENGINE_SETTINGS,
        "max_new_tokens": 2048,
        "temperature": 1.0,
        "top_k": 50,
        "do_sample": True,
    }
    trailing_start = True

    def __init__(self, engine: serve_engine.HiggsAudioServeEngine, request: Request) -> None:
        self.return_audio_in_tokens = engine.model.config.encode_audio_in_tokens
        super().__init__(engine, request)
        self.pieces = lambda segments: [torch.cat(segments, dim=1)]

    def encode(self, contents: list[AudioContent]) -> list[torch.Tensor]:
        return [self.codec.encode(content.audio_url).squeeze(0).cpu() for content in contents]

    def cut(self, delayed: torch.Tensor) -> torch.Tensor:
        return utils.revert_delay_pattern(delayed).clip(0, self.codec.codebook_size - 1)[:, 1:-1]


SCRIPTS: dict[str, type[Script]] = {
    "own": OwnScript,
    "engine": EngineScript,
    "generation-script": GenerationScript,
}
