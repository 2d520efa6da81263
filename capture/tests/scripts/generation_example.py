"""In the way of upstream's examples/generation.py: a client around model, codec and collator; text in chunks."""

from dataclasses import asdict

import numpy as np
import soundfile as sf
import torch
from boson_multimodal.audio_processing.higgs_audio_tokenizer import load_higgs_audio_tokenizer
from boson_multimodal.data_collator.higgs_audio_collator import HiggsAudioSampleCollator
from boson_multimodal.data_types import AudioContent, ChatMLSample, Message
from boson_multimodal.dataset.chatml_dataset import ChatMLDatasetSample, prepare_chatml_sample
from boson_multimodal.model.higgs_audio import HiggsAudioModel
from boson_multimodal.model.higgs_audio.utils import revert_delay_pattern
from transformers import AutoConfig, AutoTokenizer

VOICE = ("Please read the letter again.", "voice.wav")
CHUNKS = ["The harbour lights came on one by one."]


class Client:
    def __init__(self, model, codec):
        self.codec = load_higgs_audio_tokenizer(codec, device="cpu")
        self.model = HiggsAudioModel.from_pretrained(model, device_map="cpu", torch_dtype=torch.bfloat16).eval()
        self.tokenizer = AutoTokenizer.from_pretrained(model)
        config = self.config = AutoConfig.from_pretrained(model)
        self.collator = HiggsAudioSampleCollator(
            whisper_processor=None,
            audio_in_token_id=config.audio_in_token_idx,
            audio_out_token_id=config.audio_out_token_idx,
            audio_stream_bos_id=config.audio_stream_bos_id,
            audio_stream_eos_id=config.audio_stream_eos_id,
            encode_whisper_embed=config.encode_whisper_embed,
            pad_token_id=config.pad_token_id,
            return_audio_in_tokens=config.encode_audio_in_tokens,
            use_delay_pattern=config.use_delay_pattern,
            round_to=1,
            audio_num_codebooks=config.audio_num_codebooks,
        )

    @torch.inference_mode()
    def generate(self, messages, audio_ids, chunks, temperature=1.0, top_k=50, top_p=0.95, seed=123):
        made, said = [], []
        for chunk in chunks:
            said.append(Message(role="user", content=chunk))
            tokens, _, _, _ = prepare_chatml_sample(ChatMLSample(messages=messages + said), self.tokenizer)
            header = "<|start_header_id|>assistant<|end_header_id|>\n\n"
            tokens.extend(self.tokenizer.encode(header, add_special_tokens=False))
            context = audio_ids + made
            sample = ChatMLDatasetSample(
                input_ids=torch.LongTensor(tokens),
                label_ids=None,
                audio_ids_concat=torch.concat([ids.cpu() for ids in context], dim=1) if context else None,
                audio_ids_start=torch.cumsum(torch.tensor([0] + [ids.shape[1] for ids in context]), dim=0)
                if context
                else None,
                audio_waveforms_concat=None,
                audio_waveforms_start=None,
                audio_sample_rate=None,
                audio_speaker_indices=None,
            )
            outputs = self.model.generate(
                **asdict(self.collator([sample])),
                max_new_tokens=2048,
                use_cache=True,
                do_sample=True,
                temperature=temperature,
                top_k=top_k,
                top_p=top_p,
                ras_win_len=7,
                ras_win_max_num_repeat=2,
                stop_strings=["<|end_of_text|>", "<|eot_id|>"],
                tokenizer=self.tokenizer,
                seed=seed,
            )
            pieces = [
                revert_delay_pattern(out).clip(0, self.codec.codebook_size - 1)[:, 1:-1] for out in outputs[1]
            ]
            made.append(torch.concat(pieces, dim=1))
            said.append(Message(role="assistant", content=AudioContent(audio_url="")))
        return self.codec.decode(torch.concat(made, dim=1).unsqueeze(0))[0, 0]


if __name__ == "__main__":
    client = Client("model", "codec")
    text, path = VOICE
    messages = [
        Message(role="user", content=text),
        Message(role="assistant", content=AudioContent(audio_url=path)),
    ]
    sound = client.generate(messages, [client.codec.encode(path).squeeze(0)], CHUNKS)
    sf.write("speech.wav", sound, 24000)
    print(f"energy {np.mean(sound**2):.6e}")
