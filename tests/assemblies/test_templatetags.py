"""Tags: words in the reader's language, chips, squares, signs and dates."""

import datetime
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.template import Context, Template, TemplateDoesNotExist
from django.template.loader import render_to_string
from django.utils import translation
from i18nfield.strings import LazyI18nString

from assemblies import dates, drawings, enums
from assemblies.templatetags import suites
from assemblies.words import Choice, choose

BOTH = LazyI18nString({"fr": "Rénover & isoler", "nl": "Renoveren & isoleren"})
FRENCH = LazyI18nString({"fr": "Un guichet <unique>"})


def render(source: str, language: str = "fr", **context: object) -> str:
    with translation.override(language):
        return Template("{% load suites %}" + source).render(Context(context)).strip()


@dataclass
class Thing:
    """Anything with the attributes that a tag asks for."""

    kind: str = ""
    body: object = None
    name: object = None
    url: str = ""
    example: bool = False
    targets: object = ()


class TestChoose:
    def test_takes_the_language_asked_for(self):
        assert choose(BOTH, "nl") == Choice("Renoveren & isoleren", "nl")

    def test_takes_the_first_that_exists_and_says_so(self):
        assert choose(FRENCH, "nl") == Choice("Un guichet <unique>", "fr", missing=True)

    def test_finds_words_in_a_language_that_the_site_does_not_have(self):
        assert choose(LazyI18nString({"de": "Wohnen"}), "fr") == Choice(
            "Wohnen", "de", missing=True
        )

    def test_a_regional_variant_is_the_language(self):
        assert not choose(BOTH, "nl-be").missing

    @pytest.mark.parametrize("nothing", [None, "", LazyI18nString({}), LazyI18nString({"fr": " "})])
    def test_nothing_is_not_missing(self, nothing):
        choice = choose(nothing, "nl")
        assert not choice
        assert not choice.missing

    def test_a_plain_string_is_in_the_language_asked_for(self):
        assert choose("abc", "nl") == Choice("abc", "nl")

    def test_a_choice_stays_what_it_is(self):
        made = Choice("abc", "fr", missing=True)
        assert choose(made, "nl") is made


class TestWords:
    def test_prints_the_readers_language_escaped_and_without_note(self):
        assert render("{% words value %}", "nl", value=BOTH) == "Renoveren &amp; isoleren"

    def test_another_language_has_its_lang_and_a_note(self):
        printed = render("{% words value %}", "nl", value=FRENCH)
        assert printed.startswith('<span lang="fr">Un guichet &lt;unique&gt;</span> ')
        assert '<span class="language-tag">' in printed

    def test_the_note_can_be_left_out_but_not_the_language(self):
        printed = render("{% words value note=False %}", "nl", value=FRENCH)
        assert printed == '<span lang="fr">Un guichet &lt;unique&gt;</span>'

    def test_plain_text_for_attributes(self):
        printed = render("{% words value plain=True %}", "nl", value=FRENCH)
        assert printed == "Un guichet &lt;unique&gt;"

    def test_where_the_language_is_not_owed_nothing_is_missing(self):
        owed = render("{% words value %}", "nl", value=FRENCH)
        not_owed = render("{% words value owed=False %}", "nl", value=FRENCH)
        assert owed != not_owed
        assert 'lang="fr"' in not_owed
        assert 'class="language-tag"' in not_owed

    def test_an_undefined_owed_is_owed(self):
        assert render("{% words value owed=owed %}", "nl", value=FRENCH) == render(
            "{% words value %}", "nl", value=FRENCH
        )

    def test_the_note_stands_apart_from_a_link(self):
        assert render("{% language_tag value %}", "fr", value=FRENCH) == ""
        assert "language-tag" in render("{% language_tag value %}", "nl", value=FRENCH)

    def test_long_text_has_paragraphs_and_is_escaped(self):
        value = LazyI18nString({"fr": "Un <b>\n\nDeux"})
        assert render("{% words_block value %}", value=value) == (
            "<p>Un &lt;b&gt;</p>\n\n<p>Deux</p>"
        )

    def test_long_text_in_another_language_has_its_note_outside_of_lang(self):
        printed = render("{% words_block value %}", "nl", value=FRENCH)
        note, text = printed.split('<div lang="fr">')
        assert 'class="language-note"' in note
        assert "lang=" not in note
        assert text == "<p>Un guichet &lt;unique&gt;</p></div>"

    def test_a_language_without_a_phrase_of_ours_is_named_in_itself(self):
        value = LazyI18nString({"pt": "Morar"})
        assert '<span lang="pt">Português</span>' in render("{% words_block value %}", value=value)

    def test_no_text_prints_nothing(self):
        assert render("{% words v %}{% words_block v %}{% language_tag v %}", v=None) == ""


class TestState:
    @pytest.mark.parametrize("axis", enums.VALUES)
    def test_every_value_has_words_a_sign_and_a_tone(self, axis):
        for code, label in enums.VALUES[axis].choices:
            printed = render("{% state axis code %}", axis=axis, code=code)
            with translation.override("fr"):
                assert str(label).replace("'", "&#x27;") in printed
            assert f"state--{axis} state--{enums.TONES[axis][code]}" in printed
            assert "<svg" in printed
            assert "visually-hidden" in printed
            assert "style=" not in printed

    def test_a_kind_has_its_own_word(self):
        word = LazyI18nString({"fr": "Adopté", "nl": "Aangenomen"})
        printed = render('{% state "response" "accepted" words=word %}', word=word)
        assert "Adopté" in printed

    def test_the_axis_is_named_once(self):
        printed = render('{% state "response" "accepted" axis_name=False %}')
        assert "visually-hidden" not in printed

    @pytest.mark.parametrize("since", [datetime.date(2024, 5, 1), (datetime.date(2024, 5, 1),) * 2])
    def test_the_day_it_became_so(self, since):
        printed = render('{% state "response" "accepted" since=since %}', since=since)
        assert "state__since" in printed
        assert "2024" in printed

    @pytest.mark.parametrize("code", ["", "no such code"])
    def test_no_value_prints_no_chip(self, code):
        assert render('{% state "response" code %}', code=code) == ""


class TestCounts:
    def test_one_square_a_measure_in_their_order(self):
        codes = ["partly", "delivered", "delivered", "under_way", "stopped"]
        printed = render("{% counts codes %}", codes=codes)
        assert printed.count('class="u-frame"') == 5
        assert printed.count('class="u-fill"') == 4
        assert "style=" not in printed
        assert "%" not in printed

    def test_delivered_and_continuous_count(self):
        printed = suites.counts(["delivered", "continuous", "partly", "void"])
        assert printed["total"] == 4
        assert printed["text"].startswith("2")

    def test_takes_measures_too(self):
        class Measure:
            implementation = enums.Implementation.DELIVERED

        assert suites.counts([Measure()])["text"] == suites.counts(["delivered"])["text"]

    def test_numbers_alone_have_no_squares(self):
        printed = render("{% counts done=2 total=5 %}")
        assert "<svg" not in printed
        assert "counts__text" in printed

    def test_no_measure_is_said_in_words(self):
        assert "counts" not in render("{% counts %}")
        assert render("{% counts %}")

    def test_every_implementation_has_its_filling(self):
        assert set(drawings.FILLED) == set(enums.Implementation.values)

    def test_long_rows_break(self):
        width, height, _shapes = drawings.measures(["delivered"] * 45)
        assert width == 20 * 18 - 4
        assert height == 3 * 18 - 4

    @pytest.mark.parametrize("tone", ["full", "part", "going", "no", "open", "plain"])
    def test_rows_of_a_tally_are_equally_wide(self, tone):
        assert drawings.units(3, tone)[0] == drawings.units(20, tone)[0] == 257


class TestSigns:
    def test_every_code_and_kind_has_an_icon(self):
        names = {code for values in enums.VALUES.values() for code in values.values}
        for name in {*names, *enums.Kind.values, "met", "met_late", "late", "calendar"}:
            assert suites.icon(name).startswith('<svg class="icon"')

    def test_every_icon_is_silent_and_without_style(self):
        folder = Path(__file__).parents[2] / "portal" / "templates" / "icons"
        files = list(folder.glob("*.svg"))
        assert files
        for file in files:
            drawing = file.read_text()
            assert 'aria-hidden="true"' in drawing
            assert "style" not in drawing

    def test_an_unknown_icon_is_an_error(self):
        with pytest.raises(TemplateDoesNotExist):
            suites.icon("no-such-icon")

    def test_an_icon_takes_a_further_class(self):
        assert 'class="icon message__sign"' in suites.icon("globe", css="message__sign")

    def test_the_mark_is_decided_by_its_seed(self):
        one, same, other = (suites.mark(seed) for seed in ("bruxelles", "bruxelles", "paris"))
        assert one == same
        assert one != other
        assert 'aria-hidden="true"' in one

    @pytest.mark.parametrize(
        ("count", "expected"), [(25, (5, 5)), (80, (8, 10)), (100, (10, 10)), (79, (9, 9))]
    )
    def test_a_mark_takes_the_size_of_the_panel(self, count, expected):
        assert drawings.grid(count) == expected

    def test_as_many_signs_are_full_as_members_were_drawn(self):
        _width, _height, shapes = drawings.mark("x", 80, 10, "lozenges")
        empty, full = shapes.split('<path class="mark__drawn"')
        assert (empty.count("M"), full.count("M")) == (70, 10)

    @pytest.mark.parametrize(
        ("kind", "body", "expected"),
        [
            ("opinion", "committee", "citizens"),
            ("question", "committee", "citizens"),
            ("question", "council", ""),
            ("handover", "assembly", ""),
            ("response", "government", "decides"),
            ("vote", "council", "decides"),
            ("report", "administration", ""),
            ("correction", "committee", "citizens"),
        ],
    )
    def test_the_sign_says_who_speaks(self, kind, body, expected):
        assert suites.sign(Thing(kind=kind, body=Thing(kind=body))) == expected

    @pytest.mark.parametrize("obj", [Thing(example=True), {"example": True}, True])
    def test_what_is_invented_says_so(self, obj):
        assert 'class="example"' in suites.example(obj)

    @pytest.mark.parametrize("obj", [Thing(), {}, False, None, ""])
    def test_what_is_real_wears_no_mark(self, obj):
        assert suites.example(obj) == ""


class TestDates:
    def test_a_day_is_in_words_and_for_machines(self):
        date = datetime.date(2024, 5, 15)
        with translation.override("fr"):
            expected = f'<time datetime="2024-05-15">{dates.day(date)}</time>'
        assert render("{% day date %}", date=date) == expected

    def test_no_day_prints_nothing(self):
        assert render("{% day date %}{% happened date date %}", date=None) == ""

    @pytest.mark.parametrize(
        ("first", "last", "machine"),
        [
            ((2024, 5, 15), (2024, 5, 15), "2024-05-15"),
            ((2024, 2, 1), (2024, 2, 29), "2024-02"),
            ((2024, 1, 1), (2024, 12, 31), "2024"),
            ((2024, 1, 2), (2024, 12, 31), ""),
            ((2024, 2, 1), (2024, 2, 28), ""),
            ((2023, 12, 1), (2024, 12, 31), ""),
        ],
    )
    def test_a_period_is_as_exact_as_it_is_known(self, first, last, machine):
        printed = suites.happened(datetime.date(*first), datetime.date(*last))
        if machine:
            assert f'datetime="{machine}"' in printed
        else:
            assert "<time" not in printed

    def test_a_deadline_keeps_the_words_of_whoever_gave_it(self):
        date = datetime.date(2025, 12, 31)
        printed = render("{% deadline said date %}", said=FRENCH, date=date)
        assert "Un guichet &lt;unique&gt;" in printed
        assert ', <time datetime="2025-12-31">' in printed
        assert "," not in render("{% deadline said date %}", said="", date=date)
        assert "<time" not in render("{% deadline said %}", said=FRENCH)
        assert render("{% deadline said %}", said=None) == ""


class TestLists:
    def test_names_are_links_where_there_is_a_page(self):
        bodies = [Thing(name=FRENCH, url="/fr/o/1/"), Thing(name=LazyI18nString({"fr": "B"}))]
        assert render("{% names bodies %}", bodies=bodies) == (
            '<a href="/fr/o/1/">Un guichet &lt;unique&gt;</a>, B'
        )

    def test_one_name_needs_no_list(self):
        assert render("{% names body %}", body=Thing(name=BOTH)) == "Rénover &amp; isoler"

    def test_a_page_does_not_name_itself(self):
        here, there = object(), object()
        action = Thing(targets=[{"recommendation": here}, {"measure": there}])
        assert suites.targets_of(action, here=here) == [{"measure": there}]
        assert len(suites.targets_of(action)) == 2

    def test_two_official_versions_of_one_source(self):
        french = {"position": 1, "language": "fr", "official": True}
        dutch = {"position": 1, "language": "nl", "official": True}
        assert suites.both_official([french, dutch])
        assert not suites.both_official([french, {**dutch, "official": False}])
        assert not suites.both_official([french, {**dutch, "position": 2}])

    @pytest.mark.parametrize(
        ("size", "expected"), [(12, "1"), (640_400, "640"), (2_100_000, "2,1")]
    )
    def test_the_size_of_a_document(self, size, expected):
        with translation.override("fr"):
            assert suites.file_size(size).startswith(expected)

    def test_the_chosen_item_of_a_menu(self):
        items = [{"current": False}, {"current": True, "name": "b"}]
        assert suites.chosen(items)["name"] == "b"
        assert suites.chosen([]) is None


def test_words_that_stand_for_a_state_come_before_the_date():
    entry = {"term": "Done", "text": "No measure announced", "more": "Last step:"}
    entry["first"] = entry["last"] = datetime.date(2024, 5, 15)
    html = render_to_string("components/ledger.html", {"entries": [entry]})
    assert html.count("No measure announced") == 1
    assert html.index("No measure announced") < html.index("Last step:")
