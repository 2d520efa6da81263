"""Upstream's serving engine on one request, as a user would call it."""

from __future__ import annotations

import argparse

import soundfile as sf
from boson_multimodal.data_types import AudioContent, ChatMLSample, Message
from boson_multimodal.serve.serve_engine import HiggsAudioServeEngine


def conversation(system: str | None, voice: str | None, transcript: str | None, text: str) -> ChatMLSample:
    """System text, then the reference voice in an assistant turn, then what to say; the first two if given."""
    messages = []
    if system:
        messages.append(Message(role="system", content=system))
    if voice:
        messages.append(Message(role="user", content=transcript or ""))
        messages.append(Message(role="assistant", content=AudioContent(audio_url=voice)))
    messages.append(Message(role="user", content=text))
    return ChatMLSample(messages=messages)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", required=True)
    parser.add_argument("--codec", required=True)
    parser.add_argument("--system")
    parser.add_argument("--voice", help="sound file of the reference voice")
    parser.add_argument("--transcript", help="what the reference voice says")
    parser.add_argument("--text", required=True, help="what to say")
    parser.add_argument("--temperature", type=float, default=0.7)
    parser.add_argument("--max-new-tokens", type=int, default=1024)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--force-audio", action="store_true")
    parser.add_argument("--out", default="speech.wav")
    options = parser.parse_args()

    engine = HiggsAudioServeEngine(options.model, options.codec, device="cpu")
    response = engine.generate(
        conversation(options.system, options.voice, options.transcript, options.text),
        max_new_tokens=options.max_new_tokens,
        temperature=options.temperature,
        seed=options.seed,
        force_audio_gen=options.force_audio,
    )
    sf.write(options.out, response.audio, response.sampling_rate)


if __name__ == "__main__":
    main()
