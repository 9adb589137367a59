// A form is sent once, however often its button is pressed. Coming back to the page makes it ready again; so does time,
// for forms answered by a file, where the page stays. The server's own guard is the id each act carries.
const READY_AGAIN = 10_000;

const sent = new Map(); // form -> its pressed button

function release(form) {
  const button = sent.get(form);
  if (button) button.disabled = false;
  form.removeAttribute('aria-busy');
  sent.delete(form);
}

function onSubmit(event) {
  const form = event.target;
  const method = event.submitter?.getAttribute('formmethod') ?? form.method;
  if (event.defaultPrevented || method !== 'post') return;
  if (sent.has(form)) return event.preventDefault();
  sent.set(form, event.submitter);
  form.setAttribute('aria-busy', 'true');
  setTimeout(() => sent.get(form)?.toggleAttribute('disabled', true)); // once its name and value are on their way
  setTimeout(() => release(form), READY_AGAIN);
}

document.addEventListener('submit', onSubmit);
addEventListener('pageshow', () => [...sent.keys()].forEach(release));
