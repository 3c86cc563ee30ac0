import io
import sys

import pytest

from pinfold import RunInfo, UploadProgress
from pinfold._model_convert import run_info
from pinfold._progress import ProgressLine, run_reporter, run_text, upload_reporter, upload_text
from pinfold.v1 import run_pb2


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def run(state: str, phase: str = "PHASE_UNSPECIFIED", fraction: float = 0.0, left: float | None = None) -> RunInfo:
    return run_info(
        run_pb2.Run(name="datasets/d/runs/2", state=state, phase=phase, fraction=fraction, seconds_left=left)
    )


@pytest.mark.parametrize(
    ("info", "expected"),
    [
        (run("STATE_QUEUED"), "run 2  [........................]   0%  queued"),
        (run("STATE_RUNNING", "PHASE_FIT", 0.5, 74), "run 2  [############............]  50%  fit  1 min 14 s left"),
        (run("STATE_SUCCEEDED", fraction=0.99), "run 2  [########################] 100%  succeeded"),
        (run("STATE_FAILED", fraction=0.25, left=3), "run 2  [######..................]  25%  failed"),
    ],
)
def test_a_run_in_one_line(info: RunInfo, expected: str) -> None:
    assert run_text(info) == expected


def test_an_upload_in_one_line() -> None:
    assert upload_text(UploadProgress(1_500, 0, None)) == "upload  1,500 rows"
    assert upload_text(UploadProgress(50, 2, 100)) == "upload  [############............]  50%  50/100 rows, 2 failed"
    assert upload_text(UploadProgress(0, 0, 0)) == "upload  0 rows"


def test_a_shorter_text_wipes_out_the_longer_one() -> None:
    stream = io.StringIO()
    line = ProgressLine(stream)
    line.show("long text", last=False)
    line.show("short", last=True)
    assert stream.getvalue() == "\rlong text\rshort    \n"


def test_progress_goes_to_a_terminal_on_standard_error_only(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    report = upload_reporter(True)
    report(UploadProgress(1, 0, 2))
    report(UploadProgress(2, 0, 2, finished=True))
    assert terminal.getvalue().endswith("2/2 rows\n")
    assert capsys.readouterr().out == ""


def test_nothing_is_shown_where_nobody_watches(capsys: pytest.CaptureFixture[str]) -> None:
    upload_reporter(True)(UploadProgress(1, 0, 2))
    run_reporter(False)(run("STATE_QUEUED"))
    assert capsys.readouterr() == ("", "")


def test_a_callable_gets_every_state() -> None:
    seen: list[UploadProgress] = []
    upload_reporter(seen.append)(UploadProgress(1, 0, 2))
    assert seen == [UploadProgress(1, 0, 2)]
