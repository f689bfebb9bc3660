from pathlib import Path

import polib
import pytest

from portal.catalogues import (
    Unreadable,
    compile_stale,
    content,
    drop_obsolete,
    extract,
    problems,
    update,
    write,
)


@pytest.fixture
def app(tmp_path: Path) -> Path:
    (tmp_path / "app/templates").mkdir(parents=True)
    return tmp_path


def keys(root: Path) -> list[tuple[str | None, str]]:
    return list(extract(root, ["app"]))


def test_messages_of_python(app):
    (app / "app/models.py").write_text(
        "from django.utils.translation import gettext_lazy as _, ngettext, pgettext\n"
        "a = _('one ' 'string')\n"
        "b = pgettext('month', 'May')\n"
        "c = ngettext('%(n)s vote', '%(n)s votes', 2)\n"
        "d = unrelated('nothing')\n"
    )
    found = extract(app, ["app"])
    assert list(found) == [(None, "one string"), ("month", "May"), (None, "%(n)s vote")]
    assert found[(None, "%(n)s vote")].plural == "%(n)s votes"


@pytest.mark.parametrize("argument", ["f'{a}'", "a", "'a' + b", "'%s' % a"])
def test_a_message_put_together_is_refused(app, argument):
    (app / "app/views.py").write_text(f"x = _({argument})\n")
    with pytest.raises(Unreadable, match=r"app/views.py:1"):
        keys(app)


def test_messages_of_templates(app):
    (app / "app/templates/page.html").write_text(
        "{% load i18n %}\u00a0é \" ' (\n"
        "{% translate 'Hello (you)' %}{% translate 'May' context 'month' as may %}\n"
        "{{ words|default:_('no “words”') }}\n"
        "  {% blocktranslate trimmed count n=total %}\n"
        '    one "thing"\n'
        "  {% plural %}\n"
        "    {{ n }} things\n"
        "{% endblocktranslate %}\n"
        "{% comment %}{% translate 'dead' %}{% endcomment %}\n"
    )
    assert keys(app) == [
        (None, "Hello (you)"),
        ("month", "May"),
        (None, "no “words”"),
        (None, 'one "thing"'),
    ]


def test_migrations_and_other_files_say_nothing(app):
    (app / "app/migrations").mkdir()
    (app / "app/migrations/0001_initial.py").write_text("x = _('old')\n")
    (app / "app/notes.html").write_text("{% translate 'not a template' %}")
    assert keys(app) == []


def said(catalogue: polib.POFile) -> dict[str, str]:
    return {entry.msgid: entry.msgstr for entry in catalogue if not entry.obsolete}


def test_update_keeps_adds_and_sets_aside(app):
    po = app / "fr.po"
    source = app / "app/a.py"

    def updated() -> polib.POFile:
        return update(po, "fr", extract(app, ["app"]))

    source.write_text("_('kept'); _('dead')\n")
    first = updated()
    for entry in first:
        entry.msgstr = entry.msgid.upper()
    write(first, po)

    source.write_text("_('kept'); _('new')\n")
    second = updated()
    assert said(second) == {"kept": "KEPT", "new": ""}
    assert [problem.split(":")[0] for problem in problems(second)] == [
        "not translated",
        "no longer said, --drop forgets it",
    ]
    write(second, po)
    assert content(updated()) == po.read_text()
    assert len(drop_obsolete(updated())) == 2

    source.write_text("_('dead')\n")
    assert said(updated()) == {"dead": "DEAD"}


def test_a_translation_left_empty_is_not_worth_keeping(app):
    po = app / "fr.po"
    (app / "app/a.py").write_text("_('dead')\n")
    write(update(po, "fr", extract(app, ["app"])), po)
    (app / "app/a.py").write_text("")
    assert len(update(po, "fr", extract(app, ["app"]))) == 0


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ({"msgid": "a", "msgstr": "b"}, None),
        ({"msgid": "a", "msgstr": ""}, "not translated"),
        ({"msgid": "a", "msgstr": "b", "flags": ["fuzzy"]}, "fuzzy"),
        ({"msgid": "%(a)s of %(b)s", "msgstr": "%(b)s : %(a)s"}, None),
        ({"msgid": "%(a)s", "msgstr": "%(b)s"}, "other placeholders"),
        ({"msgid": "{a}", "msgstr": "a"}, "other placeholders"),
        ({"msgid": "%s votes", "msgstr": "%s voix"}, "a placeholder without a name"),
        ({"msgid": "100%% of %(a)s", "msgstr": "%(a)s à 100%%"}, None),
        ({"msgid": "\n  a", "msgstr": "b"}, "a line break"),
        ({"msgid": "1", "msgid_plural": "%(n)s", "msgstr_plural": {0: "1", 1: "%(n)s"}}, None),
        (
            {"msgid": "1", "msgid_plural": "%(n)s", "msgstr_plural": {0: "1", 1: "x"}},
            "other placeholders",
        ),
        (
            {"msgid": "1", "msgid_plural": "%(n)s", "msgstr_plural": {0: "1", 1: ""}},
            "not translated",
        ),
    ],
)
def test_problems(entry, fault):
    catalogue = polib.POFile()
    catalogue.append(polib.POEntry(**entry))
    found = list(problems(catalogue))
    assert len(found) == (1 if fault else 0)
    assert not fault or found[0].startswith(fault)


def test_compile_stale_writes_only_what_is_newer(tmp_path):
    po = tmp_path / "fr/LC_MESSAGES/django.po"
    catalogue = polib.POFile()
    catalogue.metadata = {"Content-Type": "text/plain; charset=utf-8"}
    catalogue.append(polib.POEntry(msgid="a", msgstr="é"))
    catalogue.append(polib.POEntry(msgid="b", msgstr="x", flags=["fuzzy"]))
    write(catalogue, po)
    assert [path.name for path in compile_stale(tmp_path)] == ["django.mo"]
    assert [entry.msgstr for entry in polib.mofile(str(po.with_suffix(".mo")))] == ["é"]
    assert compile_stale(tmp_path) == []
