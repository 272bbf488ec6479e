"""From the short tables to whole guides: who, where, when, what to bring, step by step."""

import csv
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from hongtu.domains.matters.demo.cast import Cast
from hongtu.domains.matters.demo.elements import approval_elements, service_elements
from hongtu.kernel.profile.models import rule

FOLDER = Path(__file__).parent
EFFECTIVE = date(2025, 1, 1)
HOURS = "周一至周五 9:00—12:00、13:30—17:00（法定节假日除外），周六上午延时服务"
CENTRE_PHONE, HALL_PHONE, COMPLAINT = "0791-0000 0101（示例）", "0791-0000 0102（示例）", "12345"
NECESSITY = {"必要": "required", "非必要": "optional", "容缺": "later"}
SOURCE = {"自备": "applicant", "核发": "government", "中介": "intermediary"}
SUFFIXES = ("申领帮办", "申请帮办", "登记帮办", "帮办", "申领", "申请", "指引", "登记", "申报", "认定")
DAYS = "{}个工作日内"
STAGES = {"1": "立项用地", "2": "规划方案", "3": "施工许可", "建设": "施工建设", "4": "竣工验收"}
PROJECT_TYPES = (
    ("government_building", "A"),
    ("road", "B"),
    ("commercial_building", "C"),
    ("industry", "D"),
    ("renovation", "E"),
    ("water_farmland", "F"),
)
# Department words of the approval table -> unit code of the demonstration district.
DEPARTMENTS = (
    ("自然资源", "ZRZY", "市自然资源和规划局红谷滩分局"),
    ("发改", "FGW", "区发展和改革委员会"),
    ("住建", "ZJJ", "区住房和城乡建设局"),
    ("生态环境", "STHJ", "市红谷滩生态环境局"),
    ("水利", "NYJ", "区农业农村水利局"),
    ("财政", "CZJ", "区财政局"),
    ("城管", "CGJ", "区城市管理局"),
    ("文旅", "WLJ", "区文化旅游局"),
)


@cache
def content() -> dict[str, Any]:
    """The texts by line of business."""
    loaded: dict[str, Any] = yaml.safe_load((FOLDER / "content.yaml").read_text(encoding="utf-8"))
    return loaded


def _table(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _short(name: str) -> str:
    """A matter's name without what is done about it: 居住证申领帮办 -> 居住证."""
    for suffix in SUFFIXES:
        if name.endswith(suffix) and len(name) > len(suffix) + 1:
            return name.removesuffix(suffix)
    return name


def material(text: str) -> dict[str, Any]:
    """One material out of its short form."""
    name, necessity, source, held, note = [*(p.strip() for p in text.split(";")), *[""] * 4][:5]
    return {
        "name": name,
        "necessity": NECESSITY[necessity or "必要"],
        "source": SOURCE[source or "自备"],
        "held_by_government": held == "已有",
        "form": "copy" if "复印" in note else "original",
        "note": note,
        "details": {
            "material_format": "either",
            "page_format": "A4",
            **(
                {"fill_explain": "用黑色签字笔填写或窗口代填，由申请人本人签字。"}
                if name.endswith("申请表")
                else {}
            ),
            **(
                {"accept_stand": "在有效期内，与申请人一致，字迹清楚。"}
                if "身份证" in name or "证" in name[-2:]
                else {}
            ),
        },
    }


def _step(text: str) -> dict[str, str]:
    name, who, days, words = [*(p.strip() for p in text.split(";")), *[""] * 3][:4]
    return {"name": name, "who": who, "days": days, "text": words}


def _steps(flow: str, days: int, department: str, window: str) -> list[dict[str, str]]:
    """The course of a matter, by who takes it in and who decides."""
    first, last = [*flow.split("-"), flow][:2]
    begin = {"name": "申请", "who": "申请人", "days": "随到随办", "text": f"带材料到{window}，或网上提交"}
    check = {
        "name": "受理",
        "who": "社区（村）便民服务站" if first.startswith(("社区", "村级")) else "窗口帮办员",
        "days": "当场",
        "text": "核对材料，缺什么一次性书面告知；齐全的出具受理单",
    }
    if days <= 1:
        end = {"name": "办结", "who": department, "days": "当日", "text": "当场办理，告知结果"}
        return [begin, check, end]
    review = {
        "name": "审核",
        "who": "区级主管部门" if last.startswith("区") else department,
        "days": DAYS.format(days),
        "text": "核验共享数据，必要时入户或公示",
    }
    deliver = {
        "name": "送达",
        "who": "窗口帮办员",
        "days": "1个工作日内",
        "text": "短信告知结果，可窗口领取或邮寄",
    }
    return [begin, check, review, deliver]


def service_rows(known: dict[str, Any], cast: Cast) -> list[dict[str, Any]]:
    """The sub-district's matters, as `actions.load` takes them."""
    said = {row["code"]: row["sayings"] for row in _table("sayings.csv")}
    rows = (row | {"aliases": f"{row['aliases']}|{said[row['code']]}"} for row in _table("services.csv"))
    return [_service(n, row, known, cast) for n, row in enumerate(rows)]


def _service(number: int, row: dict[str, str], known: dict[str, Any], cast: Cast) -> dict[str, Any]:
    own = known["lines"][row["line"]] | known["matters"].get(row["code"], {})
    words = {"short": _short(row["name"]), "subdistrict": cast.unit.name}
    for name, text in known["common"].items():
        words[name] = text.format(**words) if "{" in text else text
    days = int(own.get("promised", row["days"]))
    department = own["department"].format(**words)
    steps = (
        [_step(s) for s in own["steps"]]
        if "steps" in own
        else _steps(row["flow"], days, department, own["window"])
    )
    guidance = row["flow"] in ("帮办指引", "帮办代办") or row["name"].endswith("指引")
    return {
        "matter": {
            "code": row["code"],
            "name": row["name"],
            "kind": "service",
            "line": row["line"],
            "theme": row["theme"],
            "aliases": [a for a in row["aliases"].split("|") if a],
            "unit": cast.unit,
            "helper": cast.chief,
            "demonstration": True,
        },
        "guide": {
            "department": department,
            "audience": row["audience"],
            "conditions": own["conditions"].format(**words),
            "channels": own.get("channels", "窗口、网上（赣服通）"),
            "visits": own.get("visits", 1),
            "legal_days": own.get("legal", None if guidance else max(days * 2, days + 5)),
            "promised_days": days,
            "time_note": own.get("time_note", "当场受理，即来即办" if days <= 1 else f"自受理之日起{DAYS.format(days)}办结，不含公示和补正时间"),
            "fee": own.get("fee", "不收费"),
            "result": own["result"],
            "basis": own["basis"],
            "phone": CENTRE_PHONE,
            "complaint_phone": COMPLAINT,
            "mistakes": own["mistakes"],
            "commitment": "promise" if "承诺" in str(own["materials"]) else "none",
            "effective_from": EFFECTIVE,
            # A few reviews have run out, as they do in any office.
            "reviewed_on": date(2024, 9, 20) if number % 41 == 40 else EFFECTIVE + timedelta(number % 60),
            "elements": service_elements(row, days, "网上" in own.get("channels", "网上"), own.get("fee", "不收费")),
        },
        "parts": {
            "materials": [material(m.format(**words)) for m in own["materials"]],
            "steps": steps,
            "offices": [
                {
                    "name": cast.centre.name,
                    "window": own["window"],
                    "address": cast.centre.address,
                    "hours": HOURS,
                    "phone": CENTRE_PHONE,
                    "place": cast.centre,
                }
            ],
        },
    }  # fmt: skip


def _department(words: str, cast: Cast) -> tuple[Any, str]:
    for key, code, name in DEPARTMENTS:
        if key in words and code in cast.units:
            return cast.units[code], name
    return cast.units["XZSP"], words


def approval_rows(cast: Cast) -> list[dict[str, Any]]:
    """The construction approvals, as `actions.load` takes them; out of the rule that the profile brings."""
    return [_approval(n, _approval_row(r), cast) for n, r in enumerate(rule("projects.approvals")["matters"])]


def _approval_row(row: dict[str, str]) -> dict[str, str]:
    """A matter of the rule in this room's words: stages by name, project types by letter."""
    kinds = row["project_types"].split()
    return {
        **{name: row[name] for name in ("code", "name", "department", "preparation_days", "commitment")},
        "stage": STAGES[row["stage"]],
        "procedure": row["kind"],
        "legal_days": row["statutory_days"],
        "basis": row["statutory_basis"],
        "promised_days": row["committed_days"],
        "calendar": "1" if row["day_unit"] == "calendar_day" else "0",
        "predecessors": row["predecessors"].replace(" ", "|"),
        "applies": "".join(letter for kind, letter in PROJECT_TYPES if kind in kinds),
        "materials": row["materials"].replace("、", "|"),
        "note": row.get("note", ""),
    }


def _approval(number: int, row: dict[str, str], cast: Cast) -> dict[str, Any]:
    unit, department = _department(row["department"], cast)
    own = row["procedure"] in ("建设单位自办", "中介服务")
    days, calendar = int(row["promised_days"]), row["calendar"] == "1"
    unit_words = "个自然日" if calendar else "个工作日"
    legal = row["legal_days"]
    promise = (
        "promise" if "承诺" in row["commitment"] else "tolerance" if "容缺" in row["commitment"] else "none"
    )
    named = [m for m in row["materials"].split("|") if m] or ["办理说明与项目基本情况"]
    window = f"投资项目综合窗口·{row['stage']}阶段"
    return {
        "matter": {
            "code": row["code"],
            "name": row["name"],
            "kind": "approval",
            "line": row["stage"],
            "theme": "building",
            "aliases": [],
            "unit": unit,
            "helper": cast.chief,
            "demonstration": True,
        },
        "guide": {
            "department": department if not own else f"{row['department']}（建设单位组织）",
            "audience": "项目建设单位",
            "conditions": row["note"] or "项目已赋码，前置事项已办结。",
            "channels": "网上（工程建设项目审批管理系统）、窗口",
            "visits": 0 if row["procedure"] in ("备案", "行政许可") else 1,
            "legal_days": int(legal) if legal and int(legal) >= days else None,
            "promised_days": days,
            "day_unit": "calendar" if calendar else "working",
            "time_note": f"另须为材料准备留{row['preparation_days']}{unit_words}",
            "fee": "不收费" if not own else "按合同约定，由建设单位承担",
            "result": f"{row['name']}结果文书" if row["procedure"] != "备案" else "备案回执",
            "basis": row["basis"] or "地方工程建设项目审批流程（示例，以本地公布为准）",
            "phone": HALL_PHONE,
            "complaint_phone": COMPLAINT,
            "mistakes": f"先确认前置事项已办结再提交，避免退回。{'本事项可告知承诺或容缺，问清条件再用。' if promise != 'none' else ''}",
            "commitment": promise,
            "effective_from": EFFECTIVE,
            "reviewed_on": EFFECTIVE + timedelta(number % 60),
            "elements": approval_elements(row, own),
        },
        "parts": {
            "materials": [
                {
                    "name": name,
                    "source": "intermediary" if "报告" in name or "图" in name else "applicant",
                    "note": "电子件，加盖电子章", "details": {"material_format": "electronic"},
                }
                for name in named
            ],
            "steps": [
                {"name": "准备", "who": "建设单位", "days": f"{row['preparation_days']}{unit_words}", "text": "备齐材料，帮办员预审"},
                {"name": "申报", "who": "建设单位", "days": "随时", "text": "在审批管理系统提交"},
                {"name": "办理", "who": department, "days": f"{days}{unit_words}", "text": row["procedure"]},
                {"name": "取得结果", "who": "建设单位", "days": "办结当日", "text": "系统下载或窗口领取"},
            ],
            "offices": [
                {
                    "name": cast.hall.name,
                    "window": window,
                    "address": cast.hall.address,
                    "hours": HOURS,
                    "phone": HALL_PHONE,
                    "place": cast.hall,
                }
            ],
        },
        "approval": {
            "stage": row["stage"],
            "department": row["department"],
            "procedure": row["procedure"],
            "calendar_days": calendar,
            "preparation_days": int(row["preparation_days"]),
            "predecessors": [p for p in row["predecessors"].split("|") if p],
            "applies": row["applies"],
        },
    }  # fmt: skip


def bundle_rows(known: dict[str, Any]) -> list[dict[str, Any]]:
    """Life events with their matters in order."""
    return [{**b, "matters": [(code, words) for code, words in b["matters"]]} for b in known["bundles"]]
