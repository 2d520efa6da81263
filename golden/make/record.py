"""Records every golden archive from upstream's own code and the committed tiny checkpoint.

    python -m golden.make.record            writes golden/*.h5
    python -m golden.make.record --check    records into a temporary folder and compares

Each archive is recorded in a process of its own, on one thread, in a folder that holds only relative
names, so that recording again gives the same tensors and the same documents.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

MAKE = Path(__file__).resolve().parent
GOLDEN = MAKE.parent
ROOT = GOLDEN.parent
if str(ROOT / "capture") not in sys.path:
    sys.path.insert(0, str(ROOT / "capture"))

from higgs_capture import Archive, ArchiveWriter  # noqa: E402

WEIGHTS = GOLDEN / "weights" / "tiny-checkpoint.h5"
WEIGHTS_HINT = "weights/tiny-checkpoint.h5"
"""As stored in the archives: relative to the archive's folder."""
REAL_TOKENS = MAKE / "real" / "higgs-v2-3b-greedy-50-steps.json"
SOURCE_DATE_EPOCH = "1795478400"
"""2026-11-24T00:00:00Z, unless the environment gives another."""
VOLATILE = {"/provenance.json": ("packages", "platform", "torch"), "/hooks.json": ("installed", "called")}
"""Keys that may differ between machines, or with the recorder's hooks; `--check` leaves them out."""
LATER = {"sample.json": ("sites",)}
"""Keys that the recorder began to write later: an archive from before need not have them."""


@dataclass(frozen=True)
class Recipe:
    """One archive: which script runs, on what, and how the reference run is bounded."""

    script: str
    sentence: int = 0
    seed: int | None = 0
    voice: str | None = None
    arguments: tuple[str, ...] = ()
    two_segments: bool = False


RECIPES: dict[str, Recipe] = {
    "voice-clone": Recipe("serving_engine.py", voice="low"),
    "voice-clone-greedy": Recipe("serving_engine.py", sentence=1, voice="high", arguments=("--temperature", "0")),
    "plain": Recipe("serving_engine.py", sentence=2),
    "two-segments": Recipe("serving_engine.py", two_segments=True),
    "budget": Recipe("serving_engine.py", voice="low", arguments=("--max-new-tokens", "30")),
    "silent-output": Recipe("silent_output.py", voice="low"),
    "story-fix": Recipe("story_fix.py", voice="low"),
}
REAL = "real-3b-tokens"


@dataclass
class Options:
    """How a child process records."""

    golden_limit: int = 1024
    force_audio: bool = False
    codec_archive: Path | None = None
    extra: list[str] = field(default_factory=list)


def arguments(recipe: Recipe) -> list[str]:
    """The script's arguments; every path is relative to the folder it runs in."""
    from . import prompts

    given = ["--model", "model", "--codec", "codec"]
    if recipe.two_segments:
        system, lines = (message.content for message in prompts.two_segments().messages)
        given += ["--system", system, "--text", lines]
    elif recipe.voice is None:
        system, line = (message.content for message in prompts.plain(recipe.sentence).messages)
        given += ["--system", system, "--text", line]
    else:
        given += ["--voice", "voice.wav", "--transcript", prompts.REFERENCE_SENTENCE]
        given += ["--text", prompts.SENTENCES[recipe.sentence]]
    if recipe.seed is not None:
        given += ["--seed", str(recipe.seed)]
    return [*given, *recipe.arguments]


def record(name: str, out: Path, options: Options) -> None:
    """Runs in the child: records one script unchanged, then adds the goldens."""
    from . import upstream

    upstream.install()
    import torch
    from higgs_capture import Recorder

    torch.set_num_threads(1)
    torch.manual_seed(0)
    recipe = RECIPES[name]
    recorder = Recorder(text=True, keep_samples=True)
    recorder.run_script([f"pipelines/{recipe.script}", *arguments(recipe), *options.extra])
    if recorder.recording.hooks.failed:
        raise SystemExit(f"{name}: hooks failed: {recorder.recording.hooks.failed}")
    captured = Path("captured.h5")
    codec = (options.codec_archive, WEIGHTS_HINT) if options.codec_archive else None
    found = recorder.write(captured, codec_archive=codec, random_id=False)

    from boson_multimodal.serve.serve_engine import HiggsAudioServeEngine

    from .goldens import add_goldens

    engine = HiggsAudioServeEngine("model", "codec", device="cpu")
    add_goldens(
        captured,
        out,
        engine,
        samples={f"{index:06d}": request.sample for index, request in enumerate(found)},
        max_new_tokens=options.golden_limit,
        force_audio=options.force_audio,
    )
    captured.unlink()


def record_real_tokens(out: Path) -> None:
    """Tokens of the released model, published without logits: the tokens stage only, no capture."""
    from . import upstream

    upstream.install()
    import torch
    from higgs_capture import stages
    from higgs_capture.hooks import live

    from .goldens import add_token_golden

    torch.set_num_threads(1)
    torch.manual_seed(0)
    source = json.loads(REAL_TOKENS.read_text())
    delayed = torch.tensor(source["tokens"], dtype=torch.long).T.contiguous()
    codebooks, columns = delayed.shape
    ids = {name: source[name] for name in ("audio_stream_bos_id", "audio_stream_eos_id")}
    profile = {
        "generation.audio_codebook_size": source["audio_stream_bos_id"],
        "generation.audio_num_codebooks": codebooks,
        "generation.do_sample": False,
        "generation.max_new_tokens": columns,
        "generation.use_delay_pattern": True,
        **{f"generation.{name}": value for name, value in ids.items()},
    }
    sample = "/samples/000000"
    with ArchiveWriter(out) as writer:
        provenance = live.provenance()
        writer.json("/provenance.json", {**provenance, "source": source["source"], "what": source["what"]})
        writer.json("/config/tokens.json", ids)
        writer.json("/profile.json", profile)
        writer.json(f"{sample}/sample.json", {"ordinal": 0, "arm": None, "pair": None, "seed": None, "applied": []})
        writer.json(f"{sample}/profile.json", profile)
        writer.tensor(f"{sample}/tokens/input/segments/0/delayed", delayed, axes=stages.DELAYED)
        size = source["audio_stream_bos_id"]
        add_token_golden(writer, f"{sample}/tokens/golden", 0, delayed, size)


def prepare(folder: Path, checkpoint: str, weights: Path) -> None:
    """The folder that scripts run in: model, codec, pipelines, under those names."""
    from . import checkpoint as tiny

    if checkpoint == "untrained":
        tiny.untrained(folder)
    else:
        tiny.materialise(weights, folder)
    shutil.copytree(MAKE / "pipelines", folder / "pipelines", ignore=shutil.ignore_patterns("__pycache__"))


def record_all(names: list[str], out: Path, checkpoint: str, weights: Path) -> None:
    """Records archives one after the other, each in a fresh process."""
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="golden-") as temporary:
        folder = Path(temporary)
        prepare(folder, checkpoint, weights)
        for name in names:
            recipe = RECIPES.get(name)
            if recipe is not None and recipe.voice is not None:
                shutil.copyfile(MAKE / "voices" / f"{recipe.voice}.wav", folder / "voice.wav")
            print(f"recording {name}", flush=True)
            command = [sys.executable, "-m", "golden.make.record", "--child", name]
            command += ["--out", str(out.resolve()), "--checkpoint", checkpoint, "--weights", str(weights.resolve())]
            subprocess.run(command, cwd=folder, env=_environment(), check=True)


def _environment() -> dict[str, str]:
    given = dict(os.environ)
    given.setdefault("SOURCE_DATE_EPOCH", SOURCE_DATE_EPOCH)
    given["PYTHONPATH"] = os.pathsep.join([str(ROOT), str(ROOT / "capture")])
    given.update(OMP_NUM_THREADS="1", HF_HUB_OFFLINE="1", TOKENIZERS_PARALLELISM="false", LOGURU_LEVEL="WARNING")
    return given


# Comparing


def differences(committed: Path, fresh: Path) -> list[str]:
    """Datasets that differ in presence, dtype, shape, hash or content, volatile keys aside."""
    if not committed.exists():
        return [f"{committed.name}: is not there"]
    found = []
    with Archive(committed) as old, Archive(fresh) as new:
        before, after = set(old.paths()), set(new.paths())
        found += [f"{committed.name}: {path} is not recorded any more" for path in sorted(before - after)]
        found += [f"{committed.name}: {path} is new" for path in sorted(after - before)]
        for path in sorted(before & after):
            if _content(old, path) != _since(_content(new, path), _content(old, path), path):
                found.append(f"{committed.name}: {path} differs")
    return found


def _content(archive: Archive, path: str) -> Any:
    if archive.is_tensor(path):
        item = archive.tensor(path)
        return item.dtype, item.shape, item.sha256
    if not path.endswith(".json"):
        return archive.text(path)
    document = archive.json(path)
    for key in VOLATILE.get(path, ()):
        document.pop(key, None)
    return document


def _since(content: Any, older: Any, path: str) -> Any:
    """A document without those of the later keys that the older one lacks."""
    later = LATER.get(path.rpartition("/")[2], ())
    return {key: content[key] for key in content if key not in later or key in older} if later else content


def check(names: list[str], checkpoint: str, weights: Path) -> int:
    with tempfile.TemporaryDirectory(prefix="golden-check-") as folder:
        record_all(names, Path(folder), checkpoint, weights)
        found = []
        for name in names:
            found += differences(GOLDEN / f"{name}.h5", Path(folder) / f"{name}.h5")
    for line in found[:20]:
        print(line)
    print(f"{len(names)} archives recorded again, {len(found)} differences")
    return 1 if found else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="archives to record (default: all)")
    parser.add_argument("--out", type=Path, default=GOLDEN, help="folder to write to")
    parser.add_argument("--check", action="store_true", help="compare with the committed archives, write nothing")
    parser.add_argument("--checkpoint", choices=("trained", "untrained"), default="trained")
    parser.add_argument("--weights", type=Path, default=WEIGHTS, help="trained checkpoint (default: the committed one)")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    options = parser.parse_args()
    known = [*RECIPES, REAL]
    if unknown := set(options.names) - set(known):
        parser.error(f"unknown archives: {', '.join(sorted(unknown))}")
    if options.child:
        target = options.out / f"{options.child}.h5"
        if options.child == REAL:
            record_real_tokens(target)
        else:
            record(options.child, target, _child_options(options))
        return 0
    names = options.names or known
    if options.check:
        return check(names, options.checkpoint, options.weights)
    record_all(names, options.out, options.checkpoint, options.weights)
    return 0


def _child_options(options: argparse.Namespace) -> Options:
    """Random weights never end by themselves and have no archive: bound them, force audio."""
    if options.checkpoint == "trained":
        return Options(codec_archive=options.weights)
    script = RECIPES[options.child].script
    extra = ["--force-audio", "--max-new-tokens", "40"] if script == "serving_engine.py" else []
    return Options(golden_limit=40, force_audio=True, codec_archive=None, extra=extra)


if __name__ == "__main__":
    sys.exit(main())
