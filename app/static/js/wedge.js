// A hand scanner types like a keyboard: a burst of keys ended by Enter or Tab. Each key is kept twice, as the computer's
// layout read it (key) and as a US keyboard has it at that place (code): one of the two is what the label says.
// The check letter tells our codes; pace tells foreign numbers, and tells a scanner from a person inside a text field.

const US_SHIFTED = {
  Digit1: '!', Digit2: '@', Digit3: '#', Digit4: '$', Digit5: '%', Digit6: '^', Digit7: '&', Digit8: '*', Digit9: '(',
  Digit0: ')', Minus: '_', Equal: '+', Semicolon: ':', Slash: '?', Period: '>', Comma: '<', Quote: '"',
};
const US_PLAIN = { Minus: '-', Equal: '=', Semicolon: ';', Slash: '/', Period: '.', Comma: ',', Quote: "'", Space: ' ' };

const SILENT = ['Shift', 'CapsLock', 'AltGraph', 'NumLock'];
const ENDS = ['Enter', 'Tab'];
const PAUSE = 700; // ms without a key: what comes now is something new
const QUICK = 50; // ms between two keys, in the middle of the burst: no person types unknown letters so fast
const SHORTEST = 6;
const LONGEST = 200;

/** What a US keyboard has at the place of this key. */
export function usKey({ code, shiftKey }) {
  if (/^Key[A-Z]$/.test(code)) return shiftKey ? code[3] : code[3].toLowerCase();
  if (/^Numpad\d$/.test(code)) return code[6];
  if (shiftKey) return US_SHIFTED[code] ?? '';
  return /^Digit\d$/.test(code) ? code[5] : (US_PLAIN[code] ?? '');
}

/** Whether most keys came quickly. The middle gap, so that a computer that stumbles once does not hide a scanner. */
export function isQuick(gaps) {
  const sorted = [...gaps].sort((a, b) => a - b);
  return sorted.length > 0 && sorted[sorted.length >> 1] <= QUICK;
}

/** Collects keys; `press` answers the burst that a key ends, or null. Knows no page. */
export class Burst {
  #keys = [];
  #last = -Infinity;

  press(event) {
    if (SILENT.includes(event.key)) return null;
    const gap = event.timeStamp - this.#last;
    this.#last = event.timeStamp;
    if (gap > PAUSE || event.repeat) this.#keys = [];
    if (ENDS.includes(event.key)) return this.#end();
    if (this.#keys.length < LONGEST) this.#keys.push({ gap, key: event.key.length === 1 ? event.key : '', us: usKey(event) });
    return null;
  }

  /** Whether the key just pressed is the first of its burst: the field still holds what it held before. */
  get isNew() {
    return this.#keys.length === 1;
  }

  #end() {
    const keys = this.#keys;
    this.#keys = [];
    if (keys.length < SHORTEST) return null;
    const texts = ['key', 'us'].map((reading) => keys.map((key) => key[reading]).join(''));
    return { texts, quick: isQuick(keys.slice(1).map((key) => key.gap)) };
  }
}

/** Listens on `target`; `take(burst, field)` answers true when the burst was its to take. Answers how to stop. */
export function wedge(take, target = document) {
  const burst = new Burst();
  let former = null;

  function onKey(event) {
    if (event.ctrlKey || event.metaKey || event.isComposing) return;
    const field = event.target;
    const ended = burst.press(event);
    if (burst.isNew && !SILENT.includes(event.key)) former = { field, value: field.value };
    if (!ended) return;
    if (!take(ended, field)) return;
    event.preventDefault();
    event.stopPropagation();
    if (former?.field === field && typeof former.value === 'string') restore(former);
  }

  target.addEventListener('keydown', onKey, true);
  return () => target.removeEventListener('keydown', onKey, true);
}

function restore({ field, value }) {
  field.value = value;
  field.dispatchEvent(new Event('input', { bubbles: true }));
}
