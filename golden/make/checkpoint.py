"""The tiny checkpoint as one HDF5 file, and as the directories that upstream loads."""

from __future__ import annotations

import json
import uuid
from pathlib import Path
from typing import Any

import h5py
import torch

from . import architecture, seeded, upstream
from .tensors import digest, read_json, read_tensor, write_json, write_tensor

FORMAT = "higgs-alignment-archive"
FORMAT_VERSION = 1
CREATED_BY = "golden.make 1"
_NAMESPACE = uuid.UUID("5f1c7a3e-6f0e-5d0b-9d53-0f2f6f0b7d11")


def write(
    h5_path: Path,
    *,
    model: torch.nn.Module,
    codec: torch.nn.Module,
    tokenizer: Any,
    provenance: dict[str, Any],
    created_at: str,
) -> None:
    """Writes what cannot be rebuilt: trained tensors, configurations, hashes of the seeded tensors."""
    model_state, codec_state = model.state_dict(), codec.state_dict()
    rebuilt = {name: tensor for name, tensor in codec_state.items() if seeded.is_seeded(name, tensor)}
    everything = "".join(digest(tensor) for state in (model_state, codec_state) for tensor in state.values())
    unfinished = h5_path.with_name(h5_path.name + ".unfinished")
    with h5py.File(unfinished, "w", libver=("earliest", "v110")) as file:
        file.attrs["format"] = FORMAT
        file.attrs["format_version"] = FORMAT_VERSION
        file.attrs["id"] = str(uuid.uuid5(_NAMESPACE, everything))
        file.attrs["created_at"] = created_at
        file.attrs["created_by"] = CREATED_BY
        write_json(file, "provenance.json", provenance)
        write_json(file, "config/model.json", model.config.to_dict())
        write_json(file, "config/codec.json", architecture.CODEC_CONFIG)
        write_json(file, "config/tokenizer.json", json.loads(tokenizer.backend_tokenizer.to_str()))
        write_json(
            file,
            "config/seeded.json",
            {
                "seed": seeded.SEED,
                "tensors": {
                    name: {"shape": list(t.shape), "sha256": digest(t)} for name, t in rebuilt.items()
                },
            },
        )
        for name, tensor in model_state.items():
            write_tensor(file, f"weights/model/{name}", tensor)
        for name, tensor in codec_state.items():
            if name not in rebuilt:
                write_tensor(file, f"weights/codec/{name}", tensor)
    unfinished.replace(h5_path)


def materialise(h5_path: str | Path, out_dir: str | Path) -> tuple[Path, Path]:
    """Rebuilds the directories that upstream loads; the same file gives the same bytes."""
    upstream.install()
    with h5py.File(h5_path, "r") as file:
        found = file.attrs.get("format"), int(file.attrs.get("format_version", 0))
        if found[0] != FORMAT or found[1] > FORMAT_VERSION:
            raise ValueError(
                f"{h5_path}: expected {FORMAT} up to version {FORMAT_VERSION}, found {found[0]} {found[1]}"
            )
        tokenizer = architecture.wrap_tokenizer(file["config/tokenizer.json"].asstr()[()])
        codec_state = {name: read_tensor(dataset) for name, dataset in file["weights/codec"].items()}
        model_state = {name: read_tensor(dataset) for name, dataset in file["weights/model"].items()}
        rebuilt = read_json(file["config/seeded.json"])
        codec_config = read_json(file["config/codec.json"])
        model_config = read_json(file["config/model.json"])
    for name, facts in rebuilt["tensors"].items():
        tensor = seeded.fill(name, torch.Size(facts["shape"]), rebuilt["seed"])
        if digest(tensor) != facts["sha256"]:
            raise ValueError(
                f"{h5_path}: seed {rebuilt['seed']} gives another {name} with torch {torch.__version__}"
            )
        codec_state[name] = tensor
    return (
        _write_model(Path(out_dir) / "model", model_config, model_state, tokenizer),
        _write_codec(Path(out_dir) / "codec", codec_config, codec_state),
    )


def untrained(out_dir: str | Path, seed: int = 0) -> tuple[Path, Path]:
    """A checkpoint of the same architecture with random weights."""
    upstream.install()
    torch.manual_seed(seed)
    model, codec = architecture.make_model().bfloat16(), architecture.make_codec()
    seeded.fill_codec(codec)
    for name, tensor in codec.state_dict().items():
        if name.endswith("_codebook.embed"):
            tensor.copy_(torch.randn(tensor.shape))
        elif name.endswith("_codebook.inited"):
            tensor.fill_(1)  # else upstream would run k-means on the first audio that it encodes
    tokenizer = architecture.make_tokenizer(tokenizer_texts())
    return (
        _write_model(Path(out_dir) / "model", model.config.to_dict(), model.state_dict(), tokenizer),
        _write_codec(Path(out_dir) / "codec", architecture.CODEC_CONFIG, codec.state_dict()),
    )


def tokenizer_texts() -> list[str]:
    """The texts that the tokenizer is learned from."""
    from .material import SENTENCES
    from .prompts import REFERENCE_SENTENCE, plain, two_segments
    from .prompts import SENTENCES as TAUGHT

    systems = [
        sample.messages[0].content
        for voice in ("low", "high")
        for sample in (plain(0, voice), two_segments(voice))
    ]
    headers = ["system\n\n", "user\n\n", "assistant\n\n"]
    return [*systems, *headers, *TAUGHT, REFERENCE_SENTENCE, *SENTENCES]


def _write_model(
    folder: Path, config: dict[str, Any], state: dict[str, torch.Tensor], tokenizer: Any
) -> Path:
    from boson_multimodal.model.higgs_audio import HiggsAudioConfig
    from safetensors.torch import save_file
    from transformers import GenerationConfig

    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save_pretrained(folder)
    live = HiggsAudioConfig.from_dict(config)
    live.save_pretrained(folder)
    GenerationConfig.from_model_config(live).save_pretrained(folder)
    tensors = {name: tensor.contiguous() for name, tensor in sorted(state.items())}
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    return folder


def _write_codec(folder: Path, config: dict[str, Any], state: dict[str, torch.Tensor]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    # A clone has a storage of its own: a view would drag its whole base into the file.
    torch.save(
        {name: tensor.detach().clone() for name, tensor in sorted(state.items())}, folder / "model.pth"
    )
    return folder
