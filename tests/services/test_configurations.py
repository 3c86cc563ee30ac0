from dataclasses import replace

import pytest

from pinfold_server.domain.runs.configs import Algorithm, CharScope, RunConfig
from pinfold_server.errors import Code
from pinfold_server.services.common.changes import RequestKey
from pinfold_server.services.common.pages import PageRequest
from pinfold_server.services.runs import configurations, run_configs
from pinfold_server.services.runs.configurations import ConfigurationService
from pinfold_server.services.runs.runs import RunService
from pinfold_server.store.storage_pb2 import RunConfigRecord
from tests.services.refusals import refused
from tests.stores import Bench, item

FAST = RunConfig(algorithm=Algorithm.COMPLEMENT_NAIVE_BAYES, stop_words=("the", "Not"), fold_urls=True)


@pytest.fixture
def service(bench: Bench) -> ConfigurationService:
    return ConfigurationService(bench.store, bench.changes)


async def test_options_come_back_as_they_were_stored(service: ConfigurationService) -> None:
    for configuration_id in ("slow", "fast"):
        await service.create(configuration_id, f"for {configuration_id} data", FAST)
    record = service.get("fast")
    assert (record.description, run_configs.from_record(record.config)) == ("for fast data", FAST)
    assert [record.id for record in service.list_configurations(PageRequest()).records] == ["fast", "slow"]
    await service.delete("fast")
    with refused(Code.NOT_FOUND, "RUN_CONFIGURATION_NOT_FOUND"):
        service.get("fast")
    with refused(Code.NOT_FOUND, "RUN_CONFIGURATION_NOT_FOUND"):
        await service.delete("fast")


async def test_a_name_never_changes_its_meaning(service: ConfigurationService) -> None:
    await service.create("fast", "", FAST)
    with refused(Code.EXISTS, "RUN_CONFIGURATION_EXISTS"):
        await service.create("fast", "", RunConfig())
    assert run_configs.from_record(service.get("fast").config) == FAST


async def test_a_retry_stores_once(service: ConfigurationService) -> None:
    once = RequestKey("CreateRunConfiguration", "again", b"same")
    first = await service.create("fast", "", FAST, once)
    assert await service.create("fast", "", FAST, once) == first


@pytest.mark.parametrize(
    ("config", "field"),
    [
        (RunConfig(min_df=0), "min_df"),
        (RunConfig(stop_words=("fine", "don't")), "stop_words[1]"),
        (RunConfig(stop_words=("?",)), "stop_words[0]"),
        (RunConfig(char_scope=CharScope.ACROSS_WORDS, char_ngram_min=0, char_ngram_max=0), "char_scope"),
    ],
)
async def test_options_out_of_rule_are_refused_by_name(
    service: ConfigurationService, config: RunConfig, field: str
) -> None:
    with refused(Code.INVALID, "INVALID_CONFIG", f"run_configuration.config.{field}"):
        await service.create("fast", "", config)


async def test_no_more_than_the_limit(service: ConfigurationService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(configurations, "CONFIGURATIONS_MAX", 2)
    await service.create("a", "", FAST)
    await service.create("b", "", FAST)
    with refused(Code.EXHAUSTED, "TOO_MANY_RUN_CONFIGURATIONS"):
        await service.create("c", "", FAST)


async def test_a_run_keeps_the_options_of_a_deleted_name(bench: Bench, service: ConfigurationService) -> None:
    runs = RunService(bench.store, bench.changes, waiting_max=2)
    await bench.dataset()
    await bench.upload(item("d", labels=("A",)))
    await service.create("fast", "", FAST)
    queued = await runs.train("support", "fast")
    await service.delete("fast")
    assert queued.configuration_id == "fast"
    assert run_configs.from_record(runs.get("support", queued.number).config) == FAST
    with refused(Code.NOT_FOUND, "RUN_CONFIGURATION_NOT_FOUND"):
        await runs.train("support", "fast")


def test_a_record_of_an_earlier_server_has_the_defaults() -> None:
    early = RunConfigRecord(
        algorithm="linear_svm",
        word_ngram_min=1,
        word_ngram_max=2,
        char_ngram_min=3,
        char_ngram_max=5,
        max_features=200_000,
        min_df=2,
        regularization=0.7,
        seed=9,
    )
    assert run_configs.from_record(early) == replace(RunConfig(), seed=9)
