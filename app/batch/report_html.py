"""A batch as one page that needs nothing else: pictures, style and script are in it, and it asks no other machine.

Names of files are hostile until they are escaped; besides, the page lets no script and no style run but its own.
"""

from __future__ import annotations

import base64
import hashlib
import os
from collections import Counter
from collections.abc import Iterator
from html import escape
from pathlib import Path
from urllib.parse import quote

from app.batch.events import FileOutcome, FileState
from app.batch.report_facts import Facts, settings_facts
from app.batch.summary import BatchReport

_HERE = Path(__file__).parent
_ORDER = (FileState.FAILED, FileState.SKIPPED, FileState.DONE)
_WORDS = {FileState.DONE: "Done", FileState.FAILED: "Failed", FileState.SKIPPED: "Left out"}
_CONTROL = (*range(32), *range(127, 160), 0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_UNPRINTABLE = {code: "\ufffd" for code in _CONTROL if chr(code) not in "\t\n"}
"""What has no picture, and what turns the direction of a name so that it reads as another."""
_HEAD = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; img-src data:; style-src '{style_hash}'; script-src '{script_hash}'">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<header>
<h1>{title}</h1>
<p class="path">{way}</p>
<p class="quiet">{times}</p>
</header>
<main>
<form class="bar" autocomplete="off">
<fieldset><legend>Show</legend>{filters}</fieldset>
<input type="search" hidden placeholder="Find by name" aria-label="Find by name">
</form>
<div class="scroll"><table>
<caption class="unseen">The photos of the batch</caption>
<thead><tr><th scope="col">Before</th><th scope="col">After</th>
<th scope="col"><button type="button">Photo</button></th>
<th scope="col"><button type="button">State</button></th>
<th scope="col" class="number"><button type="button">Size</button></th>
<th scope="col" class="number"><button type="button">Filled</button></th>
<th scope="col" class="number"><button type="button">Seconds</button></th></tr></thead>
<tbody>
"""


def html_report(report: BatchReport, path: Path) -> Iterator[bytes]:
    """The page, part by part, in UTF-8; links to the results start from the folder of `path`."""
    style, script = (_HERE / "report.css").read_text("utf-8"), (_HERE / "report.js").read_text("utf-8")
    yield _encoded(
        _HEAD.format(
            title=_text(f"Batch of {report.request.folder.name or report.request.folder}"),
            way=f"{_path(report.request.folder)} → {_path(report.request.output)}",
            times=_text(_times(report)),
            filters="".join(_filters(report)),
            style=style,
            style_hash=_hash(style),
            script_hash=_hash(script),
        )
    )
    for outcome in sorted(report.outcomes, key=lambda each: _ORDER.index(each.state)):
        yield _encoded(_row(outcome, path.resolve().parent))
    yield _encoded('</tbody></table></div>\n<div class="facts">')
    for title, facts in _sections(report):
        yield _encoded(_section(title, facts))
    yield _encoded(f"</div>\n</main>\n<script>{script}</script>\n</body>\n</html>\n")


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def _text(value: object) -> str:
    """`value` as text of the page, whatever is in it."""
    return escape(str(value).translate(_UNPRINTABLE))


def _path(path: Path) -> str:
    return f"<bdi>{_text(path)}</bdi>"


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _times(report: BatchReport) -> str:
    began, ended = (moment[:19].replace("T", " ") for moment in (report.began, report.ended))
    done = [each for each in report.outcomes if each.state is FileState.DONE and not each.from_journal]
    words = f"{began} to {ended}: {duration(report.seconds)}"
    return f"{words}, {report.seconds / len(done):.1f} s a photo" if done else words


def duration(seconds: float) -> str:
    """``42.1 s``, ``3 min 20 s`` or ``2 h 5 min``."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def _filters(report: BatchReport) -> Iterator[str]:
    """One button for all photos and one for each state there is; the style does the rest."""
    states = Counter(each.state for each in report.outcomes)
    yield _filter("all", "Photos", "", len(report.outcomes), " checked")
    for state in (FileState.DONE, FileState.FAILED, FileState.SKIPPED):
        yield _filter(state.value, _WORDS[state], f' class="{state.value}"', states[state])


def _filter(name: str, word: str, look: str, count: int, checked: str = "") -> str:
    return f'<label><input type="radio" name="show" id="show-{name}"{checked}><b{look}>{count}</b>{word}</label>'


def _row(outcome: FileOutcome, folder: Path) -> str:
    state, total = outcome.state.value, outcome.seconds.get("total")
    width, height = outcome.extent
    steps = ", ".join(f"{name} {value:.2f}" for name, value in outcome.seconds.items() if name != "total")
    filled = outcome.hole_pixels
    return (
        f'<tr data-state="{state}" data-name="{_text(outcome.name)}">'
        f"{_picture(outcome.before, 'before')}{_picture(outcome.after, 'after')}"
        f'<td class="name" data-sort="{_text(outcome.name)}">{_name(outcome, folder)}{_remarks(outcome)}</td>'
        f'<td class="state {state}" data-sort="{state}">{_WORDS[outcome.state]}</td>'
        f'<td class="number" data-sort="{width * height}">{f"{width} × {height}" if width else "–"}</td>'
        f'<td class="number" data-sort="{filled}">{f"{filled:,} px" if filled else "–"}</td>'
        f'<td class="number" data-sort="{total or 0:.3f}" title="{_text(steps)}">'
        f"{'–' if total is None else f'{total:.2f}'}</td></tr>\n"
    )


def _picture(jpeg: bytes, word: str) -> str:
    if not jpeg:
        return '<td class="picture quiet">–</td>'
    data = base64.b64encode(jpeg).decode("ascii")
    return f'<td class="picture"><img alt="{word}" src="data:image/jpeg;base64,{data}"></td>'


def _name(outcome: FileOutcome, folder: Path) -> str:
    name = f"<bdi>{_text(outcome.name)}</bdi>"
    if outcome.output is None:
        return name
    return f'<a href="{escape(_link(outcome.output.absolute(), folder))}">{name}</a>'


def _link(output: Path, folder: Path) -> str:
    """A relative address where there is one, so that a folder moved as a whole still works."""
    try:
        relative = Path(os.path.relpath(output, folder))
    except ValueError:  # another drive
        return output.as_uri()
    return "./" + quote(os.fsencode(relative.as_posix()))


def _remarks(outcome: FileOutcome) -> str:
    """What is to be said of a photo below its name."""
    lines = [f'<small class="{outcome.state.value}">{_text(outcome.error)}</small>'] if outcome.error else []
    if outcome.output is not None and outcome.output.name != Path(outcome.name).name:
        lines.append(f"<small>as <bdi>{_text(outcome.output.name)}</bdi></small>")
    lines += [f"<small>{_text(warning)}</small>" for warning in outcome.warnings]
    if outcome.from_journal:
        lines.append("<small>done by an earlier run</small>")
    return "".join(lines)


def _sections(report: BatchReport) -> Iterator[tuple[str, Facts]]:
    yield "Settings", settings_facts(report.request)
    yield "Weights", [(name, f"{file}\n{sha256}") for name, file, sha256 in report.models]
    yield "Versions", list(report.versions.items())
    devices = sorted({each.device for each in report.outcomes if each.device})
    yield "Machine", [*report.machine.items(), ("device", ", ".join(devices) or "–")]


def _section(title: str, facts: Facts) -> str:
    entries = "".join(f"<dt>{_text(name)}</dt><dd>{_text(value)}</dd>" for name, value in facts)
    return f"<section><h2>{title}</h2><dl>{entries}</dl></section>\n"
