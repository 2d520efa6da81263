"""Lets the unmodified upstream package load the tiny checkpoint.

Upstream fetches two models by name and hard-codes two widths.
An import hook answers the names with local stand-ins and narrows the widths.
No file of upstream is touched.
Call `install` before upstream is imported, or run a script under the hook:

    python -m golden.make.upstream script.py [arguments]
"""

from __future__ import annotations

import functools
import importlib.abc
import importlib.machinery
import os
import runpy
import sys
from collections.abc import Callable, Sequence
from types import ModuleType, SimpleNamespace
from typing import Any

ENCODER_WIDTH = 16
DECODER_WIDTH = 128
UPSTREAM_ENCODER_WIDTH = 64
UPSTREAM_DECODER_WIDTH = 1024

_TOKENIZER_MODULE = "boson_multimodal.audio_processing.higgs_audio_tokenizer"
_ENGINE_MODULE = "boson_multimodal.serve.serve_engine"
_DAC_MODULE = "boson_multimodal.audio_processing.descriptaudiocodec.dac.model.dac"


def install() -> None:
    """Installs the import hook; a second call does nothing."""
    if any(isinstance(finder, _PatchFinder) for finder in sys.meta_path):
        return
    late = [name for name in (_DAC_MODULE, _TOKENIZER_MODULE) if name in sys.modules]
    if late:
        raise RuntimeError(f"install() must run before upstream is imported, but {late[0]} already is")
    sys.meta_path.insert(0, _PatchFinder())


def tiny_hubert() -> Any:
    """A one-layer HuBERT with upstream's hidden size; its weights come with the codec's."""
    from transformers import HubertConfig, HubertModel

    return HubertModel(
        HubertConfig(
            hidden_size=768,
            num_hidden_layers=1,
            num_attention_heads=12,
            intermediate_size=256,
            conv_dim=(32,) * 7,
            num_conv_pos_embeddings=16,
            num_conv_pos_embedding_groups=16,
        )
    )


def whisper_processor() -> Any:
    """The part of the Whisper processor that upstream uses: its feature extractor, with 128 mel bands."""
    from transformers import WhisperFeatureExtractor

    return SimpleNamespace(feature_extractor=WhisperFeatureExtractor(feature_size=128))


def _answer(cls: type, matches: Callable[[str], bool], make: Callable[[], Any]) -> None:
    """Makes `cls.from_pretrained` answer the names that match, and pass on all others."""
    if getattr(cls.from_pretrained, "answers_locally", False):
        return
    original = cls.from_pretrained

    @functools.wraps(original)
    def from_pretrained(name: str, *args: Any, **kwargs: Any) -> Any:
        return make() if matches(str(name)) else original(name, *args, **kwargs)

    from_pretrained.answers_locally = True  # type: ignore[attr-defined]
    cls.from_pretrained = staticmethod(from_pretrained)  # type: ignore[attr-defined]


def _answer_model_names() -> None:
    from transformers import AutoModel, AutoProcessor

    _answer(AutoModel, lambda name: name == "bosonai/hubert_base", tiny_hubert)
    _answer(AutoProcessor, lambda name: name.startswith("openai/whisper"), whisper_processor)


def _narrow_widths(dac: ModuleType) -> None:
    """Replaces upstream's hard-coded widths; the argument order is that of upstream's constructors."""
    encoder_init, decoder_init = dac.Encoder.__init__, dac.Decoder.__init__

    @functools.wraps(encoder_init)
    def init_encoder(self: Any, d_model: int = 64, *args: Any, **kwargs: Any) -> None:
        width = ENCODER_WIDTH if d_model == UPSTREAM_ENCODER_WIDTH else d_model
        encoder_init(self, width, *args, **kwargs)

    @functools.wraps(decoder_init)
    def init_decoder(self: Any, input_channel: int, channels: int, *args: Any, **kwargs: Any) -> None:
        width = DECODER_WIDTH if channels == UPSTREAM_DECODER_WIDTH else channels
        decoder_init(self, input_channel, width, *args, **kwargs)

    dac.Encoder.__init__ = init_encoder
    dac.Decoder.__init__ = init_decoder


class _PatchLoader(importlib.abc.Loader):
    """Runs the real loader, with the patch of this module before or after it."""

    def __init__(self, loader: importlib.abc.Loader, name: str) -> None:
        self._loader = loader
        self._name = name

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        if self._name != _DAC_MODULE:
            _answer_model_names()
        self._loader.exec_module(module)
        if self._name == _DAC_MODULE:
            _narrow_widths(module)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)


class _PatchFinder(importlib.abc.MetaPathFinder):
    """Finds the modules to patch with the normal machinery and wraps their loaders."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name not in (_DAC_MODULE, _TOKENIZER_MODULE, _ENGINE_MODULE):
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = _PatchLoader(spec.loader, name)
        return spec


def main() -> None:
    """Runs the script named on the command line under the hook."""
    if len(sys.argv) < 2:
        sys.exit("usage: python -m golden.make.upstream script.py [arguments]")
    # Under `-m` this file is `__main__`: install through the package, so that there is one hook.
    from golden.make import upstream

    upstream.install()
    sys.argv = sys.argv[1:]
    sys.path.insert(0, os.path.dirname(os.path.abspath(sys.argv[0])))
    runpy.run_path(sys.argv[0], run_name="__main__")


if __name__ == "__main__":
    main()
