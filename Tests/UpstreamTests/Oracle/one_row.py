"""One row of logits as many codebooks, so that one step of upstream's draws it many times.

Which of several equal scores torch keeps depends on their order. So the row is drawn in its own order, and with
its ids in another random order in each codebook, which makes every choice between equals as likely.
"""

from collections.abc import Callable

import torch

from wire import Case, unpacked

Draws = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]


def counts(case: Case, drawn: Draws) -> dict[str, list[int]]:
    """How often each id is drawn, given what draws codebooks of logits and history."""
    torch.manual_seed(case["torch_seed"])
    logits, history = unpacked(case["logits"]), unpacked(case["history"])
    shape = (case["draws"], len(logits))
    as_given = torch.arange(shape[1]).expand(shape)
    order = as_given.clone()
    movable = case["movable"]
    order[:, :movable] = torch.rand(shape[0], movable).argsort(dim=1)

    def counted(order: torch.Tensor) -> list[int]:
        places = drawn(logits[order], order.argsort(dim=1)[:, history])
        ids = order.gather(1, places.unsqueeze(1)).flatten()
        return torch.bincount(ids, minlength=shape[1]).tolist()

    return {"as_given": counted(as_given), "shuffled": counted(order)}
