"""Compares what `explain` says about a recording with the truth about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
DEFECTS = ("defect", "pair", "unexplained", "symptom", "limit")
"""Kinds of cases whose truth stands in `causes`."""
ALWAYS_ALLOWED = frozenset({"decode.pcm-floor", "collator.missing-audio-out-bos"})
"""Settings that every recording here has: 16-bit files, audio that was not forced."""


@dataclass(frozen=True)
class Answer:
    """What `explain` said about one file. `problem` stands for an answer that is none."""

    verdict: str = ""
    causes: tuple[Json, ...] = ()
    settings: tuple[str, ...] = ()
    harmless: tuple[str, ...] = ()
    problem: str | None = None
    entries: tuple[Json, ...] = ()
    """Every cause, setting and harmless deviation, with what stands under it."""

    @property
    def ids(self) -> list[str]:
        return [str(cause["id"]) for cause in self.causes]


@dataclass
class Result:
    """One case, its answer, and what is wrong with it."""

    case: Json
    answer: Answer
    wrong: list[str] = field(default_factory=list)
    first: bool = False
    false: list[str] = field(default_factory=list)

    @property
    def right(self) -> bool:
        return not self.wrong


def answer_of(document: Json) -> Answer:
    """The parts of `explain`'s JSON that are judged."""
    return Answer(
        verdict=document["verdict"],
        causes=tuple(document["causes"]),
        settings=tuple(row["id"] for row in document.get("settings", [])),
        harmless=tuple(row["id"] for row in document.get("harmless", [])),
        entries=tuple(_entries(document)),
    )


def _entries(document: Json) -> Iterator[Json]:
    for role in ("causes", "settings", "harmless"):
        for entry in document.get(role, []):
            yield {**entry, "role": role}
            yield from ({**row, "role": "consequences", "of": entry["id"]} for row in entry.get("consequences") or [])


def names(cause: Json) -> set[tuple[str, ...]]:
    """The sets of ids that a cause stands for: its own id, and each set of its equivalents."""
    return {(str(cause["id"]),), *(tuple(sorted(ids)) for ids in cause.get("equivalent") or [])}


def stands_for(cause: Json, id: str, acceptable: Iterable[str] = ()) -> bool:
    """Whether a cause names the id: as its own or as an equivalent set of one, or as what may stand for it."""
    return any((name,) in names(cause) for name in (id, *acceptable))


def judge(case: Json, answer: Answer) -> Result:
    """Compares an answer with the truth."""
    result = Result(case, answer)
    if answer.problem is not None:
        result.wrong.append(answer.problem)
        return result
    truth: list[str] = case["truth"] if case["kind"] in DEFECTS else []
    acceptable = case["acceptable"]
    result.first = bool(answer.causes) and bool(truth) and stands_for(answer.causes[0], truth[0], acceptable)
    if truth and not result.first:
        result.wrong.append(f"first is {answer.ids[0] if answer.ids else 'nothing'}")
    for id in truth[1:]:
        if not any(stands_for(cause, id) for cause in answer.causes):
            result.wrong.append(f"{id} is missing")
    allowed = {*truth, *acceptable, *case["also"], *case["settings"]}
    result.false = [
        str(cause["id"])
        for cause in answer.causes
        if not any(stands_for(cause, id, acceptable) for id in truth) and cause["id"] not in allowed
    ]
    wanted = case["truth"] if case["kind"] == "setting" else []
    result.false += [id for id in answer.settings if id not in {*allowed, *wanted} | ALWAYS_ALLOWED]
    result.wrong += [f"{id} is false" for id in result.false]
    result.wrong += [f"{id} is missing" for id in wanted if id not in answer.settings]
    expected = _verdicts(case, answer)
    if answer.verdict not in expected:
        result.wrong.append(f"verdict is {answer.verdict}")
    return result


def _verdicts(case: Json, answer: Answer) -> set[str]:
    """Verdicts that go with the truth."""
    if case["kind"] == "unexplained" or any(id.endswith(".unexplained") for id in case["truth"]):
        return {"unexplained"}
    if case["truth"][-1:] == ["generation.low-diversity"]:
        # A symptom explains no failed check of its own.
        return {"unexplained"}
    if case["kind"] in DEFECTS:
        return {"explained"}
    return {"explained"} if any(cause["id"] in case["also"] for cause in answer.causes) else {"aligned"}
