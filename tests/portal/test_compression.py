"""How a page travels: the same page, smaller."""

import gzip

import brotli
import pytest
from django.http import HttpResponse, StreamingHttpResponse

from portal.compression import Compress, Squeeze, squeezed


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<ul>\n    <li>a</li>\n\n    <li>b</li>\n</ul>", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("<p>a\n   b</p>", "<p>a\n   b</p>"),
        ("<p><b>a</b> <i>b</i></p>", "<p><b>a</b> <i>b</i></p>"),
        ("<pre><b>a</b>\n   <b>b</b></pre>", "<pre><b>a</b>\n   <b>b</b></pre>"),
        ("<textarea>\n\n\n  a\n</textarea>", "<textarea>\n\n\n  a\n</textarea>"),
        ("<textarea>\n\n</textarea><p>\n\n  <b>", "<textarea>\n\n</textarea><p>\n<b>"),
        ("<progress></progress>\n  <p>", "<progress></progress>\n<p>"),
    ],
)
def test_only_the_space_between_elements_goes(html, expected):
    assert squeezed(html) == expected


def answered(rf, content=b"<p>a</p>\n  <p>b</p>", path="/fr/", **options):
    response = HttpResponse(content, **options)
    return Squeeze(lambda request: response)(rf.get(path)).content


def test_pages_of_readers_are_squeezed_and_nothing_else_is(rf):
    spaced = b"<p>a</p>\n  <p>b</p>"
    assert answered(rf) == b"<p>a</p>\n<p>b</p>"
    assert answered(rf, path="/admin/pages/") == spaced
    assert answered(rf, content_type="text/csv") == spaced
    assert answered(rf, headers={"Content-Encoding": "br"}) == spaced


def compressed(rf, accepted: str, response=None):
    response = response or HttpResponse(b"<p>Suites</p>\n" * 100, headers={"ETag": '"a"'})
    return Compress(lambda request: response)(rf.get("/", headers={"Accept-Encoding": accepted}))


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=0.5, gzip", "br"),
        ("gzip, br;q=0", "gzip"),
        ("gzip, br; q=0.0", "gzip"),
        ("gzip", "gzip"),
        ("brotli-of-tomorrow", None),
        ("", None),
    ],
)
def test_a_browser_gets_what_it_unpacks(rf, accepted, encoding):
    response = compressed(rf, accepted)
    assert response.get("Content-Encoding") == encoding
    assert "Accept-Encoding" in response["Vary"]
    opened = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[encoding]
    assert opened(response.content) == b"<p>Suites</p>\n" * 100
    if encoding:
        assert response["ETag"] == 'W/"a"'
        assert response["Content-Length"] == str(len(response.content))


def test_short_streamed_and_packed_answers_go_as_they_are_or_as_django_packs_them(rf):
    assert not compressed(rf, "br", HttpResponse(b"short")).has_header("Content-Encoding")
    streamed = StreamingHttpResponse(iter([b"a" * 300]))
    assert not compressed(rf, "br", streamed).has_header("Content-Encoding")
    packed = HttpResponse(b"a" * 300, headers={"Content-Encoding": "gzip"})
    assert compressed(rf, "br", packed).content == b"a" * 300
