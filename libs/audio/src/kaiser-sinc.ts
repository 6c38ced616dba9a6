/** The modified Bessel function of the first kind and order zero, by its power series. */
export function besselI0(x: number): number {
  const quarter = (x * x) / 4
  let term = 1
  let sum = 1
  for (let k = 1; term > sum * 1e-17; k++) {
    term *= quarter / (k * k)
    sum += term
  }
  return sum
}

export type KaiserSinc = {
  /** Cut-off (6 dB) as a fraction of half the rate at which `t` counts. */
  readonly cutoff: number
  readonly beta: number
  /** Half the window's width; the window's edge value is not zero. */
  readonly half: number
}

/** A low-pass filter's impulse response at time t, |t| < half: sinc times the Kaiser window. */
export function kaiserSinc({ cutoff, beta, half }: KaiserSinc): (t: number) => number {
  const scale = 1 / besselI0(beta)
  return (t) => {
    const x = Math.PI * t
    const sinc = t === 0 ? cutoff : Math.sin(cutoff * x) / x
    const edge = t / half
    return sinc * besselI0(beta * Math.sqrt(Math.max(1 - edge * edge, 0))) * scale
  }
}
