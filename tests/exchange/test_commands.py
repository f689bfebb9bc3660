"""The demo loads as a whole, once."""

from collections import Counter

import pytest
from django.core.management import call_command

from assemblies import models
from tests.exchange.demo import package, states


@pytest.mark.django_db
def test_the_demo_loads_as_its_files_say():
    call_command("load_demo", verbosity=0)
    assert set(models.Assembly.objects.values_list("code", flat=True)) == {"BXL", "PAR", "CCC"}
    for table, model in [
        ("recommendations", models.Recommendation),
        ("measures", models.Measure),
        ("acts", models.Act),
        ("announced_counts", models.AnnouncedCount),
        ("withdrawals", models.Withdrawal),
        ("topics", models.Topic),
        ("bodies", models.Body),
    ]:
        assert model.objects.count() == len(package()[table]), table

    # The votes and the first leads come from acts and measures.
    first = ("first_lead", "first_deadline", "first_deadline_words")
    made_here = len([row for row in package()["measures"] if any(row[name] for name in first)])
    votes = len(package()["acts"])
    assert models.Action.objects.count() == len(package()["actions"]) + made_here + votes

    # The database says of each recommendation what the files say.
    expected = Counter(
        (each.response_code, each.opinion_code)
        for (table, _key), each in states().items()
        if table == "recommendations"
    )
    found = Counter(models.Recommendation.objects.values_list("response", "opinion"))
    assert found == expected

    for reference, language in (("BXL-C1-4.3", "fr"), ("BXL-C2-1.4", "nl")):
        alone = models.Recommendation.objects.get(reference=reference)
        assert alone.page.locale.language_code == language
        assert alone.page.get_translations().count() == 0
    real = models.Recommendation.objects.filter(cycle__assembly__code="BXL", example=False)
    assert {each.reference for each in real} == {"BXL-C1-N1", "BXL-C1-N2", "BXL-C2-N1"}
    call_command("check_history", verbosity=0)

    changes = models.Change.objects.count()
    call_command("load_demo", verbosity=0)
    assert models.Change.objects.count() == changes
