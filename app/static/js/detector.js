// What reads codes in a picture: the browser's own detector where it reads both kinds, else zxing as WebAssembly (loaded
// only now, cached by the browser). No request leaves our host: the module's own default would be a CDN.
const FORMATS = ['qr_code', 'code_128'];

async function native() {
  const Detector = globalThis.BarcodeDetector;
  const known = (await Detector?.getSupportedFormats()) ?? [];
  return FORMATS.every((format) => known.includes(format)) ? new Detector({ formats: FORMATS }) : null;
}

async function vendored() {
  const zxing = await import('../vendor/barcode-detector.js');
  const wasm = new URL('../vendor/zxing_reader.wasm', import.meta.url).href;
  zxing.prepareZXingModule({ overrides: { locateFile: () => wasm } });
  return new zxing.BarcodeDetector({ formats: FORMATS });
}

export const detector = async () => (await native()) ?? vendored();
