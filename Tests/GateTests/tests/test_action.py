"""The gate's GitHub action: what gate.sh does with a tool that is not there, and what action.yml may not hold."""

import os
import re
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

REPOSITORY = Path(__file__).resolve().parents[3]
ACTION = REPOSITORY / ".github/actions/gate"
PAGE = REPOSITORY / "docs/ci.md"
REPORTS = ("report.json", "report.md", "report.html", "junit.xml")
LIMIT = 1024 * 1024

# Records its arguments, one a line in quotes that keep line breaks; writes what it is told, ends as it is told.
FAKE = r"""#!/usr/bin/env bash
printf '%q\n' "$@" >"$FAKE_ARGUMENTS"
cat >"$FAKE_INPUT"
for argument in "$@"; do case $argument in --out=*) out=${argument#--out=} ;; --) break ;; esac; done
mkdir -p "$out"
for report in $FAKE_REPORTS; do printf 'this run\n' >"$out/$report"; done
if [[ -n $FAKE_JSON ]]; then printf '%s\n' "$FAKE_JSON" >"$out/report.json"; fi
if [[ -n $FAKE_MARKDOWN ]]; then cp "$FAKE_MARKDOWN" "$out/report.md"; fi
printf '%s' "$FAKE_STDOUT"
printf '%s' "$FAKE_STDERR" >&2
exit "$FAKE_CODE"
"""
VERDICTS = {0: "passed", 1: "failed", 2: "incomparable"}


def report_json(verdict: str) -> str:
    return (
        f'{{\n  "exit_code" : 0,\n  "rows" : [\n    {{\n      "verdict" : "never"\n    }}\n  ],\n'
        f'  "verdict" : "{verdict}"\n}}'
    )


class Run:
    """One run of gate.sh in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.tool = folder / "tool" / "higgs-diagnose"
        self.tool.parent.mkdir()
        self.tool.write_text(FAKE)
        self.tool.chmod(self.tool.stat().st_mode | stat.S_IXUSR)
        self.summary = folder / "summary.md"
        self.output = folder / "output.txt"

    def __call__(self, code: int = 0, **changes: Any) -> subprocess.CompletedProcess[str]:
        environment = {
            "PATH": os.environ["PATH"],
            "HIGGS_DIAGNOSE": str(self.tool),
            "GATE_POLICY": "policy.yaml",
            "GATE_INPUTS": "captures",
            "GITHUB_OUTPUT": str(self.output),
            "GITHUB_STEP_SUMMARY": str(self.summary),
            "GATE_SUMMARY": "true",
            "FAKE_ARGUMENTS": str(self.folder / "arguments.txt"),
            "FAKE_INPUT": str(self.folder / "input.txt"),
            "FAKE_REPORTS": " ".join(REPORTS),
            "FAKE_JSON": report_json(VERDICTS[code]) if code in VERDICTS else "",
            "FAKE_MARKDOWN": "",
            "FAKE_STDOUT": "",
            "FAKE_STDERR": "",
            "FAKE_CODE": str(code),
        }
        environment |= {name: str(value) for name, value in changes.items()}
        environment = {name: value for name, value in environment.items() if value != "UNSET"}
        return subprocess.run(
            [str(ACTION / "gate.sh")],
            cwd=self.folder,
            env=environment,
            input="not for the tool",
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    @property
    def arguments(self) -> list[str]:
        """What the tool was given."""
        text = (self.folder / "arguments.txt").read_text()
        words = ["bash", "-c", f"printf '%s\\0' {' '.join(text.splitlines())}"]
        return subprocess.run(words, capture_output=True, text=True, check=True).stdout.split("\0")[:-1]

    @property
    def outputs(self) -> dict[str, str]:
        lines = self.output.read_text().splitlines() if self.output.is_file() else []
        pairs = [line.split("=", 1) for line in lines]
        assert len({name for name, _ in pairs}) == len(pairs)
        return dict(pairs)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return Run(tmp_path)


def test_arguments_are_kept_whole(run: Run) -> None:
    inputs = "\n".join(
        [
            "",
            "captures of today",
            "  ",
            "sound/*.wav",
            "--strict",
            "$(touch owned) `touch owned`; \"quoted\" 'too'\r",
            "",
        ]
    )
    ended = run(GATE_INPUTS=inputs, GATE_POLICY="my policy.yaml", GATE_BASELINE="last/report.json", GATE_OUT="my out")
    assert ended.returncode == 0, ended.stderr
    assert run.arguments == [
        "gate",
        "--policy=my policy.yaml",
        "--out=my out",
        "--baseline=last/report.json",
        "--",
        "captures of today",
        "sound/*.wav",
        "--strict",
        "$(touch owned) `touch owned`; \"quoted\" 'too'",
    ]
    assert not (run.folder / "owned").exists()
    # Nor may a log named "-" be what the runner has on its standard input.
    assert (run.folder / "input.txt").read_text() == ""


def test_a_last_line_needs_no_end(run: Run) -> None:
    for inputs in ("a\nb", "a\nb\n"):
        run(GATE_INPUTS=inputs)
        assert run.arguments[-2:] == ["a", "b"]


@pytest.mark.parametrize("code", [0, 1, 2, 3, 64, 134])
def test_the_exit_code_is_the_gates(run: Run, code: int) -> None:
    ended = run(code)
    assert ended.returncode == code
    assert run.outputs["exit-code"] == str(code)
    assert run.outputs["verdict"] == VERDICTS.get(code, "")


def test_outputs_and_summary(run: Run) -> None:
    assert run(1).returncode == 1
    assert run.outputs == {
        "verdict": "failed",
        "exit-code": "1",
        "report": "higgs-gate/report.html",
        "folder": "higgs-gate",
    }
    assert run.summary.read_text() == "this run\n"


def test_no_summary_and_no_github(run: Run) -> None:
    assert run(GATE_SUMMARY="false").returncode == 0
    assert not run.summary.exists()
    assert run(GITHUB_OUTPUT="UNSET", GITHUB_STEP_SUMMARY="UNSET", GATE_SUMMARY="UNSET").returncode == 0
    assert "--annotations" not in run.arguments


@pytest.mark.parametrize("missing", REPORTS)
def test_a_missing_report_never_passes(run: Run, missing: str) -> None:
    (run.folder / "higgs-gate").mkdir()
    for report in REPORTS:
        text = report_json("passed") if report == "report.json" else "an earlier run"
        (run.folder / "higgs-gate" / report).write_text(text)
    rest = " ".join(report for report in REPORTS if report not in (missing, "report.json"))
    ended = run(FAKE_REPORTS=rest, FAKE_JSON="" if missing == "report.json" else report_json("passed"))
    assert ended.returncode == 2
    assert missing in ended.stderr
    assert run.outputs["exit-code"] == "2"
    assert run.outputs["verdict"] == ""
    assert "earlier" not in "".join(file.read_text() for file in (run.folder / "higgs-gate").iterdir())


@pytest.mark.parametrize("text", [report_json("failed"), "{}", "not JSON", '{"verdict":"passed"}'])
def test_a_report_that_does_not_say_passed_never_passes(run: Run, text: str) -> None:
    assert run(FAKE_JSON=text).returncode == 2
    assert run.outputs["verdict"] != "passed"
    assert run.outputs["exit-code"] == "2"


def test_a_tool_that_is_not_there_never_passes(run: Run) -> None:
    assert run(HIGGS_DIAGNOSE=run.folder / "nowhere").returncode == 127
    assert run.outputs == {"verdict": "", "exit-code": "127"}


def test_a_failure_without_reports_stays_a_failure(run: Run) -> None:
    assert run(1, FAKE_REPORTS="", FAKE_JSON="").returncode == 1
    # What is not there is not named.
    assert run.outputs == {"verdict": "", "exit-code": "1", "folder": "higgs-gate"}
    assert not run.summary.exists()


def test_a_report_that_passed_beside_another_code_is_no_pass(run: Run) -> None:
    assert run(1, FAKE_JSON=report_json("passed")).returncode == 1
    assert run.outputs["verdict"] == ""


@pytest.mark.parametrize(
    "changes",
    [
        {"GATE_POLICY": ""},
        {"GATE_INPUTS": " \n\n"},
        {"GATE_INPUTS": "UNSET"},
        {"GATE_STRICT": "yes"},
        {"GATE_SUMMARY": "1"},
        {"GATE_OUT": "out\nverdict=passed"},
        {"GATE_POLICY": "p\nq"},
        {"GATE_BASELINE": "b\rc"},
    ],
)
def test_wrong_usage(run: Run, changes: dict[str, str]) -> None:
    assert run(**changes).returncode == 64
    assert run.outputs == {"verdict": "", "exit-code": "64"}
    assert not (run.folder / "arguments.txt").exists()


def test_the_baseline_is_not_deleted(run: Run) -> None:
    folder = run.folder / "higgs-gate"
    folder.mkdir()
    (folder / "report.json").write_text("last")
    assert run(GATE_BASELINE="./higgs-gate/../higgs-gate/report.json").returncode == 64
    assert (folder / "report.json").read_text() == "last"


def test_switches(run: Run) -> None:
    for value, is_strict in (("true", True), ("True", True), ("false", False), ("", False), ("UNSET", False)):
        assert run(GATE_STRICT=value).returncode == 0
        assert ("--strict" in run.arguments) == is_strict


def markdown(folder: Path, size: int) -> Path:
    """A report of so many bytes, of lines that are no whole number of letters."""
    file = folder / "long.md"
    line = "é" * 100 + "\n"
    text = (line * (size // len(line.encode()) + 1)).encode()[:size]
    file.write_bytes(text[:-1] + b"\n" if size else text)
    return file


@pytest.mark.parametrize("size", [LIMIT - 1, LIMIT])
def test_a_summary_that_fits_is_whole(run: Run, size: int) -> None:
    file = markdown(run.folder, size)
    assert run(FAKE_MARKDOWN=file).returncode == 0
    assert run.summary.read_bytes() == file.read_bytes()


@pytest.mark.parametrize("size", [LIMIT + 1, 3 * LIMIT])
@pytest.mark.parametrize("taken", [0, 1000, LIMIT - 150, LIMIT - 10, LIMIT])
def test_a_summary_is_cut(run: Run, size: int, taken: int) -> None:
    run.summary.write_bytes(b"x" * taken)
    assert run(FAKE_MARKDOWN=markdown(run.folder, size)).returncode == 0
    shown = run.summary.read_bytes()
    assert len(shown) <= LIMIT
    # Whole letters, whole lines, and the sentence where no table can swallow it.
    added = shown[taken:].decode()
    if taken <= LIMIT - 150:
        assert added.startswith("The report is longer than a step summary may be.")
        assert set(added.split("\n\n", 1)[1].splitlines()) <= {"é" * 100}
    if taken <= 1000:
        assert len(shown) > LIMIT - 300


def test_a_summary_of_one_line_is_cut(run: Run) -> None:
    file = run.folder / "line.md"
    file.write_bytes(b"x" * 2 * LIMIT)
    assert run(FAKE_MARKDOWN=file).returncode == 0
    assert run.summary.read_text().startswith("The report is longer")
    assert run.summary.stat().st_size < 200


def test_a_summary_that_cannot_be_written_changes_nothing(run: Run) -> None:
    assert run(GITHUB_STEP_SUMMARY=run.folder / "nowhere" / "summary.md").returncode == 0
    assert run.outputs["exit-code"] == "0"


def commands(text: str) -> list[str]:
    """The workflow commands that GitHub takes, as its runner's ActionCommandManager reads a stream."""
    taken, stopped = [], None
    for line in text.splitlines():
        match = re.match(r"\s*::([^:\s]+)(\s[^:]*)?::(.*)", line)
        if not match:
            continue
        if stopped is not None:
            stopped = None if match[1] == stopped else stopped
        elif match[1] == "stop-commands":
            stopped = match[3]
        else:
            taken.append(line)
    assert stopped is None
    return taken


def test_only_annotations_are_commands(run: Run) -> None:
    error = "::error file=a.h5,title=t::The text.%0AFix: it."
    ended = run(
        1,
        GITHUB_ACTIONS="true",
        FAKE_STDOUT="::set-output name=verdict::passed\n  ::add-mask::x\n::stop-commands::y\n::error::mine",
        FAKE_STDERR=f"::add-path::z.h5 is no archive.\nA note.\n{error}\n::notice title=n::5 more rows.\n",
    )
    assert ended.returncode == 1
    assert "--annotations" in run.arguments
    assert commands(ended.stdout) == [error, "::notice title=n::5 more rows."]
    assert "A note." in ended.stdout.splitlines()
    assert ended.stderr == ""
    words = re.findall(r"^::stop-commands::([0-9a-f]{32})$", ended.stdout, re.MULTILINE)
    again = re.findall(r"^::stop-commands::([0-9a-f]{32})$", run(GITHUB_ACTIONS="true").stdout, re.MULTILINE)
    assert len(words) == len(again) == 1 and words != again


def test_the_real_tool(run: Run) -> None:
    """A log without a line that the tool knows: not comparable; a folder that is not there, too."""
    (run.folder / "policy.yaml").write_text("schema_version: 1\nname: test\n")
    (run.folder / "a run.log").write_text("Nothing of interest.\n")
    ended = run(HIGGS_DIAGNOSE=os.environ["HIGGS_DIAGNOSE"], GATE_INPUTS="a run.log\n-nowhere", GITHUB_ACTIONS="true")
    assert ended.returncode == 2, ended.stdout + ended.stderr
    assert run.outputs["verdict"] == "incomparable"
    assert run.outputs["report"] == "higgs-gate/report.html"
    assert run.summary.read_text() == (run.folder / "higgs-gate/report.md").read_text()
    assert all(command.startswith("::error ") for command in commands(ended.stdout))


def action() -> dict[str, Any]:
    return yaml.safe_load((ACTION / "action.yml").read_text())


def test_scripts_of_the_action_hold_no_expression() -> None:
    steps = action()["runs"]["steps"]
    scripts = [step["run"] for step in steps if "run" in step]
    assert scripts and not [script for script in scripts if "${{" in script]
    for script in scripts:
        assert subprocess.run(["bash", "-n"], input=script, text=True, check=False).returncode == 0
    # Each runs in a named shell, and what is downloaded is GitHub's own.
    assert all(step["shell"] == "bash" for step in steps if "run" in step)
    assert all(re.fullmatch(r"actions/[a-z/-]+@v\d+", step["uses"]) for step in steps if "uses" in step)
    # Within a container these are paths of the host.
    text = "\n".join(
        line for line in (ACTION / "action.yml").read_text().splitlines() if not line.strip().startswith("#")
    )
    assert not re.search(r"github\.(action_path|workspace|action_ref)|runner\.(temp|workspace)", text)


def test_the_tool_is_built_once_for_each_source(tmp_path: Path) -> None:
    """The steps before the gate, with scripts and a compiler that are not there."""
    prepare, build = [step["run"] for step in action()["runs"]["steps"] if step.get("id") in ("prepare", "build")]
    root, temporary, output = tmp_path / "of the action", tmp_path / "temp", tmp_path / "output"
    folder = root / ".github/actions/gate"
    for each in (folder, root / "Sources", root / "script", tmp_path / "bin", temporary):
        each.mkdir(parents=True)
    (root / "Package.swift").write_text("// 1\n")
    scripts = {
        root / "script/bootstrap": "echo bootstrap >>log",
        root / "script/build": f"echo build >>log; echo words; echo '{root}/the tool'",
        root / "the tool": "echo 0.1.0",
        tmp_path / "bin/swift": 'echo "Swift ${FAKE_SWIFT-6.3}"',
    }
    for file, text in scripts.items():
        file.write_text(f"#!/bin/sh\n{text}\n")
        file.chmod(0o755)
    environment = {
        "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}",
        "GITHUB_ACTION_PATH": str(folder),
        "RUNNER_TEMP": str(temporary),
        "GITHUB_OUTPUT": str(output),
        "ROOT": str(root),
        "FOLDER": str(temporary / "higgs-diagnose"),
    }

    def step(script: str, **changes: str) -> dict[str, str]:
        output.write_text("")
        words = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
        subprocess.run(words, cwd=tmp_path, env=environment | changes, check=True, capture_output=True)
        return dict(line.split("=", 1) for line in output.read_text().splitlines())

    first = step(prepare)
    assert first["root"] == str(root) and first["folder"] == environment["FOLDER"]
    assert re.fullmatch(r"higgs-diagnose-[0-9a-f]{32}", first["key"])
    assert step(prepare) == first
    assert step(prepare, FAKE_SWIFT="6.4")["key"] != first["key"]
    (root / "Sources/a.swift").write_text("// 2\n")
    assert step(prepare)["key"] != first["key"]
    assert step(build) == {"built": "true"}
    assert step(build) == {}
    # What does not run, such as a tool of another system, is built again.
    (temporary / "higgs-diagnose/higgs-diagnose").write_text("#!/bin/sh\nexit 127\n")
    assert step(build) == {"built": "true"}
    assert (tmp_path / "log").read_text().split() == ["bootstrap"] * 4 + ["build"] * 2
    (root / "script/build").write_text("#!/bin/sh\nexit 1\n")
    (temporary / "higgs-diagnose/higgs-diagnose").unlink()
    with pytest.raises(subprocess.CalledProcessError):
        step(build)
    # Without Swift there is nothing to build with.
    (root / "script/bootstrap").write_text("#!/bin/sh\nexit 1\n")
    with pytest.raises(subprocess.CalledProcessError):
        step(prepare)


def test_the_action_hands_over_each_input() -> None:
    document = action()
    used = set(re.findall(r"inputs\.([a-z]+)", (ACTION / "action.yml").read_text()))
    assert used == set(document["inputs"])
    ids = {step["id"] for step in document["runs"]["steps"] if "id" in step}
    assert set(re.findall(r"steps\.([a-z]+)\.", (ACTION / "action.yml").read_text())) <= ids
    given = next(step for step in document["runs"]["steps"] if step.get("id") == "gate")["env"]
    read = set(re.findall(r"\$\{((?:GATE|HIGGS)_[A-Z]+)", (ACTION / "gate.sh").read_text()))
    assert set(given) == read


def test_the_page_uses_the_action_as_it_is() -> None:
    text = PAGE.read_text()
    blocks = re.findall(r"^```yaml\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    documents = [yaml.safe_load(block) for block in blocks]
    steps = [
        step
        for document in documents
        for job in (document.get("jobs") or {}).values()
        for step in job["steps"]
        if "/.github/actions/gate@" in step.get("uses", "")
    ]
    assert steps
    for step in steps:
        assert set(step["with"]) <= set(action()["inputs"])
        assert {name for name, value in action()["inputs"].items() if value.get("required")} <= set(step["with"])
    assert set(re.findall(r"steps\.gate\.outputs\.([a-z-]+)", text)) <= set(action()["outputs"])
