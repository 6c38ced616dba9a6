import { InvalidArgumentError } from 'commander'

/** Readers of what an option is given; each throws commander's error, which names the option. */
export function wholeNumber(text: string): number {
  if (/^\d{1,10}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('a whole number is needed')
}

/** 1 and more. */
export function countingNumber(text: string): number {
  if (/^[1-9]\d{0,9}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('a whole number from 1 is needed')
}

/** `1,2,3` */
export function wholeNumbers(text: string): number[] {
  if (/^\d{1,10}(,\d{1,10})*$/.test(text)) return text.split(',').map(Number)
  throw new InvalidArgumentError('whole numbers with commas between them are needed')
}

/** Not negative: `0.25`, `1e-3`. */
export function decimal(text: string): number {
  if (/^\d+(\.\d+)?(e-?\d+)?$/i.test(text)) return Number(text)
  throw new InvalidArgumentError('a number from 0 is needed')
}

/** With a sign, too: `-65`. */
export function signedNumber(text: string): number {
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text)
  throw new InvalidArgumentError('a number is needed')
}

/** `20,7.5,-5` */
export function signedNumbers(text: string): number[] {
  if (/^-?\d+(\.\d+)?(,-?\d+(\.\d+)?)*$/.test(text)) return text.split(',').map(Number)
  throw new InvalidArgumentError('numbers with commas between them are needed')
}

/** `clip,word` */
export function words(text: string): string[] {
  return text.split(',')
}
