"""The documents say what the code does: nothing is added, renamed or dropped in one only."""

import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from django.core.management import get_commands
from django.utils.translation import override
from django.utils.translation.trans_real import translation

from assemblies import enums
from assemblies.models import RoleName
from assemblies.presets import PRESETS
from portal.env import BASE_DIR, VARIABLES
from portal.management.commands.catalogues import own_apps

pytestmark = pytest.mark.tooling

DOCS = BASE_DIR / "docs"
DEPLOYING = DOCS / "deploying.md"
DOMAIN = DOCS / "domain.md"
EDITING = DOCS / "editing.md"
RECORDS = DOCS / "adr"
#: What git knows of, seen from the top: everything but what tools make.
MARKDOWN = sorted(
    path
    for path in BASE_DIR.rglob("*.md")
    if not any(
        part.startswith(".") or part in {"var", "node_modules"}
        for part in path.relative_to(BASE_DIR).parts
    )
)
NARROW = "\u202f"

#: The guide's word for each thing that a state may demand.
DEMANDED = {
    "fr": {
        "decision_due": "réponse ou décision attendue le",
        "concerned_body": "organisme concerné",
        "link": "lien avec l’existant",
        "what_changed": "ce qui a été modifié",
        "reason_text": "raison",
        "reason": "code de la raison",
        "what_is_missing": "ce qui manque",
        "sources": "source",
        "opinion_object": "ce qui est jugé",
    },
    "nl": {
        "decision_due": "antwoord of beslissing verwacht op",
        "concerned_body": "betrokken instantie",
        "link": "verband met wat al bestaat",
        "what_changed": "wat aangepast werd",
        "reason_text": "reden",
        "reason": "code van de reden",
        "what_is_missing": "wat ontbreekt",
        "sources": "bron",
        "opinion_object": "wat beoordeeld wordt",
    },
}
NOTHING = {"fr": "rien de plus", "nl": "niets meer"}


def text(path: Path) -> str:
    return path.read_text("utf-8")


def name(path: Path) -> str:
    return path.relative_to(BASE_DIR).as_posix()


def rows(source: str) -> list[list[str]]:
    """The cells of every table row below a table's head."""
    found = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in source.splitlines()
        if line.startswith("|")
    ]
    return [cells for cells in found if not set("".join(cells)) <= set("-")]


# -- variables --------------------------------------------------------------------------------


def row(variable) -> str:
    default = f"`{variable.default}`" if variable.default else "none"
    return f"| `{variable.name}` | {variable.type} | {default} | {variable.help} |"


def test_the_table_of_variables_is_the_one_that_is_read():
    shown = re.findall(r"^\| `[A-Z_]+` \|.*$", text(DEPLOYING), re.MULTILINE)
    assert shown == [row(variable) for variable in VARIABLES]


def test_every_variable_is_read_by_the_settings():
    source = "".join(text(path) for path in sorted((BASE_DIR / "portal/settings").glob("*.py")))
    read = set(re.findall(r"env\.\w+\(\s*\"([A-Z_]+)\"", source))
    assert read == {variable.name for variable in VARIABLES}


# -- README -----------------------------------------------------------------------------------


def test_the_readme_names_both_commands_with_their_options():
    readme = text(BASE_DIR / "README.md")
    for command in ("python3 dev.py serve", "python3 dev.py test"):
        assert command in readme
    source = text(BASE_DIR / "dev.py")
    serve = source[
        source.index('add_parser("serve"') : source.index("parsed.set_defaults(run=lock)")
    ]
    options = set(re.findall(r'add_argument\(\s*"(--[a-z-]+)"', serve)) - {"--upgrade"}
    assert {option for option in options if f"`{option}" not in readme} == set()


def test_the_readme_maps_every_room_that_exists_and_no_other():
    found = re.search(
        r"^```\n(portal.*?)^```", text(BASE_DIR / "README.md"), re.DOTALL | re.MULTILINE
    )
    assert found is not None
    lines = [line.partition("  ")[0] for line in found[1].splitlines() if line[0] != " "]
    assert {room for line in lines for room in line.split(" | ")} == set(own_apps())
    assert lines[0] == "portal"
    assert lines[-1] == "assemblies"


def test_the_readme_names_a_log_in_for_every_role():
    from assemblies.management.commands.demo_logins import LOGINS, PASSWORD

    readme = text(BASE_DIR / "README.md")
    shown = {cells[0].strip("`") for cells in rows(readme) if cells[0].startswith("`")}
    names = {login[0] for login in LOGINS} | {"admin"}
    assert names <= shown
    assert {login[2] for login in LOGINS} == set(RoleName)
    assert f"`{PASSWORD}`" in readme


def test_the_readme_leads_to_every_document():
    readme = text(BASE_DIR / "README.md")
    for path in [*DOCS.glob("*.md"), RECORDS / "README.md", *BASE_DIR.glob("[A-Z]*.md")]:
        if name(path) != "README.md":
            assert f"({name(path)})" in readme, f"README.md does not lead to {name(path)}"


def test_every_command_is_explained():
    ours = {command for command, app in get_commands().items() if app in own_apps()}
    explained = "".join(text(path) for path in MARKDOWN if path.parent in (BASE_DIR, DOCS))
    unexplained = [
        each for each in sorted(ours) if not re.search(rf"`[^`\n]*\b{each}\b", explained)
    ]
    assert unexplained == []


# -- links ------------------------------------------------------------------------------------


def anchors(path: Path) -> set[str]:
    """The anchors of a document's headings, as code hosts make them."""
    headings = re.findall(r"^#+ (.+)$", text(path), re.MULTILINE)
    return {
        re.sub(r"[^\w\- ]", "", heading.replace("`", "").lower()).replace(" ", "-")
        for heading in headings
    }


@pytest.mark.parametrize("path", MARKDOWN, ids=name)
def test_what_is_linked_exists(path):
    source = re.sub(r"```.*?```", "", text(path), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", source):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = unquote(target).partition("#")
        there = (path.parent / file).resolve() if file else path
        assert there.exists(), f"{target} does not exist"
        assert there.is_relative_to(BASE_DIR), f"{target} is outside the repository"
        if anchor:
            assert anchor in anchors(there), f"{target}: there is no such heading"


def test_every_picture_is_shown_and_none_is_heavy():
    shown = "".join(text(path) for path in MARKDOWN)
    for picture in (DOCS / "images").iterdir():
        assert picture.name in shown
        assert picture.stat().st_size < 300_000


# -- decision records -------------------------------------------------------------------------


def test_decision_records_are_numbered_without_gap_and_all_indexed():
    files = sorted(RECORDS.glob("0*.md"))
    assert [path.name[:4] for path in files] == [f"{n:04}" for n in range(1, len(files) + 1)]
    index = [cells for cells in rows(text(RECORDS / "README.md")) if cells[0]]
    titles = {path: text(path).splitlines()[0].removeprefix("# ") for path in files}
    assert index == [
        [path.name[:4], f"[{titles[path].removeprefix(f'{path.name[:4]} ')}]({path.name})"]
        for path in files
    ]


@pytest.mark.parametrize("path", sorted(RECORDS.glob("0*.md")), ids=name)
def test_a_decision_record_has_its_parts(path):
    lines = text(path).splitlines()
    assert re.fullmatch(rf"# {path.name[:4]} \S.*", lines[0])
    assert re.fullmatch(r"20\d\d-[01]\d · (accepted|replaced by \[\d{4}\]).*", lines[2])
    assert re.findall(r"^## (.+)$", text(path), re.MULTILINE) == [
        "Context",
        "Decision",
        "Consequences",
    ]


# -- the domain -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "codes",
    [
        enums.Response,
        enums.Implementation,
        enums.Opinion,
        enums.OpinionObject,
        enums.Stage,
        enums.Reason,
        enums.Link,
        enums.Kind,
        enums.BodyKind,
        enums.Result,
        enums.Trigger,
        enums.Subject,
        enums.Unit,
    ],
    ids=lambda codes: codes.__name__,
)
def test_every_code_is_explained(codes):
    source = text(DOMAIN)
    assert [code for code in codes.values if f"`{code}`" not in source] == []


@pytest.mark.parametrize("axis", enums.VALUES, ids=str)
def test_the_domain_shows_the_values_of_an_axis_with_their_demands(axis):
    shown = {cells[0]: cells[1:] for cells in rows(text(DOMAIN)) if len(cells) == 3}
    for value in enums.VALUES[axis]:
        with override("en"):
            label = str(value.label)
        said, demands = shown[f"`{value.value}`"]
        assert said == label
        assert tuple(re.findall(r"`(\w+)`", demands)) == enums.DEMANDS[axis][value]


def test_the_domain_shows_the_kinds_of_action():
    shown = [tuple(cells) for cells in rows(text(DOMAIN)) if len(cells) == 2]
    for kind in enums.Kind:
        with override("en"):
            label = str(kind.label)
        assert next(said for code, said in shown if code == f"`{kind.value}`").startswith(label)


def test_every_preset_is_described():
    assert [code for code in PRESETS if f"| `{code}` |" not in text(DOMAIN)] == []


# -- the guide for editors --------------------------------------------------------------------


def part(language: str) -> str:
    french, dutch = re.split(r"^## Nederlands$", text(EDITING), flags=re.MULTILINE)
    return {"fr": french[french.index("\n## Français") :], "nl": dutch}[language]


def shown_demands(language: str) -> dict[str, list[str]]:
    """Code → name of the state and what it demands, as the guide's tables say."""
    return {
        cells[1].strip("`"): [cells[0], *re.split(rf"{NARROW}?; ", cells[2])]
        for cells in rows(part(language))
        if len(cells) == 3 and cells[1].startswith("`")
    }


@pytest.mark.parametrize("language", DEMANDED)
def test_the_guide_says_what_each_state_demands(language):
    shown = shown_demands(language)
    values = {value: names for each in enums.DEMANDS.values() for value, names in each.items()}
    assert list(shown) == [value.value for value in values]
    words = DEMANDED[language]
    assert {code: said[1:] for code, said in shown.items()} == {
        value.value: [words[each] for each in names] or [NOTHING[language]]
        for value, names in values.items()
    }


@pytest.mark.parametrize("language", DEMANDED)
def test_the_guide_names_states_and_fields_as_the_admin_does(language):
    from assemblies.models import Action, Source

    shown = shown_demands(language)
    with override(language):
        for values in enums.VALUES.values():
            for value in values:
                assert shown[value.value][0] == str(value.label)
        for field, said in DEMANDED[language].items():
            described = Source if field == "sources" else Action._meta.get_field(field)
            named = getattr(described, "_meta", described).verbose_name
            assert str(named) == said


@pytest.mark.parametrize("language", DEMANDED)
def test_what_the_guide_shows_in_bold_is_what_the_admin_says(language):
    """A bold phrase with a full stop begins a paragraph; any other is read on the screen."""
    catalogue = translation(language)._catalog
    known = {
        said.replace("'", "’").casefold()
        for key in catalogue.keys()  # noqa: SIM118
        if isinstance(said := catalogue[key], str)
    }
    shown = re.findall(r"\*\*(.+?)\*\*", re.sub(r"\s+", " ", part(language)))
    assert len(shown) > 20
    assert [each for each in shown if each[-1] != "." and each.casefold() not in known] == []


def test_both_languages_of_the_guide_have_the_same_parts():
    french, dutch = (
        re.findall(r"^(?:### |- |\d\. |\| )", part(language), re.MULTILINE) for language in DEMANDED
    )
    assert french == dutch


def test_typography_of_the_guide():
    # The mark of a picture is no exclamation.
    french, dutch = (part(language).replace("![", "[") for language in ("fr", "nl"))
    for source in (french, dutch):
        prose = re.sub(r"`[^`]*`", "", source)
        assert "'" not in prose
        assert '"' not in prose
    assert re.findall(rf"[^{NARROW}\d][;!?»]|[^{NARROW}|-]:(?!\S)|«[^{NARROW}]", french) == []
    assert "\u00a0" not in french
    assert re.findall(rf"[«»{NARROW}]| [:;!?]", dutch) == []
    assert dutch.count("“") == dutch.count("”")
