"""The projects that the newspapers of spring 2025 and November 2023 name, with the facts they give.

Money the papers do not give is 示例. Amounts in 万元, areas in 亩 and 万平方米.
"""

from datetime import date
from decimal import Decimal
from typing import Any

D = Decimal

NAMED: tuple[dict[str, Any], ...] = (
    {
        "name": "红谷滩区流量经济（互联网）产业园", "kind": "new_productive", "type": "continued_building",
        "investment_subject": "state_owned", "subdistrict": "360113006", "department": "SWJ", "owner": 3,
        "site": "九龙湖核心区，近南昌西站", "point": (115.796, 28.619),
        "scale": "办公、商业、酒店于一体的城市综合体：5栋高层办公楼及1栋一层商业楼，占地46.3亩，总建筑面积20.26万平方米",
        "land_area_mu": D("46.3"), "floor_area": D("20.26"), "total_investment": D(180_000), "annual_plan": D(32_000),
        "planned_start": date(2022, 6, 13), "actual_start": date(2022, 6, 13), "planned_finish": date(2025, 12, 30),
        "stage": "building", "progress": "所有楼栋主体结构已封顶，正进行室内外装饰装修",
        "promise": (date(2025, 12, 30), "剩余楼栋竣工"),
        "milestones": {"首批楼栋竣工": date(2025, 7, 30), "剩余楼栋竣工": date(2025, 12, 30)},
    },
    {
        "name": "南昌华宏高端汽车商业综合体项目一期", "kind": "services", "type": "continued_building",
        "investment_subject": "private", "subdistrict": "360113007", "department": "SWJ", "owner": 7,
        "site": "龙兴街道", "point": (115.795, 28.636),
        "scale": "高端新能源汽车、豪华传统汽车品牌集群的汽车销售商业中心，一期工程8月竣工",
        "total_investment": D(45_000), "annual_plan": D(15_000),
        "planned_start": date(2023, 9, 1), "actual_start": date(2023, 9, 1), "planned_finish": date(2025, 8, 31),
        "stage": "building", "progress": "近200名施工人员在场，优化施工方案，倒排工期",
        "promise": (date(2025, 8, 31), "一期工程竣工"), "milestones": {"一期工程竣工": date(2025, 8, 31)},
    },
    {
        "name": "南昌市行知中学九年一贯制学校", "kind": "infrastructure", "type": "continued_building",
        "investment_subject": "government", "subdistrict": "360113006", "department": "JTJ", "owner": 11,
        "site": "未来科学城片区", "point": (115.789, 28.600),
        "scale": "九年一贯制学校，为未来科学城片区适龄儿童就近入学提供保障；全周期管理融合报批报建、设计、施工建造、招标采购四条主线",
        "total_investment": D(38_600), "annual_plan": D(9_800),
        "planned_start": date(2023, 8, 10), "actual_start": date(2023, 8, 10), "planned_finish": date(2025, 8, 31),
        "planned_use": date(2025, 9, 1), "stage": "building", "progress": "进度较原计划提前，预计5月基本完工",
        "promise": (date(2025, 8, 31), "交付使用，9月1日开学"),
        "milestones": {"基本完工": date(2025, 5, 31), "交付使用": date(2025, 8, 31)},
    },
    {
        "name": "行知中学周边路网工程", "kind": "infrastructure", "type": "road",
        "investment_subject": "government", "subdistrict": "360113006", "department": "ZJJ", "owner": 1,
        "site": "未来科学城片区：德兴街、玉壶山大道、行知路、万年街、崇礼路", "point": (115.791, 28.602),
        "scale": "五条道路：玉壶山大道（城市主干道，已通车）；德兴街（城市次干路，机动车道水稳摊铺和横向管道下埋完成）；"
        "行知路、万年街（城市支路，土方清运和雨污水管道施工）；崇礼路；道路绿化同步进行，5月底通车",
        "total_investment": D(21_500), "annual_plan": D(8_600),
        "planned_start": date(2024, 3, 1), "actual_start": date(2024, 3, 1), "planned_finish": date(2025, 5, 31),
        "stage": "building", "progress": "正加紧进行道路绿化建设，已具备通车条件",
        "promise": (date(2025, 5, 31), "五条道路通车"), "milestones": {"五条道路通车": date(2025, 5, 31)},
    },
    {
        "name": "生米街道南路村拆迁安置小区", "kind": "infrastructure", "type": "continued_building",
        "investment_subject": "state_owned", "subdistrict": "360113003", "department": "ZJJ", "owner": 2,
        "site": "九龙大道以西、潼溪大道（赣州大道）以北", "point": (115.790, 28.580),
        "scale": "安置房970套；住宅楼、幼儿园、养老服务用房、物业管理用房、菜市场及社区服务用房，配广场、绿地、停车场；总建筑面积1.55万余平方米",
        "floor_area": D("1.55"), "total_investment": D(42_000), "annual_plan": D(2_400),
        "planned_start": date(2021, 11, 1), "actual_start": date(2021, 11, 1), "planned_finish": date(2025, 4, 10),
        "actual_finish": date(2025, 4, 10), "stage": "completed", "progress": "已通过竣工备案，970套安置房即将交付",
        "promise": (date(2025, 6, 30), "970套安置房交付"), "milestones": {"竣工备案": date(2025, 4, 10)},
    },
    {
        "name": "明月山大道南延项目", "kind": "infrastructure", "type": "road",
        "investment_subject": "government", "subdistrict": "360113006", "department": "KXC", "owner": 1,
        "site": "未来科学城", "point": (115.793, 28.594),
        "scale": "市政道路，非机动车道和下水道管网施工；急救中心项目临时项目部在红线范围内，经协商“你进我退”",
        "total_investment": D(26_000), "annual_plan": D(6_800),
        "planned_start": date(2022, 10, 1), "actual_start": date(2022, 10, 1), "planned_finish": date(2025, 10, 31),
        "stage": "building", "progress": "主线已通车，剩余排水与慢行系统收尾",
        "promise": (date(2025, 10, 31), "全线移交"), "milestones": {"全线移交": date(2025, 10, 31)},
    },
    {
        "name": "南昌市急救中心", "kind": "infrastructure", "type": "government_building",
        "investment_subject": "government", "subdistrict": "360113006", "department": "WJW", "owner": 12,
        "site": "未来科学城，明月山大道旁", "point": (115.794, 28.593),
        "scale": "急救中心业务用房及配套", "total_investment": D(31_200), "annual_plan": D(7_500),
        "planned_start": date(2023, 2, 1), "actual_start": date(2023, 2, 1), "planned_finish": date(2025, 12, 20),
        "stage": "building", "progress": "临时项目部按协商方案分期退让",
        "promise": (date(2025, 12, 20), "竣工"), "milestones": {},
    },
    {
        "name": "南昌学校（未来科学城）", "kind": "infrastructure", "type": "government_building",
        "investment_subject": "government", "subdistrict": "360113006", "department": "JTJ", "owner": 11,
        "site": "未来科学城", "point": (115.786, 28.590), "scale": "未来科学城布局的57所中小学校之一",
        "total_investment": D(52_000), "annual_plan": D(12_000),
        "planned_start": date(2023, 10, 1), "actual_start": date(2023, 10, 1), "planned_finish": date(2026, 6, 30),
        "stage": "building", "progress": "全面施工", "promise": (date(2025, 12, 31), "主体结构封顶"), "milestones": {},
    },
    {
        "name": "科大讯飞智能终端项目", "kind": "manufacturing", "type": "industry",
        "investment_subject": "private", "subdistrict": "360113007", "department": "GXJ", "owner": 8,
        "site": "未来科学城", "point": (115.784, 28.606), "scale": "智能终端制造，引领性智能制造项目",
        "total_investment": D(60_000), "annual_plan": D(16_000),
        "planned_start": date(2023, 6, 1), "actual_start": date(2023, 6, 1), "planned_finish": date(2025, 12, 31),
        "stage": "building", "progress": "加快推进", "promise": (date(2025, 12, 31), "试生产"), "milestones": {},
    },
    {
        "name": "紫光信创PC产线项目", "kind": "manufacturing", "type": "industry",
        "investment_subject": "private", "subdistrict": "360113007", "department": "GXJ", "owner": 8,
        "site": "未来科学城", "point": (115.783, 28.609), "scale": "信创PC产线，引领性智能制造项目",
        "total_investment": D(50_000), "annual_plan": D(14_000),
        "planned_start": date(2023, 7, 1), "actual_start": date(2023, 7, 1), "planned_finish": date(2025, 11, 30),
        "stage": "building", "progress": "加快推进", "promise": (date(2025, 11, 30), "投产"), "milestones": {},
    },
)  # fmt: skip
