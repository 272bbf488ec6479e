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
