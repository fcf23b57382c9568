"""The training set, its versions, what broke, the queue, files of sentences, the command."""

import pandas as pd
import pytest

from omni_core import Workspace
from omni_core.cli import main
from omni_core.errors import UnknownName
from omni_core.service import (
    IntentClassifier,
    comparison,
    csvfile,
    evaluate,
    review,
    telling_set,
    telling_trust,
)
from omni_core.service import regression as regress
from omni_core.service import training as teach
from omni_core.service.teaching import edited, found, fresh, keep

PAIRS = (
    ("包邮吗", "shipping_fee"), ("运费多少", "shipping_fee"), ("邮费谁出", "shipping_fee"),
    ("怎么收运费", "shipping_fee"), ("转人工", "human_agent"), ("找真人客服", "human_agent"),
    ("人工在吗", "human_agent"), ("我要真人", "human_agent"), ("开发票", "invoice"),
    ("发票怎么开", "invoice"), ("给我开张发票", "invoice"), ("要电子发票", "invoice"),
)


@pytest.fixture
def ws(tmp_path):
    with Workspace.open(tmp_path / "shop") as workspace:
        yield workspace


def fitted(pairs):
    return IntentClassifier("tfidf").fit([t for t, _i in pairs], [i for _t, i in pairs])


# -- draft and versions ----------------------------------------------------------------------------
def test_a_draft_is_applied_once_and_taken_back():
    twice = (*PAIRS, PAIRS[0])
    draft = teach.Draft().remove([PAIRS[0]]).add([("刻字吗", "engraving")])
    assert draft.apply(twice) == (*PAIRS[1:], PAIRS[0], ("刻字吗", "engraving"))
    assert not len(draft.add([PAIRS[0]]).remove([("刻字吗", "engraving")]))


def test_versions_are_kept_used_and_survive_reopening(tmp_path):
    with Workspace.open(tmp_path / "shop") as ws:
        library = teach.Library(ws)
        assert library.in_force() is None
        library.set_draft(teach.Draft(added=(("x", "y"),)))
        for n in range(teach.KEPT + 3):
            library.save("tfidf", PAIRS[: 5 + n % 7], {"accuracy": 0.5}, "start" if not n else "")
        assert not len(library.draft())
        assert len(library.names()) == teach.KEPT
        with pytest.raises(UnknownName):
            library.use("9999")
        library.use(library.names()[-1])
    with Workspace.open(tmp_path / "shop") as ws:
        library = teach.Library(ws)
        assert library.in_force().name == library.names()[-1] != library.names()[0]
        table = library.table()
        assert table["in_use"].sum() == 1 and table["version"].is_monotonic_decreasing
        assert list(telling_set.version_table(table, ws.timezone)["in_use"]).count("in force") == 1


def test_what_broke_is_said_first_and_can_be_taken_back(ws):
    """A poisoned sentence breaks shipping_fee; the version before it answers as it did."""
    library = teach.Library(ws)
    poison = tuple((f"{t}呀", "invoice") for t, i in PAIRS if i == "shipping_fee") * 3
    after = (*PAIRS, *poison)
    old, new = fitted(PAIRS), fitted(after)
    judged = pd.DataFrame([("运费要多少呢", "shipping_fee"), ("发票给我开一个", "invoice")],
                          columns=["text", "intent"])
    keep(library, old, new, PAIRS, after, "tfidf", "tfidf", judged, ["邮费"])
    version = library.in_force()
    assert version.name == "0002" and version.figures["added"] == 4
    flips = version.figures["flips"]
    assert flips and flips[0]["kind"] == "broken" and flips[0]["truth"] == "shipping_fee"
    assert [regress.KINDS.index(f["kind"]) for f in flips] == sorted(
        regress.KINDS.index(f["kind"]) for f in flips)
    by_intent = version.figures["by_intent"]
    assert by_intent[0]["intent"] == "shipping_fee"
    assert by_intent[0]["before"] > by_intent[0]["after"]
    library.use("0001")
    again = fitted(library.in_force().pairs)
    assert again.classify("运费要多少呢").intent == "shipping_fee"
    assert new.classify("运费要多少呢").intent == "invoice"


def test_the_same_training_breaks_nothing():
    r = regress.compare(fitted(PAIRS), fitted(PAIRS), pd.DataFrame(PAIRS, columns=["text", "intent"]))
    assert r.flips.empty and (r.by_intent["before"] == r.by_intent["after"]).all()


# -- duplicates, edits, files ----------------------------------------------------------------------
def test_duplicates_and_conflicts_are_told_as_they_read():
    pairs = (*PAIRS, ("你好，包邮吗", "shipping_fee"), ("開發票", "coupon"))
    table = teach.problems(pairs)
    assert list(table["problem"]) == ["conflict", "duplicate"]
    assert table["intents"][0] == ["coupon", "invoice"]
    assert teach.doubled(pairs) == [("你好，包邮吗", "shipping_fee")]


def test_edits_of_the_table_become_the_draft():
    rows = found(PAIRS, "发票", None, 10)
    assert len(rows) == 4
    after = rows.copy()
    after.loc[0, "intent"] = "coupon"
    after.loc[1, "remove"] = True
    after.loc[2, "text"] = " 发票！ "
    draft = edited(teach.Draft(), rows, after)
    assert len(draft.removed) == 3
    assert set(draft.added) == {(rows["text"][0], "coupon"), ("发票！", "invoice")}


@pytest.mark.parametrize(("data", "encoding"), [
    ("text,intent\n包邮吗,shipping_fee\n".encode(), "utf-8"),
    ("\ufeff消息;意图\n包邮吗;shipping_fee\n".encode(), "utf-8"),
    ("聊天记录导出\n\n消息,意图\n包邮吗,shipping_fee\n".encode("gbk"), "gb18030"),
    ("消息\t意图\r\n包邮吗\tshipping_fee\r\n".encode("gbk"), "gb18030"),
    ("Message,Label\n\"包邮吗\",shipping_fee\n".encode("utf-16"), "utf-16"),
    ("用户消息,意图名称\n包邮吗,shipping_fee\n".encode(), "utf-8"),  # as an import reads them
])
def test_files_of_sentences_in_the_encodings_people_have(ws, data, encoding):
    read = csvfile.sentences(ws.read_table(data=data, name="x.csv"), need_intent=True)
    assert (read.encoding, read.rows_in) == (encoding, 1)
    assert read.frame.to_dict("records") == [{"text": "包邮吗", "intent": "shipping_fee"}]


@pytest.mark.parametrize(("data", "code"), [
    (b"", "unreadable_table"), (b"a,b\n1,2\n", "no_text_column"),
    (b"text,intent\n", "unreadable_table"), (b"text\nhi\n", "no_intent_column"),
    (b"\x00\x01\x02\xff" * 9, "unreadable_table"), (b"text,intent\n,x\n", "no_rows"),
    (b"text,intent\n" + b"hi,stock\n" * 50_001, "too_many_rows"),
])
def test_bad_files_are_refused_in_words(ws, data, code):
    with pytest.raises(ValueError, match=r"\w") as caught:
        csvfile.sentences(ws.read_table(data=data, name="x.csv"), "x.csv", need_intent=True)
    assert caught.value.code == code and "{" not in str(caught.value)
    assert code != "too_many_rows" or "50,001 rows; at most 50,000" in str(caught.value)


def test_every_row_of_an_import_is_counted(ws):
    text = "text,intent\n包邮吗,shipping_fee\n包邮吗,coupon\n刻字吗,engraving\n刻字吗,engraving\n,x\n嗯,\n"
    read = csvfile.sentences(ws.read_table(data=text.encode(), name="x.csv"), need_intent=True)
    taken, told = fresh(PAIRS, read)
    assert taken == [("包邮吗", "coupon"), ("刻字吗", "engraving")]
    assert told == {"new": 2, "known": 2, "conflicts": 1, "unlabelled": 1}
    assert read.rows_in == told["new"] + told["known"] + told["unlabelled"] + read.empty


# -- queue and batch -------------------------------------------------------------------------------
def test_the_queue_has_the_least_certain_first_and_thumbs_down_before(ws):
    bot = fitted(PAIRS)
    texts = ["包邮吗", "运费怎么算的呢", "随便看看", "随便看看！", "asdf", "真人发票运费"]
    queue = review.queue(bot, texts)
    assert set(queue["message"]) == {"运费怎么算的呢", "随便看看", "真人发票运费"}
    assert queue["confidence"].is_monotonic_increasing
    down = review.queue(bot, texts, {"包邮吗": review.DOWN})
    assert down["message"][0] == "包邮吗", "an exact match can be wrong too"
    review.note(ws, "包邮吗", "shipping_fee", 1.0, "answer")
    review.thumb(ws, "包邮吗", review.DOWN)
    review.note(ws, "包邮吗", "shipping_fee", 1.0, "answer")
    assert len(review.log(ws)) == 1
    assert review.without(queue, [("随便看看", "x")])["message"].tolist() == [
        m for m in queue["message"] if m != "随便看看"]


def test_frequent_words_count_messages_and_leave_fillers_out():
    table = review.frequent_words(["这个能刻字吗", "刻字多少钱 刻字", "可以 engraving 吗", "do you do engraving"])
    assert table.set_index("word")["messages"].to_dict()["engraving"] == 2
    assert "吗" not in set(table["word"]) and "do" not in set(table["word"])


def test_known_confusion_histogram_and_suggestion():
    bot = fitted(PAIRS)
    frame = pd.DataFrame([("包邮吗", "shipping_fee"), ("转人工", "invoice"), ("。。。", "")],
                         columns=["text", "intent"])
    table = evaluate.decided(bot, evaluate.on_sentences(bot, frame))
    judged = evaluate.judged(table)
    assert len(judged) == 2
    matrix = evaluate.confusion(judged)
    assert matrix.loc["invoice", "human_agent"] == 1 and matrix.to_numpy().sum() == 2
    assert evaluate.confused_pairs(judged).iloc[0].tolist() == ["invoice", "human_agent", 1]
    histogram = evaluate.confidence_histogram(judged)
    assert (histogram["right_count"].iloc[-1], histogram["wrong_count"].iloc[-1]) == (1, 1)
    curve = pd.DataFrame({"threshold": [0.0, 0.5, 0.9], "answered": [9, 5, 0],
                          "right_share": [0.8, 0.97, float("nan")]})
    assert evaluate.suggested(curve, 0.95) == 0.5 and evaluate.suggested(curve, 0.99) is None


def test_an_engine_is_recommended_for_a_reason():
    def row(name, cv, low, high, ece):
        return {"engine": name, "cv": cv, "cv_low": low, "cv_high": high, "ece": ece}

    clear = [row("semantic", 0.9, 0.88, 0.92, 0.1), row("tfidf", 0.7, 0.68, 0.72, 0.01)]
    assert comparison.recommended(clear)["engine"] == "semantic"
    near = [row("semantic", 0.9, 0.86, 0.93, 0.1), row("tfidf", 0.89, 0.85, 0.92, 0.01)]
    assert comparison.recommended(near)["engine"] == "tfidf"
    assert "within chance" in telling_trust.engine_verdict(near)


# -- the command -----------------------------------------------------------------------------------
def test_classify_writes_what_the_version_in_force_says(ws, tmp_path, capsys):
    teach.Library(ws).save("tfidf", PAIRS, {})
    ws.close()
    path = tmp_path / "chat.csv"
    path.write_bytes("消息,意图\n包邮吗,shipping_fee\n=1+1,\n".encode("gbk"))
    out = tmp_path / "out.csv"
    assert main(["--lang", "en", "classify", str(path), "--out", str(out),
                 "--workspace", str(ws.path)]) == 0
    table = pd.read_csv(out, keep_default_na=False)
    assert list(table.columns) == ["text", "expected", "intent", "confidence", "route", "runner_up"]
    assert table["intent"][0] == "shipping_fee" and table["text"][1] == "'=1+1"
    told = capsys.readouterr().err
    assert "1 are understood as you say" in told
    assert f"Learnt from the {len(PAIRS)} sentences of version" in told and "method" in told.lower()
    path.write_bytes(b"a,b\n1,2\n")
    assert main(["--lang", "en", "classify", str(path), "--workspace", str(ws.path)]) == 1
    assert "no column of sentences" in capsys.readouterr().err


def test_classify_learns_what_the_page_would_and_says_so(tmp_path, capsys):
    chat = tmp_path / "chat.csv"
    chat.write_text("text,intent\n" + "".join(
        f"{words},{label}\n" for label, some in {
            "opening": ("when do you open", "are you open on sunday", "until when are you open"),
            "parking": ("can I park there", "is there a car park", "where do I leave my car"),
        }.items() for words in some) + "is it far,opening\nis it far,parking\n")
    with Workspace.open(tmp_path / "shop") as ws:
        assert "messages" in ws.import_file(chat).tables
    assert main(["--lang", "en", "classify", str(chat), "--engine", "tfidf", "--threshold", "0.9",
                 "--workspace", str(tmp_path / "shop")]) == 0
    done = capsys.readouterr()
    assert "Learnt from your 8 labelled messages alone, 2 intents" in done.err
    assert "by words and characters; answers from 90%" in done.err
    assert "two different intents" in done.err
    assert "can I park there,parking,parking,1.0" in done.out
