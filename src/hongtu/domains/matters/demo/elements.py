"""The elements of the demonstration guides beyond their main texts. Codes are given out by the provincial
library and are not made up here, so they stay missing, as the list of what is missing shows."""

from typing import Any

QUESTIONS = {
    "BB136": [
        {
            "question": "没有租房合同，住在亲戚家能办吗？",
            "answer": "可以，由房屋产权人出具住宿说明，并出示其身份证明。",
        },
        {
            "question": "孩子能随我一起办吗？",
            "answer": "未满十六周岁的可由监护人代办，提供关系证明由窗口核验共享数据。",
        },
    ]
}
RIGHTS = (
    "对办理结果有异议的，可向上一级主管部门申请行政复议，或依法提起行政诉讼；享有知情、陈述、申辩的权利。"
)


def service_elements(row: dict[str, str], days: int, online: bool, fee: str) -> dict[str, Any]:
    """What the guide of a sub-district's matter says beside its main texts."""
    found: dict[str, Any] = {
        "task_type": "20",
        "dept_type": "statutory",
        "use_level": "subdistrict",
        "power_source": "delegated" if row["flow"].startswith("区") else "own",
        "special_procedure": "公示（不计入办理时限）"
        if "救助" in row["name"] or "低保" in row["name"]
        else "无",
        "project_type": "instant" if days <= 1 else "promised",
        "handle_area": "district",
        "is_entry_center": True,
        "is_schedule": True,
        "is_service_terminals": False,
        "is_express": days > 1,
        "is_online": online,
        "online_handle_depth": "acceptance" if online else "information",
        "is_pay_online": False,
        "is_fee": "不收费" not in fee,
        "result_type": "certificate" if "证" in row["name"] else "other",
        "rights": RIGHTS,
    }
    if row["code"] in QUESTIONS:
        found["questions"] = QUESTIONS[row["code"]]
    return found


def approval_elements(row: dict[str, str], own: bool) -> dict[str, Any]:
    """What the guide of a construction approval says beside its main texts."""
    return {
        "task_type": "01" if row["procedure"] == "行政许可" else "10" if not own else "20",
        "dept_type": "statutory",
        "use_level": "district",
        "power_source": "own",
        "special_procedure": "专家评审、现场勘验另计，不计入承诺时限"
        if row["procedure"] == "技术审查"
        else "无",
        "project_type": "promised",
        "handle_area": "district",
        "is_entry_center": True,
        "is_schedule": True,
        "is_express": True,
        "is_online": not own,
        "online_handle_depth": "full" if row["procedure"] == "备案" else "acceptance",
        "is_pay_online": False,
        "is_fee": own,
        "result_type": "document",
        "corp_topic_type": "投资审批",
        "rights": RIGHTS,
        **({"service_type": f"{row['name']}由中介机构承担，合同约定时限与收费"} if own else {}),
    }
