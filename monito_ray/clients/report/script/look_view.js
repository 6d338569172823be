/* The views of what a person must look at, and of the suppliers. */

const suspiciousOffers = () => Object.keys(O.suspicion).map(Number);
const staleSuppliers = () => S.map((supplier, index) => [supplier, index]).filter(([[, , isStale]]) => isStale);
/* Doubtful prices are among the rows to check. */
const thingsToLookAt = () => D.review.count + D.same + staleSuppliers().length;

function lookSection(name, count, ...content) {
  const how = el("p", { class: "sub" }, say(name + "_how"));
  return count ? [el("h2", { id: name }, say(name), " ", el("span", { class: "count" }, number(count))), how, ...content] : [];
}

function lookView() {
  const suspicious = suspiciousOffers().map((offer) => {
    const i = productOf[offer];
    return el("tr", {}, el("td", { class: "name" }, el("a", { class: "plain", href: address({ view: "prices", q: T[P.name[i]], open: true }) }, bdi(labelOf(i)))),
      el("td", { class: "right num nowrap" }, money(O.price[offer], P.currency[i])), el("td", { class: "side" }, bdi(S[O.supplier[offer]][0])), el("td", { class: "wide" }, O.suspicion[offer]));
  });
  const review = D.review.rows.map(([why, name, supplier, price, currency, place]) => el("tr", {}, el("td", { class: "name" }, bdi(name)), el("td", { class: "right num nowrap" }, money(price, currency)),
    el("td", { class: "side" }, bdi(supplier)), el("td", { class: "wide" }, bdi(why), el("div", { class: "sub" }, bdi(place)))));
  const reasons = D.review.reasons.map(([why, count]) => el("tr", {}, el("td", { class: "name" }, bdi(why)), el("td", { class: "right num" }, number(count))));
  const stale = staleSuppliers().map(([[name, day]]) => el("tr", {}, el("td", { class: "name" }, bdi(name)), el("td", { class: "right nowrap" }, dateText(day))));
  const head = () => columns([say("product")], [say("price"), "num"], [say("supplier")], [say("why")]);
  const table = (titles, rows) => el("div", { class: "card" }, el("table", { class: "list" }, titles, el("tbody", {}, ...rows)));
  const unseen = D.review.count - review.length;
  const nodes = [
    ...lookSection("look_suspicious", suspicious.length, table(head(), suspicious)),
    ...lookSection("look_stale", stale.length, table(columns([say("supplier")], [say("list_date")]), stale)),
    ...lookSection("look_same", D.same),
    ...lookSection("look_review", D.review.count, reasons.length > 1 ? table(columns([say("why")], [say("look_rows"), "num"]), reasons) : null, table(head(), review), unseen > 0 ? el("p", { class: "sub" }, say("look_more", { n: number(unseen) })) : null),
  ].filter(Boolean);
  return nodes.length ? nodes : [el("div", { class: "card empty" }, say(productCount ? "look_nothing" : "empty"))];
}

function supplierView() {
  const counts = S.map(() => ({ offers: 0, cheapest: 0, ...Object.fromEntries(KINDS.map((kind) => [kind, 0])) }));
  O.supplier.forEach((supplier) => counts[supplier].offers++);
  for (let i = 0; i < productCount; i++) if (P.offers[i] > 1 && bestOf(i) >= 0) counts[O.supplier[bestOf(i)]].cheapest++;
  for (const { supplier, kind } of changesSince("last")) counts[supplier][kind]++;
  const kinds = KINDS.filter((kind) => counts.some((count) => count[kind]));
  const rows = S.map(([name, day, isStale], index) => {
    const cell = (kind) => el("td", { class: "num side", "data-label": counts[index][kind] ? say("kind_" + kind) : null }, counts[index][kind] ? el("a", { class: "plain", href: address({ view: "changes", sup: name, since: "last", kind, q: "", cat: "" }) }, number(counts[index][kind])) : "");
    return el("tr", {}, el("td", { class: "name" }, el("a", { class: "plain", href: address({ view: "prices", sup: name, q: "", cat: "" }) }, bdi(name))),
      el("td", { class: "nowrap right" }, dateText(day), " ", isStale ? badge("warn", say("old_list")) : null),
      el("td", { class: "num side", "data-label": say("offers") }, number(counts[index].offers)), el("td", { class: "num side", "data-label": say("cheapest_at") }, number(counts[index].cheapest)), ...kinds.map(cell));
  });
  if (!rows.length) return [el("div", { class: "card empty" }, say("empty"))];
  const head = columns([say("supplier")], [say("list_date")], [say("offers"), "num"], [say("cheapest_at"), "num"], ...kinds.map((kind) => [say("kind_" + kind), "num"]));
  return [el("div", { class: "card" }, el("table", { class: "list suppliers" }, head, el("tbody", {}, ...rows)))];
}
