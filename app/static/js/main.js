// Every page of the staff loads this; pages with a camera or a basket load those themselves.
import './hand-scanner.js';
import './once-form.js';
import './station-lock.js';
