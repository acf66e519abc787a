"""Deals become runs: what they carry, what changes, what is wrong with one of them, and what goes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.store.tables import RunRow
from sandbox.hubspot.owners import Owner


def test_a_deal_becomes_a_run_with_account_contact_dates_price_and_owner(office: Any) -> None:
    deal_id = office.deal()

    report = office.sync()

    run = office.run()
    assert report.runs_new == 1 and report.first_import and report.problems == {}
    assert (run.book, run.deal_id, run.account, run.stage) == ("hubspot", deal_id, "Acme Dental", "open")
    assert (run.put_out_on, run.expires_on) == (date(2026, 11, 23), date(2026, 12, 31))
    assert (run.price_cents, run.price_period, run.currency, run.hosts_site) == (14000, "month", "USD", True)
    assert (run.contact_name, run.contact_phone) == ("Dana Wu", "+1 555 0100")
    assert run.owner_id == 1 and run.next_look_on is not None


def test_syncing_again_changes_nothing(office: Any) -> None:
    deal_id = office.deal()
    office.on_timeline("calls", deal_id, hs_call_direction="OUTBOUND")
    office.sync()
    before = office.run()

    report = office.sync()
    everything = office.sync(everything=True)

    assert report.touched == everything.touched == 0
    assert office.run().version == before.version
    assert len(office.holding()) == 1


def test_changes_in_hubspot_are_taken_over_and_audited(office: Any) -> None:
    deal_id = office.deal()
    office.add_person("ben@harborline.example")
    office.sync()

    changed = {"renewal_expiration_date": "2027-01-31", "dealstage": "renewal_in_negotiation"}
    office.portal.update("deals", deal_id, {**changed, "hubspot_owner_id": "502"})
    office.sync()

    run = office.run()
    assert (run.expires_on, run.stage, run.owner_id) == (date(2027, 1, 31), "negotiation", 2)
    assert abs(run.owner_since - office.clock.now()) < timedelta(seconds=5)
    assert ("expires_on", "2026-12-31", "2027-01-31") in office.changes()
    assert ("stage", "open", "negotiation") in office.changes()
    assert ("crm_owner_id", "501", "502") in office.changes()


def test_a_corrected_put_out_date_moves_the_same_run(office: Any) -> None:
    deal_id = office.deal()
    office.on_timeline("calls", deal_id, hs_call_direction="OUTBOUND")
    office.sync()

    office.portal.update("deals", deal_id, {"renewal_put_out_date": "2026-11-20"})
    office.sync()

    assert office.run().put_out_on == date(2026, 11, 20)
    assert office.changes() == [("put_out_on", "2026-11-23", "2026-11-20")]


def test_a_put_out_date_past_the_term_begins_a_new_run(office: Any) -> None:
    deal_id = office.deal()
    office.on_timeline("calls", deal_id, hs_call_direction="OUTBOUND")
    office.sync()

    nxt = {"renewal_put_out_date": "2027-11-22", "renewal_expiration_date": "2027-12-31"}
    office.portal.update("deals", deal_id, nxt)
    office.sync()

    old, new = office.all(RunRow)
    assert old.gone_at is not None and old.expires_on == date(2026, 12, 31)
    assert (new.put_out_on, new.expires_on, new.gone_at) == (date(2027, 11, 22), date(2027, 12, 31), None)
    assert [fact.run_id for fact in office.holding()] == [old.id]


def test_a_bad_value_is_listed_and_stops_neither_the_deal_nor_the_others(office: Any) -> None:
    bad = office.deal(renewal_put_out_date=None)
    odd = office.deal(renewal_monthly_price="-5")
    office.deal(dealname="Fine")

    report = office.sync()

    assert report.runs_new == 2
    assert "no put-out date" in report.problems[f"deal {bad}"][0]
    assert "not an amount a renewal can have" in report.problems[f"deal {odd}"][0]
    assert {run.deal_id: run.price_cents for run in office.all(RunRow)}[odd] is None


def test_a_value_that_becomes_unreadable_keeps_what_was_known(office: Any) -> None:
    deal_id = office.deal()
    office.sync()

    office.portal.update("deals", deal_id, {"renewal_monthly_price": "-5", "renewal_put_out_date": ""})
    report = office.sync()

    run = office.run()
    assert (run.price_cents, run.put_out_on, run.gone_at) == (14000, date(2026, 11, 23), None)
    assert len(report.problems[f"deal {deal_id}"]) == 2


def test_a_deleted_deal_is_gone_with_the_next_pass(office: Any) -> None:
    deal_id = office.deal()
    office.sync()

    office.portal.archive("deals", deal_id)
    report = office.sync()

    assert office.run().gone_at is not None and report.runs_gone == 1
    assert office.run().next_look_on is None


def test_a_deal_that_was_merged_away_goes_with_the_next_pass(office: Any) -> None:
    gone, kept = office.deal(), office.deal(dealname="Kept")
    office.sync()

    office.portal.merge("deals", kept, gone)
    first, second = office.sync(), office.sync()

    assert {run.deal_id: run.gone_at is None for run in office.all(RunRow)} == {gone: False, kept: True}
    assert (first.runs_gone, second.runs_gone) == (1, 0)


def test_a_deal_that_was_merged_away_is_found_by_the_daily_sweep(office: Any) -> None:
    gone, kept = office.deal(), office.deal(dealname="Kept")
    office.sync()

    office.portal.merge("deals", kept, gone)
    office.clock.pass_time(timedelta(days=1))
    office.sync()

    assert {run.deal_id: run.gone_at is None for run in office.all(RunRow)} == {gone: False, kept: True}


def test_a_deal_that_leaves_the_pipeline_goes_and_comes_back(office: Any) -> None:
    deal_id = office.deal()
    office.sync()

    office.portal.update("deals", deal_id, {"pipeline": "default", "dealstage": "qualifiedtobuy"})
    office.sync()
    left = office.run().gone_at
    office.portal.update("deals", deal_id, {"pipeline": "renewals", "dealstage": "renewal_put_out"})
    office.sync()

    assert left is not None and office.run().gone_at is None


def test_deals_of_other_pipelines_are_nobodys_renewals(office: Any) -> None:
    office.deal()
    office.sync()

    office.deal(pipeline="default", dealstage="qualifiedtobuy")
    office.sync()

    assert len(office.all(RunRow)) == 1


def test_the_contacts_new_phone_is_on_the_card(office: Any) -> None:
    office.deal()
    office.sync()

    office.portal.update("contacts", office.run().contact_id, {"phone": "+1 555 0199"})
    office.sync()

    assert office.run().contact_phone == "+1 555 0199"


def test_owners_without_a_person_are_listed_until_somebody_comes(office: Any) -> None:
    office.portal.add_owner(Owner("503", "new@harborline.example", "New", "One", 9003))
    office.deal(hubspot_owner_id="503")

    assert office.sync().unmatched_owners == ("new@harborline.example",)
    person = office.add_person("new@harborline.example")
    assert office.sync().unmatched_owners == ()
    assert office.run().owner_id == person


def test_a_site_taken_down_is_a_fact_once(office: Any) -> None:
    deal_id = office.deal()
    office.sync()

    office.portal.update("deals", deal_id, {"site_taken_down_at": "2026-11-23T14:00:00Z"})
    office.sync()
    office.portal.update("deals", deal_id, {"dealname": "Another name"})
    office.sync()

    (fact,) = office.holding()
    assert (fact.kind, fact.at) == ("site_down", datetime(2026, 11, 23, 14, tzinfo=UTC))


def test_more_deals_than_one_page_with_equal_times_are_all_found(office: Any) -> None:
    at = office.clock.now()
    for number in range(230):
        properties = {
            "dealname": f"Deal {number}",
            "pipeline": "renewals",
            "dealstage": "renewal_put_out",
            "renewal_put_out_date": "2026-11-23",
        }
        office.portal.create("deals", properties, at=at)

    assert office.sync().runs_new == 230
