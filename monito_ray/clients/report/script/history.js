/* What prices were. */

/* The price of an offer on a day, null before its first list and for offers whose price never changed. */
function priceOn(offer, day) {
  const points = O.history[offer] ?? [];
  let price = null;
  for (let i = 0; i < points.length && points[i] <= day; i += 2) price = points[i + 1];
  return price;
}

/* How an offer's price differs from that of `days` ago, or from its first one since, and the day of its last change; null where it does not. */
function changeSince(offer, days) {
  const before = priceOn(offer, D.today - days) ?? O.history[offer]?.[1], now = O.price[offer];
  return before == null || before === now ? null : { offer, before, ratio: now / before - 1, day: O.history[offer].at(-2) };
}

const movedOffers = Object.keys(O.history).map(Number);
const changesWithin = (days) => movedOffers.map((offer) => changeSince(offer, days)).filter(Boolean);
const movedProducts = (days) => new Set(changesWithin(days).map((change) => productOf[change.offer]));
const ratiosOf = (i, days) => offersOf(i).map((offer) => changeSince(offer, days)?.ratio ?? 0);

/* How much dearer the dearest supplier of a product is than the cheapest. */
function gapOf(i) {
  const sure = offersOf(i).filter((offer) => !O.suspicion[offer]);
  const kind = bestKind(i);
  const costs = kind ? sure.filter((offer) => baseKind(offer) === kind).map((offer) => O.base[offer]) : sure.map((offer) => O.price[offer]);
  return costs.length > 1 ? Math.max(...costs) / Math.min(...costs) - 1 : 0;
}
