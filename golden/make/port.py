"""The tiny checkpoint as the folders that the port in transformers 5 loads with its own classes.

    python -m golden.make.port FOLDER      writes FOLDER/model (model and processor) and FOLDER/codec

The port runs in an environment of its own: with the port's packages first on PYTHONPATH. The folders are written
there, in a process that this one starts; `environment` is how others start theirs.

The port has no layer that audio passes by. In the tiny checkpoint layer 1 is such a layer: audio leaves it as it
came, and text looks at text only. The port's layers can do the same if they are wide enough, so the language model
is widened; nothing of it is approximated.

- Hidden states get two more live dimensions, `TEXT` and `AUDIO`, with a constant in that of the token's kind. No layer
  writes there. In all other layers the norms give them the weight 0.
- In layer 1 the norm before attention lets the old dimensions and `TEXT` of text pass, and `AUDIO` alone of audio.
  Audio so has no values, and its MLP is zero: it changes only if it looks at text.
- Two more dimensions of each head, whose rotation is too slow to turn, make the scores between text and audio so low
  that their softmax is 0, and leave all others as they were.
- Widths grow to four times the old ones. The norm's mean and the scale of the scores then change by factors that are
  powers of two, which the weights take back exactly. `rope_theta` grows to its fourth power, which gives the old
  dimensions of a head their old frequencies.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = Path(sys.prefix) / "port"
"""Where the environment of the reference keeps the port's packages."""

WIDENING = 4
INDICATOR = 2.0**-7
"""What a token has in the dimension of its kind; small, so that the norm's epsilon can make room for it."""
INDICATOR_GAIN = 2.0**14
"""The norm's weight there, in the layer that audio passes by."""
REPULSION = 2.0**6
"""The weights that turn it into queries and keys."""

CHAT_TEMPLATE = """\
{%- set audio = '<|audio_out_bos|><|AUDIO_OUT|><|audio_eos|>' -%}
{%- macro texts(content) -%}
    {%- if content is string -%}{{ content | trim }}
    {%- else -%}
        {%- for part in content if part.type == 'text' -%}{{ part.text | trim }}{%- endfor -%}
    {%- endif -%}
{%- endmacro -%}
{%- macro scene(parts) -%}
    {%- if parts is string -%}{{ parts | trim }}
    {%- else -%}
        {%- for part in parts -%}
            {%- set next = parts[loop.index].type if not loop.last else '' -%}
            {%- if part.type == 'audio' -%}
                {{ ' ' + audio }}{{ '\\n' if next }}
            {%- else -%}
                {{ part.text | trim }}
                {%- if loop.first and next -%}{{ '\\n\\n' }}
                {%- elif next and next != 'audio' -%}{{ '\\n' }}
                {%- endif -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro -%}
{%- macro header(role) -%}{{ '<|start_header_id|>' + role + '<|end_header_id|>\\n\\n' }}{%- endmacro -%}

{%- if messages[0].role != 'system' -%}
    {{ raise_exception('The first message must be the system message.') }}
{%- endif -%}
{%- set system = messages[0].content -%}
{{- bos_token + header('system') + texts(system if system is string else system[:1]) -}}
{%- set rest = messages[1:] -%}
{%- if rest and rest[0].role == 'scene' -%}
    {{- '\\n\\n<|scene_desc_start|>\\n' + scene(rest[0].content) + '\\n<|scene_desc_end|>' -}}
    {%- set rest = rest[1:] -%}
{%- endif -%}
{{- '<|eot_id|>' -}}
{%- for message in rest -%}
    {{- header(message.role) -}}
    {%- if message.role == 'assistant' -%}
        {%- if message.content is string or message.content[0].type != 'audio' -%}
            {{ raise_exception('What the assistant said must be audio.') }}
        {%- endif -%}
        {{- audio -}}
    {%- else -%}
        {{- texts(message.content) -}}
    {%- endif -%}
    {{- '<|eot_id|>' -}}
{%- endfor -%}
{%- if add_generation_prompt -%}{{ header('assistant') + '<|audio_out_bos|>' }}{%- endif -%}
"""
"""What the released model's processor makes of a conversation, in words of our own."""


def environment(**more: str) -> dict[str, str]:
    """The environment of a process that runs the port, on one thread and without a network."""
    paths = [PACKAGES, ROOT, ROOT / "capture"]
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(map(str, paths)),
        "OMP_NUM_THREADS": "1",
        "HF_HUB_OFFLINE": "1",
        "TOKENIZERS_PARALLELISM": "false",
        **more,
    }


def materialise(weights: str | Path, folder: str | Path) -> tuple[Path, Path]:
    """Rebuilds the folders that the port loads from the committed file; runs where upstream does."""
    from . import checkpoint

    with tempfile.TemporaryDirectory(prefix="port-") as temporary:
        return from_upstream(*checkpoint.materialise(weights, temporary), folder)


def from_upstream(model: Path, codec: Path, folder: str | Path) -> tuple[Path, Path]:
    """The port's folders from upstream's, made in a process that has the port."""
    command = [sys.executable, "-W", "ignore", "-m", "golden.make.port", str(folder)]
    subprocess.run([*command, "--from", str(model), str(codec)], env=environment(), check=True)
    return Path(folder) / "model", Path(folder) / "codec"


def convert(model: Path, codec: Path, folder: Path) -> None:
    """Writes the port's folders from upstream's. The processor names the codec as `folder` does."""
    convert_codec(codec, folder / "codec")
    convert_model(model, folder / "model")
    write_processor(model, folder / "codec", folder / "model")


# The language model


def convert_model(source: Path, target: Path) -> None:
    """The language model under the port's names, widened."""
    from safetensors.torch import load_file
    from transformers import HiggsAudioV2ForConditionalGeneration

    upstream = json.loads((source / "config.json").read_text())
    config = model_config(upstream)
    model = HiggsAudioV2ForConditionalGeneration(config, use_text_head=True).to(torch.bfloat16)
    state = load_file(source / "model.safetensors")
    model.load_state_dict(widened(state, model.state_dict(), upstream))
    generation = model.generation_config
    generation._from_model_config = False
    generation.bos_token_id, generation.eos_token_id = config.bos_token_id, config.eos_token_id
    generation.pad_token_id = config.pad_token_id
    # As the released model's configuration has it.
    generation.ras_win_len, generation.ras_win_max_num_repeat = 7, 2
    generation.use_text_head = True
    model.save_pretrained(target)


def model_config(upstream: Mapping[str, Any]) -> Any:
    """The port's configuration of the widened model."""
    from transformers import HiggsAudioV2Config

    text = upstream["text_config"]
    specials = upstream["audio_stream_eos_id"] - upstream["audio_codebook_size"] + 1
    # Ids of the Llama 3 vocabulary lie as far from its first special id as here.
    first = text["bos_token_id"]
    return HiggsAudioV2Config(
        vocab_size=text["vocab_size"],
        hidden_size=WIDENING * text["hidden_size"],
        intermediate_size=text["intermediate_size"],
        num_hidden_layers=text["num_hidden_layers"],
        num_attention_heads=text["num_attention_heads"],
        num_key_value_heads=text["num_key_value_heads"],
        hidden_act=text["hidden_act"],
        max_position_embeddings=text["max_position_embeddings"],
        rms_norm_eps=epsilon(text),
        head_dim=WIDENING * text["head_dim"],
        rope_parameters={**text["rope_scaling"], "rope_theta": text["rope_theta"] ** WIDENING},
        bos_token_id=first,
        eos_token_id=first + 9,
        pad_token_id=upstream["pad_token_id"],
        num_codebooks=upstream["audio_num_codebooks"],
        codebook_size=upstream["audio_codebook_size"] + specials,
        audio_token_id=upstream["audio_out_token_idx"],
        audio_bos_token_id=upstream["audio_out_bos_token_id"],
        audio_delay_token_id=first + 14,
        audio_stream_bos_id=upstream["audio_stream_bos_id"],
        audio_stream_eos_id=upstream["audio_stream_eos_id"],
    )


def epsilon(text: Mapping[str, Any]) -> float:
    """The norm's epsilon that, with what the indicator adds to the mean, is the old one."""
    left = text["rms_norm_eps"] - INDICATOR**2 / text["hidden_size"]
    if left <= 0:
        raise ValueError(f"rms_norm_eps {text['rms_norm_eps']} leaves no room for an indicator of {INDICATOR}")
    return float(left / WIDENING)


def port_name(name: str) -> str:
    """The port's name of a tensor of upstream's language model."""
    name = re.sub(r"^audio_codebook_embeddings\.", "model.embed_audio_tokens.embed_audio_tokens.", name)
    return re.sub(r"^(embed_tokens|layers|norm)\.", r"model.\1.", name).removeprefix("audio_decoder_proj.")


def widened(
    state: Mapping[str, torch.Tensor], shapes: Mapping[str, torch.Tensor], upstream: Mapping[str, Any]
) -> dict[str, torch.Tensor]:
    """Upstream's tensors in the port's, after the rules at the top of this file."""
    text = upstream["text_config"]
    old, head = text["hidden_size"], text["head_dim"]
    kind = {"text": old, "audio": old + 1}
    bypassed = {i for i in range(text["num_hidden_layers"]) if i not in upstream["audio_dual_ffn_layers"]}
    found = {name: torch.zeros_like(tensor) for name, tensor in shapes.items()}
    for name, tensor in state.items():
        target = found[port_name(name)]
        if target.ndim == 1:
            # The root of the mean over WIDENING times as many dimensions is that much smaller.
            target[:old] = tensor / WIDENING**0.5
        elif "self_attn." in name:
            _place_heads(target, tensor, name, head)
        else:
            target[: tensor.shape[0], : tensor.shape[1]] = tensor
    found["model.embed_tokens.weight"][:, kind["text"]] = INDICATOR
    found["model.embed_audio_tokens.embed_audio_tokens.weight"][:, kind["audio"]] = (
        INDICATOR / upstream["audio_num_codebooks"]
    )
    for index in bypassed:
        _pass_audio_by(found, f"model.layers.{index}.", kind, WIDENING * head)
    return found


def _place_heads(target: torch.Tensor, tensor: torch.Tensor, name: str, head: int) -> None:
    """Puts each half of a head's dimensions at the start of the new head's half: the halves rotate together."""
    is_output = "o_proj" in name
    source = tensor.T if is_output else tensor
    # A view: what is put there is put into the target.
    places = (target.T if is_output else target).unflatten(0, (-1, 2, WIDENING * head // 2))
    values = source.unflatten(0, (-1, 2, head // 2))
    scale = WIDENING**0.5 if "q_proj" in name else 1.0
    places[:, :, : head // 2, : source.shape[1]] = values * scale


def _pass_audio_by(found: dict[str, torch.Tensor], layer: str, kind: Mapping[str, int], head: int) -> None:
    """Makes a layer that leaves audio alone and in which text looks at text only."""
    text, audio = kind["text"], kind["audio"]
    found[f"{layer}input_layernorm.weight"][text] = INDICATOR_GAIN
    found[f"{layer}audio_input_layernorm.weight"][audio] = INDICATOR_GAIN
    # The last dimensions of the two halves rotate most slowly, and together.
    towards_audio, towards_text = head // 2 - 1, head - 1
    queries = found[f"{layer}self_attn.q_proj.weight"].unflatten(0, (-1, head))
    keys = found[f"{layer}self_attn.k_proj.weight"].unflatten(0, (-1, head))
    queries[:, towards_audio, text] = REPULSION
    keys[:, towards_audio, audio] = -REPULSION
    queries[:, towards_text, audio] = REPULSION
    keys[:, towards_text, text] = -REPULSION


# The codec

_INNER = ("snake1", "conv1", "snake2", "conv2")


def codec_name(name: str) -> str:
    """The port's name of a tensor of upstream's codec, its weight norm merged."""
    name = re.sub(
        r"^encoder\.block\.(\d+)\.block\.([012])\.block\.(\d)",
        lambda m: f"acoustic_encoder.block.{int(m[1]) - 1}.res_unit{int(m[2]) + 1}.{_INNER[int(m[3])]}",
        name,
    )
    name = re.sub(
        r"^decoder_2\.model\.(\d+)\.block\.([234])\.block\.(\d)",
        lambda m: f"acoustic_decoder.block.{int(m[1]) - 1}.res_unit{int(m[2]) - 1}.{_INNER[int(m[3])]}",
        name,
    )
    for place, layer in (("3", "snake1"), ("4", "conv1")):
        name = re.sub(
            rf"^encoder\.block\.(\d+)\.block\.{place}",
            lambda m, layer=layer: f"acoustic_encoder.block.{int(m[1]) - 1}.{layer}",
            name,
        )
    for place, layer in (("0", "snake1"), ("1", "conv_t1")):
        name = re.sub(
            rf"^decoder_2\.model\.(\d+)\.block\.{place}",
            lambda m, layer=layer: f"acoustic_decoder.block.{int(m[1]) - 1}.{layer}",
            name,
        )
    for place, layer in (("0", "conv1"), ("6", "snake1"), ("7", "conv2")):
        name = re.sub(rf"^encoder\.block\.{place}\.", f"acoustic_encoder.{layer}.", name)
        name = re.sub(rf"^decoder_2\.model\.{place}\.", f"acoustic_decoder.{layer}.", name)
    name = name.replace("quantizer.vq.layers.", "quantizer.quantizers.").replace("._codebook.", ".codebook.")
    if not name.startswith("semantic_model."):
        name = re.sub(r"\.(conv[12]?)\.conv\.", r".\1.", name)
    for before, after in (("fc_prior.", "fc."), ("fc_post1.", "fc1."), ("fc_post2.", "fc2.")):
        name = after + name[len(before) :] if name.startswith(before) else name
    return name


def convert_codec(source: Path, target: Path) -> None:
    """The codec under the port's names, its weight norms merged."""
    from transformers import HiggsAudioV2TokenizerModel

    upstream = json.loads((source / "config.json").read_text())
    state = torch.load(source / "model.pth", map_location="cpu", weights_only=True)
    merged = {}
    for name, tensor in state.items():
        if name.endswith(".weight_v"):
            base = name.removesuffix("_v")
            merged[base] = torch._weight_norm(tensor, state[f"{base}_g"], 0)
        elif not name.endswith(".weight_g"):
            merged[name] = tensor
    codec = HiggsAudioV2TokenizerModel(codec_config(upstream, state)).eval()
    # Spans are masked in training only; the port's semantic model has no embedding for them.
    merged.pop("semantic_model.masked_spec_embed")
    codec.load_state_dict({codec_name(name): tensor for name, tensor in merged.items()})
    codec.save_pretrained(target)
    _feature_extractor(upstream, hop_length=codec.config.hop_length).save_pretrained(target)


def codec_config(upstream: Mapping[str, Any], state: Mapping[str, torch.Tensor]) -> Any:
    """The port's configuration of upstream's codec; widths are read from its tensors."""
    from transformers import DacConfig, HiggsAudioV2TokenizerConfig

    from .upstream import tiny_hubert

    semantic = tiny_hubert().config
    semantic.mask_time_prob = 0.0
    config = HiggsAudioV2TokenizerConfig(
        target_bandwidths=upstream["target_bandwidths"],
        sample_rate=upstream["sample_rate"],
        semantic_sample_rate=upstream["semantic_sample_rate"],
        codebook_size=upstream["bins"],
        codebook_dim=upstream["codebook_dim"],
        acoustic_model_config=DacConfig(
            encoder_hidden_size=state["encoder.block.0.weight_v"].shape[0],
            downsampling_ratios=upstream["ratios"],
            decoder_hidden_size=state["decoder_2.model.0.weight_v"].shape[0],
            upsampling_ratios=upstream["ratios"],
            hidden_size=upstream["D"],
        ),
        semantic_model_config=semantic,
    )
    if config.num_quantizers != upstream["n_q"]:
        raise ValueError(f"target_bandwidths give {config.num_quantizers} quantizers, the codec has {upstream['n_q']}")
    return config


# The processor


def write_processor(source: Path, codec: Path, target: Path) -> None:
    """Tokenizer, feature extractor, chat template, and the codec by its name."""
    from tokenizers import Regex, pre_tokenizers
    from transformers import HiggsAudioV2Processor, HiggsAudioV2TokenizerModel, PreTrainedTokenizerFast

    tokenizer = PreTrainedTokenizerFast.from_pretrained(source)
    tokenizer.pad_token = tokenizer.eos_token
    # The whole prompt is cut at once here. As in Llama 3's tokenizer, line breaks stay together whatever follows.
    backend = tokenizer.backend_tokenizer
    breaks = pre_tokenizers.Split(Regex(r"\s*[\r\n]+"), "isolated")
    backend.pre_tokenizer = pre_tokenizers.Sequence([breaks, backend.pre_tokenizer])
    audio_tokenizer = HiggsAudioV2TokenizerModel.from_pretrained(codec)
    HiggsAudioV2Processor(
        feature_extractor=_feature_extractor({"sample_rate": audio_tokenizer.config.sample_rate}, hop_length=1),
        tokenizer=tokenizer,
        audio_tokenizer=audio_tokenizer,
        chat_template=CHAT_TEMPLATE,
    ).save_pretrained(target)


def _feature_extractor(upstream: Mapping[str, Any], hop_length: int) -> Any:
    from transformers import DacFeatureExtractor

    return DacFeatureExtractor(
        feature_size=1,
        sampling_rate=upstream["sample_rate"],
        padding_value=0.0,
        padding_side="right",
        hop_length=hop_length,
        return_attention_mask=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--weights", type=Path, default=ROOT / "golden" / "weights" / "tiny-checkpoint.h5")
    parser.add_argument("--from", dest="source", nargs=2, type=Path, metavar=("MODEL", "CODEC"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.source:
        convert(*options.source, options.folder)
    else:
        materialise(options.weights, options.folder)


if __name__ == "__main__":
    main()
