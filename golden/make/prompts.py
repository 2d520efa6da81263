"""The conversations that the tiny checkpoint was taught, as upstream's ChatML samples.

Every prompt ends where the assistant is to answer; upstream adds the assistant's header itself.
"""

from __future__ import annotations

import base64

from boson_multimodal.data_types import AudioContent, ChatMLSample, Message

from .speech import Voice, reference

VOICES: dict[str, Voice] = {
    "low": Voice("en-us+m3", pitch=35, speed=175),
    "high": Voice("en-us+f2", pitch=60, speed=185),
}
DESCRIPTIONS = {"low": "masculine", "high": "feminine"}

SENTENCES: tuple[str, ...] = (
    "The harbour lights came on one by one.",
    "Seven small boats wait for the tide.",
    "Nobody heard the bell this morning.",
)
REFERENCE_SENTENCE = "Please read the letter again."


def _system(voice: str, instruction: str = "Generate audio following instruction.") -> Message:
    scene = f"Audio is recorded from a quiet room.\nSPEAKER0: {DESCRIPTIONS[voice]}"
    return Message(
        role="system", content=f"{instruction}\n\n<|scene_desc_start|>\n{scene}\n<|scene_desc_end|>"
    )


def plain(sentence: int = 0, voice: str = "low") -> ChatMLSample:
    """One sentence without a reference; the system prompt describes the voice."""
    return ChatMLSample(messages=[_system(voice), Message(role="user", content=SENTENCES[sentence])])


def voice_clone(sentence: int = 0, voice: str = "low") -> ChatMLSample:
    """One sentence in the voice of a recording, which stands in an assistant turn after its transcript."""
    recording = base64.b64encode(reference(voice).read_bytes()).decode("ascii")
    return ChatMLSample(
        messages=[
            Message(role="user", content=REFERENCE_SENTENCE),
            Message(role="assistant", content=AudioContent(audio_url="placeholder", raw_audio=recording)),
            Message(role="user", content=SENTENCES[sentence]),
        ]
    )


def two_segments(voice: str = "low") -> ChatMLSample:
    """Two sentences in one response, each as a segment of its own."""
    lines = f"{SENTENCES[1]}\n{SENTENCES[2]}"
    return ChatMLSample(
        messages=[_system(voice, "Generate one audio for each line."), Message(role="user", content=lines)]
    )
