// npm run setup | up | down | demo | test | doctor: makes this clone ready, then does what was asked.
import { startServices } from '../local/start-services.mjs'
import { stopServices } from '../local/stop-services.mjs'
import { SetupError, reasonOf } from '../local/setup-error.mjs'
import { workspacePaths } from '../local/workspace-paths.mjs'

const say = (/** @type {string} */ line) => process.stderr.write(`ser: ${line}\n`)
const paths = workspacePaths()

/** @type {Record<string, (args: string[]) => Promise<number>>} */
const commands = {
  up: async () => {
    const { started } = await startServices({ paths, env: process.env, say })
    if (started.length === 0) say(`all services are up; addresses and keys are in ${paths.servicesFile}`)
    return 0
  },
  down: async () => {
    const ended = await stopServices({ paths, say })
    say(ended.length === 0 ? 'nothing was up' : `ended ${ended.join(', ')}; their data are kept`)
    return 0
  },
}

const [name = '', ...args] = process.argv.slice(2)
try {
  const command = commands[name]
  if (command === undefined)
    throw new SetupError(`unknown command: ${name}`, { hint: `known are ${Object.keys(commands).join(', ')}` })
  process.exitCode = await command(args)
} catch (error) {
  say(reasonOf(error))
  if (error instanceof SetupError && error.log !== undefined) say(`log: ${error.log}`)
  if (error instanceof SetupError && error.hint !== undefined) say(`what to do: ${error.hint}`)
  if (!(error instanceof SetupError)) say(error instanceof Error ? (error.stack ?? '') : '')
  process.exitCode = 1
}
