from concurrent.futures import ThreadPoolExecutor

from pinfold_server.domain.names import VersionRef
from pinfold_server.domain.quality.projections import ProjectionMethod
from pinfold_server.errors import Code
from pinfold_server.services.common.slow_work import SlowWork
from pinfold_server.services.quality.held_outs import HeldOutCache
from pinfold_server.services.quality.projections import ProjectionQuery, ProjectionService
from tests.services.refusals import refused
from tests.stores import Bench


async def test_a_server_without_the_extra_says_what_to_install(bench: Bench) -> None:
    with ThreadPoolExecutor(1) as executor:
        service = ProjectionService(HeldOutCache(bench.store), SlowWork(executor), has_umap=False)
        latest = VersionRef(None, "latest")
        with refused(Code.PRECONDITION, "EXTRA_NOT_INSTALLED"):
            await service.project(ProjectionQuery("support", latest, ProjectionMethod.UMAP, 0, 0))
        with refused(Code.NOT_FOUND, "DATASET_NOT_FOUND"):
            await service.project(ProjectionQuery("support", latest, ProjectionMethod.PCA, 0, 0))
