// Every page of the staff loads this; pages with a camera or a basket load those themselves.
import './hand-scanner.js';
import './once-form.js';
import './station-lock.js';

// The field of the screen has the focus where there is a keyboard; on a phone that would open one over the page.
if (matchMedia('(pointer: fine)').matches) document.querySelector('[data-focus]')?.focus();

if (document.querySelector('.faults')) import('./fault-names.js');
