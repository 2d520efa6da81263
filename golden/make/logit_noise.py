"""How far rounding and wrong weights move the tiny checkpoint's audio logits.

    python -m golden.make.logit_noise                    prints the table behind `LogitShape`'s limits
    python -m golden.make.logit_noise --fixture PATH     writes the logits that a test of bfloat16 noise compares with

Every run is upstream's own `generate`, teacher-forced: its sampler's tokens are replaced by those of the float32 run,
so that each step of both stands on the same context. `--fixture` takes the columns of `golden/plain.h5`, a run in
bfloat16, and stores what a float32 run's logits are beyond its own at the first steps: float16, [step, codebook, id],
little-endian, nothing else. float16 holds the difference to 11 bits, so the sum is right to 118 dB.
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from golden.make import upstream

from .record import GOLDEN, WEIGHTS

FIXTURE_STEPS = 12
Change = Callable[[Any], None]


class Done(Exception):
    """The columns to force are used up."""


class Forced:
    """Records upstream's steps, and repeats those of an earlier run."""

    def __init__(self) -> None:
        from boson_multimodal.model.higgs_audio import HiggsAudioModel

        self.audio: list[Any] | None = None
        self.text: list[Any] | None = None
        self._kept_audio: list[Any] = []
        self._kept_text: list[Any] = []
        self.logits: list[Any] = []
        audio, text = HiggsAudioModel._sample_audio_tokens, HiggsAudioModel._sample_text_tokens

        def sample_audio(model: Any, **given: Any) -> tuple[Any, ...]:
            found = list(audio(model, **given))
            self.logits.append(found[2].detach().float().cpu().clone())
            if self.audio is not None:
                place = len(self.logits) - 1
                if place == len(self.audio):
                    raise Done
                tokens, column, found[4], found[5] = self.audio[place]
                found[0], found[1] = tokens.clone(), column.clone()
            self._kept_audio.append((found[0].clone(), found[1].clone(), found[4], found[5]))
            return tuple(found)

        def sample_text(model: Any, **given: Any) -> tuple[Any, ...]:
            found = text(model, **given)
            if self.text is not None:
                place = len(self._kept_text)
                if place == len(self.text):
                    raise Done
                tokens, column = self.text[place]
                found = (tokens.clone(), None if column is None else column.clone(), *found[2:])
            self._kept_text.append((found[0].clone(), None if found[1] is None else found[1].clone()))
            return tuple(found)

        HiggsAudioModel._sample_audio_tokens = sample_audio
        HiggsAudioModel._sample_text_tokens = sample_text

    def run(self, engine: Any, sample: Any, like: tuple[list[Any], list[Any]] | None = None) -> Any:
        """One request: logits [step, codebook, id], and what was kept."""
        import torch

        self.audio, self.text = like or (None, None)
        self._kept_audio, self._kept_text, self.logits = [], [], []
        with suppress(Done):
            engine.generate(sample, max_new_tokens=400, temperature=0.7, top_p=0.95, seed=0)
        kept = (self._kept_audio, self._kept_text)
        steps = len(self._kept_audio)
        return torch.stack(self.logits[:steps]).double(), kept


def engine(dtype: Any = None, change: Change | None = None) -> Any:
    """Upstream's engine in the working directory's model, changed."""
    import torch
    from boson_multimodal.serve.serve_engine import HiggsAudioServeEngine

    made = HiggsAudioServeEngine("model", "codec", device="cpu", torch_dtype=dtype or torch.float32)
    if change:
        with torch.no_grad():
            change(made.model)
    return made


# What is changed


def neurons_permuted(model: Any) -> None:
    """The same function, with the sums of each MLP in another order."""
    import torch

    generator = torch.Generator().manual_seed(1)
    for module in model.modules():
        if hasattr(module, "gate_proj") and hasattr(module, "down_proj"):
            order = torch.randperm(module.gate_proj.weight.shape[0], generator=generator)
            for part in (module.gate_proj, module.up_proj):
                part.weight.copy_(part.weight[order])
            module.down_proj.weight.copy_(module.down_proj.weight[:, order])


def weight(name: str, change: Callable[[Any], Any]) -> Change:
    """One tensor, by its name in the state dict."""

    def apply(model: Any) -> None:
        parameter = dict(model.named_parameters())[name]
        parameter.copy_(change(parameter))

    return apply


def noisy(share: float, rows: slice = slice(None)) -> Callable[[Any], Any]:
    """Gaussian noise of a share of the tensor's spread, in some rows."""

    def apply(tensor: Any) -> Any:
        import torch

        changed = tensor.clone()
        part = changed[rows]
        part += share * part.std() * torch.randn(part.shape, generator=torch.Generator().manual_seed(2))
        return changed

    return apply


def quantised(bits: int) -> Change:
    """Every projection rounded to so many bits, one scale for each row."""

    def apply(model: Any) -> None:
        for name, parameter in model.named_parameters():
            if parameter.ndim == 2 and "proj" in name:
                step = parameter.abs().amax(1, keepdim=True) / (2 ** (bits - 1) - 1)
                parameter.copy_((parameter / step).round() * step)

    return apply


def silenced(layer: int) -> Change:
    """A layer that adds nothing to the residual stream."""

    def apply(model: Any) -> None:
        for name, parameter in model.named_parameters():
            if f"layers.{layer}." in name and ("o_proj" in name or "down_proj" in name):
                parameter.zero_()

    return apply


def randomised(model: Any) -> None:
    """Another model of the same sizes."""
    import torch

    generator = torch.Generator().manual_seed(7)
    for parameter in model.parameters():
        if parameter.ndim == 2:
            parameter.copy_(parameter.std() * torch.randn(parameter.shape, generator=generator))


@contextmanager
def factors_rounded(fraction: int) -> Iterator[None]:
    """Every factor of a linear layer rounded to so many bits of the significand, sums in float32: 10 is TF32."""
    import torch
    from torch.nn import functional

    original = functional.linear

    def rounded(values: Any) -> Any:
        drop = 23 - fraction
        bits = values.contiguous().view(torch.int32)
        bits = bits + (1 << (drop - 1)) - 1 + ((bits >> drop) & 1)
        return (bits & ~((1 << drop) - 1)).view(torch.float32)

    def linear(given: Any, weights: Any, bias: Any = None) -> Any:
        return original(rounded(given), rounded(weights), bias)

    functional.linear = linear
    try:
        yield
    finally:
        functional.linear = original


# What is measured


def figures(golden: Any, captured: Any, live: Any) -> dict[str, float]:
    """SNR, the scatter of the cells' SNR, and the persistence of what an affine map of each row leaves."""
    import torch

    error = captured - golden
    energy, noise = (golden**2).sum(-1), (error**2).sum(-1)
    centred = golden - golden.mean(-1, keepdim=True)
    rest = error - error.mean(-1, keepdim=True)
    rest = rest - (centred * rest).sum(-1, keepdim=True) / (centred**2).sum(-1, keepdim=True) * centred
    rest = rest / (rest**2).sum(-1, keepdim=True).sqrt()
    cosines = []
    for codebook in range(golden.shape[1]):
        rows = rest[live[:, codebook] & (noise[:, codebook] > 0), codebook]
        if len(rows) > 1:
            cosines.append(((rows.sum(0) ** 2).sum() - len(rows)) / (len(rows) * (len(rows) - 1)))
    seen = live & (noise > 0)
    return {
        "SNR": float(10 * torch.log10(energy[live].sum() / noise[live].sum())),
        "spread": float((10 * torch.log10(energy[seen] / noise[seen])).std(correction=0)),
        "persistence": float(sum(cosines) / max(len(cosines), 1)),
    }


def table() -> None:
    """Prints the range of each figure over four requests."""
    import torch

    from . import prompts

    forced, base = Forced(), engine()
    requests = [prompts.plain(2), prompts.plain(0), prompts.voice_clone(0), prompts.two_segments()]
    goldens = [forced.run(base, sample) for sample in requests]
    head = "audio_decoder_proj.audio_lm_head.weight"
    runs: list[tuple[str, Callable[[], Any], int | None]] = [
        ("float32, sums in another order", lambda: engine(change=neurons_permuted), None),
        ("TF32, emulated", engine, 10),
        ("float16", lambda: engine(torch.float16), None),
        ("bfloat16 factors, sums in float32", engine, 7),
        ("bfloat16", lambda: engine(torch.bfloat16), None),
        ("weights rounded to 8 bits", lambda: engine(change=quantised(8)), None),
        (
            "1 % noise on one attention matrix",
            lambda: engine(change=weight("layers.0.self_attn.q_proj.weight", noisy(0.01))),
            None,
        ),
        ("rotary base 1 % off", lambda: engine(change=lambda model: model.rotary_emb.inv_freq.mul_(1.01)), None),
        (
            "one projection times 1.05",
            lambda: engine(change=weight("layers.1.mlp.down_proj.weight", lambda tensor: tensor * 1.05)),
            None,
        ),
        ("a layer that adds nothing", lambda: engine(change=silenced(1)), None),
        ("one codebook's head, 5 % noise", lambda: engine(change=weight(head, noisy(0.05, slice(3078, 4104)))), None),
        ("the head times 1.1", lambda: engine(change=weight(head, lambda tensor: tensor * 1.1)), None),
        ("weights rounded to 4 bits", lambda: engine(change=quantised(4)), None),
        ("random weights", lambda: engine(change=randomised), None),
    ]
    for name, make, fraction in runs:
        made = make()
        found = []
        for sample, (golden, kept) in zip(requests, goldens, strict=True):
            if fraction is None:
                captured, _ = forced.run(made, sample, like=kept)
            else:
                with factors_rounded(fraction):
                    captured, _ = forced.run(made, sample, like=kept)
            live = torch.stack([column for _, column, _, _ in kept[0]]) != 1024
            found.append(figures(golden, captured, live))
        ranges = {key: [round(row[key], 3) for row in found] for key in found[0]}
        print(f"{name:36}" + "  ".join(f"{key} {min(row)} ... {max(row)}" for key, row in ranges.items()), flush=True)


def fixture(path: Path) -> None:
    """Writes how far the first logits of a float32 run lie from those of `golden/plain.h5`, which is bfloat16."""
    import h5py
    import torch

    from . import prompts

    with h5py.File(GOLDEN / "plain.h5") as archive:
        sample = archive["samples/000000/generation"]
        stored = torch.from_numpy(sample["input/audio_logits"][:FIXTURE_STEPS]).double()
        columns = torch.from_numpy(sample["captured/segments/0/delayed"][:, 1 : FIXTURE_STEPS + 1])
    forced = Forced()
    for dtype in (torch.bfloat16, torch.float32):
        _, (audio, text) = forced.run(engine(dtype), prompts.plain(2))
        kept = [(audio[0][0], column, 0, None) for column in columns.T]
        logits, _ = forced.run(engine(dtype), prompts.plain(2), like=(kept, text))
        # Another processor may round a logit near 0 otherwise.
        if dtype == torch.bfloat16 and (logits - stored).abs().max() > 1e-4:
            raise SystemExit("the bfloat16 run here is not that of golden/plain.h5")
    difference = (logits - stored).to(torch.float16)
    path.write_bytes(difference.numpy().astype("<f2").tobytes())
    print(f"{path}: {FIXTURE_STEPS} steps, {path.stat().st_size} bytes")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fixture", type=Path, metavar="PATH", help="write the fixture there")
    options = parser.parse_args()
    target = options.fixture.resolve() if options.fixture else None
    for name, value in {"OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"}.items():
        os.environ.setdefault(name, value)
    os.environ.setdefault("LOGURU_LEVEL", "WARNING")
    upstream.install()
    import torch

    from . import checkpoint

    torch.set_num_threads(1)
    folder = Path(tempfile.mkdtemp(prefix="logits-"))
    try:
        checkpoint.materialise(WEIGHTS, folder)
        os.chdir(folder)
        fixture(target) if target else table()
    finally:
        os.chdir("/")
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
