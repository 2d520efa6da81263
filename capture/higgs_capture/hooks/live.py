"""Reads facts from upstream's live objects. Nothing here changes them, and torch is never imported."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import platform
import sys
from importlib import metadata
from typing import Any

import numpy as np

from ..hashes import file_sha256
from ..tensors import Tensor, tensor

BATCH_FIELDS = (
    "input_ids",
    "attention_mask",
    "audio_features",
    "audio_feature_attention_mask",
    "audio_out_ids",
    "audio_out_ids_start",
    "audio_out_ids_start_group_loc",
    "audio_in_ids",
    "audio_in_ids_start",
    "label_ids",
    "label_audio_ids",
    "reward",
)
COLLATOR_KNOBS = (
    "return_audio_in_tokens",
    "round_to",
    "encode_whisper_embed",
    "use_delay_pattern",
    "audio_num_codebooks",
    "audio_stream_bos_id",
    "audio_stream_eos_id",
    "pad_token_id",
    "audio_in_token_id",
    "audio_out_token_id",
    "disable_audio_codes_transform",
    "mask_audio_out_token_label",
    "chunk_size_seconds",
)
ASSISTANT_HEADER = "<|start_header_id|>assistant<|end_header_id|>\n\n"
PACKAGES = (
    "boson_multimodal",
    "torch",
    "torchaudio",
    "transformers",
    "tokenizers",
    "descript-audio-codec",
    "librosa",
    "soundfile",
    "soxr",
    "numpy",
    "h5py",
)
_SOURCES = ("boson_multimodal.", "transformers.models.higgs_audio_v2")
"""Where the names of the modules begin whose source is hashed."""
_NOT_PARAMETERS = {"tokenizer", "past_key_values", "past_key_values_buckets", "streamer", "generation_config"}
#: Chunk length of the collator in seconds where it keeps none (Whisper conditioning off).
DEFAULT_CHUNK_SECONDS = 30


def fields(record: Any) -> dict[str, Tensor]:
    """A dataclass of tensors, field by field."""
    return {field.name: tensor(getattr(record, field.name)) for field in dataclasses.fields(record)}


def messages(sample: Any) -> list[dict[str, Any]]:
    """A ChatML sample's messages as plain data; recordings inside them are replaced by their hash."""
    plain = sample if isinstance(sample, dict) else dataclasses.asdict(sample)
    found: list[dict[str, Any]] = json.loads(json.dumps(plain["messages"], default=str))
    for message in found:
        content = message.get("content")
        for part in content if isinstance(content, list) else [content]:
            if isinstance(part, dict) and part.get("raw_audio"):
                part["raw_audio_sha256"] = hashlib.sha256(part.pop("raw_audio").encode()).hexdigest()
    return found


def unbatched(codes: Any) -> Any:
    """Codes [C, T]; leading axes of length one are dropped."""
    while codes.ndim > 2 and codes.shape[0] == 1:
        codes = codes[0]
    return codes


def sound(given: Any, rate: int | None) -> tuple[Tensor | None, int | None]:
    """The sound [N] that an encode call was given, read as upstream reads a path."""
    if isinstance(given, str):
        given, rate = sys.modules["librosa"].load(given, mono=True, sr=None)
    if rate is None:
        return None, None
    return tensor(np.asarray(given, dtype=np.float32).reshape(-1)), int(rate)


def collator_knobs(collator: Any) -> dict[str, Any]:
    """The collator's own settings under the names of the profile."""
    knobs = {name: getattr(collator, name, None) for name in COLLATOR_KNOBS}
    if knobs["chunk_size_seconds"] is None:
        knobs["chunk_size_seconds"] = DEFAULT_CHUNK_SECONDS
    knobs["pad_side"] = "left" if getattr(collator, "pad_left", False) else "right"
    extractor = getattr(getattr(collator, "whisper_processor", None), "feature_extractor", None)
    knobs["whisper_mel_bins"] = None if extractor is None else int(extractor.feature_size)
    return knobs


def batch_arguments(given: dict[str, Any]) -> dict[str, Tensor]:
    """The batch as `generate` received it; a field that was not passed is None."""
    return {name: tensor(given.get(name)) for name in BATCH_FIELDS}


def json_arguments(given: dict[str, Any]) -> dict[str, Any]:
    """Arguments of `generate` other than the batch, where JSON can hold them; of objects only the types."""
    kept = {}
    for name, value in given.items():
        if name in BATCH_FIELDS or name in _NOT_PARAMETERS:
            continue
        try:
            kept[name] = json.loads(json.dumps(value, allow_nan=False))
        except (TypeError, ValueError):
            items = value if isinstance(value, (list, tuple)) else [value]
            kept[name] = [type(item).__name__ for item in items]
    return kept


def effective_parameters(config: Any, input_ids: Any) -> dict[str, Any]:
    """What the sampling loop uses, whoever set it: read from the prepared generation config."""
    extra = getattr(config, "generation_kwargs", {})
    return {
        "do_sample": config.do_sample,
        "temperature": config.temperature,
        "top_k": config.top_k,
        "top_p": config.top_p,
        "use_cache": config.use_cache,
        "stop_strings": config.stop_strings,
        "max_new_tokens": int(config.max_length) - int(input_ids.shape[-1]),
        "ras_win_len": extra.get("ras_win_len"),
        "ras_win_max_num_repeat": extra.get("ras_win_max_num_repeat", 2),
        "seed": extra.get("seed"),
    }


def eos_ids(config: Any) -> list[int]:
    """Text ids that end generation by themselves."""
    found = config.eos_token_id
    if found is None:
        return []
    return [int(item) for item in (found if isinstance(found, (list, tuple)) else [found])]


def stop_ids(given: dict[str, Any]) -> list[int]:
    """The last id of each stop string."""
    strings, tokenizer = given.get("stop_strings"), given.get("tokenizer")
    if not strings or tokenizer is None:
        return []
    strings = [strings] if isinstance(strings, str) else strings
    return [tokenizer.encode(string, add_special_tokens=False)[-1] for string in strings]


def generated(result: Any, prompt_length: int) -> tuple[list[Tensor], Tensor]:
    """Delayed segments [C, L] and the generated text ids [M] of a return value of `generate`."""
    if isinstance(result, tuple):
        sequences, segments = result
    else:
        sequences, segments = result.sequences, result.audio_sequences
    return [tensor(segment) for segment in segments or []], tensor(sequences[0][prompt_length:])


def model_config(model: Any) -> dict[str, Any]:
    """The live model configuration as plain data."""
    plain: dict[str, Any] = json.loads(json.dumps(model.config.to_dict(), default=str))
    return plain


_SPECIALS = {
    "audio_in_token_id": "<|AUDIO|>",
    "audio_out_token_id": "<|AUDIO_OUT|>",
    "audio_bos_token_id": "<|audio_bos|>",
    "audio_eos_token_id": "<|audio_eos|>",
    "audio_out_bos_token_id": "<|audio_out_bos|>",
    "eot_token_id": "<|eot_id|>",
    "end_of_text_token_id": "<|end_of_text|>",
}


def prompt_ids(tokenizer: Any) -> dict[str, Any]:
    """Ids of the special tokens, None for one that the tokenizer lacks, and of the assistant's header."""
    found: dict[str, Any] = {}
    for name, token in _SPECIALS.items():
        id = tokenizer.convert_tokens_to_ids(token)
        found[name] = None if id is None or id == tokenizer.unk_token_id else int(id)
    found["assistant_header"] = tokenizer.encode(ASSISTANT_HEADER, add_special_tokens=False)
    return found


def tokens(tokenizer: Any, config: Any) -> dict[str, Any]:
    """Ids of the special tokens and of the assistant header."""

    found = prompt_ids(tokenizer)
    if config is not None:
        found["pad_token_id"] = config.pad_token_id
        found["audio_stream_bos_id"] = config.audio_stream_bos_id
        found["audio_stream_eos_id"] = config.audio_stream_eos_id
        found["text_vocab_size"] = config.text_config.vocab_size
        found["audio_in_token_id"] = config.audio_in_token_idx
        found["audio_out_token_id"] = config.audio_out_token_idx
    return found


def codec_config(codec: Any) -> dict[str, Any]:
    """The live codec's attributes; widths and ratios are read from its layers."""
    blocks = [block for block in codec.decoder_2.model if hasattr(block, "block")]
    embed = codec.quantizer.vq.layers[0]._codebook.embed
    return {
        "sample_rate": int(codec.sample_rate),
        "semantic_sample_rate": int(codec.semantic_sample_rate),
        "n_q": int(codec.n_q),
        "bins": int(embed.shape[0]),
        "codebook_dim": int(embed.shape[1]),
        "codebook_size": int(codec.codebook_size),
        "quantizer_dim": int(codec.quantizer_dim),
        "D": int(codec.fc_post2.out_features),
        "ratios": [int(block.block[1].stride[0]) for block in blocks],
        "hop_length": int(codec.hop_length),
        "frame_rate": int(codec.frame_rate),
        "semantic_techer": str(codec.semantic_techer),
        "downsample_mode": str(codec.downsample_mode),
        "quantizer_type": str(codec.quantizer_type),
    }


def codec_decode_side(codec: Any) -> dict[str, Tensor]:
    """The tensors that decode reads, by state-dict name."""
    return decode_tensors(codec, ("fc_post2.", "decoder_2."), "._codebook.embed")


def decode_tensors(codec: Any, parts: tuple[str, ...], codebook: str) -> dict[str, Tensor]:
    """The tensors of these parts of a codec, and of its quantizers the codebooks and the projections out of them."""

    def is_read(name: str) -> bool:
        if name.startswith("quantizer."):
            return ".project_out." in name or name.endswith(codebook)
        return name.startswith(parts)

    return {name: tensor(value) for name, value in codec.state_dict().items() if is_read(name)}


def provenance() -> dict[str, Any]:
    """Versions, platform, numeric flags and the hashes of upstream's source."""
    return {
        "packages": _package_versions(),
        "platform": {
            "system": platform.system(),
            "machine": platform.machine(),
            "python": platform.python_version(),
        },
        "torch": _torch_flags(),
        "source_sha256": upstream_source_hashes(),
    }


def _package_versions() -> dict[str, str]:
    versions = {}
    for name in PACKAGES:
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return versions


def placement(module: Any) -> dict[str, str]:
    """Device and dtype of a module's first parameter."""
    first = next(iter(module.parameters()))
    return {"device": str(first.device), "dtype": str(first.dtype).rsplit(".", 1)[-1]}


def _torch_flags() -> dict[str, Any]:
    torch = sys.modules.get("torch")
    if torch is None:
        return {}
    return {
        "cuda_matmul_allow_tf32": torch.backends.cuda.matmul.allow_tf32,
        "cudnn_allow_tf32": torch.backends.cudnn.allow_tf32,
        "cudnn_deterministic": torch.backends.cudnn.deterministic,
        "cudnn_benchmark": torch.backends.cudnn.benchmark,
        "float32_matmul_precision": torch.get_float32_matmul_precision(),
        "threads": torch.get_num_threads(),
        "initial_seed": torch.initial_seed(),
    }


def upstream_source_hashes() -> dict[str, str]:
    """SHA-256 of each loaded source file of upstream, or of the port, by its path from its package's folder."""
    hashes = {}
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if file and f"{name}.".startswith(_SOURCES) and file.endswith(".py"):
            relative = name.replace(".", "/")
            relative += "/__init__.py" if os.path.basename(file) == "__init__.py" else ".py"
            hashes[relative] = file_sha256(file)
    return hashes
