import { SetupError } from '../local/setup-error.mjs'

const OLDEST = [20, 19, 0]

/**
 * @param {string} [version] Of Node, such as `20.20.2`.
 * @throws {SetupError} it is older than 20.19, the first 20 that can load ECMAScript modules by `require`.
 */
export function checkNode(version = process.versions.node) {
  const parts = version.split('.').map(Number)
  const difference = OLDEST.map((oldest, at) => (parts[at] ?? 0) - oldest).find((each) => each !== 0) ?? 0
  if (difference >= 0) return
  throw new SetupError(`Node ${version} is too old`, {
    hint: `install Node ${OLDEST.join('.')} or later (20, 22 and 24 work)`,
  })
}
