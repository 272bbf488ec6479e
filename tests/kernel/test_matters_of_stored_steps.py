"""Steps stored by an earlier version get the approval matters their names stood for when it is upgraded."""

from datetime import date
from importlib import import_module

import pytest
from django.apps import apps

from hongtu.kernel.chains.models import Chain, Step
from tests.conftest import make_unit

upgrade = import_module("hongtu.kernel.chains.migrations.0009_matters_of_stored_steps")


@pytest.mark.django_db
def test_an_upgrade_links_stored_steps_and_leaves_the_others() -> None:
    unit = make_unit("D", "示例区", "district")
    chain = Chain.objects.create(
        subject_label="projects.Project",
        subject_key=1,
        title="示例项目",
        year=2025,
        unit=unit,
        start=date(2025, 1, 2),
        promised=date(2025, 12, 31),
    )
    days = {"planned_start": date(2025, 1, 2), "planned_finish": date(2025, 2, 2), "duration": 20}
    permit, linked, roof = (
        Step.objects.create(chain=chain, sequence=n, name=name, unit=unit, matters=matters, **days)
        for n, (name, matters) in enumerate(
            (("施工许可证", ""), ("施工许可(开工令)", "P49"), ("主体封顶", "")), 1
        )
    )
    upgrade.link(apps, None)
    for step in (permit, linked, roof):
        step.refresh_from_db()
    assert (permit.matters, permit.version) == ("P48", 2)
    assert (linked.matters, linked.version) == ("P49", 1), "what somebody entered stays"
    assert (roof.matters, roof.version) == ("", 1)
