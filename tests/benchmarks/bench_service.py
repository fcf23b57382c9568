"""Intent engines on public sets: accuracy, calibration error, out-of-scope recall, time.

Run: pytest tests/benchmarks/bench_service.py -m benchmark -s. Prints; asserts only what a broken
engine would miss.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from omni_core.service import IntentClassifier, evaluate, sentences

pytestmark = pytest.mark.benchmark
ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("OMNI_SHARED", ROOT.parent / "shared")) / "data" / "intents"
ENGINES = ("semantic", "tfidf", "bayes", "label_cosine")


def read(name):
    path = SHARED / f"{name}.csv.gz"
    if not path.is_file():
        pytest.skip(f"{name} is not there; set OMNI_SHARED to the folder of the public data")
    return pd.read_csv(path, dtype=str)


def measure(name, engine, train, test):
    start = time.perf_counter()
    clf = IntentClassifier(engine=engine).fit(train["text"], train["intent"])
    fitted = time.perf_counter() - start
    start = time.perf_counter()
    result = evaluate.on_sentences(clf, test)
    took = time.perf_counter() - start
    share, low, high = evaluate.accuracy(result)
    print(
        f"{name:24s} {engine:12s} n={len(test):5d} accuracy {share:.3f} ({low:.3f}-{high:.3f}) "
        f"calibration error {evaluate.calibration_error(result):.3f} "
        f"fit {fitted:5.1f} s, {1e3 * took / len(test):.2f} ms a message in bulk"
    )
    return clf, result


@pytest.mark.parametrize("engine", ENGINES)
def test_sample_sentences(engine):
    train, test = sentences.shipped(), sentences.shipped(sentences.TEST)
    clf, _result = measure("sample sentences", engine, train, test)
    for language in ("zh", "en"):
        part = evaluate.on_sentences(clf, test[test["language"] == language])
        print(f"{'':24s} {engine:12s} {language}: {evaluate.accuracy(part)[0]:.3f}")
    cv = evaluate.held_out(clf)
    print(f"{'':24s} {engine:12s} cross-validated: {evaluate.accuracy(cv)[0]:.3f}, "
          f"calibration error {evaluate.calibration_error(cv):.3f}")
    times = []
    for text in test["text"]:
        start = time.perf_counter()
        clf.classify(text)
        times.append(time.perf_counter() - start)
    print(f"{'':24s} {engine:12s} one message: median {1e3 * np.median(times):.1f} ms, "
          f"p95 {1e3 * np.quantile(times, 0.95):.1f} ms")


@pytest.mark.parametrize("engine", ("semantic", "tfidf"))
@pytest.mark.parametrize("name", ("banking77", "hwu64"))
def test_full_training_split(name, engine):
    frame = read(name)
    _clf, result = measure(
        name, engine, frame[frame["split"] == "train"], frame[frame["split"] == "test"]
    )
    assert evaluate.accuracy(result)[0] > 0.85


@pytest.mark.parametrize("engine", ("semantic", "tfidf"))
@pytest.mark.parametrize("shots", (5, 10))
def test_few_examples(shots, engine):
    frame = read("banking77")
    train = frame[frame["split"] == "train"]
    few = train.groupby("intent").sample(shots, random_state=0)
    measure(f"banking77, {shots} each", engine, few, frame[frame["split"] == "test"])


@pytest.mark.parametrize("engine", ("semantic", "tfidf"))
def test_a_live_bot_s_messages(engine):
    """HINT3 powerplay11: real messages, 59 intents, some with fewer than three examples."""
    folder = SHARED / "hint3_powerplay11"
    if not folder.is_dir():
        pytest.skip("hint3_powerplay11 is not there; set OMNI_SHARED to the public data's folder")
    train, test = (
        pd.read_csv(folder / f"v1_powerplay11_{part}.csv", dtype=str)
        .set_axis(["text", "intent"], axis=1)
        .replace({"intent": {"NO_NODES_DETECTED": "out_of_scope"}}) for part in ("train", "test")
    )
    clf, result = measure("hint3 powerplay11", engine, train, test)
    inside = result[result["truth"] != "out_of_scope"]
    print(f"{'':24s} {engine:12s} in scope {evaluate.accuracy(inside)[0]:.3f} of {len(inside)}")
    print(f"{'':24s} {engine:12s} {[n.code for n in clf.notes_]}; at the default threshold: "
          f"{evaluate.workload(result, clf.threshold, clf.margin)}")


@pytest.mark.parametrize("engine", ("semantic", "tfidf"))
def test_out_of_scope(engine):
    """CLINC150: reject by the likeliest intent in scope, at the cut that loses 5 % of these."""
    frame = read("clinc150").replace({"intent": {"oos": "out_of_scope"}})
    train, test = frame[frame["split"] == "train"], frame[frame["split"] == "test"]
    clf, _result = measure("clinc150", engine, train, test)
    inside = clf.classes_ != "out_of_scope"
    p = clf.predict_proba(test["text"])[:, inside]
    best, known = p.max(axis=1), (test["intent"] != "out_of_scope").to_numpy()
    right = clf.classes_[inside][p.argmax(axis=1)] == test["intent"].to_numpy()
    cut = np.quantile(best[known], 0.05)
    print(
        f"{'':24s} {engine:12s} in scope {right[known].mean():.3f}; at 5 % rejected: accuracy "
        f"{(right & (best >= cut))[known].mean():.3f}, out-of-scope recall "
        f"{(best[~known] < cut).mean():.3f}"
    )

NOISE = ("asdf", "1234567", "。。。", "qwertyuiop", "sdfsdf", "。", "???", "aaaa", "zxcv", "hjkl",
         "啊啊啊啊啊", "......", "111", "gfdsa hjkl", "！！！", "123 456", "aaaaaaa", "lkjh")


def test_what_must_not_change_the_answer():
    """Greeting in front, Traditional characters, keyboard noise, the exact training sentence."""
    opencc = pytest.importorskip("opencc")
    train, test = sentences.shipped(), sentences.shipped(sentences.TEST)
    clf = IntentClassifier().fit(train["text"], train["intent"])
    asked = test[~test["intent"].isin(["greeting", "thanks_bye"])]["text"].tolist()
    plain = clf.classes_[clf.predict_proba(asked).argmax(axis=1)]
    for greeting in ("你好，", "亲，在吗？", "您好 请问", "Hi, ", "Good morning! "):
        other = clf.classes_[clf.predict_proba([greeting + t for t in asked]).argmax(axis=1)]
        share = (plain != other).mean()
        print(f"greeting {greeting!r}: {share:.3f} of {len(asked)} predictions change")
        assert share <= 0.03
    chinese = test[test["language"] == "zh"]
    traditional = opencc.OpenCC("s2t")
    right = [accuracy_of(clf, texts, chinese["intent"]) for texts in (
        chinese["text"], [traditional.convert(t) for t in chinese["text"]])]
    print(f"Chinese {right[0]:.3f}, the same in Traditional characters {right[1]:.3f}")
    assert right[0] - right[1] <= 0.02
    assert all(clf.classify(t).route == "person" for t in NOISE)
    best = clf.classes_[clf.predict_proba(train["text"]).argmax(axis=1)]
    assert (best == train["intent"].to_numpy()).all()


def accuracy_of(clf, texts, truth):
    best = clf.classes_[clf.predict_proba(texts).argmax(axis=1)]
    return (best == truth.to_numpy()).mean()


MEASURE = """
import resource, time
import omni_core.workspace, pandas, duckdb, streamlit, plotly.graph_objects
def used():
    try:
        return int(open("/proc/self/statm").read().split()[1]) * resource.getpagesize() / 2**20
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
app = used()
import numpy as np
from omni_core.service import IntentClassifier, sentences
train, test = sentences.shipped(), sentences.shipped(sentences.TEST)
def timed(work):
    wall, cpu = time.perf_counter(), time.process_time()
    made = work()
    return made, time.perf_counter() - wall, time.process_time() - cpu
clf, first, first_cpu = timed(lambda: IntentClassifier().fit(train["text"], train["intent"]))
clf, again, again_cpu = timed(lambda: IntentClassifier().fit(train["text"], train["intent"]))
clf.classify("warm up, please, 预热一下")
fresh = [t + " 麻烦看看" for t in test["text"]]
each = [timed(lambda t=t: clf.classify(t))[1:] for t in fresh]
wall, cpu = np.array(each).T
goods = "mug lamp towel 杯子 毛巾 台灯 scarf 围巾 kettle 水壶 pillow 枕头 socks 袜子".split()
many = [f"{t} {g}" for g in goods for t in fresh][:5000]
_p, bulk, bulk_cpu = timed(lambda: clf.predict_proba(many))
print(f"first training {first:.2f} s (CPU {first_cpu:.2f}), "
      f"retraining {again:.2f} s (CPU {again_cpu:.2f})")
print(f"a message: median {1e3*np.median(wall):.1f} ms, p95 {1e3*np.quantile(wall,.95):.1f} ms "
      f"(CPU p95 {1e3*np.quantile(cpu,.95):.1f} ms)")
print(f"5,000 different messages: {bulk:.2f} s (CPU {bulk_cpu:.2f})")
print(f"memory above the app: {used() - app:.0f} MB (app {app:.0f} MB)")
"""


def test_time_and_memory_of_a_process_of_its_own():
    done = subprocess.run([sys.executable, "-c", MEASURE], cwd=ROOT, capture_output=True,
                          text=True, check=True)
    print(done.stdout)
