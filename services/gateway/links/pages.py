"""The pages of links: HTML with one nonce for its style, no script, and nothing that is kept or passed on."""

from collections.abc import Mapping
from datetime import datetime
from secrets import token_urlsafe
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse

from services.gateway.links.appointment import FURTHEST, LONGEST_NOTE, PARTS, Planned, TimeAnswer
from services.gateway.links.domain import (
    LONGEST_COMMENT,
    LONGEST_NAME,
    STEPS,
    Hotline,
    Progress,
    Rating,
    Repair,
    Verdict,
)
from services.gateway.links.words import WORDS, Language

TEMPLATES = Environment(
    loader=PackageLoader("services.gateway.links"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    auto_reload=False,
)
DAYS = "一二三四五六日"
OVER = ("closed", "cancelled")
RENEWAL = {"Refresh": "60"}
"""The browser asks again after so many seconds, without a script."""


def progress(shown: Progress, language: Language, renews: bool, hotline: str = "") -> HTMLResponse:
    """36: how far a ticket has come. Until it is over the page renews itself, unless its reader stopped it.

    Whom to call is the hotline of its region; `hotline` where there is none.
    """
    zone = ZoneInfo(shown.timezone)
    visit = _when(shown.visit.start, shown.visit.end, zone, language) if shown.visit else None
    renewing = None if shown.status in OVER else renews
    headers = RENEWAL if renewing else {}
    about: dict[str, Any] = {"progress": shown, "step": STEPS.get(shown.status), "visit": visit, "renewing": renewing}
    about["hotline"] = shown.hotline or (Hotline(hotline) if hotline else None)
    return _page("progress", 200, language, headers=headers, **about)


def acceptance(
    repair: Repair, answer_id: str, language: Language, verdict: Verdict | None = None, flaw: str | None = None
) -> HTMLResponse:
    """39: what was done, and the two forms of a verdict, perhaps with what was wrong with what came."""
    longest = {"longest_name": LONGEST_NAME, "longest": LONGEST_COMMENT}
    shown: dict[str, Any] = {"repair": repair, "verdict": verdict, "flaw": flaw, **longest}
    return _page("acceptance", 422 if flaw else 200, language, answer_id=answer_id, **shown)


def judged(verdict: Verdict, language: Language) -> HTMLResponse:
    """The answer of a verdict, however often it comes."""
    return _told("accepted_thanks" if verdict.accepted else "rejected_thanks", 200, language, switch=False)


def early(language: Language) -> HTMLResponse:
    """There is nothing to accept yet."""
    return _told("early", 409, language)


def rating(answer_id: str, language: Language, rating: Rating | None = None, flaw: str | None = None) -> HTMLResponse:
    """40: the form, perhaps with what was wrong with what came."""
    shown: dict[str, Any] = {"rating": rating, "flaw": flaw, "longest": LONGEST_COMMENT}
    return _page("rating", 422 if flaw else 200, language, answer_id=answer_id, **shown)


def thanks(rating: Rating, language: Language) -> HTMLResponse:
    """The answer of a rating, however often it comes."""
    return _page("thanks", 200, language, switch=False, rating=rating)


def time(
    answer: TimeAnswer, planned: Planned, zone: ZoneInfo, language: Language, flaw: str | None = None
) -> HTMLResponse:
    """37: when the visit is planned, and the form, perhaps with what was wrong with what came."""
    when = _when(planned.start, planned.end, zone, language) if planned.start and planned.end else None
    today = datetime.now(zone).date()
    shown: dict[str, Any] = {"planned": planned, "when": when, "flaw": flaw, "parts": PARTS}
    shown |= {"first": today.isoformat(), "last": (today + FURTHEST).isoformat(), "longest": LONGEST_NOTE}
    return _page("time", 422 if flaw else 200, language, answer=answer, **shown)


def time_taken(answer: TimeAnswer, slot: tuple[str, str], zone: ZoneInfo, language: Language) -> HTMLResponse:
    """The answer of a confirmation or a wish, however often it comes."""
    word = "time_confirmed" if answer.choice == "confirm" else "time_wished"
    return _page("time_taken", 200, language, switch=False, word=word, when=_when(*slot, zone, language))


def time_answered(language: Language) -> HTMLResponse:
    """Somebody has answered already by this link."""
    return _told("time_answered", 409, language, switch=False)


def closed(language: Language, hotline: str) -> HTMLResponse:
    """42: one page for every link that opens nothing."""
    return _told("closed", 404, language, heading="closed_title", hotline=hotline)


def answered(language: Language, word: str = "answered") -> HTMLResponse:
    """Somebody has answered already, by a link, on the phone or on site."""
    return _told(word, 409, language, switch=False)


def often(language: Language, seconds: int) -> HTMLResponse:
    """So many tries that we ask nobody any more for a while."""
    return _told("often", 429, language, headers={"Retry-After": str(seconds)})


def later(language: Language, fields: Mapping[str, str] | None = None) -> HTMLResponse:
    """A service is out of reach; a form is sent again as it came, under its own id."""
    more = {"again": True, "fields": fields, "switch": fields is None}
    headers = {"Retry-After": "5"} | (RENEWAL if fields is None else {})
    return _told("later", 503, language, headers=headers, **more)


def _told(word: str, status: int, language: Language, **more: Any) -> HTMLResponse:
    told = {"heading": word, "text": f"{word}_text", "fields": None, "again": False, "hotline": ""}
    return _page("told", status, language, **told | more)


def _page(
    template: str,
    status: int,
    language: Language,
    headers: Mapping[str, str] | None = None,
    switch: bool = True,
    **shown: Any,
) -> HTMLResponse:
    """`switch` is whether the address may be opened anew in the other language: the answer of a form may not."""
    nonce = token_urlsafe(16)
    other = "en" if language == "zh-CN" else "zh-CN"
    about = {"language": language, "other": other, "words": WORDS[language], "nonce": nonce, "switch": switch}
    text = TEMPLATES.get_template(f"{template}.html").render(**about, **shown)
    return HTMLResponse(text, status, {**_headers(nonce), **(headers or {})})


def _headers(nonce: str) -> dict[str, str]:
    """The address is a key: no other site hears of it, and no search engine keeps it."""
    policy = (
        f"default-src 'none'; style-src 'nonce-{nonce}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    return {
        "Content-Security-Policy": policy,
        "Referrer-Policy": "no-referrer",
        "X-Robots-Tag": "noindex, nofollow",
        "Vary": "Accept-Language",
    }


def _when(begins: str, ends: str, zone: ZoneInfo, language: Language) -> str:
    """Day and hours of a visit, at its site."""
    start, end = (datetime.fromisoformat(at).astimezone(zone) for at in (begins, ends))
    hours = f"{start:%H:%M}–{end:%H:%M}"
    if language == "en":
        return f"{start:%a} {start.day} {start:%b} {start.year}, {hours}"
    return f"{start:%Y-%m-%d} 周{DAYS[start.weekday()]} {hours}"
