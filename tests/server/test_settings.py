import argparse
from pathlib import Path

import pytest

from pinfold_server.settings import Settings, SettingsError, add_flags, build


def test_flags_win_over_the_environment_and_the_environment_over_defaults():
    environ = {"PINFOLD_SERVER_PORT": "9000", "PINFOLD_SERVER_WORKERS": "3"}

    settings = build({"port": "9001"}, environ)

    assert (settings.port, settings.workers, settings.trainers) == (9001, 3, 1)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("port", "65536"),
        ("port", "-1"),
        ("workers", "0"),
        ("workers", "many"),
        ("worker_cores", "mine"),
        ("log_level", "loud"),
    ],
)
def test_a_wrong_value_is_refused_and_named(name, text):
    with pytest.raises(SettingsError, match=f"PINFOLD_SERVER_{name.upper()}"):
        build({}, {f"PINFOLD_SERVER_{name.upper()}": text})


@pytest.mark.parametrize(("name", "least", "most"), [("port", 0, 65_535), ("workers", 1, 256), ("pins_max", 1, 10_000)])
def test_values_at_the_limits_are_taken(name, least, most):
    for value in (least, most):
        assert getattr(build({name: str(value)}, {}), name) == value


def test_a_misspelt_variable_stops_the_start():
    with pytest.raises(SettingsError, match="PINFOLD_SERVER_PROT"):
        build({}, {"PINFOLD_SERVER_PROT": "1"})


def test_variables_of_the_client_are_not_the_server_s_business():
    assert build({}, {"PINFOLD_SERVER": "elsewhere:1", "PINFOLD_DATA": "benches"}) == Settings()


def test_a_child_gets_exactly_the_settings_of_its_supervisor():
    settings = Settings(data=Path("/tmp/x y"), port=0, port_file=Path("p"), drain_seconds=2.5, log_level="debug")
    parser = argparse.ArgumentParser()
    add_flags(parser)

    assert build(vars(parser.parse_args(settings.to_args())), {}) == settings
