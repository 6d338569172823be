/* The view of prices: a row for each product, which opens to all that is said of it. */

const CHUNK = 100, MOST_PRINTED = 2000, MOST_BESIDE = 4, WIDTH = 7;
let pending = [];

function bestCell(i) {
  const best = bestOf(i), offer = first[i];
  const doubtful = span("sub", badge("bad", say("suspicious")), " ", supplierNode(offer));
  if (best < 0) return cell("best num doubtful", span("money", priceText(offer)), doubtful);
  const where = span("sub", supplierNode(best), " · ", span("nowrap", dateText(O.day[best])), " ", staleBadge(best));
  return cell(`best num${P.offers[i] > 1 ? " win" : ""}`, span("money nowrap", priceText(best)), where);
}

function changeCell(i) {
  const offer = first[i], change = changeSince(offer, days());
  if (!change) return cell("side num");
  const title = `${money(change.before, P.currency[i])} → ${priceText(offer)}, ${dateText(change.day)}`;
  const before = span("sub nowrap", `${say("was").toLowerCase()} ${number(change.before)}`);
  return el("td", { class: "side num", title }, ratioNode(change.ratio), " ", before);
}

/* How much more an offer costs than the best one; null where they cannot be compared. */
function costRatio(i, offer) {
  const best = bestOf(i);
  if (best < 0 || offer === best || O.suspicion[offer]) return null;
  if (baseKind(best)) return baseKind(offer) === baseKind(best) ? O.base[offer] / O.base[best] - 1 : null;
  return O.price[offer] / O.price[best] - 1;
}

function otherLine(i, offer) {
  const doubt = O.suspicion[offer], ratio = costRatio(i, offer);
  const who = el("span", {}, supplierNode(offer), " ", doubt ? badge("bad", say("suspicious"), doubt) : null, staleBadge(offer));
  const price = span("nowrap", span("money", priceText(offer)), ratio ? span("sub", ` ${percentFormat.format(ratio)}`) : null);
  return el("div", { class: `other${doubt ? " doubtful" : ""}` }, who, price);
}

function unitCell(i, isLowest) {
  const best = bestOf(i);
  if (best < 0 || !perUnit(best)) return cell("side num");
  const lowest = isLowest ? el("div", {}, badge("plain", say("lowest", { unit: unitText(T[O.base_unit[best]]) }))) : null;
  return cell("side num", span("nowrap", perUnit(best)), lowest);
}

function productRow({ i, isFamily, isLowest }) {
  const others = offersOf(i).slice(1), rest = others.length - MOST_BESIDE;
  const beside = others.slice(0, MOST_BESIDE).map((offer) => otherLine(i, offer));
  if (rest > 0) beside.push(el("div", { class: "sub" }, say("more_offers", { n: rest })));
  const name = el("button", { type: "button", "aria-expanded": "false" }, bdi(T[P.name[i]] || O.written[first[i]]));
  const priceFor = T[P.price_unit[i]];
  const row = el("tr", { class: `row${isFamily ? " member" : ""}`, onclick: () => toggle(row, i) },
    cell("name", name, brandText(i) ? span("sub", " ", bdi(brandText(i))) : null),
    cell("side nowrap", sizeText(i)),
    el("td", { class: "side", "data-label": priceFor ? say("price_for") : null }, priceFor ? unitText(priceFor) : ""),
    bestCell(i),
    unitCell(i, isLowest),
    changeCell(i),
    cell("others wide", ...beside));
  return row;
}

function familyRow({ members, lowest }) {
  const brand = T[P.brand[members[0]]], head = [el("b", {}, bdi(T[P.name[members[0]]])), brand ? el("span", {}, " ", bdi(brand)) : null];
  if (lowest >= 0) {
    const best = bestOf(lowest), price = money(roundBase(O.base[best]), P.currency[lowest]);
    const values = { price, unit: unitText(T[O.base_unit[best]]), supplier: S[O.supplier[best]][0] };
    head.push(span("sub", " · ", say("family", values)));
  }
  return el("tr", { class: "family" }, el("td", { colspan: WIDTH }, ...head));
}

const categoryRow = ({ name }) => el("tr", { class: "category" }, el("td", { colspan: WIDTH }, name || say("no_category")));
const DRAW = { category: categoryRow, family: familyRow, product: productRow };

function toggle(row, i) {
  const isOpen = row.classList.toggle("open");
  row.querySelector("button").setAttribute("aria-expanded", isOpen);
  if (isOpen) row.after(el("tr", { class: "detail" }, el("td", { colspan: WIDTH }, detailsOf(i))));
  else row.nextElementSibling.remove();
}

function offerRow(i, offer) {
  const ratio = costRatio(i, offer), doubt = O.suspicion[offer], isBest = offer === bestOf(i) && P.offers[i] > 1;
  const change = O.previous[offer] == null ? 0 : O.price[offer] / O.previous[offer] - 1;
  const place = say("place_row", { file: T[O.file[offer]], sheet: T[O.sheet[offer]], row: O.row[offer] });
  return el("tr", { class: doubt ? "doubtful" : null },
    cell("name", supplierNode(offer), " ", isBest ? badge("good", say("cheapest")) : null,
      doubt ? el("div", {}, badge("bad", say("suspicious")), " ", doubt) : null,
      el("div", { class: "sub" }, bdi(O.written[offer]), el("br"), bdi(place))),
    cell("num nowrap right money", priceText(offer)),
    cell("num side nowrap", perUnit(offer)),
    cell("num side right nowrap", ratio ? percentFormat.format(ratio) : ""),
    cell("side nowrap", dateText(O.day[offer]), " ", staleBadge(offer)),
    cell("num side right nowrap", ...(change ? [`${number(O.previous[offer])} `, ratioNode(change)] : [])));
}

function detailsOf(i) {
  const head = columns(["supplier", "price", "per_unit", "to_best", "list_date", "previous"], ["price", "per_unit", "to_best", "previous"]);
  const chart = chartOf(i) ?? el("p", { class: "sub" }, say("no_history"));
  return el("div", { class: "detail-grid" }, chart, cardTable("offers", head, offersOf(i).map((offer) => offerRow(i, offer))));
}

function priceView() {
  const { list, scores, notes } = selectedProducts(), sort = state.sort || (scores ? "match" : "name");
  const ordered = inOrder(list, scores, sort);
  const status = el("p", { class: "status", id: "status" }, [say("shown", { n: number(ordered.length) }), ...notes].join(" · "));
  if (!ordered.length) return [status, emptyCard("nothing")];
  pending = plannedRows(ordered, scores, sort);
  const titles = ["product", "size", "price_for", "best", "per_unit", "change_days", "others"];
  const card = cardTable("products", columns(titles, ["best", "per_unit", "change_days"]), []), body = card.querySelector("tbody");
  body.id = "rows";
  const more = el("button", { type: "button", class: "more", id: "more", onclick: () => drawMore(body, CHUNK) }, say("more"));
  drawMore(body, CHUNK, more);
  if (state.open) body.querySelector("tr.row").click();
  new IntersectionObserver(([seen]) => seen.isIntersecting && drawMore(body, CHUNK), { rootMargin: "600px" }).observe(more);
  return [status, card, more];
}

function drawMore(body, most, more = document.getElementById("more")) {
  body.append(...pending.splice(0, most).map((row) => DRAW[row.kind](row)));
  if (more) more.hidden = !pending.length;
}

/* Paper cannot scroll: what is printed is drawn before, and what is not is said. */
addEventListener("beforeprint", () => {
  const body = document.getElementById("rows");
  if (!body || !pending.length) return;
  const all = body.children.length + pending.length;
  drawMore(body, Math.max(0, MOST_PRINTED - body.children.length));
  const cut = say("print_cut", { n: number(body.children.length), all: number(all) });
  if (pending.length) document.getElementById("status").textContent = cut;
});
