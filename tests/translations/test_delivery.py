"""A file goes out, is translated, and comes back: it changes what it says, and nothing else."""

import polib
import pytest

from assemblies.audit import findings
from assemblies.models import (
    Act,
    Action,
    AnnouncedCount,
    Body,
    Change,
    Group,
    Measure,
    Passage,
    RecommendationKind,
    RecommendationPage,
    Withdrawal,
)
from tests.assemblies.desk import make_user
from tests.factories import (
    make_assembly,
    make_body,
    make_cycle,
    make_kind,
    make_measure,
    make_passage,
    make_recommendation,
    make_world,
    publish_action,
)
from tests.translations.test_desk import everything_lacks_dutch
from tests.translations.work import file_of, line, own, superuser, tally, thing_of
from translations import delivery, desk, po
from translations.words import by_language

pytestmark = pytest.mark.django_db
MODELS = (
    Act,
    Action,
    AnnouncedCount,
    Body,
    Group,
    Measure,
    Passage,
    RecommendationKind,
    Withdrawal,
    RecommendationPage,
)


@pytest.fixture
def world():
    return make_world()


def exported(assembly, language="nl", **narrowed) -> str:
    things = desk.everything(tally(assembly, language), most=1000, **narrowed)
    return delivery.export(things, assembly=assembly, language=language)


def translated(text: str, *, only=None) -> bytes:
    """What an agency sends back: the original with " (nl)", or the words quoted in Dutch."""
    file = polib.pofile("\n" + text)
    for entry in file:
        if only is None or only in entry.msgctxt:
            entry.msgstr = f"{entry.msgid} (nl)"
    return str(file).encode()


def compare(content, assembly, user=None, language="nl"):
    return delivery.compare(content, assembly=assembly, language=language, user=user or superuser())


def take_over(content, assembly, user=None, language="nl"):
    user = user or superuser()
    seen = compare(content, assembly, user, language).fingerprint
    return delivery.take_over(content, assembly=assembly, language=language, user=user, seen=seen)


def everything() -> dict:
    """Every column of every row that has words, or a page's texts."""
    return {
        (model.__name__, row.pk): {
            field.attname: by_language(value) or str(value)
            for field in model._meta.concrete_fields
            if (value := getattr(row, field.attname)) is not None
        }
        for model in MODELS
        for row in model.objects.all()
    }


def changed(before: dict, after: dict) -> dict:
    """Table and field → how many changed, but for what Wagtail keeps of a revision."""
    kept = {"latest_revision_id", "live_revision_id", "last_published_at", "words_written"}
    found: dict = {}
    for key, row in after.items():
        for name, value in row.items():
            if name not in kept and before.get(key, {}).get(name) != value:
                found.setdefault(key[0], set()).add(name)
    return found


# -- out and in again -----------------------------------------------------------------------------


def test_a_whole_list_goes_out_and_comes_back(world):
    everything_lacks_dutch(world)
    assert list(findings()) == []
    text = exported(world.assembly)
    contexts = {entry.msgctxt.split(":")[0] for entry in polib.pofile("\n" + text)}
    assert contexts == {
        "action", "act", "body", "count", "group", "kind", "measure", "passage",
        "recommendation", "withdrawal",
    }  # fmt: skip
    before = everything()
    found = take_over(translated(text), world.assembly)
    assert found.troubles == []
    after = everything()
    pages = {key for key in after if key[0] == "RecommendationPage"} - set(before)
    assert len(pages) == 1  # the Dutch draft, begun by the file
    assert changed(before, {k: v for k, v in after.items() if k not in pages}) == {
        "Act": {"title", "article"},
        "Action": {"title"},
        "AnnouncedCount": {"words", "source_title"},
        "Body": {"name"},
        "Group": {"title"},
        "Measure": {"title"},
        "Passage": {"reason_text"},
        "RecommendationKind": {"name", "plural"},
        "Withdrawal": {"reason"},
    }
    assert {row.part.data.get("nl") for row in Measure.objects.get().serves.all()} == {
        "Une partie. (nl)"
    }
    now = tally(world.assembly)
    assert {desk.SLICES[p].table.name for p, n in now.missing.items() if n} == {"recommendation"}
    assert list(findings()) == []


def test_it_changes_only_what_it_says(world):
    everything_lacks_dutch(world)
    action = Action.objects.order_by("number").first()
    before = everything()
    numbers = set(Change.objects.values_list("number", flat=True))
    context = f"action:{action.number}:title"
    take_over(translated(exported(world.assembly), only=context), world.assembly)
    assert changed(before, everything()) == {"Action": {"title"}}
    new = Change.objects.exclude(number__in=numbers).get()
    assert (new.kind, new.action_id) == ("words", action.pk)


def test_the_same_file_twice_changes_nothing_the_second_time(world):
    everything_lacks_dutch(world)
    content = translated(exported(world.assembly))
    take_over(content, world.assembly)
    before, last = everything(), Change.objects.last().number
    found = compare(content, world.assembly)
    assert (found.troubles, found.differences) == ([], [])
    assert found.same > 10
    assert (everything(), Change.objects.last().number) == (before, last)


def test_a_page_goes_out_and_comes_back(world, django_capture_on_commit_callbacks):
    page = make_recommendation(
        world.cycle,
        label="1",
        dutch=False,
        verbatim="<p>Un <b>guichet</b> &amp; un service.</p><ul><li>Un.</li><li>Deux.</li></ul>",
        summary="Deux lignes :\nici.",
    ).page
    table, row = thing_of(page)
    table.enrich([row], "nl")
    text = delivery.export([(table, row)], assembly=world.assembly, language="nl")
    entries = {entry.msgid: entry for entry in polib.pofile("\n" + text)}
    assert set(entries) == {
        "Recommandation 1",
        "Un <b>guichet</b> &amp; un service.",
        "Un.",
        "Deux.",
        "Deux lignes :\nici.",
    }
    found = take_over(translated(text), world.assembly)
    assert found.pages == 5
    dutch = own(page)
    assert not dutch.live
    translation = thing_of(page)[0].translation(thing_of(page)[1], "nl")
    with django_capture_on_commit_callbacks(execute=True):
        translation.save_target(user=superuser(), publish=True)
    dutch = own(page)
    assert dutch.title == "Recommandation 1 (nl)"
    assert "<b>guichet</b> &amp; un service. (nl)" in dutch.verbatim
    assert dutch.verbatim.count("<li") == 2
    assert dutch.summary == "Deux lignes :\nici. (nl)"
    # What was translated goes out again with it, so that an agency sees it.
    table, row = thing_of(page)
    table.enrich([row], "nl")
    again = delivery.export([(table, row)], assembly=world.assembly, language="nl")
    assert all(entry.msgstr for entry in polib.pofile("\n" + again))


def test_a_quotation_comes_back_as_it_stands_in_the_text(world):
    asked = make_recommendation(world.cycle, label="1")
    passage = make_passage(asked, words="un guichet")
    context = f"passage:{passage.pk}:words"
    wrong = file_of(line(context, "un guichet", "een balie"))
    found = compare(wrong, world.assembly)
    assert len(found.troubles) == 1
    assert found.troubles[0].line > 1
    right = file_of(line(context, "un guichet", "een loket"))
    take_over(right, world.assembly)
    assert Passage.objects.get().quoted()["nl"] == "een loket"


# -- refused --------------------------------------------------------------------------------------


def lacking(world, **fields):
    asked = make_recommendation(world.cycle, label="1")
    return publish_action(
        asked, value="under_study", title={"fr": "Une étape"}, text={"fr": "Un texte."}, **fields
    )


@pytest.mark.parametrize(
    ("path", "original", "text", "said"),
    [
        ("title", "Une autre étape", "Een stap", "has changed"),
        ("title", "Une étape", "Een <b>stap</b>", "no HTML"),
        ("title", "Une étape", "<script>alert(1)</script>", "no HTML"),
        ("title", "Une étape", "Een\nstap", "one line"),
        ("body", "Une étape", "Een stap", "no such text"),
        ("reason_text", "Une étape", "Een stap", "no such text"),
        ("serves.x.part", "Une étape", "Een stap", "no such text"),
        ("title.x", "Une étape", "Een stap", "no such text"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_half_taken_over(
    world, path, original, text, said
):
    action = lacking(world)
    good = line(f"action:{action.number}:text", "Un texte.", "Een tekst.")
    bad = line(f"action:{action.number}:{path}", original, text)
    content = file_of(good, bad)
    before = everything()
    found = compare(content, world.assembly)
    assert [said in each.reason for each in found.troubles] == [True]
    assert found.troubles[0].line > 10
    assert found.troubles[0].context == f"action:{action.number}:{path}"
    with pytest.raises(delivery.Refused):
        take_over(content, world.assembly)
    assert everything() == before


@pytest.mark.parametrize(
    "context",
    ["action:999999:title", "action:x:title", f"action:{'9' * 200}:title", "nothing:1:title",
     "measure:BXL-C9-1:title", "kind:BXL/x:name", "kind:x:name", "body:x:name", "passage:-1:words",
     "recommendation:BXL-C1-99:title", "site:not-a-key:title", "user:1:password"],
)  # fmt: skip
def test_what_is_not_on_the_site_is_refused(world, context):
    lacking(world)
    found = compare(file_of(line(context, "Un", "Een")), world.assembly)
    assert ["no such text" in each.reason for each in found.troubles] == [True]


def test_a_file_of_thousands_of_wrong_places_is_refused_in_few_queries(
    world, django_assert_max_num_queries
):
    lines = [line(f"action:{n}:title", "Un", "Een") for n in range(1, 3001)]
    lines += [line(f"kind:BXL/{n}:name", "Un", "Een") for n in range(1, 1001)]
    content, user = file_of(*lines), superuser()
    with django_assert_max_num_queries(60):
        found = compare(content, world.assembly, user)
    assert len(found.troubles) == 4000


def test_another_assemblys_text_is_not_reached_through_ones_own_list(world):
    paris = make_assembly(world.home, code="PAR", preset="paris")
    cycle = make_cycle(paris, code="P1")
    make_kind(paris.register, deciding_body=make_body("conseil", "council"))
    asked = make_recommendation(cycle.register, label="1")
    action = publish_action(asked, kind="meeting", title={"fr": "Une réunion"})
    content = file_of(line(f"action:{action.number}:title", "Une réunion", "Een vergadering"))
    found = compare(content, world.assembly)
    assert ["no such text" in each.reason for each in found.troubles] == [True]


def test_what_was_published_meanwhile_is_not_written_over(world):
    action = lacking(world)
    context = f"action:{action.number}:title"
    take_over(file_of(line(context, "Une étape", "Een stap")), world.assembly)
    found = compare(file_of(line(context, "Une étape", "Een andere stap")), world.assembly)
    assert ["Een stap" in each.reason for each in found.troubles] == [True]


def test_an_original_that_changed_since_is_refused_on_pages_too(world):
    page = make_recommendation(world.cycle, label="1", dutch=False, summary="Un résumé.").page
    content = file_of(line("recommendation:BXL-C1-1:summary", "Un résumé.", "Een samenvatting."))
    assert compare(content, world.assembly).troubles == []
    fresh = RecommendationPage.objects.get(pk=page.pk)
    fresh.summary = "Un autre résumé."
    fresh.save_revision().publish()
    found = compare(content, world.assembly)
    assert ["has changed" in each.reason for each in found.troubles] == [True]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<h2>Een</h2> loket", "no <h2>"),
        ("<script>alert(1)</script>", "no <script>"),
        ('<b onclick="x()">Een</b> loket', "nothing more"),
        ('<a href="javascript:x">Een</a> loket', "no <a>"),
        ("Een <b>loket</b>", ""),
        ("Een loket", ""),
    ],
)
def test_marks_are_those_of_the_original(world, text, said):
    make_recommendation(world.cycle, label="1", dutch=False, verbatim="<p>Un <b>guichet</b>.</p>")
    context = "recommendation:BXL-C1-1:verbatim"
    content = file_of(line(context, "Un <b>guichet</b>.", text))
    found = compare(content, world.assembly)
    assert [said in each.reason for each in found.troubles] == ([True] if said else [])


def test_a_page_written_by_hand_is_changed_in_its_own_form(world):
    make_recommendation(world.cycle, label="1")
    context = "recommendation:BXL-C1-1:title"
    found = compare(file_of(line(context, "Recommandation 1", "Aanbeveling")), world.assembly)
    assert ["by hand" in each.reason for each in found.troubles] == [True]


def test_the_original_sent_back_is_no_translation(world):
    asked = make_recommendation(world.cycle, label="1")
    original = "Une étape avec un titre de plus de six mots"
    action = publish_action(asked, value="under_study", title={"fr": original})
    found = compare(
        file_of(line(f"action:{action.number}:title", original, original)), world.assembly
    )
    assert ["word for word" in each.reason for each in found.troubles] == [True]


def test_whoever_may_not_write_a_text_may_not_send_it(world):
    action = lacking(world)
    asked = make_recommendation(world.cycle, label="2")
    opinion = publish_action(asked, value="insufficient", title={"fr": "Un avis"})
    content = file_of(line(f"action:{opinion.number}:title", "Un avis", "Een oordeel"))
    publisher = make_user("publisher", (world.assembly, "publisher"))
    found = compare(content, world.assembly, publisher)
    assert ["no role" in each.reason for each in found.troubles] == [True]
    translator = make_user("vertaler", (world.assembly, "translator"))
    assert compare(content, world.assembly, translator).troubles == []
    assert action.live


def test_what_changed_after_it_was_looked_at_is_not_taken_over(world):
    action = lacking(world)
    content = file_of(
        line(f"action:{action.number}:title", "Une étape", "Een stap"),
        line(f"action:{action.number}:text", "Un texte.", "Een tekst."),
    )
    seen = compare(content, world.assembly).fingerprint
    take_over(file_of(line(f"action:{action.number}:title", "Une étape", "Een stap")),
              world.assembly)  # fmt: skip
    with pytest.raises(delivery.Refused) as refused:
        delivery.take_over(
            content, assembly=world.assembly, language="nl", user=superuser(), seen=seen
        )
    assert [each.label for each in refused.value.comparison.differences] == ["Text"]
    assert "nl" not in by_language(Action.objects.get(pk=action.pk).text)


def test_a_failure_half_way_leaves_nothing(world, monkeypatch):
    everything_lacks_dutch(world)
    content = translated(exported(world.assembly))
    before = everything()

    def fail(*args, **kwargs):
        raise ValueError("broken")

    monkeypatch.setattr(type(desk.ALL_TABLES["withdrawal"]), "write", fail)
    with pytest.raises(delivery.Refused, match="broken"):
        take_over(content, world.assembly)
    assert everything() == before


def test_comments_tell_a_translator_what_it_is(world):
    make_measure(make_recommendation(world.cycle, label="1"), label="1.1", part={"fr": "Un."})
    entry = polib.pofile("\n" + exported(world.assembly))[0]
    assert "BXL-C1-1.1" in entry.comment
    assert "(fr)" in entry.comment
    assert po.CONTEXT.fullmatch(entry.msgctxt)
