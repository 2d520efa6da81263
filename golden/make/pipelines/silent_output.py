"""A voice-cloning script with the knobs of the pipeline whose output was silent.

It differs from upstream's serving engine in the prompt (the reference stands there twice, as text in
the user's turn and as the assistant's audio, while it is encoded once), in the sample (starts with the
total behind, waveforms attached, Whisper conditioning forced), in the sampling parameters, in the budget
and in how tokens are cut. What it prints is what its user had to go by.
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

FRAMES_PER_SECOND = 25
WORDS_PER_MINUTE = 130
CHARACTERS_PER_WORD = 8
HEADROOM = 1.2
SMALLEST_BUDGET, LARGEST_BUDGET = 48, 384
WHISPER_RATE = 16_000
OUTPUT_RATE = 24_000


def token_budget(text: str) -> int:
    """A token limit guessed from the length of the text."""
    words = max(len(text.split()), len(text) / CHARACTERS_PER_WORD)
    seconds = words * 60 / WORDS_PER_MINUTE
    return min(max(int(seconds * FRAMES_PER_SECOND * HEADROOM), SMALLEST_BUDGET), LARGEST_BUDGET)


class Cloner:
    """Model, codec and collator, loaded once."""

    def __init__(self, model: str, codec: str) -> None:
        self.model = HiggsAudioModel.from_pretrained(model, torch_dtype=torch.bfloat16).eval()
        self.tokenizer = AutoTokenizer.from_pretrained(model)
        self.config = AutoConfig.from_pretrained(model)
        self.codec = load_higgs_audio_tokenizer(codec, device="cpu")
        self.config.encode_whisper_embed = True
        self.collator = HiggsAudioSampleCollator(
            whisper_processor=AutoProcessor.from_pretrained("openai/whisper-large-v3", trust_remote_code=True),
            encode_whisper_embed=True,
            audio_in_token_id=self.config.audio_in_token_idx,
            audio_out_token_id=self.config.audio_out_token_idx,
            audio_stream_bos_id=self.config.audio_stream_bos_id,
            audio_stream_eos_id=self.config.audio_stream_eos_id,
            pad_token_id=self.config.pad_token_id,
            return_audio_in_tokens=self.config.encode_audio_in_tokens,
            use_delay_pattern=self.config.use_delay_pattern,
            audio_num_codebooks=self.config.audio_num_codebooks,
            round_to=1,
        )

    def prompt(self, voice: str, transcript: str, text: str) -> ChatMLSample:
        """The reference twice: typed into the user's text, and as what the assistant said."""
        return ChatMLSample(
            messages=[
                Message(role="system", content="Generate speech in the provided voice."),
                Message(role="user", content=f"{transcript} <|audio_bos|><|AUDIO|><|audio_eos|>"),
                Message(role="assistant", content=AudioContent(audio_url=voice)),
                Message(role="user", content=text),
            ]
        )

    def inputs(self, voice: str, transcript: str, text: str) -> dict:
        ids, _, _, _ = prepare_chatml_sample(self.prompt(voice, transcript, text), self.tokenizer)
        ids += self.tokenizer.encode("<|start_header_id|>assistant<|end_header_id|>\n\n", add_special_tokens=False)
        segments = [self.codec.encode(voice).squeeze(0).cpu()]
        lengths = [segment.shape[1] for segment in segments]
        waveform = torch.from_numpy(librosa.load(voice, sr=WHISPER_RATE, mono=True)[0])
        sample = ChatMLDatasetSample(
            input_ids=torch.LongTensor(ids),
            label_ids=None,
            audio_ids_concat=torch.cat(segments, dim=1),
            audio_ids_start=torch.cumsum(torch.tensor([0, *lengths], dtype=torch.long), dim=0),
            audio_waveforms_concat=waveform,
            audio_waveforms_start=torch.tensor([0, len(waveform)], dtype=torch.long),
            audio_sample_rate=torch.tensor([float(WHISPER_RATE)]),
            audio_speaker_indices=torch.empty(0, dtype=torch.long),
        )
        return asdict(self.collator([sample]))

    @torch.inference_mode()
    def speak(self, voice: str, transcript: str, text: str, seed: int | None) -> np.ndarray | None:
        outputs = self.model.generate(
            **self.inputs(voice, transcript, text),
            max_new_tokens=token_budget(text),
            use_cache=True,
            do_sample=True,
            temperature=0.3,
            top_k=50,
            top_p=0.95,
            stop_strings=["<|end_of_text|>", "<|eot_id|>"],
            tokenizer=self.tokenizer,
            seed=seed,
        )
        pieces = [self.codes(index, delayed) for index, delayed in enumerate(outputs[1])]
        if not pieces:
            print("no audio was generated")
            return None
        codes = torch.cat(pieces, dim=1)
        return self.codec.decode(codes.unsqueeze(0))[0, 0]

    def codes(self, index: int, delayed: torch.Tensor) -> torch.Tensor:
        """Revert, clip, look for EOS (too late: the clip may have hidden it), strip."""
        codes = revert_delay_pattern(delayed) if self.config.use_delay_pattern else delayed
        codes = codes.clip(0, self.codec.codebook_size - 1)
        if codes.shape[1] > 2:
            last = int(codes[0, -1])
            found = last == self.config.audio_stream_eos_id
            print(f"segment {index}: ends in {last}, {'EOS' if found else 'no EOS'}")
            codes = codes[:, 1:-1]
        return codes


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

    waveform = Cloner(options.model, options.codec).speak(options.voice, options.transcript, options.text, options.seed)
    if waveform is not None:
        print(f"energy {np.mean(waveform**2):.2e}, {len(waveform) / OUTPUT_RATE:.2f} s")
        sf.write(options.out, waveform, OUTPUT_RATE)


if __name__ == "__main__":
    main()
