// Above a form with faults each link bears the name of its field: "To be filled in." five times would help nobody.
// A part of several fields has the name of none of them.
const faults = document.querySelector('.faults [data-named]');

function nameOf(field) {
  if (field?.ariaLabel) return field.ariaLabel;
  const label = field?.labels?.[0] ?? field?.querySelector(':scope > legend') ?? field?.closest('.field')?.querySelector('label, legend');
  const words = label?.cloneNode(true);
  words?.querySelectorAll('.soft').forEach((aside) => aside.remove());
  return words?.textContent.trim();
}

for (const link of faults?.querySelectorAll('a') ?? []) {
  const said = { name: nameOf(document.getElementById(link.hash.slice(1))), fault: link.textContent };
  if (said.name) link.textContent = faults.dataset.named.replace(/\{(name|fault)\}/g, (_whole, which) => said[which]);
}
