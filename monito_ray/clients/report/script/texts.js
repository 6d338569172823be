/* Words, numbers and dates as the page's language writes them, and elements. Every text of a list becomes a text node, never markup. */

const language = document.documentElement.lang;
const say = (name, values = {}) => W[name].replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");

const wholeFormat = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
const centsFormat = new Intl.NumberFormat(language, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const sizeFormat = new Intl.NumberFormat(language, { maximumFractionDigits: 4 });
const smallFormat = new Intl.NumberFormat(language, { maximumSignificantDigits: 3 });
const percentFormat = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 1, signDisplay: "exceptZero" });
const number = (value) => (Number.isInteger(value) ? wholeFormat : value >= 1 ? centsFormat : smallFormat).format(value);
/* A base price is a quotient: digits behind the point of a large one say nothing. */
const roundBase = (value) => (value >= 1000 ? Math.round(value) : value);
const baseNumber = (value) => number(roundBase(value));

const DAY_MS = 86400000;
const dayFormat = new Intl.DateTimeFormat(language, { day: "numeric", month: "short", timeZone: "UTC" });
const dayAndYearFormat = new Intl.DateTimeFormat(language, { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
const yearOf = (day) => new Date(day * DAY_MS).getUTCFullYear();
const dateText = (day) => (yearOf(day) === yearOf(D.today) ? dayFormat : dayAndYearFormat).format(day * DAY_MS);

const currencyTexts = [...new Set(P.currency)].map((index) => T[index]);
/* A currency that all prices have stands once, at the head of the page. */
const money = (value, currency) => (currencyTexts.length === 1 || !T[currency] ? number(value) : `${number(value)} ${T[currency]}`);
const unitText = (unit) => W["unit_" + unit] ?? unit;
const perUnit = (offer) => (O.base[offer] == null ? "" : `${baseNumber(O.base[offer])}/${unitText(T[O.base_unit[offer]])}`);
const isLoose = (i) => P.size[i] == null && P.pack[i] === 1;
function sizeText(i) {
  const size = P.size[i] == null ? "" : `${sizeFormat.format(P.size[i])} ${unitText(T[P.unit[i]])}`;
  return P.pack[i] === 1 ? size : size ? `${P.pack[i]} × ${size}` : `${P.pack[i]} ${unitText("pcs")}`;
}
const brandText = (i) => [T[P.brand[i]], P.mark[i]].filter(Boolean).join(" · ");
const labelOf = (i) => [T[P.name[i]], T[P.brand[i]], sizeText(i), P.mark[i]].filter(Boolean).join(", ");

function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value == null || value === false) continue;
    if (name === "class") node.className = value;
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child != null && child !== ""));
  return node;
}

function svg(tag, attributes = {}, text = null) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  if (text != null) node.textContent = text;
  return node;
}

const bdi = (text) => el("bdi", {}, text);
const span = (kind, ...children) => el("span", { class: kind }, ...children);
const cell = (kind, ...children) => el("td", { class: kind }, ...children);
const badge = (kind, text, title) => el("span", { class: `badge ${kind}`, title }, text);
const staleBadge = (offer) => (O.stale[offer] ? badge("warn", say("old_list")) : null);
const ratioNode = (ratio) => span(`nowrap ${ratio > 0 ? "up" : "down"}`, `${ratio > 0 ? "▲" : "▼"} ${percentFormat.format(ratio)}`);
const supplierNode = (offer) => bdi(S[O.supplier[offer]][0]);
const priceText = (offer) => money(O.price[offer], P.currency[productOf[offer]]);

/* Titles of columns by their words; those in `numeric` stand over numbers. */
function columns(titles, numeric) {
  const head = titles.map((name) => el("th", { class: numeric.includes(name) ? "num" : null, scope: "col" }, say(name, { n: days() })));
  return el("thead", {}, el("tr", {}, ...head));
}

const cardTable = (kind, head, rows) => el("div", { class: "card" }, el("table", { class: `list ${kind}` }, head, el("tbody", {}, ...rows)));
const emptyCard = (name) => el("div", { class: "card empty" }, say(productCount ? name : "empty"));
