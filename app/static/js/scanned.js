// What happens to something scanned, by hand scanner or camera: the page is asked first, else we go and look it up.

/** The address that looks up `texts`: what was read and, if it differs, how another keyboard would have read it. */
export function lookup(go, code, texts) {
  const url = new URL(go, document.baseURI);
  url.searchParams.set('q', code ?? texts[0]);
  if (!code && texts[1] && texts[1] !== texts[0]) url.searchParams.set('alt', texts[1]);
  return url;
}

/** Tells the document; true when somebody there took it (preventDefault), else the browser leaves for `go`. */
export function announce(code, go, texts = [code]) {
  const event = new CustomEvent('scanned', { detail: { code, texts }, bubbles: true, cancelable: true });
  const taken = !document.dispatchEvent(event);
  if (!taken) location.assign(lookup(go, code, texts));
  return taken;
}
