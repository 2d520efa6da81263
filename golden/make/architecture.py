"""The shape of the tiny checkpoint: upstream's architecture, small sizes, the released model's flags."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

CODEBOOKS = 8
CODEBOOK_SIZE = 1024
STREAM_BOS = CODEBOOK_SIZE
STREAM_EOS = CODEBOOK_SIZE + 1

CODEC_CONFIG: dict[str, Any] = {
    "n_filters": 32,
    "D": 320,
    "target_bandwidths": [0.5, 1, 1.5, 2],
    "ratios": [8, 5, 4, 2, 3],
    "sample_rate": 24_000,
    "bins": CODEBOOK_SIZE,
    "n_q": CODEBOOKS,
    "codebook_dim": 16,
    "normalize": False,
    "causal": False,
    "semantic_techer": "hubert_base_general",
    "last_layer_semantic": True,
    "merge_mode": "concat",
    "downsample_mode": "step_down",
    "semantic_mode": "classic",
    "vq_scale": 1,
    "semantic_sample_rate": 16_000,
}
"""Arguments of upstream's `HiggsAudioTokenizer`. D differs from the released 256 on purpose:
upstream's `codec.codebook_size` returns D + 768, which is 1024 only for 256."""

BPE_SIZE = 512
SPECIAL_TOKENS: tuple[str, ...] = (
    "<|begin_of_text|>",
    "<|end_of_text|>",
    "<|reserved_special_token_0|>",
    "<|reserved_special_token_1|>",
    "<|finetune_right_pad_id|>",
    "<|reserved_special_token_2|>",
    "<|start_header_id|>",
    "<|end_header_id|>",
    "<|eom_id|>",
    "<|eot_id|>",
    "<|python_tag|>",
    "<|audio_bos|>",
    "<|audio_eos|>",
    "<|audio_out_bos|>",
    "<|reserved_special_token_6|>",
    "<|AUDIO|>",
    "<|AUDIO_OUT|>",
    "<|reserved_special_token_9|>",
    "<|scene_desc_start|>",
    "<|scene_desc_end|>",
    "<|recipient|>",
    "<|generation_instruction_start|>",
    "<|generation_instruction_end|>",
    "<|reserved_special_token_15|>",
    "<|reserved_special_token_16|>",
    "<|reserved_special_token_17|>",
    "<|reserved_special_token_18|>",
    "<|reserved_special_token_19|>",
)
"""In the order of the ids 128000 to 128027 of the Llama 3 vocabulary, here 512 to 539."""


def token_id(token: str) -> int:
    """The id of a special token."""
    return BPE_SIZE + SPECIAL_TOKENS.index(token)


def model_config() -> Any:
    """The language model's configuration: the released flags, layers 0 and 2 dual, layer 1 fast-forward."""
    from boson_multimodal.model.higgs_audio import HiggsAudioConfig
    from boson_multimodal.model.higgs_audio.configuration_higgs_audio import HiggsAudioEncoderConfig
    from transformers import LlamaConfig

    text = LlamaConfig(
        vocab_size=BPE_SIZE + len(SPECIAL_TOKENS),
        hidden_size=96,
        intermediate_size=256,
        num_hidden_layers=3,
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=24,
        max_position_embeddings=131_072,
        rope_theta=500_000.0,
        rope_scaling={
            "rope_type": "llama3",
            "factor": 32.0,
            "low_freq_factor": 1.0,
            "high_freq_factor": 4.0,
            "original_max_position_embeddings": 8192,
        },
        bos_token_id=token_id("<|begin_of_text|>"),
        eos_token_id=token_id("<|end_of_text|>"),
        torch_dtype="bfloat16",
    )
    audio_encoder = HiggsAudioEncoderConfig(
        num_mel_bins=128,
        encoder_layers=1,
        encoder_attention_heads=2,
        encoder_ffn_dim=64,
        d_model=32,
        pad_token_id=token_id("<|end_of_text|>"),
    )
    return HiggsAudioConfig(
        architectures=["HiggsAudioModel"],
        text_config=text,
        audio_encoder_config=audio_encoder,
        audio_adapter_type="dual_ffn_fast_forward",
        audio_embed_avg=False,
        audio_ffn_hidden_size=96,
        audio_ffn_intermediate_size=256,
        audio_dual_ffn_layers=[0, 2],
        audio_decoder_proj_num_layers=0,
        encode_whisper_embed=False,
        encode_audio_in_tokens=True,
        use_delay_pattern=True,
        skip_audio_tower=True,
        use_audio_out_embed_projector=False,
        use_audio_out_self_attention=False,
        audio_num_codebooks=CODEBOOKS,
        audio_codebook_size=CODEBOOK_SIZE,
        audio_stream_bos_id=STREAM_BOS,
        audio_stream_eos_id=STREAM_EOS,
        audio_in_token_idx=token_id("<|AUDIO|>"),
        audio_out_token_idx=token_id("<|AUDIO_OUT|>"),
        audio_out_bos_token_id=token_id("<|audio_out_bos|>"),
        audio_eos_token_id=token_id("<|audio_eos|>"),
        pad_token_id=token_id("<|end_of_text|>"),
        torch_dtype="bfloat16",
    )


def make_tokenizer(texts: Iterable[str]) -> Any:
    """A byte-level BPE tokenizer of `BPE_SIZE` pieces learned from the texts, then the special tokens."""
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=BPE_SIZE, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False
    )
    tokenizer.train_from_iterator(texts, trainer)
    if tokenizer.get_vocab_size() != BPE_SIZE:
        raise ValueError(f"the texts give {tokenizer.get_vocab_size()} pieces, {BPE_SIZE} are needed")
    tokenizer.add_special_tokens(
        [AddedToken(token, special=True, normalized=False) for token in SPECIAL_TOKENS]
    )
    return wrap_tokenizer(tokenizer.to_str())


def wrap_tokenizer(tokenizer_json: str) -> Any:
    """The tokenizer class that upstream loads, around the JSON of a `tokenizers.Tokenizer`."""
    from tokenizers import Tokenizer
    from transformers import PreTrainedTokenizerFast

    return PreTrainedTokenizerFast(
        tokenizer_object=Tokenizer.from_str(tokenizer_json),
        bos_token="<|begin_of_text|>",
        eos_token="<|end_of_text|>",
        pad_token="<|end_of_text|>",
        clean_up_tokenization_spaces=False,
    )


def make_codec() -> Any:
    """Upstream's codec with the tiny widths, in evaluation mode; its weights are still torch's own."""
    from boson_multimodal.audio_processing.higgs_audio_tokenizer import HiggsAudioTokenizer

    return HiggsAudioTokenizer(**CODEC_CONFIG, device="cpu").eval()


def make_model() -> Any:
    """Upstream's language model in float32; its weights are still torch's own."""
    from boson_multimodal.model.higgs_audio import HiggsAudioModel

    return HiggsAudioModel(model_config()).float().eval()
