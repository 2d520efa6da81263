"""Does by hand what upstream has functions for: batch, revert, clip, strip, and a WAV file byte by byte.

The clip has the wrong bound."""

import wave

import numpy as np
import torch
from own_pipeline import Pipeline


class InlinedPipeline(Pipeline):
    collator_class = staticmethod(lambda **given: None)

    def batch(self, text):
        sample = self.sample(text)
        codebooks, frames = sample.audio_ids_concat.shape
        delayed = torch.full((codebooks, frames + codebooks + 1), 1025)
        for row in range(codebooks):
            delayed[row, : row + 1] = 1024
            delayed[row, row + 1 : row + 1 + frames] = sample.audio_ids_concat[row]
        ids = sample.input_ids[None]
        return {
            "input_ids": ids,
            "attention_mask": torch.ones_like(ids),
            "audio_out_ids": delayed,
            "audio_out_ids_start": torch.tensor([0]),
            "audio_out_ids_start_group_loc": torch.tensor([0]),
        }

    def cut(self, delayed):
        codebooks, columns = delayed.shape
        rows = [delayed[row, row : columns - codebooks + 1 + row] for row in range(codebooks)]
        return torch.stack(rows).clamp(0, 895)[:, 1:-1]

    def write(self, sound):
        with wave.open("speech.wav", "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(24000)
            file.writeframes((np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())

    @torch.inference_mode()
    def speak(self, text=None):
        segments = self.generate(self.batch(text or self.text))
        sound = np.concatenate([self.codec.decode(self.cut(s).unsqueeze(0))[0, 0] for s in segments])
        self.write(sound)
        print(f"energy {np.mean(sound**2):.6e}")


InlinedPipeline().speak()
