"""From a proposal to the archive in the browser: the community convenes, the sub-district screens and hands
over, a resident
objects on her phone."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, ClassVar

import pytest

from hongtu.domains.consultation.models import Meeting, Posting, Task, Topic
from hongtu.kernel.people.models import Person
from hongtu.kernel.problems import actions as spine
from hongtu.kernel.profile.models import District
from tests.journeys.axe import faults_of, violations
from tests.journeys.steps import Visitor
from tests.kernel.problems.conftest import photo

pytestmark = pytest.mark.browser
NAME = "单元门口雨棚更换"
PARTS = (
    ("利益相关居民", "示例甲"), ("利益相关居民", "示例乙"), ("利益相关居民", "示例丙"), ("社区", "示例丁"),
    ("政协委员", "示例戊"),
)  # fmt: skip


class Table:
    """One person's browser at the topic."""

    looked_at: ClassVar[set[str]] = set()

    def __init__(self, visitor: Visitor, topic: Topic) -> None:
        self.visitor, self.topic = visitor, topic

    @property
    def page(self) -> Any:
        return self.visitor.page

    def open(self) -> Any:
        return self.visitor.open(f"/consultations/{self.topic.pk}/")

    def move(self, title: str, fill: Callable[[Any], None] = lambda page: None) -> None:
        """Open a move by its button, fill it in, send it, and wait for the word that it is done."""
        self.open()
        self.page.locator("#now").get_by_role("link", name=title, exact=True).click()
        self.page.get_by_role("heading", level=1, name=title).wait_for()
        if title not in self.looked_at:
            assert faults_of(self.page) == []
            self.looked_at.add(title)
        fill(self.page)
        self.page.get_by_role("button", name=title, exact=True).click()
        self.page.get_by_text(f"{title}：已完成").wait_for()

    def step(self) -> str:
        return str(self.page.locator('[aria-current="step"] .eleven-name').inner_text()).split()[-1]


def later(days: int) -> None:
    """The district's day moves on."""
    found = District.objects.get()
    assert found.data_date is not None
    found.revise(found.version, data_date=found.data_date + timedelta(days=days))


def typed(**values: str) -> Callable[[Any], None]:
    def fill(page: Any) -> None:
        for name, value in values.items():
            field = page.locator(f"[name={name}]")
            if field.evaluate("e => e.tagName") == "SELECT":
                field.select_option(label=value)
            else:
                field.fill(value)

    return fill


def test_from_a_topic_to_its_result(visit: Callable[..., Visitor]) -> None:
    community, street = visit("shequ"), visit("jiedao")
    topic = _register(community)
    desk, table = Table(street, topic), Table(community, topic)
    desk.move("审题", lambda page: page.get_by_label("立题", exact=True).check())
    _prepare(table)
    _meet(visit("shequ", width=390), table)
    _post(table, visit(width=390))
    _carry_out(table, desk)
    _close(table)
    complaints = [c for v in (community, street) for c in v.complaints]
    assert [c for c in complaints if " 422 " not in c] == []  # what was refused on purpose


def _register(community: Visitor) -> Topic:
    page = community.open("/consultations/")
    assert violations(page) == []
    page.get_by_role("link", name="登记议题").click()
    page.locator("[name=name]").fill(NAME)
    page.locator("[name=description]").fill("雨棚破损，下雨天门口积水结冰，老人滑倒过。")
    page.locator("[name=kind]").select_option(label="其他")
    page.locator("[name=subdistrict]").select_option(label="凤凰洲街道")
    page.locator("[name=community]").select_option(label="凤凰花园社区居委会")
    page.locator("main form").get_by_role("button", name="保存").click()
    page.get_by_role("heading", level=1, name=NAME).wait_for()
    return Topic.objects.get(name=NAME)


def _prepare(table: Table) -> None:
    table.open()
    assert violations(table.page) == []
    assert table.step() == "定人"
    for part, name in PARTS:
        table.move("邀请参会人员", typed(part=part, name=name))
    table.move("进入下一步")
    table.move("填写调研情况", typed(situation="雨棚6处破损，三年内报修11次。"))
    for name, cost in (("全部更换", "3.2"), ("局部修补", "0.8")):
        money = typed(name=name, description=f"{name}雨棚", cost=cost, source_1="小区公共收益", amount_1=cost)
        table.move("加备选方案", money)
    day = (District.objects.get().data_date or table.topic.registered_on) + timedelta(days=13)
    table.move("发会议预公告", typed(held_on=day.isoformat(), place="社区议事厅", host="示例丁"))
    for _part, name in PARTS:

        def declare(page: Any, name: str = name) -> None:
            page.locator("[name=participant]").select_option(label=name)
            conflict = name == "示例丙"
            page.get_by_label("有利益冲突，表决时回避" if conflict else "无利益冲突", exact=True).check()
            if conflict:
                page.locator("[name=text]").fill("亲属的公司参加报价")

        table.move("利益冲突声明", declare)
    table.move("进入下一步")
    table.open()
    assert table.step() == "议事"


def _meet(phone: Visitor, table: Table) -> None:
    later(13)
    meeting = Meeting.objects.get(topic=table.topic)
    page = phone.open(f"/consultations/meetings/{meeting.pk}/")
    assert violations(page) == []
    for _part, name in PARTS:
        page.get_by_label(name, exact=True).check()
    page.get_by_role("button", name="保存签到").click()
    page.get_by_text("签到已保存").wait_for()
    for name, kind, text, minority in (
        ("示例甲", "事实", "上个月有两位老人滑倒。", False),
        ("示例乙", "方案", "全部更换，一次解决。", False),
        ("示例戊", "意见", "应当先修最破的两处。", True),
    ):
        page.locator("[name=participant]").first.select_option(label=name)
        page.get_by_label(kind, exact=True).check()
        page.locator("[name=text]").fill(text)
        page.get_by_label("少数意见", exact=True).set_checked(minority)
        page.get_by_role("button", name="记下发言").click()
        page.locator(".speeches").get_by_text(text).wait_for()
    assert violations(page) == []
    table.move("进入下一步")
    for name, choice in (("示例甲", "同意"), ("示例乙", "同意"), ("示例丁", "同意"), ("示例戊", "反对")):
        page = phone.open(f"/consultations/meetings/{meeting.pk}/")
        form = page.locator("#votes form")
        labels = form.locator("[name=participant] option").all_inner_texts()
        assert "示例丙" not in labels, "recused"
        form.locator("[name=participant]").select_option(label=name)
        form.get_by_label(choice, exact=True).check()
        form.get_by_label("已在意见书上签字").check()
        form.get_by_role("button", name="记下表决").click()
        page.get_by_text("表决已记下").wait_for()
    assert violations(page) == []
    table.move("形成协商意见", typed(option="全部更换", text="同意全部更换雨棚，费用由公共收益支付。"))


def _post(table: Table, phone: Visitor) -> None:
    table.move("公示结论")
    posting = Posting.objects.get(conclusion__topic=table.topic)
    page = phone.open("/consultations/public/")
    assert violations(page) == []
    page.get_by_role("link", name=NAME).click()
    page.locator("[name=text]").fill("能不能同时装照明灯？")
    page.get_by_role("button", name="提交异议").click()
    page.get_by_text("您的异议已收到").wait_for()
    assert violations(page) == []
    objection = posting.objections.get()
    table.move("答复异议", typed(objection=str(objection), answer="一并安装感应灯，写进任务要求。"))
    page = phone.open(f"/consultations/public/{posting.pk}/")
    page.get_by_text("一并安装感应灯").wait_for()
    later(6)
    table.move("进入下一步")


def _carry_out(table: Table, desk: Table) -> None:
    table.move("开任务单", typed(name="更换雨棚", approach="物业采购安装，社区验收"))
    desk.open()
    desk.page.locator("#now").get_by_role("link", name="交办任务").click()
    desk.page.locator("[name=task]").select_option(label="更换雨棚")
    desk.page.get_by_role("button", name="交办任务", exact=True).click()
    desk.page.get_by_text("不能交办，还缺").first.wait_for()  # money, owner, deadline, evidence
    page = table.open()
    page.get_by_role("link", name="更换雨棚", exact=True).click()
    due = (District.objects.get().data_date or table.topic.registered_on) + timedelta(days=40)
    typed(amount="3.2", funding="小区公共收益", due_on=due.isoformat(), evidence="完工照片")(page)
    page.locator("[name=unit]").select_option(label="凤凰洲街道")
    page.locator("[name=person]").select_option(label="示例·街道经办")
    page.locator("main form").get_by_role("button", name="保存").click()
    page.get_by_text("完工照片").first.wait_for()
    desk.move("交办任务", typed(task="更换雨棚"))
    table.move("进入下一步")
    table.move("记督查", typed(task="更换雨棚", supervisor="示例戊", finding="已到货，正在安装。"))
    _solve(Task.objects.get(conclusion__topic=table.topic))


def _solve(task: Task) -> None:
    """The spine's own way, which has journeys of its own."""
    problem, other = task.problem, Person.objects.get(username="work-360113004")
    assert problem is not None
    spine.sign(by=other, problem=problem, version=problem.version)
    spine.state_measures(by=other, problem=problem, version=problem.version, measures="安装")
    done = spine.Outcome("雨棚6处全部更换")
    spine.ask_to_close(by=other, problem=problem, version=problem.version, outcome=done, photos=[photo()])
    checker = Person.objects.get(username="check-1")
    spine.verify(by=checker, problem=problem, version=problem.version)
    spine.answer(by=None, following=problem.followings.get(), verdict="confirmed")


def _close(table: Table) -> None:
    table.move("进入下一步")
    for _part, name in PARTS[:3]:

        def judge(page: Any, name: str = name) -> None:
            page.locator("[name=participant]").select_option(label=name)
            page.get_by_label("满意", exact=True).check()

        table.move("评价", judge)
    table.move("进入下一步")
    table.move("归档")
    page = table.open()
    page.get_by_text("已归档").first.wait_for()
    assert page.locator(".eleven-done").count() == 11
    assert violations(page) == []
    table.topic.refresh_from_db()
    assert table.topic.archive.read(4) == b"%PDF"
