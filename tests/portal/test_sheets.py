"""Joining the style sheets: in order, smaller, and the same rules."""

import re

import pytest

from portal.env import BASE_DIR
from portal.sheets import SHEET, SheetError, join, named_in

INDEX = '/* All. */\n@import url("tokens.css");\n@import url("components/state.css");\n'


def reader(**files: str):
    texts = {SHEET: INDEX, "css/tokens.css": "@layer tokens, components;"}
    texts |= {name.replace("__", "/") + ".css": text for name, text in files.items()}
    return texts.__getitem__


def test_sheets_are_joined_in_the_order_of_the_index():
    css = "/* State */\n@layer components {\n  .state { color: red; margin: 0 auto; }\n}\n"
    assert join(reader(css__components__state=css)) == (
        "@layer tokens,components;\n@layer components{.state{color: red;margin: 0 auto}}\n"
    )


@pytest.mark.parametrize(
    ("css", "joined"),
    [
        ('a::before { content: " / ; "; }', 'a::before{content: " / ; "}'),
        ("a { content: '/* no comment */'; }", "a{content: '/* no comment */'}"),
        ("a :hover > b { inset: calc(1px + 2px); }", "a :hover > b{inset: calc(1px + 2px)}"),
        ("a { } /* it's\n two lines */ b { }", "a{}b{}"),
        ("@media (min-width: 2rem) and (hover) { }", "@media (min-width: 2rem) and (hover){}"),
    ],
)
def test_only_spare_space_and_comments_go(css, joined):
    assert join(reader(css__components__state=css)).splitlines()[1] == joined


def test_the_index_holds_imports_only():
    with pytest.raises(SheetError, match="may only import"):
        named_in(INDEX + "a { color: red; }")


def test_a_component_names_no_file():
    with pytest.raises(SheetError, match=r"components/state\.css names \.\./picture\.svg"):
        join(reader(css__components__state='a { background: url("../picture.svg"); }'))


def test_every_sheet_of_the_site_is_named_once():
    folder = BASE_DIR / "static"
    named = named_in((folder / SHEET).read_text("utf-8"))
    assert len(named) == len(set(named))
    there = {
        path.relative_to(folder).as_posix()
        for path in (folder / "css").rglob("*.css")
        if path.name not in ("index.css", "admin.css")
    }
    assert set(named) == there
    assert named[0] == "css/tokens.css"
    assert named[-1] == "css/print.css"


def test_only_tokens_hold_raw_colours():
    folder = BASE_DIR / "static/css"
    for path in (folder / "components").glob("*.css"):
        text = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)
        assert not re.findall(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(", text), path.name
