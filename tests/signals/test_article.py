"""Articles and their readers: every file is read or reported, and one bad file never stops the rest."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals.article import Article, Unreadable
from signals.decoding import Undecodable, decode
from signals.errors import ArticleError
from signals.readers import read_articles


def read(*paths: str | Path) -> list[Article | Unreadable]:
    return list(read_articles(list(paths)))


def only(items: list[Article | Unreadable]) -> Article:
    assert len(items) == 1
    assert isinstance(items[0], Article)
    return items[0]


def reason(items: list[Article | Unreadable]) -> str:
    assert len(items) == 1
    assert isinstance(items[0], Unreadable)
    return items[0].reason


def test_an_article_fills_hash_and_id_and_keeps_what_is_given() -> None:
    article = Article(title="T", text="x")
    assert article.sha256 == hashlib.sha256(b"T\nx").hexdigest()
    assert article.id == article.sha256[:12]
    assert Article(text="x", id="a", sha256="b").id == "a"
    assert Article(text="x", sha256="b").sha256 == "b"


def test_lone_surrogates_are_replaced_one_to_one() -> None:
    article = Article(text="a\ud800b", title="\udfff")
    assert (article.text, article.title) == ("a\ufffdb", "\ufffd")


def test_equal_articles_are_equal_and_hashable() -> None:
    assert Article(text="x", extra={"a": 1}) == Article(text="x", extra={"a": 1})
    assert len({Article(text="x"), Article(text="x")}) == 1


@given(st.text(st.characters(), max_size=50))
def test_any_string_makes_an_article_that_can_be_written(text: str) -> None:
    article = Article(text=text)
    assert len(article.text) == len(text)
    article.text.encode()


@pytest.mark.parametrize("path", ["absent.txt", "absent/", "a\0b", "x" * 5000, "https://example.org/a"])
def test_no_such_path_is_an_error_at_the_call(path: str, tmp_path: Path) -> None:
    with pytest.raises(ArticleError, match="no such file or folder"):
        read_articles(path if "://" in path else os.path.join(tmp_path, path))


def test_an_empty_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / ".hidden").write_text("x")
    with pytest.raises(ArticleError, match="holds no files"):
        read_articles(tmp_path)


def test_no_path_is_an_error() -> None:
    with pytest.raises(ArticleError, match="give at least one"):
        read_articles([])


def test_a_folder_is_read_in_order_with_its_subfolders_and_reports_progress(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "x.txt").write_text("hidden")
    for name in ("b.txt", "a.txt", "sub/c.txt"):
        (tmp_path / name).write_text(f"text of {name}")
    seen: list[tuple[int, int]] = []
    items = list(read_articles(tmp_path, progress=lambda done, total: seen.append((done, total))))
    assert [item.id for item in items if isinstance(item, Article)] == ["a", "b", "c"]
    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_a_bad_file_is_reported_and_the_others_go_on(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("fine")
    (tmp_path / "b.txt").write_bytes(bytes(range(256)) * 4)
    (tmp_path / "c.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(50))
    (tmp_path / "d.txt").write_bytes(b"\x80\x81\x82\xff")
    (tmp_path / "e.txt").write_bytes(b" \n ")
    (tmp_path / "f.txt").write_text("fine too")
    items = read(tmp_path)
    assert [type(item) for item in items] == [Article, Unreadable, Unreadable, Unreadable, Unreadable, Article]
    reasons = [item.reason for item in items if isinstance(item, Unreadable)]
    assert "undecodable" in reasons[0]
    assert reasons[1] == "binary file"
    assert "undecodable" in reasons[2]
    assert reasons[3] == "empty file"


def test_a_forbidden_file_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*args: object, **kwargs: object) -> None:
        raise PermissionError(13, "Permission denied")

    (tmp_path / "a.txt").write_text("x")
    monkeypatch.setattr("builtins.open", forbidden)
    assert reason(read(tmp_path / "a.txt")) == "cannot be read: Permission denied"


def test_a_file_that_vanishes_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("x")
    items = read_articles(path)
    path.unlink()
    assert "cannot be read: No such file" in reason(list(items))


def test_txt_keeps_its_text_unchanged_and_hashes_the_file(tmp_path: Path) -> None:
    data = b" date 2018-12 Ein Text.\r\nMit Zeilen.\n"
    path = tmp_path / "001_x.txt"
    path.write_bytes(data)
    article = only(read(path))
    assert article.text == data.decode()
    assert (article.id, article.source) == ("001_x", str(path))
    assert article.sha256 == hashlib.sha256(data).hexdigest()


def test_the_same_name_twice_gets_two_ids(tmp_path: Path) -> None:
    for folder, text in (("a", "one"), ("b", "two"), ("c", "two")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.txt").write_text(text)
    ids = [item.id for item in read(tmp_path) if isinstance(item, Article)]
    digest = hashlib.sha256(b"two").hexdigest()[:8]
    assert ids == ["x", f"x-{digest}", f"x-{digest}-2"]


def test_one_path_may_stand_alone(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    assert only(list(read_articles(str(tmp_path / "a.txt")))).text == "x"


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("Größe".encode(), "Größe"),
        (b"\xef\xbb\xbfGr\xc3\xb6\xc3\x9fe", "Größe"),
        (
            "Die Größe der Übernahme steht noch nicht fest".encode("cp1252"),
            "Die Größe der Übernahme steht noch nicht fest",
        ),
        ("Größe".encode("utf-16"), "Größe"),
        ("Gewinnwarnung".encode("utf-16-le"), "Gewinnwarnung"),
        ("Gewinnwarnung".encode("utf-16-be"), "Gewinnwarnung"),
        ("Größe".encode("utf-32"), "Größe"),
    ],
)
def test_encodings_are_detected(data: bytes, text: str) -> None:
    assert decode(data) == text


def test_a_declared_charset_is_believed_where_utf8_fails() -> None:
    data = b"<meta charset='iso-8859-2'>" + "Łódź".encode("iso-8859-2")
    assert decode(data, declared=True).endswith("Łódź")
    assert decode(b"<meta charset='no-such'>caf\xe9 is a word", declared=True).endswith("café is a word")


@pytest.mark.parametrize(
    ("data", "match"),
    [
        (b"", "empty"),
        (b"%PDF-1.7 ...", "binary"),
        (b"\x00\x01\x02\x03" * 99, "binary"),
        (b"\xff\xfe\x00\xd8", "undecodable"),
        (b"\xe4" * 9, "undecodable"),
    ],
)
def test_what_is_no_text_is_refused(data: bytes, match: str) -> None:
    with pytest.raises(Undecodable, match=match):
        decode(data)


@given(st.binary(max_size=300))
def test_any_bytes_are_text_or_refused(data: bytes) -> None:
    with contextlib.suppress(Undecodable):
        assert isinstance(decode(data, declared=True), str)


class _Stdin:
    def __init__(self, data: bytes) -> None:
        self.buffer = io.BytesIO(data)


@pytest.mark.parametrize(
    ("data", "texts"),
    [
        (b"Zalando slumps.\nMore text.", ["Zalando slumps.\nMore text."]),
        (b'{"text": "one"}\n{"text": "two"}\n', ["one", "two"]),
        (b'{\n "text": "one"}', ["one"]),
        (b'[{"text": "one"}, {"text": "two"}]', ["one", "two"]),
        (b"id;text\n1;one\n", ["one"]),
        (b"<!doctype html><body><p>One.</p><p>Two.</p></body>", ["One.\nTwo."]),
        (b"[not json] a text", ["[not json] a text"]),
        (b"<3 is a text", ["<3 is a text"]),
    ],
)
def test_standard_input_is_read_in_any_format(data: bytes, texts: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", _Stdin(data))
    items = read("-")
    assert [item.text for item in items if isinstance(item, Article)] == texts


def test_a_file_larger_than_the_limit_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("signals.readers.MAX_BYTES", 10)
    (tmp_path / "a.txt").write_text("x" * 11)
    assert "not read as one article" in reason(read(tmp_path / "a.txt"))


def test_json_lines_stream(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps({"id": str(i), "text": "x"}) + "\n" for i in range(100)))
    items = read_articles(path)
    first = next(items)
    assert isinstance(first, Article)
    assert first.id == "0"
    assert sum(1 for _ in items) == 99


def test_the_originals_of_the_seeds_are_read(shared: Path) -> None:
    items = read(shared / "seeds")
    articles = [item for item in items if isinstance(item, Article)]
    assert [article.id[:3] for article in articles] == ["000", "001", "002"]
    assert [Path(item.path).name for item in items if isinstance(item, Unreadable)] == ["truth.json"]


def test_the_seeds_name_the_hash_of_their_source(shared: Path, root: Path) -> None:
    for article in read_articles(root / "seeds" / "articles.jsonl"):
        assert isinstance(article, Article)
        source = shared / "seeds" / article.extra["source_file"]
        assert article.sha256 == hashlib.sha256(source.read_bytes()).hexdigest()


def test_the_seeds_copy_no_sentence(shared: Path, root: Path) -> None:
    from re import findall

    for article in read_articles(root / "seeds" / "articles.jsonl"):
        assert isinstance(article, Article)
        theirs = findall(r"\w+", (shared / "seeds" / article.extra["source_file"]).read_text("utf-8").lower())
        ours = findall(r"\w+", article.text.lower())
        runs = {tuple(theirs[i : i + 6]) for i in range(len(theirs) - 5)}
        same = {" ".join(ours[i : i + 6]) for i in range(len(ours) - 5) if tuple(ours[i : i + 6]) in runs}
        assert same <= {"at the end of last year"}
