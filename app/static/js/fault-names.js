// Above a form with faults each link bears the name of its field: "To be filled in." five times would help nobody.
const faults = document.querySelector('.faults ul');

function nameOf(field) {
  if (field?.ariaLabel) return field.ariaLabel;
  const label = field?.labels?.[0] ?? field?.querySelector(':scope > legend, label') ?? field?.closest('.field')?.querySelector('label, legend');
  const words = label?.cloneNode(true);
  words?.querySelectorAll('.soft').forEach((aside) => aside.remove());
  return words?.textContent.trim();
}

for (const link of faults?.querySelectorAll('a') ?? []) {
  const name = nameOf(document.getElementById(link.hash.slice(1)));
  if (name) link.textContent = faults.dataset.named.replace('{name}', name).replace('{fault}', link.textContent);
}
