/* The view of prices: a row for each product, which opens to all that is said of it. */

const CHUNK = 100, MOST_PRINTED = 2000, MOST_BESIDE = 4;
let pending = [];

function bestCell(i) {
  const best = bestOf(i), isCompared = P.offers[i] > 1;
  if (best < 0) return el("td", { class: "best num doubtful" }, el("span", { class: "money" }, money(O.price[first[i]], P.currency[i])), el("span", { class: "sub" }, badge("bad", say("suspicious")), " ", bdi(S[O.supplier[first[i]]][0])));
  const supplier = el("span", { class: "sub" }, bdi(S[O.supplier[best]][0]), " · ", el("span", { class: "nowrap" }, dateText(O.day[best])), " ", staleBadge(best));
  return el("td", { class: `best num${isCompared ? " win" : ""}` }, el("span", { class: "money nowrap" }, money(O.price[best], P.currency[i])), supplier);
}

function changeCell(i) {
  const offer = first[i], change = changeSince(offer, days());
  if (!change) return el("td", { class: "side num" });
  const title = `${money(change.before, P.currency[i])} → ${money(O.price[offer], P.currency[i])}, ${dateText(change.day)}`;
  return el("td", { class: "side num", title }, ratioNode(change.ratio), " ", el("span", { class: "sub nowrap" }, `${say("was").toLowerCase()} ${number(change.before)}`));
}

/* The price of another supplier, per unit where sizes or packs make the prices themselves no comparison. */
function otherLine(i, offer) {
  const marks = [O.suspicion[offer] ? badge("bad", say("suspicious"), O.suspicion[offer]) : null, staleBadge(offer)];
  const ratio = O.suspicion[offer] || bestOf(i) < 0 ? null : costRatio(i, offer);
  const more = ratio ? el("span", { class: "sub" }, ` ${percentFormat.format(ratio)}`) : null;
  return el("div", { class: `other${O.suspicion[offer] ? " doubtful" : ""}` }, el("span", {}, bdi(S[O.supplier[offer]][0]), " ", ...marks), el("span", { class: "nowrap" }, el("span", { class: "money" }, money(O.price[offer], P.currency[i])), more));
}

/* How much more an offer costs than the best one; null where they cannot be compared. */
function costRatio(i, offer) {
  const best = bestOf(i);
  if (best < 0 || offer === best) return null;
  if (baseKind(best)) return baseKind(offer) === baseKind(best) ? O.base[offer] / O.base[best] - 1 : null;
  return O.price[offer] / O.price[best] - 1;
}

function productRow({ i, isFamily, isLowest }) {
  const others = offersOf(i).slice(1), rest = others.length - MOST_BESIDE;
  const beside = others.slice(0, MOST_BESIDE).map((offer) => otherLine(i, offer));
  if (rest > 0) beside.push(el("div", { class: "sub" }, say("more_offers", { n: rest })));
  const name = el("button", { type: "button", "aria-expanded": "false" }, bdi(T[P.name[i]] || O.written[first[i]]));
  const base = bestOf(i) < 0 ? "" : perUnit(bestOf(i));
  const row = el("tr", { class: `row${isFamily ? " member" : ""}`, onclick: () => toggle(row, i) },
    el("td", { class: "name" }, name, brandText(i) ? el("span", { class: "sub" }, " ", bdi(brandText(i))) : null),
    el("td", { class: "side nowrap" }, sizeText(i)),
    el("td", { class: "side", "data-label": T[P.price_unit[i]] ? say("price_for") : null }, T[P.price_unit[i]] ? unitText(T[P.price_unit[i]]) : ""),
    bestCell(i),
    el("td", { class: "side num" }, base ? el("span", { class: "nowrap" }, base) : "", isLowest ? el("div", {}, badge("plain", say("lowest", { unit: unitText(T[O.base_unit[bestOf(i)]]) }))) : null),
    changeCell(i),
    el("td", { class: "others wide" }, ...beside));
  return row;
}

function familyRow({ members, lowest }) {
  const i = members[0], head = [el("b", {}, bdi(T[P.name[i]])), T[P.brand[i]] ? el("span", {}, " ", bdi(T[P.brand[i]])) : null];
  if (lowest >= 0) {
    const best = bestOf(lowest), values = { price: money(roundBase(O.base[best]), P.currency[lowest]), unit: unitText(T[O.base_unit[best]]), supplier: S[O.supplier[best]][0] };
    head.push(el("span", { class: "sub" }, " · ", say("family", values)));
  }
  return el("tr", { class: "family" }, el("td", { colspan: 7 }, ...head));
}

const DRAW = { category: ({ name }) => el("tr", { class: "category" }, el("td", { colspan: 7 }, name || say("no_category"))), family: familyRow, product: productRow };

function toggle(row, i) {
  const button = row.querySelector("button"), isOpen = row.classList.toggle("open");
  button.setAttribute("aria-expanded", isOpen);
  if (isOpen) row.after(el("tr", { class: "detail" }, el("td", { colspan: 7 }, detailsOf(i))));
  else row.nextElementSibling.remove();
}

function detailsOf(i) {
  const rows = offersOf(i).map((offer) => {
    const ratio = costRatio(i, offer), change = O.previous[offer] == null ? null : O.price[offer] / O.previous[offer] - 1;
    const isBest = offer === bestOf(i) && P.offers[i] > 1, place = { file: T[O.file[offer]], sheet: T[O.sheet[offer]], row: O.row[offer] };
    return el("tr", { class: O.suspicion[offer] ? "doubtful" : null },
      el("td", { class: "name" }, bdi(S[O.supplier[offer]][0]), " ", isBest ? badge("good", say("cheapest")) : null,
        O.suspicion[offer] ? el("div", {}, badge("bad", say("suspicious")), " ", O.suspicion[offer]) : null,
        el("div", { class: "sub" }, bdi(O.written[offer]), el("br"), bdi(say("place_row", place)))),
      el("td", { class: "num nowrap right money" }, money(O.price[offer], P.currency[i])),
      el("td", { class: "num side nowrap" }, perUnit(offer)),
      el("td", { class: "num side right nowrap" }, ratio ? percentFormat.format(ratio) : ""),
      el("td", { class: "side nowrap" }, dateText(O.day[offer]), " ", staleBadge(offer)),
      el("td", { class: "num side right nowrap" }, !change ? "" : el("span", {}, number(O.previous[offer]), " ", ratioNode(change))));
  });
  const head = columns([say("supplier")], [say("price"), "num"], [say("per_unit"), "num"], [say("to_best"), "num"], [say("list_date")], [say("previous"), "num"]);
  const chart = chartOf(i) ?? el("p", { class: "sub" }, say("no_history"));
  return el("div", { class: "detail-grid" }, chart, el("div", { class: "card" }, el("table", { class: "list offers" }, head, el("tbody", {}, ...rows))));
}

function priceView() {
  const { list, scores, notes } = selectedProducts(), sort = state.sort || (scores ? "match" : "name");
  const ordered = inOrder(list, scores, sort);
  const status = el("p", { class: "status", id: "status" }, [say("shown", { n: number(ordered.length) }), ...notes].join(" · "));
  if (!ordered.length) return [status, el("div", { class: "card empty" }, say(productCount ? "nothing" : "empty"))];
  pending = plannedRows(ordered, scores, sort);
  const body = el("tbody", { id: "rows" });
  const head = columns([say("product")], [say("size")], [say("price_for")], [say("best"), "num"], [say("per_unit"), "num"], [say("change_days", { n: days() }), "num"], [say("others")]);
  const more = el("button", { type: "button", class: "more", id: "more", onclick: () => drawMore(body, CHUNK) }, say("more"));
  const nodes = [status, el("div", { class: "card" }, el("table", { class: "list products" }, head, body)), more];
  drawMore(body, CHUNK, more);
  if (state.open && body.querySelector("tr.row")) body.querySelector("tr.row").click();
  new IntersectionObserver(([seen]) => seen.isIntersecting && drawMore(body, CHUNK), { rootMargin: "600px" }).observe(more);
  return nodes;
}

function drawMore(body, most, more = document.getElementById("more")) {
  body.append(...pending.splice(0, most).map((row) => DRAW[row.kind](row)));
  if (more) more.hidden = !pending.length;
}

/* Paper cannot scroll: what is printed is drawn before, and what is not is said. */
addEventListener("beforeprint", () => {
  const body = document.getElementById("rows");
  if (!body || !pending.length) return;
  const drawn = body.children.length, all = drawn + pending.length;
  drawMore(body, Math.max(0, MOST_PRINTED - drawn));
  if (pending.length) document.getElementById("status").textContent = say("print_cut", { n: number(body.children.length), all: number(all) });
});
