"""Run configurations: options under a name, made, found, listed, deleted; never changed."""

from pinfold_server.domain.names import DESCRIPTION_CHARS_MAX, check_id, check_text_field, run_configuration_name
from pinfold_server.domain.runs.configs import RunConfig
from pinfold_server.errors import exists, too_many
from pinfold_server.services.common import lookup
from pinfold_server.services.common.changes import Changes, RequestKey
from pinfold_server.services.common.pages import Page, PageRequest, take
from pinfold_server.services.runs import run_configs
from pinfold_server.store import keys
from pinfold_server.store.env import Store, Txn
from pinfold_server.store.storage_pb2 import CountAnswer, RunConfigurationRecord
from pinfold_server.store.tables import run_configurations

CONFIGURATIONS_MAX = 1_000


class ConfigurationService:
    """Every method raises AppError NOT_FOUND for a run configuration that is not there."""

    def __init__(self, store: Store, changes: Changes) -> None:
        self._store = store
        self._changes = changes

    async def create(
        self, configuration_id: str, description: str, config: RunConfig, once: RequestKey | None = None
    ) -> RunConfigurationRecord:
        """Raises AppError RUN_CONFIGURATION_EXISTS, INVALID_CONFIG, TOO_MANY_RUN_CONFIGURATIONS."""
        check_id(configuration_id, "run_configuration_id")
        check_text_field(description, "run_configuration.description", DESCRIPTION_CHARS_MAX)
        run_configs.check(config, "run_configuration.config")

        def work(txn: Txn, now_us: int) -> RunConfigurationRecord:
            if run_configurations.get(txn, configuration_id) is not None:
                raise exists("run configuration", run_configuration_name(configuration_id))
            if run_configurations.count(txn) >= CONFIGURATIONS_MAX:
                raise too_many(
                    "run configurations",
                    f"there are {CONFIGURATIONS_MAX:,} run configurations already: delete some",
                )
            record = RunConfigurationRecord(
                id=configuration_id,
                description=description,
                config=run_configs.to_record(config),
                created_us=now_us,
            )
            run_configurations.put(txn, record)
            return record

        return await self._changes.run(RunConfigurationRecord, work, once)

    def get(self, configuration_id: str) -> RunConfigurationRecord:
        with self._store.read() as txn:
            return lookup.run_configuration(txn, configuration_id)

    def list_configurations(self, page: PageRequest) -> Page[RunConfigurationRecord]:
        """Run configurations by id."""
        with self._store.read() as txn:
            start = page.position(run_configurations.SCOPE)
            found = run_configurations.by_id(txn, keys.after(start))
            return take(found, page.limit(), run_configurations.SCOPE)

    async def delete(self, configuration_id: str, once: RequestKey | None = None) -> None:
        """Runs that used it keep their options."""

        def work(txn: Txn, _now_us: int) -> CountAnswer:
            lookup.run_configuration(txn, configuration_id)
            run_configurations.delete(txn, configuration_id)
            return CountAnswer(count=1)

        await self._changes.run(CountAnswer, work, once)
