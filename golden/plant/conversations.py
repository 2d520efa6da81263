"""The conversations that cases ask for, as upstream's ChatML samples. Voices are files in the working folder."""

from __future__ import annotations

from boson_multimodal.data_types import AudioContent, ChatMLSample, Message, TextContent

from golden.make import prompts

from .case import Request

TYPED = "<|audio_bos|><|AUDIO|><|audio_eos|>"


def conversation(request: Request) -> ChatMLSample:
    """The request's conversation."""
    text = prompts.SENTENCES[request.sentence]
    make = {
        "clone": _clone,
        "typed": _typed,
        "two-references": _two_references,
        "lost-recording": _lost_recording,
        "system-voice": _system_voice,
        "greeting": _greeting,
    }.get(request.prompt)
    if make is not None:
        return ChatMLSample(messages=make(request.voice, text))
    if request.prompt == "two-segments":
        return prompts.two_segments(request.voice)
    if request.prompt == "plain":
        return prompts.plain(request.sentence, request.voice)
    raise ValueError(f"no conversation is called {request.prompt}")


def recording(voice: str) -> AudioContent:
    """A voice as a file."""
    return AudioContent(audio_url=f"{voice}.wav")


def _clone(voice: str, text: str) -> list[Message]:
    return [
        Message(role="user", content=prompts.REFERENCE_SENTENCE),
        Message(role="assistant", content=recording(voice)),
        Message(role="user", content=text),
    ]


def _typed(voice: str, text: str) -> list[Message]:
    """The reference twice: typed into the user's text, and as what the assistant said."""
    first, *rest = _clone(voice, text)
    return [Message(role="user", content=f"{first.content} {TYPED}"), *rest]


def _two_references(voice: str, text: str) -> list[Message]:
    other = "high" if voice == "low" else "low"
    return [*_clone(other, text)[:2], *_clone(voice, text)]


def _lost_recording(voice: str, text: str) -> list[Message]:
    """Two references, of which the second is a placeholder without a recording."""
    lost = Message(role="assistant", content=AudioContent(audio_url="placeholder"))
    return [
        *_clone(voice, text)[:2],
        Message(role="user", content=prompts.REFERENCE_SENTENCE),
        lost,
        *_clone(voice, text)[2:],
    ]


def _system_voice(voice: str, text: str) -> list[Message]:
    """The reference in the system message, as `examples/generation.py --ref_audio_in_system_message` puts it."""
    return [
        Message(
            role="system", content=[_text("Generate audio following instruction.\n\nSPEAKER0: "), recording(voice)]
        ),
        Message(role="user", content=text),
    ]


def _greeting(voice: str, text: str) -> list[Message]:
    """Small talk, which the model answers in text."""
    return [Message(role="user", content="hello")]


def _text(text: str) -> TextContent:
    return TextContent(text=text)
