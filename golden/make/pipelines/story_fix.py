"""The repair that was proposed for the silent pipeline.

Collator, sample, parameters and token handling are those of upstream's serving engine. The prompt is
still the old one, with two placeholders for one encoded reference, and the starts no longer hide it:
upstream's collator raises. The proposal caught and printed that; here it ends the script.
"""

from __future__ import annotations

import argparse
from dataclasses import asdict

import librosa
import numpy as np
import soundfile as sf
import torch
from boson_multimodal.audio_processing.higgs_audio_tokenizer import load_higgs_audio_tokenizer
from boson_multimodal.data_collator.higgs_audio_collator import HiggsAudioSampleCollator
from boson_multimodal.data_types import AudioContent, ChatMLSample, Message
from boson_multimodal.dataset.chatml_dataset import ChatMLDatasetSample, prepare_chatml_sample
from boson_multimodal.model.higgs_audio import HiggsAudioModel
from boson_multimodal.model.higgs_audio.utils import revert_delay_pattern
from transformers import AutoConfig, AutoProcessor, AutoTokenizer

WHISPER = "openai/whisper-large-v3"


def collator_of(config) -> HiggsAudioSampleCollator:
    """As the serving engine makes it: no reference codes under `<|AUDIO|>`, no padding."""
    processor = AutoProcessor.from_pretrained(WHISPER) if config.encode_whisper_embed else None
    return HiggsAudioSampleCollator(
        whisper_processor=processor,
        encode_whisper_embed=config.encode_whisper_embed,
        audio_in_token_id=config.audio_in_token_idx,
        audio_out_token_id=config.audio_out_token_idx,
        audio_stream_bos_id=config.audio_stream_bos_id,
        audio_stream_eos_id=config.audio_stream_eos_id,
        pad_token_id=config.pad_token_id,
        return_audio_in_tokens=False,
        use_delay_pattern=config.use_delay_pattern,
        audio_num_codebooks=config.audio_num_codebooks,
        round_to=1,
    )


def sample_of(chat: ChatMLSample, tokenizer, codec) -> ChatMLDatasetSample:
    """Codes only, one start for each encoded segment."""
    ids, _, contents, _ = prepare_chatml_sample(chat, tokenizer)
    ids += tokenizer.encode("<|start_header_id|>assistant<|end_header_id|>\n\n", add_special_tokens=False)
    segments = []
    for content in contents:
        sound, _ = librosa.load(content.audio_url, sr=codec.sampling_rate)
        segments.append(codec.encode(sound, codec.sampling_rate).squeeze(0).cpu())
    starts = np.cumsum([0] + [segment.shape[1] for segment in segments])
    return ChatMLDatasetSample(
        input_ids=torch.LongTensor(ids),
        label_ids=None,
        audio_ids_concat=torch.cat(segments, dim=1),
        audio_ids_start=torch.tensor(starts, dtype=torch.long)[:-1],
        audio_waveforms_concat=None,
        audio_waveforms_start=None,
        audio_sample_rate=None,
        audio_speaker_indices=None,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", required=True)
    parser.add_argument("--codec", required=True)
    parser.add_argument("--voice", required=True)
    parser.add_argument("--transcript", required=True)
    parser.add_argument("--text", required=True)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--out", default="cloned.wav")
    options = parser.parse_args()

    model = HiggsAudioModel.from_pretrained(options.model, torch_dtype=torch.bfloat16)
    tokenizer = AutoTokenizer.from_pretrained(options.model)
    config = AutoConfig.from_pretrained(options.model)
    codec = load_higgs_audio_tokenizer(options.codec, device="cpu")
    chat = ChatMLSample(
        messages=[
            Message(role="system", content="Generate speech in the provided voice."),
            Message(role="user", content=f"{options.transcript} <|audio_bos|><|AUDIO|><|audio_eos|>"),
            Message(role="assistant", content=AudioContent(audio_url=options.voice)),
            Message(role="user", content=options.text),
        ]
    )
    batch = collator_of(config)([sample_of(chat, tokenizer, codec)])
    with torch.inference_mode():
        outputs = model.generate(
            **asdict(batch),
            max_new_tokens=1024,
            use_cache=True,
            stop_strings=["<|end_of_text|>", "<|eot_id|>"],
            tokenizer=tokenizer,
            do_sample=True,
            temperature=0.7,
            top_k=None,
            top_p=0.95,
            ras_win_len=7,
            ras_win_max_num_repeat=2,
            seed=options.seed,
        )
        waveforms = []
        for delayed in outputs[1]:
            codes = revert_delay_pattern(delayed).clip(0, config.audio_codebook_size - 1)[:, 1:-1]
            waveforms.append(codec.decode(codes.unsqueeze(0))[0, 0])
    sf.write(options.out, np.concatenate(waveforms), codec.sampling_rate)


if __name__ == "__main__":
    main()
