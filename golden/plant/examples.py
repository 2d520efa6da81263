"""A worked example for each id of the catalogue, as a page: how a fault was planted, and what `explain` says of it.

`score.py --examples FILE` writes it from the answers that it has asked for.
"""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from collections.abc import Iterable

from .judge import DEFECTS, Json, Result, stands_for

NOT_PLANTED = {
    "collator.missing-audio-out-bos": "neither reference profile forces audio, so it is a setting beside "
    "`generation.no-audio` only",
    "collator.trailing-start": "upstream never reads the total behind the starts. It only hides that a surplus "
    "placeholder raises, and stands under that one",
    "collator.waveforms-present": "the tiny model, as the released one, skips its audio tower: waveforms are dead",
    "collator.waveform-rate": "the tiny model, as the released one, skips its audio tower: waveforms are dead",
    "tokens.strip-valid-frame": "upstream's own strip does it to every stream that met no EOS, so it follows from what "
    "ended the stream",
    "generation.stop-strings": "where text would have gone on only a new run shows: no recorded tensor is another",
    "collator.whisper-mel-bins": "the tiny model, as the released one, skips its audio tower: features are dead",
}
"""Ids that no case has as a cause, and why."""
ATTRIBUTIONS = {
    "not_shown": "not shown. Without it the sound is the same.",
    "consistent": "consistent with what was recorded; no run without it was possible.",
    "needs_intervention": "a new run of the model is needed to hear what the fix does.",
}
DIGITS = 3
HEAD = """# A worked example for each fault

For each id of the [catalogue](faults.md) one recording in which it was planted in upstream's own classes, and what
`higgs-diagnose explain` answers, in short: what the pipeline does, the evidence, the fix, and whether the sound was
made again without it. `golden/plant/README.md` says what an idiom is and where the plants are, and
`reports/confusion.md` has every answer. The figures are those of the tiny checkpoint. This page is written by
`script/confusion`.

The commands run in the project's top folder, where `python` is that of `script/upstream-env`, `higgs-diagnose` is on
`PATH`, and the packages are found: `export PYTHONPATH=$PWD:$PWD/capture`."""
FOLDER = "plants"
"""Where the commands record to."""


def catalogue(tool: str) -> list[Json]:
    """The rows that the tool knows, in its order."""
    said = subprocess.run([tool, "catalogue", "--format", "json"], capture_output=True, text=True, check=True)
    rows: list[Json] = json.loads(said.stdout)["deviations"]
    return rows


def page(rows: Iterable[Json], results: Iterable[Result]) -> str:
    """The page as Markdown, grouped by stage."""
    results, parts, stage = list(results), [HEAD], ""
    for row in rows:
        if (own := row["id"].partition(".")[0]) != stage:
            stage = own
            parts.append(f"## {stage}")
        parts.append(section(row, results))
    return "\n\n".join(parts) + "\n"


def section(row: Json, results: Iterable[Result]) -> str:
    """One id: its example, or why there is none."""
    id = row["id"]
    head = f"### `{id}` ({row['kind']})"
    result = chosen(id, results)
    if row["kind"] == "never":
        said = f" The case `{result.case['name']}` has it, and is {result.answer.verdict}." if result else ""
        return f"{head}\n\nNever a cause: it changes nothing, whatever the input.{said}"
    parts = [head]
    if result is None or id not in result.case["truth"] or result.case["kind"] not in ("setting", *DEFECTS):
        if id not in NOT_PLANTED:
            raise ValueError(f"{id} is the truth of no case, and golden/plant/examples.py does not say why")
        parts.append(f"Not a cause in any case: {NOT_PLANTED[id]}.")
    if result is not None:
        answer = "\n".join(rounded(line) for line in _answer(id, result))
        parts += [planted(result.case), f"```console\n$ {command(result.case)}\n{answer}\n```"]
    return "\n\n".join(parts)


def chosen(id: str, results: Iterable[Result]) -> Result | None:
    """The case that shows the id best: in its truth, rightly answered, as a cause, as the only fault."""
    found = [
        result
        for result in results
        if result.answer.problem is None
        and (id in result.case["truth"] or (id in result.case["also"] and _entry(id, result) is not None))
    ]
    return min(found, key=lambda result: _rank(id, result), default=None)


def _rank(id: str, result: Result) -> tuple[bool, ...]:
    case = result.case
    entry = _entry(id, result)
    return (
        id not in case["truth"],
        not result.right,
        case["kind"] == "harmless",
        len(case["truth"]) > 1,
        entry is None,
        entry is not None and entry["role"] == "consequences",
    )


def _entry(id: str, result: Result) -> Json | None:
    """What the answer says of the id: by its own name before an equivalent's, as a cause before anything else."""
    own = [entry for entry in result.answer.entries if entry["id"] == id]
    others = [entry for entry in result.answer.entries if stands_for(entry, id, result.case["acceptable"])]
    return next(iter([*own, *others]), None)


def planted(case: Json) -> str:
    """How the fault got in, and what was asked for."""
    lines = [f"Case `{case['name']}`, idiom {case['idiom']}.", case["how"]]
    lines += [f"Request: {case['request']}."] if case["request"] else []
    lines += [_sentence(case["why"])] if case["why"] else []
    return " ".join(line for line in lines if line)


def _sentence(text: str) -> str:
    return re.sub(r"<\|\w+\|>", r"`\g<0>`", f"{text[:1].upper()}{text[1:]}.")


def _answer(id: str, result: Result) -> list[str]:
    """The cause's line, its evidence, its fix and its attribution, as `explain` says them."""
    entry = _entry(id, result)
    if entry is None:
        return ["Aligned, and not a word of it."]
    role = {
        "causes": entry["kind"],
        "settings": "a setting",
        "harmless": "without effect here",
        "consequences": f"follows from {entry.get('of')}",
    }[entry["role"]]
    lines = [f"{entry['id']} ({role}): the pipeline {entry['title']}."]
    lines += [f"- {line}" for line in entry["evidence"]]
    if entry["role"] == "harmless":
        return lines
    if not entry["identified"] and entry["equivalent"]:
        sets = ", or of ".join(" with ".join(ids) for ids in entry["equivalent"])
        lines.append(f"On this capture the same output comes of {sets}.")
    return [*lines, f"Fix: {entry['fix']}.", f"Attribution: {_attribution(entry)}"]


def _attribution(entry: Json) -> str:
    recovery = entry.get("recovery") or {}
    if entry["attribution"] != "shown":
        return ATTRIBUTIONS[entry["attribution"]]
    if recovery.get("energy_after") is None:
        return "shown. Without it the stage gives another output."
    before = recovery.get("energy_before")
    said = f"shown. With the fix the AC energy goes from {'no sound' if before is None else before}"
    said += f" to {recovery['energy_after']}"
    lengths = recovery.get("samples_before") or 0, recovery.get("samples_after") or 0
    return said + ("." if lengths[0] == lengths[1] else f", and the length from {lengths[0]} to {lengths[1]} samples.")


def rounded(text: str) -> str:
    """The text with no number of more digits than another machine would give as well."""
    return re.sub(r"(?<![\w.])\d+\.\d+(?:e[+-]?\d+)?(?![\w.]*\w)", lambda found: f"{float(found[0]):.{DIGITS}g}", text)


def command(case: Json) -> str:
    """Records the case, and what its arguments name, and explains it."""
    others = [word.removesuffix(".h5") for word in case["arguments"] if word.endswith(".h5") and "/" not in word]
    record = ["python", "-m", "golden.plant.record", "--out", FOLDER]
    record += [word for name in (case["name"], *others) for word in ("--only", name)]
    explain = ["higgs-diagnose", "explain", f"{FOLDER}/{case['file']}"]
    explain += [] if case["reference"] == "serve-engine" else ["--reference", case["reference"]]
    explain += [f"{FOLDER}/{word}" if word.endswith(".h5") else word for word in case["arguments"]]
    return f"{shlex.join(record)}\n$ {shlex.join(explain)}"
