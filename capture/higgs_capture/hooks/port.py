"""The hooks of the port in transformers 5: processor, `generate`, the sampler's steps, and the codec.

One row of a batch is one request. Each has the whole batch: what padding there is depends on the other rows.
"""

from __future__ import annotations

import functools
import inspect
import sys
from collections.abc import Sequence
from typing import Any

import numpy as np

from ..events import Collated, Encoded, Generated, PromptBuilt, Reverted
from ..failures import raised
from ..journal import Entry
from ..tensors import Tensor, tensor
from . import live
from . import port_facts as facts
from .core import Make, Wrapper, is_own
from .pipeline import PipelineStack
from .port_loop import RunningRows, listening

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


class Stack(PipelineStack):
    """Wraps the processor, `generate`, its steps, and the codec."""

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

    # The live objects

    def codec_config(self, codec: Any) -> dict[str, Any]:
        return facts.codec_config(codec)

    def codec_decode_side(self, codec: Any) -> dict[str, Tensor]:
        return facts.decode_side(codec)

    def _saw_codec(self, codec: Any, *, decoding: bool) -> None:
        if codec.name_or_path and not self._hooks.has_told("codec_config"):
            self._hooks.tell(checkpoints={"codec": {"path": codec.name_or_path}})
        super()._saw_codec(codec, decoding=decoding)

    def _saw_processor(self, processor: Any) -> None:
        self._hooks.tell(tokens=facts.tokens(processor))
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
        return self._model_made(original)

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
                    event = Collated(items, facts.knobs(processor, None), built=False)
                    self._collated(processor, items, event, place, error)
                raise
            finally:
                encoded, self._hooks.running.encoded = self._running("encoded") or [], outer
            with self._hooks.guard("processor"):
                items = facts.items_of(processor, batch, texts, encoded)
                event = Collated(items, facts.knobs(processor, batch), facts.present(batch), built=False)
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
            self._hooks.add(PromptBuilt(facts.messages(conversations[row]) if has_messages else None))
            self._hooks.add(event)

    # The model

    def _generate(self, original: Wrapper) -> Wrapper:
        signature = inspect.signature(original)

        def wrapper(model: Any, *args: Any, **kwargs: Any) -> Any:
            call: RunningRows | None = None
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
                returned = facts.returned(model, given)
                call = self._begun(facts.present(given), facts.arguments(given), place, returned, repaired)
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
    ) -> RunningRows:
        rows = batch["input_ids"].shape[0] * returned
        events = [
            Generated(batch, given, site=place, row=row // returned, repaired=list(repaired)) for row in range(rows)
        ]
        return RunningRows([self._hooks.add(event) for event in events])

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
            call: RunningRows | None = None
            with self._hooks.guard("sample"):
                bound = signature.bind(model, *args, **kwargs)
                given = bound.arguments
                batch = {"input_ids": given["input_ids"], **given.get("model_kwargs", {})}
                call = self._running("generate") or self._begun(facts.present(batch), {}, self._hooks.site())
                if len(call.entries) != given["input_ids"].shape[0]:
                    raise ValueError(f"{len(call.entries)} rows became {given['input_ids'].shape[0]}")
                call.begin(self._hooks, model.config, batch)
                config = given["generation_config"]
                call.eos_ids = live.eos_ids(config)
                for entry in call.entries:
                    entry.set(effective=facts.effective(config, given["input_ids"], model.config), eos_ids=call.eos_ids)
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
                for codes, waveform in zip(facts.member(result, "audio_codes"), waveforms):
                    event = Encoded(tensor(codes), waveform, rate, site=place)
                    self._hooks.add(event)
                    if self._running("encoded") is not None:
                        self._running("encoded").append(event.codes)
            return result

        return wrapper

    def _decode(self, original: Wrapper) -> Wrapper:
        signature = inspect.signature(original)

        def wrapper(codec: Any, *args: Any, **kwargs: Any) -> Any:
            place, given = self._hooks.site(), None
            with self._hooks.guard("decode"):
                given = signature.bind(codec, *args, **kwargs).arguments["audio_codes"]
            call = functools.partial(original, codec, *args, **kwargs)
            return self._decoded(call, codec, given, _waveforms, place, [])

        return wrapper


def _waveforms(result: Any) -> Any:
    return facts.member(result, "audio_values").float()
