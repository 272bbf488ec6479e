"""Words of the major-project ledger (values are stored, labels are shown and translated)."""

from hongtu.engines.vocabulary import Labelled


class Kind(Labelled):
    """Field of a project: the first five are the district's fields, the rest are common ones."""

    NEW_PRODUCTIVE = "new_productive", "新质生产力"
    MANUFACTURING = "manufacturing", "高端制造业"
    SERVICES = "services", "现代服务业"
    INFRASTRUCTURE = "infrastructure", "城市基础设施"
    AGRICULTURE_WATER = "agriculture_water", "农林水利"
    LIVELIHOOD = "livelihood", "社会民生"
    HEADQUARTERS = "headquarters", "总部经济"
    RENEWAL = "renewal", "城市更新"


class Level(Labelled):
    NATIONAL = "national", "国家"
    PROVINCIAL_LARGE = "provincial_large", "省大中型"
    PROVINCIAL_KEY = "provincial_key", "省重点"
    MUNICIPAL_MAJOR = "municipal_major", "市重大重点"
    DISTRICT_MAJOR = "district_major", "区重大"
    DISTRICT_KEY = "district_key", "区重点推进"


class InvestmentSubject(Labelled):
    """Who invests decides the approval path (approval, permission, record)."""

    GOVERNMENT = "government", "政府投资"
    STATE_OWNED = "state_owned", "国企投资"
    PRIVATE = "private", "民间投资"
    FOREIGN = "foreign", "外资"
    MIXED = "mixed", "混合/PPP"


class Nature(Labelled):
    NEW = "new", "新建"
    EXTENSION = "extension", "扩建"
    REBUILDING = "rebuilding", "改建"
    RELOCATION = "relocation", "迁建"
    RESTORATION = "restoration", "恢复"
    PURCHASE = "purchase", "单纯购置"


class Stage(Labelled):
    RESERVE = "reserve", "储备"
    POOL = "pool", "入库"
    PREPARATION = "preparation", "前期"
    STARTED = "started", "开工"
    BUILDING = "building", "在建"
    COMPLETED = "completed", "竣工"
    IN_USE = "in_use", "投产"
    AT_CAPACITY = "at_capacity", "达效"
    SUSPENDED = "suspended", "暂停"
    WITHDRAWN = "withdrawn", "退库"


class ProjectType(Labelled):
    """The type that chooses a chain template and an approval network (07_approval_matters A-F)."""

    GOVERNMENT_BUILDING = "government_building", "政府投资房建"
    CONTINUED_BUILDING = "continued_building", "续建房建"
    ROAD = "road", "市政道路"
    COMMERCIAL_BUILDING = "commercial_building", "企业房建"
    INDUSTRY = "industry", "产业项目"
    RENOVATION = "renovation", "小型装修改造"
    WATER_FARMLAND = "water_farmland", "农林水利"


class ReportState(Labelled):
    """Two steps: the unit fills in, the promotion centre reviews."""

    DRAFT = "draft", "填报中"
    SUBMITTED = "submitted", "待审核"
    APPROVED = "approved", "已审核"
    RETURNED = "returned", "已退回"


class LightChangeState(Labelled):
    PENDING = "pending", "待审批"
    APPROVED = "approved", "已批准"
    REFUSED = "refused", "未批准"


class EvidenceKind(Labelled):
    PHOTO = "photo", "现场照片"
    DOCUMENT = "document", "文件"
    CERTIFICATE = "certificate", "批文证照"


class FaceKind(Labelled):
    """What ground is used for; the values are the engine's."""

    SITE_OFFICE = "site_office", "临时项目部"
    WORK_FACE = "work_face", "作业面"
    TRENCH = "trench", "沟槽开挖"
    CLOSURE = "closure", "封闭围挡"
    STORAGE = "storage", "材料堆场"
    HAUL_ROAD = "haul_road", "施工便道"
    CRANE_RADIUS = "crane_radius", "塔吊回转范围"
    PIPE_JACKING = "pipe_jacking", "顶管"
    OTHER = "other", "其他占地"


class FaceAccess(Labelled):
    EXCLUSIVE = "exclusive", "独占"
    SHARED = "shared", "共用"
    PASSAGE = "passage", "通行"
    OVERHEAD = "overhead", "上空"
    UNDERGROUND = "underground", "地下"


class FaceConflict(Labelled):
    """The engine's classes of conflict."""

    HARD_CLASH = "hard_clash", "争用同一作业面"
    ROUTE_BLOCKED = "route_blocked", "阻断通道"
    SAFETY_CLEARANCE = "safety_clearance", "安全距离不足"
    COORDINATION = "coordination", "需协调共用"


class JointAim(Labelled):
    """What an alternative is best at."""

    LEAST_COST = "least_cost", "总损失最小"
    FAIREST = "fairest", "损失最均衡"
    PROMISED_DATES = "promised_dates", "优先保承诺日期"
    PARTY_FIRST = "party_first", "一方优先"


class RunState(Labelled):
    QUEUED = "queued", "排队中"
    RUNNING = "running", "求解中"
    DONE = "done", "已完成"
    STOPPED = "stopped", "已停止"
    FAILED = "failed", "未能求解"


class AgreementState(Labelled):
    PROPOSED = "proposed", "待签署"
    IN_FORCE = "in_force", "已生效"
    WITHDRAWN = "withdrawn", "已撤回"
