"""What a gate writes, by the schemas of its formats."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest
import yaml

from pages import GOLDEN, HOSTILE, ROOT, SCRIPT, WEIGHTS, lengthened, policy, relabelled, run

SCHEMAS = ROOT / "docs"


def follows(instance: Path, schema: Path) -> bool:
    """Whether a JSON document follows a schema, by Debian's python3-jsonschema."""
    command = ["/usr/bin/jsonschema", "-i", str(instance), str(schema)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def is_junit(file: Path) -> bool:
    command = ["xmllint", "--noout", "--schema", str(Path(__file__).parent / "junit.xsd"), str(file)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Reports of every kind: passed, failed, incomparable, with a baseline, of hostile names."""
    folder = tmp_path_factory.mktemp("reports")
    strange = relabelled(GOLDEN / "plain.h5", folder / f'a&b "{HOSTILE}\x1b[31m.h5', SCRIPT)
    waivers = "waivers: [{finding: 'sound.*', input: '*f249249*', reason: '<&>', expires: 2026-12-31}]\n"
    metrics = (
        "require: [{metric: sound.files, at_least: 99}, {metric: capture.requests, at_least: 1, change_at_most: 9}]\n"
    )
    first = folder / "first"
    cases: list[tuple[int, str, list[object]]] = [
        (0, "first", ["golden/plain.h5"]),
        (0, "strange", [strange, "--codec", WEIGHTS]),
        (1, "all", ["golden/*.h5", "golden/sound"]),
        (2, "none", ["golden/none.h5", "golden/budget.h5"]),
        (1, "since", ["golden/budget.h5", "golden/sound", "--baseline", first / "report.json"]),
    ]
    for code, name, arguments in cases:
        text = (waivers + metrics if name == "since" else waivers) + "allow: [sound.looped, 'generation.*']\n"
        if name == "none":
            text = ""
        run(
            "gate",
            "--policy",
            policy(folder, text),
            "--out",
            folder / name,
            "--on",
            "2026-11-28",
            *arguments,
            expect=code,
        )
    return [folder / name for _, name, _ in cases]


def test_every_report_follows_its_schemas(reports: list[Path]) -> None:
    for folder in reports:
        assert follows(folder / "report.json", SCHEMAS / "gate-report.schema.json"), folder.name
        assert is_junit(folder / "junit.xml"), folder.name
    verdicts = {json.loads((folder / "report.json").read_text())["verdict"] for folder in reports}
    assert verdicts == {"passed", "failed", "incomparable"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"verdict" : "failed"', '"verdict" : "red"'),
        ('"verdict" : "failed"', '"verdict" : "passed"'),
        ('"exit_code" : 1', '"exit_code" : "1"'),
        ('"schema_version" : 1', '"schema_version" : 2'),
        ('"why" : "', '"because" : "'),
        ('"status" : "failed"', '"status" : "unknown"'),
    ],
)
def test_a_changed_report_does_not_follow_its_schema(reports: list[Path], tmp_path: Path, old: str, new: str) -> None:
    text = (reports[2] / "report.json").read_text()
    assert old in text
    (tmp_path / "report.json").write_text(text.replace(old, new, 1))
    assert not follows(tmp_path / "report.json", SCHEMAS / "gate-report.schema.json")


@pytest.mark.parametrize(
    ("old", "new"),
    [("<failure ", "<fault "), (' tests="', ' test="'), (' time="0"', ""), ("</testcase>", "<x/></testcase>")],
)
def test_a_changed_junit_file_does_not_follow_its_schema(
    reports: list[Path], tmp_path: Path, old: str, new: str
) -> None:
    text = (reports[2] / "junit.xml").read_text()
    assert old in text
    (tmp_path / "junit.xml").write_text(text.replace(old, new, 1))
    assert not is_junit(tmp_path / "junit.xml")


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("name: a\nstrict: false\ncaptures: {reference: serve-engine}", True),
        ("captures: {golden: GOLDEN}", True),
        ("sound: {max_new_tokens: 12}", True),
        ("require: [{metric: capture.requests, at_least: 0, at_most: 5}]", True),
        ("waivers: [{finding: '*.silent', reason: a, expires: '2026-12-31'}]", True),
        ("allow: ['golden.*']", True),
        ("colour: red", False),
        ("name: ''", False),
        ("strict: 'yes'", False),
        ("captures: {tolerances: a.yaml}", False),
        ("captures: {golden: ''}", False),
        ("sound: {max_new_tokens: 0}", False),
        ("sound: {max_new_tokens: 1.5}", False),
        ("require: [{metric: capture.requests}]", False),
        ("require: [{metric: capture.request, at_least: 1}]", False),
        ("require: [{metric: capture.requests, at_least: '1'}]", False),
        ("require: [{metric: capture.requests, change_at_most: -1}]", False),
        ("waivers: [{finding: sound.silent, expires: '2026-12-31'}]", False),
        ("waivers: [{finding: sound.silent, reason: ' ', expires: '2026-12-31'}]", False),
        ("waivers: [{finding: sound.silent, reason: a, expires: soon}]", False),
        ("waivers: [{finding: sound.silent, reason: a, expires: '2026-13-01'}]", False),
        ("allow: [{id: sound.silent}]", False),
    ],
)
def test_the_schema_of_policies_and_the_tool_agree(tmp_path: Path, text: str, good: bool) -> None:
    text = text.replace("GOLDEN", str(GOLDEN))
    file = policy(tmp_path, text)
    (tmp_path / "policy.json").write_text(json.dumps(yaml.safe_load(file.read_text())))
    assert follows(tmp_path / "policy.json", SCHEMAS / "gate-policy.schema.json") == good
    # The other golden archives are not given, which fails; a policy that is wrong is exit code 2.
    code = 2 if not good else 1 if "golden:" in text else 0
    run("gate", "--policy", file, "golden/plain.h5", expect=code)


def test_the_template_follows_the_schema_of_policies(tmp_path: Path) -> None:
    text = run("gate", "--init", expect=0).stdout
    keys = "golden|tolerances|sound|profile|max_new_tokens|- metric|at_most|at_least|- finding|input|reason|expires"
    whole = re.sub(rf"^( *)# ?( *(?:{keys}):|  - generation)", r"\1\2", text, flags=re.M)
    for name, version in (("as-it-is", text), ("all-keys", re.sub(r": \[\]$", ":", whole, flags=re.M))):
        document = yaml.safe_load(version)
        for waiver in document["waivers"]:
            waiver["expires"] = str(waiver["expires"])
        (tmp_path / f"{name}.json").write_text(json.dumps(document))
        assert follows(tmp_path / f"{name}.json", SCHEMAS / "gate-policy.schema.json"), document
    assert document["sound"]["max_new_tokens"] == 1024 and document["waivers"] and document["require"]


def test_a_page_of_ten_seconds_is_below_three_megabytes(tmp_path: Path) -> None:
    run("explain", lengthened(tmp_path, 250), "--codec", WEIGHTS, "--write-page", tmp_path / "page.html", expect=2)
    page = (tmp_path / "page.html").read_bytes()
    assert b"recomputed, 10.0" in page and page.count(b"<audio ") == 2
    assert 1_000_000 < len(page) < 3_000_000
