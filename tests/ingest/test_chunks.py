"""Documents are cut by structure: a chunk stands under its heading and never breaks a sentence."""

from ingest.chunks import LONGEST, read_document


def test_headings_are_kept_with_what_stands_below_them():
    document = read_document("# 办法\n\n## 一、开门\n\n上午九点开门。\n\n## 二、送餐\n\n老人送餐上门。\n", "a.md")
    assert document.title == "办法" and [c.heading for c in document.chunks] == ["一、开门", "二、送餐"]


def test_a_long_paragraph_is_cut_at_the_end_of_a_sentence():
    document = read_document("这是一句不长不短的话。" * 200, "a.txt")
    assert all(len(c.text) <= LONGEST and c.text.endswith("。") for c in document.chunks)
    assert "".join(c.text for c in document.chunks) == "这是一句不长不短的话。" * 200


def test_number_and_region_are_read_from_the_head():
    document = read_document("广州市民政局关于提高标准的通知\n\n穗民规字〔2025〕2号\n\n标准是一千元。", "a.txt")
    assert document.number == "穗民规字〔2025〕2号" and document.region == "广州市"


def test_a_long_table_is_cut_between_rows_and_keeps_its_header():
    rows = "\n".join(f"| 第{n}镇 | 每月{n}日在镇文化站集中办理，带身份证 |" for n in range(40))
    document = read_document(f"# 办理时间\n\n请按时到场。\n\n| 地点 | 时间 |\n|---|---|\n{rows}\n", "a.md")
    words, *parts = document.chunks
    assert words.text == "请按时到场。" and len(parts) > 3
    assert all(p.text.startswith("| 地点 | 时间 |\n| 第") and p.text.endswith(" |") for p in parts)
    assert sum(p.text.count("| 第") for p in parts) == 40


def test_a_document_without_marks_is_called_by_its_first_line():
    document = read_document("广东高校毕业生政策清单\n\n一、补贴\n\n每月五百元。", "18b.html")
    assert document.title == "广东高校毕业生政策清单" and document.region == "广东"
