// Scans that wait to be sent, each with its own id and moment, kept in the browser until the house has answered.
// Sent twice they do no harm: the id is the same.

const HOUSE_IS_BUSY = [429, 500, 502, 503, 504];
const SIGN_IN = [401, 403];

/** A random UUID; the browser's own is only there on secure addresses. */
function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

export class ScanQueue {
  #key;
  #send;
  #memory = null; // where the browser keeps nothing
  #busy = false;

  /** `send(scan)` answers {status, body}, or throws where there is no network. */
  constructor(key, send) {
    this.#key = key;
    this.#send = send;
  }

  get waiting() {
    return this.#read().length;
  }

  /** Whether it outlives this page. */
  add(code) {
    this.#write([...this.#read(), { id: uuid(), code, occurred_at: new Date().toISOString() }]);
    return this.#memory === null;
  }

  /** Sends what waits, the oldest first; `told(scan, status, body)` for each that the house answered. */
  async flush(told) {
    if (this.#busy) return 'busy';
    this.#busy = true;
    try {
      for (let scan = this.#read()[0]; scan; scan = this.#read()[0]) {
        const { status, body } = await this.#send(scan);
        if (SIGN_IN.includes(status)) return 'door';
        if (HOUSE_IS_BUSY.includes(status)) return 'later';
        this.#write(this.#read().filter((one) => one.id !== scan.id));
        told(scan, status, body);
      }
      return 'done';
    } catch {
      return 'later';
    } finally {
      this.#busy = false;
    }
  }

  /** Read anew each time: another page of the same browser may have added some. */
  #read() {
    if (this.#memory) return this.#memory;
    try {
      return JSON.parse(localStorage.getItem(this.#key) ?? '[]');
    } catch {
      return [];
    }
  }

  #write(scans) {
    try {
      localStorage.setItem(this.#key, JSON.stringify(scans));
      this.#memory = null;
    } catch {
      this.#memory = scans;
    }
  }
}
