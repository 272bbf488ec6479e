"""Open311 GeoReport v2: services, a service's definition, requests (GET and POST), one request, tokens,
discovery.

One jurisdiction: `jurisdiction_id` may be left out; another one is not found. Every answer, faults too, is
in the
format of the address; 404 for what does not exist, 403 for a missing or wrong api_key, 429 for too many, 400
for all else.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from hongtu.domains.problems import actions, queries
from hongtu.domains.problems.actions.intake import key_hash
from hongtu.domains.problems.models import ApiKey
from hongtu.domains.problems.rules import georeport
from hongtu.domains.problems.rules.georeport import FORMATS, Fault
from hongtu.kernel.access.guards import guard
from hongtu.kernel.access.limits import TooManyRequests, spend_for
from hongtu.kernel.base.errors import InvalidInput
from hongtu.kernel.problems import evidence
from hongtu.kernel.problems import queries as spine
from hongtu.kernel.problems.actions import Contact, Spot
from hongtu.kernel.problems.models import Category, Problem
from hongtu.kernel.problems.terms import now
from hongtu.kernel.problems.vocab import OPEN, Source, State
from hongtu.kernel.profile.models import district

Answer = tuple[str, Any]
USUAL = "120/minute 2000/hour"


def endpoint(*methods: str) -> Callable[[Callable[..., Answer]], Callable[..., HttpResponseBase]]:
    """A public view of the API: checks method, format and jurisdiction, writes the answer or the fault."""

    def decorate(view: Callable[..., Answer]) -> Callable[..., HttpResponseBase]:
        @functools.wraps(view)
        def answered(request: HttpRequest, form: str, **kwargs: Any) -> HttpResponse:
            chosen = form if form in FORMATS else "xml"
            # A program says its language on purpose, unlike a browser, whose header the house does not heed.
            english = request.headers.get("Accept-Language", "").lower().startswith("en")
            with override("en" if english else get_language()):
                response = _answered(request, form, chosen, kwargs)
            response["Access-Control-Allow-Origin"] = "*"
            return response

        def _answered(request: HttpRequest, form: str, chosen: str, kwargs: dict[str, Any]) -> HttpResponse:
            try:
                if form not in FORMATS:
                    raise Fault(400, _("没有“%s”格式，请用 xml 或 json。") % form)
                if request.method not in methods:
                    raise Fault(400, _("这个地址不接受 %s 请求。") % request.method)
                spend_for(request, "open311", USUAL)
                _jurisdiction(request)
                root, tree = view(request, **kwargs)
                return _document(root, tree, chosen, 200)
            except TooManyRequests as refusal:
                fault = Fault(429, str(refusal.message))
            except Fault as found:
                fault = found
            return _document("errors", fault.tree(), chosen, fault.status)

        return csrf_exempt(guard(public=True)(answered))

    return decorate


def _document(root: str, tree: Any, form: str, status: int) -> HttpResponse:
    return HttpResponse(georeport.written(root, tree, form), content_type=FORMATS[form], status=status)


def _jurisdiction(request: HttpRequest) -> None:
    given = (request.POST if request.method == "POST" else request.GET).get("jurisdiction_id", "").strip()
    found = district()
    if found is None:
        raise Fault(400, _("还没有建立区，不能受理问题。"))
    if given and given.lower() not in [
        n.lower() for n in (found.division_code, found.name, request.get_host())
    ]:
        raise Fault(404, _("没有 jurisdiction_id“%s”。") % given)


@endpoint("GET", "HEAD")
def services(request: HttpRequest) -> Answer:
    """GET Service List."""
    return "services", [_service(category) for category in spine.categories()]


def _service(category: Category) -> dict[str, Any]:
    return {
        "service_code": category.code,
        "service_name": _name(category),
        "description": category.description,
        "metadata": bool(category.attributes),
        "type": "realtime",
        "keywords": ", ".join(category.keywords.split(",")) if category.keywords else "",
        "group": category.group,
    }


def _name(category: Category) -> str:
    english = (get_language() or "").startswith("en")
    return category.english if english and category.english else category.name


def _category(code: str) -> Category:
    found = spine.categories().filter(code=code).select_related("unit").first()
    if found is None:
        raise Fault(404, _("没有 service_code“%s”。") % code)
    return found


@endpoint("GET", "HEAD")
def definition(request: HttpRequest, code: str) -> Answer:
    """GET Service Definition."""
    category = _category(code)
    asked = [
        {
            "variable": bool(question.get("variable", True)),
            "code": question["code"],
            "datatype": question.get("datatype", "string"),
            "required": bool(question.get("required", False)),
            "datatype_description": question.get("datatype_description", ""),
            "order": number,
            "description": question.get("description", ""),
            "values": [{"key": v["key"], "name": v["name"]} for v in question.get("values", ())],
        }
        for number, question in enumerate(category.attributes, start=1)
    ]
    return "service_definition", {"service_code": category.code, "attributes": asked}


@endpoint("GET", "HEAD", "POST")
def requests(request: HttpRequest) -> Answer:
    """GET Service Requests, POST Service Request."""
    if request.method == "POST":
        return "service_requests", [_post(request)]
    words = _words()
    asked = georeport.query(dict(request.GET.lists()), now(), words)
    return "service_requests", [_entry(p, request) for p in queries.georeport_requests(asked)]


@endpoint("GET", "HEAD")
def single(request: HttpRequest, number: str) -> Answer:
    """GET Service Request."""
    found = list(queries.georeport_requests(georeport.Query(keys=(number,))))
    if not found:
        raise Fault(404, _("没有 service_request_id“%s”。") % number)
    return "service_requests", [_entry(found[0], request)]


@endpoint("GET", "HEAD")
def token(request: HttpRequest, token: str) -> Answer:
    """GET service_request_id from a token: the code a reporter follows her report by."""
    found = queries.reporter_by_code(token)
    if found is None or not queries.published().filter(pk=found.problem_id).exists():
        raise Fault(404, _("没有 token“%s”。") % token)
    return "service_requests", [{"service_request_id": found.problem.number, "token": found.code}]


@endpoint("GET", "HEAD")
def discovery(request: HttpRequest) -> Answer:
    """Service Discovery: where the API is and which formats it speaks."""
    base = request.build_absolute_uri(reverse("open311:services", args=["xml"])).rsplit("/", 1)[0]
    offered = [
        {
            "specification": "http://wiki.open311.org/GeoReport_v2",
            "url": base,
            "changeset": "2025-01-01T00:00:00+08:00",
            "type": "production",
            "formats": ["text/xml", "application/json"],
        }
    ]
    return "discovery", {
        "changeset": "2025-01-01T00:00:00+08:00",
        "contact": _("区政务服务热线12345"),
        "key_service": _("向区重大项目推进中心申请应用密钥：%s")
        % request.build_absolute_uri(reverse("problems:developers")),
        "endpoints": offered,
    }


def _entry(problem: Problem, request: HttpRequest) -> dict[str, Any]:
    closed = problem.state not in OPEN
    place, category = problem.place, problem.category
    if category is None:
        raise AssertionError("rows without a category are not published")
    picture = getattr(problem, "photos", [])
    media = request.build_absolute_uri(reverse("problems:photo", args=[picture[0].pk])) if picture else ""
    return {
        "service_request_id": problem.number,
        "status": "closed" if closed else "open",
        "status_notes": _notes(problem),
        "service_name": _name(category),
        "service_code": category.code,
        "description": problem.description or problem.title,
        "agency_responsible": problem.handling_unit.name if problem.handling_unit else "",
        "service_notice": "",
        "requested_datetime": _stamp(problem.reported_at),
        "updated_datetime": _stamp(problem.closed_at if closed else problem.last_at),  # type: ignore[attr-defined]
        "expected_datetime": _stamp(problem.due_at),
        "address": problem.address or (problem.subdistrict.name if problem.subdistrict else ""),
        "address_id": "",
        "zipcode": "",
        "lat": place.latitude if place else "",
        "long": place.longitude if place else "",
        "media_url": media or problem.attributes.get("media_url", ""),
    }


def _stamp(at: Any) -> str:
    return georeport.stamp(timezone.localtime(at)) or "" if at else ""


def _notes(problem: Problem) -> str:
    if problem.state == State.MERGED and problem.merged_into:
        return _("已并入 %s") % problem.merged_into.number
    result = getattr(problem, "result", None)
    if problem.state == State.SOLVED and result is not None and result.published:
        return str(result.summary)
    return str(problem.get_state_display())


def _words() -> dict[str, str]:
    return {
        "status": _("status 只能是 open 或 closed。"),
        "date": _("%(name)s“%(text)s”看不懂，请写成 2025-01-01T00:00:00Z，须带时区。"),
        "number": _("%(name)s“%(text)s”须为正整数。"),
        "span": _("start_date 与 end_date 相距不得超过 90 天。"),
        "order": _("start_date 晚于 end_date。"),
        "required": _("缺少 %(name)s。"),
        "attribute": _("%(name)s 的值不在可选之列或类型不对。"),
        "location": _("缺少位置：请给 lat 和 long，或 address_string，或 address_id。"),
        "pair": _("lat 和 long 须同时给出。"),
        "degrees": _("lat 或 long 不是可能的 WGS84 度数。"),
    }


def _post(request: HttpRequest) -> dict[str, Any]:
    form, words = request.POST, _words()
    _check_key(form.get("api_key", "") or request.GET.get("api_key", ""))
    code = form.get("service_code", "").strip()
    if not code:
        raise Fault(400, words["required"] % {"name": "service_code"})
    category = _category(code)
    answers = georeport.attributes(dict(form.lists()))
    where = georeport.place(form.dict(), words)
    faults = [*where.faults, *georeport.attribute_faults(category.attributes, answers, words)]
    faults += _form_faults(form)
    if faults:
        raise Fault(400, *faults)
    description = form.get("description", "").strip()
    title = description.splitlines()[0][:60] if description else _name(category)
    kept: dict[str, Any] = {
        name: values if len(values) > 1 else values[0] for name, values in answers.items()
    }
    if form.get("media_url", "").strip():
        kept["media_url"] = form["media_url"].strip()
    spot = (
        Spot(where.longitude, where.latitude)
        if where.longitude is not None and where.latitude is not None
        else None
    )
    try:
        photos = [evidence.clean(file, "media") for file in request.FILES.getlist("media")[:3]]
        made = actions.public_report(
            by=None,
            address_of_sender=request.META.get("REMOTE_ADDR", ""),
            source=Source.OPEN311,
            photos=photos,
            report={
                "title": title,
                "description": description,
                "category": category,
                "spot": spot,
                "address": where.address,
                "attributes": kept,
                "contact": Contact(_person(form), form.get("phone", "")[:30], form.get("email", "").strip()),
            },
        )
    except TooManyRequests as refusal:
        raise Fault(429, str(refusal.message)) from refusal
    except InvalidInput as refusal:
        raise Fault(400, str(refusal.message)) from refusal
    notice = _("请记下查询码 %(code)s，可在网上查询办理情况。") % {"code": made.reporter.code}
    return {"service_request_id": made.problem.number, "service_notice": notice, "account_id": ""}


def _person(form: Any) -> str:
    """Family name first where it is Chinese, as people write it."""
    first, last = form.get("first_name", "").strip(), form.get("last_name", "").strip()
    plain = f"{first} {last}".strip()
    return (plain if plain.isascii() else f"{last}{first}")[:60]


def _form_faults(form: Any) -> list[str]:
    faults = []
    if len(form.get("description", "")) > georeport.LENGTH:
        faults.append(_("description 超过 4,000 字。"))
    email = form.get("email", "").strip()
    if email:
        try:
            validate_email(email)
        except ValidationError:
            faults.append(_("email“%s”不是邮箱地址。") % email[:80])
    media = form.get("media_url", "").strip()
    if media:
        parts = urlsplit(media) if len(media) <= 500 else None
        if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
            faults.append(_("media_url 须为 http 或 https 地址，不超过 500 字。"))
    return faults


def _check_key(key: str) -> None:
    if not key:
        raise Fault(403, _("缺少 api_key。"))
    if not ApiKey.objects.filter(key_hash=key_hash(key), active=True).exists():
        raise Fault(403, _("api_key 无效。"))
