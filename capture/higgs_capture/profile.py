"""The captured profile: each knob of the pipeline, as far as it was seen, under `<stage>.<knob>`."""

from __future__ import annotations

from typing import Any

import numpy as np

from .association import Request
from .chunks import layout
from .events import Collated, Decoded, Encoded, Surroundings
from .tensors import Tensor

_ABSENT_FIELDS = (
    "audio_ids_concat",
    "audio_ids_start",
    "audio_waveforms_concat",
    "audio_waveforms_start",
    "audio_sample_rate",
)
_GENERATION_KNOBS = (
    "do_sample",
    "temperature",
    "top_k",
    "top_p",
    "ras_win_len",
    "ras_win_max_num_repeat",
    "stop_strings",
    "max_new_tokens",
    "seed",
    "use_cache",
)
_MODEL_KNOBS = (
    "use_delay_pattern",
    "audio_num_codebooks",
    "audio_codebook_size",
    "audio_stream_bos_id",
    "audio_stream_eos_id",
)


def profile(request: Request, surroundings: Surroundings) -> dict[str, Any]:
    """All knobs of one request. A knob that nothing showed is left out."""
    knobs: dict[str, Any] = {}
    if request.collated is not None:
        knobs.update(_collator(request.collated, request.encoded))
    knobs.update(_generation(request, surroundings))
    knobs.update(_tokens(request))
    knobs.update(_decode(request, surroundings))
    return knobs


def common(profiles: list[dict[str, Any]]) -> dict[str, Any]:
    """What all requests of a run agree on."""
    if not profiles:
        return {}
    first, *rest = profiles
    return {k: v for k, v in first.items() if all(k in other and other[k] == v for other in rest)}


def _collator(call: Collated, encoded: list[list[Encoded]]) -> dict[str, Any]:
    knobs = dict(call.knobs)
    if call.items and call.built:
        knobs.update(_sample(call.items[0], encoded[0], call.knobs))
    return {f"collator.{name}": value for name, value in knobs.items()}


def _sample(item: dict[str, Tensor], encoded: list[Encoded], knobs: dict[str, Any]) -> dict[str, Any]:
    lengths = [segment.codes.shape[-1] for segment in encoded]
    ids = item["input_ids"].values
    placeholders = int(np.isin(ids, [knobs["audio_in_token_id"], knobs["audio_out_token_id"]]).sum())
    found: dict[str, Any] = {
        "audio_ids_start": _starts(item["audio_ids_start"], lengths, absent="absent"),
        "waveforms": _presence(item["audio_waveforms_concat"], "attached"),
        "waveforms_start": _waveform_starts(item),
        "waveform_sample_rate": _first(item["audio_sample_rate"]),
        "audio_speaker_indices": _presence(item["audio_speaker_indices"], "given"),
        "placeholders": "one-per-segment" if placeholders == len(encoded) else "as-prompted",
    }
    kinds = [_presence(item[name], "given") for name in _ABSENT_FIELDS]
    if "empty" in kinds:
        found["no_audio"] = "empty"
    elif "none" in kinds:
        found["no_audio"] = "none"
    return found


def _presence(item: Tensor, present: str) -> str:
    if item.data is None:
        return "none"
    return present if item.data.size else "empty"


def _starts(item: Tensor, lengths: list[int], *, absent: str) -> str:
    """How starts relate to the lengths of what they start: one each, or with the total behind."""
    if item.data is None or item.data.size == 0:
        return absent
    offsets = [0, *np.cumsum(lengths).tolist()]
    given = [int(start) for start in item.data.reshape(-1)]
    if given == offsets[:-1]:
        return "exclusive"
    return "with-total" if given == offsets else "other"


def _waveform_starts(item: dict[str, Tensor]) -> str:
    starts, joined, rates = (
        item[name].data for name in ("audio_waveforms_start", "audio_waveforms_concat", "audio_sample_rate")
    )
    if starts is None:
        return "none"
    if starts.size == 0:
        return "empty"
    total = 0 if joined is None else joined.shape[-1]
    given = [int(start) for start in starts.reshape(-1)]
    count = len(given) if rates is None else rates.size
    rising = given[0] == 0 and given == sorted(given)
    if rising and len(given) == count and given[-1] < max(total, 1):
        return "exclusive"
    return "with-total" if rising and len(given) == count + 1 and given[-1] == total else "other"


def _first(item: Tensor) -> float | None:
    if item.data is None or item.data.size == 0:
        return None
    return float(item.values.reshape(-1)[0])


def _generation(request: Request, surroundings: Surroundings) -> dict[str, Any]:
    knobs: dict[str, Any] = {}
    config = surroundings.model_config or {}
    knobs.update({name: config[name] for name in _MODEL_KNOBS if name in config})
    call = request.generated
    if call is not None:
        # As given first; what the call left out has the value that upstream then uses.
        knobs.update(call.effective)
        knobs.update(call.arguments)
        knobs.setdefault("seed", None)
    return {f"generation.{name}": value for name, value in knobs.items()}


def _tokens(request: Request) -> dict[str, Any]:
    knobs: dict[str, Any] = {}
    segments = request.segments
    for revert in request.reverts:
        knobs.update({f"tokens.{name}": value for name, value in revert.knobs.items()})
    if segments and request.reverts:
        knobs["tokens.revert"] = len(request.reverts) // len(segments)
    if len(segments) > 1 and request.decodes:
        knobs["tokens.join_segments"] = len(request.decodes) < len(segments)
    return knobs


def _frames(calls: list[Decoded]) -> int:
    return sum(call.codes.shape[1] for call in calls)


def _decode(request: Request, surroundings: Surroundings) -> dict[str, Any]:
    knobs: dict[str, Any] = {}
    if request.decodes:
        codec_config = surroundings.codec_config or {}
        count = codec_config.get("n_q", codec_config.get("num_quantizers"))
        # Of fewer codes the codec uses all: what was cut off was cut off before it.
        if count is not None and request.decodes[0].codes.shape[0] >= count:
            knobs["n_quantizers"] = count
        codec = surroundings.placements.get("codec")
        if codec:
            knobs["dtype"], knobs["device"] = codec["dtype"], codec["device"]
        if len(request.decodes) <= len(request.segments):
            knobs["chunk_frames"] = None
        else:
            calls = request.decode_calls(surroundings.codebook_size)
            found = layout(request.decodes, request.segments, surroundings.codebook_size)
            if found is not None:
                knobs["chunk_frames"], knobs["chunk_context"] = found
            elif len(calls) < len(request.decodes):
                knobs["chunk_frames"] = request.decodes[0].codes.shape[1]
                if _frames(calls) == _frames(request.decodes):
                    knobs["chunk_context"] = 0
    if request.written:
        knobs["sample_rate"] = request.written[-1].sample_rate
        knobs["subtype"] = request.written[-1].subtype
    return {f"decode.{name}": value for name, value in knobs.items()}
