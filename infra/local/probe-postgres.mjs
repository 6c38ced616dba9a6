import { talkToServer } from './talk-to-server.mjs'

/**
 * Says hello as far as the server's demand to sign in; a server that still starts refuses that.
 * @param {string} url `postgres://user[:password]@host[:port]/database`
 * @returns {Promise<true>}
 */
export async function probePostgres(url) {
  const { hostname, port, username, pathname } = new URL(url)
  const parameters = { user: decodeURIComponent(username), database: decodeURIComponent(pathname.slice(1)) }
  const server = { host: hostname || '127.0.0.1', port: Number(port || 5432) }
  return talkToServer(server, startupMessage(parameters), readAnswer)
}

/** Protocol 3.0: the length, the version, then names and values ended by zeros. @param {Record<string, string>} parameters */
function startupMessage(parameters) {
  const text = Object.entries(parameters)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}\0${value}\0`)
  const body = Buffer.from(`${text.join('')}\0`)
  const head = Buffer.alloc(8)
  head.writeInt32BE(body.length + 8, 0)
  head.writeInt32BE(196_608, 4)
  return Buffer.concat([head, body])
}

/**
 * @param {Buffer} answer
 * @returns {true | undefined}
 */
function readAnswer(answer) {
  if (!['R', 'E'].includes(String.fromCharCode(answer[0] ?? 0))) {
    throw new Error('what answers does not speak the protocol of Postgres')
  }
  if (answer.length < 5 || answer.length < 1 + answer.readInt32BE(1)) return undefined
  if (answer[0] === 'R'.charCodeAt(0)) return true
  const fields = answer.toString('utf8', 5).split('\0')
  const field = (/** @type {string} */ kind) => fields.find((text) => text.startsWith(kind))?.slice(1)
  // Refused before the password only because it wants TLS, which the client's own settings decide: it runs.
  if (field('C') === '28000') return true
  throw new Error(`Postgres says: ${field('M')}`)
}
