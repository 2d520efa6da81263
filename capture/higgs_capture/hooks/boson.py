"""The hooks of upstream's package, `boson_multimodal`: PyPI's 0.1.0 and 0.1.1, and its git repository."""

from __future__ import annotations

import copy
import functools
import inspect
from typing import Any

import numpy as np

from ..events import Collated, Encoded, Generated, PromptBuilt, Reverted, TextStep
from ..failures import raised
from ..journal import Entry
from ..repairs.live import with_attributes
from ..tensors import Tensor, tensor
from . import live
from .core import Hooks, Make, Wrapper, is_own, marked
from .pipeline import PipelineStack
from .steps import audio_step


class _Call:
    """A call of `generate` that is going on."""

    def __init__(self) -> None:
        self.entry: Entry | None = None
        self.prompt_length = 0
        self.audio_steps = 0


class Stack(PipelineStack):
    """Wraps the collator, `generate`, the sampler's steps, the revert and the codec."""

    def __init__(self, hooks: Hooks) -> None:
        super().__init__(hooks)
        self.kept_samples: list[Any] | None = None
        """Copies of the ChatML samples, where somebody asked for them."""
        self._collated = 0
        self._upstream_steps: dict[str, Wrapper] = {}
        """Upstream's own steps of the sampler, as they were when its module had just been imported."""
        self._overridden = False
        """Whether upstream's step runs in the place of another one."""

    def makers(self) -> dict[str, Make]:
        """What makes the wrapper of each hook."""
        return {
            "collator_made": self._collator_made,
            "collator": self._collator,
            "model": self._model_made,
            "generate": self._generate,
            "sample": self._sample,
            "audio_step": self._audio_step,
            "text_step": self._text_step,
            "revert": self._revert,
            "encode": self._encode,
            "decode": self._decode,
            "load_codec": self._load_codec,
            "prompt": self._prompt,
        }

    def codec_config(self, codec: Any) -> dict[str, Any]:
        return live.codec_config(codec)

    def codec_decode_side(self, codec: Any) -> dict[str, Tensor]:
        return live.codec_decode_side(codec)

    # The live objects

    def already_loaded(self, model: Any, codec: Any, codec_path: str | None) -> None:
        """Notes live objects that no hook saw being made."""
        with self._hooks.guard("loaded"):
            if model is not None:
                self._saw_model(model)
            if codec is not None:
                self._saw_codec(codec, decoding=False)
            if codec_path is not None:
                self._hooks.tell(checkpoints={"codec": {"path": codec_path}})

    def _saw_tokenizer(self, tokenizer: Any) -> None:
        model = self._model() if self._model else None
        tokens = live.tokens(tokenizer, getattr(model, "config", None))
        self._hooks.repairs.tokens = tokens
        self._hooks.tell(tokens=tokens)

    def _load_codec(self, original: Wrapper) -> Wrapper:
        signature = inspect.signature(original)

        def wrapper(*args: Any, **kwargs: Any) -> Any:
            with self._hooks.guard("load_codec"):
                path = str(signature.bind(*args, **kwargs).arguments["tokenizer_name_or_path"])
                self._hooks.tell(checkpoints={"codec": {"path": path}})
            return original(*args, **kwargs)

        return wrapper

    # The prompt and the collator

    def _prompt(self, original: Wrapper) -> Wrapper:
        signature = inspect.signature(original)

        def wrapper(*args: Any, **kwargs: Any) -> Any:
            with self._hooks.guard("prompt"):
                given = signature.bind(*args, **kwargs).arguments
                self._saw_tokenizer(given["tokenizer"])
                event = PromptBuilt(live.messages(given["sample"]) if self._hooks.options.text else None)
                if self.kept_samples is not None:
                    event.index = len(self.kept_samples)
                    self.kept_samples.append(copy.deepcopy(given["sample"]))
                self._hooks.add(event)
            return original(*args, **kwargs)

        return wrapper

    def _collator_made(self, original: Wrapper) -> Wrapper:
        """A subclass that overrides `__call__` is hooked when its first object is made."""

        def wrapper(collator: Any, *args: Any, **kwargs: Any) -> None:
            original(collator, *args, **kwargs)
            with self._hooks.guard("collator"):
                holder = next(kind for kind in type(collator).__mro__ if "__call__" in vars(kind))
                method = vars(holder)["__call__"]
                if not is_own(method):
                    wrapped = self._hooks.counted("collator", method, self._overriding_collator(method))
                    self._hooks.put(holder, "__call__", wrapped)

        return wrapper

    def _collator(self, original: Wrapper) -> Wrapper:
        signature = inspect.signature(original)

        def wrapper(collator: Any, *args: Any, **kwargs: Any) -> Any:
            entry: Entry | None = None
            place = self._hooks.site()
            repaired: list[str] = []
            changes: dict[str, Any] = {}
            changed: list[str] = []
            with self._hooks.guard("collator"):
                samples = signature.bind(collator, *args, **kwargs).arguments["batch"]
                if self._hooks.repairs:
                    samples, repaired = _each(self._hooks.repairs.sample, samples)
                    args, kwargs = (samples,), {}
                changes, changed = self._hooks.repairs.flags(collator)
            with with_attributes(collator, changes):
                with self._hooks.guard("collator"):
                    event = Collated(*_given(collator, samples), site=place, repaired=[*repaired, *changed])
                    entry = self._hooks.add(event)
                    self._collated += 1
                with self._hooks.noting(entry):
                    batch = original(collator, *args, **kwargs)
            with self._hooks.guard("collator"):
                if entry is not None:
                    entry.set(batch=live.fields(batch))
            return batch

        return wrapper

    def _overriding_collator(self, original: Wrapper) -> Wrapper:
        """A subclass's `__call__`. It is recorded only if it did not call upstream's, which records itself: what it
        changes before and after that is seen in what upstream's was given and in what `generate` receives."""

        def wrapper(collator: Any, samples: Any, *args: Any, **kwargs: Any) -> Any:
            event: Collated | None = None
            place, before = self._hooks.site(), self._collated
            with self._hooks.guard("collator"):
                event = Collated(*_given(collator, samples), site=place)
            try:
                batch = original(collator, samples, *args, **kwargs)
            except BaseException as error:
                with self._hooks.guard("collator"):
                    if event is not None and self._collated == before:
                        event.raised = raised(error)
                        self._hooks.add(event)
                raise
            with self._hooks.guard("collator"):
                if event is not None and self._collated == before:
                    event.batch = live.fields(batch)
                    self._hooks.add(event)
            return batch

        return wrapper

    # The model

    def _generate(self, original: Wrapper) -> Wrapper:
        signature = inspect.signature(original)

        def wrapper(model: Any, *args: Any, **kwargs: Any) -> Any:
            call = _Call()
            place = self._hooks.site()
            repaired: list[str] | None = None
            with self._hooks.guard("generate"):
                bound = signature.bind(model, *args, **kwargs).arguments
                given = {**bound.pop("kwargs", {}), **bound}
                given.pop("self", None)
                given, repaired = self._repaired_arguments(given)
                if repaired is not None:
                    args, kwargs = (), given
                self._saw_model(model)
                self._hook_overrides(model)
                self._hooks.tell_provenance_once()
                if given.get("tokenizer") is not None:
                    self._saw_tokenizer(given["tokenizer"])
                event = Generated(
                    live.batch_arguments(given), live.json_arguments(given), site=place, repaired=repaired or []
                )
                event.stop_ids = live.stop_ids(given)
                call.prompt_length = int(event.batch["input_ids"].shape[-1])
                call.entry = self._hooks.add(event)
            outer = self._running("generate")
            self._hooks.running.generate = call
            try:
                with self._hooks.noting(call.entry):
                    result = original(model, *args, **kwargs)
            finally:
                self._hooks.running.generate = outer
            with self._hooks.guard("generate"):
                if call.entry is not None:
                    if self._overridden:
                        call.entry.set(repaired=[*(repaired or []), *self._hooks.repairs.upstream_steps])
                    segments, text_ids = live.generated(result, call.prompt_length)
                    call.entry.set(segments=segments, text_ids=text_ids)
                    if self._hooks.repairs:
                        self._hooks.repairs.begins([segment.values for segment in segments])
                    if self._hooks.options.text and given.get("tokenizer") is not None:
                        call.entry.set(text=given["tokenizer"].decode(text_ids.values.tolist()))
            return result

        return wrapper

    def _repaired_arguments(self, given: dict[str, Any]) -> tuple[dict[str, Any], list[str] | None]:
        """Arguments of `generate` with repairs and with the seed of an experiment; None where they are as given."""
        if not self._hooks.repairs and self._hooks.options.seed is None:
            return given, None
        given, repaired = self._hooks.repairs.arguments(given)
        if self._hooks.options.seed is not None:
            given["seed"] = self._hooks.options.seed
        return given, repaired

    def _hook_overrides(self, model: Any) -> None:
        """Wraps steps that a subclass, an instance or a later patch put in the place of upstream's."""
        for name, attribute, make in (
            ("audio_step", "_sample_audio_tokens", self._audio_step),
            ("text_step", "_sample_text_tokens", self._text_step),
        ):
            holder = next((place for place in (model, *type(model).__mro__) if attribute in vars(place)), None)
            if holder is None or is_own(vars(holder)[attribute]):
                continue
            with self._hooks.guard(name):
                original = vars(holder)[attribute]
                bound = holder is model
                step = _unbound(original) if bound else original
                if self._hooks.repairs.upstream_steps and attribute in self._upstream_steps:
                    step = self._upstream_steps[attribute]
                    self._overridden = True
                wrapper = self._hooks.counted(name, original, make(step))
                wrapper = marked(functools.partial(wrapper, model)) if bound else wrapper
                self._hooks.put(holder, attribute, wrapper)

    def _sample(self, original: Wrapper) -> Wrapper:
        signature = inspect.signature(original)

        def wrapper(model: Any, *args: Any, **kwargs: Any) -> Any:
            with self._hooks.guard("sample"):
                call = self._running("generate")
                if call is not None and call.entry is not None:
                    given = signature.bind(model, *args, **kwargs).arguments
                    config = given["generation_config"]
                    effective = live.effective_parameters(config, given["input_ids"])
                    call.entry.set(effective=effective, eos_ids=live.eos_ids(config))
            return original(model, *args, **kwargs)

        return wrapper

    def _audio_step(self, original: Wrapper) -> Wrapper:
        signature = inspect.signature(original)
        self._upstream_steps.setdefault("_sample_audio_tokens", original)

        def wrapper(model: Any, *args: Any, **kwargs: Any) -> Any:
            logits = None
            with self._hooks.guard("audio_step"):
                given = {**kwargs, **signature.bind(model, *args, **kwargs).arguments}
                # A copy: the step that follows may work in place.
                logits = given["audio_logits"][-1].detach().float().clone()
            with self._hooks.outermost("step") as outermost:
                result = original(model, *args, **kwargs)
            with self._hooks.guard("audio_step"):
                call = self._running("generate")
                if outermost and call is not None and call.entry is not None and logits is not None:
                    _, column, _, scores, num_delay, remaining = result
                    step = audio_step(
                        self._hooks.options, call.audio_steps, logits, scores, column, int(num_delay), _count(remaining)
                    )
                    call.audio_steps += 1
                    call.entry.append("steps", step)
            return result

        return wrapper

    def _text_step(self, original: Wrapper) -> Wrapper:
        self._upstream_steps.setdefault("_sample_text_tokens", original)

        def wrapper(model: Any, *args: Any, **kwargs: Any) -> Any:
            with self._hooks.outermost("step") as outermost:
                result = original(model, *args, **kwargs)
            with self._hooks.guard("text_step"):
                call = self._running("generate")
                if outermost and call is not None and call.entry is not None:
                    column = None if result[1] is None else tensor(result[1])
                    call.entry.append("steps", TextStep(int(result[0][0]), column))
            return result

        return wrapper

    # Tokens and sound

    def _revert(self, original: Wrapper) -> Wrapper:
        def wrapper(data: Any) -> Any:
            entry: Entry | None = None
            place = self._hooks.site()
            with self._hooks.guard("revert"):
                entry = self._hooks.add(Reverted(tensor(data), site=place))
            with self._hooks.noting(entry):
                result = original(data)
            with self._hooks.guard("revert"):
                if entry is not None:
                    entry.set(output=tensor(result))
            return result

        return wrapper

    def _encode(self, original: Wrapper) -> Wrapper:
        signature = inspect.signature(original)

        def wrapper(codec: Any, *args: Any, **kwargs: Any) -> Any:
            waveform = rate = None
            place = self._hooks.site()
            with self._hooks.guard("encode"):
                self._saw_codec(codec, decoding=False)
                given = signature.bind(codec, *args, **kwargs).arguments
                waveform, rate = live.sound(given["audio_path_or_wv"], given.get("sr"))
            codes = original(codec, *args, **kwargs)
            with self._hooks.guard("encode"):
                if self._hooks.repairs:
                    length = None if waveform is None else waveform.shape[-1]
                    self._hooks.repairs.encoded.append((live.unbatched(codes).detach().cpu(), length, rate))
                self._hooks.add(Encoded(tensor(live.unbatched(codes)), waveform, rate, site=place))
            return codes

        return wrapper

    def _decode(self, original: Wrapper) -> Wrapper:
        signature = inspect.signature(original)

        def wrapper(codec: Any, *args: Any, **kwargs: Any) -> Any:
            place = self._hooks.site()
            if not self._hooks.repairs:
                given = None
                with self._hooks.guard("decode"):
                    given = signature.bind(codec, *args, **kwargs).arguments["vq_code"]
                return self._decoded(
                    functools.partial(original, codec, *args, **kwargs), codec, given, _waveforms, place, []
                )
            repairs = self._hooks.repairs
            given = signature.bind(codec, *args, **kwargs).arguments["vq_code"]
            pieces, repaired = [given], []
            with self._hooks.guard("decode"):
                pieces, repaired = repairs.codes(given)
            sounds = []
            for piece in pieces:
                call, applied = functools.partial(original, codec, piece), list(repaired)
                with self._hooks.guard("decode"):
                    whole, part = repairs.chunk_of_whole(piece, functools.partial(original, codec))
                    if part:
                        call, applied = functools.partial(_answer, whole), [*applied, *part]
                sounds.append(self._decoded(call, codec, piece, _waveforms, place, applied))
            with self._hooks.guard("decode"):
                repairs.decoded([sound for batch in sounds for sound in batch])
            return sounds[0] if len(sounds) == 1 else np.concatenate(sounds, axis=-1)

        return wrapper


def _answer(value: Any) -> Any:
    return value


def _waveforms(result: Any) -> Any:
    """Upstream's codec returns nothing but its waveforms."""
    return result


def _each(repair: Any, samples: Any) -> tuple[list[Any], list[str]]:
    """Each sample of a batch repaired, and all that was."""
    made = [repair(sample) for sample in samples]
    return [sample for sample, _ in made], list(dict.fromkeys(name for _, names in made for name in names))


def _given(collator: Any, samples: Any) -> tuple[list[dict[str, Tensor]], dict[str, Any]]:
    return [live.fields(sample) for sample in samples], live.collator_knobs(collator)


def _count(remaining: Any) -> int | None:
    return None if remaining is None else int(remaining)


def _unbound(method: Wrapper) -> Wrapper:
    """A method that is bound already, as a function of the object and its arguments."""

    def function(_: Any, /, *args: Any, **kwargs: Any) -> Any:
        return method(*args, **kwargs)

    return function
