"""Work-face codes put into words: conflicts, moves, reasons, faults; and what the map draws."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from hongtu.domains.projects import vocab
from hongtu.domains.projects.actions.face_chains import places_of
from hongtu.engines.schedule.worksite import Fault
from hongtu.ui.formats import grouped

Names = Mapping[str, str]


def face_names(document: Mapping[str, Any]) -> dict[str, str]:
    """Name of every face of a scene by its code."""
    return {f["id"]: f["properties"].get("name") or f["id"] for f in document.get("features", ())}


def project_names(document: Mapping[str, Any]) -> dict[str, str]:
    rows = (document.get("hongtu") or {}).get("projects") or ()
    return {row["id"]: row.get("name") or row["id"] for row in rows}


def aim_words(schedule: Mapping[str, Any], projects: Names) -> list[str]:
    """What an alternative is best at, the aims that led to the same schedule included."""
    labels = [(schedule["aim"], schedule.get("party"))]
    labels += [tuple((*also.split(":", 1), None)[:2]) for also in schedule.get("also", ())]
    words = []
    for aim, party in labels:
        if party:
            words.append(_("%s优先") % projects.get(party, party))
        else:
            words.append(str(_(vocab.JointAim(aim).label)))
    return words


def proof_words(schedule: Mapping[str, Any]) -> str:
    if schedule["optimal"]:
        return _("已证明最优")
    return _("与下界相差%(gap)s%%") % {"gap": grouped(100 * schedule["gap"], 1)}


_MOVES = {
    "stays": lambda: _("按原计划"),
    "starts_later": lambda: _("推迟进场"),
    "starts_earlier": lambda: _("提前进场"),
    "stays_longer": lambda: _("延长占用"),
    "shortened": lambda: _("压缩工期"),
    "relocated": lambda: _("迁移"),
    "retreats": lambda: _("分期退让"),
    "split": lambda: _("分段施工"),
}


def move_words(move: Mapping[str, Any], names: Names, projects: Names) -> dict[str, Any]:
    """One change of a face: what, when, why, for how much."""
    parts = [
        _("%(place)s：%(start)s至%(finish)s")
        % {
            "place": part.get("place") or _("原作业面"),
            "start": part["start"],
            "finish": part["finish"],
        }
        for part in move["parts"]
    ]
    placed = move["placed"]
    return {
        "what": _MOVES[move["code"]](),
        "face": names.get(move["space"], move["space"]),
        "project": projects.get(move["project"], move["project"]),
        "from": _("%(start)s至%(finish)s") % move["planned"],
        "to": _("%(start)s至%(finish)s") % placed,
        "days": placed["days"],
        "parts": parts if len(parts) > 1 else [],
        "yuan": grouped(move["yuan"]),
        "reasons": [_reason(reason, names, projects) for reason in move["reasons"]],
    }


def _reason(reason: Mapping[str, Any], names: Names, projects: Names) -> str:
    params = reason["params"]
    given = {
        "face": names.get(params.get("space", ""), params.get("space", "")),
        "project": projects.get(params.get("project", ""), params.get("project", "")),
        "day": params.get("day", ""),
        "lag": params.get("lag", 0),
    }
    words = {
        "ground_taken": _("等%(project)s的“%(face)s”让出，%(day)s可进场"),
        "makes_room": _("为%(project)s的“%(face)s”让路，对方%(day)s进场"),
        "predecessor": _("接在本方“%(face)s”之后，间隔%(lag)s天"),
        "data_date": _("不能早于今天（%(day)s）"),
    }
    return words[reason["code"]] % given


def constraint_words(line: Mapping[str, Any], names: Names, projects: Names) -> str:
    """One line of what the parties sign."""
    given = {
        "project": projects.get(line["project"], line["project"]),
        "face": names.get(line["space"], line["space"]),
        "date": line.get("date"),
        "place": line.get("place") or _("原作业面"),
    }
    if line["kind"] == "start_no_earlier_than":
        return _("%(project)s：“%(face)s”不早于%(date)s进场") % given
    if line["kind"] == "finish_no_later_than":
        return _("%(project)s：“%(face)s”不晚于%(date)s让出（%(place)s）") % given
    other = line.get("predecessor_space") or ""
    given |= {
        "other": names.get(other, other),
        "party": projects.get(line.get("predecessor_project") or "", ""),
        "lag": line.get("lag_days", 0),
    }
    return _("%(project)s：“%(face)s”在%(party)s的“%(other)s”结束后进场，交接%(lag)s天") % given


_FAULTS = {
    "FILE_NOT_UTF8": lambda: _("文件不是UTF-8编码，请另存为UTF-8"),
    "FILE_NOT_JSON": lambda: _("文件不是有效的JSON，请在所示位置改正或重新导出"),
    "NOT_A_FEATURE_COLLECTION": lambda: _("文件不是GeoJSON要素集（FeatureCollection）"),
    "NO_FEATURES": lambda: _("文件里没有要素，请至少画一个作业面"),
    "NOT_A_FEATURE": lambda: _("该项不是GeoJSON要素（Feature）"),
    "PROPERTY_MISSING": lambda: _("缺少必填属性，请补上"),
    "PROPERTY_WRONG": lambda: _("属性的类型不对，请改正"),
    "VALUE_UNKNOWN": lambda: _("属性的取值不认识，请改为所列之一"),
    "VALUE_WRONG": lambda: _("属性的取值不对，请改正"),
    "DATE_INVALID": lambda: _("日期写法不对，请写成2026-03-01的样子"),
    "DATE_OUT_OF_RANGE": lambda: _("日期超出范围，请检查年份"),
    "WINDOW_REVERSED": lambda: _("结束日期早于开始日期，请对调或改正年份"),
    "WINDOW_WITHOUT_WORK": lambda: _("这段时间没有工作日，请改正日期"),
    "GEOMETRY_TYPE_WRONG": lambda: _("图形类型不能表示占地，请用面、线或点"),
    "GEOMETRY_INVALID": lambda: _("图形有误（如边界自相交），请重新绘制"),
    "GEOMETRY_NEEDS_SIZE": lambda: _("线要给宽度width_m，点要给半径radius_m（米）"),
    "GEOMETRY_EMPTY": lambda: _("图形是空的，请绘制，或写null"),
    "COORDINATE_OUT_OF_RANGE": lambda: _("坐标不是经度、纬度（度），请检查坐标系和先后次序"),
    "COORDINATE_FAR_AWAY": lambda: _("位置离其他作业面太远，请检查坐标"),
    "PROJECT_UNKNOWN": lambda: _("所属项目没有在文件里声明"),
    "PROJECT_NOT_IN_LEDGER": lambda: _("台账里没有这个项目，请用台账的项目代码或名称"),
    "PREDECESSOR_UNKNOWN": lambda: _("前置作业面不存在，请改正编号"),
    "ID_DUPLICATE": lambda: _("编号重复，请改成唯一"),
    "ID_TAKEN": lambda: _("编号已被其他项目的作业面使用，请换一个"),
    "LINK_CYCLE": lambda: _("前后顺序成了一个圈，请去掉其中一条"),
    "MOVE_INVALID": lambda: _("让的办法不适合这个作业面，请改正"),
    "NEGATIVE_VALUE": lambda: _("数值不能为负"),
    "NO_JOINT_SCHEDULE": lambda: _("在允许的办法里没有可行的联合方案，请放开一个限制或增加让的办法"),
    "NO_SCHEDULE_IN_TIME": lambda: _("时限内没有找到联合方案，请延长时限"),
}


def fault_words(fault: Fault | Mapping[str, Any]) -> dict[str, Any]:
    """A fault for the page: what and where in the reader's language, and the command line's own line."""
    found = fault if isinstance(fault, Fault) else Fault(**fault)
    words = _FAULTS.get(found.code)
    where = []
    if found.feature is not None:
        where.append(_("第%d个要素") % (found.feature + 1))
    if found.identifier is not None:
        where.append(_("编号%s") % found.identifier)
    if found.field is not None:
        where.append(_("属性%s") % found.field)
    return {
        "code": found.code,
        "where": " · ".join(where),
        "words": words() if words else found.hint,
        "detail": f"{found.message} → {found.hint}",
    }


def map_data(
    document: Mapping[str, Any], conflicts: Sequence[Mapping[str, Any]], plans: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """What the conflict map draws: ground of every face by day, for the plan and for each alternative."""
    features = {f["id"]: f for f in document["features"]}
    projects = project_names(document)
    order = {key: number for number, key in enumerate(projects)}
    rows = []
    for code, found in features.items():
        properties = found["properties"]
        rows.append(
            {
                "code": code,
                "name": properties.get("name") or code,
                "project": projects.get(properties["project"], ""),
                "party": order.get(properties["project"], 0),
                "kind": str(_(vocab.FaceKind(properties.get("kind") or "work_face").label)),
                "width": properties.get("width_m") or 0,
                "radius": properties.get("radius_m") or 0,
            }
        )
    planned = [
        {
            "code": code,
            "start": f["properties"]["start"],
            "finish": f["properties"]["finish"],
            "ground": f["geometry"],
            "place": "",
        }
        for code, f in features.items()
    ]
    shown = [{"label": _("原计划"), "parts": planned, "conflicts": list(conflicts)}]
    for plan in plans:
        parts = _placed(features, planned, plan["schedule"])
        shown.append({"label": plan["label"], "parts": parts, "conflicts": []})
    busy = list(conflicts) or planned
    first = min((date.fromisoformat(row["start"]) for row in busy), default=date.min)
    last = max((date.fromisoformat(row["finish"]) for row in busy), default=date.min)
    for plan in plans:
        for row in plan["schedule"]:
            last = max(last, *(date.fromisoformat(part["start"]) for part in row["parts"]))
    return {"faces": rows, "plans": shown, "first": first.isoformat(), "last": last.isoformat()}


def _placed(
    features: Mapping[str, Any], planned: Sequence[Mapping[str, Any]], schedule: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    moved = {row["space"]: row["parts"] for row in schedule}
    parts: list[dict[str, Any]] = [dict(row) for row in planned if row["code"] not in moved]
    for code, rows in moved.items():
        grounds = places_of(features[code]["properties"].get("moves") or [])
        for part in rows:
            place = part.get("place") or ""
            ground = grounds.get(place, features[code]["geometry"])
            parts.append(
                {
                    "code": code,
                    "start": part["start"],
                    "finish": part["finish"],
                    "ground": ground,
                    "place": place,
                }
            )
    return parts
