"""What people see where signing in did not work: a sentence in both languages, and a way to try again."""

from collections.abc import Mapping
from html import escape
from secrets import token_urlsafe
from urllib.parse import quote

from starlette.responses import HTMLResponse

from services.gateway.policy import NOTHING

PAGE = """<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>售后 · Aftercare</title>
<style nonce="{nonce}">
body {{ font: 16px/1.6 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; margin: 0;
  display: grid; place-items: center; min-height: 100vh; color: #1f2329; background: #f5f6f7; }}
main {{ max-width: 32rem; padding: 2rem; }}
h1 {{ font-size: 1.25rem; }}
a {{ color: #0b5e8a; }}
</style>
</head>
<body>
<main>
<h1>{chinese}</h1>
<p lang="en">{english}</p>
{again}
</main>
</body>
</html>
"""
AGAIN = '<p><a href="{address}">重试 <span lang="en">/ Try again</span></a></p>'

EXPIRED = ("登录已超时，或是在另一个窗口开始的。", "Signing in took too long, or was begun in another window.")
REFUSED = ("登录未完成。", "Signing in was not completed.")
UNTRUSTED = ("该账号的登录信息不适用于本系统。", "What the sign-in service answered is not for this system.")
UNREACHABLE = ("登录服务暂时无法连接，请稍后重试。", "The sign-in service is out of reach for now. Try again later.")
LABEL = (
    "这是有效的设备码。扫码报修即将开通，请先致电报修。",
    "An asset's code. Its page is coming: please call.",
)
NO_LABEL = ("此设备码无效。", "This is no code of an asset.")
NO_FRONT = ("前端页面尚未构建。", "The front is not built yet: run `make web`.")


def page(
    status: int, sentences: tuple[str, str], to: str | None = None, headers: Mapping[str, str] | None = None
) -> HTMLResponse:
    """The page; with a path, it leads back there by way of signing in."""
    chinese, english = map(escape, sentences)
    nonce = token_urlsafe(16)
    again = "" if to is None else AGAIN.format(address=escape(f"/auth/login?to={quote(to)}"))
    text = PAGE.format(nonce=nonce, chinese=chinese, english=english, again=again)
    policy = f"{NOTHING}; style-src 'nonce-{nonce}'; base-uri 'none'; form-action 'none'"
    return HTMLResponse(text, status, {"Content-Security-Policy": policy, **(headers or {})})
