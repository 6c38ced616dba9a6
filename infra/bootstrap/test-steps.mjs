import { join } from 'node:path'
import { SetupError } from '../local/setup-error.mjs'

/**
 * A step of `npm test`.
 * @typedef {object} Step
 * @property {string} name
 * @property {string} tells What it shows, for people.
 * @property {string} script Under node_modules.
 * @property {string[]} args
 * @property {string} folder Where it runs, from the root.
 * @property {RegExp} [reports] Which reports below `.ser/test-results` are its own.
 * @property {NodeJS.ProcessEnv} [env]
 * @property {boolean} [needsServices]
 */

const nx = (/** @type {string} */ target) => ({
  script: 'nx/dist/bin/nx.js',
  args: ['run-many', '-t', target, '--parallel=2', '--output-style=static'],
  folder: '.',
})

const vitest = (/** @type {string} */ project, /** @type {string[]} */ ...args) => ({
  script: 'vitest/vitest.mjs',
  args: ['run', '--project', project, ...args],
  folder: 'test',
  env: { SER_TEST_KIND: project },
  reports: new RegExp(`^${project}\\.json$`),
})

/** @type {readonly Step[]} */
export const STEPS = [
  { name: 'format', tells: 'every file is formatted', script: 'oxfmt/bin/oxfmt', args: ['--check', '.'], folder: '.' },
  { name: 'lint', tells: 'no lint finding, with types', ...nx('lint') },
  { name: 'typecheck', tells: 'strict types', ...nx('typecheck') },
  // Reports lie at the path of their project; nx restores those of the projects that did not change.
  {
    name: 'unit',
    tells: 'tests beside the code',
    ...nx('test'),
    reports: /^(apps|libs)\/.*\.json$|^(infra|unit)\.json$/,
  },
  { name: 'repository', tells: 'layers, compose file', ...vitest('repository') },
  { name: 'golden', tells: "features against librosa's", ...vitest('golden') },
  { name: 'browser', tells: 'the libraries alone: packed, in plain Node, in Chromium', ...vitest('browser') },
  { name: 'integration', tells: 'tests on real services', ...vitest('integration'), needsServices: true },
  // One at a time: each starts the apps as processes of their own.
  { name: 'e2e', tells: 'the way of a recording', ...vitest('e2e', '--no-file-parallelism'), needsServices: true },
]

/**
 * The steps that `--only a,b` names, in their order; all without it.
 * @param {string[]} args
 * @returns {readonly Step[]}
 */
export function chooseSteps(args) {
  if (args.length === 0) return STEPS
  const [option = '', value = '', ...rest] = args.flatMap((arg) => arg.split('='))
  if (option !== '--only' || rest.length > 0) {
    throw new SetupError(`unknown arguments: ${args.join(' ')}`, { hint: `known is --only ${names()}` })
  }
  const wanted = value.split(',')
  const unknown = wanted.find((name) => !STEPS.some((step) => step.name === name))
  if (unknown !== undefined) throw new SetupError(`there is no step "${unknown}"`, { hint: `known are ${names()}` })
  return STEPS.filter((step) => wanted.includes(step.name))
}

function names() {
  return STEPS.map((step) => step.name).join(',')
}

/** @param {string} root @param {Step} step */
export function scriptOf(root, step) {
  return join(root, 'node_modules', step.script)
}
