"""Reads facts from the port's live objects. Nothing here changes them, and torch is never imported."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from ..tensors import Tensor, tensor
from . import live

BATCH_FIELDS = (
    "input_ids",
    "attention_mask",
    "audio_input_ids",
    "audio_input_ids_mask",
    "labels",
    "audio_labels",
)
"""In the processor's order. It leaves out what is not there, and so does a captured batch."""
_OBJECTS = {"logits_processor", "stopping_criteria", "streamer", "past_key_values", "generation_config", "tokenizer"}


def present(given: Any) -> dict[str, Tensor]:
    """The fields of a batch that are there."""
    return {name: tensor(given[name]) for name in BATCH_FIELDS if name in given and given[name] is not None}


def items_of(processor: Any, batch: Any, texts: Sequence[str], encoded: Sequence[Tensor]) -> list[dict[str, Tensor]]:
    """For each row its prompt, a placeholder for each segment as it was written, and the codes of its segments."""
    columns = int(processor.audio_tokenizer.config.num_quantizers) - 1
    left = iter(encoded)
    items = []
    for text, ids, mask in zip(texts, batch["input_ids"].tolist(), batch["attention_mask"].tolist()):
        prompt = written([token for token, seen in zip(ids, mask) if seen], processor, columns)
        item = {"input_ids": tensor(np.array(prompt, dtype="<i8"))}
        codes = [next(left).values for _ in range(text.count(processor.audio_token)) if encoded]
        if codes:
            item["audio_ids_concat"] = tensor(np.concatenate(codes, axis=1))
        items.append(item)
    return items


def written(ids: Sequence[int], processor: Any, delays: int) -> list[int]:
    """A prompt with one placeholder where the processor put a token for each column: those of the audio, then as many
    delay tokens as there are codebooks but one."""
    audio, delay = int(processor.audio_token_id), int(processor.audio_delay_token_id)

    def runs() -> Iterator[int]:
        place = 0
        while place < len(ids):
            start = place
            while place < len(ids) and ids[place] == audio:
                place += 1
            end = place
            while place < len(ids) and ids[place] == delay and place - end < delays:
                place += 1
            if place - end == delays > 0:
                yield audio
            elif place > start:
                yield from ids[start:place]
            else:
                yield ids[place]
                place += 1

    return list(runs())


def knobs(processor: Any, batch: Any) -> dict[str, Any]:
    """The processor's settings under the names of the profile."""
    return {
        "batch_layout": "expanded",
        "placeholders": "as-prompted",
        "use_delay_pattern": True,
        "pad_side": _pad_side(processor, batch),
        "pad_token_id": processor.tokenizer.pad_token_id,
        "audio_num_codebooks": int(processor.audio_tokenizer.config.num_quantizers),
        "audio_stream_bos_id": int(processor.audio_stream_bos_id),
        "audio_stream_eos_id": int(processor.audio_stream_eos_id),
        "audio_out_token_id": int(processor.audio_token_id),
        "round_to": 1,
        "return_audio_in_tokens": False,
        "encode_whisper_embed": False,
        "whisper_mel_bins": None,
    }


def _pad_side(processor: Any, batch: Any) -> str:
    """Where the padding is, or would be."""
    mask = None if batch is None else batch["attention_mask"]
    if mask is not None and not bool(mask.all()):
        return "left" if bool((mask[:, 0] == 0).any()) else "right"
    return str(getattr(type(processor), "text_kwargs", {}).get("padding_side", "left"))


def tokens(processor: Any) -> dict[str, Any]:
    """Ids of the special tokens and of the assistant's header."""
    return {
        **live.prompt_ids(processor.tokenizer),
        "audio_out_token_id": int(processor.audio_token_id),
        "audio_eos_token_id": int(processor.audio_eos_token_id),
        "audio_out_bos_token_id": int(processor.audio_bos_token_id),
        "audio_delay_token_id": int(processor.audio_delay_token_id),
        "pad_token_id": processor.tokenizer.pad_token_id,
        "audio_stream_bos_id": int(processor.audio_stream_bos_id),
        "audio_stream_eos_id": int(processor.audio_stream_eos_id),
        "text_vocab_size": len(processor.tokenizer),
    }


def messages(conversation: Sequence[Any]) -> list[dict[str, Any]]:
    """A conversation as plain data; of sound in it only what it is."""
    found: list[dict[str, Any]] = json.loads(json.dumps(conversation, default=lambda value: type(value).__name__))
    for message in found:
        content = message.get("content")
        for part in content if isinstance(content, list) else []:
            for key in ("url", "audio", "base64"):
                if isinstance(part, dict) and len(str(part.get(key, ""))) > 1000:
                    part[key] = f"{len(str(part[key]))} characters"
    return found


def arguments(given: dict[str, Any]) -> dict[str, Any]:
    """Arguments of `generate` other than the batch; of objects only the types."""
    kept = {name: value for name, value in given.items() if name not in BATCH_FIELDS and name not in _OBJECTS}
    found = live.json_arguments({name: value for name, value in kept.items() if value is not None})
    for name in ("logits_processor", "stopping_criteria"):
        if given.get(name):
            found[name] = [type(item).__name__ for item in given[name]]
    return found


def effective(config: Any, input_ids: Any, model_config: Any) -> dict[str, Any]:
    """What the sampling loop uses, whoever set it: read from the prepared generation config."""
    has_window = None not in (getattr(config, "ras_win_len", None), getattr(config, "ras_win_max_num_repeat", None))
    specials = {int(model_config.audio_stream_bos_id), int(model_config.audio_stream_eos_id)}
    return {
        "do_sample": config.do_sample,
        "temperature": config.temperature,
        "top_k": config.top_k,
        "top_p": config.top_p,
        "use_cache": config.use_cache,
        "stop_strings": config.stop_strings or [],
        "max_new_tokens": int(config.max_length) - int(input_ids.shape[-1]),
        "ras_win_len": config.ras_win_len if has_window else None,
        "ras_win_max_num_repeat": config.ras_win_max_num_repeat if has_window else 2,
        "ras_counts_specials": False,
        "delay_machine": "mask",
        "use_delay_pattern": True,
        "audio_num_codebooks": int(model_config.num_codebooks),
        # The port counts the special ids in.
        "audio_codebook_size": int(model_config.codebook_size) - len(specials),
        "audio_stream_bos_id": int(model_config.audio_stream_bos_id),
        "audio_stream_eos_id": int(model_config.audio_stream_eos_id),
    }


def codec_config(codec: Any) -> dict[str, Any]:
    """The codec's configuration, with what the port derives of it."""
    plain: dict[str, Any] = live.model_config(codec)
    derived = ("num_quantizers", "hop_length", "frame_rate", "hidden_size")
    return {**plain, **{name: int(getattr(codec.config, name)) for name in derived}}


def decode_side(codec: Any) -> dict[str, Tensor]:
    """The tensors that decode reads, by state-dict name."""
    return live.decode_tensors(codec, ("fc2.", "acoustic_decoder."), ".codebook.embed")


def returned(model: Any, given: dict[str, Any]) -> int:
    """How many sequences each prompt gets."""
    config = given.get("generation_config") or getattr(model, "generation_config", None)
    return int(given.get("num_return_sequences") or getattr(config, "num_return_sequences", None) or 1)


def member(result: Any, name: str) -> Any:
    """A member of what a call returned; a bare tensor is that member."""
    return result if hasattr(result, "detach") else getattr(result, name)
