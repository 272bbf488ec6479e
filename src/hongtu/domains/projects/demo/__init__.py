"""The demonstration projects: 241 of them, exact totals, 120 chains of ten steps; written through actions.

Deterministic: the same records on every machine. Projects that newspapers name carry the facts the
newspapers give; everything else, and every person, is fictional and marked 示例.
"""

from collections.abc import Callable, Mapping, Sequence

from hongtu.domains.projects import actions
from hongtu.domains.projects.demo.cast import ACCOUNTS, PASSWORD, Cast, make_cast
from hongtu.domains.projects.demo.chains import annual_chains
from hongtu.domains.projects.demo.faces import load_faces
from hongtu.domains.projects.demo.ledger import ledger_rows
from hongtu.domains.projects.demo.money import history
from hongtu.domains.projects.demo.register import load_register
from hongtu.domains.projects.models import Project
from hongtu.kernel.people.models import Person
from hongtu.kernel.profile.models import today

__all__ = ["ACCOUNTS", "PASSWORD", "Cast", "load"]

Report = Callable[[int, int], None]


def load(*, by: Person | None, templates: Sequence[Mapping[str, str]], report: Report) -> None:
    """Write people, projects, money and chains. `report(done, total)` is called after each stage."""
    report(0, 6)
    actions.load_templates(by=by, rows=templates)
    cast = make_cast(by=by)
    report(1, 6)
    rows = ledger_rows(cast)
    actions.import_rows(by=by, create=rows, update=(), source={"file": "demonstration"})
    report(2, 6)
    projects = list(Project.objects.order_by("sequence"))
    months, reports = history(projects, today())
    actions.load_history(by=by, months=months, reports=reports)
    report(3, 6)
    keyed = [p for p in projects if p.key_project]
    actions.make_chains(by=by, records=keyed, chains=annual_chains(keyed, cast))
    load_faces(by=by)
    load_register(by=by)
    report(5, 6)
    actions.refresh_lights(by=by)
    actions.refresh_risks(by=by)
    report(6, 6)
