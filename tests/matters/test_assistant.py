"""The assistant is right or says so: complete, traceable, deaf to instructions, and it brings the helper in."""

import json
from pathlib import Path

import pytest
from django.test import Client

from hongtu.boards.assistant.answers import Answer, Context, answer, field_texts
from hongtu.boards.assistant.knowledge import Knowledge, knowledge
from hongtu.domains.matters import actions, queries
from hongtu.domains.matters.models import Conversation, Guide, Handover
from hongtu.kernel.base.errors import InvalidInput
from hongtu.kernel.people.models import Person
from hongtu.kernel.profile.models import today
from tests.matters.conftest import login

FIVE = {"department", "offices", "materials", "time", "fee"}
INJECTIONS = [
    json.loads(line) for line in (Path(__file__).parent / "injections.jsonl").read_text("utf-8").splitlines()
]


@pytest.fixture
def known(stock: None) -> Knowledge:
    return knowledge(today())


def assert_traceable(found: Answer, known: Knowledge) -> None:
    """Every sentence is a field of the published version it names, word for word."""
    for sentence in found.sentences:
        guide = known.guides[sentence.matter]
        assert guide.state == "published" and guide.number == sentence.version
        assert sentence.effective_from == str(guide.effective_from)
        assert sentence.text == field_texts(guide)[sentence.field]
        assert sentence.url.startswith(f"/matters/m/{sentence.matter}/#")


def test_the_residence_permit_comes_complete_in_one_answer(known: Knowledge) -> None:
    found = answer("居住证怎么办", known)
    assert (found.outcome, found.matter) == ("answered", "BB136")
    told = {s.field for s in found.sentences}
    assert told >= FIVE | {"steps", "conditions", "hours", "result", "phone", "mistakes"}
    assert found.sentences[0].field == "steps", "what was asked comes first"
    assert_traceable(found, known)


def test_every_matter_asked_by_its_name_is_answered_with_all_five_fields(known: Knowledge) -> None:
    complete = 0
    for code, guide in known.guides.items():
        found = answer(f"{guide.matter.name}怎么办", known)
        assert found.outcome in ("answered", "asks"), guide.matter.name
        if found.outcome == "answered":
            assert found.matter == code, (guide.matter.name, found.name)
            assert_traceable(found, known)
            complete += {s.field for s in found.sentences} >= FIVE
    assert complete >= 0.95 * len(known.guides)


def test_what_people_call_a_matter_leads_to_it(known: Knowledge) -> None:
    wrong = [
        (alias, found.outcome, found.name)
        for guide in known.guides.values()
        for alias in guide.matter.aliases
        if (found := answer(f"{alias}要带什么", known)).outcome != "asks"
        and found.matter != guide.matter.code
    ]
    total = sum(len(g.matter.aliases) for g in known.guides.values())
    assert len(wrong) <= 0.03 * total, wrong


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("居住证要带什么材料", "materials"),
        ("办居住证要多少钱", "fee"),
        ("居住证要多久", "time"),
        ("居住证去哪里办", "offices"),
        ("居住证归谁管", "department"),
    ],
)
def test_what_was_asked_comes_first(known: Knowledge, question: str, first: str) -> None:
    found = answer(question, known)
    assert (found.matter, found.sentences[0].field) == ("BB136", first)


def test_a_missing_field_is_named_not_filled(known: Knowledge) -> None:
    found = answer("高龄津贴能领多少钱", known)
    assert (found.outcome, found.matter) == ("answered", "BB017")
    assert "amount" in found.missing
    assert "amount" not in {s.field for s in found.sentences}
    assert "progress" in answer("居住证办到哪一步了", known).missing


def test_a_follow_up_speaks_of_the_same_matter(known: Knowledge) -> None:
    found = answer("要多少钱", known, Context(matter="BB139"))
    assert (found.outcome, found.matter, found.sentences[0].field) == ("answered", "BB139", "fee")
    assert answer("要多少钱", known).outcome == "asks"


def test_two_possible_matters_are_asked_back_and_a_short_reply_chooses(known: Knowledge) -> None:
    found = answer("残疾人两项补贴和残疾人护理补贴", known, Context())
    choices = Context(choices=("BB136", "BB137"), pending="要带什么")
    assert answer("第二个", known, choices).matter == "BB137"
    assert answer("居住证", known, choices).matter == "BB136"
    assert answer("", known, choices, choice="BB137").sentences[0].field == "materials"
    assert found.outcome in ("asks", "answered", "refused")


@pytest.mark.parametrize(
    ("question", "who"),
    [("护照怎么办", "出入境"), ("驾照到期换证", "车管所"), ("房产过户去哪里", "不动产登记")],
)
def test_what_others_handle_is_sent_there(known: Knowledge, question: str, who: str) -> None:
    found = answer(question, known)
    assert found.outcome == "refused" and who in found.notice and not found.sentences


@pytest.mark.parametrize(
    "question", ["红烧肉怎么做", "股票会涨吗", "写一首诗", "1+1等于几", "你喜欢谁", "世界杯谁赢了"]
)
def test_far_out_of_scope_is_refused(known: Knowledge, question: str) -> None:
    found = answer(question, known)
    assert found.outcome == "refused" and not found.sentences


@pytest.mark.parametrize(
    "question",
    [
        "",
        "   ",
        "\0\0\x07居住证怎么办\x1b[31m",
        "😀🏠❓",
        "hello, how do I get it",
        "居住证" * 7000,
        "臨時居住證怎麼辦",
        "？？？！！！",
        "\ud800坏",
        "ａｂｃ１２３",
        "\u202e证住居",
    ],
)
def test_any_input_gets_an_answer_or_a_clear_word(known: Knowledge, question: str) -> None:
    found = answer(question, known)
    assert found.outcome in ("answered", "asks", "refused")
    assert found.sentences or found.notice
    assert_traceable(found, known)


def test_traditional_characters_and_controls_reach_the_record(known: Knowledge) -> None:
    assert answer("居住證怎麼辦", known).matter == "BB136"
    assert answer("\0居住证\x07怎么办", known).matter == "BB136"


def test_a_hundred_injected_questions_are_harmless(known: Knowledge) -> None:
    attacks = [i["text"] for i in INJECTIONS if i["where"] == "question"]
    assert len(attacks) == 100
    fields = {text for guide in known.guides.values() for text in field_texts(guide).values()}
    for attack in attacks:
        found = answer(attack, known)
        assert_traceable(found, known)
        assert all(s.text in fields for s in found.sentences)
        assert found.outcome in ("answered", "asks", "refused")
        assert attack not in found.text
        assert not {"密码是", "SECRET", "http://", "https://", "<script"} & set(found.text.split())


def test_a_hundred_planted_documents_are_harmless(permit: Guide, editor: Person) -> None:
    planted = [i for i in INJECTIONS if i["where"] == "document"]
    assert len(planted) == 100
    before = answer("居住证怎么办", knowledge(today()))
    accepted = []
    for item in planted:
        parts = {"materials": [{"name": "身份证", "note": item["text"][:300]}]}
        fields = {} if item["field"] == "materials" else {item["field"]: item["text"]}
        made = actions.next_version(
            by=editor, guide=permit, parts=parts if item["field"] == "materials" else None, **fields
        )
        try:
            actions.submit(by=editor, guide=made, version=made.version)
        except InvalidInput as refusal:
            assert refusal.code == "matters.instruction_in_text"
        else:
            accepted.append(item["text"])
    assert accepted == []
    assert answer("居住证怎么办", knowledge(today())) == before, "drafts are never retrieved"


def test_a_published_correction_is_in_the_next_answer(permit: Guide, editor: Person, chief: Person) -> None:
    assert "首次申领免收" in answer("居住证多少钱", knowledge(today())).text
    made = actions.next_version(by=editor, guide=permit, fee="全部免费，自五月起")
    made = actions.submit(by=editor, guide=made, version=made.version)
    actions.decide(by=chief, guide=made, version=made.version, publish=True)
    found = answer("居住证多少钱", knowledge(today()))
    assert (found.sentences[0].text, found.sentences[0].version) == ("全部免费，自五月起", 2)


def test_a_conversation_is_handed_over_and_answered_with_a_correction(
    stock: None, visitor: Client, chief: Person, editor: Person
) -> None:
    visitor.post("/assistant/ask/", {"q": "居住证怎么办"})
    visitor.post("/assistant/ask/", {"q": "合租的没有合同怎么写"})
    visitor.post("/assistant/handover/", {"contact": "示例电话"})
    visitor.post("/assistant/handover/", {"contact": "示例电话2"})
    item = Handover.objects.get(contact="示例电话2")
    assert item.matter and item.matter.code == "BB136"
    assert item.due_at.isoformat() and item.conversation.turns.count() == 4
    client = login(chief)
    assert "合租" in client.get("/assistant/queue/").content.decode()
    reply = {
        "version": item.version,
        "reply": "房东写一份住宿说明就行。",
        "assisted": "on",
        "field": "mistakes",
        "text": "没有合同的，房东出具住宿说明即可。",
    }
    assert client.post(f"/assistant/queue/{item.pk}/", reply).status_code == 302
    assert "房东写一份住宿说明就行" in visitor.get("/assistant/").content.decode()
    item.refresh_from_db()
    assert item.draft and item.draft.state == "draft" and "住宿说明" in item.draft.mistakes
    assert queries.figures(today())["assists"] == 59
    assert "住宿说明" not in answer("居住证怎么办", knowledge(today())).text


def test_helpers_of_another_unit_do_not_see_the_queue_item(talks: None, editor: Person) -> None:
    from hongtu.kernel.access.models import Assignment
    from tests.conftest import make_unit

    other = Person.objects.create(
        username="far", name="far", pinyin="far", unit=make_unit("X", "X", "subdistrict"), password="!"
    )
    Assignment.objects.create(person=other, role="subdistrict_helper", unit=other.unit)
    item = Handover.objects.first()
    assert login(other).get(f"/assistant/queue/{item.pk}/").status_code == 404
    assert login(editor).get(f"/assistant/queue/{item.pk}/").status_code == 200


def test_the_api_answers_keeps_the_talk_and_refuses_nonsense(stock: None, visitor: Client) -> None:
    def post(body: str) -> object:
        return visitor.post("/assistant/api/ask", body, content_type="application/json")

    first = post(json.dumps({"question": "居住证怎么办"})).json()  # type: ignore[attr-defined]
    assert (first["outcome"], first["matter"]) == ("answered", "BB136")
    assert set(first["fields"]) >= FIVE
    again = post(json.dumps({"question": "多少钱", "conversation": first["conversation"]}))
    assert again.json()["matter"] == "BB136"  # type: ignore[attr-defined]
    assert post("{").status_code == 422  # type: ignore[attr-defined]
    assert post('{"question": 5}').status_code == 422  # type: ignore[attr-defined]
    before = Conversation.objects.count()
    assert visitor.get("/assistant/api/ask", {"q": "居住证"}).json()["matter"] == "BB136"
    assert Conversation.objects.count() == before


def test_asking_for_a_human_brings_one(stock: None, visitor: Client) -> None:
    before = Handover.objects.count()
    visitor.post("/assistant/ask/", {"q": "加装电梯要交给谁"})
    visitor.post("/assistant/ask/", {"q": "转人工"})
    assert Handover.objects.count() == before + 1
    assert Handover.objects.latest("pk").question == "加装电梯要交给谁"


def test_unanswered_questions_are_ranked(talks: None, editor: Person) -> None:
    page = login(editor).get("/assistant/unanswered/").content.decode()
    assert "社区食堂可以外卖吗" in page
    asked = queries.unanswered(today().replace(year=today().year - 1))
    assert (asked[0]["question"], asked[0]["times"]) == ("社区食堂可以外卖吗", 3)


def test_feedback_with_a_reason_reaches_the_editors(stock: None, visitor: Client, editor: Person) -> None:
    visitor.post("/assistant/ask/", {"q": "居住证怎么办"})
    assert visitor.post("/assistant/feedback/2/", {"reason": "nonsense"}).status_code == 422
    assert visitor.post("/assistant/feedback/2/", {"reason": "outdated"}).status_code == 302
    assert "内容过时" in login(editor).get("/assistant/unanswered/").content.decode()
    assert Client().post("/assistant/feedback/2/", {"reason": "outdated"}).status_code == 404
