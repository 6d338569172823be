/* The views of what a person must look at, and of the suppliers. */

const suspiciousOffers = () => Object.keys(O.suspicion).map(Number);
const staleSuppliers = () => S.map((supplier, index) => [supplier, index]).filter(([[, , isStale]]) => isStale);
/* Doubtful prices are among the rows to check. */
const thingsToLookAt = () => D.review.count + D.same.count + staleSuppliers().length;

function lookSection(name, count, ...content) {
  const how = el("p", { class: "sub" }, say(name + "_how"));
  return count ? [el("h2", {}, say(name), " ", span("count", number(count))), how, ...content] : [];
}

const moreNote = (name, count) => (count > 0 ? el("p", { class: "sub" }, say(name, { n: number(count) })) : null);

function suspiciousRow(offer) {
  const i = productOf[offer], target = address({ view: "prices", q: T[P.name[i]], open: true });
  return el("tr", {},
    cell("name", el("a", { class: "plain", href: target }, bdi(labelOf(i)))),
    cell("right num nowrap", money(O.price[offer], P.currency[i])),
    cell("side", bdi(S[O.supplier[offer]][0])),
    cell("wide", O.suspicion[offer]));
}

function reviewRow([why, name, supplier, price, currency, place]) {
  return el("tr", {},
    cell("name", bdi(name)),
    cell("right num nowrap", money(price, currency)),
    cell("side", bdi(supplier)),
    cell("wide", bdi(why), el("div", { class: "sub" }, bdi(place))));
}

function questionRow([name, supplier, price, currency, otherName, otherSupplier, otherPrice, otherCurrency, reason]) {
  const article = (kind, text, whose, amount) =>
    el("td", { class: kind }, bdi(text), el("div", { class: "sub" }, bdi(whose), " · ", span("nowrap", amount)));
  return el("tr", {},
    article("name", name, supplier, money(price, currency)),
    article("name wide", otherName, otherSupplier, money(otherPrice, otherCurrency)),
    cell("wide", bdi(reason)));
}

function reasonRow([why, count]) {
  return el("tr", {}, cell("name", bdi(why)), cell("right num", number(count)));
}

function lookView() {
  const { review, same } = D, suspicious = suspiciousOffers(), stale = staleSuppliers();
  const head = () => columns(["product", "price", "supplier", "why"], ["price"]);
  const staleRows = stale.map(([[name, day]]) =>
    el("tr", {}, cell("name", bdi(name)), cell("right nowrap", dateText(day))));
  const reasons = review.reasons.length > 1
    ? cardTable("look", columns(["why", "look_rows"], ["look_rows"]), review.reasons.map(reasonRow))
    : null;
  const nodes = [
    ...lookSection("look_suspicious", suspicious.length, cardTable("look", head(), suspicious.map(suspiciousRow))),
    ...lookSection("look_stale", stale.length, cardTable("look", columns(["supplier", "list_date"], []), staleRows)),
    ...lookSection("look_same", same.count,
      cardTable("look", columns(["product", "look_other", "why"], []), same.questions.map(questionRow)),
      moreNote("look_same_more", same.count - same.questions.length)),
    ...lookSection("look_review", review.count, reasons, cardTable("look", head(), review.rows.map(reviewRow)),
      moreNote("look_more", review.count - review.rows.length)),
  ].filter(Boolean);
  return nodes.length ? nodes : [emptyCard("look_nothing")];
}

/* For each supplier: its offers, those of them that are the cheapest of several, and its changes by kind. */
function supplierCounts() {
  const counts = S.map(() => ({ offers: 0, cheapest: 0, ...Object.fromEntries(KINDS.map((kind) => [kind, 0])) }));
  O.supplier.forEach((supplier) => counts[supplier].offers++);
  for (let i = 0; i < productCount; i++) if (P.offers[i] > 1 && bestOf(i) >= 0) counts[O.supplier[bestOf(i)]].cheapest++;
  for (const { supplier, kind } of changesSince("last")) counts[supplier][kind]++;
  return counts;
}

function supplierRow([name, day, isStale], counts, kinds) {
  const link = (target, text) => el("a", { class: "plain", href: address({ q: "", cat: "", sup: name, ...target }) }, text);
  const changed = kinds.map((kind) => el("td", { class: "num side", "data-label": counts[kind] ? say("kind_" + kind) : null },
    counts[kind] ? link({ view: "changes", since: "last", kind }, number(counts[kind])) : ""));
  return el("tr", {},
    cell("name", link({ view: "prices" }, bdi(name))),
    cell("nowrap right", dateText(day), " ", isStale ? badge("warn", say("old_list")) : null),
    el("td", { class: "num side", "data-label": say("offers") }, number(counts.offers)),
    el("td", { class: "num side", "data-label": say("cheapest_at") }, number(counts.cheapest)),
    ...changed);
}

function supplierView() {
  if (!S.length) return [emptyCard("empty")];
  const counts = supplierCounts(), kinds = KINDS.filter((kind) => counts.some((count) => count[kind]));
  const counted = ["offers", "cheapest_at", ...kinds.map((kind) => "kind_" + kind)];
  const rows = S.map((supplier, index) => supplierRow(supplier, counts[index], kinds));
  return [cardTable("suppliers", columns(["supplier", "list_date", ...counted], counted), rows)];
}
