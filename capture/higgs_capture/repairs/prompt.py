"""Repairs of the prompt's ids, the reference's codes and their starts, as the collator is given them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np


def surplus_placeholders(ids: np.ndarray, segments: int, tokens: dict[str, Any]) -> list[int]:
    """Places in the prompt ids [L] that make it one placeholder for each segment once they are left out.

    `<|AUDIO_OUT|>` placeholders are kept first, in order, then `<|AUDIO|>` ones. A surplus one goes
    together with the begin and end tokens beside it, where they stand there.
    """
    answer = np.flatnonzero(ids == tokens["audio_out_token_id"])
    heard = np.flatnonzero(ids == tokens["audio_in_token_id"])
    dropped: set[int] = set()
    for place in [*answer, *heard][segments:]:
        dropped.add(int(place))
        if place > 0 and ids[place - 1] in (tokens["audio_bos_token_id"], tokens["audio_out_bos_token_id"]):
            dropped.add(int(place) - 1)
        if place + 1 < len(ids) and ids[place + 1] == tokens["audio_eos_token_id"]:
            dropped.add(int(place) + 1)
    return sorted(dropped)


def without(ids: Any, places: Sequence[int]) -> Any:
    """A torch tensor [L] without the elements at some places."""
    kept = [index for index in range(ids.shape[0]) if index not in set(places)]
    return ids[kept]


def followed_by(ids: Any, ending: Sequence[int]) -> Any:
    """A torch tensor [L] with an ending, unless it has it already."""
    if not ending or ids[-len(ending) :].tolist() == list(ending):
        return ids
    return ids.new_tensor([*ids.tolist(), *ending])


def starts_of(lengths: Sequence[int]) -> list[int]:
    """Where each segment starts when they are laid end to end."""
    return np.cumsum([0, *lengths])[:-1].tolist()
