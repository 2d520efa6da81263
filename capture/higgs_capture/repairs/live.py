"""The repairs of one observed process, with what they need to know of the request that is going on."""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Iterator
from typing import Any

import numpy as np

from . import prompt
from .catalogue import CODES, STEPS, WRITING
from .codes import like, upstream_codes


@contextlib.contextmanager
def with_attributes(owner: Any, values: dict[str, Any]) -> Iterator[None]:
    """Gives an object other attributes for a time."""
    before = {name: getattr(owner, name) for name in values}
    vars(owner).update(values)
    try:
        yield
    finally:
        vars(owner).update(before)


SERVE_ENGINE: dict[str, dict[str, Any]] = {
    "generation.temperature": {"temperature": 0.7},
    "generation.top-p": {"top_p": 0.95},
    "generation.top-k": {"top_k": None},
    "generation.do-sample": {"do_sample": True},
    "generation.ras-window": {"ras_win_len": 7},
    "generation.ras-max-repeat": {"ras_win_max_num_repeat": 2},
    "generation.stop-strings": {"stop_strings": ["<|end_of_text|>", "<|eot_id|>"]},
}
"""The serving engine's arguments of `generate` (`HiggsAudioServeEngine.generate`)."""
CODES_OF_REFERENCE = (
    "collator.reference-codes-wrong",
    "collator.delay-twice",
    "collator.codebook-order",
    "collator.codebook-count",
)
"""Repaired with the codes that the codec's encode gave."""
ROOMY = 1024
"""The least token limit that `generation.budget` gives: upstream's own example's."""
HOP = 960


class LiveRepairs:
    """Repairs what passes by, and says of each what it really changed.

    Every method takes what a hook has in hand and gives back what is to go on in its place, with the ids of the
    repairs that changed something; where none is asked for, it gives back the very same object.
    """

    def __init__(self, ids: tuple[str, ...]) -> None:
        self.ids = set(ids)
        self.tokens: dict[str, Any] = {}
        self.config: Any = None
        """The live model's configuration."""
        self.encoded: list[tuple[Any, int | None, int | None]] = []
        """Since the last collator call: codes [C, T], and samples and rate of the sound."""
        self._streams: list[np.ndarray] = []
        self._next = 0
        self._chunk = 0
        self._sound: list[np.ndarray] = []

    def __bool__(self) -> bool:
        return bool(self.ids)

    # The collator

    def sample(self, sample: Any) -> tuple[Any, list[str]]:
        """A ChatML sample, repaired in a copy."""
        made, applied = copy.copy(sample), []
        segments = [codes for codes, _, _ in self.encoded] or _cut(sample)
        lengths = [int(codes.shape[-1]) for codes in segments]

        def put(name: str, field: str, value: Any) -> None:
            before = getattr(made, field)
            if not _same(before, value):
                setattr(made, field, value)
                applied.append(name)

        for name in CODES_OF_REFERENCE:
            if name in self.ids and self.encoded and made.audio_ids_concat is not None:
                joined = np.concatenate([codes.numpy() for codes in segments], axis=1)
                changed = joined.shape[1] != made.audio_ids_concat.shape[1]
                put(name, "audio_ids_concat", made.audio_ids_concat.new_tensor(joined.tolist()))
                if changed and made.audio_ids_start is not None:
                    made.audio_ids_start = made.audio_ids_start.new_tensor(prompt.starts_of(lengths))
        if "collator.surplus-placeholder" in self.ids and self.tokens:
            places = prompt.surplus_placeholders(made.input_ids.numpy(), len(segments), self.tokens)
            if places:
                put("collator.surplus-placeholder", "input_ids", prompt.without(made.input_ids, places))
        if "collator.trailing-start" in self.ids and made.audio_ids_start is not None:
            starts = made.audio_ids_start
            if len(starts) == len(lengths) + 1 and starts.tolist() == [*prompt.starts_of(lengths), sum(lengths)]:
                put("collator.trailing-start", "audio_ids_start", starts[:-1])
        if "collator.starts-wrong" in self.ids and made.audio_ids_start is not None:
            starts = made.audio_ids_start.new_tensor(prompt.starts_of(lengths))
            put("collator.starts-wrong", "audio_ids_start", starts)
        if "collator.waveforms-present" in self.ids:
            for field in ("audio_waveforms_concat", "audio_waveforms_start", "audio_sample_rate"):
                put("collator.waveforms-present", field, None)
        if "collator.waveform-rate" in self.ids:
            self._label_rate(made, put)
        header = self.tokens.get("assistant_header") or []
        if "collator.missing-generation-prompt" in self.ids:
            put("collator.missing-generation-prompt", "input_ids", prompt.followed_by(made.input_ids, header))
        opening = self.tokens.get("audio_out_bos_token_id")
        if "collator.missing-audio-out-bos" in self.ids and opening is not None:
            put("collator.missing-audio-out-bos", "input_ids", prompt.followed_by(made.input_ids, [opening]))
        self.encoded = []
        return made, list(dict.fromkeys(applied))

    def _label_rate(self, sample: Any, put: Any) -> None:
        """The rate of the attached waveform, from how long the sound is that was encoded."""
        known = [(samples, rate) for _, samples, rate in self.encoded if samples and rate]
        waveform = sample.audio_waveforms_concat
        if len(known) == 1 and waveform is not None and sample.audio_sample_rate is not None and waveform.numel():
            samples, rate = known[0]
            true = round(waveform.shape[-1] * rate / samples / 50) * 50
            put("collator.waveform-rate", "audio_sample_rate", sample.audio_sample_rate.new_tensor([float(true)]))

    def flags(self, collator: Any) -> tuple[dict[str, Any], list[str]]:
        """Settings that the collator is to have while it is called, as the model is configured."""
        if not self.ids:
            return {}, []
        given: dict[str, dict[str, Any]] = {
            "collator.return-audio-in-tokens": {"return_audio_in_tokens": False},
            "collator.pad-side": {"pad_left": False},
            "collator.round-to": {"round_to": 1},
            "collator.codes-transform-disabled": {"disable_audio_codes_transform": False},
        }
        config = self.config
        if config is not None:
            given["collator.pad-token"] = {"pad_token_id": config.pad_token_id}
            given["collator.delay-pattern"] = {"use_delay_pattern": config.use_delay_pattern}
            given["collator.codebook-count"] = {"audio_num_codebooks": config.audio_num_codebooks}
            given["collator.stream-ids"] = {
                "audio_stream_bos_id": config.audio_stream_bos_id,
                "audio_stream_eos_id": config.audio_stream_eos_id,
            }
            if not config.encode_whisper_embed:
                # On it cannot be switched: that needs a processor.
                given["collator.whisper-forced"] = {"encode_whisper_embed": False}
        changes: dict[str, Any] = {}
        applied = []
        for name in [name for name in given if name in self.ids]:
            new = {key: value for key, value in given[name].items() if getattr(collator, key) != value}
            changes.update(new)
            applied += [name] if new else []
        return changes, applied

    # The model

    def arguments(self, given: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
        """Arguments of `generate`."""
        made, applied = dict(given), []
        for name in [name for name in SERVE_ENGINE if name in self.ids]:
            for argument, value in SERVE_ENGINE[name].items():
                if argument not in made or made[argument] != value:
                    made[argument] = value
                    applied.append(name)
        limit = made.get("max_new_tokens")
        if "generation.budget" in self.ids and limit is not None:
            made["max_new_tokens"] = max(4 * limit, ROOMY)
            applied.append("generation.budget")
        if "collator.round-to" in self.ids:
            applied += _unpad(made)
        return made, applied

    def begins(self, streams: list[np.ndarray]) -> None:
        """What `generate` returned: delayed streams [C, L]. Decode calls that follow are of these."""
        self._streams = streams
        self._next = self._chunk = 0

    @property
    def upstream_steps(self) -> list[str]:
        """The repairs that upstream's own sampler's step is."""
        return [name for name in STEPS if name in self.ids]

    # The codec

    def codes(self, given: Any) -> tuple[list[Any], list[str]]:
        """What to decode in the place of codes [1, C, T]: one tensor, or one for each joined segment."""
        asked = self.ids & set(CODES)
        if not asked or not self._streams or self._next >= len(self._streams):
            return [given], []
        size = int(getattr(self.config, "audio_codebook_size", 1024))
        rest = self._streams[self._next :]
        whole = len(rest) > 1 and given.shape[-1] > max(stream.shape[1] for stream in rest)
        taken = rest if whole else rest[:1]
        self._next += len(taken)
        right = [upstream_codes(stream, size, self.ids) for stream in taken]
        joined = [np.concatenate(right, axis=1)]
        separate = whole and "tokens.joined-segments" in self.ids
        made = [like(codes, given) for codes in (right if separate else joined)]
        if len(made) == 1 and _same(made[0], given):
            return [given], []
        return made, [name for name in CODES if name in asked and (separate or name != "tokens.joined-segments")]

    def decoded(self, waveforms: Any) -> None:
        """What the codec gave, [B, 1, N]; the sound of the request so far."""
        self._sound += [np.array(waveform).reshape(-1) for waveform in waveforms]

    def chunk_of_whole(self, given: Any, decode: Any) -> tuple[Any, list[str]]:
        """With `decode.chunked`: the part of the whole segment's sound that the chunk [1, C, T] stands for, or None."""
        if "decode.chunked" not in self.ids or len(self._streams) != 1:
            return None, []
        size = int(getattr(self.config, "audio_codebook_size", 1024))
        chunk = np.array(given.cpu())[0]
        # Chunks come in order: one of two equal places is the one behind the last chunk's.
        codes = np.concatenate([upstream_codes(stream, size, set()) for stream in self._streams], axis=1)
        frames = chunk.shape[1]
        for start in range(self._chunk, codes.shape[1] - frames + 1):
            if frames < codes.shape[1] and np.array_equal(codes[:, start : start + frames], chunk):
                self._chunk = start + 1
                return decode(like(codes, given))[..., start * HOP : (start + frames) * HOP], ["decode.chunked"]
        return None, []

    # The file

    def writing(self, data: Any, rate: Any) -> tuple[Any, Any, str | None, list[str]]:
        """Samples and rate for the writer, and a subtype of floats where that is the repair."""
        asked = self.ids & set(WRITING)
        if not asked or not self._sound:
            return data, rate, None, []
        sound, self._sound = np.concatenate(self._sound), []
        applied = [name for name in WRITING if name in asked and name not in ("decode.sample-rate", "decode.pcm-floor")]
        made: Any = sound if applied and not _same_sound(data, sound) else data
        applied = applied if made is sound else []
        if "decode.sample-rate" in asked and rate != 24_000:
            rate, applied = 24_000, [*applied, "decode.sample-rate"]
        subtype = "FLOAT" if "decode.pcm-floor" in asked else None
        return made, rate, subtype, applied + (["decode.pcm-floor"] if subtype else [])


def _cut(sample: Any) -> list[Any]:
    """Segments of a sample that no encode call gave, cut at its own starts; empty ones left out."""
    joined, starts = sample.audio_ids_concat, sample.audio_ids_start
    if joined is None or joined.numel() == 0:
        return []
    cuts = [0] if starts is None else [start for start in starts.tolist() if start < joined.shape[1]]
    return [joined[:, a:b] for a, b in zip(cuts, [*cuts[1:], joined.shape[1]])]


def _same(one: Any, other: Any) -> bool:
    if one is None or other is None:
        return one is other
    return one.shape == other.shape and bool((one == other).all())


def _same_sound(data: Any, sound: np.ndarray) -> bool:
    given = np.asarray(data)
    return given.shape == sound.shape and given.dtype.kind == "f" and np.array_equal(given.astype("<f4"), sound)


def _unpad(arguments: dict[str, Any]) -> list[str]:
    """Drops columns of the prompt that the mask leaves out at either end."""
    ids, mask = arguments.get("input_ids"), arguments.get("attention_mask")
    if ids is None or mask is None or ids.ndim != 2 or ids.shape[0] != 1:
        return []
    live = np.flatnonzero(np.array(mask.cpu())[0])
    if not live.size or live[-1] - live[0] + 1 == ids.shape[1]:
        return []
    first, last = int(live[0]), int(live[-1]) + 1
    arguments["input_ids"], arguments["attention_mask"] = ids[:, first:last], mask[:, first:last]
    return ["collator.round-to"]
