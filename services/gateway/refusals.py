"""What the gateway says no to, in both languages."""

from libs.chassis.sentences import Refusals, Sentence

REFUSALS = Refusals(
    {
        "cross-site": Sentence("This was not sent by a page of this site.", "该请求不是由本站页面发出的。", (403,)),
        "not-signed-in": Sentence("Nobody is signed in here.", "您尚未登录，或登录已失效。", (401,)),
    }
)
