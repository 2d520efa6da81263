"""A page of invented data with everything that a page can hold: hostile names in every place, sounds of unlike lengths, ragged
tokens. The tool's own pages have the same markup."""

from __future__ import annotations

import base64
import hashlib
import html
import io
import json
import struct
import wave
import zlib
from pathlib import Path
from typing import Any

import numpy as np

PAGE = Path(__file__).resolve().parents[3] / "Sources" / "AlignmentKit" / "Page"
RATE = 24_000
HOSTILE = "<img src=x onerror=\"window.hurt=1\"> </script><script>window.hurt=1</script> & 'quotes'"
BOS, EOS = 1024, 1025
esc = html.escape


def data_uri(kind: str, data: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


def wav(sound: np.ndarray) -> str:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())
    return data_uri("audio/wav", out.getvalue())


def png(grey: np.ndarray) -> str:
    """An 8-bit grey PNG."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    lines = b"".join(b"\0" + line.tobytes() for line in grey.astype(np.uint8))
    head = struct.pack(">IIBBBBB", grey.shape[1], grey.shape[0], 8, 0, 0, 0, 0)
    return data_uri(
        "image/png",
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b""),
    )


def voice(seconds: float, seed: int) -> np.ndarray:
    """Syllables of a few partials over a little noise."""
    rng = np.random.default_rng(seed)
    time = np.arange(int(seconds * RATE)) / RATE
    pitch = 2 * np.pi * np.cumsum(140 + 30 * np.sin(2 * np.pi * 0.6 * time)) / RATE
    tone = sum(np.sin(k * pitch) / k for k in range(1, 9))
    shape = np.clip(np.sin(2 * np.pi * 2.1 * time), 0, 1) ** 0.7 * (0.6 + 0.4 * np.sin(2 * np.pi * 0.31 * time))
    return 0.25 * tone * shape + 0.004 * rng.standard_normal(len(time))


def wave_path(sound: np.ndarray) -> str:
    parts = np.array_split(sound, 400)
    top = [f"{2 * i} {40 - 38 * p.max():.1f}" for i, p in enumerate(parts)]
    low = [f"{2 * i} {40 - 38 * p.min():.1f}" for i, p in enumerate(parts)]
    return "M" + " L".join(top + low[::-1]) + "Z"


def spectrogram(sound: np.ndarray) -> np.ndarray:
    frames = np.lib.stride_tricks.sliding_window_view(sound, 1024)[::480] * np.hanning(1024)
    power = np.log10(np.abs(np.fft.rfft(frames))[:, :160].T[::-1] ** 2 + 1e-6)
    return 255 * (power + 6) / max(1e-9, power.max() + 6)


def figure(path: str, sound: np.ndarray, words: str) -> str:
    return f"""<figure data-path="{path}"><figcaption><strong>{path}</strong> {len(sound) / RATE:.2f} s, {words}</figcaption>
<div class="pictures"><svg class="wave" viewBox="0 0 800 80" preserveAspectRatio="none" aria-hidden="true"><path d="{wave_path(sound)}"/></svg>
<img class="mel" alt="Log-mel spectrogram of the {path} path" src="{png(spectrogram(sound))}"></div>
<audio controls preload="metadata" src="{wav(sound)}"></audio></figure>"""


def delayed(ids: np.ndarray) -> np.ndarray:
    """Codebook k begins k frames later; what is free is BOS before and EOS after."""
    books, frames = ids.shape
    out = np.full((books, frames + books - 1), EOS)
    for book in range(books):
        out[book, :book] = BOS
        out[book, book : book + frames] = ids[book]
    return out


def tokens(seed: int, frames: int) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    ids = rng.integers(0, 1024, (8, frames))
    current = ids.copy()
    current[2, 30:50] = rng.integers(0, 1024, 20)
    current[5, 52] = 1030
    current[6, 53:56] = -1
    ragged = [line.tolist() for line in current]
    ragged[7] = ragged[7][:-3]
    views = [
        {"name": "as drawn", "ids": delayed(ids).tolist()},
        {"name": "current", "ids": ragged},
        {"name": "aligned", "ids": ids.tolist()},
    ]
    short = [{"name": "as drawn", "ids": delayed(ids[:, :24]).tolist()}]
    return {
        "codebook_size": 1024,
        "bos": BOS,
        "eos": EOS,
        "segments": [{"name": "segment 1", "views": views}, {"name": HOSTILE, "views": short}],
    }


def table(heads: list[str], rows: list[tuple[str, list[str]]]) -> str:
    head = "".join(f'<th scope="col">{h}</th>' for h in heads)
    body = "".join(
        f"<tr{f' data-status={chr(34)}{s}{chr(34)}' if s else ''}>{''.join(cells)}</tr>\n" for s, cells in rows
    )
    return f'<div class="scroll"><table class="sortable"><thead><tr>{head}</tr></thead><tbody>\n{body}</tbody></table></div>'


def td(text: str, value: float | None = None, state: bool = False) -> str:
    return f"<td{' class=state' if state else ''}{f' data-value={value!r}' if value is not None else ''}>{text}</td>"


def tensor_rows(seed: int) -> list[tuple[str, list[str]]]:
    rng = np.random.default_rng(seed)
    stages = ["collator", "model", "delay", "decoder"]
    states = ["equal", "equal", "within tolerance", "differs", "equal"]
    rows = []
    for i in range(60):
        state = "not computed" if i % 17 == 16 else states[int(rng.integers(5))]
        gap = {"equal": 0.0, "within tolerance": 10 ** rng.uniform(-7, -5), "differs": 10 ** rng.uniform(-2, 1)}.get(
            state
        )
        size = int(rng.integers(1, 4096))
        rows.append(
            (
                state,
                [
                    td(state, state=True),
                    td(f"<code>{stages[i * 4 // 60]}/layer_{i}/hidden_states</code>"),
                    td(stages[i * 4 // 60]),
                    td(f"{size} by 8"),
                    td(str(size * 8)),
                    td("not computed") if gap is None else td(f"{gap:.2g}", gap),
                ],
            )
        )
    return rows


def stages(bad: int) -> str:
    parts = []
    for i, (name, why) in enumerate(
        [
            ("collator", "Two placeholders stand for one segment of sound."),
            ("model", "Given the input it got, the output is what the weights give."),
            ("delay pattern", "Undone as it was applied, 8 codebooks."),
            ("decoder", "Raised from the tokens alone: nothing to add."),
        ]
    ):
        state = "deviates" if i == bad else ["innocent", "innocent", "undecided", "not captured"][i]
        parts.append(f'<li data-status="{state}"><h4>{name}</h4><p class="state">{state}</p><p>{why}</p></li>')
    return f'<ol class="stages">{"".join(parts)}</ol>'


def cause(code: str, kind: str, seed: int) -> str:
    return f"""<article class="cause" data-kind="{kind}"><h3><code>{code}</code> <span class="tag">{kind}</span></h3>
<p>The pipeline leaves {seed} audio placeholder tokens in the prompt where the model was trained with one for each segment. The
surplus ones keep the embedding of a text token, so the model reads them as silence.</p>
<ul><li>The prompt has 2 placeholders at 14 and 15; the request has 1 segment of sound.</li>
<li>With one placeholder the logits of the first frame move by 4.1 and the sound is audible.</li></ul>
<p class="fix"><strong>Fix:</strong> keep one placeholder for each segment before the embeddings are merged.</p>
<pre class="changes">- collator.placeholders: "as-prompted"
+ collator.placeholders: "one-per-segment"
  collator.note: {esc(HOSTILE)}</pre><p>Of the difference in energy, 98 % follows from this cause alone.</p></article>"""


def request(place: int, pair: bool) -> str:
    name = f"r{place}"
    long, short = voice(10.0, place), 0.002 * voice(9.6, place + 9)
    sounds = figure(
        "current",
        short if pair else voice(2.32, 5),
        "AC energy 0.0001, silent" if pair else "AC energy 0.0310, audible",
    )
    if pair:
        sounds += figure("aligned", long, "AC energy 0.0310, audible")
    checks = [
        ("passed", [td("passed", state=True), td("tokens are in range"), td("0 of 2064")]),
        ("failed", [td("failed", state=True), td("sound is audible"), td("AC energy 0.0001 &lt; 0.001")]),
        ("waived", [td("waived", state=True), td("lengths agree"), td("waived in the request")]),
    ]
    metrics = [
        (s, [td(s, state=True), td(m), td(v)])
        for s, m, v in [
            ("met", "cause named", "yes"),
            ("missed", "energy back", "61 %"),
            ("not rated", "listening", "—"),
        ]
    ]
    data = json.dumps(tokens(place, 251 if pair else 58)).replace("<", "\\u003c")
    causes = (
        cause("collator.surplus-placeholder", "defect", 2) + cause("sampler.top-k-off", "difference", 1) if pair else ""
    )
    headline = "Explained: one defect accounts for the silence." if pair else "Aligned: both paths give the same sound."
    return f"""<section class="request" id="{name}"><h2>golden/silent-output.h5, sample 00000{place}</h2>
<p class="headline">{headline}</p>{causes}
<h3>Stages</h3>{stages(0 if pair else 9)}
<h3>Sound</h3><div class="sound">{sounds}</div>
<h3>Tokens</h3><div class="tokens" data-source="{name}-tokens"></div>
<script type="application/json" id="{name}-tokens">{data}</script>
<h3>Tensors</h3>{table(["status", "tensor", "stage", "shape", "values", "largest gap"], tensor_rows(place))}
<h3>Checks</h3>{table(["status", "check", "value"], checks)}
<h3>Success metrics</h3>{table(["status", "metric", "value"], metrics)}
<details class="more"><summary>Different, and without effect here (3)</summary><ul><li>collator.pad-side: left, right</li>
<li>sampler.seed: 7, 11</li><li>decoder.dtype: float32, bfloat16</li></ul></details>
<h3>Provenance</h3><dl class="facts"><dt>archive</dt><dd><code>golden/silent-output.h5</code></dd><dt>SHA-256</dt>
<dd><code>{"9f86d081884c7d65" * 4}</code></dd><dt>recorded by</dt><dd>{esc(HOSTILE)}</dd></dl></section>"""


def gate() -> str:
    rows = []
    for i in range(40):
        state = "failed" if i < 3 else ["passed", "passed", "allowed", "waived", "incomparable"][i % 5]
        name = esc(HOSTILE) if i == 7 else f"golden/plant-{i}.h5, 00000{i % 2}"
        rows.append(
            (
                state,
                [
                    td(state, state=True),
                    td("<code>collator.surplus-placeholder</code>"),
                    td(name),
                    td(
                        "expected by the plan"
                        if i > 2
                        else "new since the last release: the finding is not in the list of allowed ones"
                    ),
                ],
            )
        )
    return (
        f'<section class="gate" id="gate"><h2>Gate</h2>{table(["status", "finding", "input", "why"], rows)}</section>'
    )


def sheet() -> str:
    cells = "".join(
        f'<g transform="translate({10 + i % 8 * 145} {10 + i // 8 * 62})"><rect width="135" height="52" fill="#eef1f5"/>'
        f'<path d="M0 26 h20 l10 {-4 - i % 9} l12 {9 + i % 12} l14 -9 h79" fill="none" stroke="#3f5f86"/>'
        f'<text x="4" y="48" font-size="9" fill="#16191d">plant-{i}</text></g>'
        for i in range(40)
    )
    return f'<svg viewBox="0 0 1170 330" width="1170" height="330" role="img" aria-label="Waves of 40 sounds">{cells}</svg>'


def document(body: str, title: str = "release: failed") -> str:
    """The frame of the page: policy, style, script."""
    css, js = (PAGE / "page.css").read_text(), (PAGE / "page.js").read_text()
    digest = base64.b64encode(hashlib.sha256(js.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; img-src data:; media-src data:; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"
    )
    return f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{policy}"><title>{title}</title><style>{css}</style></head><body>
{body}
<script>{js}</script></body></html>
"""


def page() -> str:
    files = [
        (
            "",
            [
                td(f"plant-{i}.wav"),
                td(f"{0.4 + i * 0.31:.2f} s", round(0.4 + i * 0.31, 2)),
                td(f"{10 ** (-i / 9):.2g}"),
            ],
        )
        for i in range(40)
    ]
    names = [
        ("silent-output", "explained"),
        ("silent-output", "aligned"),
        ("a-rather-long-name-of-an-archive-that-wraps", "unexplained"),
    ]
    contents = "".join(
        f'<li data-status="{s}"><a href="#r{i % 2}">golden/{n}.h5, 00000{i % 2}</a> <span class="state">{s}</span></li>'
        for i, (n, s) in enumerate(names)
    )
    warned = [("warned", [td("warned", state=True), td("12"), td(esc(HOSTILE))])]
    return document(f"""<a class="skip" href="#main">To the report</a>
<header class="top"><p class="kind">higgs-diagnose gate</p><h1>release</h1>
<p class="verdict" data-status="failed"><strong>failed</strong> 3 of 40 rows fail: collator.surplus-placeholder is new in
three archives.</p></header>
<nav class="contents" aria-label="Contents"><ol>{contents}</ol></nav>
<main id="main">{gate()}
{request(0, True)}
{request(1, False)}
<section class="sounds" id="sounds"><h2>Sound files</h2><p>Every sound of the release, 40 files.</p>
<div class="picture">{sheet()}</div>{table(["file", "length", "AC energy"], files)}</section>
<section class="logs" id="logs"><h2>Logs</h2>{table(["status", "line", "text"], warned)}</section>
<section class="about" id="about"><h2>How this was made</h2><dl class="facts"><dt>program</dt><dd>higgs-diagnose 0.9</dd>
<dt>command</dt><dd><code>higgs-diagnose gate release.json --html release.html</code></dd></dl></section>
</main>""")
