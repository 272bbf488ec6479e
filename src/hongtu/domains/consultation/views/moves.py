"""What can be done to a topic now: one small page for each move, made for a phone as well."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from hongtu.domains.consultation import actions, forms, queries
from hongtu.domains.consultation.models import Topic
from hongtu.domains.consultation.rules import steps
from hongtu.domains.consultation.views.archive import document
from hongtu.domains.consultation.views.common import crumbs, topic_url
from hongtu.domains.consultation.vocab import State, Step
from hongtu.kernel.access.guards import PersonRequest, guard
from hongtu.kernel.access.policies import can, objects
from hongtu.kernel.people.models import Person
from hongtu.kernel.problems import evidence
from hongtu.ledger.pages import attempt, done
from hongtu.ui.components import Crumb

Run = Callable[[Person, Topic, dict[str, Any]], Any]
TABLE = (Step.INVITE, Step.PREPARE, Step.DISCUSS)


@dataclass(frozen=True)
class Move:
    """A move: its words, its form, at which steps it is open, what it takes, and what it does with the form's
    values (the topic's `version` among them)."""

    slug: str
    title: str | Promise
    form: type[forms.TopicForm]
    at: tuple[Step, ...]
    run: Run
    verb: str = "change"
    when: Callable[[Topic, steps.Facts], bool] = lambda topic, facts: True
    note: str | Promise = ""


def _photo(by: Person, topic: Topic, given: dict[str, Any]) -> Any:
    file = given.pop("photo", None)
    photo = evidence.clean(file, "photo") if file else None
    return actions.inspect(by=by, photo=photo, **_without_version(given))


def _without_version(given: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if name != "version"}


def _hand_over(by: Person, topic: Topic, given: dict[str, Any]) -> Any:
    task, problem = given["task"], given["problem"]
    if problem is not None:
        return actions.adopt_problem(by=by, task=task, version=task.version, problem=problem)
    return actions.hand_over(by=by, task=task, version=task.version)


def _task(by: Person, topic: Topic, given: dict[str, Any]) -> Any:
    ended = queries.conclusion(topic)
    return actions.set_task(by=by, conclusion=ended, **_without_version(given)) if ended else None


def _declare(by: Person, topic: Topic, given: dict[str, Any]) -> Any:
    person = given["participant"]
    return actions.declare(
        by=by,
        participant=person,
        version=person.version,
        interest=given["interest"],
        text=given["text"],
    )


def _answer(by: Person, topic: Topic, given: dict[str, Any]) -> Any:
    objection = given["objection"]
    return actions.answer_objection(
        by=by,
        objection=objection,
        version=objection.version,
        answer=given["answer"],
        upheld=given["upheld"],
    )


def _archive(by: Person, topic: Topic, given: dict[str, Any]) -> Any:
    return actions.archive(
        by=by, topic=topic, version=given["version"], document=document(topic, closing=True)
    )


def _plain(action: Callable[..., Any], *, versioned: bool = False) -> Run:
    """An action that takes the topic and the form's values as they are."""

    def run(by: Person, topic: Topic, given: dict[str, Any]) -> Any:
        return action(by=by, topic=topic, **(given if versioned else _without_version(given)))

    return run


MOVES = {
    move.slug: move
    for move in (
        Move("screen", gettext_lazy("审题"), forms.ScreenForm, (Step.SCREEN,),
             _plain(actions.screen, versioned=True), "approve"),
        Move("merge", gettext_lazy("并入同类提事"), forms.MergeForm, (Step.SCREEN, *TABLE),
             _plain(actions.merge_proposals), when=lambda topic, facts: queries.has_similar(topic)),
        Move("invite", gettext_lazy("邀请参会人员"), forms.InviteForm, TABLE, _plain(actions.invite)),
        Move("declare", gettext_lazy("利益冲突声明"), forms.DeclareForm, TABLE, _declare, "read",
             lambda topic, facts: bool(facts.seats)),
        Move("uninvite", gettext_lazy("取消邀请"), forms.UninviteForm, TABLE[:2],
             lambda by, topic, given: actions.uninvite(by=by, **_without_version(given)) or True,
             when=lambda topic, facts: bool(facts.seats)),
        Move("situation", gettext_lazy("填写调研情况"), forms.SituationForm, (Step.PREPARE,),
             lambda by, topic, given: actions.revise(by=by, record=topic, **given)),
        Move("option", gettext_lazy("加备选方案"), forms.OptionForm, (Step.PREPARE,),
             _plain(actions.add_option)),
        Move("drop", gettext_lazy("撤下方案"), forms.DropForm, (Step.PREPARE,),
             lambda by, topic, given: actions.drop_option(by=by, option=given["option"]) or True,
             when=lambda topic, facts: bool(facts.offers)),
        Move("notice", gettext_lazy("发会议预公告"), forms.NoticeForm, (Step.PREPARE,),
             _plain(actions.give_notice)),
        Move("poll", gettext_lazy("发起业主表决"), forms.DropForm,
             (Step.PREPARE, Step.DISCUSS, Step.CONCLUDE),
             lambda by, topic, given: actions.open_poll(by=by, option=given["option"]),
             when=lambda topic, facts: bool(topic.common_matter and facts.offers)),
        Move("conclude", gettext_lazy("形成协商意见"), forms.ConcludeForm, (Step.CONCLUDE,),
             _plain(actions.conclude, versioned=True)),
        Move("post", gettext_lazy("公示结论"), forms.PostForm, (Step.POST,), _plain(actions.post),
             when=lambda topic, facts: facts.posted_until is None),
        Move("answer", gettext_lazy("答复异议"), forms.AnswerForm, (Step.POST,), _answer,
             when=lambda topic, facts: facts.objections_open > 0),
        Move("task", gettext_lazy("开任务单"), forms.TaskForm, (Step.ASSIGN,), _task,
             note=gettext_lazy("钱、人、路径、时限、佐证五样齐全才能交办。")),
        Move("hand-over", gettext_lazy("交办任务"), forms.HandOverForm, (Step.ASSIGN,), _hand_over,
             "approve", lambda topic, facts: facts.tasks_draft > 0),
        Move("inspect", gettext_lazy("记督查"), forms.InspectForm, (Step.SUPERVISE,), _photo),
        Move("evaluate", gettext_lazy("评价"), forms.EvaluateForm, (Step.EVALUATE,),
             _plain(actions.evaluate), "read"),
        Move("reconsider", gettext_lazy("重新协商"), forms.ReasonForm,
             (Step.POST, Step.EVALUATE, Step.ARCHIVE), _plain(actions.reconsider, versioned=True),
             when=lambda topic, facts: steps.may_reconsider(Step(topic.step), facts)),
        Move("archive", gettext_lazy("归档"), forms.TopicForm, (Step.ARCHIVE,), _archive,
             note=gettext_lazy("归档后不能再改；全部材料合成一份 PDF，连同校验码保存。")),
        Move("advance", gettext_lazy("进入下一步"), forms.TopicForm,
             tuple(s for s in Step if s not in (Step.PROPOSE, Step.SCREEN, Step.CONCLUDE, Step.ARCHIVE)),
             _plain(actions.advance, versioned=True),
             when=lambda topic, facts: not steps.lacks(Step(topic.step), facts, queries.steps_rule())),
    )
}  # fmt: skip


def open_moves(topic: Topic, facts: steps.Facts, by: Person) -> list[Move]:
    """The moves open to this person at this step."""
    if topic.state != State.OPEN:
        return []
    reached = {verb: _reaches(topic, by, verb) for verb in ("read", "change", "approve")}
    seated = queries.participant_of(topic, by) is not None
    return [
        move
        for move in MOVES.values()
        if Step(topic.step) in move.at
        and reached[move.verb]
        and (move.verb != "read" or seated or reached["change"])
        and move.when(topic, facts)
    ]


def _reaches(topic: Topic, by: Person, verb: str) -> bool:
    permission = f"{queries.DOMAIN}.{verb}"
    return can(by, permission) and objects(Topic, by=by, to=verb).filter(pk=topic.pk).exists()


def _permission(pk: int, slug: str) -> str:
    move = MOVES.get(slug)
    return f"{queries.DOMAIN}.{move.verb if move else 'read'}"


@guard(_permission)
@require_http_methods(["GET", "POST"])
def move(request: PersonRequest, pk: int, slug: str) -> HttpResponse:
    """The page of one move; 404 when it is not open to her now."""
    found = queries.topic(pk, request.user)
    facts = queries.facts(found)
    chosen = next((m for m in open_moves(found, facts, request.user) if m.slug == slug), None)
    if chosen is None:
        raise Http404(_("现在不能做这件事，可能已经有人做过了。"))
    form = chosen.form(*_given(request), topic=found, by=request.user)
    if form.is_valid() and attempt(form, lambda: chosen.run(request.user, found, dict(form.cleaned_data))):
        return done(request, _("%(move)s：已完成") % {"move": chosen.title}, topic_url(found))
    context = {
        "topic": found,
        "move": chosen,
        "form": form,
        "topic_url": topic_url(found),
        "multipart": form.is_multipart(),
        "breadcrumbs": crumbs(Crumb(found.name, topic_url(found)), Crumb(chosen.title)),
    }
    status = 422 if form.is_bound else 200
    return render(request, "consultation/move.html", context, status=status)


def _given(request: HttpRequest) -> tuple[Any, ...]:
    return (request.POST, request.FILES) if request.method == "POST" else ()
