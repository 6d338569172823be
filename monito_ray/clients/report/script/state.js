/* What the reader has chosen stands in the address, so that a bookmark or a link brings it back. */

const VIEWS = ["prices", "changes", "look", "suppliers"];
const KINDS = ["up", "down", "smaller_pack", "larger_pack", "new", "gone", "back", "currency"];
const SORTS = ["name", "match", "unit", "rise", "fall", "gap"];
const PERIODS = ["last", "7", "30", "90", "365"];
const DEFAULTS = { view: "prices", since: "30" };
let state = {};

function readState() {
  const values = new URLSearchParams(location.hash.slice(1));
  const text = (name) => values.get(name) ?? "";
  const oneOf = (name, allowed) => (allowed.includes(text(name)) ? text(name) : DEFAULTS[name] ?? "");
  state = {
    view: oneOf("view", VIEWS), sort: oneOf("sort", SORTS), since: oneOf("since", PERIODS), kind: oneOf("kind", KINDS),
    q: text("q"), cat: text("cat"), sup: text("sup"), multi: text("multi") === "1", changed: text("changed") === "1", open: text("open") === "1",
  };
}

function address(changes) {
  const values = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...state, ...changes })) {
    if (value && value !== DEFAULTS[name]) values.set(name, value === true ? "1" : value);
  }
  return `#${values}`;
}

/* The view is drawn when the address changes. Not by history.replaceState: browsers refuse it to pages that were opened from a file. */
const go = (changes) => location.replace(address(changes));

/* Days to look back in the list of products, where "the list before" has no one date. */
const days = () => (state.since === "last" ? 30 : +state.since);
const chosenSupplier = () => (state.sup ? S.findIndex(([name]) => name === state.sup) : -1);
