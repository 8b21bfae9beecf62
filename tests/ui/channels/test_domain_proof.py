"""The files by which WeChat proves a domain are served, and nothing else of their folder or beside it."""

import httpx


def test_a_proof_file_is_served_from_the_public_folder_and_nothing_else_is(open_service, state):
    (state / "public").mkdir()
    (state / "public/MP_verify_abc123.txt").write_text("abc123")
    (state / "public/other.txt").write_text("secret")
    assert httpx.get(f"{open_service}/MP_verify_abc123.txt").text == "abc123"
    for path in (
        "MP_verify_missing.txt",
        "other.txt",
        "XX_verify_abc123.txt",
        "MP_verify_..%2Fother.txt",
        "public/other.txt",
    ):
        assert httpx.get(f"{open_service}/{path}").status_code == 404
