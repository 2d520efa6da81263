"""The hooks of the port in transformers 5: processor, `generate`, the sampler's steps, and the codec.

One row of a batch is one request. Each has the whole batch: what padding there is depends on the other rows.
"""

from __future__ import annotations

import contextlib
import inspect
import json
import sys
import weakref
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from ..events import Collated, Decoded, Encoded, Generated, PromptBuilt, Reverted, TextStep
from ..failures import raised
from ..journal import Entry
from ..tensors import Tensor, tensor
from . import live
from .core import Hooks, Make, Wrapper, is_own
from .steps import audio_step

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
REPAIRS = {
    "generation.temperature": "temperature",
    "generation.top-p": "top_p",
    "generation.top-k": "top_k",
    "generation.do-sample": "do_sample",
    "generation.budget": "max_new_tokens",
}
"""The repairs that can be made here: arguments of `generate`. Repetition-aware sampling is none of them."""
ARGUMENTS = tuple(REPAIRS.values())
TOKEN_KNOBS = {"strip": "bos-eos-search", "order": ["strip", "revert", "clip"], "join_segments": False}
"""What `batch_decode` does with a stream."""


class Stack:
    """Wraps the processor, `generate`, its steps, and the codec."""

    def __init__(self, hooks: Hooks) -> None:
        self._hooks = hooks
        self._codec: weakref.ref[Any] | None = None

    def makers(self) -> dict[str, Make]:
        """What makes each hook's wrapper, by the hook's name."""
        return {
            "processor": self._processor,
            "batch_decode": self._batch_decode,
            "revert": self._revert,
            "model": self._model_class,
            "sample": self._sample,
            "step": self._step,
            "encode": self._encode,
            "decode": self._decode,
        }

    def finish(self) -> None:
        """The codec's weights, where it only encoded."""
        codec = self._codec() if self._codec else None
        if codec is not None and not self._hooks.has_told("codec_weights"):
            self._hooks.tell(codec_weights=decode_side(codec))

    # The live objects

    def _saw_model(self, model: Any) -> None:
        self._hooks.tell(model_config=live.model_config(model))
        with contextlib.suppress(StopIteration):
            self._hooks.tell(placements={"model": live.placement(model)})

    def _saw_codec(self, codec: Any, *, decoding: bool) -> None:
        self._codec = weakref.ref(codec)
        if not self._hooks.has_told("codec_config"):
            self._hooks.tell(codec_config=codec_config(codec))
            if codec.name_or_path:
                self._hooks.tell(checkpoints={"codec": {"path": codec.name_or_path}})
        if decoding:
            self._hooks.tell(placements={"codec": live.placement(codec)})
            if not self._hooks.has_told("codec_weights"):
                self._hooks.tell(codec_weights=decode_side(codec))

    def _saw_processor(self, processor: Any) -> None:
        self._hooks.tell(tokens=tokens(processor))
        self._hooks.tell_provenance_once()

    def _inherited(self, original: Wrapper, attribute: str, name: str, make: Make) -> None:
        """Hooks a method that the class of `original` inherits: there, so that no other class is hooked."""
        with self._hooks.guard(name):
            holder = getattr(sys.modules[original.__module__], original.__qualname__.partition(".")[0])
            method = getattr(holder, attribute)
            if not is_own(method):
                self._hooks.put(holder, attribute, self._hooks.counted(name, method, make(method)))
                self._hooks.journal.note("installed", {name: f"{holder.__module__}.{holder.__name__}.{attribute}"})

    def _model_class(self, original: Wrapper) -> Wrapper:
        self._inherited(original, "generate", "generate", self._generate)

        def wrapper(model: Any, *args: Any, **kwargs: Any) -> None:
            original(model, *args, **kwargs)
            with self._hooks.guard("model"):
                self._saw_model(model)

        return wrapper

    # The prompt and the processor

    def _prompt(self, original: Wrapper) -> Wrapper:
        signature = inspect.signature(original)

        def wrapper(processor: Any, *args: Any, **kwargs: Any) -> Any:
            found: list[list[dict[str, Any]]] | None = None
            with self._hooks.guard("prompt"):
                given = signature.bind(processor, *args, **kwargs).arguments["conversation"]
                found = [list(one) for one in (given if isinstance(given[0], (list, tuple)) else [given])]
            outer, self._hooks.running.conversations = self._running("conversations"), found
            try:
                return original(processor, *args, **kwargs)
            finally:
                self._hooks.running.conversations = outer

        return wrapper

    def _processor(self, original: Wrapper) -> Wrapper:
        # Not the class's `__init__`: transformers reads the names of the arguments in its code.
        self._inherited(original, "apply_chat_template", "prompt", self._prompt)
        signature = inspect.signature(original)

        def wrapper(processor: Any, *args: Any, **kwargs: Any) -> Any:
            texts: list[str] = []
            place = self._hooks.site()
            with self._hooks.guard("processor"):
                self._saw_processor(processor)
                given = signature.bind(processor, *args, **kwargs).arguments.get("text")
                # The processor works in place on a list that it is given.
                texts = [given] if isinstance(given, str) else list(given or [])
            outer, self._hooks.running.encoded = self._running("encoded"), []
            try:
                batch = original(processor, *args, **kwargs)
            except BaseException as error:
                with self._hooks.guard("processor"):
                    ids = [processor.tokenizer(text, add_special_tokens=False)["input_ids"] for text in texts]
                    items = [{"input_ids": tensor(np.array(row, dtype="<i8"))} for row in ids]
                    self._collated(processor, items, Collated(items, knobs(processor, None), built=False), place, error)
                raise
            finally:
                encoded, self._hooks.running.encoded = self._running("encoded") or [], outer
            with self._hooks.guard("processor"):
                items = items_of(processor, batch, texts, encoded)
                event = Collated(items, knobs(processor, batch), present(batch), built=False)
                self._collated(processor, items, event, place, None)
            return batch

        return wrapper

    def _collated(
        self, processor: Any, items: list[Any], event: Collated, place: Any, error: BaseException | None
    ) -> None:
        """One event for each row; those of a batch differ in nothing but the messages before them."""
        event.site = place
        event.raised = None if error is None else raised(error)
        conversations = self._running("conversations") if self._hooks.options.text else None
        for row in range(max(len(items), 1)):
            has_messages = conversations is not None and row < len(conversations)
            self._hooks.add(PromptBuilt(messages(conversations[row]) if has_messages else None))
            self._hooks.add(event)

    # The model

    def _generate(self, original: Wrapper) -> Wrapper:
        signature = inspect.signature(original)

        def wrapper(model: Any, *args: Any, **kwargs: Any) -> Any:
            call: _Call | None = None
            place = self._hooks.site()
            repaired: list[str] = []
            with self._hooks.guard("generate"):
                kwargs, repaired = self._repaired(kwargs)
                bound = signature.bind(model, *args, **kwargs).arguments
                given = {**bound.pop("kwargs", {}), **bound}
                given.pop("self", None)
                inputs = given.pop("inputs", None)
                if inputs is not None:
                    given.setdefault("input_ids", inputs)
                self._saw_model(model)
                self._hooks.tell_provenance_once()
                call = self._begun(present(given), arguments(given), place, _returned(model, given), repaired)
            outer, self._hooks.running.generate = self._running("generate"), call
            try:
                with self._hooks.noting(*(call.entries if call is not None else [])):
                    return original(model, *args, **kwargs)
            finally:
                self._hooks.running.generate = outer

        return wrapper

    def _begun(
        self,
        batch: dict[str, Tensor],
        given: dict[str, Any],
        place: Any,
        returned: int = 1,
        repaired: Sequence[str] = (),
    ) -> _Call:
        rows = batch["input_ids"].shape[0] * returned
        events = [
            Generated(batch, given, site=place, row=row // returned, repaired=list(repaired)) for row in range(rows)
        ]
        return _Call([self._hooks.add(event) for event in events])

    def _repaired(self, given: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
        """Named arguments of `generate` with repairs, as far as they are arguments here. The port draws from torch's
        own generator: the seed of an experiment is set there."""
        if self._hooks.options.seed is not None:
            sys.modules["torch"].manual_seed(self._hooks.options.seed)
        if not self._hooks.repairs:
            return given, []
        made, _ = self._hooks.repairs.arguments({name: given[name] for name in ARGUMENTS if name in given})
        changed = {name: made[name] for name in ARGUMENTS if name in made and made[name] != given.get(name)}
        repaired = [key for key, name in REPAIRS.items() if key in self._hooks.repairs.ids and name in changed]
        return {**given, **changed}, repaired

    def _sample(self, original: Wrapper) -> Wrapper:
        """The sampling loop. Its lists of processors and criteria are handed on as ones that also listen: the first
        gets the logits and gives the scores, the second gets the text ids after each draw."""
        signature = inspect.signature(original)

        def wrapper(model: Any, *args: Any, **kwargs: Any) -> Any:
            call: _Call | None = None
            with self._hooks.guard("sample"):
                bound = signature.bind(model, *args, **kwargs)
                given = bound.arguments
                batch = {"input_ids": given["input_ids"], **given.get("model_kwargs", {})}
                call = self._running("generate") or self._begun(present(batch), {}, self._hooks.site())
                if len(call.entries) != given["input_ids"].shape[0]:
                    raise ValueError(f"{len(call.entries)} rows became {given['input_ids'].shape[0]}")
                call.begin(self._hooks, model.config, batch)
                config = given["generation_config"]
                call.eos_ids = live.eos_ids(config)
                for entry in call.entries:
                    entry.set(effective=effective(config, given["input_ids"], model.config), eos_ids=call.eos_ids)
                given["logits_processor"] = listening(given["logits_processor"], self._guarded(call.scored))
                given["stopping_criteria"] = listening(given["stopping_criteria"], self._guarded(call.drawn))
                args, kwargs = bound.args[1:], bound.kwargs
            outer, self._hooks.running.steps = self._running("steps"), call
            try:
                result = original(model, *args, **kwargs)
            finally:
                self._hooks.running.steps = outer
            with self._hooks.guard("sample"):
                if call is not None:
                    call.end(result)
            return result

        return wrapper

    def _step(self, original: Wrapper) -> Wrapper:
        """What the model is given for a step ends in the column that was drawn in the step before."""

        def wrapper(model: Any, *args: Any, **kwargs: Any) -> Any:
            with self._hooks.guard("step"):
                call, columns = self._running("steps"), kwargs.get("audio_input_ids")
                if call is not None and columns is not None:
                    call.column(columns[:, -1])
            return original(model, *args, **kwargs)

        return wrapper

    def _guarded(self, listener: Wrapper) -> Wrapper:
        def guarded(*heard: Any) -> None:
            with self._hooks.guard("audio_step"):
                listener(*heard)

        return guarded

    def _running(self, name: str) -> Any:
        return getattr(self._hooks.running, name, None)

    # Tokens and sound

    def _batch_decode(self, original: Wrapper) -> Wrapper:
        def wrapper(processor: Any, *args: Any, **kwargs: Any) -> Any:
            outer, self._hooks.running.reverting = self._running("reverting"), True
            try:
                return original(processor, *args, **kwargs)
            finally:
                self._hooks.running.reverting = outer

        return wrapper

    def _revert(self, original: Wrapper) -> Wrapper:
        """The processor's streams lie [L, C]; events have them as upstream does."""

        def wrapper(processor: Any, *args: Any, **kwargs: Any) -> Any:
            entry: Entry | None = None
            place = self._hooks.site()
            with self._hooks.guard("revert"):
                event = Reverted(tensor((args[0] if args else kwargs["input_ids"]).T), site=place)
                if self._running("reverting"):
                    event.knobs = {**TOKEN_KNOBS, "clip_max": int(processor.audio_stream_bos_id) - 1}
                entry = self._hooks.add(event)
            with self._hooks.noting(entry):
                result = original(processor, *args, **kwargs)
            with self._hooks.guard("revert"):
                if entry is not None:
                    entry.set(output=tensor(result.T))
            return result

        return wrapper

    def _encode(self, original: Wrapper) -> Wrapper:
        signature = inspect.signature(original)

        def wrapper(codec: Any, *args: Any, **kwargs: Any) -> Any:
            waveforms: list[Tensor] = []
            place = self._hooks.site()
            with self._hooks.guard("encode"):
                self._saw_codec(codec, decoding=False)
                given = signature.bind(codec, *args, **kwargs).arguments["input_values"]
                waveforms = [tensor(sound.reshape(-1).float()) for sound in given]
            result = original(codec, *args, **kwargs)
            with self._hooks.guard("encode"):
                rate = int(codec.config.sample_rate)
                for codes, waveform in zip(_member(result, "audio_codes"), waveforms):
                    event = Encoded(tensor(codes), waveform, rate, site=place)
                    self._hooks.add(event)
                    if self._running("encoded") is not None:
                        self._running("encoded").append(event.codes)
            return result

        return wrapper

    def _decode(self, original: Wrapper) -> Wrapper:
        signature = inspect.signature(original)

        def wrapper(codec: Any, *args: Any, **kwargs: Any) -> Any:
            entries: list[Entry] = []
            place = self._hooks.site()
            with self._hooks.guard("decode"):
                self._saw_codec(codec, decoding=True)
                given = signature.bind(codec, *args, **kwargs).arguments["audio_codes"]
                entries = [self._hooks.add(Decoded(tensor(codes), site=place)) for codes in given]
            with self._hooks.noting(*entries):
                result = original(codec, *args, **kwargs)
            with self._hooks.guard("decode"):
                for entry, waveform in zip(entries, _member(result, "audio_values")):
                    entry.set(waveform=tensor(waveform.reshape(-1).float()))
            return result

        return wrapper


class _Call:
    """A call of `generate` that is going on: an entry for each row.

    A step's logits and scores are heard before its draw. What was drawn, after repetition-aware sampling, is seen in
    what the loop hands to the model for the next step, and at the end in what it returns. A row that has ended draws no
    more: the columns of EOS that fill it up to the longest row's length are not its own.
    """

    def __init__(self, entries: list[Entry]) -> None:
        self.entries = entries
        self.eos_ids: list[int] = []
        self._hooks: Any = None
        self._lengths = [0] * len(entries)
        """Each row's own columns so far."""
        self._over = [False] * len(entries)
        self._waiting: list[tuple[Any, Any]] | None = None
        """Logits and scores [C, V] of each row, of the step whose draw is not known yet."""

    def begin(self, hooks: Hooks, config: Any, batch: dict[str, Any]) -> None:
        self._hooks, self._shape = hooks, (int(config.num_codebooks), int(config.codebook_size))
        columns = batch.get("audio_input_ids")
        self._references = 0 if columns is None else int(columns.shape[1])
        self._prompt = int(batch["input_ids"].shape[1])
        self._ids: Any = None

    def scored(self, _: Any, logits: Any, scores: Any) -> None:
        """What the processors were given, a copy made before they ran, and what they made of it."""
        shape = (len(self.entries), *self._shape)
        self._waiting = list(zip(logits.reshape(shape), scores.reshape(shape)))

    def drawn(self, ids: Any, *_: Any) -> None:
        """The text ids with those of this step."""
        self._ids = ids

    def column(self, columns: Any) -> None:
        """The last column of each row, [B, C], which was drawn in the step before."""
        waiting, self._waiting = self._waiting, None
        if waiting is None or self._ids is None:
            return
        tokens = self._ids[:, -1].tolist()
        for row, ((logits, scores), column, token) in enumerate(zip(waiting, columns, tokens)):
            if self._over[row]:
                continue
            if self._lengths[row] == 0:
                # The opening column is forced: upstream makes it in a step of text.
                self.entries[row].append("steps", TextStep(token, tensor(column)))
            else:
                options, ordinal = self._hooks.options, self._lengths[row] - 1
                step = audio_step(options, ordinal, logits, scores, column, None, None)
                step.token = token
                self.entries[row].append("steps", step)
            self._lengths[row] += 1
            self._over[row] = token in self.eos_ids

    def end(self, result: Any) -> None:
        """What the loop returned: streams [B, R + L, C] with the reference's columns before the generated ones."""
        streams = _member(result, "audio_sequences")
        self.column(streams[:, -1])
        for entry, stream, ids, length in zip(self.entries, streams, self._ids, self._lengths):
            own = stream[self._references : self._references + length]
            entry.set(segments=[tensor(own.T)], text_ids=tensor(ids[self._prompt : self._prompt + length]))


# What is read from the live objects


def listening(items: Any, listener: Wrapper) -> Any:
    """A list of processors or criteria of the same kind and with the same items, whose calls are also heard: first
    their arguments, with a copy of the second, then the result."""

    class Listening(type(items)):  # type: ignore[misc]
        def __call__(self, input_ids: Any, scores: Any, *args: Any, **kwargs: Any) -> Any:
            before = scores.clone() if hasattr(scores, "clone") else scores
            result = super().__call__(input_ids, scores, *args, **kwargs)
            listener(input_ids, before, result)
            return result

    return Listening(items)


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
    tokenizer = processor.tokenizer

    def id_of(name: str) -> int | None:
        found = tokenizer.convert_tokens_to_ids(name)
        return None if found is None or found == tokenizer.unk_token_id else int(found)

    return {
        "audio_in_token_id": id_of("<|AUDIO|>"),
        "audio_out_token_id": int(processor.audio_token_id),
        "audio_bos_token_id": id_of("<|audio_bos|>"),
        "audio_eos_token_id": int(processor.audio_eos_token_id),
        "audio_out_bos_token_id": int(processor.audio_bos_token_id),
        "audio_delay_token_id": int(processor.audio_delay_token_id),
        "eot_token_id": id_of("<|eot_id|>"),
        "end_of_text_token_id": id_of("<|end_of_text|>"),
        "pad_token_id": tokenizer.pad_token_id,
        "audio_stream_bos_id": int(processor.audio_stream_bos_id),
        "audio_stream_eos_id": int(processor.audio_stream_eos_id),
        "text_vocab_size": len(tokenizer),
        "assistant_header": tokenizer.encode(live.ASSISTANT_HEADER, add_special_tokens=False),
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
    return {name: tensor(value) for name, value in codec.state_dict().items() if is_decode_side(name)}


def is_decode_side(name: str) -> bool:
    if name.startswith("quantizer."):
        return ".project_out." in name or name.endswith(".codebook.embed")
    return name.startswith(("fc2.", "acoustic_decoder."))


def _returned(model: Any, given: dict[str, Any]) -> int:
    """How many sequences each prompt gets."""
    config = given.get("generation_config") or getattr(model, "generation_config", None)
    return int(given.get("num_return_sequences") or getattr(config, "num_return_sequences", None) or 1)


def _member(result: Any, name: str) -> Any:
    """A member of what a call returned; a bare tensor is that member."""
    return result if hasattr(result, "detach") else getattr(result, name)
