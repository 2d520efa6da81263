"""Trains upstream's language model to speak the taught conversations and to stop by itself.

The targets are soft: most of the probability on the right code, the rest on its nearest neighbours.
So temperature and top-p change tokens without losing the sentence.
The history is noised in the same way, so that a changed token does not derail what follows.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from .architecture import CODEBOOK_SIZE, CODEBOOKS, STREAM_BOS, STREAM_EOS, token_id

RIGHT = 0.7
NEIGHBOURS = 7
IGNORED = -100
EOS_WEIGHT = 2.0
LESSONS_A_STEP = 7


@dataclass(frozen=True)
class Lesson:
    """A conversation: its prompt, the codes of its reference, and those of the segments to answer with."""

    prompt_ids: list[int]
    reference: torch.Tensor | None
    answer: list[torch.Tensor]


@dataclass(frozen=True)
class _Batch:
    """Lessons as one batch of upstream's `forward`, with targets for every audio column."""

    input_ids: torch.Tensor
    attention_mask: torch.Tensor
    label_ids: torch.Tensor
    columns: torch.Tensor
    starts: torch.Tensor
    targets: torch.Tensor


def train(model: Any, codec: Any, lessons: list[Lesson], *, steps: int, log: Any) -> None:
    """Trains the model in place and leaves it in bfloat16."""
    neighbours = nearest_codes(codec)
    optimiser = torch.optim.AdamW(model.parameters(), lr=4e-3, betas=(0.9, 0.98), weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 4e-3, total_steps=steps, pct_start=0.1)
    # Evaluation mode throughout: the model has no dropout that is worth having, and upstream asks
    # in training mode for a mask that it cannot build without a cache.
    model.eval()
    for step in range(steps):
        batch = _batch([lessons[index] for index in torch.randperm(len(lessons))[:LESSONS_A_STEP]])
        with torch.enable_grad():
            audio, text = _losses(model, batch, _noised(batch.columns, neighbours), neighbours)
            loss = audio + text
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        if step % 50 == 0 or step == steps - 1:
            log(f"model {step:5d} audio {audio.item():.4f} text {text.item():.5f}")
    model.bfloat16()


@torch.no_grad()
def nearest_codes(codec: Any) -> torch.Tensor:
    """The nearest other codes of each code, [codebook, code, neighbour]."""
    tables = []
    for layer in codec.quantizer.vq.layers:
        points = layer.project_out(layer._codebook.embed)
        tables.append(torch.cdist(points, points).topk(NEIGHBOURS + 1, largest=False).indices[:, 1:])
    return torch.stack(tables)


def delayed(codes: torch.Tensor) -> torch.Tensor:
    """Codes [codebook, frame] in the delay pattern, as upstream's collator builds it."""
    from boson_multimodal.model.higgs_audio.utils import build_delay_pattern_mask

    ends = [torch.full((CODEBOOKS, 1), value, dtype=torch.long) for value in (STREAM_BOS, STREAM_EOS)]
    framed = torch.cat([ends[0], codes, ends[1]], dim=1)[None]
    return build_delay_pattern_mask(framed, bos_token_id=STREAM_BOS, pad_token_id=STREAM_EOS)[0][0]


def _batch(lessons: list[Lesson]) -> _Batch:
    """Lays the lessons out.

    While it generates, upstream never feeds the last column of a segment:
    the text goes on with the end token. The lessons leave that column out as well.
    """
    rows, labels, columns, targets = [], [], [], []
    for lesson in lessons:
        ids, row_labels = list(lesson.prompt_ids), [IGNORED] * len(lesson.prompt_ids)
        if lesson.reference is not None:
            columns.append(delayed(lesson.reference))
            targets.append(torch.full_like(columns[-1], IGNORED))
        for codes in lesson.answer:
            whole = delayed(codes)
            columns.append(whole[:, :-1])
            targets.append(whole[:, 1:].masked_fill(whole[:, 1:] == STREAM_BOS, IGNORED))
            opening = token_id("<|audio_out_bos|>")
            ids += [opening, token_id("<|AUDIO_OUT|>"), token_id("<|audio_eos|>")]
            row_labels += [opening, IGNORED, IGNORED]
        ids.append(token_id("<|eot_id|>"))
        row_labels.append(ids[-1])
        rows.append(torch.tensor(ids))
        labels.append(torch.tensor(row_labels))
    pad = nn.utils.rnn.pad_sequence
    lengths = torch.tensor([0] + [column.shape[1] for column in columns[:-1]])
    return _Batch(
        input_ids=pad(rows, batch_first=True, padding_value=token_id("<|end_of_text|>")),
        attention_mask=pad([torch.ones_like(row) for row in rows], batch_first=True),
        label_ids=pad(labels, batch_first=True, padding_value=IGNORED),
        columns=torch.cat(columns, dim=1),
        starts=lengths.cumsum(0),
        targets=torch.cat(targets, dim=1),
    )


def _noised(columns: torch.Tensor, neighbours: torch.Tensor) -> torch.Tensor:
    """The columns with each code replaced by a neighbour as often as the soft targets would draw one."""
    codes = columns.clamp(max=CODEBOOK_SIZE - 1)
    near = neighbours[torch.arange(CODEBOOKS)[:, None], codes]
    drawn = near.gather(2, torch.randint(NEIGHBOURS, (*columns.shape, 1))).squeeze(2)
    replaced = (torch.rand(columns.shape) > RIGHT) & (columns < CODEBOOK_SIZE)
    return torch.where(replaced, drawn, columns)


def _losses(
    model: Any, batch: _Batch, columns: torch.Tensor, neighbours: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """The cross entropy of the audio cells against their soft targets, and that of the text labels."""
    output = model(
        input_ids=batch.input_ids,
        attention_mask=batch.attention_mask,
        label_ids=batch.label_ids,
        audio_out_ids=columns,
        audio_out_ids_start=batch.starts,
        use_cache=False,
    )
    text = nn.functional.cross_entropy(
        output.logits[:, :-1].flatten(0, 1), output.expanded_labels[:, 1:].flatten(), ignore_index=IGNORED
    )
    right = batch.targets.T  # [column, codebook], the order of the audio logits
    scores = output.audio_logits
    total = scores.logsumexp(-1)
    hit = scores.gather(2, right.clamp(min=0)[..., None]).squeeze(2) - total
    near = neighbours[torch.arange(CODEBOOKS), right.clamp(0, CODEBOOK_SIZE - 1)]
    near = scores.gather(2, near).mean(2) - total
    is_end = right == STREAM_EOS
    soft = RIGHT * hit + (1 - RIGHT) * near
    floor = -(RIGHT * math.log(RIGHT) + (1 - RIGHT) * math.log((1 - RIGHT) / NEIGHBOURS))
    loss = torch.where(is_end, -EOS_WEIGHT * hit, -soft - floor)
    return loss[right != IGNORED].mean(), text
