/**
 * The two-sided p value of McNemar's exact test (McNemar, 1947; binomial with probability one half): how likely two models that err equally
 * often disagree as unevenly as this. 1 when they never disagree.
 *
 * @param onlyFirst recordings that only the first model has right
 * @param onlySecond recordings that only the second has right
 */
export function mcnemarTest(onlyFirst: number, onlySecond: number): number {
  const trials = onlyFirst + onlySecond
  const fewer = Math.min(onlyFirst, onlySecond)
  // ln of C(trials, i) / 2^trials, from which the sum is built: the power itself is 0 in floating point beyond a thousand trials.
  let term = -trials * Math.LN2
  let total = Math.exp(term)
  for (let i = 0; i < fewer; i++) {
    term += Math.log((trials - i) / (i + 1))
    total += Math.exp(term)
  }
  return Math.min(1, 2 * total)
}
