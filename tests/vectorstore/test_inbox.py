"""The inbox: what is of a conversation goes when its user says so, everything else stays."""

from vectorstore.inbox import BAD, UNANSWERED, Inbox


def test_a_conversations_items_are_deleted_with_it_and_others_stay(tmp_path):
    inbox = Inbox(tmp_path)
    inbox.put(UNANSWERED, "第一个人问的", "答", session="one")
    inbox.put(BAD, "第一个人又问", "答", "看不懂", session="one")
    inbox.put(UNANSWERED, "第二个人问的", "答", session="two")
    inbox.put(UNANSWERED, "没有会话的", "答")
    inbox.forget("one")
    assert [i.question for i in inbox.items()] == ["没有会话的", "第二个人问的"]
    raw = b"".join(f.read_bytes() for f in tmp_path.glob("state.db*"))
    assert "第一个人".encode() not in raw and "第二个人".encode() in raw


def test_an_item_that_was_dealt_with_is_gone(tmp_path):
    inbox = Inbox(tmp_path)
    inbox.drop(inbox.put(UNANSWERED, "问", "答", session="one"))
    assert inbox.items() == []
