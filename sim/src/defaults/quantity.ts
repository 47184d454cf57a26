// Quantities such as `1000m` or `2048Mi` in the API server's canonical spelling, so that equal amounts are equal text.
const QUANTITY = /^([+-]?)(\d*)(?:\.(\d*))?(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$/;
const DECIMAL: readonly string[] = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
const BINARY: readonly string[] = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const NANO_DIGITS = 9;

/** The canonical text of a quantity; a text that is none is given back as it is. */
export function canonicalQuantity(text: string): string {
  const match = QUANTITY.exec(text);
  const [, sign = '', whole = '', fraction = '', suffix = ''] = match ?? [];
  if (!match || whole + fraction === '') return text;
  const nano = BigInt((whole + fraction + '0'.repeat(NANO_DIGITS)).slice(0, whole.length + NANO_DIGITS));
  return suffix.endsWith('i')
    ? sign + binaryText(nano * 1024n ** BigInt(BINARY.indexOf(suffix)))
    : sign + decimalText((nano * 1000n ** BigInt(DECIMAL.indexOf(suffix))) / 1000n ** 3n);
}

/** `amount` counts nano units; it was scaled so that `n` stands for one of them. */
function decimalText(amount: bigint): string {
  let left = amount;
  let step = 0;
  if (left === 0n) return '0';
  while (left % 1000n === 0n && step < DECIMAL.length - 1) {
    left /= 1000n;
    step += 1;
  }
  return `${left}${DECIMAL[step]}`;
}

function binaryText(nano: bigint): string {
  if (nano === 0n) return '0';
  const unit = 10n ** BigInt(NANO_DIGITS);
  if (nano % unit !== 0n) return decimalText(nano);
  let left = nano / unit;
  let step = 0;
  while (left % 1024n === 0n && step < BINARY.length - 1) {
    left /= 1024n;
    step += 1;
  }
  return `${left}${BINARY[step]}`;
}
