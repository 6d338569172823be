/* The view of changes: what rose, fell, came, went or shrank, the greatest first. */

/* Changes as {kind, supplier, product, label, before, after, currency, day, note}; the product is -1 for what is gone. */
function listedChanges() {
  return D.changes.map(([kind, supplier, product, label, before, after, currency, day, note, isNewest]) => ({
    kind, supplier, product, label: product < 0 ? label : labelOf(product), before, after, currency, day, note, isNewest,
  }));
}

function movedPrices(back) {
  return changesWithin(back).map(({ offer, before, ratio, day }) => {
    const product = productOf[offer], kind = ratio > 0 ? "up" : "down";
    const prices = { before, after: O.price[offer], currency: P.currency[product] };
    return { kind, supplier: O.supplier[offer], product, label: labelOf(product), ...prices, day, note: "" };
  });
}

/* Since the list before: as the lists say. Since a day: today's prices beside those of that day, and what came or went after it. */
function changesSince(period) {
  if (period === "last") return listedChanges().filter((change) => change.isNewest);
  const others = listedChanges().filter((change) => !["up", "down"].includes(change.kind) && change.day >= D.today - period);
  return [...movedPrices(+period), ...others];
}

const ratioOf = (change) => (change.before && change.after ? change.after / change.before - 1 : 0);

/* Why the price after a change may be wrong, "" for no reason. */
function doubtOf({ kind, product, supplier }) {
  if (product < 0 || !["up", "down"].includes(kind)) return "";
  return O.suspicion[offersOf(product).find((offer) => O.supplier[offer] === supplier)] ?? "";
}

function isSelected(change, needles) {
  if (state.sup && change.supplier !== chosenSupplier()) return false;
  if (state.kind && change.kind !== state.kind) return false;
  if (state.cat && (change.product < 0 || T[P.category[change.product]] !== state.cat)) return false;
  const text = needles.length ? ` ${splitWords(change.label).join(" ")} ` : "";
  return needles.every((needle) => text.includes(needle));
}

function selectedChanges() {
  const needles = needlesOf(state.q);
  const list = changesSince(state.since).filter((change) => isSelected(change, needles));
  for (const change of list) change.doubt = doubtOf(change);
  const size = (change) => Math.abs(ratioOf(change));
  return list.sort((a, b) => !!a.doubt - !!b.doubt || size(b) - size(a) || (a.label < b.label ? -1 : 1));
}

function changedName({ product, label }) {
  if (product < 0) return bdi(label);
  const target = address({ view: "prices", q: T[P.name[product]], sup: "", cat: "", open: true });
  return el("a", { class: "plain", href: target }, bdi(label));
}

function changeRow(change) {
  const isMove = ["up", "down"].includes(change.kind), tone = { smaller_pack: "bad", gone: "warn" }[change.kind] ?? "plain";
  const price = (value) => (value == null ? "" : money(value, change.currency));
  return el("tr", {},
    cell("name", changedName(change)),
    cell("right num", isMove ? ratioNode(ratioOf(change)) : badge(tone, say("kind_" + change.kind)),
      change.note ? el("div", { class: "sub" }, bdi(change.note)) : null,
      change.doubt ? el("div", {}, badge("bad", say("suspicious"), change.doubt)) : null),
    cell("side", bdi(S[change.supplier][0])),
    cell("side num right nowrap", price(change.before)),
    el("td", { class: "num nowrap", "data-label": say("now") }, price(change.after)),
    cell("side nowrap right", dateText(change.day)));
}

function changeSection(kind, rows) {
  const head = columns(["product", "change", "supplier", "was", "now", "on"], ["change", "was", "now"]);
  const card = cardTable("changes", head, rows.slice(0, CHUNK).map(changeRow)), body = card.querySelector("tbody");
  const title = el("h2", {}, say("kind_" + kind), " ", span("count", number(rows.length)));
  const more = el("button", { type: "button", class: "more", hidden: rows.length <= CHUNK }, say("more"));
  more.addEventListener("click", () => {
    const drawn = body.children.length;
    body.append(...rows.slice(drawn, drawn + CHUNK).map(changeRow));
    more.hidden = body.children.length >= rows.length;
  });
  return [title, card, more];
}

function changeView() {
  const list = selectedChanges();
  const notice = D.changes_cut ? [el("p", { class: "notice" }, say("changes_cut", { n: number(D.changes.length) }))] : [];
  if (!list.length) return [...notice, emptyCard("no_changes")];
  const byKind = KINDS.map((kind) => [kind, list.filter((change) => change.kind === kind)]).filter(([, rows]) => rows.length);
  return [...notice, ...byKind.flatMap(([kind, rows]) => changeSection(kind, rows))];
}
