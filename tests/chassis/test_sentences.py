"""A refusal in Chinese."""

from libs.chassis.problems import Problem
from libs.chassis.sentences import Sentence, in_chinese


def test_a_sentence_names_the_members_of_its_problem_and_bears_with_one_that_is_missing() -> None:
    sentences = {"skill-missing": Sentence("Skills are missing.", "缺少技能：{skills}")}
    told = Problem(409, "skill-missing", "Skills are missing.", extensions={"skills": ["hvac", "gas"]})
    silent = Problem(409, "skill-missing", "Skills are missing.")
    for problem in (told, silent):
        in_chinese(problem, sentences)
    assert (told.detail, silent.detail) == ("缺少技能：hvac、gas", "缺少技能：")
