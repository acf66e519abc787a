"""The soak: what people, time, faults and kills do to one account and one database, and the quiet at its end."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from tests.soak.checker import complaints
from tests.soak.people import Act, Colleagues, Reps
from tests.soak.team import Killed, Team

NUMBER = st.integers(0, 99)
REP_ACTS = sorted(Reps.acts(Reps.__new__(Reps)))
COLLEAGUE_ACTS = sorted(Colleagues.acts(Colleagues.__new__(Colleagues)))
# What was logged just now is what people undo and change, and what is edited at both sides at once.
ACT = st.sampled_from([*REP_ACTS, *COLLEAGUE_ACTS, "undoes", "changes", "edits what was written just now"])
DEED = st.tuples(ACT, NUMBER, NUMBER)
DEEDS = st.lists(DEED, max_size=4)
Deed = tuple[str, int, int]
Deeds = list[Deed]
QUIET_ROUNDS = 40
BINS = 5  # each pass looks into that of one type of activity


class Soak(RuleBasedStateMachine):
    """One example: up to two hours of a team's work. `team` is shared, and made new by each example."""

    team: Team

    def __init__(self) -> None:
        super().__init__()
        self.began = False

    @initialize(
        seed=st.integers(0, 2**32 - 1),
        deals=st.integers(1, 3),
        last_deeds=DEEDS,
        last_kills=st.tuples(st.integers(1, 14), st.integers(1, 60)),
    )
    def morning(self, seed: int, deals: int, last_deeds: Deeds, last_kills: tuple[int, int]) -> None:
        self.last_deeds, self.last_kills = last_deeds, last_kills
        self.team.begin(seed)
        self.reps, self.colleagues = Reps(self.team), Colleagues(self.team)
        self.acts: dict[str, Act] = self.reps.acts() | self.colleagues.acts()
        for number in range(deals):
            self.colleagues.adds_a_deal(number)
        self.team.sync()
        self.team.faulty = self.began = True

    def people(self, deeds: Deeds) -> None:
        """What they do before the next thing happens."""
        for act, n, m in deeds:
            self.do(act, n, m)
            self.team.pass_time(1 + m % 7)

    def do(self, act: str, n: int, m: int) -> None:
        self.team.done[act] += 1
        self.acts[act](n, m)

    # -- time

    @rule(deeds=DEEDS, seconds=st.sampled_from((20, 60, 60, 180, 600)))
    def time_passes(self, deeds: Deeds, seconds: int) -> None:
        self.people(deeds)
        self.team.pass_time(seconds)

    @rule(deeds=DEEDS, seconds=st.sampled_from((600, 3600, 3 * 3600)))
    def the_host_sleeps(self, deeds: Deeds, seconds: int) -> None:
        self.people(deeds)
        self.team.sleep_host(seconds)

    @rule(deeds=DEEDS, seconds=st.sampled_from((90, 1800, 2 * 3600)))
    def the_clock_is_set_back(self, deeds: Deeds, seconds: int) -> None:
        self.people(deeds)
        self.team.done["clock set back"] += 1
        self.team.set_clock_back(seconds)

    @rule(deeds=DEEDS, lag=st.sampled_from((0.0, 5.0, 30.0)))
    def the_search_lags(self, deeds: Deeds, lag: float) -> None:
        self.people(deeds)
        self.team.portal.index.lag_s = self.team.portal.index.jitter_s = lag

    # -- the processes

    @rule(deeds=DEEDS)
    def reads(self, deeds: Deeds) -> None:
        self.people(deeds)
        self.team.sync()

    @rule(deeds=DEEDS)
    def sends(self, deeds: Deeds) -> None:
        self.people(deeds)
        self.team.pass_time(16)
        self.team.deliver()

    @rule(deeds=DEEDS, at=st.integers(1, 60))
    def is_killed_reading(self, deeds: Deeds, at: int) -> None:
        self.killed(self.team.sync, at, deeds)

    @rule(deeds=DEEDS, at=st.integers(1, 14))
    def is_killed_sending(self, deeds: Deeds, at: int) -> None:
        self.killed(self.team.deliver, at, deeds)

    @rule(deeds=DEEDS, at=st.integers(1, 40), deed=DEED)
    def reads_while(self, deeds: Deeds, at: int, deed: Deed) -> None:
        """Somebody acts in the middle of a pass."""
        self.people(deeds)
        self.team.interruption.at(at, lambda: self.do(*deed))
        self.team.sync()
        self.team.interruption.never()

    @rule(deeds=DEEDS, at=st.integers(1, 40))
    def reads_while_sending(self, deeds: Deeds, at: int) -> None:
        self.people(deeds)
        sender = self.team.another_sender()
        self.team.pass_time(16)

        def send() -> None:
            sender.drain("hubspot")

        self.team.interruption.at(at, send)
        self.team.sync()
        self.team.interruption.never()

    @rule(deeds=DEEDS, at=st.integers(1, 14), deed=DEED)
    def sends_while(self, deeds: Deeds, at: int, deed: Deed) -> None:
        """Somebody acts in the middle of a delivery."""
        self.people(deeds)
        self.team.pass_time(16)
        self.team.interruption.at(at, lambda: self.do(*deed))
        self.team.deliver()
        self.team.interruption.never()

    @rule(deeds=DEEDS, at=st.integers(1, 14))
    def freezes_sending(self, deeds: Deeds, at: int) -> None:
        """A sender stands still beyond its lease while another goes on, and then goes on itself."""
        self.people(deeds)
        other = self.team.another_sender()

        def freeze() -> None:
            self.team.pass_time(90)
            other.drain("hubspot")

        self.team.pass_time(16)
        self.team.interruption.at(at, freeze)
        self.team.deliver()
        self.team.interruption.never()

    def killed(self, work: Callable[[], object], at: int, deeds: Deeds) -> None:
        """The process ends at this step of its work, if it gets so far, and another begins."""
        self.people(deeds)
        self.team.pass_time(16)
        self.team.interruption.at(at, _die)
        try:
            work()
        except Killed:
            self.team.done["killed"] += 1
            self.team.start_process()
        self.team.interruption.never()

    # -- the quiet

    def teardown(self) -> None:
        if self.began:
            self.began = False
            sending, reading = self.last_kills  # in every example there are some
            self.killed(self.team.deliver, sending, self.last_deeds)
            self.killed(self.team.sync, reading, [])
            quieten(self.team, self.reps)
            found = complaints(self.team)
            assert not found, "\n".join(found)


def _die() -> None:
    raise Killed


def quieten(team: Team, reps: Reps) -> None:
    """No faults, and reps only choose where they are asked: both processes work until nothing is left to do."""
    team.faulty = False
    team.world.faults.clear()
    if team.merged or team.there_and_back:
        # Where the survivor was deleted or merged, too, nothing names the first one; and a clock that went back and
        # then far forward between two passes left no trace: the daily re-reading finds both.
        team.sync()
        team.sleep_host(36 * 3600)  # also of a clock that went back a few times
    calm = 0
    for turn in range(QUIET_ROUNDS):
        team.pass_time(150)
        asked = reps.decides(0, turn)
        report, waiting = team.sync(), team.open_rows()
        team.deliver()
        calm = 0 if asked or waiting or report.touched or report.stopped else calm + 1
        if calm >= BINS:
            return
    raise AssertionError(f"it does not come to rest: {team.open_rows()} open; {report}")
