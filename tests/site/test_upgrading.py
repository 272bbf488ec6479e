"""A district of an older version gets what a newer one brings, and keeps what it has."""

import pytest

from hongtu.domains.matters.models import Guide, GuideStanding
from hongtu.kernel.profile.models import RuleSet
from hongtu.site.upgrading import catch_up


@pytest.mark.usefixtures("own_district")
def test_new_rules_and_figures_come_and_edited_rules_stay() -> None:
    RuleSet.objects.filter(key="matters.manual").delete()
    GuideStanding.objects.all().delete()
    lights = RuleSet.objects.filter(key="projects.lights").get()
    lights.revise(lights.version, data={**lights.data, "edited": True})

    catch_up()
    assert RuleSet.objects.filter(key="matters.manual").count() == 1
    assert GuideStanding.objects.count() == Guide.objects.count() > 0
    lights.refresh_from_db()
    assert lights.data["edited"] is True

    before = RuleSet.objects.count()
    catch_up()
    assert RuleSet.objects.count() == before


@pytest.mark.django_db
def test_an_empty_database_stays_empty() -> None:
    catch_up()
    assert not RuleSet.objects.exists()
