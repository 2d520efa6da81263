"""The serving engine's stream of tokens, decoded in chunks of 16 frames as they come."""

import asyncio

import numpy as np
import soundfile as sf
import torch
from boson_multimodal.data_types import AudioContent, ChatMLSample, Message
from boson_multimodal.model.higgs_audio.utils import revert_delay_pattern
from boson_multimodal.serve.serve_engine import HiggsAudioServeEngine

FRAMES = 16


async def main():
    engine = HiggsAudioServeEngine("model", "codec", device="cpu")
    messages = [
        Message(role="user", content="Please read the letter again."),
        Message(role="assistant", content=AudioContent(audio_url="voice.wav")),
        Message(role="user", content="The harbour lights came on one by one."),
    ]
    columns = []
    async for delta in engine.generate_delta_stream(ChatMLSample(messages=messages), max_new_tokens=400, seed=0):
        if delta.audio_tokens is not None:
            columns.append(delta.audio_tokens)
    codes = revert_delay_pattern(torch.stack(columns, dim=1)).clip(0, 1023)[:, 1:-1]
    pieces = [
        engine.audio_tokenizer.decode(codes[:, start : start + FRAMES].unsqueeze(0))[0, 0]
        for start in range(0, codes.shape[1], FRAMES)
    ]
    sound = np.concatenate(pieces)
    sf.write("speech.wav", sound, 24000)
    print(f"energy {np.mean(sound**2):.6e}")


asyncio.run(main())
