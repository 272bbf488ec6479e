"""Work faces: conflicts on list and map, upload and export, joint schedules, agreements and signatures."""

import json
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hongtu.domains.projects import actions, queries, vocab
from hongtu.domains.projects.actions.faces import FaceFaults
from hongtu.domains.projects.forms.faces import FacesUploadForm
from hongtu.domains.projects.models import Project, WorkFace
from hongtu.domains.projects.queries import faces as reads
from hongtu.domains.projects.views import face_words as words
from hongtu.engines.schedule.worksite import WorksiteError
from hongtu.kernel.access.guards import PersonRequest, guard
from hongtu.kernel.access.policies import can, objects
from hongtu.kernel.base.errors import HongtuError
from hongtu.kernel.profile.models import today
from hongtu.ledger.pages import form_status
from hongtu.ui.components import Cell, Column, Crumb, Progress, Row, Table
from hongtu.ui.formats import grouped, isodate

SECONDS = 20


def trail(last: str = "") -> list[Crumb]:
    """Ledger, work faces, this page."""
    crumbs = [Crumb(_("重大项目台账"), reverse("ledger:list", args=["projects"]))]
    here = reverse("projects:faces") if last else ""
    crumbs.append(Crumb(_("作业面与联合排程"), here))
    return [*crumbs, Crumb(last)] if last else crumbs


@guard("projects.read")
@require_GET
def faces(request: PersonRequest) -> HttpResponse:
    """Conflicts between projects in place and time, their map, and what is being done about them."""
    faults: list[dict[str, Any]] = []
    document: dict[str, Any] = {"features": []}
    conflicts: list[dict[str, Any]] = []
    clusters: list[list[int]] = []
    try:
        scene, document = reads.scene(request.user, today())
        if scene is not None:
            conflicts, clusters = reads.tensions(scene)
    except WorksiteError as error:
        faults = [words.fault_words(fault) for fault in error.faults]
    context = {
        "breadcrumbs": trail(),
        "faults": faults,
        "count": len(document["features"]),
        "conflicts": conflicts,
        "table": _conflict_table(conflicts, document),
        "face_table": _face_table(request),
        "clusters": _parties(clusters),
        "map": words.map_data(document, conflicts, []) if document["features"] else None,
        "runs": reads.runs(request.user)[:5],
        "agreements": reads.agreements(request.user)[:10],
        "may_ask": can(request.user, "projects.change"),
        "seconds": SECONDS,
    }
    return render(request, "projects/faces.html", context)


def _parties(clusters: list[list[int]]) -> list[list[Project]]:
    """The projects of each cluster, one query for all."""
    found = Project.objects.in_bulk({key for keys in clusters for key in keys})
    return [[found[key] for key in keys] for keys in clusters]


def _conflict_table(conflicts: list[dict[str, Any]], document: dict[str, Any]) -> Table:
    names, projects = words.face_names(document), words.project_names(document)
    columns = [
        Column(_("冲突"), "nowrap", frozen=True),
        Column(_("甲方作业面")),
        Column(_("乙方作业面")),
        Column(_("重叠时段"), "nowrap"),
        Column(_("天数"), "number"),
        Column(_("甲等乙（天/元）"), "number"),
        Column(_("乙等甲（天/元）"), "number"),
    ]
    rows = []
    for row in conflicts:
        sides = [
            f"{projects.get(str(project), project)}：{names.get(space, space)}"
            for project, space in zip(row["projects"], row["spaces"], strict=True)
        ]
        waits = [f"{days} / {grouped(yuan)}" for days, yuan in row["waits"]]
        label = str(_(vocab.FaceConflict(row["class"]).label))
        window = f"{row['start']} – {row['finish']}"
        rows.append(Row([label, *sides, window, str(row["days"]), *waits]))
    return Table(_("作业面冲突"), columns, rows, identifier="conflicts", empty=_("没有冲突"))


def _face_table(request: PersonRequest) -> Table:
    columns = [
        Column(_("作业面"), frozen=True),
        Column(_("项目")),
        Column(_("用途"), "nowrap"),
        Column(_("开始"), "date"),
        Column(_("结束"), "date"),
        Column(_("链条事项")),
    ]
    mine = set(objects(WorkFace, by=request.user, to="change").values_list("pk", flat=True))
    rows = [
        Row(
            [
                Cell(face.name, reverse("projects:face", args=[face.pk]) if face.pk in mine else ""),
                face.project.name,
                str(_(vocab.FaceKind(face.kind).label)),
                isodate(face.start),
                isodate(face.finish),
                face.step.name if face.step else "—",
            ]
        )
        for face in reads.faces(request.user, today())
    ]
    return Table(_("全部作业面"), columns, rows, identifier="faces", empty=_("还没有作业面"))


@guard("projects.change")
@require_http_methods(["GET", "POST"])
def faces_upload(request: PersonRequest) -> HttpResponse:
    """Take a GeoJSON file of faces; all or nothing, every fault said at once."""
    mine = queries.projects(request.user)
    form = FacesUploadForm(request.POST or None, request.FILES or None, projects=mine)
    faults: list[dict[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            document = actions.read_document(given["file"].read())
            kept = actions.upload_faces(
                by=request.user,
                document=document,
                only_project=given["project"],
                replace=given["replace"],
            )
            messages.success(request, _("已保存%d个作业面") % len(kept))
            return HttpResponseRedirect(reverse("projects:faces"))
        except FaceFaults as refusal:
            form.add_error(None, refusal.message)
            faults = [words.fault_words(fault) for fault in refusal.faults[:100]]
        except HongtuError as refusal:
            form.add_error("file", refusal.message)
    context = {"form": form, "faults": faults, "breadcrumbs": trail(_("上传作业面"))}
    return render(request, "projects/faces_upload.html", context, status=form_status(form))


@guard("projects.read")
@require_GET
def faces_export(request: PersonRequest) -> HttpResponse:
    """The present faces as the GeoJSON that the command line and the upload page read."""
    document = reads.document(reads.faces(request.user, today()), today())
    text = json.dumps(document, ensure_ascii=False, indent=1)
    response = HttpResponse(text, content_type="application/geo+json; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="work-faces.geojson"'
    return response


@guard("projects.change")
@require_POST
def joint_ask(request: PersonRequest) -> HttpResponse:
    """Queue a search for joint schedules."""
    given = request.POST.get("seconds", "")
    try:
        seconds = int(given) if given.isdigit() else SECONDS
        run = actions.ask_joint_schedule(by=request.user, seconds=seconds)
    except HongtuError as refusal:
        messages.error(request, refusal.message)
        return HttpResponseRedirect(reverse("projects:faces"))
    return HttpResponseRedirect(reverse("projects:joint", args=[run.pk]))


@guard("projects.change")
@require_POST
def joint_stop(request: PersonRequest, pk: int) -> HttpResponse:
    """Ask a search to end with the best it has."""
    run = reads.run(pk, request.user)
    actions.stop_joint_schedule(by=request.user, run=run)
    return HttpResponseRedirect(reverse("projects:joint", args=[run.pk]))


@guard("projects.read")
@require_GET
def joint_progress(request: PersonRequest, pk: int) -> HttpResponse:
    """The progress bar of a search, asked for every second; sends the reader on when it is done."""
    run = reads.run(pk, request.user)
    response = render(request, "projects/parts/joint_progress.html", {"job": _progress(run)})
    if run.state not in ("queued", "running"):
        response["HX-Refresh"] = "true"
    return response


def _progress(run: Any) -> Progress:
    detail = str(_(vocab.RunState(run.state).label))
    if run.objective is not None:
        detail = _("%(state)s：目前%(objective)s，下界%(bound)s") % {
            "state": detail,
            "objective": grouped(run.objective),
            "bound": grouped(run.bound),
        }
    done = run.state not in ("queued", "running")
    url = reverse("projects:joint-progress", args=[run.pk])
    maximum = run.seconds * 10
    value = maximum if done else min(maximum - 1, int(run.elapsed * 10))
    return Progress(_("联合排程"), value, maximum, detail, poll_url=url, done=done)


@guard("projects.read")
@require_GET
def joint(request: PersonRequest, pk: int) -> HttpResponse:
    """One search: its progress, then the alternatives of each cluster side by side."""
    run = reads.run(pk, request.user)
    names, projects = words.face_names(run.scene), words.project_names(run.scene)
    found = [
        _cluster(number, cluster, names, projects)
        for number, cluster in enumerate(run.report.get("clusters", ()))
    ]
    plans = [
        {"label": label, "schedule": alternative["schedule"]}
        for cluster in run.report.get("clusters", ())
        for alternative in cluster["alternatives"]
        for label in ["、".join(words.aim_words(alternative, projects)[:1])]
    ]
    clashes = [{**row, **row["overlap"]} for row in run.report.get("conflicts", ())]
    context = {
        "breadcrumbs": trail(str(run)),
        "run": run,
        "state": _(vocab.RunState(run.state).label),
        "open": run.state in ("queued", "running"),
        "job": _progress(run),
        "clusters": found,
        "faults": [words.fault_words(fault) for fault in run.faults],
        "map": words.map_data(run.scene, clashes, plans) if plans else None,
        "may_ask": can(request.user, "projects.change"),
    }
    return render(request, "projects/joint.html", context)


def _cluster(
    number: int, cluster: dict[str, Any], names: dict[str, str], projects: dict[str, str]
) -> dict[str, Any]:
    """A cluster for the page: parties as rows, alternatives as columns."""
    columns = [
        {
            "number": position,
            "aims": words.aim_words(row, projects),
            "proof": words.proof_words(row),
            "optimal": row["optimal"],
            "verified": row["verified"],
            "total": grouped(row["total_yuan"]),
            "moves": [words.move_words(move, names, projects) for move in row["moves"]],
        }
        for position, row in enumerate(cluster["alternatives"])
    ]
    parties = [
        (projects.get(key, key), [_loss(row, key) for row in cluster["alternatives"]])
        for key in cluster["projects"]
    ]
    least = min((row["total_yuan"] for row in cluster["alternatives"]), default=0)
    for column, row in zip(columns, cluster["alternatives"], strict=True):
        column["least"] = row["total_yuan"] == least
    return {"number": number, "columns": columns, "parties": parties}


def _loss(alternative: dict[str, Any], project: str) -> dict[str, Any]:
    loss = next(row for row in alternative["losses"] if row["project"] == project)
    return {**loss, "yuan": grouped(loss["yuan"]), "late": loss.get("days_past_promise") or 0}


@guard("projects.change")
@require_POST
def agreement_propose(request: PersonRequest, pk: int) -> HttpResponse:
    """Put an alternative before its parties."""
    run = reads.run(pk, request.user)
    try:
        made = actions.propose_agreement(
            by=request.user,
            run=run,
            cluster=int(request.POST.get("cluster") or 0),
            alternative=int(request.POST.get("alternative") or 0),
            reason=request.POST.get("reason", ""),
        )
    except ValueError:
        messages.error(request, _("没有这个方案。"))
    except HongtuError as refusal:
        messages.error(request, refusal.message)
    else:
        return HttpResponseRedirect(reverse("projects:agreement", args=[made.pk]))
    return HttpResponseRedirect(reverse("projects:joint", args=[run.pk]))


@guard("projects.read")
@require_GET
def agreement(request: PersonRequest, pk: int) -> HttpResponse:
    """What was agreed, who signed, what it changed in the chains; prints as the agreement."""
    found = reads.agreement(pk, request.user)
    names, projects = words.face_names(found.run.scene), words.project_names(found.run.scene)
    terms = found.terms
    signed = {s.project_id: s for s in found.signatures.select_related("person")}
    open_ = found.state == vocab.AgreementState.PROPOSED
    parties = [
        {
            "project": project,
            "loss": _loss(terms, str(project.pk)),
            "signature": signed.get(project.pk),
            "may_sign": open_ and project.pk not in signed and reads.may_sign(request.user, project),
        }
        for project in found.parties.order_by("sequence")
    ]
    context = {
        "breadcrumbs": trail(str(found)),
        "agreement": found,
        "state": _(vocab.AgreementState(found.state).label),
        "aims": words.aim_words(terms, projects),
        "proof": words.proof_words(terms),
        "total": grouped(terms["total_yuan"]),
        "parties": parties,
        "moves": [words.move_words(move, names, projects) for move in terms["moves"]],
        "lines": [words.constraint_words(line, names, projects) for line in terms["constraints"]],
        "applied": [_applied(line, projects) for line in terms.get("applied", ())],
        "open": open_,
        "may_withdraw": open_ and can(request.user, "projects.change"),
    }
    return render(request, "projects/agreement.html", context)


def _applied(line: dict[str, Any], projects: dict[str, str]) -> dict[str, Any]:
    labels = {
        "start_no_earlier_than": _("不早于"),
        "finish_no_later_than": _("不晚于"),
        "planned_start": _("计划开始"),
        "planned_finish": _("计划完成"),
        "duration": _("工期"),
        "remaining_duration": _("剩余工期"),
    }
    changes = [
        f"{labels.get(name, name)} {before or '—'} → {after or '—'}"
        for name, (before, after) in line["changes"].items()
    ]
    return {
        "project": projects.get(str(line["project"]), ""),
        "url": reverse("projects:chain", args=[line["project"]]),
        "name": line["name"],
        "added": line["added"],
        "changes": "；".join(changes),
    }


@guard("projects.change")
@require_POST
def agreement_sign(request: PersonRequest, pk: int) -> HttpResponse:
    """Sign for one party."""
    found = reads.agreement(pk, request.user)
    project = get_object_or_404(found.parties, pk=request.POST.get("project") or 0)
    version = request.POST.get("version", "")
    try:
        saved = actions.sign_agreement(
            by=request.user,
            agreement=found,
            project=project,
            version=int(version) if version.isdigit() else 0,
        )
    except FaceFaults as refusal:
        detail = "；".join(words.fault_words(fault)["words"] for fault in refusal.faults)
        messages.error(request, f"{refusal.message} {detail}")
    except HongtuError as refusal:
        messages.error(request, refusal.message)
    else:
        in_force = saved.state == vocab.AgreementState.IN_FORCE
        text = _("各方均已签署，协议生效，链条已重排。") if in_force else _("已签署，等待其他方。")
        messages.success(request, text)
    return HttpResponseRedirect(reverse("projects:agreement", args=[found.pk]))


@guard("projects.change")
@require_POST
def agreement_withdraw(request: PersonRequest, pk: int) -> HttpResponse:
    """Take a proposal back."""
    found = reads.agreement(pk, request.user)
    version = request.POST.get("version", "")
    try:
        actions.withdraw_agreement(
            by=request.user,
            agreement=found,
            version=int(version) if version.isdigit() else 0,
            reason=request.POST.get("reason", ""),
        )
        messages.success(request, _("已撤回"))
    except HongtuError as refusal:
        messages.error(request, refusal.message)
    return HttpResponseRedirect(reverse("projects:agreement", args=[found.pk]))
