"""Wraps upstream's classes and functions where they are defined and wherever they were imported by name."""

from __future__ import annotations

import contextlib
import copy
import functools
import inspect
import sys
import threading
import traceback
import weakref
from collections.abc import Iterator
from types import ModuleType
from typing import Any, Callable

from . import live
from .events import (
    AudioStep,
    Collated,
    Decoded,
    Encoded,
    Event,
    Generated,
    PromptBuilt,
    Recording,
    Reverted,
    Site,
    TextStep,
    Written,
)
from .failures import raised
from .importing import ImportWatcher
from .sites import site
from .tensor import tensor

UPSTREAM = "boson_multimodal"
COLLATOR = f"{UPSTREAM}.data_collator.higgs_audio_collator"
MODEL = f"{UPSTREAM}.model.higgs_audio.modeling_higgs_audio"
MODEL_UTILS = f"{UPSTREAM}.model.higgs_audio.utils"
CODEC = f"{UPSTREAM}.audio_processing.higgs_audio_tokenizer"
DATASET = f"{UPSTREAM}.dataset.chatml_dataset"
SOUNDFILE = "soundfile"

Wrapper = Callable[..., Any]
_OWN = "higgs_capture_hook"
"""Attribute of this module's wrappers, which refers to the wrapper itself: `functools.wraps` copies attributes."""


class Hooks:
    """Installs the hooks, fills a `Recording`, and puts everything back.

    A hook never changes what it wraps: it copies arguments before the call, results after it, and
    passes both on untouched. If a hook itself fails, the failure is noted and the script goes on.
    """

    def __init__(self, recording: Recording, *, text: bool = False) -> None:
        self.recording = recording
        self._text = text
        self._watcher = ImportWatcher()
        self._undo: list[Callable[[], None]] = []
        self._running = threading.local()
        self._model: weakref.ref[Any] | None = None
        self._codec: weakref.ref[Any] | None = None
        self._tokenizer: weakref.ref[Any] | None = None

    # Installing

    def install(self) -> None:
        self._watcher.install()
        watch = self._watcher.watch
        watch(COLLATOR, self._on("HiggsAudioSampleCollator.__call__", "collator", self._collator))
        watch(MODEL, self._on("HiggsAudioModel.__init__", "model", self._model_made))
        watch(MODEL, self._on("HiggsAudioModel.generate", "generate", self._generate))
        watch(MODEL, self._on("HiggsAudioModel._sample", "sample", self._sample))
        watch(MODEL, self._on("HiggsAudioModel._sample_audio_tokens", "audio_step", self._audio_step))
        watch(MODEL, self._on("HiggsAudioModel._sample_text_tokens", "text_step", self._text_step))
        watch(MODEL_UTILS, self._on("revert_delay_pattern", "revert", self._revert))
        watch(CODEC, self._on("HiggsAudioTokenizer.encode", "encode", self._encode))
        watch(CODEC, self._on("HiggsAudioTokenizer.decode", "decode", self._decode))
        watch(CODEC, self._on("load_higgs_audio_tokenizer", "load_codec", self._load_codec))
        watch(DATASET, self._on("prepare_chatml_sample", "prompt", self._prompt))
        watch(SOUNDFILE, self._on("write", "write", self._write))

    def remove(self) -> None:
        self._watcher.remove()
        for undo in reversed(self._undo):
            undo()
        self._undo.clear()

    def __enter__(self) -> Hooks:
        self.install()
        return self

    def __exit__(self, *_: object) -> None:
        self.remove()

    def _on(self, target: str, name: str, make: Callable[[Wrapper], Wrapper]) -> Callable[[ModuleType], None]:
        """A callback that wraps `target` (a function, or Class.method) of the module it is given."""

        def attach(module: ModuleType) -> None:
            owner_name, _, attribute = target.rpartition(".")
            try:
                owner = getattr(module, owner_name) if owner_name else module
                original = vars(owner)[attribute]
                wrapper = self._counted(name, original, make(original))
                places = [owner] if owner_name else _importers(original)
                for place in places:
                    self._replace(place, attribute, original, wrapper)
                where = [getattr(place, "__name__", str(place)) for place in places]
                if owner_name:
                    where = [f"{module.__name__}.{owner_name}"]
                self.recording.hooks.installed[name] = ", ".join(f"{p}.{attribute}" for p in where)
                self.recording.hooks.called.setdefault(name, 0)
            except Exception as error:
                self._failed(name, error)

        return attach

    def _replace(self, place: Any, attribute: str, original: Any, wrapper: Any) -> None:
        for alias in [key for key, value in vars(place).items() if value is original]:
            setattr(place, alias, wrapper)
            self._undo.append(functools.partial(setattr, place, alias, original))

    def _counted(self, name: str, original: Wrapper, wrapper: Wrapper) -> Wrapper:
        called = self.recording.hooks.called

        @functools.wraps(original)
        def counting(*args: Any, **kwargs: Any) -> Any:
            called[name] = called.get(name, 0) + 1
            return wrapper(*args, **kwargs)

        return _marked(counting)

    # Keeping the observer out of the way

    @contextlib.contextmanager
    def _guard(self, name: str) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            self._failed(name, error)

    def _failed(self, name: str, error: Exception) -> None:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        self.recording.hooks.failed.setdefault(name, f"{type(error).__name__}: {error} ({frame.name}:{frame.lineno})")

    def _add(self, event: Event) -> None:
        self.recording.events.append(event)

    def _site(self) -> Site | None:
        """Where the user's own code made the call that a hook is in."""
        with self._guard("sites"):
            return site(sys._getframe(1))
        return None

    # The live objects

    @property
    def model(self) -> Any:
        return self._model() if self._model else None

    @property
    def codec(self) -> Any:
        return self._codec() if self._codec else None

    def already_loaded(self, model: Any, codec: Any, codec_path: str | None) -> None:
        """Notes live objects that no hook saw being made."""
        with self._guard("loaded"):
            if model is not None:
                self._saw_model(model)
            if codec is not None:
                self._saw_codec(codec, decoding=False)
            if codec_path is not None:
                self.recording.surroundings.checkpoints["codec"] = {"path": codec_path}

    def _saw_model(self, model: Any) -> None:
        self._model = weakref.ref(model)
        self.recording.surroundings.model_config = live.model_config(model)
        self.recording.surroundings.placements["model"] = live.placement(model)

    def _saw_tokenizer(self, tokenizer: Any) -> None:
        with contextlib.suppress(TypeError):
            self._tokenizer = weakref.ref(tokenizer)
        tokens = live.tokens(tokenizer, getattr(self.model, "config", None))
        self.recording.surroundings.tokens.update(tokens)

    def _saw_codec(self, codec: Any, *, decoding: bool) -> None:
        self._codec = weakref.ref(codec)
        surroundings = self.recording.surroundings
        surroundings.placements["codec"] = live.placement(codec)
        if surroundings.codec_config is None:
            surroundings.codec_config = live.codec_config(codec)
        if decoding and surroundings.codec_weights is None:
            surroundings.codec_weights = live.codec_decode_side(codec)

    def finish(self) -> None:
        """Reads what only the end of the run can tell. Called once, with the live objects still there."""
        surroundings = self.recording.surroundings
        with self._guard("provenance"):
            surroundings.provenance = live.provenance()
        with self._guard("codec_weights"):
            if surroundings.codec_weights is None and self.codec is not None:
                surroundings.codec_weights = live.codec_decode_side(self.codec)
        with self._guard("checkpoints"):
            for name, checkpoint in live.checkpoints(surroundings).items():
                surroundings.checkpoints.setdefault(name, {}).update(checkpoint)

    # One method a hook: original in, wrapper out

    def _prompt(self, original: Wrapper) -> Wrapper:
        signature = inspect.signature(original)

        def wrapper(*args: Any, **kwargs: Any) -> Any:
            with self._guard("prompt"):
                given = signature.bind(*args, **kwargs).arguments
                self._saw_tokenizer(given["tokenizer"])
                self._add(PromptBuilt(live.messages(given["sample"]), copy.deepcopy(given["sample"])))
            return original(*args, **kwargs)

        return wrapper

    def _load_codec(self, original: Wrapper) -> Wrapper:
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            with self._guard("load_codec"):
                given = inspect.signature(original).bind(*args, **kwargs).arguments
                path = str(given["tokenizer_name_or_path"])
                self.recording.surroundings.checkpoints["codec"] = {"path": path}
            return original(*args, **kwargs)

        return wrapper

    def _model_made(self, original: Wrapper) -> Wrapper:
        def wrapper(model: Any, *args: Any, **kwargs: Any) -> None:
            original(model, *args, **kwargs)
            with self._guard("model"):
                self._saw_model(model)

        return wrapper

    def _encode(self, original: Wrapper) -> Wrapper:
        signature = inspect.signature(original)

        def wrapper(codec: Any, *args: Any, **kwargs: Any) -> Any:
            waveform = rate = None
            place = self._site()
            with self._guard("encode"):
                self._saw_codec(codec, decoding=False)
                given = signature.bind(codec, *args, **kwargs).arguments
                waveform, rate = live.sound(given["audio_path_or_wv"], given.get("sr"))
            codes = original(codec, *args, **kwargs)
            with self._guard("encode"):
                self._add(Encoded(live.codes(codes), waveform, rate, site=place))
            return codes

        return wrapper

    def _collator(self, original: Wrapper) -> Wrapper:
        signature = inspect.signature(original)

        def wrapper(collator: Any, *args: Any, **kwargs: Any) -> Any:
            event: Collated | None = None
            place = self._site()
            with self._guard("collator"):
                samples = signature.bind(collator, *args, **kwargs).arguments["batch"]
                items = [live.fields(sample) for sample in samples]
                event = Collated(items, live.collator_knobs(collator), site=place)
                self._add(event)
            try:
                batch = original(collator, *args, **kwargs)
            except BaseException as error:
                if event is not None:
                    event.raised = raised(error)
                raise
            with self._guard("collator"):
                if event is not None:
                    event.batch = live.fields(batch)
            return batch

        return wrapper

    def _generate(self, original: Wrapper) -> Wrapper:
        signature = inspect.signature(original)

        def wrapper(model: Any, *args: Any, **kwargs: Any) -> Any:
            event: Generated | None = None
            place = self._site()
            with self._guard("generate"):
                bound = signature.bind(model, *args, **kwargs).arguments
                given = {**bound.pop("kwargs", {}), **bound}
                given.pop("self", None)
                self._saw_model(model)
                self._hook_overrides(model)
                if given.get("tokenizer") is not None:
                    self._saw_tokenizer(given["tokenizer"])
                event = Generated(live.batch_arguments(given), live.json_arguments(given), site=place)
                event.stop_ids = live.stop_ids(given)
                self._add(event)
            outer = getattr(self._running, "generate", None)
            self._running.generate = event
            try:
                result = original(model, *args, **kwargs)
            except BaseException as error:
                if event is not None:
                    event.raised = raised(error)
                raise
            finally:
                self._running.generate = outer
            with self._guard("generate"):
                if event is not None:
                    event.segments, event.text_ids = live.generated(result, event.batch["input_ids"].shape[-1])
                    if self._text and given.get("tokenizer") is not None:
                        event.text = given["tokenizer"].decode(event.text_ids.values.tolist())
            return result

        return wrapper

    def _hook_overrides(self, model: Any) -> None:
        """Wraps steps that a subclass, an instance or a later patch put in the place of upstream's."""
        for name, attribute, make in (
            ("audio_step", "_sample_audio_tokens", self._audio_step),
            ("text_step", "_sample_text_tokens", self._text_step),
        ):
            holder = next((place for place in (model, *type(model).__mro__) if attribute in vars(place)), None)
            if holder is None or _is_own(vars(holder)[attribute]):
                continue
            with self._guard(name):
                original = vars(holder)[attribute]
                bound = holder is model
                wrapper = self._counted(name, original, make(_unbound(original) if bound else original))
                setattr(holder, attribute, _marked(functools.partial(wrapper, model)) if bound else wrapper)
                self._undo.append(functools.partial(setattr, holder, attribute, original))

    def _sample(self, original: Wrapper) -> Wrapper:
        signature = inspect.signature(original)

        def wrapper(model: Any, *args: Any, **kwargs: Any) -> Any:
            with self._guard("sample"):
                event = self._running_generate
                if event is not None:
                    given = signature.bind(model, *args, **kwargs).arguments
                    event.effective = live.effective_parameters(given["generation_config"], given["input_ids"])
                    event.eos_ids = live.eos_ids(given["generation_config"])
            return original(model, *args, **kwargs)

        return wrapper

    @property
    def _running_generate(self) -> Generated | None:
        return getattr(self._running, "generate", None)

    @contextlib.contextmanager
    def _outermost(self) -> Iterator[bool]:
        """Whether this is a step itself, not a call of upstream's from a step that overrides it."""
        depth = getattr(self._running, "depth", 0)
        self._running.depth = depth + 1
        try:
            yield depth == 0
        finally:
            self._running.depth = depth

    def _audio_step(self, original: Wrapper) -> Wrapper:
        signature = inspect.signature(original)

        def wrapper(model: Any, *args: Any, **kwargs: Any) -> Any:
            logits = None
            with self._guard("audio_step"):
                given = {**kwargs, **signature.bind(model, *args, **kwargs).arguments}
                logits = tensor(given["audio_logits"][-1].float())
            with self._outermost() as outermost:
                result = original(model, *args, **kwargs)
            with self._guard("audio_step"):
                event = self._running_generate
                if outermost and event is not None and logits is not None:
                    event.steps.append(_audio_step_of(logits, result))
            return result

        return wrapper

    def _text_step(self, original: Wrapper) -> Wrapper:
        def wrapper(model: Any, *args: Any, **kwargs: Any) -> Any:
            with self._outermost() as outermost:
                result = original(model, *args, **kwargs)
            with self._guard("text_step"):
                event = self._running_generate
                if outermost and event is not None:
                    column = None if result[1] is None else tensor(result[1])
                    event.steps.append(TextStep(int(result[0][0]), column))
            return result

        return wrapper

    def _revert(self, original: Wrapper) -> Wrapper:
        def wrapper(data: Any) -> Any:
            event: Reverted | None = None
            place = self._site()
            with self._guard("revert"):
                event = Reverted(tensor(data), site=place)
                self._add(event)
            try:
                result = original(data)
            except BaseException as error:
                if event is not None:
                    event.raised = raised(error)
                raise
            with self._guard("revert"):
                if event is not None:
                    event.output = tensor(result)
            return result

        return wrapper

    def _decode(self, original: Wrapper) -> Wrapper:
        signature = inspect.signature(original)

        def wrapper(codec: Any, *args: Any, **kwargs: Any) -> Any:
            events: list[Decoded] = []
            place = self._site()
            with self._guard("decode"):
                self._saw_codec(codec, decoding=True)
                given = signature.bind(codec, *args, **kwargs).arguments["vq_code"]
                events = [Decoded(tensor(codes), site=place) for codes in given]
                self.recording.events.extend(events)
            try:
                result = original(codec, *args, **kwargs)
            except BaseException as error:
                for event in events:
                    event.raised = raised(error)
                raise
            with self._guard("decode"):
                for event, waveform in zip(events, result):
                    event.waveform = tensor(waveform.reshape(-1))
            return result

        return wrapper

    def _write(self, original: Wrapper) -> Wrapper:
        signature = inspect.signature(original)

        def wrapper(*args: Any, **kwargs: Any) -> Any:
            place = self._site()
            result = original(*args, **kwargs)
            with self._guard("write"):
                file = signature.bind(*args, **kwargs).arguments["file"]
                name, rate, subtype, samples = live.written(sys.modules[SOUNDFILE], file)
                self._add(Written(name, rate, subtype, samples, site=place))
            return result

        return wrapper


def _marked(wrapper: Any) -> Any:
    setattr(wrapper, _OWN, wrapper)
    return wrapper


def _is_own(function: Any) -> bool:
    return getattr(function, _OWN, None) is function


def _unbound(method: Wrapper) -> Wrapper:
    """A method that is bound already, as a function of the object and its arguments."""

    def function(_: Any, /, *args: Any, **kwargs: Any) -> Any:
        return method(*args, **kwargs)

    return function


def _audio_step_of(logits: Any, result: tuple[Any, ...]) -> AudioStep:
    _, column, _, scores, num_delay, remaining = result
    return AudioStep(
        logits=logits,
        scores=tensor(scores.float()),
        column=tensor(column),
        num_delay=int(num_delay),
        num_remaining_delays=-1 if remaining is None else int(remaining),
    )


def _importers(function: Any) -> list[ModuleType]:
    """Modules that hold `function` under some name: its own and those that imported it by name."""
    modules = [module for module in list(sys.modules.values()) if isinstance(module, ModuleType)]
    found = [module for module in modules if any(value is function for value in list(vars(module).values()))]
    own = getattr(function, "__module__", None)
    return sorted(found, key=lambda module: (module.__name__ != own, module.__name__))
