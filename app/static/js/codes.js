// Codes on our labels: eight letters, the last one a check over GF(16). The same rules as labels/codes.py.
export const ALPHABET = 'BCDFGHJKLNPRSTVX';

const LETTER = `[${ALPHABET}${ALPHABET.toLowerCase()}]`;
const BLANKS = /[\s\-‐‑‒–—_]+/g;
// The sign before a run is part of the match, for phones whose browser knows no lookbehind.
const RUN = new RegExp(`(?:^|[^A-Za-z0-9])(${LETTER}{4}[\\s-]?${LETTER}{4})(?![A-Za-z0-9])`, 'g');
const WHOLE = new RegExp(`^${LETTER}{8}$`);

/** Two times a value of GF(16), polynomial x^4 + x + 1. */
const doubled = (value) => (value & 8 ? (value << 1) ^ 0b10011 : value << 1);

/** Whether these are eight upper-case letters of the alphabet whose check holds. */
export function isRight(code) {
  if (code.length !== 8 || [...code].some((letter) => !ALPHABET.includes(letter))) return false;
  return [...code].reduce((value, letter) => doubled(value) ^ ALPHABET.indexOf(letter), 0) === 0;
}

function bare(text) {
  const letters = text.replace(BLANKS, '');
  return WHOLE.test(letters) ? letters.toUpperCase() : '';
}

/** The code in what was typed or scanned, or null: bare in any case, else the last right run in a longer text. */
export function parse(text) {
  const runs = [...text.matchAll(RUN)].map((match) => match[1]).reverse();
  return [text, ...runs].map(bare).find(isRight) ?? null;
}

/** A code as it is printed and said: `DCLB TRXN`. */
export const grouped = (code) => `${code.slice(0, 4)} ${code.slice(4)}`;
