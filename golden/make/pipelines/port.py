"""The port in transformers 5, as its documentation uses it: a conversation, `generate`, `batch_decode`, `save_audio`.

Needs transformers 5. Several texts are one batch.
"""

from __future__ import annotations

import argparse
from typing import Any

import torch
from transformers import AutoProcessor, HiggsAudioV2ForConditionalGeneration


def conversation(system: str, scene: str | None, voice: str | None, transcript: str, text: str) -> list[dict[str, Any]]:
    """System text and scene, then the reference voice in an assistant turn if there is one, then what to say."""
    messages = [("system", "text", system)]
    if scene:
        messages.append(("scene", "text", scene))
    if voice:
        messages += [("user", "text", transcript), ("assistant", "url", voice)]
    messages.append(("user", "text", text))
    return [
        {"role": role, "content": [{"type": "audio" if key == "url" else "text", key: value}]}
        for role, key, value in messages
    ]


def file_names(out: str, count: int) -> list[str]:
    """One name as given; of several each with its number."""
    stem, dot, ending = out.rpartition(".")
    return [out] if count == 1 else [f"{stem}-{index}{dot}{ending}" for index in range(count)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", required=True)
    parser.add_argument("--system", default="Generate audio following instruction.")
    parser.add_argument("--scene")
    parser.add_argument("--voice", help="sound file of the reference voice")
    parser.add_argument("--transcript", default="", help="what the reference voice says")
    parser.add_argument("--text", required=True, action="append", help="what to say; several are one batch")
    parser.add_argument("--greedy", action="store_true", help="take the most probable token, as the documentation does")
    parser.add_argument("--temperature", type=float, default=0.7)
    parser.add_argument("--top-p", type=float, default=0.95)
    parser.add_argument("--max-new-tokens", type=int, default=1000)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--print-tokens", action="store_true", help="print what `generate` returns, a line a column")
    parser.add_argument("--out", default="speech.wav")
    options = parser.parse_args()

    processor = AutoProcessor.from_pretrained(options.model)
    model = HiggsAudioV2ForConditionalGeneration.from_pretrained(options.model)
    inputs = processor.apply_chat_template(
        [conversation(options.system, options.scene, options.voice, options.transcript, text) for text in options.text],
        add_generation_prompt=True,
        tokenize=True,
        return_dict=True,
        sampling_rate=24000,
        return_tensors="pt",
    ).to(model.device)

    sampling = {} if options.greedy else {"temperature": options.temperature, "top_p": options.top_p}
    if options.seed is not None:
        torch.manual_seed(options.seed)
    outputs = model.generate(**inputs, max_new_tokens=options.max_new_tokens, do_sample=not options.greedy, **sampling)
    if options.print_tokens:
        for row in outputs.tolist():
            for column in row:
                print(*column)
    decoded = processor.batch_decode(outputs)
    processor.save_audio(decoded, file_names(options.out, len(decoded)))


if __name__ == "__main__":
    main()
