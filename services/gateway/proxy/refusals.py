"""What the proxy says itself, in English and in Chinese; all other refusals are the services' own."""

from libs.chassis.sentences import Refusals, Sentence

REFUSALS = Refusals(
    {
        "service-too-slow": Sentence("The service did not answer in time.", "服务未能及时响应，请稍后重试。", (504,)),
        "service-unreachable": Sentence(
            "The service is out of reach for now.", "服务暂时无法连接，请稍后重试。", (503,)
        ),
    }
)
