import pytest

from exchange.richtext import reduced


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("<p>Un</p><ul><li>deux</li></ul>", "<p>Un</p><ul><li>deux</li></ul>"),
        ("Un\n\ndeux", "<p>Un</p><p>deux</p>"),
        ("1 < 2 & 3", "<p>1 &lt; 2 &amp; 3</p>"),
        ("<p>a<script>alert(1)</script>b</p>", "<p>ab</p>"),
        ('<p onclick="x()" style="y">a</p>', "<p>a</p>"),
        ("<p><strong>a</strong> <i>b</i></p>", "<p><b>a</b> b</p>"),
        ("<p>a<b>b</p>", "<p>a<b>b</b></p>"),
        ("<p>a</p></div></b>", "<p>a</p>"),
        ('<p><a href="https://a.org/?b=1&amp;c">d</a></p>',) * 2,
        ('<p><a href="javascript:x()">d</a></p>', "<p>d</p>"),
        ("<p>a<br>b</p>", "<p>a<br/>b</p>"),
    ],
)
def test_only_paragraphs_lists_bold_and_links_are_kept(given, kept):
    assert reduced(given) == kept
    assert reduced(kept) == kept
