"""What the particulars are called that people ask for beyond the fields of a guide."""

from django.utils.translation import gettext as _

from hongtu.engines.search.aspects import Aspect


def particulars() -> dict[Aspect, str]:
    """Aspect -> its name for readers."""
    return {
        Aspect.PHOTO: _("照片要求"),
        Aspect.MAIL: _("能否邮寄"),
        Aspect.URGENT: _("能否加急"),
        Aspect.ONLINE: _("网上办理"),
        Aspect.AGENT: _("委托他人代办"),
        Aspect.APPOINTMENT: _("预约"),
        Aspect.VALIDITY: _("有效期"),
        Aspect.BASIS: _("政策依据"),
        Aspect.SHARE: _("比例"),
        Aspect.INTEREST: _("利率"),
        Aspect.CEILING: _("额度或上限"),
        Aspect.TERM: _("年限"),
        Aspect.SIZE: _("面积或规格"),
        Aspect.NUMBER: _("数量"),
        Aspect.BANK: _("哪家银行"),
        Aspect.PAYDAY: _("到账时间"),
        Aspect.BALANCE: _("余额"),
        Aspect.PASSWORD: _("密码"),
        Aspect.GRADE: _("等级"),
        Aspect.FREQUENCY: _("次数或间隔"),
        Aspect.TAX: _("税"),
        Aspect.CAPITAL: _("资金要求"),
        Aspect.DISTANCE: _("距离"),
        Aspect.BRAND: _("品牌或型号"),
        Aspect.PLACES: _("适用的地方"),
        Aspect.EFFECT: _("法律效力"),
        Aspect.CONSEQUENCE: _("会有什么影响"),
        Aspect.NAME: _("姓名"),
        Aspect.PENALTY: _("处罚"),
        Aspect.AGE: _("年龄要求"),
        Aspect.ELECTRONIC: _("电子证照"),
    }
