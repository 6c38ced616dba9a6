import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { checkNode } from './check-node.mjs'
import { countReport, countTests } from './count-tests.mjs'
import { packagesMatch } from './install-packages.mjs'
import { runLogged } from './run-logged.mjs'
import { STEPS, chooseSteps } from './test-steps.mjs'

let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ser-bootstrap-'))
})
afterEach(() => rmSync(root, { recursive: true }))

/** @param {string} path @param {unknown} content */
function write(path, content) {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), JSON.stringify(content))
}

test('asks for Node 20.19 at least', () => {
  for (const version of ['20.19.0', '20.20.2', '22.1.0', '24.21.0']) expect(() => checkNode(version)).not.toThrow()
  for (const version of ['18.20.0', '20.18.9']) expect(() => checkNode(version)).toThrow(`Node ${version} is too old`)
})

describe('the installed packages', () => {
  const lock = {
    packages: {
      '': { name: 'root' },
      'libs/a': { version: '1.0.0' },
      'node_modules/@ser/a': { link: true },
      'node_modules/b': { version: '2.0.0' },
      'node_modules/only-elsewhere': { version: '1.0.0', optional: true },
    },
  }
  const install = (/** @type {string} */ version) => {
    write('package-lock.json', lock)
    write('node_modules/b/package.json', {})
    write('node_modules/@ser/a/package.json', {})
    write('node_modules/.package-lock.json', { packages: { 'node_modules/b': { version } } })
  }

  test('match when all but those of other platforms are there', () => {
    install('2.0.0')
    expect(packagesMatch(root)).toBe(true)
  })

  test('do not match before an installation, with another version, or when one was removed', () => {
    write('package-lock.json', lock)
    expect(packagesMatch(root)).toBe(false)
    install('1.9.0')
    expect(packagesMatch(root)).toBe(false)
    install('2.0.0')
    rmSync(join(root, 'node_modules/b'), { recursive: true })
    expect(packagesMatch(root)).toBe(false)
  })
})

describe('the steps of npm test', () => {
  test('are all of them, or those that are named', () => {
    expect(chooseSteps([])).toBe(STEPS)
    expect(chooseSteps(['--only', 'e2e,unit']).map(({ name }) => name)).toEqual(['unit', 'e2e'])
    expect(chooseSteps(['--only=lint']).map(({ name }) => name)).toEqual(['lint'])
  })

  test('are not guessed', () => {
    expect(() => chooseSteps(['--only', 'units'])).toThrow('no step "units"')
    expect(() => chooseSteps(['--quick'])).toThrow('unknown arguments: --quick')
  })
})

describe('the count of tests', () => {
  const report = { numPassedTests: 3, numFailedTests: 0, numPendingTests: 1, numTodoTests: 1, testResults: [] }

  test('counts a file that cannot be loaded as a failed test', () => {
    expect(countReport(report)).toEqual({ passed: 3, failed: 0, skipped: 2 })
    const broken = [{ status: 'failed', assertionResults: [] }]
    expect(countReport({ ...report, testResults: broken }).failed).toBe(1)
    const failing = [{ status: 'failed', assertionResults: [{ status: 'failed' }] }]
    expect(countReport({ ...report, numFailedTests: 1, testResults: failing }).failed).toBe(1)
  })

  test('sums the reports of a step and no others', () => {
    write('results/libs/a.json', report)
    write('results/apps/b.json', report)
    write('results/e2e.json', report)
    expect(countTests(join(root, 'results'), /^(apps|libs)\//)).toEqual({ passed: 6, failed: 0, skipped: 4 })
    expect(countTests(join(root, 'nothing'), /./)).toEqual({ passed: 0, failed: 0, skipped: 0 })
  })
})

const options = () => ({ log: join(root, 'logs/step.log'), cwd: root, what: 'the step' })

describe('a command with a log', () => {
  test('fails with the log, its last error and what to do', async () => {
    const failing = runLogged('sh', ['-c', 'echo fine; echo "error: no space" >&2; exit 3'], {
      ...options(),
      hint: 'tidy up',
    })
    await expect(failing).rejects.toMatchObject({
      message: 'the step failed (exit 3): error: no space',
      log: join(root, 'logs/step.log'),
      hint: 'tidy up',
    })
  })

  test('fails when it takes too long, and when there is no such program', async () => {
    await expect(runLogged('sleep', ['30'], { ...options(), timeoutMs: 50 })).rejects.toThrow('longer than 50 ms')
    await expect(runLogged('no-such-program', [], options())).rejects.toThrow('ENOENT')
  })
})
