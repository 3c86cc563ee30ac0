"""Whether calls come in company: while others are still being answered. Pure: times come in as arguments."""


class Company:
    """Calls are in company for `seconds` once `meetings_min` of them have met another one, calls that met none counting
    against that, `alone_weighs` of them as much as one that did.

    What a caller alone gains by being answered without delay, callers in company gain by being answered together.
    """

    __slots__ = ("_alone_weighs", "_credit", "_enough", "_seconds", "_until")

    def __init__(self, meetings_min: int = 4, alone_weighs: int = 8, seconds: float = 0.1) -> None:
        self._alone_weighs = alone_weighs
        self._enough = meetings_min * alone_weighs
        self._seconds = seconds
        self._credit = 0
        self._until = 0.0

    def came(self, now: float, *, meets: bool) -> bool:
        """Whether the call that comes `now` (seconds of any clock that only rises) is in company; `meets` when another
        one was being answered.
        """
        if now < self._until:
            return True
        self._credit = self._credit + self._alone_weighs if meets else max(self._credit - 1, 0)
        if self._credit < self._enough:
            return False
        self._credit = 0
        self._until = now + self._seconds
        return True
