"""Prompt, sample and collator: how what the model reads goes wrong."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import librosa
import numpy as np
import torch
from boson_multimodal.audio_processing.higgs_audio_tokenizer import HiggsAudioTokenizer
from boson_multimodal.data_collator.higgs_audio_collator import HiggsAudioSampleCollator
from boson_multimodal.model.higgs_audio.utils import build_delay_pattern_mask
from boson_multimodal.serve import serve_engine
from transformers import WhisperFeatureExtractor

from golden.make import prompts

from ..case import Plant, Request
from ..conversations import conversation
from ..pipeline import OwnScript, Script

Sample = Any
Change = Callable[[Any], Any]
WHISPER_RATE = 16_000


def attribute(**values: Any) -> Plant:
    """Attributes of the script's own collator."""

    def plant(script: OwnScript) -> None:
        for name, value in values.items():
            setattr(script.collator, name, value)

    return plant


def engine_attribute(**values: Any) -> Plant:
    """Attributes of the live engine's collator."""

    def plant(script: Script) -> None:
        for name, value in values.items():
            setattr(script.engine.collator, name, value)

    return plant


def argument(**values: Any) -> Plant:
    """Arguments of the collator's constructor."""

    def plant(script: OwnScript) -> None:
        script.collator = script.make_collator(**values)

    return plant


def sample(change: Change) -> Plant:
    """The script builds the sample in another way."""

    def plant(script: OwnScript) -> None:
        before = script.sample_of
        script.sample_of = lambda ids, segments: change(before(ids, segments))

    return plant


def segments(change: Callable[[list[torch.Tensor]], list[torch.Tensor]]) -> Plant:
    """The script changes codes after it encoded them."""

    def plant(script: OwnScript) -> None:
        before = script.segments
        script.segments = lambda contents: change(before(contents))

    return plant


def subclass(*, before: Change | None = None, after: Change | None = None) -> Plant:
    """A subclass of upstream's collator, which changes the sample before or the batch after."""

    class Collator(HiggsAudioSampleCollator):
        def __call__(self, batch: list[Any]) -> Any:
            made = super().__call__([before(item) for item in batch] if before else batch)
            return after(made) if after else made

    def plant(script: Script) -> None:
        owner: Any = script.engine if script.request.script == "engine" else script
        owner.collator.__class__ = Collator

    return plant


def starts(values: Callable[[list[int]], list[int]]) -> Plant:
    """Where segments start, from their lengths."""

    def plant(script: OwnScript) -> None:
        script.starts = values

    return plant


def no_header(script: OwnScript) -> None:
    """Nothing behind the last user's turn."""
    script.postfix = ""


def engine_without_header(script: Script) -> None:
    """The engine's prompt as it was, then without the header that the engine adds."""
    encode = script.tokenizer.encode
    prepare = serve_engine.prepare_chatml_sample

    def prepared(*given: Any) -> Any:
        result = prepare(*given)
        # The next text that the engine encodes is the header.
        script.tokenizer.encode = lambda text, **options: []
        return result

    def restored(*given: Any, **options: Any) -> Any:
        script.tokenizer.encode = encode
        return collate(*given, **options)

    collate = script.engine.collator
    serve_engine.prepare_chatml_sample = prepared
    script.engine.collator = restored


def voice_not_in_prompt(script: OwnScript) -> None:
    """The script encodes a voice that no message mentions."""
    encode = script.segments
    messages = conversation(Request(voice=script.request.voice)).messages
    voices = [message.content for message in messages if not isinstance(message.content, str)]
    script.segments = lambda contents: encode(voices)


def trailing_total(lengths: list[int]) -> list[int]:
    return np.cumsum([0, *lengths]).tolist()


def stale_cache(script: OwnScript) -> None:
    """The codes come from a cache that another voice filled."""
    other = "high" if script.request.voice == "low" else "low"
    before = script.segments
    waveform, rate = librosa.load(f"{other}.wav", sr=24_000)
    # An earlier run filled it: no recorder of this one saw the call.
    codes = inspect.unwrap(HiggsAudioTokenizer.encode)(script.codec, waveform, rate).squeeze(0).cpu()

    def from_cache(contents: list[Any]) -> list[torch.Tensor]:
        return [codes[:, : segment.shape[1]] for segment in before(contents)]

    script.segments = from_cache


def rounded(parts: list[torch.Tensor]) -> list[torch.Tensor]:
    """Through bfloat16, whose eight bits do not hold a code."""
    return [codes.to(torch.bfloat16).long() for codes in parts]


def off_by_one(parts: list[torch.Tensor]) -> list[torch.Tensor]:
    return [(codes + 1).clip(0, 1023) for codes in parts]


def upside_down(parts: list[torch.Tensor]) -> list[torch.Tensor]:
    return [codes.flip(0) for codes in parts]


def swapped(first: int, second: int) -> Callable[[list[torch.Tensor]], list[torch.Tensor]]:
    """Two codebooks in each other's place."""
    order = list(range(8))
    order[first], order[second] = second, first
    return lambda parts: [codes[order] for codes in parts]


def fewer_codebooks(count: int) -> Callable[[list[torch.Tensor]], list[torch.Tensor]]:
    return lambda parts: [codes[:count] for codes in parts]


def delayed_already(parts: list[torch.Tensor]) -> list[torch.Tensor]:
    """Delayed when encoded, and by the collator once more."""
    return [
        build_delay_pattern_mask(codes.unsqueeze(0), bos_token_id=1024, pad_token_id=1025)[0].squeeze(0)
        for codes in parts
    ]


def delayed_sample(made: Sample) -> Sample:
    """The same in a subclass, on a sample of one segment."""
    return replace(made, audio_ids_concat=delayed_already([made.audio_ids_concat])[0])


# Waveforms and Whisper


def waveforms(rate: float = WHISPER_RATE, repeat: int = 1) -> Plant:
    """The reference's waveform at 16 kHz in the sample, declared at `rate`; played several times over."""

    def plant(script: Script) -> None:
        sound = librosa.load(f"{script.request.voice}.wav", sr=WHISPER_RATE)[0]
        waveform = torch.from_numpy(np.tile(sound, repeat))

        def attach(made: Sample) -> Sample:
            return replace(
                made,
                audio_waveforms_concat=waveform,
                audio_waveforms_start=torch.tensor([0]),
                audio_sample_rate=torch.tensor([float(rate)]),
            )

        sample(attach)(script)

    return plant


def whisper(mel_bins: int = 128) -> Plant:
    """A collator that conditions on Whisper features although the model does not."""

    def plant(script: OwnScript) -> None:
        processor = type("Processor", (), {"feature_extractor": WhisperFeatureExtractor(feature_size=mel_bins)})()
        script.collator = script.make_collator(whisper_processor=processor, encode_whisper_embed=True)

    return plant


# Batches of two


def two_at_once(script: OwnScript) -> None:
    """Collates two requests of different lengths, as a script that prepares a data set would."""

    def run() -> None:
        samples = []
        for sentence in (script.request.sentence, script.request.sentence + 1):
            script.prompt = prompts.plain(sentence, script.request.voice)
            samples.append(script.sample())
        script.after_collator(script.collator(samples))

    script.run = run  # type: ignore[method-assign]


# Not in the catalogue


def third_codebook_off(batch: Any) -> Any:
    """One more in every code of codebook 3, behind the delay pattern."""
    ids = batch.audio_out_ids.clone()
    ids[3] = torch.where(ids[3] < 1023, ids[3] + 1, ids[3])
    return replace(batch, audio_out_ids=ids)


def token_replaced(batch: Any) -> Any:
    """Another token in the middle of the prompt."""
    ids = batch.input_ids.clone()
    place = ids.shape[1] - 12
    ids[0, place] = (ids[0, place] + 7) % 500
    return replace(batch, input_ids=ids)


def reference_rolled(batch: Any) -> Any:
    """The reference's columns, rolled by three."""
    return replace(batch, audio_out_ids=batch.audio_out_ids.roll(3, dims=1))


def attention_gap(batch: Any) -> Any:
    """Five positions of the prompt that are not attended."""
    mask = batch.attention_mask.clone()
    mask[0, 5:10] = 0
    return replace(batch, attention_mask=mask)


def text_for_reference(batch: Any) -> Any:
    """The reference's placeholder replaced by a word."""
    ids = torch.where(batch.input_ids == 528, torch.full_like(batch.input_ids, 72), batch.input_ids)
    none = torch.zeros((0, 0), dtype=torch.long)
    return replace(batch, input_ids=ids, audio_out_ids=none, audio_out_ids_start=torch.zeros(0, dtype=torch.long))
