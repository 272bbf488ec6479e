"""Load the demonstration district: its profile, then each domain's own demonstration records."""

from functools import partial
from pathlib import Path

from django.db.models import QuerySet
from rich.console import Console
from rich.progress import Progress

from hongtu.domains.assessment import demo as assessment_demo
from hongtu.domains.consultation import demo as consultation_demo
from hongtu.domains.consultation.views.archive import document
from hongtu.domains.dispatch import demo as dispatch_demo
from hongtu.domains.family_visits import demo as family_visits_demo
from hongtu.domains.matters import demo as matters_demo
from hongtu.domains.problems import demo as problems_demo
from hongtu.domains.projects import demo as projects_demo
from hongtu.domains.projects.models import Project
from hongtu.domains.projects.queries import SUBJECT
from hongtu.domains.visits import demo as visits_demo
from hongtu.kernel.audit.actions import action, note
from hongtu.kernel.base.bulk import refresh_statistics
from hongtu.kernel.chains.models import Chain
from hongtu.kernel.notices import actions as notices
from hongtu.kernel.people.models import Person, Unit
from hongtu.kernel.problems.models import Quantity
from hongtu.kernel.profile.establish import establish
from hongtu.kernel.profile.models import District, district
from hongtu.site import profiles

PROFILE = profiles.FOLDER / "honggutan"


def load(console: Console | None = None) -> bool:
    """Load everything in one transaction; False (nothing done) when there is a district already."""
    if District.objects.exists():
        return False
    with Progress(console=console, disable=console is None) as progress:
        _load(by=None, progress=progress)
    return True


@action("site.load_demonstration")
def _load(*, by: Person | None, progress: Progress) -> None:
    task = progress.add_task("示例区 demonstration district", total=None)

    def tell(done: int, total: int) -> None:
        progress.update(task, completed=done, total=total)

    establish(by=by, profile=profiles.read(PROFILE))
    templates = profiles.rows(PROFILE, "chain_templates.csv")
    projects_demo.load(by=by, templates=templates, report=tell)
    problems_demo.load(by=by, categories=profiles.rows(PROFILE, "problem_categories.csv"), report=tell)
    matters_demo.load(by=by, password=projects_demo.PASSWORD, report=tell)
    sites = _sites()
    visits_demo.load(
        by=by,
        sites=sites,
        recorder=Person.objects.get(username="zhongxin"),
        visitor=Person.objects.get(username="lingdao"),
    )
    dispatch_demo.load(
        by=by,
        chair=Person.objects.get(username="lingdao"),
        desk=Unit.objects.get(code="ZDXM"),
        sites=[dispatch_demo.Site(s.name, s.chain.unit, s.leader) for s in sites],
    )
    consultation_demo.load(
        by=by,
        problems={q.measure: q.result.problem for q in _consulted()},
        document=partial(document, closing=True),
    )
    family_visits_demo.load(
        by=by, district=Unit.objects.get(parent=None, kind="district"), password=projects_demo.PASSWORD
    )
    assessment_demo.load(
        by=by,
        schemes=profiles.rows(PROFILE, "assessment_schemes.csv"),
        centre=Person.objects.get(username="zhongxin"),
        leader=Person.objects.get(username="lingdao"),
        owner=Person.objects.get(username="yezhu"),
        helper=Person.objects.get(username="jiedao"),
    )
    notices.remind(by=by)
    refresh_statistics()
    note(district())


def _consulted() -> QuerySet[Quantity]:
    """The results that consultations led to; the problems room wrote them with their figures."""
    measures = [story.measure for story in consultation_demo.STORIES]
    return Quantity.objects.filter(measure__in=measures).select_related("result__problem")


def _sites() -> list[visits_demo.Site]:
    """Projects with a chain and a leader, as the rooms that do not know projects are told of them."""
    keyed = Project.objects.exclude(leader=None).select_related("leader__unit", "place").in_bulk()
    chains = Chain.objects.filter(subject_label=SUBJECT, subject_key__in=keyed).select_related("unit")
    sites = []
    for chain in chains.order_by("subject_key"):
        project = keyed[chain.subject_key]
        if project.leader is not None:
            sites.append(visits_demo.Site(project.name, chain, project.leader, project.place))
    return sites


def log_ins() -> list[tuple[str, str, str]]:
    """(user name, password, role) of the demonstration accounts, none in a real district."""
    found = district()
    if found is None or not found.demonstration:
        return []
    accounts = [(a.username, a.words) for a in projects_demo.ACCOUNTS]
    accounts += [(a.username, a.words) for a in matters_demo.ACCOUNTS]
    accounts += [(a.username, a.words) for a in consultation_demo.ACCOUNTS]
    accounts += [(a.username, a.words) for a in family_visits_demo.ACCOUNTS]
    return [(name, projects_demo.PASSWORD, words) for name, words in accounts]


def write_workbook(target: Path) -> int:
    """The demonstration's ledger as an office's Excel file; the number of projects in it."""
    from hongtu.site import office_ledger

    found = district()
    centre = Person.objects.get(username="zhongxin")
    if found is None:
        raise LookupError("no district is loaded")
    return office_ledger.write(target, centre, found)
