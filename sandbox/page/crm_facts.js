// A deal as the CRM tab shows it, read from HubSpot's record: dates are civil dates, amounts are numbers.

import { parseDate } from "./time.js";

/** What the tab shows of one deal record; `downSince` is the instant at which the site was taken down. */
export function dealFacts(deal) {
  const { properties } = deal;
  return {
    id: deal.id,
    name: properties.dealname ?? `Deal ${deal.id}`,
    stageId: properties.dealstage,
    stage: deal.stage?.label ?? properties.dealstage ?? "",
    owner: deal.owner?.name ?? "No owner",
    ownerId: properties.hubspot_owner_id ?? null,
    putOut: parseDate(properties.renewal_put_out_date),
    expires: parseDate(properties.renewal_expiration_date),
    amount: properties.amount ? Number(properties.amount) : null,
    currency: properties.deal_currency_code ?? "",
    monthly: properties.renewal_monthly_price ? Number(properties.renewal_monthly_price) : null,
    hosted: properties.renewal_hosted_site === "true",
    downSince: properties.site_taken_down_at ? new Date(properties.site_taken_down_at) : null,
  };
}

export function money(amount, currency = "") {
  if (amount === null || !Number.isFinite(amount)) return "";
  return `${new Intl.NumberFormat("en-US", { maximumFractionDigits: 2 }).format(amount)} ${currency}`.trim();
}
