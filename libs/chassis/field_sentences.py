"""What is wrong with a field, in Chinese: by the English sentence that was said, of pydantic, of ours or of a service.

In braces stand the parts that differ, such as `{max_length}`.
"""

import re
from collections.abc import Mapping
from functools import cache

PYDANTIC: Mapping[str, str] = {
    "Field required": "此项必填",
    "Extra inputs are not permitted": "没有该字段",
    "Input should be {expected}": "应为 {expected} 之一",
    "Input should be a valid string": "应为文本",
    "Input should be a valid boolean": "应为 true 或 false",
    "Input should be a valid boolean, {error}": "应为 true 或 false",
    "Input should be a valid integer": "应为整数",
    "Input should be a valid integer, {error}": "应为整数",
    "Input should be a valid number": "应为数字",
    "Input should be a valid number, {error}": "应为数字",
    "Input should be a finite number": "应为有限的数字",
    "Input should be a valid list": "应为列表",
    "Input should be a valid dictionary": "应为 JSON 对象",
    "Input should be a valid dictionary or {others}": "应为 JSON 对象",
    "Input should be a valid date": "应为日期，如 2026-03-02",
    "Input should be a valid date in the format YYYY-MM-DD, {error}": "应为日期，如 2026-03-02",
    "Input should be a valid date or datetime, {error}": "应为日期，如 2026-03-02",
    "Datetimes provided to dates should have zero time - e.g. be exact dates": "应为日期，如 2026-03-02",
    "Input should be a valid UUID, {error}": "应为 UUID",
    "UUID input should be a string, bytes or UUID object": "应为 UUID",
    "Input should be greater than {gt}": "应大于 {gt}",
    "Input should be greater than or equal to {ge}": "应不小于 {ge}",
    "Input should be less than {lt}": "应小于 {lt}",
    "Input should be less than or equal to {le}": "应不大于 {le}",
    "Unable to parse input string as an integer, exceeded maximum size": "整数过大",
    "String should have at least {min_length} character{s}": "至少 {min_length} 个字符",
    "String should have at most {max_length} character{s}": "至多 {max_length} 个字符",
    "{kind} should have at least {min_length} item{s} after validation, not {actual_length}": "至少 {min_length} 项",
    "{kind} should have at most {max_length} item{s} after validation, not {actual_length}": "至多 {max_length} 项",
    "Keys should be strings": "键应为文本",
}

OURS: Mapping[str, str] = {
    "is not of the form that the document gives for it": "不符合接口文档规定的格式",
    "is blank to the eye": "没有可见内容",
    "holds a control character, or one that changes the order of writing": "含有控制字符或改变书写方向的字符",
    "holds a character that nobody sees, or that changes the order of writing": "含有不可见或改变书写方向的字符",
    "has over {count} errors": "错误超过 {count} 处",
    "lies in the future": "在将来",
    "out of range": "超出范围",
    "should have an offset between -14:00 and +14:00": "时区偏移应在 -14:00 与 +14:00 之间",
    "should be a day between the years 1900 and 2199, such as {example}": "应为 1900 至 2199 年的日期，如 {example}",
    "should be between the years 1970 and 2100": "应在 1970 年至 2100 年之间",
    "should be an instant with its offset, such as {example}": "应为带时区偏移的时间，如 {example}",
    "should have at least {least} characters": "至少 {least} 个字符",
    "should have {least} to {most} digits": "应有 {least} 至 {most} 位数字",
    "should name what changes": "应给出要变更的内容",
    "should be a text of at most {most} characters": "应为至多 {most} 个字符的文本",
    "should be a phone number: {form}": "应为电话号码：数字，可含 + ( ) - 或空格，可带分机",
    "should be a phone number that can be called": "应为可以拨打的电话号码",
    "should be a phone number of a length that can be called": "电话号码长度不正确",
    "should be a customer's number, not an emergency number": "应为客户的号码，不能是紧急号码",
    "This is not an IANA time zone, such as Asia/Shanghai.": "应为 IANA 时区，如 Asia/Shanghai",
    "should be a whole number below 1,000,000,000": "应为小于 1,000,000,000 的整数",
    "`{end}` is to be later than `{start}`.": "`{end}` 应晚于 `{start}`",
    "It is the version of one stream: give one `{named}`.": "这是单个对象的版本：请给出一个 `{named}`",
    "There is no such parameter here.": "没有该参数",
    "This parameter is given once.": "该参数只能给出一次",
    "A list has at most {most} values.": "列表至多 {most} 个值",
    "The address holds the character NUL.": "地址含有 NUL 字符",
    "This is no cursor of this list.": "这不是该列表的 cursor",
    "This is no id of an event of this stream.": "这不是该事件流的编号",
    "The body is not UTF-8.": "请求正文不是 UTF-8",
    "The body is nested too deeply.": "请求正文嵌套过深",
    "The body is not JSON, at character {place}.": "请求正文从第 {place} 个字符起不是 JSON",
    "{constant} is not JSON.": "{constant} 不是 JSON",
    "An object has over {most} keys.": "一个对象超过 {most} 个键",
    "A key stands twice in one object.": "同一对象中有重复的键",
    "A number is out of range.": "数字超出范围",
    "A text holds the character NUL.": "文本含有 NUL 字符",
    "A text holds half of a surrogate pair.": "文本含有不完整的代理对",
    "This is neither CSV nor a workbook (XLSX).": "既不是 CSV 也不是 XLSX",
    "The text is neither UTF-8 nor GB18030.": "既不是 UTF-8 也不是 GB18030 编码",
    "There is no row below the header.": "表头之下没有数据行",
    "A row has over 100 columns.": "列数超过 100",
    "There are over 100,000 rows.": "数据超过 100,000 行",
    "The workbook has over 20 sheets.": "工作簿超过 20 张工作表",
    "The workbook unpacks to over 256 MiB.": "工作簿解压后超过 256 MiB",
    "The column is missing.": "缺少该列",
    "There is no such column.": "没有这一列",
    "The column stands twice.": "该列重复",
    "stands in an earlier row of this file, too": "与本文件前面的行重复",
    "was written as a power of ten by a spreadsheet: format the column as text, and type it again": (
        "被表格软件写成了科学计数：请把该列设为文本格式后重新输入"
    ),
    "is an error of a spreadsheet, not a value": "是表格软件的错误值",
    "should be a day, such as 2026-03-05": "应为日期，如 2026-03-05",
    "should be a whole number": "应为整数",
    "should be yes or no": "应为 是 或 否",
    "should be an amount in yuan, such as 10 or 10.50": "应为金额（元），如 10 或 10.50",
    "cannot be put on file: tell the operators": "无法建档，请告知运维人员",
}

BORDER = re.compile(r"\\{(\w+)\\}")


def chinese(english: str, own: Mapping[str, str]) -> str | None:
    """The sentence in Chinese, also by a service's `own`; None: it has none."""
    for pattern, sentence in (*_patterns(), *((_pattern(said), told) for said, told in own.items())):
        if found := pattern.fullmatch(english):
            return sentence.format_map({name: _listed(part) for name, part in found.groupdict().items()})
    return None


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """The narrow ones first: `Input should be {expected}` fits what others say better."""
    told = {**PYDANTIC, **OURS}
    return tuple((_pattern(english), told[english]) for english in sorted(told, key=_width))


@cache
def _pattern(english: str) -> re.Pattern[str]:
    return re.compile(BORDER.sub(r"(?P<\1>.*?)", re.escape(english)), re.DOTALL)


def _width(english: str) -> tuple[bool, int]:
    return "{" in english, -len(english)


def _listed(part: str) -> str:
    return part.replace(" or ", "、").replace(", ", "、")
