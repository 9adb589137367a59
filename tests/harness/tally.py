"""Counts what ran where, and fails the run when something that should have run did not.

Last lines of a run: `ran on sqlite: N, on postgresql: N, in the browser: N, without a database: N`.
A skipped test fails the run, unless its reason begins with "platform:" (waitress on Windows and the like).
A test above 5 s says why with `@pytest.mark.slow("reason")`; one that took 15 s in silence fails the run.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

SLOW = 5.0
TOO_SLOW = 15.0
PLACES = ("sqlite", "postgresql", "browser")
MARK = "ran_on"
REASON = "slow_because"


@dataclass
class Tally:
    """What the run has shown so far; one for the whole run, in the process that prints the summary."""

    ran: Counter[str] = field(default_factory=Counter)
    skipped: list[str] = field(default_factory=list)
    slow: list[tuple[float, str]] = field(default_factory=list)
    too_slow: list[tuple[float, str]] = field(default_factory=list)
    wanted: list[str] = field(default_factory=list)

    def add(self, report: pytest.TestReport) -> None:
        if report.skipped and not hasattr(report, "wasxfail"):
            self._skip(report)
        if report.when != "call" or report.skipped:
            return
        told = [(str(name), str(value)) for name, value in report.user_properties]
        places = {value for name, value in told if name == MARK}
        self.ran.update(places)
        self.ran["without"] += not places & {"sqlite", "postgresql"}
        if report.duration > SLOW and not any(name == REASON for name, _ in told):
            where = self.too_slow if report.duration > TOO_SLOW else self.slow
            where.append((report.duration, report.nodeid))

    def _skip(self, report: pytest.TestReport) -> None:
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        if not reason.removeprefix("Skipped: ").startswith("platform:"):
            self.skipped.append(f"{report.nodeid}: {reason}")

    def faults(self) -> list[str]:
        never = [f"no test ran on: {place}" for place in self.wanted if not self.ran[place]]
        skips = [f"skipped: {what}" for what in self.skipped]
        return never + skips + [f"{took:.1f} s without @slow(reason): {test}" for took, test in self.too_slow]

    def __str__(self) -> str:
        return (
            f"ran on sqlite: {self.ran['sqlite']}, on postgresql: {self.ran['postgresql']}, "
            f"in the browser: {self.ran['browser']}, without a database: {self.ran['without']}"
        )


TALLY = pytest.StashKey[Tally]()


def ran_on(request: pytest.FixtureRequest, place: str) -> None:
    """Called by a fixture that really gave the test a database or a browser."""
    request.node.user_properties.append((MARK, place))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--must-run", default="", metavar="PLACES", help="fail unless some test ran on each of these")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "slow(reason): why this test takes more than 5 seconds")
    wanted = [place for place in config.getoption("--must-run").split(",") if place]
    if unknown := set(wanted) - set(PLACES):
        raise pytest.UsageError(f"--must-run knows {', '.join(PLACES)}, not {', '.join(sorted(unknown))}")
    config.stash[TALLY] = Tally(wanted=wanted)
    config.pluginmanager.register(_Counter(config.stash[TALLY]), "tally-counter")


class _Counter:
    def __init__(self, tally: Tally) -> None:
        self.tally = tally

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.tally.add(report)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        for mark in item.iter_markers("slow"):
            if len(mark.args) != 1 or not isinstance(mark.args[0], str) or not mark.args[0].strip():
                raise pytest.UsageError(f'{item.nodeid}: say why, @pytest.mark.slow("reason")')
            item.user_properties.append((REASON, mark.args[0]))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> Iterator[None]:
    if _is_head(session.config) and not session.config.option.collectonly:
        tally = session.config.stash[TALLY]
        if tally.faults() and session.exitstatus in {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED}:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
    return (yield)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> Iterator[None]:
    yield
    if config.option.collectonly:
        return
    tally = config.stash[TALLY]
    for took, test in sorted(tally.slow, reverse=True):
        terminalreporter.write_line(f"slow, say why with @slow(reason): {took:.1f} s {test}", yellow=True)
    for fault in tally.faults():
        terminalreporter.write_line(f"the run fails: {fault}", red=True)
    terminalreporter.write_line(str(tally))


def _is_head(config: pytest.Config) -> bool:
    return not hasattr(config, "workerinput")
