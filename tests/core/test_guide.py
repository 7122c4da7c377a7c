# SPDX-License-Identifier: GPL-3.0-or-later
"""The user guide tells the truth: its commands run, its messages are said, its options exist, its links lead on."""

from __future__ import annotations

import re
import subprocess
import sys

import guide_messages
import pytest

from dbcr_core.cli import _parser
from tests.guide_commands import GUIDE, ROOT, blocks, prepare, run
from tests.systems import posix_only
from training.cli import _parser as training_parser

BLOCKS = blocks()
HERE = [block for block in BLOCKS if block.mark != "QGIS"]
PAGES = sorted(GUIDE.glob("*.md"))


@pytest.fixture(scope="module")
def folder_of(tmp_path_factory):
    """A prepared folder for each page: its commands run one after the other in it, as a reader runs them."""
    folders = {}

    def folder(page: str):
        if page not in folders:
            folders[page] = tmp_path_factory.mktemp(page.replace(".", "_"))
            prepare(folders[page])
        return folders[page]

    return folder


@posix_only("the guide's commands are a shell's")
@pytest.mark.parametrize("block", HERE, ids=lambda block: block.name)
def test_a_command_of_the_guide_runs(block, folder_of):
    if block.reason:
        pytest.skip(f"{block.name} is not run: {block.reason}")
    folder = folder_of(block.page)
    if block.mark.startswith("file: "):
        (folder / block.mark[len("file: ") :]).write_text(block.text, encoding="utf-8")
        return
    done = run(block, folder)
    assert done.returncode == 0, f"{block.text}\n{done.stdout}\n{done.stderr}"
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.name)
def test_every_block_of_commands_says_what_becomes_of_it(block):
    assert block.mark in ("run", "QGIS") or block.mark.startswith(("file: ", "not run: ")), block.text
    if block.language == "console":
        assert all(line.startswith("$ ") for line in block.text.splitlines()), block.text


def test_most_commands_of_the_guide_are_run():
    skipped = [block for block in BLOCKS if block.reason]
    assert len(BLOCKS) >= 40 and len(skipped) <= 12
    assert all(len(block.reason) > 10 for block in skipped)


def test_every_option_that_the_guide_names_exists():
    known = _options(_parser()) | _options(training_parser()) | {"--no-deps", "--only-binary", "--signal"}
    for page in PAGES:
        named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", _prose(page.read_text(encoding="utf-8"))))
        assert named <= known, f"{page.name}: {sorted(named - known)}"


def test_every_option_that_a_message_names_exists():
    known = _options(_parser()) | {"--no-deps"}
    for _, text in guide_messages.messages():
        assert set(re.findall(r"--[a-z][a-z-]+", text)) <= known, text


def test_every_message_in_the_troubleshooting_page_is_one_that_a_user_can_get():
    text = (GUIDE / "troubleshooting.md").read_text(encoding="utf-8")
    quoted = re.findall(r"\*\*“(.+?)”\*\*", text, re.S)
    assert len(quoted) >= 25
    for sentence in quoted:
        assert guide_messages.is_said(" ".join(sentence.split())), sentence


def test_every_message_is_a_sentence_that_begins_with_the_fact():
    for kind, text in guide_messages.messages():
        assert text.rstrip()[-1] in ".)…]" or kind == "OutputError", text


def test_the_guide_builds_without_a_warning(tmp_path):
    pytest.importorskip("mkdocs", reason="mkdocs is not installed")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path / "site")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    page = (tmp_path / "site" / "troubleshooting.html").read_text(encoding="utf-8")
    assert "All messages" in page and "<code>pip install 'dask[distributed]'</code>" in page
    headings = re.findall(r"<h\d id=\"([^\"]+)\"", page)
    assert not [name for name in headings if re.search(r"_\d+$", name)], "a heading stands there twice"
    built = {path.stem for path in (tmp_path / "site").glob("*.html")}
    assert {page.stem for page in PAGES} <= built


def test_the_built_guide_is_whole_and_asks_no_other_computer_for_anything(tmp_path):
    pytest.importorskip("mkdocs", reason="mkdocs is not installed")
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", str(tmp_path / "site")]
    subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    for page in (tmp_path / "site").glob("*.html"):
        loaded = re.findall(r'(?:src|<link[^>]+href)="(https?://[^"]+)"', page.read_text(encoding="utf-8"))
        assert loaded == [], page.name
        prose = re.sub(r"<(pre|code)>.*?</\1>", "", page.read_text(encoding="utf-8"), flags=re.S)
        assert "**" not in prose and "```" not in prose, f"{page.name} shows its own markup"


def _options(parser) -> set:
    """Every option of the command line and its subcommands."""
    found = set()
    for action in parser._actions:
        found |= {word for word in action.option_strings if word.startswith("--")}
        for sub in getattr(action, "choices", None) or {} if hasattr(action, "_name_parser_map") else {}:
            found |= _options(action.choices[sub])
    return found


def _prose(markdown: str) -> str:
    """A page without its blocks of commands."""
    return re.sub(r"^```.*?^```$", "", markdown, flags=re.M | re.S)


def test_the_readmes_map_names_every_module() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8").partition("## Map of the folders")[2]
    plugin, _, engine = text.partition("    dbcr_core/")
    for folder, part in (("plugin", plugin), ("dbcr_core", engine.partition("    training/")[0])):
        named = set(re.findall(r"[a-z_0-9]+(?=[,…/\s])", part))
        groups = set(re.findall(r"([a-z_]+)…", part))
        names = {path.stem for path in (ROOT / folder).glob("*.py")} - {"__init__", "__main__"}
        names |= {path.parent.name for path in (ROOT / folder).glob("*/__init__.py")}
        assert not [name for name in names - named if name.partition("_")[0] not in groups]
