"""The issuer's own pages, in Chinese first: HTML that works without scripts and loads nothing."""

import hashlib
from base64 import b64encode
from collections.abc import Mapping
from html import escape
from pathlib import Path
from string import Template
from urllib.parse import parse_qsl, urlencode, urlsplit

from fastapi.responses import HTMLResponse, RedirectResponse

HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "same-origin", "X-Content-Type-Options": "nosniff"}
"""Of every answer to a browser: a code may stand in its address."""

HERE = Path(__file__).parent
FRAME = Template((HERE / "page.html").read_text(encoding="utf-8"))
STYLE = (HERE / "page.css").read_text(encoding="utf-8")
LANGUAGES = {"zh-CN": "中文", "en": "English"}

SIGN_IN = Template("""$alert<form method="post" action="$action">
<label for="username">$username</label>
<input id="username" name="username" value="$typed" autocomplete="username" autocapitalize="none" spellcheck="false"
 maxlength="64" required$described$name_first>
<label for="password">$password</label>
<input id="password" name="password" type="password" autocomplete="current-password" maxlength="200"
 required$described$password_first>
<button>$sign_in</button>
</form>
$languages""")
SIGN_OUT = Template("""<form method="post" action="$action">
<p>$sure</p>
<button name="confirmed" value="yes">$sign_out</button>
</form>""")

WORDS: Mapping[str, Mapping[str, str]] = {
    "zh-CN": {
        "title": "登录售后系统",
        "username": "账号",
        "password": "密码",
        "sign-in": "登录",
        "wrong": "账号或密码不正确。",
        "wait": "尝试次数过多，请在 $seconds 秒后再试。",
        "cross-site": "请求来自其他网站，未处理。请从系统页面重新登录。",
        "leave": "退出登录",
        "sure": "确定要退出登录吗？",
        "sign-out": "退出",
        "left": "已退出登录。",
        "refused": "无法登录",
        "unknown-client": "登录请求来自未知的系统或地址。请从系统页面重新登录。",
        "unknown-address": "退出后要打开的地址未登记，未处理。",
        "malformed": "请求的格式不正确。请从系统页面重新登录。",
    },
    "en": {
        "title": "Sign in to Aftercare",
        "username": "Username",
        "password": "Password",
        "sign-in": "Sign in",
        "wrong": "Username or password is wrong.",
        "wait": "Too many tries. Try again in $seconds seconds.",
        "cross-site": "Another site sent this request; nothing was done. Sign in again from the product's page.",
        "leave": "Sign out",
        "sure": "Do you want to sign out?",
        "sign-out": "Sign out",
        "left": "You are signed out.",
        "refused": "Cannot sign in",
        "unknown-client": "An unknown product or address asked you to sign in. Sign in again from the product's page.",
        "unknown-address": "The address to open after sign-out is not registered. Nothing was done.",
        "malformed": "The request is malformed. Sign in again from the product's page.",
    },
}


def language(fields: Mapping[str, str]) -> str:
    """The first of `ui_locales` that there is a page in; Chinese without one."""
    wished = (tag for tag in fields.get("ui_locales", "").split() if tag in LANGUAGES)
    return next(wished, "zh-CN")


def sign_in_page(
    query: str, lang: str, goes_to: str, alert: str | None = None, typed: str = "", seconds: float = 0.0
) -> HTMLResponse:
    """The form, whose answer may lead to the origin of `goes_to`; an alert is one of WORDS and stands above it."""
    words = WORDS[lang]
    sentence = Template(words[alert]).substitute(seconds=int(seconds) + 1) if alert else ""
    body = SIGN_IN.substitute(
        alert=f'<p id="alert" role="alert">{escape(sentence)}</p>\n' if alert else "",
        described=' aria-describedby="alert"' if alert else "",
        action=escape(f"/sign-in?{query}"),
        typed=escape(typed),
        name_first="" if typed else " autofocus",
        password_first=" autofocus" if typed else "",
        languages=_languages(query, lang),
        username=words["username"],
        password=words["password"],
        sign_in=words["sign-in"],
    )
    status = {None: 200, "wait": 429, "cross-site": 403}.get(alert, 401)
    headers = {"Retry-After": str(int(seconds) + 1)} if alert == "wait" else {}
    return _page(lang, words["title"], body, status, headers, goes_to)


def sign_out_page(query: str, lang: str, goes_to: str | None) -> HTMLResponse:
    """The question whether to sign out."""
    words = WORDS[lang]
    body = SIGN_OUT.substitute(action=escape(f"/logout?{query}"), sure=words["sure"], sign_out=words["sign-out"])
    return _page(lang, words["leave"], body, goes_to=goes_to)


def left_page(lang: str) -> HTMLResponse:
    """Signed out, with nowhere to go."""
    return _page(lang, WORDS[lang]["leave"], f"<p>{WORDS[lang]['left']}</p>")


def refusal_page(word: str, lang: str) -> HTMLResponse:
    """Why nothing was done, where there is no address to go back to."""
    return _page(lang, WORDS[lang]["refused"], f'<p role="alert">{WORDS[lang][word]}</p>', 400)


def redirect(address: str) -> RedirectResponse:
    """On to another address, by GET."""
    return RedirectResponse(address, 303, HEADERS)


def _languages(query: str, lang: str) -> str:
    """Links to the same request in the other languages."""
    fields = [(name, value) for name, value in parse_qsl(query, keep_blank_values=True) if name != "ui_locales"]
    links = (
        f'<a lang="{tag}" hreflang="{tag}" href="{escape("/authorize?" + urlencode([*fields, ("ui_locales", tag)]))}">'
        f"{name}</a>"
        for tag, name in LANGUAGES.items()
        if tag != lang
    )
    return f"<footer>{' '.join(links)}</footer>"


def _page(
    lang: str,
    title: str,
    body: str,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    goes_to: str | None = None,
) -> HTMLResponse:
    page = FRAME.substitute(lang=lang, title=escape(title), style=STYLE, body=body)
    return HTMLResponse(page, status, {**HEADERS, "Content-Security-Policy": _policy(goes_to), **(headers or {})})


def _policy(goes_to: str | None) -> str:
    """Nothing is loaded. Browsers hold a form's redirects to `form-action`, too: the client's origin stands in it."""
    style = b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    origin = f" {urlsplit(goes_to).scheme}://{urlsplit(goes_to).netloc}" if goes_to else ""
    return (
        f"default-src 'none'; style-src 'sha256-{style}'; form-action 'self'{origin}; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
