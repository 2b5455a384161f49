"""Check handlers: a check backend under the mixer's policies.

A verdict comes from the cache; else from the answer that others of the same values wait for; else
from the backend. Requests that wait are held, and go on in the order in which they came.
"""

# ruff: noqa: BLE001 - whatever a backend raises is no verdict, and the failure policy decides

from typing import Final

from adapters.backend.check import Check, CheckError, Question, Verdict
from adapters.backend.instance import Instance
from adapters.events import HttpRequest
from adapters.mixer.chance import Chance
from adapters.mixer.check_cache import CheckCache, Grant
from adapters.mixer.complaints import Complaints
from adapters.mixer.meters import CheckMeter
from adapters.mixer.policy import Policy
from adapters.mixer.shared_verdicts import SharedVerdicts
from pal import PluginContext, clock, dispatch
from pal.timers import Timer

FAILURE_DETAILS: Final = "mixer2_check_failed"

_NS_PER_MS: Final = 1_000_000
_LOOK_AGAIN_MS: Final = 5


class Waiting:
    """Somebody who waits for a verdict. It must not be kept once it has one."""

    def decided(self, verdict: Verdict) -> None:
        """Here it is."""
        raise NotImplementedError


class CheckHandler:
    """One handler.

    Args:
        name: Its name.
        check: The backend.
        policy: Its policies.
        chance: Decides about faults.
        plugin: Owner of the timers of injected delays.
        is_single: Whether all questions are of one instance.
        shared: What the workers tell each other; None when each asks for itself.

    Attributes:
        fails_open: Whether requests pass when there is no verdict.
        meter: What it counts. Who enforces a verdict counts whether it allowed or denied.
    """

    def __init__(
        self,
        name: str,
        check: Check,
        policy: Policy,
        chance: Chance,
        plugin: PluginContext,
        is_single: bool,
        shared: SharedVerdicts | None,
    ) -> None:
        self.fails_open = policy.fails_open
        self.meter = CheckMeter(name)
        self.plugin = plugin
        self._check = check
        self._policy = policy
        self._chance = chance
        self._is_single = is_single
        self._cache = CheckCache(policy.cache)
        self._asked: dict[str, Asked] = {}
        self._shared = shared
        self._lookout = _Lookout(self)
        # Whether answers of this backend are good for more than one request.
        self._shares = True
        self._complaints = Complaints(name)
        self._failure = Verdict(policy.fails_open, 503, b"", FAILURE_DETAILS)

    def key(self, instance: Instance, values: list[str]) -> str:
        """What the verdict about these values is kept under; other values have another key."""
        # No value holds a NUL: headers cannot (RFC 9110, section 5.5).
        key = values[0] if len(values) == 1 else "\0".join(values)
        return key if self._is_single else f"{instance.number}\0{key}"

    def kept(
        self, key: str, instance: Instance, values: list[str], request: HttpRequest
    ) -> Verdict | None:
        """The verdict that is kept; None when it takes the backend."""
        if self._cache.is_empty():
            return None
        grant = self._cache.use(key, request.started_ns)
        if grant is None:
            return None
        self.meter.hits.increment()
        if self._policy.prefetch > 0:
            self._prefetch(key, grant, instance, values, request)
        return grant.verdict

    def ask(
        self,
        key: str,
        instance: Instance,
        values: list[str],
        request: HttpRequest,
        waiting: Waiting,
    ) -> Verdict | None:
        """The backend's verdict; None when it comes later, to `waiting`."""
        asked = self._asked.get(key)
        if asked is not None and self._shares:
            asked.join(waiting)
            return None
        amount = max(1, self._policy.prefetch)
        return self._ask(Asked(self, key, instance, values, request, amount), waiting)

    def concluded(self, asked: "Asked", verdict: Verdict | None, reason: str) -> None:
        """A question that took its time has been answered, or has not.

        Args:
            asked: The question.
            verdict: The answer; None when there is none.
            reason: Why there is none.
        """
        if self._asked.get(asked.key) is asked:
            del self._asked[asked.key]
        now_ns = clock.now_ns()
        self.meter.latency.record(max(0, now_ns - asked.asked_ns) // _NS_PER_MS)
        if verdict is None:
            found = self._failed(reason)
        else:
            found = verdict
            self._keep(asked, verdict, now_ns)
        waiters = asked.take_waiters()
        if asked.is_prefetch:
            # Those who joined it have their share of what it brought, as anybody has.
            for waiting in waiters:
                self._decide_late(asked, found, waiting, now_ns)
            return
        for index in range(len(waiters)):
            if index == 0 or verdict is None:
                waiters[index].decided(found)
            else:
                self._decide_late(asked, found, waiters[index], now_ns)

    def send(self, asked: "Asked") -> None:
        """Find out a verdict. It ends in `concluded`, at once or later."""
        shared = self._shared
        # Where answers are for one request only, waiting for one another would be in vain.
        if shared is not None and self._shares:
            claim = shared.claim(asked.key)
            if claim.verdict is not None:
                asked.answer(claim.verdict)
                return
            if not claim.is_ours:
                self._lookout.add(asked)
                return
            asked.is_claimed = True
        self.meter.calls.increment()
        try:
            verdict = self._check.check(asked)
        except CheckError as refusal:
            asked.fail(str(refusal))
        except Exception as error:
            dispatch.report(error)
            asked.fail("the backend raised")
        else:
            if verdict is not None:
                asked.answer(verdict)

    def publish(self, key: str, verdict: Verdict | None) -> None:
        """Tell other workers what became of a claimed key."""
        if self._shared is not None:
            self._shared.publish(key, verdict)

    def _ask(self, asked: "Asked", waiting: Waiting | None) -> Verdict | None:
        """Ask; the verdict when it comes at once."""
        fault = self._policy.fault
        if fault.strikes(self._chance):
            self.meter.fault()
            if fault.delay_ms > 0:
                _Delay(self, asked, fault.fails).start(fault.delay_ms, repeat=False)
                self._wait(asked, waiting)
                return None
            return self._failed("injected failure")
        self.send(asked)
        if not asked.is_answered:
            self._wait(asked, waiting)
            return None
        verdict = asked.verdict
        if verdict is None:
            return self._failed(asked.reason)
        self._keep(asked, verdict, asked.request.started_ns)
        return verdict

    def _wait(self, asked: "Asked", waiting: Waiting | None) -> None:
        asked.is_late = True
        asked.asked_ns = clock.now_ns()
        self._asked[asked.key] = asked
        if waiting is not None:
            asked.join(waiting)

    def _decide_late(self, asked: "Asked", found: Verdict, waiting: Waiting, now_ns: int) -> None:
        """Decide about one that joined a question: by what is kept now, or by asking anew."""
        grant = self._cache.use(asked.key, now_ns)
        if grant is not None:
            self.meter.hits.increment()
            waiting.decided(grant.verdict)
            return
        again = Asked(self, asked.key, asked.instance, asked.values, asked.request, asked.amount)
        verdict = self._ask(again, waiting)
        if verdict is not None:
            waiting.decided(verdict)

    def _prefetch(
        self,
        key: str,
        grant: Grant,
        instance: Instance,
        values: list[str],
        request: HttpRequest,
    ) -> None:
        """Ask for more when half of what was fetched ahead is used."""
        amount = self._policy.prefetch
        if grant.uses > amount // 2 or grant.successor is not None or key in self._asked:
            return
        asked = Asked(self, key, instance, values, request, amount)
        asked.is_prefetch = True
        self._ask(asked, None)

    def _keep(self, asked: "Asked", verdict: Verdict, now_ns: int) -> None:
        self._shares = verdict.valid_ms > 0
        uses = 0 if asked.is_prefetch or not verdict.allowed else 1
        self._cache.put(asked.key, verdict, now_ns, uses)

    def _failed(self, reason: str) -> Verdict:
        self.meter.errors.increment()
        self._complaints.warn(f"no verdict: {reason}")
        return self._failure


class Asked(Question):
    """A question to a backend, and who waits for the answer.

    Attributes:
        key: Of the values.
        asked_ns: When, nanoseconds since 1970; exact when the answer is late.
        is_prefetch: Whether it asks for requests that are still to come.
        is_claimed: Whether other workers wait for what becomes of it.
        is_late: Whether the answer comes after the call that asked.
        is_answered: Whether the backend said something.
        verdict: What it said; None when it failed.
        reason: Why it failed.
    """

    def __init__(
        self,
        handler: CheckHandler,
        key: str,
        instance: Instance,
        values: list[str],
        request: HttpRequest,
        amount: int,
    ) -> None:
        super().__init__(instance, values, request, amount)
        self.key = key
        self.asked_ns = request.started_ns
        self.is_prefetch = False
        self.is_claimed = False
        self.is_late = False
        self.is_answered = False
        self.verdict: Verdict | None = None
        self.reason = ""
        self._handler = handler
        self._waiters: list[Waiting] = []

    def join(self, waiting: Waiting) -> None:
        """Wait for the answer."""
        self._waiters.append(waiting)

    def take_waiters(self) -> list[Waiting]:
        """Those who wait, in the order in which they came; nobody waits any more."""
        waiters = self._waiters
        self._waiters = []
        return waiters

    def answer(self, verdict: Verdict) -> None:
        """The backend's verdict."""
        if not self.is_answered:
            self.is_answered = True
            self.verdict = verdict
            if self.is_claimed:
                self._handler.publish(self.key, verdict)
            if self.is_late:
                self._handler.concluded(self, verdict, "")

    def fail(self, reason: str) -> None:
        """The backend has no verdict."""
        if not self.is_answered:
            self.is_answered = True
            self.reason = reason
            if self.is_claimed:
                self._handler.publish(self.key, None)
            if self.is_late:
                self._handler.concluded(self, None, reason)


class _Lookout(Timer):
    """Looks again for the verdicts that other workers are asking for."""

    def __init__(self, handler: CheckHandler) -> None:
        super().__init__(handler.plugin)
        self._handler = handler
        self._waiting: list[Asked] = []

    def add(self, asked: Asked) -> None:
        """Look for the verdict about a question until it is there, or nobody asks any more."""
        self._waiting.append(asked)
        if not self.is_running:
            self.start(_LOOK_AGAIN_MS, repeat=False)

    def on_fire(self) -> None:
        """Look again."""
        waiting = self._waiting
        self._waiting = []
        for asked in waiting:
            self._handler.send(asked)


class _Delay(Timer):
    """An injected delay before a question is put to the backend."""

    def __init__(self, handler: CheckHandler, asked: Asked, fails: bool) -> None:
        super().__init__(handler.plugin)
        self._handler = handler
        self._asked = asked
        self._fails = fails

    def on_fire(self) -> None:
        """The delay is over."""
        if self._fails:
            self._asked.fail("injected failure")
        else:
            self._handler.send(self._asked)
