import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/**
 * Sums the reports of vitest below a folder.
 * @param {string} folder
 * @param {RegExp} names Of the reports, by their path below the folder.
 * @returns {Counts}
 */
export function countTests(folder, names) {
  const total = { passed: 0, failed: 0, skipped: 0 }
  if (!existsSync(folder)) return total
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  for (const file of files.filter((name) => names.test(name))) {
    const counts = countReport(JSON.parse(readFileSync(join(folder, file), 'utf8')))
    total.passed += counts.passed
    total.failed += counts.failed
    total.skipped += counts.skipped
  }
  return total
}

/**
 * @param {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests: number,
 *   testResults: { status: string, assertionResults: { status: string }[] }[] }} report
 * @returns {Counts}
 */
export function countReport(report) {
  // A file that cannot be loaded has no test that could fail.
  const broken = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((assertion) => assertion.status === 'failed'),
  )
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: report.numPendingTests + report.numTodoTests,
  }
}
