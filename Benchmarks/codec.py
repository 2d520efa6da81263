"""The speed of the codec's decode against upstream's own modules on torch, on the same weights and codes.

python Benchmarks/codec.py [--frames N] [--rounds N] [--threads N] (script/benchmark codec does all the set-up)

The modules have the released widths and random weights. Every round decodes once with each, in turn. Both must
agree with a decode in float64: our largest error may be twice that of torch's float32.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import torch
from archives import add_tensor, new_archive
from widths import WIDTHS

sys.path.insert(0, str(Path(__file__).parent.parent / "Tests" / "CodecTests"))
from make_fixtures import DecodingSide, randomise  # noqa: E402

RELEASED = WIDTHS["released"]
UNUSED = ("project_in.weight", "project_in.bias", "embed_avg", "cluster_size", "inited")


def operations(module: torch.nn.Module, codes: torch.Tensor) -> int:
    """Floating-point operations of the modules' products, a multiplication and an addition each."""
    count = 0

    def note(layer: torch.nn.Module, inputs: tuple[torch.Tensor], output: torch.Tensor) -> None:
        nonlocal count
        # A transposed convolution reads each weight once for every input column, the others for every output one.
        columns = inputs[0] if isinstance(layer, torch.nn.ConvTranspose1d) else output
        positions = columns.shape[1] if isinstance(layer, torch.nn.Linear) else columns.shape[2]
        count += 2 * layer.weight.numel() * positions

    kinds = (torch.nn.Conv1d, torch.nn.ConvTranspose1d, torch.nn.Linear)
    hooks = [each.register_forward_hook(note) for each in module.modules() if isinstance(each, kinds)]
    module.decode(codes)
    for hook in hooks:
        hook.remove()
    return count


def write_weights(path: Path, module: torch.nn.Module) -> int:
    """An archive of the decoding side's weights, and their size in bytes."""
    size = 0
    with new_archive(path) as file:
        for name, value in module.state_dict().items():
            if not name.endswith(UNUSED):
                data = np.ascontiguousarray(value.numpy())
                add_tensor(file, f"weights/codec/{name}", data)
                size += data.nbytes
    return size


class Ours:
    """The Swift benchmark, which keeps its codec between rounds."""

    def __init__(self, *arguments: object) -> None:
        self.process = subprocess.Popen(
            [str(each) for each in arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def answer(self) -> dict[str, float]:
        """The next line."""
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"codec-benchmark ended with {self.process.wait()}")
        return json.loads(line)

    def run(self) -> dict[str, float]:
        """One round."""
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return self.answer()

    def end(self) -> None:
        """Ends the process."""
        self.process.stdin.close()
        self.process.wait()


def spread(ratios: list[float], style: str = ".2f") -> str:
    """The median and the range."""
    ratios = sorted(ratios)
    return f"{ratios[len(ratios) // 2]:{style}} ({ratios[0]:{style}} to {ratios[-1]:{style}})"


def median(values: list[float]) -> float:
    """The middle value."""
    return sorted(values)[len(values) // 2]


def main() -> None:
    """Makes the modules, runs the rounds and prints Markdown."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--frames", type=int, default=250)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--threads", type=int, default=2, help="torch's threads; ours are the cores'")
    parser.add_argument("--binary", required=True)
    options = parser.parse_args()
    torch.manual_seed(0)
    torch.set_num_threads(options.threads)
    generator = torch.Generator().manual_seed(0)
    module = DecodingSide(**RELEASED).eval()
    randomise(module, generator)
    codes = torch.randint(RELEASED["bins"], (1, RELEASED["n_q"], options.frames), generator=generator)
    rounds: list[dict[str, float]] = []
    with tempfile.TemporaryDirectory(prefix="higgs-benchmark-") as name, torch.no_grad():
        folder = Path(name)
        size = write_weights(folder / "weights.h5", module)
        codes[0].numpy().tofile(folder / "codes.raw")
        work = operations(module, codes)
        ours = Ours(options.binary, folder / "weights.h5", folder / "codes.raw", folder / "waveform.raw")
        start = ours.answer()
        for _ in range(options.rounds):
            figures = ours.run()
            wall, cpu = time.perf_counter(), time.process_time()
            waveform = module.decode(codes)
            figures["torch_wall"], figures["torch_cpu"] = time.perf_counter() - wall, time.process_time() - cpu
            rounds.append(figures)
        ours.end()
        own = np.fromfile(folder / "waveform.raw", np.float32).astype(np.float64)
        exact = module.double().decode(codes)[0, 0].numpy()
    own_error = np.abs(own - exact).max()
    torch_error = np.abs(waveform[0, 0].double().numpy() - exact).max()
    assert own_error <= 2 * torch_error, f"our largest error is {own_error}, torch's {torch_error}"

    columns = {key: [each[key] for each in rounds] for key in rounds[0]}
    print(
        f"{options.frames} frames ({options.frames / 25:g} s of sound), {work / 1e9:.1f} GFLOP in products, "
        f"torch {torch.__version__} with {options.threads} threads, {options.rounds} rounds.\n\n"
        "| | s | GFLOP/s | processor s | ours is faster by | in processor time |\n|---|---|---|---|---|---|"
    )
    wall, cpu = median(columns["wall"]), median(columns["cpu"])
    print(f"| ours | {wall:.3f} | {work / wall / 1e9:.1f} | {cpu:.3f} | | |")
    wall, cpu = median(columns["torch_wall"]), median(columns["torch_cpu"])
    ratios = [spread([a[f"torch_{key}"] / a[key] for a in rounds]) for key in ("wall", "cpu")]
    print(f"| upstream on torch | {wall:.3f} | {work / wall / 1e9:.1f} | {cpu:.3f} | {ratios[0]} | {ratios[1]} |")
    share = spread([work / each["wall"] / each["peak_wall"] for each in rounds], ".0%")
    print(
        f"\nBest product of OpenBLAS on these cores in the same rounds: {median(columns['peak_wall']) / 1e9:.1f} "
        f"GFLOP/s; ours runs at {share} of it.\n"
        f"\nPeak memory beyond the codec's own ({start['codec'] / 1e6:.0f} MB with {size / 1e6:.0f} MB of weights): "
        f"{(start['peak'] - start['codec']) / 1e6:.0f} MB, of which the waveform is {own.size * 4 / 1e6:.0f} MB.\n"
        f"\nLargest error against float64: ours {own_error:.1e}, torch {torch_error:.1e}."
    )


if __name__ == "__main__":
    main()
