/* The page: tiles, tabs, filters, and the view that the address names. */

const control = (id) => document.getElementById(id);
const DRAW_VIEW = { prices: priceView, changes: changeView, look: lookView, suppliers: supplierView };
/* Which filters a view has. */
const FILTERS = { prices: ["q", "cat", "sup", "sort", "multi", "changed", "reset"], changes: ["q", "cat", "sup", "since", "kind", "reset"], look: [], suppliers: [] };

function tile(kind, count, name, hint, target) {
  return el("a", { class: `tile ${kind}`, href: address(target) }, el("b", {}, number(count)), el("small", {}, name), hint ? el("small", {}, hint) : null);
}

function drawTiles() {
  const moved = changesWithin(30).filter((change) => !O.suspicion[change.offer]), none = { q: "", cat: "", sup: "", kind: "", sort: "", multi: false, changed: false, open: false, since: "30" };
  const several = P.offers.filter((offers) => offers > 1).length, stale = staleSuppliers().length;
  const hints = [["tile_doubts", D.review.price_doubts], ["tile_stale", stale]].filter(([, count]) => count).map(([name, count]) => say(name, { n: number(count) }));
  control("tiles").replaceChildren(
    tile("up", moved.filter((change) => change.ratio > 0).length, say("tile_rose"), "", { ...none, view: "changes", kind: "up" }),
    tile("down", moved.filter((change) => change.ratio < 0).length, say("tile_fell"), "", { ...none, view: "changes", kind: "down" }),
    tile("look", thingsToLookAt(), say("tile_look"), hints.join(", "), { ...none, view: "look" }),
    tile("", S.length, say("tile_suppliers"), say("tile_several", { n: number(several) }), { ...none, view: "suppliers" }));
}

function fillSelect(id, options) {
  control(id).replaceChildren(...options.map(([value, text]) => el("option", { value }, text)));
}

function fillFilters() {
  const categories = [...new Set(P.category)].map((index) => T[index]).sort((a, b) => (a === "") - (b === "") || a.localeCompare(b, language));
  fillSelect("cat", [["", say("all_categories")], ...categories.filter(Boolean).map((name) => [name, name])]);
  fillSelect("sup", [["", say("all_suppliers")], ...S.map(([name]) => [name, name])]);
  fillSelect("sort", [["", say("sort")], ...SORTS.map((name) => [name, say("sort_" + name)])]);
  fillSelect("since", PERIODS.map((period) => [period, period === "last" ? say("since_last") : say("since_days", { n: period })]));
  fillSelect("kind", [["", say("kind_all")], ...KINDS.map((kind) => [kind, say("kind_" + kind)])]);
  let timer = 0;
  control("q").addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(() => go({ q: control("q").value, open: false }), 120); });
  for (const id of ["cat", "sup", "sort", "since", "kind"]) control(id).addEventListener("change", () => go({ [id]: control(id).value }));
  for (const id of ["multi", "changed"]) control(id).addEventListener("change", () => go({ [id]: control(id).checked }));
  control("reset").addEventListener("click", () => go({ q: "", cat: "", sup: "", sort: "", kind: "", since: "30", multi: false, changed: false, open: false }));
  control("filters").addEventListener("submit", (event) => event.preventDefault());
}

function showFilters() {
  for (const id of ["cat", "sup", "sort", "since", "kind"]) control(id).value = state[id];
  for (const id of ["multi", "changed"]) control(id).checked = state[id];
  if (document.activeElement !== control("q")) control("q").value = state.q;
  for (const id of ["q", "cat", "sup", "sort", "since", "kind", "multi", "changed", "reset"]) {
    const node = control(id);
    (node.type === "checkbox" ? node.parentElement : node).hidden = !FILTERS[state.view].includes(id);
  }
  control("filters").hidden = !FILTERS[state.view].length;
}

function show() {
  const tab = (view) => el("a", { role: "tab", href: address({ view, open: false }), "aria-selected": String(view === state.view) }, say(view));
  control("views").replaceChildren(...VIEWS.map(tab));
  showFilters();
  control("main").replaceChildren(...DRAW_VIEW[state.view]());
}

function start() {
  const parts = [say("made", { date: dayAndYearFormat.format(D.today * DAY_MS) })];
  if (currencyTexts.length === 1 && currencyTexts[0]) parts.push(say("currency", { currency: currencyTexts[0] }));
  control("made").textContent = parts.join(" · ");
  if (D.left_out.length) {
    const offers = D.left_out.reduce((sum, [, , count]) => sum + count, 0), suppliers = D.left_out.map(([name]) => name).join(", ");
    control("notice").textContent = say("left_out", { n: number(offers), suppliers });
    control("notice").hidden = false;
  }
  readState();
  fillFilters();
  drawTiles();
  show();
  addEventListener("hashchange", () => { readState(); show(); scrollTo(0, 0); });
  document.documentElement.dataset.ready = "1";
}

start();
