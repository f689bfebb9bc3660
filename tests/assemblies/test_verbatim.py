"""What the admin's text field does to a text is no change of its words."""

import pytest

from assemblies.verbatim import same_words, without_keys


@pytest.mark.parametrize(
    "given",
    [
        "<p>De l’eau.</p>",
        '<p data-block-key="a1b2c">De l’eau.</p>',
    ],
)
def test_keys_of_paragraphs_say_nothing(given):
    assert without_keys(given) == "<p>De l’eau.</p>"
    assert same_words("<p>De l’eau.</p>", given)


@pytest.mark.parametrize(
    "text",
    [
        "<p>«\u202fDe l’eau\u202f», disent-elles\xa0: ici.</p>",
        "<p>Un &lt; deux &amp; trois</p><ul><li>un</li><li>deux</li></ul>",
        "<p>Une ligne,<br/>une autre.</p><ol><li>un</li></ol>",
    ],
)
def test_a_text_shown_and_sent_back_is_the_same(text):
    from assemblies.verbatim import _converter

    sent = _converter().to_database_format(_converter().from_database_format(text))
    assert sent != text
    assert same_words(text, sent)


@pytest.mark.parametrize(
    "given",
    ["<p>De l’eau</p>", "<p>de l’eau.</p>", "<p>De l’eau.</p><p>Et du vin.</p>", ""],
)
def test_another_word_is_a_change(given):
    assert not same_words("<p>De l’eau.</p>", given)
