"""The machinery of bench/peers.py, with Pinfold, the echo and peers that need no installation."""

import re
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bench import peers
from bench.beside import MARK
from bench.comparison import environments, home, oip, report, shared_model, wires
from bench.comparison.board import Board
from bench.comparison.entrants import PEERS, WAYS, Entrant, Peer
from bench.comparison.environments import CannotRun, Environment
from bench.comparison.rounds import Rounds
from bench.comparison.shared_model import SharedModel
from bench.comparison.targets import MEASURES
from bench.comparison.wires import NotAnswered
from bench.corpora import Example, made_up
from bench.peer_servers import scoring
from bench.processes import marked

EXAMPLES = made_up(labels=5, texts=40)
ROWS, SAMPLE = EXAMPLES[:160], EXAMPLES[160:]
FIGURES = {
    "unary_c1_rps": 10.0,
    "unary_c1_cpu_us": 40.0,
    "unary_c64_rps": 20.0,
    "unary_c64_cpu_us": 50.0,
    "batch64_texts_per_s": 30.0,
    "batch64_cpu_us": 60.0,
}


def has_figures(found: Mapping[str, Any]) -> bool:
    """All rates, and processor time where it can be known."""
    names = [measure.rate for measure in MEASURES]
    if Path("/proc/self/environ").exists():
        names += [measure.processor for measure in MEASURES]
    return all(found[name] > 0 for name in names)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> SharedModel:
    return shared_model.fit(ROWS, SAMPLE, tmp_path_factory.mktemp("model"))


@pytest.fixture
def here(tmp_path: Path) -> Environment:
    """This environment, as if a peer had been installed into it."""
    requirements = tmp_path / "requirements-plain.txt"
    requirements.write_text("# frozen\nplain-server==1.2.3\nother==4.5\n")
    return Environment(Path(sys.executable), requirements)


def plain(environment: Environment, way: str = "onnx") -> Entrant:
    peer = Peer("plain", "plain-server", wires.pinfold("texts"), "tests.bench.grpc_peer")
    return Entrant(peer, way, environment)


def over_http(environment: Environment, way: str = "onnx") -> Entrant:
    peer = Peer("http", "plain-server", wires.json_over_http("/predict"), "tests.bench.http_peer")
    return Entrant(peer, way, environment)


@pytest.mark.parametrize("load", [scoring.load_onnx, scoring.load_sklearn])
def test_both_ways_of_a_peer_answer_what_the_pipeline_answers(model: SharedModel, load: scoring.Loader) -> None:
    answers = load(model.folder)(model.texts)
    assert model.agrees(answers.labels)
    assert model.accuracy_of(answers.labels) > 0.9
    assert ((answers.probabilities > 0.2) & (answers.probabilities <= 1)).all()


def test_a_request_has_the_bytes_that_the_protocols_own_code_writes() -> None:
    # Written by kserve 0.21.0.
    assert oip.request(["Wo?", "été"]) == (
        b"\n\x05texts*\x11\n\x04text\x12\x05BYTES\x1a\x02\x02\x01:\x10\x03\x00\x00\x00Wo?\x05\x00\x00\x00\xc3\xa9t\xc3\xa9"
    )


def test_an_answer_is_read_whatever_else_is_in_it() -> None:
    # Written by kserve 0.21.0: a version, an id, and the probabilities before the labels.
    answer = (
        b"\n\x05texts\x12\x011\x1a\x01x*\x16\n\x0bprobability\x12\x04FP32\x1a\x01\x02*\x11\n\x05label\x12\x05BYTES\x1a\x01\x02"
        b"2\x08\x00\x00\x00?\x00\x00\x80>2\x0c\x01\x00\x00\x00A\x03\x00\x00\x00B\xc3\xa9"
    )
    assert oip.labels(answer) == ["A", "Bé"]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("kind", [plain, over_http])
def test_a_peer_is_started_asked_and_ended(
    model: SharedModel, here: Environment, tmp_path: Path, kind: Callable[[Environment, str], Entrant], way: str
) -> None:
    entrant = kind(here, way)
    wire = entrant.peer.wire
    with entrant.running(model.folder, tmp_path / "run") as address:
        assert wire.ask(address, model.texts) == list(model.answers)
    with pytest.raises(NotAnswered):
        wire.ask(address, ["Still there?"])


def test_a_peer_leaves_nothing_behind(
    model: SharedModel, here: Environment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PEER_FAULT", "forks")
    entrant = plain(here)
    with entrant.running(model.folder, tmp_path):
        assert len(marked(MARK, entrant.mark)) == 2
    assert marked(MARK, entrant.mark) == []


@pytest.mark.parametrize(
    ("answer", "complaint"),
    [
        (b"<html>", "cannot be read"),
        (b"[1]", "cannot be read"),
        (b"{}", "cannot be read"),
        (b'{"labels": ["A"]}', "1 labels for 2 texts"),
    ],
)
def test_an_answer_that_is_none_is_told(monkeypatch: pytest.MonkeyPatch, answer: bytes, complaint: str) -> None:
    wire = wires.json_over_http("/predict")
    monkeypatch.setattr(wires.Http, "ask", lambda self, address, message: answer)
    with pytest.raises(NotAnswered, match=complaint):
        wire.ask("nowhere", ["one", "two"])


def test_an_http_error_is_no_answer(model: SharedModel, here: Environment, tmp_path: Path) -> None:
    entrant, elsewhere = over_http(here), wires.json_over_http("/elsewhere")
    with entrant.running(model.folder, tmp_path) as address, pytest.raises(NotAnswered, match="status 404"):
        elsewhere.ask(address, ["Is this the place?"])


def test_a_peer_that_ends_tells_its_last_words(
    model: SharedModel, here: Environment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PEER_FAULT", "ends")
    with (
        pytest.raises(CannotRun, match=r"ended with status 1: this model is not for me"),
        plain(here).running(model.folder, tmp_path),
    ):
        raise AssertionError("it never answered")


def test_a_peer_that_refuses_is_given_up_after_a_while(
    model: SharedModel, here: Environment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PEER_FAULT", "refuses")
    monkeypatch.setattr("bench.comparison.entrants.START_SECONDS", 3.0)
    with (
        pytest.raises(CannotRun, match=r"did not answer within 3 s"),
        plain(here).running(model.folder, tmp_path),
    ):
        raise AssertionError("it never answered")


@pytest.fixture(scope="module")
def rounds(model: SharedModel, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rounds]:
    """Everything but the peers: Pinfold has trained both of its models, the echo runs."""
    folder = tmp_path_factory.mktemp("rounds")
    with home.running(ROWS, model.texts, folder) as homes:
        yield Rounds(model, homes, 1, folder, lambda line: None)


def test_everybody_is_measured_in_a_round(rounds: Rounds, here: Environment) -> None:
    rounds.run([plain(here)], 1)
    result = rounds.result()
    assert set(result["pinfold"]) == {"words", "default"}
    assert set(result["peers"]) == {"plain/onnx"}
    for found in [*result["pinfold"].values(), *result["peers"].values(), result["echo"]]:
        assert has_figures(found)
    peer = result["peers"]["plain/onnx"]
    assert (peer["version"], peer["over"]) == ("1.2.3", "gRPC")
    assert min(peer["accuracy"], result["pinfold"]["words"]["accuracy"]) > 0.9
    assert all(ratio > 0 for ratio in result["ratios"]["plain/onnx"].values())
    assert "plain/onnx" in report.text(result)


def test_the_echo_answers_what_pinfold_answered(rounds: Rounds) -> None:
    echo, default = rounds.homes["echo"], rounds.homes["default"]
    assert echo.address != default.address
    for work in default.works.values():
        assert echo.wire.transport.ask(echo.address, work.request) == work.answer


def test_figures_of_a_peer_with_wrong_answers_do_not_count(
    rounds: Rounds, here: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PEER_FAULT", "nonsense")
    rounds.measure(plain(here, "sklearn"))
    assert "answers other labels than the pipeline" in rounds.board.skipped["plain/sklearn"]
    assert "plain/sklearn" not in {**rounds.board.figures, **rounds.board.ratios}


def test_pinfold_is_not_compared_when_it_is_often_wrong(rounds: Rounds, model: SharedModel) -> None:
    sample = tuple(Example(text, ("Topic 9",)) for text in model.texts)
    other = replace(model, sample=sample, answers=("Topic 9",) * len(sample))
    with pytest.raises(CannotRun, match=r"Pinfold's words is right on 0.0%, the pipeline on 100.0%"):
        Rounds(other, rounds.homes, 1, rounds.folder, print).run([], 0)


def test_a_board_tells_medians_and_multiples() -> None:
    board = Board()
    board.enter("echo", FIGURES)
    for times in (1, 2, 9):
        ours = {measure: figure * times for measure, figure in FIGURES.items()}
        board.enter_beside("plain/onnx", FIGURES, {"words": ours, "default": FIGURES})
    result = board.result({"plain/onnx": {"version": "1"}}, ("words", "default"))
    assert result["pinfold"]["words"] == {measure: figure * 2 for measure, figure in FIGURES.items()}
    assert result["peers"]["plain/onnx"] == FIGURES | {"version": "1"}
    assert result["ratios"]["plain/onnx"] == {
        "unary_c64_words": 2.0,
        "batch64_words": 2.0,
        "unary_c64_cpu_words": 0.5,
        "batch64_cpu_words": 0.5,
        "unary_c64_default": 1.0,
        "batch64_default": 1.0,
        "unary_c64_cpu_default": 1.0,
        "batch64_cpu_default": 1.0,
    }
    board.skip("plain/onnx", "it lied")
    result = board.result({}, ("words", "default"))
    assert (result["peers"], result["ratios"], result["skipped"]) == ({}, {}, {"plain/onnx": "it lied"})


def result_of_a_run() -> dict[str, Any]:
    board = Board()
    board.enter("echo", FIGURES)
    board.enter_beside("plain/onnx", FIGURES, {"words": FIGURES, "default": FIGURES})
    board.skip("other/onnx", "not installed: no such release")
    setting = {
        "date": "2026-11-22",
        "data": "made-up data",
        "texts": 160,
        "labels": 5,
        "features": 1_234,
        "accuracy": 0.9,
        "onnxruntime": "1",
        "grpcio": "2",
        "load": "h2load",
    }
    return board.result({}, ("words", "default")) | {"setting": setting}


def test_the_table_replaces_the_one_between_the_markers(tmp_path: Path) -> None:
    page = tmp_path / "README.md"
    page.write_text(f"# Benches\n\n{report.BEGIN}\nformer table\n{report.END}\n\n## More\n")
    for _ in range(2):
        report.write(page, report.markdown(result_of_a_run(), ["python", "bench/peers.py"]))
    text = page.read_text()
    assert "former table" not in text
    assert text.startswith("# Benches\n\n<!--")
    assert text.endswith(f"{report.END}\n\n## More\n")
    assert "| plain/onnx |  |  |  | 10 | 20 | 30 | 50.0 | 60.0 | 1.0× / 1.0× | 1.0× / 1.0× |" in text
    assert "Skipped: other/onnx: not installed: no such release." in text
    assert len({line.count("|") for line in text.splitlines() if line.startswith("|")}) == 1


def test_a_page_without_a_place_for_the_table_is_refused_before_anything_is_measured(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "README.md"
    page.write_text(f"{report.END}\n{report.BEGIN}\n")
    with pytest.raises(SystemExit):
        peers.main(["--only", "--markdown", str(page)])
    assert "has no lines" in capsys.readouterr().err


def test_absent_data_are_told_and_nothing_is_measured(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert peers.main(["--only", "--data", str(tmp_path / "nowhere")]) == 3
    assert "nothing was measured" in capsys.readouterr().err


@pytest.mark.parametrize("peer", PEERS, ids=lambda peer: peer.name)
def test_every_peer_has_its_program_and_exact_releases(peer: Peer) -> None:
    assert (environments.REQUIREMENTS.parent.parent / (peer.program.replace(".", "/") + ".py")).is_file()
    requirements = environments.REQUIREMENTS / f"requirements-{peer.name}.txt"
    lines = [line for line in requirements.read_text().splitlines() if not line.startswith("#")]
    assert lines
    assert all(re.fullmatch(r"[\w.-]+==[\w.+!-]+", line) for line in lines)
    environment = Environment(Path(sys.executable), requirements)
    assert environment.version_of(peer.distribution)
    assert {"onnxruntime", "scikit-learn"} <= {line.partition("==")[0] for line in lines}


def test_an_environment_that_could_not_be_made_is_made_when_it_can_and_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environments, "REQUIREMENTS", tmp_path)
    monkeypatch.setenv("PIP_DISABLE_PIP_VERSION_CHECK", "1")  # nothing is looked up
    requirements, cache = tmp_path / "requirements-plain.txt", tmp_path / "cache"
    requirements.write_text("./absent-distribution\n")
    with pytest.raises(CannotRun, match=r"^not installed: .*absent-distribution"):
        environments.installed("plain", cache)
    requirements.write_text("# nothing\n")
    python = environments.installed("plain", cache).python
    made = python.lstat().st_mtime_ns
    assert environments.installed("plain", cache).python == python
    assert python.lstat().st_mtime_ns == made
