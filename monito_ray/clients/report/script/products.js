/* Which products are listed, and in which order. */

function selectedProducts() {
  const supplier = chosenSupplier(), moved = state.changed ? movedProducts(days()) : null;
  let list = Array.from({ length: productCount }, (_, i) => i);
  if (state.cat) list = list.filter((i) => T[P.category[i]] === state.cat);
  if (state.sup) list = list.filter((i) => offersOf(i).some((offer) => O.supplier[offer] === supplier));
  if (state.multi) list = list.filter((i) => P.offers[i] > 1);
  if (moved) list = list.filter((i) => moved.has(i));
  if (!splitWords(state.q).length) return { list, scores: null, notes: [] };
  const { scores, notes } = search(state.q, list);
  return { list: [...scores.keys()], scores, notes };
}

function sortedBy(list, key) {
  const keys = new Map(list.map((i) => [i, key(i)]));
  return list.sort((a, b) => keys.get(a) - keys.get(b) || a - b);
}

/* Kinds of base price, the most frequent first: what cannot be compared stands apart. */
function kindOrder(list) {
  const counts = new Map();
  for (const i of list) counts.set(bestKind(i), (counts.get(bestKind(i)) ?? 0) + 1);
  const kinds = [...counts.keys()].sort((a, b) => (a === "") - (b === "") || counts.get(b) - counts.get(a) || (a < b ? -1 : 1));
  return new Map(kinds.map((kind, place) => [kind, place]));
}

/* The first difference between two rows of numbers; Infinity less Infinity would be no number. */
function compareRows(a, b) {
  const at = a.findIndex((value, place) => value !== b[place]);
  return at < 0 ? 0 : a[at] < b[at] ? -1 : 1;
}

/* Families in the order of their best match, equally good ones the cheapest first, each currency and unit apart; so are the members of each. */
function byMatch(list, scores) {
  const kinds = kindOrder(list), leads = new Map();
  const keyOf = new Map(list.map((i) => [i, [scores.get(i), kinds.get(bestKind(i)), bestBase(i)]]));
  for (const i of list) {
    const lead = leads.get(P.family[i]);
    if (!lead || compareRows(keyOf.get(i), lead) < 0) leads.set(P.family[i], keyOf.get(i));
  }
  const rowOf = new Map(list.map((i) => [i, [...leads.get(P.family[i]), P.family[i], ...keyOf.get(i).slice(1), i]]));
  return list.sort((a, b) => compareRows(rowOf.get(a), rowOf.get(b)));
}

function inOrder(list, scores, sort) {
  const rises = (i) => Math.max(...ratiosOf(i, days())), falls = (i) => Math.min(...ratiosOf(i, days()));
  if (sort === "rise") return sortedBy(list.filter((i) => rises(i) > 0), (i) => -rises(i));
  if (sort === "fall") return sortedBy(list.filter((i) => falls(i) < 0), falls);
  if (sort === "gap") return sortedBy(list.filter((i) => gapOf(i) > 0), (i) => -gapOf(i));
  if (sort === "match" && scores) return byMatch(list, scores);
  if (sort !== "unit") return list.sort((a, b) => a - b);
  const order = kindOrder(list), kind = (i) => order.get(bestKind(i));
  return list.sort((a, b) => kind(a) - kind(b) || (bestKind(a) ? bestBase(a) - bestBase(b) : 0) || a - b);
}

/* The member of a family that costs least for one unit, -1 where fewer than two can be compared. */
function lowestOf(members) {
  const [[kind]] = kindOrder(members);
  const comparable = members.filter((i) => kind && bestKind(i) === kind);
  return comparable.length < 2 ? -1 : comparable.reduce((best, i) => (bestBase(i) < bestBase(best) ? i : best));
}

/* What is drawn, line by line: titles of categories, heads of families, products. */
function plannedRows(list, scores, sort) {
  const isGrouped = sort === "name" || sort === "match", rows = [];
  let title = null;
  for (let at = 0, end; at < list.length; at = end) {
    end = at + 1;
    while (isGrouped && end < list.length && P.family[list[end]] === P.family[list[at]]) end++;
    const members = list.slice(at, end), isFamily = members.length > 1, category = T[P.category[list[at]]];
    if (sort === "name" && title !== category) rows.push({ kind: "category", name: (title = category) });
    const lowest = isFamily ? lowestOf(members) : -1;
    if (isFamily) rows.push({ kind: "family", members, lowest });
    for (const i of members) rows.push({ kind: "product", i, isFamily, isLowest: i === lowest });
  }
  return rows;
}
