"""Archives are unpacked when they are what they say, and refused with a reason when not."""

import io
import os
import stat
import struct
import zipfile
import zlib
from contextlib import suppress

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exchange import archive, reader
from exchange.problems import ImportRefused
from tests.exchange import folders

TOPICS = b"key,slug,name_fr\nt,eau,Eau\n"


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def packed(path, entries, **kwargs):
    """An archive at this path; ``entries``: contents by name, or by ``ZipInfo``."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, **kwargs) as file:
        for name, content in entries:
            file.writestr(name, content)
    return path


def read(path):
    with archive.opened(path) as folder:
        return reader.read(folder, folders.LANGUAGES)


def refusals(path):
    with pytest.raises(ImportRefused) as refused, archive.opened(path):
        pass
    return [(problem.file, problem.value, problem.reason) for problem in refused.value.problems]


def special(name, mode):
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    return info


def test_a_folder_is_its_own(tmp_path):
    with archive.opened(tmp_path) as folder:
        assert folder == tmp_path
    with archive.opened(tmp_path / "nowhere") as folder:
        assert reader.read(folder, folders.LANGUAGES).problems


@pytest.mark.parametrize("top", ["", "export/"])
def test_an_archive_is_read_as_its_folder(tmp_path, top):
    (tmp_path / "folder").mkdir()
    folders.write(tmp_path / "folder", folders.small())
    entries = [(top + path.name, path.read_bytes()) for path in (tmp_path / "folder").iterdir()]
    path = packed(tmp_path / "export.zip", [("__MACOSX/._x", b"x"), *entries])
    with archive.opened(path) as folder:
        package = reader.read(folder, folders.LANGUAGES)
    assert package.problems == []
    assert package.rows == reader.read(tmp_path / "folder", folders.LANGUAGES).rows
    assert not folder.exists()


def test_only_one_folder_is_looked_into(tmp_path):
    path = packed(tmp_path / "a.zip", [("a/topics.csv", TOPICS), ("b/topics.csv", TOPICS)])
    assert "no table that is known" in str(read(path).problems[0])


def test_archives_within_are_left_alone(tmp_path):
    bomb = io.BytesIO()
    packed(bomb, [("topics.csv", b"0" * 10_000_000)])
    path = packed(tmp_path / "a.zip", [("topics.csv", TOPICS), ("more/b.ZIP", bomb.getvalue())])
    with archive.opened(path) as folder:
        assert [each.name for each in folder.iterdir()] == ["topics.csv"]


def test_all_that_is_wrong_with_the_entries_is_said_at_once(tmp_path):
    with pytest.warns(UserWarning, match="Duplicate name"):
        path = packed(
            tmp_path / "a.zip",
            [
                ("topics.csv", TOPICS),
                ("/etc/passwd", b""),
                ("C:\\boot.ini", b""),
                ("\\\\server\\share", b""),
                ("a/../../b", b""),
                ("..\\b", b""),
                (special("link.csv", stat.S_IFLNK | 0o777), b"/etc/passwd"),
                (special("pipe.csv", stat.S_IFIFO | 0o666), b""),
                ("a.csv", b"1"),
                ("a.csv", b"2"),
            ],
        )
    outside = "This path does not begin in the archive’s own folder."
    out = "This path leads out of the archive’s folder."
    assert refusals(path) == [
        ("a.zip", "/etc/passwd", outside),
        ("a.zip", "C:\\boot.ini", outside),
        ("a.zip", "\\\\server\\share", outside),
        ("a.zip", "a/../../b", out),
        ("a.zip", "..\\b", out),
        ("a.zip", "link.csv", "This is a link, not a file."),
        ("a.zip", "pipe.csv", "This is a link, not a file."),
        ("a.zip", "a.csv", "This file stands in the archive twice."),
    ]


def flagged(path, flags=0, method=8):
    """The archive with other flags or another method in both of its headers."""
    data = bytearray(path.read_bytes())
    local, central = data.index(b"PK\x03\x04"), data.index(b"PK\x01\x02")
    struct.pack_into("<HH", data, local + 6, flags, method)
    struct.pack_into("<HH", data, central + 8, flags, method)
    path.write_bytes(data)
    return path


def test_encrypted_files_and_rare_methods_are_refused(tmp_path):
    path = packed(tmp_path / "a.zip", [("topics.csv", TOPICS)])
    assert refusals(flagged(path, flags=1)) == [("a.zip", "topics.csv", "This file is encrypted.")]
    assert refusals(flagged(path, method=14)) == [
        ("a.zip", "topics.csv", "This file is compressed in a way that is not read.")
    ]


def test_what_is_no_archive_is_refused(tmp_path):
    path = tmp_path / "topics.csv"
    path.write_bytes(TOPICS)
    assert refusals(path) == [("topics.csv", "", "This is neither a folder nor a zip archive.")]
    os.mkfifo(tmp_path / "pipe")
    assert refusals(tmp_path / "pipe")[0][2] == "This is neither a folder nor a zip archive."


def test_a_damaged_archive_is_refused(tmp_path):
    path = packed(tmp_path / "a.zip", [("topics.csv", os.urandom(5_000))])
    data = bytearray(path.read_bytes())
    data[2_000] ^= 0xFF
    path.write_bytes(data)
    assert refusals(path) == [("a.zip", "", "This archive is damaged.")]
    path = packed(tmp_path / "b.zip", [("topics.csv", TOPICS), ("topics.csv/a", b"")])
    assert refusals(path) == [("b.zip", "", "This archive is damaged.")]


# -- too much ---------------------------------------------------------------------------------


@pytest.fixture
def small_limits(settings):
    settings.SUITES_IMPORT_FILE_MB = 2
    settings.SUITES_IMPORT_TOTAL_MB = 3


def noise(megabytes):
    """Bytes that shrink to about half."""
    return os.urandom(megabytes * 500_000).hex().encode()


def test_a_file_and_a_whole_archive_have_their_largest_size(tmp_path, small_limits):
    path = packed(tmp_path / "a.zip", [("topics.csv", noise(2) + b"1")])
    assert refusals(path) == [("a.zip", "topics.csv", "This file is larger than 2 MB.")]
    path = packed(tmp_path / "b.zip", [(f"{each}.csv", noise(1)) for each in "abcd"])
    assert refusals(path) == [("b.zip", "", "This archive holds more than 3 MB.")]


def test_an_archive_that_is_too_large_itself_is_not_opened(tmp_path):
    (tmp_path / "a.zip").touch()
    os.truncate(tmp_path / "a.zip", 2_000_000_000)
    assert refusals(tmp_path / "a.zip") == [("a.zip", "", "This archive holds more than 400 MB.")]


def test_a_bomb_is_refused_while_it_is_unpacked(tmp_path):
    path = packed(tmp_path / "a.zip", [("topics.csv", b"0" * 5_000_000)])
    said = "Unpacked, this file is more than 200 times as large."
    assert refusals(path) == [("a.zip", "topics.csv", said)]


def test_sizes_that_an_archive_claims_are_not_believed(tmp_path, small_limits):
    """It claims that a megabyte of zeros packs as large as it is, and that nothing is unpacked."""
    path = packed(tmp_path / "a.zip", [("topics.csv", b"0" * 5_000_000)])
    data = bytearray(path.read_bytes())
    local, central = data.index(b"PK\x03\x04"), data.index(b"PK\x01\x02")
    for place in (local + 18, central + 20):
        packed_size = struct.unpack_from("<I", data, place)[0]
        struct.pack_into("<II", data, place, packed_size, 100)
    struct.pack_into("<I", data, local + 14, zlib.crc32(b"0" * 100))
    struct.pack_into("<I", data, central + 16, zlib.crc32(b"0" * 100))
    path.write_bytes(data)
    with archive.opened(path) as folder:
        # Python reads no more than what is claimed.
        assert sum(each.stat().st_size for each in folder.iterdir()) == 100


def test_an_archive_of_very_many_files_is_refused(tmp_path):
    path = packed(tmp_path / "a.zip", [(f"{each}.csv", b"") for each in range(1_001)])
    said = "More than 1000 files stand in this archive."
    assert refusals(path) == [("a.zip", "", said)]


def test_a_very_long_list_of_files_is_not_even_read(tmp_path, monkeypatch):
    path = packed(tmp_path / "a.zip", [(f"{each:0200}.csv", b"") for each in range(5_000)])
    monkeypatch.setattr(zipfile, "ZipInfo", None)  # what is made of each that is read
    assert refusals(path) == [("a.zip", "", "More than 1000 files stand in this archive.")]


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_whatever_an_archive_holds_it_is_opened_or_refused(tmp_path, data):
    good = io.BytesIO()
    packed(good, [("topics.csv", TOPICS * 9), ("a/b.csv", TOPICS)])
    content = bytearray(good.getvalue())
    for _time in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path / "a.zip"
    path.write_bytes(content[: data.draw(st.integers(0, len(content)))] or content)
    with suppress(ImportRefused), archive.opened(path) as folder:
        reader.read(folder, folders.LANGUAGES)
        assert all(each.resolve().is_relative_to(folder) for each in folder.rglob("*"))
