"""A suite with a folder of its name is asked over the files in it, beside the built-in notice, in a folder apart."""

from evals.judge import judge
from evals.suite import Expect, Turn
from tests.conftest import KEY

PLAN = """白沙县人民政府关于印发白沙县河道清淤行动方案的通知
白沙府发〔2024〕7号
一、清淤
（一）疏浚入湖河口。（牵头单位：县水利局；责任单位：县交通运输局）
"""


def test_a_file_put_into_the_folder_is_asked_about_and_nothing_of_it_stays(run, filled, tmp_path):
    library = filled(tmp_path / "home")
    folder = tmp_path / "suites"
    (folder / "rivers").mkdir(parents=True)
    (folder / "rivers" / "plan.txt").write_text(PLAN, encoding="utf-8")
    case = "- {q: 白沙县疏浚入湖河口谁牵头, notices: [白沙府发〔2024〕7号], departments: [县水利局], role: lead}\n"
    (folder / "rivers.yaml").write_text(case, encoding="utf-8")
    done = run("eval", "--folder", folder, "--report", tmp_path / "report", home=tmp_path / "home")
    assert done.returncode == 0 and "1/1" in done.stdout, done.stdout + done.stderr
    assert list(library.current().register.notices) == [KEY]


def test_an_answer_from_another_notice_is_a_fault():
    given = {"kind": "duty", "refusal": None, "text": "", "citations": []}
    duty = {"path": "一(一)", "title": "", "department": "县水利局", "role": "lead", "notice": KEY}
    asked = Turn("问", Expect(notices=frozenset({"白沙府发〔2024〕7号"}), departments=frozenset({"县水利局"})))
    assert "出自" in "".join(judge(asked, {**given, "duties": [duty]}))
    assert judge(asked, {**given, "duties": [{**duty, "notice": "白沙府发〔2024〕7号"}]}) == []
