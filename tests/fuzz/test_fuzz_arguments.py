# SPDX-License-Identifier: GPL-3.0-or-later
"""Any words on the command line and any list of scenes: complete, one sentence, or the usage; never a traceback."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dbcr_core.batch.scene_list import read_scene_list
from dbcr_core.batch.scene_row import JOB_FIELDS, OTHER_FIELDS
from dbcr_core.errors import DbcrError, InputError
from dbcr_core.job import CloudRemovalJob
from tests.fuzz.damage import damaged
from tests.fuzz.ledger import cases, note
from tests.fuzz.outcomes import COMPLETE, assert_one_sentence, run
from tests.fuzz.scenes import write_mask, write_model, write_optical, write_radar


@pytest.fixture(scope="module")
def scene(tmp_path_factory) -> dict:
    folder = tmp_path_factory.mktemp("arguments")
    made = {
        "optical": write_optical(folder / "s2.tif"),
        "sar": write_radar(folder / "s1.tif"),
        "mask": write_mask(folder / "mask.tif"),
        "model": write_model(folder / "tiny.dbcr"),
        "text": str(folder / "text.txt"),
        "gone": str(folder / "gone.tif"),
        "deep": str(folder / "no" / "such" / "folder.tif"),
        "folder": str(folder),
    }
    Path(made["text"]).write_text("hello\n")
    return made


FILES = st.sampled_from(("optical", "sar", "mask", "model", "text", "gone", "deep", "folder"))
STRAY = st.one_of(
    st.text(max_size=6),
    st.sampled_from(
        (
            "",
            "-",
            "--",
            "auto",
            "none",
            "/dev/null",
            "/proc/self/mem",
            "a\0b",
            "a\nb",
            "\udcff",
            "-1",
            "0",
            "nan",
            "inf",
        )
    ),
    st.sampled_from(
        ("1e999", "NETCDF:x:y", "/vsimem/x", "/vsizip/x.zip", "<VRTDataset/>", "GTIFF_DIR:1:x", "*", "é.tif")
    ),
)
NUMBERS = st.one_of(
    st.integers(-3, 300).map(str), st.floats().map(str), st.sampled_from(("9" * 30, "-1", "0", "1", "4", "0.5"))
)
EDGES = st.one_of(
    st.floats().map(str), st.sampled_from(("0", "600000", "600200", "4999800", "5000000", "1.7e308", "x"))
)
OPTIONS = {
    "--nfe": NUMBERS,
    "--extent": st.lists(EDGES, min_size=4, max_size=4).map(" ".join),
    "--feather": NUMBERS,
    "--mask-buffer": NUMBERS,
    "--overlap": NUMBERS,
    "--threads": st.sampled_from(("1", "0", "-1", "x")),
    "--seed": NUMBERS,
    "--mask-threshold": NUMBERS,
    "--bands": st.sampled_from(("B02,B03,B04", "B02", "-,-,-", "B02,B02,B03", "B04,B03,B02,B01")) | STRAY,
    "--sar-bands": st.sampled_from(("VV,VH", "VH", "-,VV", "HH,HV")) | STRAY,
    "--optical-values": st.sampled_from(("dn", "dn-1000", "reflectance", "counts")),
    "--sar-values": st.sampled_from(("db", "power", "amplitude", "dB")),
    "--mask": st.sampled_from(("auto", "none", "FILE", "FILE")) | STRAY,
    "--mask-kind": st.sampled_from(("auto", "binary", "probability", "scl", "x")),
    "--device": st.sampled_from(("auto", "cpu", "cuda", "abacus", "")),
    "--sampler": st.sampled_from(("ode", "sde", "ddim")),
    "--compression": st.sampled_from(("deflate", "zstd", "jpeg")),
    "--model": st.just("FILE") | STRAY,
    "--changed": st.just("FILE") | STRAY,
    "--uncertainty": st.just("FILE") | STRAY,
    "--cloud-mask": st.just("FILE") | STRAY,
    "--config": st.sampled_from(("papers", "")) | STRAY,
    "--reference-bands": STRAY,
    "--allow-partial-sar": None,
    "--no-match-surroundings": None,
    "--allow-network": None,
    "--json": None,
    "--quiet": None,
    "--version": None,
    "--help": None,
    "--nonsense": STRAY,
}
INPUT_OPTIONS = ("--optical", "--sar", "--mask", "--model", "--prediction", "--reference", "--cloud-mask")
COMMANDS = {
    "remove-clouds": ("--optical", "--sar"),
    "inspect": ("--optical", "--sar"),
    "assess": ("--prediction", "--reference"),
    "model-info": (),
}


@st.composite
def command_lines(draw: st.DrawFn, scene: dict) -> list[str]:
    """A command that would work, with up to three more options of any value, or words thrown together."""
    if draw(st.integers(0, 5)) == 0:
        return draw(st.lists(STRAY | st.sampled_from((*COMMANDS, *OPTIONS)), max_size=6))
    command = draw(st.sampled_from(sorted(COMMANDS)))
    words = [command, *(("--model", scene["model"]) if command in ("remove-clouds", "model-info") else ())]
    for name in COMMANDS[command]:
        usual = {"--optical": "optical", "--sar": "sar", "--prediction": "optical", "--reference": "optical"}[name]
        kind = draw(st.sampled_from((usual,) * 6 + (None,)))
        words += [name, scene[kind] if kind else draw(FILES.map(scene.get) | STRAY)]
    if command == "remove-clouds":
        output = draw(st.sampled_from(("out.tif",) * 6 + (None,)) | st.just("\udcff.tif"))
        words += ["--threads", "1", "--overlap", "16", "--output", output or draw(FILES.map(scene.get) | STRAY)]
    for name in draw(st.lists(st.sampled_from(sorted(OPTIONS)), max_size=2, unique=True)):
        words.append(name)
        if OPTIONS[name] is not None:
            value = draw(OPTIONS[name])
            value = draw(FILES.map(scene.get)) if value == "FILE" else value
            words += value.split(" ") if name == "--extent" else [value]
    if draw(st.integers(0, 15)) == 0:
        words.append(draw(STRAY))
    return words


@cases(800)
@given(data=st.data())
def test_any_command_line_ends_complete_refused_or_with_the_usage(scene, data, monkeypatch):
    monkeypatch.chdir(scene["folder"])  # relative names land where they are seen
    kept = {path: Path(path).read_bytes() for key, path in scene.items() if Path(path).is_file()}
    words = data.draw(command_lines(scene))
    status = run(words, Path(scene["folder"]))
    outputs = {words[i + 1] for i, word in enumerate(words[:-1]) if word in ("--output", "--changed", "--uncertainty")}
    inputs = {words[i + 1] for i, word in enumerate(words[:-1]) if word in INPUT_OPTIONS}
    for path, content in kept.items():
        is_same = Path(path).read_bytes() == content
        Path(path).write_bytes(content)
        assert is_same or path in outputs - inputs, f"{path} was changed by {words}"
    for path in Path(scene["folder"]).iterdir():
        if str(path) not in kept:
            path.unlink()
    note("command lines", "accepted" if status == COMPLETE else "refused")


COLUMNS = st.sampled_from((*JOB_FIELDS, *OTHER_FIELDS, "Optical", "cloud", "mask-buffer", ""))
CELLS = st.one_of(
    st.sampled_from(
        ("s2.tif", "s1.tif", "auto", "yes", "no", "", "1 2 3 4", "../x.tif", "https://a.b/c.tif", "s3://b/k")
    ),
    NUMBERS,
    st.text(max_size=6),
)
VALUES = st.one_of(
    CELLS, st.none(), st.booleans(), st.integers(-3, 12), st.floats(), st.lists(st.integers(), max_size=4)
)
BANDS = st.lists(st.fixed_dictionaries({"name": st.sampled_from(("B02", "red", "VV"))}) | VALUES, max_size=2)
HREFS = st.sampled_from(("s2.tif", "s1.tif", "gone.tif"))
ASSETS = st.fixed_dictionaries(
    {"href": HREFS}, optional={"eo:bands": BANDS | VALUES, "roles": st.just(["overview"]) | VALUES}
)
ITEMS = st.fixed_dictionaries(
    {"type": st.just("Feature"), "id": st.sampled_from(("a", "b", "c", 5))},
    optional={
        "bbox": st.just([0, 0, 1, 1]) | st.lists(st.floats(-180, 180), max_size=6) | VALUES,
        "properties": st.dictionaries(st.sampled_from(("datetime", "dbcr:nfe", "platform", "x")), VALUES, max_size=3),
        "assets": st.dictionaries(
            st.sampled_from(("optical", "sar", "B02", "B03", "B04", "vv", "vh", "scl")),
            ASSETS | ASSETS | ASSETS | st.fixed_dictionaries({}, optional={"href": VALUES, "type": VALUES}) | VALUES,
            max_size=4,
        )
        | VALUES,
        "links": VALUES,
        "collection": VALUES,
    },
)


@st.composite
def scene_lists(draw: st.DrawFn) -> bytes:
    """A table, a JSON list or STAC items with any columns and values; sometimes damaged."""
    kind = draw(st.sampled_from(("csv", "csv", "json", "stac", "bytes")))
    if kind == "bytes":
        return draw(st.binary(max_size=40))
    if kind == "csv":
        columns = ["optical", *draw(st.lists(COLUMNS, max_size=3))]
        text = io.StringIO()
        writer = csv.writer(text, delimiter=draw(st.sampled_from(",;\t")))
        rows = draw(st.lists(st.lists(CELLS, min_size=len(columns), max_size=len(columns)), max_size=3))
        writer.writerows([columns, *rows])
        content = text.getvalue()
    elif kind == "json":
        scenes = draw(st.lists(st.dictionaries(COLUMNS, VALUES, max_size=4) | VALUES, max_size=3))
        content = json.dumps(scenes if draw(st.booleans()) else {"scenes": scenes})
    else:
        content = json.dumps({"type": "FeatureCollection", "features": draw(st.lists(ITEMS, max_size=3) | VALUES)})
    encoded = content.encode("utf-8", "surrogatepass")
    return draw(damaged(encoded)) if draw(st.integers(0, 4)) == 0 else encoded


@cases(900)
@given(content=scene_lists())
def test_any_list_of_scenes_gives_jobs_or_one_sentence(scene, content):
    path = Path(scene["folder"], "list.txt")
    path.write_bytes(content)
    try:
        scenes = read_scene_list(str(path), str(Path(scene["folder"], "batch")))
    except InputError as error:
        assert_one_sentence(error)
        note("lists of scenes", "refused")
    except DbcrError as error:
        pytest.fail(f"a list must be refused as an input: {error!r}")
    else:
        assert scenes and all(isinstance(found.job, CloudRemovalJob) and found.name for found in scenes)
        note("lists of scenes", "accepted")
    finally:
        path.unlink()
