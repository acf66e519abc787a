// A deal as the CRM tab shows it, read from HubSpot's record: dates are civil dates, amounts are numbers.

import { parseDate } from "./time.js";

/** {id, name, stageId, stage, owner, putOut, expires, amount} of one deal record. */
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
  };
}

export function money(amount) {
  if (amount === null || !Number.isFinite(amount)) return "";
  return new Intl.NumberFormat("en-US", { maximumFractionDigits: 2 }).format(amount);
}
