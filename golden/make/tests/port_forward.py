"""What the port's own classes give for ids and codes; run with the port on PYTHONPATH by `test_port.py`.

    python port_forward.py FOLDER NAME …

For each name, `NAME.npz` holds the prompt as upstream's (one placeholder for a segment), the reference's delayed
columns [C, R], the generated ones [C, L], codes [C, T] and the messages of the prompt. `NAME-found.npz` gets the audio
logits [S, C, V] of each generated column but the first, in float32 and in the checkpoint's own type, the waveform [N]
and the prompt ids.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import torch
from transformers import AutoProcessor, HiggsAudioV2ForConditionalGeneration


def logits(model: Any, prompt: np.ndarray, reference: torch.Tensor, delayed: torch.Tensor) -> np.ndarray:
    """The generated columns teacher-forced in one pass."""
    config, ids = model.config, []
    for token in prompt.tolist():
        ids += [token] * (reference.shape[1] if token == config.audio_token_id else 1)
    ids.append(config.audio_bos_token_id)
    start = len(ids)
    ids += [config.audio_token_id] * delayed.shape[1]
    columns = torch.cat([reference, delayed], dim=1).T.unsqueeze(0)
    found = model(
        input_ids=torch.tensor([ids]),
        audio_input_ids=columns,
        audio_input_ids_mask=torch.ones(columns.shape[:2], dtype=torch.bool),
    ).logits
    return found[0, start:-1].float().reshape(-1, config.num_codebooks, config.codebook_size).numpy()


@torch.inference_mode()
def main(folder: Path, names: list[str]) -> None:
    models = {
        name: HiggsAudioV2ForConditionalGeneration.from_pretrained(folder / "model", dtype=dtype).eval()
        for name, dtype in (("float32", torch.float32), ("own", "auto"))
    }
    processor = AutoProcessor.from_pretrained(folder / "model")
    for name in names:
        given = np.load(f"{name}.npz")
        reference, delayed, codes = (torch.from_numpy(given[part]) for part in ("reference", "delayed", "codes"))
        found = {f"logits_{kind}": logits(m, given["prompt_ids"], reference, delayed) for kind, m in models.items()}
        found["waveform"] = processor.audio_tokenizer.decode(codes.unsqueeze(0)).audio_values[0, 0].numpy()
        messages = json.loads(str(given["messages"]))
        text = processor.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
        found["prompt_ids"] = np.array(processor.tokenizer(text)["input_ids"])
        np.savez(f"{name}-found.npz", **found)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
