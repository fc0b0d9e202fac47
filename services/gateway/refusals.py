"""What the gateway says no to, in both languages."""

from libs.chassis.sentences import Refusals, Sentence

REFUSALS = Refusals(
    {
        "cross-site": Sentence("This was not sent by a page of this site.", "该请求不是由本站页面发出的。", (403,)),
        "form-not-ready": Sentence("As things stand there is no such form.", "当前状态下没有此表单。"),
        "form-too-long": Sentence("There is more on record than a form can say.", "记录内容过多，无法打印。"),
        "no-such-form": Sentence("There is no such form.", "没有该表单。", (404,)),
        "service-too-slow": Sentence("The service did not answer in time.", "服务未能及时响应，请稍后重试。", (504,)),
        "service-unreachable": Sentence(
            "The service is out of reach for now.", "服务暂时无法连接，请稍后重试。", (503,)
        ),
        "not-signed-in": Sentence("Nobody is signed in here.", "您尚未登录，或登录已失效。", (401,)),
    }
)
