"""Names in running text."""

from vectorstore.matching import LongestMatch


def found(names, said, accepts=lambda start, end: True):
    return [said[a:b] for a, b in LongestMatch(names).find(said, accepts)]


def test_the_longest_name_wins_and_none_is_found_inside_it():
    assert found({"省科协", "科协", "省"}, "省科协和科协") == ["省科协", "科协"]


def test_a_name_at_the_end_has_its_own_length():
    assert list(LongestMatch({"管", "管理部门"}).find("谁管", lambda a, b: True)) == [(1, 2)]


def test_a_shorter_name_is_taken_when_the_longer_one_is_not_accepted():
    assert found({"干部", "干"}, "干部", lambda a, b: b - a == 1) == ["干"]
