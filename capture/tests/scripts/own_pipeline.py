"""A user's own pipeline on upstream's classes; other scripts here change one piece of it."""

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
from transformers import AutoTokenizer


class Pipeline:
    collator_class = HiggsAudioSampleCollator
    text = "The harbour lights came on one by one."

    def __init__(self):
        self.model = HiggsAudioModel.from_pretrained("model", torch_dtype=torch.bfloat16).eval()
        self.tokenizer = AutoTokenizer.from_pretrained("model")
        self.codec = load_higgs_audio_tokenizer("codec", device="cpu")
        config = self.model.config
        self.collator = self.collator_class(
            whisper_processor=None,
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

    def sample(self, text):
        messages = [
            Message(role="user", content="Please read the letter again."),
            Message(role="assistant", content=AudioContent(audio_url="voice.wav")),
            Message(role="user", content=text),
        ]
        ids, _, contents, _ = prepare_chatml_sample(ChatMLSample(messages=messages), self.tokenizer)
        ids += self.tokenizer.encode("<|start_header_id|>assistant<|end_header_id|>\n\n", add_special_tokens=False)
        sound, rate = librosa.load(contents[0].audio_url, sr=self.codec.sampling_rate)
        codes = self.codec.encode(sound, rate).squeeze(0).cpu()
        return ChatMLDatasetSample(
            input_ids=torch.LongTensor(ids),
            label_ids=None,
            audio_ids_concat=codes,
            audio_ids_start=torch.tensor([0]),
            audio_waveforms_concat=None,
            audio_waveforms_start=None,
            audio_sample_rate=None,
            audio_speaker_indices=None,
        )

    def settings(self):
        return {"temperature": 0.7, "top_p": 0.95, "do_sample": True, "seed": 0, "max_new_tokens": 400}

    def generate(self, batch):
        return self.model.generate(
            **batch,
            **self.settings(),
            use_cache=True,
            ras_win_len=7,
            ras_win_max_num_repeat=2,
            stop_strings=["<|end_of_text|>", "<|eot_id|>"],
            tokenizer=self.tokenizer,
        )[1]

    def cut(self, delayed):
        return revert_delay_pattern(delayed).clip(0, 1023)[:, 1:-1]

    def write(self, sound):
        sf.write("speech.wav", sound, 24000)

    @torch.inference_mode()
    def speak(self, text=None):
        segments = self.generate(asdict(self.collator([self.sample(text or self.text)])))
        sound = np.concatenate([self.codec.decode(self.cut(s).unsqueeze(0))[0, 0] for s in segments])
        self.write(sound)
        print(f"energy {np.mean(sound**2):.6e}")
        return segments


if __name__ == "__main__":
    Pipeline().speak()
