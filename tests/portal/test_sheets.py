"""Joining the style sheets: in order, smaller, and the same rules."""

import re

import pytest

from portal.env import BASE_DIR
from portal.sheets import SHEET, SHEETS, TOOLS, SheetError, join, named_in

INDEX = '/* All. */\n@import url("tokens.css");\n@import url("components/state.css");\n'


def reader(**files: str):
    texts = {SHEET: INDEX, "css/tokens.css": "@layer tokens, components;"}
    texts |= {name.replace("__", "/") + ".css": text for name, text in files.items()}
    return texts.__getitem__


def test_sheets_are_joined_in_the_order_of_the_index():
    css = "/* State */\n@layer components {\n  .state { color: red; margin: 0 auto; }\n}\n"
    assert join(reader(css__components__state=css)) == (
        "@layer tokens,components;@layer components{.state{color:red;margin:0 auto}}\n"
    )


@pytest.mark.parametrize(
    ("css", "joined"),
    [
        ('a::before { content: " / ; "; }', 'a::before{content:" / ; "}'),
        ("a { content: '/* no comment */'; }", "a{content:'/* no comment */'}"),
        ("a :hover > b { inset: calc(1px + 2px); }", "a :hover > b{inset:calc(1px + 2px)}"),
        ("a { b :hover { color: red; } }", "a{b :hover{color:red}}"),
        ("a { margin: -0.5rem 0.25rem 10.5rem; }", "a{margin:-.5rem .25rem 10.5rem}"),
        ("a { inset: calc(1px + 0.5 * 0.25em); }", "a{inset:calc(1px + .5 * .25em)}"),
        ('a::after { content: "0.5 : 0.5"; }', 'a::after{content:"0.5 : 0.5"}'),
        ("a { } /* it's\n two lines */ b { }", "a{}b{}"),
        ("@media (min-width: 2rem) and (hover) { }", "@media (min-width: 2rem) and (hover){}"),
    ],
)
def test_only_spare_space_and_comments_go(css, joined):
    layers = "@layer tokens,components;"
    assert join(reader(css__components__state=css)) == f"{layers}{joined}\n"


def test_components_share_one_layer_and_nothing_else_gets_into_it():
    texts = {
        SHEET: '@import url("common.css");\n@import url("components/b.css");\n',
        "css/common.css": '@import url("base.css");\n@import url("components/a.css");\n',
        "css/base.css": "@layer base { a { color: red; } }",
        "css/components/a.css": "@layer components { .a { color: red; } }",
        "css/components/b.css": "@layer components { .b { color: red; } }\n@layer print { }",
    }
    assert named_in(texts.__getitem__) == ["css/base.css", *list(texts)[3:]]
    apart = "@layer base{a{color:red}}@layer components{.a{color:red}}"
    assert (
        join(texts.__getitem__) == f"{apart}@layer components{{.b{{color:red}}}}@layer print{{}}\n"
    )
    texts["css/components/b.css"] = "@layer components { .b { color: red; } }"
    together = "@layer base{a{color:red}}@layer components{.a{color:red}.b{color:red}}\n"
    assert join(texts.__getitem__) == together


def test_the_index_holds_imports_only():
    with pytest.raises(SheetError, match="may only import"):
        named_in({SHEET: INDEX + "a { color: red; }"}.__getitem__)


def test_a_component_names_no_file():
    with pytest.raises(SheetError, match=r"components/state\.css names \.\./picture\.svg"):
        join(reader(css__components__state='a { background: url("../picture.svg"); }'))


def of_site(path: str) -> str:
    return (BASE_DIR / "static" / path).read_text("utf-8")


#: Lists that name others, and the sheets of the admin and of a booklet's PDF.
APART = ("index.css", "tools.css", "common.css", "admin.css", "booklet-print.css")


def test_every_sheet_of_the_site_is_named():
    folder = BASE_DIR / "static"
    there = {
        path.relative_to(folder).as_posix()
        for path in (folder / "css").rglob("*.css")
        if path.name not in APART
    }
    assert set(named_in(of_site)) | set(named_in(of_site, TOOLS)) == there


@pytest.mark.parametrize("sheet", SHEETS)
def test_a_sheet_begins_with_the_tokens_and_names_nothing_twice(sheet):
    named = named_in(of_site, sheet)
    assert len(named) == len(set(named))
    assert named[0] == "css/tokens.css"
    assert named[-1] == "css/print.css"


def test_only_tokens_hold_raw_colours():
    folder = BASE_DIR / "static/css"
    for path in (folder / "components").glob("*.css"):
        text = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)
        assert not re.findall(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(", text), path.name


@pytest.mark.parametrize(
    "path", sorted((BASE_DIR / "static/css").rglob("*.css")), ids=lambda path: path.name
)
def test_every_block_of_a_sheet_is_closed(path):
    css = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)
    depth = 0
    for brace in re.findall(r"[{}]", css):
        depth += 1 if brace == "{" else -1
        assert depth >= 0
    assert depth == 0
