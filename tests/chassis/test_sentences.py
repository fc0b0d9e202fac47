"""A refusal in Chinese."""

import pytest

from libs.chassis.field_sentences import chinese
from libs.chassis.problems import Problem, invalid
from libs.chassis.sentences import CHASSIS, Refusals, Sentence, in_chinese


def test_a_sentence_names_the_members_of_its_problem_and_bears_with_one_that_is_missing() -> None:
    refusals = Refusals({"skill-missing": Sentence("Skills are missing.", "缺少技能：{skills}")})
    told = Problem(409, "skill-missing", "Skills are missing.", extensions={"skills": ["hvac", "gas"]})
    silent = Problem(409, "skill-missing", "Skills are missing.")
    for problem in (told, silent):
        in_chinese(problem, refusals)
    assert (told.detail, silent.detail) == ("缺少技能：hvac、gas", "缺少技能：")


def test_the_whole_problem_is_in_chinese() -> None:
    problem = invalid("body.summary", "String should have at most 500 characters", "malformed")
    in_chinese(problem, Refusals(CHASSIS))
    assert (problem.title, problem.errors[0].detail) == ("内容不正确", "至多 500 个字符")
    assert problem.detail == "请求有 1 处不正确；第一处 body.summary：至多 500 个字符"


@pytest.mark.parametrize(
    ("english", "told"),
    [
        ("Input should be 'phone', 'web' or 'app'", "应为 'phone'、'web'、'app' 之一"),
        ("Input should be a valid integer, unable to parse string as an integer", "应为整数"),
        ("List should have at least 1 item after validation, not 0", "至少 1 项"),
        ("The body is not JSON, at character 7.", "请求正文从第 7 个字符起不是 JSON"),
        ("should be within 14 days of start", "应在 14 天内"),
        ("is of a kind that nobody foresaw", None),
    ],
)
def test_what_is_wrong_with_a_field_is_said_by_its_english_sentence(english: str, told: str | None) -> None:
    assert chinese(english, {"should be within {days} days of start": "应在 {days} 天内"}) == told
