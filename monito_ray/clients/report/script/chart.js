/* The history of a product's prices: a stepped line for each supplier. */

const COLOURS = 8; // further suppliers share a grey
const CHART = { height: 230, left: 64, right: 14, top: 12, bottom: 26 };
/* Drawn for the width that it has, so that its letters are as large as those of the page. */
const chartWidth = () => Math.max(280, Math.min(560, innerWidth - 60));
const colourOf = (place) => Math.min(place, COLOURS);

/* Round values of an axis between two limits, three to six of them. */
function ticks(low, high) {
  const rough = (high - low) / 4 || Math.abs(high) || 1, power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough);
  return Array.from({ length: 8 }, (_, k) => (Math.ceil(low / step) + k) * step).filter((value) => value <= high * (1 + 1e-9));
}

/* An offer's points [day, price] up to today. Per unit, the price of each time is taken in proportion: the size is that of today. */
function pointsOf(offer, isPerUnit) {
  const factor = isPerUnit ? O.base[offer] / O.price[offer] : 1;
  const points = O.history[offer] ?? [O.day[offer], O.price[offer]], result = [];
  for (let k = 0; k < points.length; k += 2) result.push([points[k], points[k + 1] * factor]);
  result.push([Math.max(D.today, result.at(-1)[0]), result.at(-1)[1]]);
  return result;
}

function chartOf(i) {
  const shown = offersOf(i).filter((offer) => !O.suspicion[offer]);
  const kind = bestKind(i), isPerUnit = kind !== "" && shown.every((offer) => baseKind(offer) === kind);
  if (!shown.some((offer) => O.history[offer])) return null;
  const lines = shown.map((offer) => pointsOf(offer, isPerUnit)), all = lines.flat();
  const rangeOf = (place) => [Math.min(...all.map((point) => point[place])), Math.max(...all.map((point) => point[place]))];
  const [firstDay, lastDay] = rangeOf(0), [low, high] = rangeOf(1), room = (high - low) * 0.08 || high * 0.1;
  const width = chartWidth();
  const x = (day) => CHART.left + ((day - firstDay) / (lastDay - firstDay || 1)) * (width - CHART.left - CHART.right);
  const y = (price) => CHART.top + ((high + room - price) / (high - low + 2 * room)) * (CHART.height - CHART.top - CHART.bottom);
  const title = isPerUnit ? say("history_unit", { unit: unitText(T[O.base_unit[first[i]]]) }) : say("history");
  const chart = svg("svg", { class: "chart", viewBox: `0 0 ${width} ${CHART.height}`, role: "img", "aria-label": title });
  for (const value of ticks(low - room, high + room)) {
    chart.append(svg("line", { class: "grid", x1: CHART.left, x2: width - CHART.right, y1: y(value), y2: y(value) }));
    chart.append(svg("text", { x: CHART.left - 8, y: y(value) + 4, "text-anchor": "end" }, baseNumber(+value.toPrecision(6))));
  }
  for (const share of [0, 0.5, 1]) {
    const day = Math.round(firstDay + share * (lastDay - firstDay));
    chart.append(svg("text", { x: x(day), y: CHART.height - 6, "text-anchor": ["start", "middle", "end"][share * 2] }, dateText(day)));
  }
  lines.forEach((line, place) => {
    const colour = colourOf(place), name = S[O.supplier[shown[place]]][0];
    const places = line.map(([day, price]) => [x(day).toFixed(1), y(price).toFixed(1)]);
    const steps = places.map(([left, top], k) => (k ? `H${left}V${top}` : `M${left} ${top}`));
    chart.append(svg("path", { class: `line c${colour}`, d: steps.join("") }));
    for (const [day, price] of line.slice(0, -1)) {
      const dot = svg("circle", { class: `f${colour}`, cx: x(day), cy: y(price), r: 3.5 });
      dot.append(svg("title", {}, `${name}, ${dateText(day)}: ${baseNumber(price)}`));
      chart.append(dot);
    }
  });
  const legend = shown.map((offer, place) => el("span", {}, span(`dot f${colourOf(place)}`), supplierNode(offer)));
  return el("div", {}, el("h3", {}, title), chart, el("div", { class: "legend" }, ...legend));
}
