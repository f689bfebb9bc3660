import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter

from exchange.richtext import plain, reduced


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
        ("Un\ndeux\n\n\ntrois", "<p>Un<br/>deux</p><p>trois</p>"),
        ("<p>L&#39;&eacute;t&eacute;&nbsp;!</p>", "<p>L'été\u00a0!</p>"),
        ("d&eacute;j&agrave;", "<p>déjà</p>"),
        ("<div>a<h2>b</h2>c</div>", "<p>a</p><p>b</p><p>c</p>"),
        ("<li>a<li>b", "<ul><li>a</li><li>b</li></ul>"),
        ("<p>a<ul><li>b</li></ul></p>", "<p>a</p><ul><li>b</li></ul>"),
        ("<ul><li>a</li><ul><li>b</li></ul></ul>", "<ul><li>a<ul><li>b</li></ul></li></ul>"),
        ("<ol><li><p>a</p><p>b</p></li></ol>", "<ol><li>a<br/>b</li></ol>"),
        ("<b><p>a</p><p>b</p></b>", "<p><b>a</b></p><p><b>b</b></p>"),
        ("<p>a <b>b </b>c</p>", "<p>a <b>b</b> c</p>"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "<p>a b</p><p>c</p>"),
        ("<p>a</p>\r\n<p> </p>\n<!--[if mso]><p>x</p><![endif]--><p>b</p>", "<p>a</p><p>b</p>"),
        ("<p>a<style>p {color: red}</style><template>x</template>b</p>", "<p>ab</p>"),
        ('<a href=" mailto:a@b.org">a</a> b', '<p><a href="mailto:a@b.org">a</a> b</p>'),
        ('<p><a href="/b">b</a></p>', "<p>b</p>"),
        ("<p>a</p><p>&nbsp;</p><p>&nbsp; b&nbsp;!</p>", "<p>a</p><p>b\u00a0!</p>"),
        ("<ul><li>a</li></ul><p></p><ul><li>b</li></ul>", "<ul><li>a</li><li>b</li></ul>"),
        ('<p><a href="java\nscript:x">a</a><a href="data:x">b</a></p>', "<p>ab</p>"),
        ("<p>a <i<b</p>", "<p>a &lt;i&lt;b</p>"),
    ],
)
def test_only_paragraphs_lists_bold_and_links_are_kept(given, kept):
    assert reduced(given) == kept
    assert reduced(kept) == kept


def test_the_citizens_own_words_have_neither_bold_nor_links():
    given = '<p><b>a</b> <a href="https://b.org">b</a></p><ul><li>c</li></ul>'
    assert reduced(given, marks=False) == "<p>a b</p><ul><li>c</li></ul>"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("1 < 2 & 3\n", "1 < 2 & 3\n"),
        ("a<br>b", "a\nb"),
        ("<p>a</p><ul><li>b</li><li>c</li></ul>", "a\n\n- b\n- c"),
        ("<b>L&#39;&eacute;t&eacute;</b><script>x</script>", "L'été"),
    ],
)
def test_of_plain_words_only_the_text_is_kept(given, kept):
    assert plain(given) == kept


PIECES = st.sampled_from(
    [
        *("<p>", "</p>", "<ul>", "</ul>", "<ol>", "</ol>", "<li>", "</li>", "<div>", "</div>"),
        *("<b>", "</b>", "<strong>", "</strong>", "<i>", "</i>", "<br>", "<hr/>", "<td>", "</a>"),
        *('<a href="https://x.org/?a&amp;b">', '<a href="javascript:x">', "<script>", "</script>"),
        *(" ", "\n", "a", "b c", "&amp;", "&lt;b&gt;", "&nbsp;", "<![", "<!--", "-->", "<?x", "</"),
    ]
)
EDITOR = ContentstateConverter(features=["bold", "link", "ol", "ul"])


@given(st.lists(PIECES, max_size=14).map("".join))
@example("<ul>" * 2_000 + "a")
@example("<p><![x")
def test_what_is_kept_is_what_the_editor_writes(text):
    """Else the first edit in the admin would change what was loaded, or fail."""
    kept = reduced(text)
    assert reduced(kept) == kept
    if kept:
        edited = EDITOR.to_database_format(EDITOR.from_database_format(kept))
        assert re.sub(r' data-block-key="\w+"', "", edited) == kept


@pytest.mark.parametrize(
    "piece", ["<a ", "<!--", "<![CDATA[", "<ul>", "&#", "<", "<script>", "</b"]
)
def test_what_is_left_open_takes_no_longer(piece):
    assert reduced(f"<p>{piece * 20_000}") is not None
