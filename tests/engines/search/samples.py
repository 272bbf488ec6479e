"""A small knowledge base that the tests share."""

from hongtu.engines.search import Passage

PASSAGES = [
    Passage(
        "residence",
        "办理居住证需携带身份证、租房合同和近期照片，到街道便民服务中心申请。",
        "居住证办理",
        "公安",
    ),
    Passage("household", "户口迁移凭准迁证和身份证办理。户口簿遗失可以补领。", "户口迁移登记", "公安"),
    Passage("elderly", "年满八十周岁的老人可以申领高龄津贴，每月发放到社会保障卡。", "高龄津贴申领", "民政"),
    Passage("marriage", "男女双方带身份证和户口簿到婚姻登记处登记结婚。", "结婚登记", "民政"),
    Passage("school", "适龄儿童凭房产证明和出生证明报名入学。", "义务教育入学报名", "教育"),
    Passage("pension", "参加城乡居民养老保险的人员到龄后申请领取养老金。", "养老金申领", "人社"),
    Passage("noise", "夜间施工噪声扰民可以拨打热线投诉，由城管部门处理。", "施工噪声投诉", "城管"),
    Passage("water", "小区二次供水水压不足，由供水公司检修。", "供水报修", "住建"),
]
