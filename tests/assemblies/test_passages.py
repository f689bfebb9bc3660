"""Words quoted from a text: found whatever the typography, marked without altering the text."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assemblies.passages import Mark, Text, blocks, letter

LETTER = '<sup class="segment__letter"><a href="#x">a</a></sup>'
HTML = (
    '<p data-block-key="a">Nous demandons qu’un <b>guichet unique</b> ouvre &amp; reste\u202f; '
    "«\u202fgratuit\u202f», &nbsp;et gratuit.</p>\n"
    "<ul>\n<li>Un toit</li>\n<li>une toiture<br/>verte</li>\n</ul>"
    '<p>Voir <a href="/x">la page du toit</a>. Cœur, CO₂, été.</p>'
)


def unmarked(html: str) -> str:
    return re.sub(r'<sup class="segment__letter">.*?</sup>|</?mark[^>]*>', "", html)


def marked(html: str, *quoted: str, occurrence: int = 1) -> str:
    text = Text(html)
    spans = [text.find(each, occurrence) for each in quoted]
    assert all(spans), quoted
    return text.marked([Mark(span, "segment", LETTER) for span in spans])


# -- found --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "quoted",
    [
        "qu'un guichet unique",
        "qu’un guichet   unique\nouvre",
        "ouvre & reste ; « gratuit », et gratuit",
        'reste; "gratuit" , et',
        "reste\u00a0; “gratuit”",
        "Un toit une toiture verte Voir la page",
        "la page du toit",
        "CO2",
        "e\u0301te\u0301",
        "guichet\u00ad \u200bunique",
    ],
)
def test_words_are_found_whatever_the_typography(quoted):
    assert Text(HTML).count(quoted) == 1
    assert unmarked(marked(HTML, quoted)) == HTML


@pytest.mark.parametrize(
    "quoted",
    [
        "guichets",
        "guich",
        "nique",
        "un guichet gratuit",
        "toit deux",
        "Gratuit",
        "<b>",
        "x",
        "",
        " ",
    ],
)
def test_words_that_are_not_there_are_not_found(quoted):
    assert Text(HTML).find(quoted) is None
    assert Text(HTML).count(quoted) == 0


def test_the_second_time_is_another_place():
    text = Text(HTML)
    first, second = text.find("gratuit", 1), text.find("gratuit", 2)
    assert first.end < second.start
    assert text.find("gratuit", 3) is None
    assert text.find("gratuit", 0) is None
    assert "»" not in marked(HTML, "gratuit", occurrence=2).split("<mark")[1].split("</mark")[0]
    # Half a word is no word: "toit" stands in "toiture" too.
    assert text.count("toit") == 2


def test_spans_overlap_where_they_share_a_character():
    text = Text("<p>un deux trois quatre</p>")
    one, two, three = text.find("un deux"), text.find("deux trois"), text.find("trois quatre")
    assert one.overlaps(two)
    assert two.overlaps(one)
    assert not one.overlaps(three)


# -- marked -------------------------------------------------------------------------------------


def test_a_mark_stops_at_every_tag_and_its_letter_comes_once():
    html = marked(HTML, "unique ouvre")
    first, second = (f'<mark class="segment">{each}</mark>' for each in ("unique", " ouvre"))
    assert f"<b>guichet {first}</b>{second}{LETTER} &amp;" in html
    html = marked(HTML, "Un toit une toiture verte")
    assert html.count("<mark") == 3
    assert html.count(LETTER) == 1
    # No mark between two items of a list, where no text may stand.
    assert re.search(r"</li>\s*<li>", html)
    assert not re.search(r"</li>\s*<mark|<ul>\s*<mark", html)


def test_a_letter_is_never_a_link_within_a_link():
    html = marked(HTML, "la page", "du toit")
    assert f'<mark class="segment">du toit</mark></a>{LETTER}{LETTER}.' in html


def test_passages_that_touch_are_marked_one_after_the_other():
    html = "<p>un, deux</p>"
    text = Text(html)
    marks = [Mark(text.find(w), w, LETTER) for w in ("deux", "un")]
    assert text.marked(marks) == (
        f'<p><mark class="un">un</mark>{LETTER}, <mark class="deux">deux</mark>{LETTER}</p>'
    )


def test_of_two_that_overlap_the_first_is_marked():
    text = Text("<p>un deux trois</p>")
    both = [Mark(text.find(w), "segment", w) for w in ("deux trois", "un deux")]
    assert text.marked(both) == '<p><mark class="segment">un deux</mark>un deux trois</p>'


def test_nothing_of_the_text_is_read_as_ours():
    html = "<p>a &lt;mark&gt; b &amp;amp; c &quot;d&quot;</p>"
    out = marked(html, 'b &amp; c "d"')
    assert (
        out
        == f'<p>a &lt;mark&gt; <mark class="segment">b &amp;amp; c &quot;d&quot;</mark>{LETTER}</p>'
    )
    text = Text("<p>x</p>")
    assert 'class="a&quot;b"' in text.marked([Mark(text.find("x"), 'a"b')])


WORDS = st.lists(
    st.text(alphabet="abcdeéœ’'«» ;\u202f\u00a0&<", min_size=1, max_size=8), min_size=1, max_size=8
)
TAGS = st.sampled_from(["{}", "<b>{}</b>", "{}<br/>", "</p>\n<p>{}", "</p><ul><li>{}</li></ul><p>"])


@given(words=WORDS, data=st.data())
def test_taking_the_marks_out_gives_the_text_back(words, data):
    from html import escape

    html = "<p>" + " ".join(data.draw(TAGS).format(escape(word)) for word in words) + "</p>"
    text = Text(html)
    seen = "".join(text.seen)
    start = data.draw(st.integers(0, len(seen) - 1))
    quoted = seen[start : data.draw(st.integers(start + 1, len(seen)))]
    spans = list(text.spans(quoted))
    out = text.marked([Mark(span, "segment", LETTER) for span in spans])
    assert unmarked(out) == html
    assert out.count("<sup") == len(spans)
    assert out.count("<mark") == out.count("</mark>") >= len(spans)
    for one, other in pairwise(spans):
        assert not one.overlaps(other)


# -- names and pieces ---------------------------------------------------------------------------


def test_letters_go_on_after_z():
    assert [letter(n) for n in (1, 2, 26, 27, 52, 53, 702, 703)] == [
        *("a", "b", "z", "aa", "az", "ba", "zz", "aaa"),
    ]


def test_a_text_is_cut_between_its_paragraphs_and_lists():
    pieces = blocks(HTML)
    assert [piece[:3] for piece in pieces] == ["<p ", "<ul", "<p>"]
    assert "".join(pieces) == HTML.replace("</p>\n", "</p>")
    assert blocks("") == []
    assert blocks("un mot") == ["un mot"]
