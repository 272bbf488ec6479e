"""The ledgers of the house's own nouns: units, people, the calendar, places, rules."""

from django.utils.translation import gettext_lazy as _

from hongtu.kernel.calendar import actions as calendar
from hongtu.kernel.calendar.models import CalendarDay, PublishedYear
from hongtu.kernel.people import actions as people
from hongtu.kernel.people.models import Person, Unit
from hongtu.kernel.places import actions as places
from hongtu.kernel.places.models import Place
from hongtu.kernel.profile import actions as profile
from hongtu.kernel.profile.models import RuleSet
from hongtu.ledger.columns import Column
from hongtu.ledger.declaration import Fieldset, Ledger, Sheet, register
from hongtu.ledger.masking import Mask


@register
class UnitLedger(Ledger):
    model = Unit
    title = _("单位")
    slug = "units"
    columns = ("name", "code", "short_name", "kind", "parent", "credit_code", "demonstration")
    filters = ("kind", "parent", "demonstration")
    search = ("name", "short_name", "pinyin", "code")
    ordering = ("kind", "name")
    form = (
        Fieldset(_("单位"), "name", "short_name", "code", "kind", "parent", "credit_code", "demonstration"),
    )
    sheet = Sheet(
        columns=("code", "name", "short_name", "kind", "parent", "credit_code"),
        synonyms={
            "code": ("单位编码", "机构编码"),
            "name": ("单位名称", "机构名称"),
            "parent": ("上级", "主管单位"),
            "credit_code": ("信用代码",),
        },
        key="code",
    )
    create, update, bulk = people.register_unit, people.revise_unit, people.import_units


PHONE = Column("phone", sort=(), mask=Mask("people.export"))


@register
class PersonLedger(Ledger):
    model = Person
    title = _("人员")
    slug = "people"
    columns = ("name", "username", "unit", "title", PHONE, "is_active", Column("last_login", shown=False))
    filters = ("unit", "is_active")
    search = ("name", "pinyin", "username", "unit__name")
    ordering = ("name",)
    form = (
        Fieldset(_("人员"), "name", "username", "unit", "title", "phone"),
        Fieldset(_("账户"), "is_active", "demonstration"),
    )
    sheet = Sheet(
        columns=("username", "name", "unit", "title", "phone"),
        synonyms={
            "username": ("账号", "登录名"),
            "unit": ("所在单位", "部门"),
            "title": ("职位",),
            "phone": ("手机", "联系电话"),
        },
        key="username",
        required=("unit",),
    )
    create, update, bulk = people.register_person, people.revise_person, people.import_people


@register
class CalendarDayLedger(Ledger):
    model = CalendarDay
    title = _("节假日与调休")
    slug = "calendar-days"
    columns = ("date", "kind", "name", "basis")
    filters = ("kind", "date")
    search = ("name", "basis")
    ordering = ("-date",)
    form = (Fieldset(_("日期"), "date", "kind", "name", "basis"),)
    sheet = Sheet(synonyms={"kind": ("类型",), "name": ("节日名称",), "basis": ("文号",)}, key="date")
    create, update, bulk = calendar.days


@register
class PublishedYearLedger(Ledger):
    model = PublishedYear
    title = _("已公布年份")
    slug = "published-years"
    columns = ("year", "basis")
    ordering = ("-year",)
    search = ("basis",)
    form = (Fieldset(_("年份"), "year", "basis"),)
    sheet = Sheet(key="year")
    create, update, bulk = calendar.published_years


@register
class PlaceLedger(Ledger):
    model = Place
    title = _("地点")
    slug = "places"
    columns = (
        "name",
        "kind",
        Column("longitude", digits=6),
        Column("latitude", digits=6),
        "original_system",
        "address",
    )
    filters = ("original_system", "longitude", "latitude")
    search = ("name", "kind", "address")
    ordering = ("name",)
    form = (
        Fieldset(_("地点"), "name", "kind", "address"),
        Fieldset(_("位置"), "longitude", "latitude", "original_system"),
    )
    sheet = Sheet(
        columns=("name", "kind", "longitude", "latitude", "original_system", "address"),
        synonyms={"original_system": ("坐标系",)},
        key="name",
    )
    create, update, bulk = places.register_point, places.revise, places.import_points


@register
class RuleSetLedger(Ledger):
    """Rules are nested data, which no table holds: no workbook."""

    model = RuleSet
    title = _("规则")
    slug = "rules"
    columns = ("title", "key", "effective_from", "basis")
    filters = ("effective_from",)
    search = ("title", "key", "basis")
    ordering = ("key", "-effective_from")
    form = (Fieldset(_("规则"), "title", "key", "effective_from", "basis", "data"),)
    create, update = profile.register_rule, profile.revise_rule
