/* Search: every word of the query begins a word of the product, its sizes, a supplier's own words for it, or those of other languages. */

const WORDS = /[\p{L}\p{M}]+|\d+(?:[.,]\d+)?/gu;
const IS_ASCII = /^[\x00-\x7f]*$/;
const splitWords = (text) => (IS_ASCII.test(text) ? text : text.normalize("NFKD").replace(/\p{Mn}/gu, "")).toLowerCase().match(WORDS) ?? [];
/* A size is found in the other unit of its kind, too: 2000 ml as 2 l. */
const SCALES = { ml: ["l", 0.001], l: ["ml", 1000], cl: ["ml", 10], dl: ["ml", 100], g: ["kg", 0.001], kg: ["g", 1000], mg: ["g", 0.001] };

function sizeWords(i) {
  if (P.size[i] == null) return T[P.price_unit[i]];
  const unit = T[P.unit[i]], [other, factor] = SCALES[unit] ?? [];
  const sizes = [[P.size[i], unit], ...(other ? [[+(P.size[i] * factor).toPrecision(6), other]] : [])];
  return [P.pack[i], ...sizes.map(([size, name]) => `${size} ${name} ${size} ${unitText(name)}`)].join(" ");
}

let names = null, texts = null, vocabulary = null;
function buildSearch() {
  if (texts) return;
  names = new Array(productCount);
  texts = new Array(productCount);
  for (let i = 0; i < productCount; i++) {
    names[i] = ` ${splitWords(`${T[P.name[i]]} ${T[P.brand[i]]}`).join(" ")} `;
    const written = offersOf(i).map((offer) => O.written[offer]);
    const parts = [T[P.category[i]], P.mark[i] ?? "", sizeWords(i), ...written, T[P.other_words[i]]];
    texts[i] = `${names[i]}${splitWords(parts.join(" ")).join(" ")} `;
  }
}

/* A query as texts that must be contained: a number with its unit is one of them, a word counts from its beginning. */
function needlesOf(query) {
  const words = splitWords(query), needles = [];
  for (let i = 0; i < words.length; i++) {
    const isNumber = /^\d/.test(words[i]), next = words[i + 1] ?? "";
    if (isNumber && /^\p{L}{1,3}$/u.test(next)) needles.push(` ${words[i++].replace(",", ".")} ${next} `);
    else needles.push(isNumber || words[i].length < 2 ? ` ${words[i]} ` : ` ${words[i]}`);
  }
  return needles;
}

/* Letters to change, add, take away or swap to make `b` of `a`; more than `most` are not counted. */
function distance(a, b, most) {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let before = [], row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) next[j] = Math.min(next[j], before[j - 2] + 1);
    }
    [before, row] = [row, next];
  }
  return row[b.length];
}

/* The words of the catalogue that are nearest to a misspelt one. */
function nearWords(word) {
  vocabulary ??= [...new Set(texts.flatMap((text) => text.split(" ")))].filter((other) => other.length > 2 && !/\d/.test(other));
  let least = word.length < 4 ? 0 : word.length < 8 ? 1 : 2, near = [];
  for (const other of vocabulary) {
    const letters = distance(word, other, least);
    if (letters < least) [near, least] = [[], letters];
    if (letters === least && letters) near.push(other);
  }
  return near.slice(0, 5);
}

/* The products that match, each with how far it is from the query: 0 where its name is the query. And what was read otherwise. */
function search(query, among) {
  buildSearch();
  const notes = [];
  const groups = needlesOf(query).map((needle) => {
    if (texts.some((text) => text.includes(needle))) return [needle];
    const word = needle.trim(), near = /\d/.test(word) ? [] : nearWords(word);
    if (near.length) notes.push(say("near", { word, words: near.join(", ") }));
    return near.length ? near.map((other) => ` ${other}`) : [needle];
  });
  const scores = new Map();
  for (const i of among) {
    const hits = groups.map((group) => group.find((needle) => texts[i].includes(needle)));
    if (hits.includes(undefined)) continue;
    const words = hits.filter((needle) => !/\d/.test(needle)).map((needle) => needle.trimEnd());
    const isWhole = words.every((word) => ["", "s", "es"].some((ending) => names[i].includes(`${word}${ending} `)));
    const level = isWhole ? 0 : words.every((word) => names[i].includes(word)) ? 1 : 2;
    scores.set(i, 100 * level + Math.max(0, names[i].trim().split(" ").length - words.length));
  }
  return { scores, notes };
}
