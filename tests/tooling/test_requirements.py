"""The locks hold what is declared, for everybody, and nothing of the machine that made them."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from portal.env import BASE_DIR

pytestmark = pytest.mark.tooling

FOLDER = BASE_DIR / "requirements"
PURPOSES = ["base", "production", "dev", "lock"]


def declared(purpose: str) -> list[Requirement]:
    lines = (FOLDER / f"{purpose}.in").read_text("utf-8").splitlines()
    texts = (line.split("#")[0].strip() for line in lines)
    return [Requirement(text) for text in texts if text and not text.startswith("-")]


def locked(purpose: str) -> dict[str, set[Version]]:
    pins: dict[str, set[Version]] = {}
    for match in re.finditer(
        r"^([\w.-]+)==([^\s;]+)", (FOLDER / f"{purpose}.txt").read_text("utf-8"), re.MULTILINE
    ):
        pins.setdefault(canonicalize_name(match[1]), set()).add(Version(match[2]))
    return pins


@pytest.mark.parametrize("purpose", PURPOSES)
def test_each_dependency_says_why(purpose):
    for line in (FOLDER / f"{purpose}.in").read_text("utf-8").splitlines():
        if line and not line.startswith(("#", "-")):
            assert "  # " in line, line


@pytest.mark.parametrize("purpose", PURPOSES)
def test_the_lock_holds_what_is_declared(purpose):
    pins = locked(purpose)
    for requirement in declared(purpose):
        versions = pins[canonicalize_name(requirement.name)]
        assert all(version in requirement.specifier for version in versions), requirement


@pytest.mark.parametrize("purpose", [*PURPOSES, "ahead"])
def test_the_lock_is_hashed_and_names_no_host(purpose):
    text = (FOLDER / f"{purpose}.txt").read_text("utf-8")
    entries = re.split(r"\n(?=\S)", text.strip())
    assert all("--hash=sha256:" in entry for entry in entries)
    assert not re.search(r"https?:|--(extra-)?index|--find-links|@ ", text)


@pytest.mark.parametrize("purpose", ["production", "dev"])
def test_what_the_base_pins_holds_everywhere(purpose):
    assert locked("base").items() <= locked(purpose).items()


def test_the_lane_ahead_holds_newer_versions_within_what_is_declared():
    ahead, base = locked("ahead"), locked("base")
    assert max(ahead["django"]) > max(base["django"])
    assert max(ahead["wagtail"]) > max(base["wagtail"])
    project = tomllib.loads((BASE_DIR / "pyproject.toml").read_text("utf-8"))["project"]
    for requirement in map(Requirement, project["dependencies"]):
        versions = ahead[canonicalize_name(requirement.name)]
        assert all(version in requirement.specifier for version in versions), requirement


def test_the_project_declares_the_same_dependencies():
    project = tomllib.loads((BASE_DIR / "pyproject.toml").read_text("utf-8"))["project"]
    for group, purpose in [
        (project["dependencies"], "base"),
        (project["optional-dependencies"]["production"], "production"),
    ]:
        ranges = {r.name.lower(): r for r in map(Requirement, group)}
        assert set(ranges) == {r.name.lower() for r in declared(purpose)}
        pins = locked(purpose)
        for name, requirement in ranges.items():
            assert all(v in requirement.specifier for v in pins[canonicalize_name(name)])
