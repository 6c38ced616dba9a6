import { SetupError } from './setup-error.mjs'

/** @typedef {'docker' | 'path' | 'pinned'} LocalWay */

/** @type {readonly LocalWay[]} */
const ALL_WAYS = ['docker', 'path', 'pinned']

/**
 * The ways that SER_SERVICES names (`pinned`, or several in their order: `path,pinned`), else all.
 * @param {NodeJS.ProcessEnv} env
 * @returns {readonly LocalWay[]}
 */
export function waysFrom(env) {
  const named = env['SER_SERVICES'] || undefined
  return named === undefined ? ALL_WAYS : named.split(',').map((word) => wayNamed(word.trim()))
}

/** @param {string} word */
function wayNamed(word) {
  const way = ALL_WAYS.find((each) => each === word)
  if (way !== undefined) return way
  throw new SetupError(`SER_SERVICES names an unknown way: "${word}"`, { hint: `known are ${ALL_WAYS.join(', ')}` })
}

/**
 * The way by which the service came last time is tried first: its data are there.
 * @param {readonly LocalWay[]} ways
 * @param {import('./services-state.mjs').Way | undefined} last
 * @returns {readonly LocalWay[]}
 */
export function lastWayFirst(ways, last) {
  const known = ways.filter((way) => way === last)
  return [...known, ...ways.filter((way) => way !== last)]
}
