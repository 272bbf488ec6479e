"""Words of visits and research (values are stored, labels are shown and translated)."""

from hongtu.engines.vocabulary import Labelled


class Aspect(Labelled):
    """The twelve aspects of the research programme (2023 work plan on research, part three)."""

    DECISIONS = "decisions", "重大决策部署落实"
    QUALITY = "quality", "高质量发展"
    SECURITY = "security", "统筹发展和安全"
    REFORM = "reform", "全面深化改革开放"
    LAW = "law", "全面依法治国"
    CULTURE = "culture", "意识形态与文化建设"
    PROSPERITY = "prosperity", "共同富裕与民生福祉"
    CONCERNS = "concerns", "群众急难愁盼"
    ENVIRONMENT = "environment", "生态环境保护"
    STABILITY = "stability", "社会稳定与基层治理"
    DISCIPLINE = "discipline", "全面从严治党"
    LONG_STANDING = "long_standing", "长期未解决的老大难"


class VisitKind(Labelled):
    PROJECT = "project", "项目现场"
    COMMUNITY = "community", "社区（村）"
    ENTERPRISE = "enterprise", "企业"


class VisitState(Labelled):
    PLANNED = "planned", "已安排"
    DONE = "done", "已走访"
    CANCELLED = "cancelled", "已取消"


class Disposal(Labelled):
    """What became of a finding: nothing is left in between."""

    SOLVED = "solved", "现场解决"
    LISTED = "listed", "列入问题清单"


class PlanState(Labelled):
    ADOPTED = "adopted", "实施中"
    FINISHED = "finished", "已完成"


class TopicState(Labelled):
    OPEN = "open", "调研中"
    CONVERTED = "converted", "已转化"
