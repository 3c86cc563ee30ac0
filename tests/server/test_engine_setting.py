"""Who answers: ONNX Runtime at once, compiled code when it is there, the same bits from both."""

from pathlib import Path

import pinfold
from tests.scraping import free_port, page_when, value
from tests.serving import Server, serving, until

TEXTS = ["Where is my REFUND?", "nobody answers me about the étude", "unheardofword", "parcel " * 300]
COMPILED = "compiled code answers"


def answers(server: Server, dataset: str) -> list[pinfold.Prediction]:
    with pinfold.Client(server.target) as client:
        return list(client.dataset(dataset).predict(TEXTS, version="live", all_scores=True))


def wait_for_log(server: Server, words: str) -> None:
    until(lambda: words in server.log.read_text(), server.log.read_text)


def test_both_settings_answer_the_same_and_say_who_answers(start_trained, tmp_path: Path):
    port = free_port()
    trained = start_trained(flags=["--engine", "onnx", "--metrics-port", str(port)])
    server, dataset = trained.server, trained.dataset
    by_file = answers(server, dataset)
    page = page_when(port, lambda page: value(page, "pinfold_versions_loaded") == 2)
    assert value(page, "pinfold_versions_compiled") == 0
    assert COMPILED not in server.log.read_text()
    assert server.stop() == 0

    flags = ["--engine", "compiled", "--metrics-port", str(port)]
    with serving(tmp_path / "again", trainers=0, flags=flags, data=server.data) as again:
        assert COMPILED in again.log.read_text()
        page_when(port, lambda page: value(page, "pinfold_versions_compiled") == 2)
        assert answers(again, dataset) == by_file


def test_a_new_installation_serves_at_once_and_switches_when_the_code_is_compiled(
    start_trained, tmp_path: Path, monkeypatch
):
    trained = start_trained()
    server, dataset = trained.server, trained.dataset
    assert server.stop() == 0
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "compiled"))
    with serving(tmp_path / "again", trainers=0, data=server.data) as again:
        before = answers(again, dataset)
        wait_for_log(again, "compiling, once for this installation")
        wait_for_log(again, COMPILED)
        assert answers(again, dataset) == before
        log = again.log.read_text()
    assert log.index("serving on") < log.index(COMPILED)
