"""What the hooks of both stacks share: what is noted of the live model and of the live codec, and their wrappers."""

from __future__ import annotations

import contextlib
import weakref
from typing import Any

from ..events import Decoded, Site
from ..journal import Entry
from ..tensors import Tensor, tensor
from . import live
from .core import Hooks, Wrapper


class PipelineStack:
    """The hooks of one stack around one live model and one live codec."""

    def __init__(self, hooks: Hooks) -> None:
        self._hooks = hooks
        self._model: weakref.ref[Any] | None = None
        self._codec: weakref.ref[Any] | None = None

    def codec_config(self, codec: Any) -> dict[str, Any]:
        """The live codec's configuration, as this stack has it."""
        raise NotImplementedError

    def codec_decode_side(self, codec: Any) -> dict[str, Tensor]:
        """The tensors that decode reads, by this stack's state-dict names."""
        raise NotImplementedError

    def finish(self) -> None:
        """The codec's weights, where it only encoded."""
        codec = self._codec() if self._codec else None
        if codec is not None:
            self._saw_weights(codec)

    def _running(self, name: str) -> Any:
        """What a hook further out left for this thread."""
        return getattr(self._hooks.running, name, None)

    def _saw_model(self, model: Any) -> None:
        self._model = weakref.ref(model)
        self._hooks.repairs.config = getattr(model, "config", None)
        self._hooks.tell(model_config=live.model_config(model))
        # A model has no device worth noting before it was moved there, so this is told at every call.
        with contextlib.suppress(StopIteration):
            self._hooks.tell(placements={"model": live.placement(model)})

    def _saw_codec(self, codec: Any, *, decoding: bool) -> None:
        self._codec = weakref.ref(codec)
        if not self._hooks.has_told("codec_config"):
            self._hooks.tell(codec_config=self.codec_config(codec))
        if decoding:
            self._hooks.tell(placements={"codec": live.placement(codec)})
            self._saw_weights(codec)

    def _saw_weights(self, codec: Any) -> None:
        if not self._hooks.has_told("codec_weights"):
            self._hooks.tell(codec_weights=self.codec_decode_side(codec))

    def _model_made(self, original: Wrapper) -> Wrapper:
        def wrapper(model: Any, *args: Any, **kwargs: Any) -> None:
            original(model, *args, **kwargs)
            with self._hooks.guard("model"):
                self._saw_model(model)

        return wrapper

    def _decoded(
        self, call: Wrapper, codec: Any, codes: Any, waveforms: Any, place: Site | None, repaired: list[str]
    ) -> Any:
        """Makes a call of the codec's decode, and records each row of it: codes [B, C, T], and of what it returned the
        `waveforms`, a row of samples each."""
        entries: list[Entry] = []
        with self._hooks.guard("decode"):
            self._saw_codec(codec, decoding=True)
            rows = [Decoded(tensor(row), site=place, repaired=repaired) for row in codes]
            entries = [self._hooks.add(row) for row in rows]
        with self._hooks.noting(*entries):
            result = call()
        with self._hooks.guard("decode"):
            for entry, waveform in zip(entries, waveforms(result)):
                entry.set(waveform=tensor(waveform.reshape(-1)))
        return result
