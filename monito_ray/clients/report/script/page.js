/* The page: tiles, tabs, filters, and the view that the address names. */

const control = (id) => document.getElementById(id);
const DRAW_VIEW = { prices: priceView, changes: changeView, look: lookView, suppliers: supplierView };
/* Which filters a view has. */
const FILTERS = {
  prices: ["q", "cat", "sup", "sort", "multi", "changed", "reset"],
  changes: ["q", "cat", "sup", "since", "kind", "reset"],
  look: [],
  suppliers: [],
};
const SELECTS = ["cat", "sup", "sort", "since", "kind"], BOXES = ["multi", "changed"];
const NOTHING_CHOSEN = { q: "", cat: "", sup: "", sort: "", kind: "", since: "30", multi: false, changed: false, open: false };

function tile(kind, count, name, hint, target) {
  const parts = [el("b", {}, number(count)), el("small", {}, name), hint ? el("small", {}, hint) : null];
  return el("a", { class: `tile ${kind}`, href: address({ ...NOTHING_CHOSEN, ...target }) }, ...parts);
}

function drawTiles() {
  const moved = changesWithin(30).filter((change) => !O.suspicion[change.offer]);
  const several = P.offers.filter((offers) => offers > 1).length, stale = staleSuppliers().length;
  const urgent = [["tile_doubts", D.review.price_doubts], ["tile_stale", stale]].filter(([, count]) => count);
  const hints = urgent.map(([name, count]) => say(name, { n: number(count) }));
  control("tiles").replaceChildren(
    tile("up", moved.filter((change) => change.ratio > 0).length, say("tile_rose"), "", { view: "changes", kind: "up" }),
    tile("down", moved.filter((change) => change.ratio < 0).length, say("tile_fell"), "", { view: "changes", kind: "down" }),
    tile("look", thingsToLookAt(), say("tile_look"), hints.join(", "), { view: "look" }),
    tile("", S.length, say("tile_suppliers"), say("tile_several", { n: number(several) }), { view: "suppliers" }));
}

function fillSelect(id, options) {
  control(id).replaceChildren(...options.map(([value, text]) => el("option", { value }, text)));
}

function fillFilters() {
  const categories = [...new Set(P.category)].map((index) => T[index]).filter(Boolean).sort((a, b) => a.localeCompare(b, language));
  fillSelect("cat", [["", say("all_categories")], ...categories.map((name) => [name, name])]);
  fillSelect("sup", [["", say("all_suppliers")], ...S.map(([name]) => [name, name])]);
  fillSelect("sort", [["", say("sort")], ...SORTS.map((name) => [name, say("sort_" + name)])]);
  fillSelect("since", PERIODS.map((period) => [period, period === "last" ? say("since_last") : say("since_days", { n: period })]));
  fillSelect("kind", [["", say("kind_all")], ...KINDS.map((kind) => [kind, say("kind_" + kind)])]);
  let timer = 0;
  control("q").addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => go({ q: control("q").value, open: false }), 120);
  });
  for (const id of SELECTS) control(id).addEventListener("change", () => go({ [id]: control(id).value }));
  for (const id of BOXES) control(id).addEventListener("change", () => go({ [id]: control(id).checked }));
  control("reset").addEventListener("click", () => go(NOTHING_CHOSEN));
  control("filters").addEventListener("submit", (event) => event.preventDefault());
}

function showFilters() {
  for (const id of SELECTS) control(id).value = state[id];
  for (const id of BOXES) control(id).checked = state[id];
  if (document.activeElement !== control("q")) control("q").value = state.q;
  for (const id of ["q", ...SELECTS, ...BOXES, "reset"]) {
    const node = control(id);
    (node.type === "checkbox" ? node.parentElement : node).hidden = !FILTERS[state.view].includes(id);
  }
  control("filters").hidden = !FILTERS[state.view].length;
}

function show() {
  const isShown = (view) => String(view === state.view);
  const tab = (view) => el("a", { role: "tab", href: address({ view, open: false }), "aria-selected": isShown(view) }, say(view));
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
