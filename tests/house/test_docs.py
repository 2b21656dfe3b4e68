"""The documentation is true: pages made from code are fresh, and the others name what exists."""

from __future__ import annotations

import ast
import dataclasses
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from tools import make_cli_reference, make_reference

from tamis.app.meta import MetaSettings, meta_table
from tamis.app.protocol.protocol import INNER, LOOSE, SECTIONS
from tamis.app.tables import TABLES
from tamis.domain.decisions import DECISIONS, STAGES
from tamis.domain.errors import Place
from tamis.domain.events import GENESIS, HEADER, parse_line
from tamis.domain.ordering import in_order
from tamis.domain.state import fold
from tamis.domain.value_rows import ANCHOR_KINDS
from tamis.domain.values import ESTIMANDS, STATISTICS, STATUSES
from tamis.synthesis.table import LAYOUTS

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = [*sorted(DOCS.rglob("*.md")), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
ROOMS = sorted(path.parent.name for path in (ROOT / "src" / "tamis").glob("*/__init__.py"))


def read(name: str) -> str:
    return (DOCS / name).read_text("utf-8")


def section(text: str, heading: str) -> str:
    """Return what stands under a heading of any depth, up to the next of the same depth."""
    found = re.search(rf"^(#+) {re.escape(heading)}\n", text, re.M)
    assert found is not None, f"no heading {heading!r}"
    rest = text[found.end() :]
    following = re.search(rf"^#{{1,{len(found.group(1))}}} ", rest, re.M)
    return rest[: following.start()] if following else rest


def blocks(text: str) -> Iterator[tuple[str, str]]:
    """Yield language and content of each fenced block."""
    for found in re.finditer(r"^```(\w*)\n(.*?)^```$", text, re.M | re.S):
        yield found.group(1), found.group(2)


# ------------------------------------------------------------------ pages made from code
def test_the_page_of_commands_says_what_the_program_does() -> None:
    made = make_cli_reference.render()
    assert make_cli_reference.PAGE.read_text("utf-8") == made, "run tools/make_cli_reference.py"


@pytest.mark.parametrize("page", list(make_reference.PAGES))
def test_a_page_made_from_code_is_fresh(page: str) -> None:
    made = make_reference.PAGES[page]()
    assert read(f"reference/{page}") == made, "run tools/make_reference.py"


def test_every_command_has_a_section_and_an_example() -> None:
    page = read("reference/cli.md")
    names = list(make_cli_reference.commands())
    assert len(names) >= 12
    for name in names:
        assert f"tamis {name}" in section(page, f"`tamis {name}`")
        assert name in make_cli_reference.EXAMPLES
    assert set(make_cli_reference.EXAMPLES) == set(names)


def test_commands_that_pages_show_exist_with_their_options() -> None:
    commands = make_cli_reference.commands()
    known = {
        name: {opt for param in item.params for opt in param.opts if opt.startswith("-")}
        for name, item in commands.items()
    }
    shown = 0
    for page in PAGES:
        for language, content in blocks(page.read_text("utf-8")):
            for line in content.splitlines() if language in ("", "console") else ():
                words = line.removeprefix("$ ").split()
                if words[:1] != ["tamis"] or words[1:2] in ([], ["--help"], ["--version"]):
                    continue
                shown += 1
                assert words[1] in known, f"{page.name}: {line}"
                options = {word for word in words[2:] if word.startswith("--")}
                assert options <= known[words[1]] | {"--help"}, f"{page.name}: {line}"
    assert shown > 20


# ------------------------------------------------------------------ contracts
@pytest.mark.parametrize("name", list(TABLES))
def test_every_table_is_documented_column_by_column(name: str) -> None:
    page = section(read("reference/contracts.md"), "Tables that people edit")
    paragraph = re.search(rf"^\*\*{name}\*\* — (.*?)(?=^\*\*|\Z)", page, re.M | re.S)
    assert paragraph is not None
    columns = paragraph.group(1).partition(".\n")[2].partition(".\n")[0]
    told = re.findall(r"`(\w+)`", columns)
    assert told == list(TABLES[name].columns)
    optional = set(re.findall(r"\*`(\w+)`\*", columns))
    assert optional == TABLES[name].optional


def test_no_table_is_documented_that_is_not() -> None:
    page = section(read("reference/contracts.md"), "Tables that people edit")
    assert re.findall(r"^\*\*([\w-]+)\*\* — ", page, re.M) == list(TABLES)


@pytest.mark.parametrize(
    "word",
    sorted({*STATISTICS, *ESTIMANDS, *STATUSES, *ANCHOR_KINDS, *STAGES, *DECISIONS}),
)
def test_every_word_of_the_tables_is_documented(word: str) -> None:
    assert f"`{word}`" in section(read("reference/contracts.md"), "Tables that people edit")


def test_every_key_of_the_protocol_is_documented() -> None:
    page = section(read("reference/contracts.md"), "review.toml")
    rows = dict(re.findall(r"^\| `(\[+[\w.]+\]+)` \| (.*) \|$", page, re.M))
    inner = {
        f"{section}.{key}": row
        for section, (cls, _, _) in SECTIONS.items()
        for key, (row, _) in INNER.get(cls, {}).items()
    }
    wanted = {name: cls for name, (cls, _, _) in SECTIONS.items()} | inner
    for name, cls in wanted.items():
        many = name in inner or SECTIONS[name][2]
        heading = f"[[{name}]]" if many else f"[{name}]"
        keys = {field.name for field in dataclasses.fields(cls)}
        keys -= {field for _, field in INNER.get(cls, {}).values()}  # written as tables inside
        told = set(re.findall(r"`(\w+)`", rows.pop(heading)))
        assert keys == told, heading
    assert set(rows) == {f"[{name}]" for name in LOOSE}


def test_every_key_of_an_event_is_documented() -> None:
    page = section(read("reference/contracts.md"), "Events")
    rows = re.findall(r"^\| (`.*?`) \| ", page, re.M)
    told = {key for row in rows for key in re.findall(r"`(\w+)`", row)}
    assert told == {*HEADER, "hash", "body", "redacted"}


def payload_keys(command: str) -> set[str]:
    """Return the texts that a command's module uses as keys of what it prints as JSON."""
    name = {"import": "import_"}.get(command, command)
    source = (ROOT / "src" / "tamis" / "cli" / f"{name}.py").read_text("utf-8")
    return {
        key.value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Dict)
        for key in node.keys
        if isinstance(key, ast.Constant) and isinstance(key.value, str)
    }


@pytest.mark.parametrize("command", list(make_cli_reference.commands()))
def test_the_json_of_every_command_is_documented(command: str) -> None:
    page = section(read("reference/contracts.md"), "JSON output")
    paragraph = re.search(rf"^\*\*{command}\*\* — (.*?)(?=^\*\*|\Z)", page, re.M | re.S)
    assert paragraph is not None, f"{command} has no paragraph"
    told = set(re.findall(r"`(\w+)`", paragraph.group(1)))
    assert payload_keys(command) <= told


def keys_of(value: object) -> set[str]:
    """Return every key in a JSON value, but for objects whose keys are free."""
    if isinstance(value, list):
        return {key for item in value for key in keys_of(item)}
    if not isinstance(value, dict):
        return set()
    free = {"settings", "p"}
    deeper = {key for name, item in value.items() if name not in free for key in keys_of(item)}
    return set(value) | deeper


META_TABLES = {
    "pool": ("RR", "study,events1,n1,events2,n2\na,9,12,5,6\nb,10,20,5,22\nc,4,30,6,31\n"),
    "one study": ("RR", "study,events1,n1,events2,n2\na,9,12,5,6\n"),
    "proportions": ("PR", "study,events,n\na,9,12\nb,10,20\nc,4,30\n"),
    "means": ("MD", "study,mean1,sd1,n1,mean2,sd2,n2\na,1,2,9,2,2,9\nb,1,3,8,4,2,8\n"),
    "effects": ("GEN", "study,yi,sei\na,1,2\nb,3,1\n"),
}


@pytest.mark.parametrize("table", list(META_TABLES))
def test_the_json_of_meta_is_documented_to_the_last_key(table: str, tmp_path: Path) -> None:
    page = read("reference/contracts.md")
    paragraph = re.search(r"^\*\*meta\*\* — (.*?)(?=^## )", page, re.M | re.S)
    assert paragraph is not None
    told = set(re.findall(r"`(\w+)`", paragraph.group(1)))
    measure, text = META_TABLES[table]
    path = tmp_path / "table.csv"
    path.write_text(text, encoding="utf-8")
    done = meta_table(path, measure=measure, settings=MetaSettings(method="REML", test="adhoc"))
    assert keys_of(done.payload) <= told


def test_the_columns_of_meta_are_documented() -> None:
    page = section(read("reference/contracts.md"), "The table of `tamis meta`")
    told = {tuple(re.findall(r"`(\w+)`", row)) for row in re.findall(r"^\| (`.*?) \| ", page, re.M)}
    assert told == {layout.columns for layout in LAYOUTS}


# ------------------------------------------------------------------ rooms, decisions, links
def test_every_room_has_a_line_and_every_line_a_room() -> None:
    told = re.findall(r"^\| `(\w+)` \| .+ \|$", read("explanation/the-house.md"), re.M)
    assert sorted(told) == ROOMS


def test_decisions_are_numbered_one_after_the_other() -> None:
    names = sorted(path.name for path in (DOCS / "decisions").iterdir())
    for n, name in enumerate(names, 1):
        assert re.fullmatch(rf"{n:04d}-[a-z0-9]+(-[a-z0-9]+)*\.md", name)
        text = read(f"decisions/{name}")
        assert text.startswith(f"# {n:04d} ")
        headings = re.findall(r"^## (.+)$", text, re.M)
        assert headings == ["Context", "Decision", "Consequences"]
        assert re.search(r"^Status: (proposed|accepted|superseded by \d{4})\.$", text, re.M)
        assert f"decisions/{name}" in read("index.md")


def anchors(text: str) -> set[str]:
    """Return the anchors that a page's headings get."""
    plain = re.sub(r"^```.*?^```$", "", text, flags=re.M | re.S)
    found = set()
    for heading in re.findall(r"^#+ (.+)$", plain, re.M):
        kept = re.sub(r"[^\w\- ]", "", heading.lower())
        found.add(kept.strip().replace(" ", "-"))
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8")):
        if re.match(r"[a-z]+:", target):
            assert target.startswith("https://")
            continue
        name, _, anchor = target.partition("#")
        place = (page.parent / name).resolve() if name else page
        assert place.exists(), f"{target} leads nowhere"
        assert place.is_relative_to(ROOT)
        if anchor:
            assert anchor in anchors(place.read_text("utf-8")), f"no heading for {target}"


def test_every_page_can_be_reached_from_the_first() -> None:
    reached, waiting = set(), [DOCS / "index.md"]
    while waiting:
        page = waiting.pop()
        if page in reached or page.suffix != ".md":
            continue
        reached.add(page)
        targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text("utf-8"))
        waiting += [(page.parent / t).resolve() for t in targets if not t.startswith("https:")]
    assert not set(DOCS.rglob("*.md")) - reached


# ------------------------------------------------------------------ what the tutorials name
def test_the_practice_set_has_what_its_tutorial_names() -> None:
    log = ROOT / "src" / "tamis" / "examples" / "practice" / "review" / "log"
    text = read("tutorial/practice-set.md")
    (record,) = set(re.findall(r"\b[0-9a-f]{12}:\d+\b", text))
    state = fold(
        parse_line(line, where=Place(file=path.name, line=n))
        for path in sorted(log.glob("*.jsonl"))
        for n, line in enumerate(path.read_text("utf-8").splitlines(), 1)
    )
    votes = {v.reviewer: v.decision for v in state.votes.values()
             if record in v.records and v.stage == "title-abstract"}  # fmt: skip
    assert votes == {"p-rev-a": "include", "p-rev-b": "exclude"}
    (settled,) = [s for s in state.settlements.values() if record in s.records]
    assert (settled.by, settled.decision) == ("p-rev-c", "include")
    stages = [s.stage for s in state.settlements.values()]
    assert (stages.count("title-abstract"), stages.count("full-text")) == (3, 2)
    for name in re.findall(r"practice/(log/[\w.-]+)", text):
        assert (log.parent / name).exists()


def test_the_worked_review_has_what_its_tutorial_names() -> None:
    log = ROOT / "src" / "tamis" / "examples" / "worked" / "review" / "log"
    text = read("tutorial/worked-review.md")
    (name,) = set(re.findall(r"tamis-demo/log/([\w.-]+)", text))
    assert '"number":"9"' in (log / name).read_text("utf-8")


# ------------------------------------------------------------------ the example of the laws
def test_the_example_log_is_a_log() -> None:
    written = [text for language, text in blocks(read("explanation/the-laws.md"))
               if language == "jsonl"]  # fmt: skip
    whole, redacted = (text.splitlines() for text in written)
    events = [parse_line(line, where=Place(file="the-laws.md")) for line in whole]
    names = [event.id for event in events]
    assert names == ["p-ann.9f3c12ab/1", "p-bob.77aa01cd/1", "p-ann.9f3c12ab/2", "p-bob.77aa01cd/2"]
    for chain in ("p-ann.9f3c12ab", "p-bob.77aa01cd"):
        own = [event for event in events if event.chain == chain]
        assert own[0].prev == GENESIS
        assert all(after.prev == before.hash for before, after in pairwise(own))
    ann_1, bob_1, settled, bob_2 = events
    # the page says: Bob's clock is slow, his change of mind comes after the consensus, and the
    # consensus settles a verdict that no longer stands
    assert bob_2.at < settled.at
    assert in_order(events)[-2:] == [settled, bob_2]
    state = fold(events)
    assert set(state.votes) == {ann_1.id, bob_2.id}
    assert state.superseded == {bob_1.id}
    assert bob_1.id in state.settlements[settled.id].settles
    (gone,) = (parse_line(line, where=Place(file="the-laws.md")) for line in redacted)
    assert (gone.hash, gone.body, gone.redacted) == (ann_1.hash, None, "names a patient")
