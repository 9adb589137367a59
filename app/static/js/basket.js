// Where a scan leads on the lend and return pages: the same page again, with one thing more in its address.

const KINDS = { D: 'device', F: 'household', K: 'device' }; // a kit: the server puts its things in its place

/** [name, value] of what a scan adds. What the basket does not know itself goes to the server as a question, `q`. */
export function addition(code, texts) {
  const name = KINDS[code?.[0]];
  if (name) return [[name, code]];
  const alt = !code && texts[1] && texts[1] !== texts[0] ? [['alt', texts[1]]] : [];
  return [['q', code ?? texts[0]], ...alt];
}

/** The pairs of the next page, or null when the basket holds that code already. A household replaces the former one. */
export function nextPairs(held, added) {
  const [[name, value]] = added;
  if (held.some((pair) => pair[0] === name && pair[1] === value)) return null;
  const kept = held.filter((pair) => name !== 'household' || pair[0] !== 'household');
  return [...kept, ...added];
}
