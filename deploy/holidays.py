"""`make holidays` writes the public holidays that ship with sla: China's, from the package chinesecalendar (MIT).

Run it when the State Council has announced the next year and the package knows it, add the notice's number below, and
read the difference in services/sla/calendars/china.json before you commit it.
"""

import sys
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Literal

import msgspec
from chinese_calendar.constants import Holiday, holidays, workdays

from services.sla.calendars.domain.public_holidays import PublicHoliday, PublicHolidays

CHINA = Path(__file__).resolve().parents[1] / "services" / "sla" / "calendars" / "china.json"

NAMES = {
    "New Year's Day": {"zh-CN": "元旦", "en": "New Year's Day"},
    "Spring Festival": {"zh-CN": "春节", "en": "Spring Festival"},
    "Tomb-sweeping Day": {"zh-CN": "清明节", "en": "Tomb-sweeping Day"},
    "Labour Day": {"zh-CN": "劳动节", "en": "Labour Day"},
    "Dragon Boat Festival": {"zh-CN": "端午节", "en": "Dragon Boat Festival"},
    "National Day": {"zh-CN": "国庆节", "en": "National Day"},
    "Mid-autumn Festival": {"zh-CN": "中秋节", "en": "Mid-Autumn Festival"},
    "Anti-Fascist 70th Day": {
        "zh-CN": "中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日",
        "en": "70th Anniversary of the Victory over Fascism",
    },
}

NOTICES = {
    2006: "国办发明电〔2005〕35号",
    2007: "国办发明电〔2006〕49号",
    2008: "国办发明电〔2007〕52号",
    2009: "国办发明电〔2008〕42号",
    2010: "国办发明电〔2009〕27号",
    2011: "国办发明电〔2010〕40号",
    2012: "国办发明电〔2011〕45号",
    2013: "国办发明电〔2012〕33号",
    2014: "国办发明电〔2013〕28号",
    2015: "国办发明电〔2014〕28号",
    2016: "国办发明电〔2015〕18号",
    2017: "国办发明电〔2016〕17号",
    2018: "国办发明电〔2017〕12号",
    2019: "国办发明电〔2018〕15号",
    2020: "国办发明电〔2019〕16号",
    2021: "国办发明电〔2020〕27号",
    2022: "国办发明电〔2021〕11号",
    2023: "国办发明电〔2022〕16号",
    2024: "国办发明电〔2023〕7号",
    2025: "国办发明电〔2024〕12号",
    2026: "国办发明电〔2025〕7号",
}
"""The notices of the State Council's General Office, as published on gov.cn, by the year that they arrange.

Those for 2004 and 2005 are not here, for no text with their numbers was at hand.
"""

CHANGES = {
    (date(2015, 9, 3), date(2015, 9, 6)): "国发明电〔2015〕1号",  # 70 years after the victory of 1945
    (date(2019, 4, 28), date(2019, 5, 5)): "国办发明电〔2019〕3号",  # a longer Labour Day
    (date(2020, 1, 31), date(2020, 2, 2)): "国办发明电〔2020〕1号",  # a longer Spring Festival, for the epidemic
}
"""Later notices that changed an arrangement, by the first and the last date that they decreed."""

LEFT_OUT = [
    PublicHoliday(date=date(2005, 12, 31), kind="work", name=NAMES["New Year's Day"], notice=NOTICES[2006]),
    PublicHoliday(date=date(2011, 6, 5), kind="off", name=NAMES["Dragon Boat Festival"], notice=NOTICES[2011]),
    PublicHoliday(date=date(2012, 6, 23), kind="off", name=NAMES["Dragon Boat Festival"], notice=NOTICES[2012]),
    PublicHoliday(
        date=date(2015, 9, 5),
        kind="off",
        name=NAMES["Anti-Fascist 70th Day"],
        notice=CHANGES[date(2015, 9, 3), date(2015, 9, 6)],
    ),
]
"""Saturdays and Sundays that these notices name and the package lacks."""


def china(off: Mapping[date, str], work: Mapping[date, str]) -> PublicHolidays:
    """The table from the package's: dates to the English name of their holiday."""
    days = sorted([*_days(off, "off"), *_days(work, "work"), *LEFT_OUT], key=lambda day: day.date)
    return PublicHolidays(region="CN", years=(days[0].date.year, days[-1].date.year), days=tuple(days))


def _days(named: Mapping[date, str], kind: Literal["off", "work"]) -> Iterator[PublicHoliday]:
    for day, name in named.items():
        yield PublicHoliday(date=day, kind=kind, name=NAMES[Holiday(name).value], notice=notice(day))


def notice(day: date) -> str | None:
    """The notice that decreed a day. The last days of December belong to the next year's."""
    for (first, last), changed in CHANGES.items():
        if first <= day <= last:
            return changed
    return NOTICES.get(day.year + (day.month == 12))


def written(known: PublicHolidays) -> str:
    """As a file that shows a day a line, so that a year's arrival reads well in a diff."""
    head = f'{{\n"region": "{known.region}",\n"years": [{known.years[0]}, {known.years[1]}],\n"days": [\n'
    return head + ",\n".join(msgspec.json.encode(day).decode() for day in known.days) + "\n]\n}\n"


def main() -> None:
    """Write the file."""
    known = china(holidays, workdays)
    CHINA.write_text(written(known), encoding="utf-8")
    print(f"{CHINA.name}: {len(known.days)} days of {known.years[0]} to {known.years[1]}", file=sys.stderr)


if __name__ == "__main__":
    main()
