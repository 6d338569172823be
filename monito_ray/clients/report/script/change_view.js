/* The view of changes: what rose, fell, came, went or shrank, the greatest first. */

/* Changes as {kind, supplier, product, label, before, after, currency, day, note}. */
function listedChanges() {
  return D.changes.map(([kind, supplier, product, label, before, after, currency, day, note, isNewest]) => ({
    kind, supplier, product, label: product < 0 ? label : labelOf(product), before, after, currency, day, note, isNewest,
  }));
}

function movedPrices(back) {
  return changesWithin(back).map(({ offer, before, ratio, day }) => {
    const product = productOf[offer];
    return { kind: ratio > 0 ? "up" : "down", supplier: O.supplier[offer], product, label: labelOf(product), before, after: O.price[offer], currency: P.currency[product], day, note: "" };
  });
}

/* Since the list before: as the lists say. Since a day: today's prices beside those of that day, and what came or went after it. */
function changesSince(period) {
  if (period === "last") return listedChanges().filter((change) => change.isNewest);
  const others = listedChanges().filter((change) => !["up", "down"].includes(change.kind) && change.day >= D.today - period);
  return [...movedPrices(+period), ...others];
}

const ratioOf = (change) => (change.before && change.after ? change.after / change.before - 1 : 0);

function selectedChanges() {
  const supplier = chosenSupplier();
  let list = changesSince(state.since);
  if (state.sup) list = list.filter((change) => change.supplier === supplier);
  if (state.kind) list = list.filter((change) => change.kind === state.kind);
  if (state.cat) list = list.filter((change) => change.product >= 0 && T[P.category[change.product]] === state.cat);
  const needles = needlesOf(state.q);
  if (needles.length) list = list.filter((change) => { const text = ` ${splitWords(change.label).join(" ")} `; return needles.every((needle) => text.includes(needle)); });
  for (const change of list) change.doubt = ["up", "down"].includes(change.kind) ? doubtOf(change) : "";
  return list.sort((a, b) => !!a.doubt - !!b.doubt || KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || Math.abs(ratioOf(b)) - Math.abs(ratioOf(a)) || (a.label < b.label ? -1 : 1));
}

/* Why the price after a change may be wrong, "" for no reason. */
function doubtOf({ product, supplier }) {
  const offer = product < 0 ? -1 : offersOf(product).find((one) => O.supplier[one] === supplier);
  return O.suspicion[offer] ?? "";
}

function changeRow(change) {
  const tone = { down: "good", up: "bad", smaller_pack: "bad", gone: "warn" }[change.kind] ?? "plain", ratio = ["up", "down"].includes(change.kind) ? ratioOf(change) : 0;
  const name = change.product < 0 ? bdi(change.label) : el("a", { class: "plain", href: address({ view: "prices", q: T[P.name[change.product]], sup: "", cat: "", open: true }) }, bdi(change.label));
  return el("tr", {},
    el("td", { class: "name" }, name),
    el("td", { class: "right num" }, ratio ? ratioNode(ratio) : badge(tone, say("kind_" + change.kind)), change.note ? el("div", { class: "sub" }, bdi(change.note)) : null,
      change.doubt ? el("div", {}, badge("bad", say("suspicious"), change.doubt)) : null),
    el("td", { class: "side" }, bdi(S[change.supplier][0])),
    el("td", { class: "side num right nowrap" }, change.before == null ? "" : money(change.before, change.currency)),
    el("td", { class: "num nowrap", "data-label": say("now") }, change.after == null ? "" : money(change.after, change.currency)),
    el("td", { class: "side nowrap right" }, dateText(change.day)));
}

function changeView() {
  const list = selectedChanges(), nodes = [];
  if (D.changes_cut) nodes.push(el("p", { class: "notice" }, say("changes_cut", { n: number(D.changes.length) })));
  if (!list.length) return [...nodes, el("div", { class: "card empty" }, say(productCount ? "no_changes" : "empty"))];
  for (const kind of KINDS) {
    const rows = list.filter((change) => change.kind === kind);
    if (!rows.length) continue;
    const body = el("tbody", {}, ...rows.slice(0, CHUNK).map(changeRow));
    const head = columns([say("product")], [say("change"), "num"], [say("supplier")], [say("was"), "num"], [say("now"), "num"], [say("on")]);
    nodes.push(el("h2", {}, say("kind_" + kind), " ", el("span", { class: "count" }, number(rows.length))), el("div", { class: "card" }, el("table", { class: "list changes" }, head, body)));
    let drawn = CHUNK;
    const more = el("button", { type: "button", class: "more", onclick: () => { body.append(...rows.slice(drawn, (drawn += CHUNK)).map(changeRow)); more.hidden = drawn >= rows.length; } }, say("more"));
    if (rows.length > CHUNK) nodes.push(more);
  }
  return nodes;
}
