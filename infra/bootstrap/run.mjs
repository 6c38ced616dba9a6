// npm run setup | up | down | demo | test | doctor: makes this clone ready where that is needed, then does what was asked.
import { spawn } from 'node:child_process'
import { SetupError, reasonOf } from '../local/setup-error.mjs'
import { startServices } from '../local/start-services.mjs'
import { stopServices } from '../local/stop-services.mjs'
import { workspacePaths } from '../local/workspace-paths.mjs'
import { checkNode } from './check-node.mjs'
import { prepareClone } from './prepare-clone.mjs'
import { formatFindings, reportHealth } from './report-health.mjs'
import { runTests } from './run-tests.mjs'

const say = (/** @type {string} */ line) => process.stderr.write(`ser: ${line}\n`)
const paths = workspacePaths()

/** @type {Record<string, (args: string[]) => Promise<number>>} Each answers with the exit code. */
const commands = {
  async setup() {
    await prepareClone({ paths, say, again: true })
    say('this clone is ready: try `npm run demo`')
    return 0
  },
  async up() {
    checkNode()
    const { started } = await startServices({ paths, env: process.env, say })
    if (started.length === 0) say(`all services are up; addresses and keys are in ${paths.servicesFile}`)
    return 0
  },
  async down() {
    const ended = await stopServices({ paths, say })
    say(ended.length === 0 ? 'nothing was up' : `ended ${ended.join(', ')}; their data are kept`)
    return 0
  },
  async demo(args) {
    await prepareClone({ paths, say })
    await startServices({ paths, env: process.env, say })
    return runCli(['demo', ...args])
  },
  async test(args) {
    return runTests({ paths, say, args })
  },
  async doctor() {
    const findings = await reportHealth({ paths, env: process.env })
    process.stdout.write(`${formatFindings(findings)}\n`)
    return findings.some(({ state }) => state === 'missing') ? 1 : 0
  },
}

/** @param {string[]} args @returns {Promise<number>} */
function runCli(args) {
  const source = ['--import', 'tsx', '-C', 'ser-source', 'apps/cli/src/main.ts']
  const child = spawn(process.execPath, [...source, ...args], { cwd: paths.root, stdio: 'inherit' })
  // Ctrl-C reaches the child by itself; it ends in its own way, and this process waits for it.
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve(code ?? 1))
  })
}

const [name = '', ...args] = process.argv.slice(2)
try {
  const command = commands[name]
  if (command === undefined) {
    throw new SetupError(`unknown command: "${name}"`, { hint: `known are ${Object.keys(commands).join(', ')}` })
  }
  process.exitCode = await command(args)
} catch (error) {
  say(reasonOf(error))
  if (!(error instanceof SetupError)) say(error instanceof Error ? (error.stack ?? '') : '')
  else if (error.log !== undefined) say(`log: ${error.log}`)
  if (error instanceof SetupError && error.hint !== undefined) say(`what to do: ${error.hint}`)
  process.exitCode = 1
}
