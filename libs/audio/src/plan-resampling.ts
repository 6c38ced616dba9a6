import type { KaiserSinc } from './kaiser-sinc.ts'

/** Halves the rate; `pairs` taps on each side of the centre that are not zero. */
export type HalveStage = { readonly kind: 'halve'; readonly pairs: 8 | 9 }

/** Raises the rate by `up`, filters with `taps` (odd, centred) taps, keeps every `down`-th sample. */
export type FilterStage = {
  readonly kind: 'filter'
  readonly up: number
  readonly down: number
  readonly taps: number
  readonly shape: KaiserSinc
}

/** Takes samples at times k * step / phases of its input, with a filter of |t| <= reach. */
export type InterpolateStage = {
  readonly kind: 'interpolate'
  readonly step: number
  readonly phases: number
  readonly reach: number
  readonly shape: KaiserSinc
  readonly table: InterpolatorTable
}

/** How libsoxr tabulates the filter: exactly at the times that occur, or by lines or parabolas between fewer. */
export type InterpolatorTable = {
  readonly taps: number
  readonly rows: number
  readonly order: 0 | 1 | 2
}

export type Stage = HalveStage | FilterStage | InterpolateStage

// The recipe "HQ" of libsoxr 0.1.3: 20 bits, pass band to 91.4 % of the lower Nyquist rate, linear phase. What it
// computes from its empirical fits depends on nothing but the recipe and the number of stages, so it is given here
// as numbers; infra/adr/0021 tells how far the result is from libsoxr's.
const PASS_BAND = 0.9137436532733066
const ATTENUATION_DB = 21 * decibels(2)
const ROLL_OFF = 0.8742128408941549
const INTERPOLATOR_BETA = 14.058638741903037

/**
 * The stages that libsoxr's HQ recipe chooses for a change of rate: halve while the rate is at least four times too
 * high, filter at a rate where the filter is cheap, then interpolate at the exact times; small whole ratios need the
 * filter alone. More than four times up, all this leads to a fraction of the rate, and one wide filter to the rest.
 *
 * @param from input rate in Hz, a whole number
 * @param to output rate in Hz, a whole number
 */
export function planResampling(from: number, to: number): Stage[] {
  const ratio = from / to
  if (ratio < 0.25 && from * 5 !== to) return planRaising(from, to)
  let halvings = 0
  for (let i = Math.floor(ratio / 2) >> 1; i > 0; i >>= 1) halvings++
  const fraction = { from, to: to * 2 ** halvings }
  const stages = halvings + (isSmall(fraction) ? 1 : 2)
  const attenuation = attenuationFor(stages, !isSmall(fraction))
  const pairs = attenuation > 136.51 ? 9 : 8
  return [
    ...Array.from({ length: halvings }, (): Stage => ({ kind: 'halve', pairs })),
    ...planFraction(fraction, attenuation),
  ]
}

/** Up by 4 (8, 16 ...) last, because a filter for that alone is short. */
function planRaising(from: number, to: number): Stage[] {
  let up = 4
  for (let i = Math.floor(to / from / 16) >> 1; i > 0; i >>= 1) up *= 2
  const fraction = { from: from * up, to }
  const attenuation = isSmall(fraction) ? attenuationFor(2, false) : attenuationFor(3, true)
  const ratio = to / (from * up)
  const pass = PASS_BAND / ratio
  const stop = Math.max(2 - 1 / ratio, 1)
  return [...planFraction(fraction, attenuation), bandFilter({ up, down: 1, scale: up, attenuation, pass, stop })]
}

type Rates = { readonly from: number; readonly to: number }

/** Whether one filter that counts in both rates does it all. */
function isSmall({ from, to }: Rates): boolean {
  const [up, down] = reduce(to, from)
  return Math.max(up, down) < 5 || up * down < 6
}

/** A ratio of less than four, down or up. */
function planFraction({ from, to }: Rates, attenuation: number): Stage[] {
  const [up, down] = reduce(to, from)
  if (isSmall({ from, to }))
    return up === down ? [] : [bandFilter({ up, down, scale: Math.max(up, down), attenuation })]
  const ratio = from / to
  // Between 1.5 and 2 the filter comes after the interpolator, at twice the output rate.
  if (ratio > 1.5 && ratio < 2) {
    return [
      interpolator({ from, to: to * 2, pass: PASS_BAND, stop: 1, lowered: true, raised: false }),
      bandFilter({ up: 1, down: 2, scale: 2, attenuation }),
    ]
  }
  const raised = ratio < 1
  const firstUp = ratio < 2 ? 2 : 1
  const scale = raised ? 2 : ratio * firstUp
  return [
    bandFilter({ up: firstUp, down: 1, scale, attenuation }),
    interpolator({ from: from * firstUp, to, pass: PASS_BAND / scale, stop: 1 / scale, lowered: false, raised }),
  ]
}

/** Decibels of attenuation of each stage, so that all of them together keep to the recipe. */
function attenuationFor(stages: number, interpolates: boolean): number {
  if (stages === 1) return ATTENUATION_DB
  const shared = interpolates ? stages - 1 : stages
  return ATTENUATION_DB + (interpolates ? decibels(2) : 0) + decibels(shared)
}

type BandFilter = {
  up: number
  down: number
  /** The filter's own half rate, in units of the recipe's. */
  scale: number
  attenuation: number
  pass?: number
  stop?: number
}

function bandFilter({ up, down, scale, attenuation, pass = PASS_BAND, stop = 1 }: BandFilter): FilterStage {
  const transition = Math.min((stop - pass) / 2, stop / 2) / scale
  const beta = kaiserBeta(attenuation)
  const multiple = up > 1 && (up & (up - 1)) === 0 && scale === up ? up * 2 : 4
  const least = Math.ceil(kaiserLength(beta) / transition + 1)
  const taps = Math.floor((least + multiple - 2) / multiple) * multiple + 1
  return { kind: 'filter', up, down, taps, shape: { cutoff: stop / scale - transition, beta, half: taps / 2 } }
}

type Interpolator = { from: number; to: number; pass: number; stop: number; lowered: boolean; raised: boolean }

function interpolator({ from, to, pass, stop, lowered, raised }: Interpolator): InterpolateStage {
  const [phases, step] = reduce(to, from)
  const ratio = step / phases
  const half = lowered ? 2 * ratio : 1
  const end = (lowered ? 3 + Math.abs(stop - 1) : 2 - (pass + (stop - pass) * 0.7)) / half
  const start = end - (end - pass / half) / ROLL_OFF
  const transition = Math.min((end - start) / 2, end / 2)
  const bits = raised ? [11, 7] : lowered ? [10.6, 6.75] : [12.4, 7.8]
  const table = interpolatorTable({ phases, transition, ratio: raised ? 1 : ratio, bits, mayBeOdd: raised || lowered })
  const { taps, rows } = table
  return {
    kind: 'interpolate',
    step,
    phases,
    reach: taps / 2 - 1 / rows,
    shape: { cutoff: end - transition, beta: INTERPOLATOR_BETA, half: taps / 2 - 0.25 / rows },
    table,
  }
}

type TableDesign = {
  phases: number
  transition: number
  ratio: number
  /** Binary logarithm of the rows at ratio 1, for lines and for parabolas. */
  bits: readonly number[]
  mayBeOdd: boolean
}

/** The window's width depends on the taps and the rows. */
function interpolatorTable({ phases, transition, ratio, bits, mayBeOdd }: TableDesign): InterpolatorTable {
  const tapsOf = (rows: number): number => interpolatorTaps(rows, transition, mayBeOdd)
  if (phases <= 2048) {
    const taps = tapsOf(phases)
    return { taps, rows: (taps & phases & 1) === 1 ? phases * 2 : phases, order: 0 }
  }
  const [lines, parabolas] = bits.map((bit) => 2 ** Math.ceil(bit - Math.log2(ratio)))
  const taps = tapsOf(lines)
  // libsoxr's bound of what a table may take: 400 kB, of float32 and its slope.
  if ((Math.ceil(taps / 4) * 4 * lines * 8) / 1000 < 401) return { taps, rows: lines, order: 1 }
  return { taps: tapsOf(parabolas), rows: parabolas, order: 2 }
}

function interpolatorTaps(rows: number, transition: number, mayBeOdd: boolean): number {
  const least = Math.max(rows, 19)
  const taps = Math.floor(Math.ceil((kaiserLength(INTERPOLATOR_BETA) * least) / transition + 1) / least) + 1
  return mayBeOdd ? taps : taps + (taps % 2)
}

/** Kaiser's beta for an attenuation in dB, at the recipe's ratio of transition to pass band. */
function kaiserBeta(attenuation: number): number {
  const a = attenuation
  return ((2.034813031548013e-9 * a + 1.0311364637316764e-5) * a + 0.10870689361892565) * a - 0.8730009482508513
}

/** Taps times transition width (fraction of the half rate) that a beta needs. */
function kaiserLength(beta: number): number {
  return ((0.0007528358 - 1.577737e-5 * beta) * beta + 0.6248022) * beta + 0.06186902
}

function decibels(ratio: number): number {
  return 20 * Math.log10(ratio)
}

/** A fraction in lowest terms. */
function reduce(numerator: number, denominator: number): [number, number] {
  let [a, b] = [numerator, denominator]
  while (b > 0) [a, b] = [b, a % b]
  return [numerator / a, denominator / a]
}
