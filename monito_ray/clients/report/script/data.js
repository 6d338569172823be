/* The data, as report_json.py writes it: a column for each field, offers in the order of their products. */

async function unpack(id) {
  const packed = atob(document.getElementById(id).textContent.trim());
  const bytes = new Uint8Array(packed.length);
  for (let i = 0; i < packed.length; i++) bytes[i] = packed.charCodeAt(i);
  document.getElementById(id).remove();
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).json();
}

const W = await unpack("words");
const D = await unpack("data");
const P = D.products, O = D.offers, T = D.texts, S = D.suppliers;
const productCount = P.name.length;

/* Index of the first offer of each product; that of the next one ends them. */
const first = new Int32Array(productCount + 1);
for (let i = 0; i < productCount; i++) first[i + 1] = first[i] + P.offers[i];
const productOf = new Int32Array(first[productCount]);
for (let i = 0; i < productCount; i++) productOf.fill(i, first[i], first[i + 1]);

const offersOf = (i) => Array.from({ length: P.offers[i] }, (_, k) => first[i] + k);
/* The best offer of a product, -1 where every price is doubtful. */
const bestOf = (i) => (P.no_best[i] ? -1 : first[i]);
const bestBase = (i) => { const best = bestOf(i); return best < 0 || O.base[best] == null ? Infinity : O.base[best]; };
/* What base prices must have in common to be compared: currency and unit; "" where there is none. */
const baseKind = (offer) => (O.base[offer] == null ? "" : `${P.currency[productOf[offer]]} ${O.base_unit[offer]}`);
const bestKind = (i) => { const best = bestOf(i); return best < 0 ? "" : baseKind(best); };
