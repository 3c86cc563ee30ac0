"""What a comparison says to people: the answer in one sentence, and what to keep in mind."""

from collections.abc import Iterator

from pinfold_server.domain.quality.comparison import Comparison, Verdict
from pinfold_server.domain.quality.pairing import Paired
from pinfold_server.domain.runs.splits import ValidationMode
from pinfold_server.store.storage_pb2 import VersionRecord

_HOW = {
    ValidationMode.HOLDOUT: "on a fixed fifth of the documents",
    ValidationMode.K_FOLD: "on each fifth of the documents in turn",
}


def summary_of(base: VersionRecord, candidate: VersionRecord, result: Comparison, confidence: float) -> str:
    """Verdict, difference, interval."""
    verdict = {
        Verdict.BETTER: "is better than",
        Verdict.WORSE: "is worse than",
        Verdict.NO_SIGNIFICANT_DIFFERENCE: "shows no significant difference from",
    }[result.verdict]
    f1 = result.overall.micro_f1
    return (
        f"Version {candidate.number} {verdict} version {base.number}: F1 {f1.base:.3f} -> {f1.candidate:.3f}, "
        f"a change of {f1.candidate - f1.base:+.3f} ({confidence:.4g} interval {f1.low:+.3f} to {f1.high:+.3f}); "
        f"{result.overall.fixed:,} documents fixed, {result.overall.broken:,} broken."
    )


def are_comparable(base: VersionRecord, candidate: VersionRecord) -> bool:
    """Both were measured in the same way."""
    return base.metrics.validation_mode == candidate.metrics.validation_mode


def caution_of(base: VersionRecord, candidate: VersionRecord, paired: Paired) -> str:
    """Sentences; empty when there is nothing to keep in mind."""
    return " ".join(_cautions(base, candidate, paired))


def _cautions(base: VersionRecord, candidate: VersionRecord, paired: Paired) -> Iterator[str]:
    if not are_comparable(base, candidate):
        first, second = (_HOW[ValidationMode(record.metrics.validation_mode)] for record in (base, candidate))
        yield f"The base was measured {first}, the candidate {second}: their models learnt from different shares."
    if paired.base_only or paired.candidate_only:
        yield (
            f"Only the {len(paired):,} documents that both held out are compared; {paired.base_only:,} of the base and"
            f" {paired.candidate_only:,} of the candidate are not."
        )
    if paired.changed_truth:
        yield (
            f"Of {paired.changed_truth:,} documents people say something else since the base was trained; what they"
            " said when the candidate was trained counts."
        )
