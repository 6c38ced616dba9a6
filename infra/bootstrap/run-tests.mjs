import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { SetupError, reasonOf } from '../local/setup-error.mjs'
import { startServices } from '../local/start-services.mjs'
import { stopServices } from '../local/stop-services.mjs'
import { countTests } from './count-tests.mjs'
import { prepareClone } from './prepare-clone.mjs'
import { chooseSteps, scriptOf } from './test-steps.mjs'

/** @typedef {import('./count-tests.mjs').Counts} Counts */
/** @typedef {{ name: string, tells: string, seconds: number, ok: boolean, counts: Counts }} Outcome */

/**
 * `npm test`: sets up what it needs, runs the steps, and ends what it started. The last line that it prints is
 * `N passed, N failed`, with `, N skipped` where there are any; a step that fails without a failed test counts as one.
 * @param {object} options
 * @param {import('../local/workspace-paths.mjs').WorkspacePaths} options.paths
 * @param {(line: string) => void} options.say
 * @param {string[]} options.args
 * @returns {Promise<number>} the exit code
 */
export async function runTests({ paths, say, args }) {
  const steps = chooseSteps(args)
  let interrupted = false
  // The running step hears it too; what this run started is ended before the process is.
  process.on('SIGINT', () => (interrupted = true))
  /** @type {Outcome[]} */
  const outcomes = [await measure('set-up', 'packages, TensorFlow, bundles', () => prepareClone({ paths, say }), say)]
  /** @type {string[]} */
  let started = []
  try {
    if (outcomes[0]?.ok && steps.some((step) => step.needsServices)) {
      const up = async () => {
        ;({ started } = await startServices({ paths, env: withPinnedFirst(process.env), say }))
      }
      outcomes.push(await measure('services', 'Redis, Postgres, S3', up, say))
    }
    if (outcomes.every(({ ok }) => ok)) {
      for (const step of steps) if (!interrupted) outcomes.push(await runStep(step, paths, say))
    }
  } finally {
    if (started.length > 0) await stopServices({ paths, say, only: started })
  }
  const counts = sum(outcomes)
  process.stdout.write(`\n${table(outcomes)}\n\n${summary(counts)}\n`)
  return counts.failed > 0 || interrupted ? 1 : 0
}

/** Tests should not depend on what is installed here, unless they are told to. @param {NodeJS.ProcessEnv} env */
function withPinnedFirst(env) {
  return { ...env, SER_SERVICES: env['SER_SERVICES'] || 'pinned,path,docker' }
}

/**
 * @param {string} name
 * @param {string} tells
 * @param {() => Promise<void>} work
 * @param {(line: string) => void} say
 * @returns {Promise<Outcome>}
 */
async function measure(name, tells, work, say) {
  const start = performance.now()
  let ok = true
  try {
    await work()
  } catch (error) {
    ok = false
    say(`${name} failed: ${reasonOf(error)}`)
    if (error instanceof SetupError && error.log !== undefined) say(`log: ${error.log}`)
    if (error instanceof SetupError && error.hint !== undefined) say(`what to do: ${error.hint}`)
  }
  const seconds = (performance.now() - start) / 1000
  return { name, tells, seconds, ok, counts: { passed: 0, failed: ok ? 0 : 1, skipped: 0 } }
}

/**
 * @param {import('./test-steps.mjs').Step} step
 * @param {import('../local/workspace-paths.mjs').WorkspacePaths} paths
 * @param {(line: string) => void} say
 * @returns {Promise<Outcome>}
 */
async function runStep(step, paths, say) {
  const results = join(paths.state, 'test-results')
  const log = join(paths.logs, `test-${step.name}.log`)
  if (step.name === 'unit') rmSync(results, { recursive: true, force: true })
  if (step.reports !== undefined) rmSync(join(results, `${step.name}.json`), { force: true })
  say(`${step.name} ...`)
  const start = performance.now()
  const ok = await runInto(log, step, paths.root)
  const seconds = (performance.now() - start) / 1000
  const counts = step.reports === undefined ? { passed: 0, failed: 0, skipped: 0 } : countTests(results, step.reports)
  if (!ok && counts.failed === 0) counts.failed = 1
  if (!ok) process.stdout.write(`\n${lastLines(log, 150)}\n\n${step.name} failed; its whole output: ${log}\n\n`)
  return { name: step.name, tells: step.tells, seconds, ok: ok && counts.failed === 0, counts }
}

/**
 * @param {string} log
 * @param {import('./test-steps.mjs').Step} step
 * @param {string} root
 * @returns {Promise<boolean>}
 */
async function runInto(log, step, root) {
  mkdirSync(join(log, '..'), { recursive: true })
  const output = openSync(log, 'w')
  const env = { ...process.env, ...step.env, FORCE_COLOR: '0', NO_COLOR: '1', NX_TUI: 'false' }
  const child = spawn(process.execPath, [scriptOf(root, step), ...step.args], {
    cwd: join(root, step.folder),
    env,
    stdio: ['ignore', output, output],
  })
  closeSync(output)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve(code === 0))
  })
}

/** @param {string} file @param {number} count */
function lastLines(file, count) {
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-count).join('\n')
}

/** @param {Outcome[]} outcomes @returns {Counts} */
function sum(outcomes) {
  const total = { passed: 0, failed: 0, skipped: 0 }
  for (const { counts } of outcomes) {
    total.passed += counts.passed
    total.failed += counts.failed
    total.skipped += counts.skipped
  }
  return total
}

/** @param {Counts} counts */
function summary({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}

/** @param {Outcome[]} outcomes */
function table(outcomes) {
  return outcomes
    .map(({ name, tells, seconds, ok, counts }) => {
      const tests = counts.passed + counts.failed + counts.skipped > 0 ? summary(counts) : ''
      return `${ok ? 'ok    ' : 'FAILED'}  ${name.padEnd(12)}${seconds.toFixed(1).padStart(7)} s  ${tells.padEnd(30)}  ${tests}`
    })
    .join('\n')
}
