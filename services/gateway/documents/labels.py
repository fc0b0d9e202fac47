"""What the forms call the services' codes, as the console does (web/src/words/zh-CN)."""

from collections.abc import Mapping

CAUSE: Mapping[str | None, str] = {
    "supplier_product": "供应商产品",
    "own_workmanship": "我方施工",
    "customer": "客户原因",
    "force_majeure": "不可抗力",
    "normal_wear": "正常损耗",
}

JOB_TYPE: Mapping[str | None, str] = {
    "repair": "维修",
    "inspection": "巡检",
    "installation": "安装",
    "training": "培训",
    "relocation": "移机",
    "expansion": "扩容",
    "system_change": "系统变更",
    "performance_tuning": "性能调优",
    "event_duty": "重大活动保障",
    "resident_engineer": "驻场",
}

TICKET_KIND: Mapping[str | None, str] = {**JOB_TYPE, "consultation": "咨询", "complaint": "投诉", "suggestion": "建议"}

MAINTENANCE_TYPE: Mapping[str | None, str] = {
    "corrective": "纠正性",
    "adaptive": "适应性",
    "perfective": "完善性",
    "preventive": "预防性",
}

VERDICT: Mapping[str | None, str] = {
    "in_warranty": "在保",
    "latent_defect_cover": "隐蔽缺陷保修",
    "expired": "已过保",
    "not_covered": "不在保修范围",
    "unknown": "待确认",
}

WARRANTY_REASON: Mapping[str | None, str] = {
    "no_contract": "未登记合同",
    "W2": "起算日尚未登记",
    "W3": "按保修期限",
    "W4": "保修尚未开始",
    "W5": "潜在缺陷期",
    "W8": "没有适用的条款",
    "W11": "原因属免责情形",
    "W12": "部件不在保修之列",
    "W13": "合同已终止",
    "W9": "按产品默认条款",
    "W10": "取最有利的条款",
}

CHANNEL: Mapping[str | None, str] = {
    "web": "网站",
    "phone": "电话",
    "email": "电子邮件",
    "fax": "传真",
    "letter": "信函",
    "chat": "在线客服",
    "walk_in": "来访",
}

URGENCY: Mapping[str | None, str] = {
    "low": "低",
    "normal": "普通",
    "high": "高",
    "critical": "紧急",
}

CONTRACT_KIND: Mapping[str | None, str] = {
    "own": "我方合同",
    "maker": "厂家承诺",
    "extension": "延保",
}

START_RULE: Mapping[str | None, str] = {
    "card": "保修卡日期",
    "completion": "竣工日",
    "acceptance": "验收日",
    "day_after_acceptance": "验收次日",
    "date": "指定日期",
    "after_base": "原合同保修期满次日",
}

REPLACEMENT_RULE: Mapping[str | None, str] = {
    "rest": "享剩余期限",
    "own": "另行起算",
}

CHANGE_OP: Mapping[str | None, str] = {
    "set": "变更",
    "add": "新增",
    "remove": "取消",
}

ENTITLED_SERVICE: Mapping[str | None, str] = {
    "visit": "上门",
    "inspection": "巡检",
    "training": "培训",
}

ENTITLED_PER: Mapping[str | None, str] = {
    "month": "每月",
    "quarter": "每季度",
    "half_year": "每半年",
    "year": "每年",
    "contract": "合同期内",
}
