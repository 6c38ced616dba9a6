import { talkToServer } from './talk-to-server.mjs'

/**
 * @typedef {object} RedisFacts
 * @property {string} version For people.
 * @property {string | undefined} policy `maxmemory-policy`: with any but `noeviction` jobs can vanish.
 * @property {boolean} appendOnly Whether writes survive a restart.
 */

/**
 * Signs in and asks for INFO, which is answered only when the data are loaded.
 * @param {string} url `redis[s]://[user][:password@]host[:port]`
 * @returns {Promise<RedisFacts>}
 */
export async function probeRedis(url) {
  const { hostname, port, username, password, protocol } = new URL(url)
  const credentials = [username, password].filter(Boolean).map(decodeURIComponent)
  const request = (credentials.length > 0 ? command('AUTH', ...credentials) : '') + command('INFO')
  const server = { host: hostname || '127.0.0.1', port: Number(port || 6379), tls: protocol === 'rediss:' }
  return talkToServer(server, request, (answer) => readInfo(answer.toString('latin1')))
}

/** @param {...string} words */
function command(...words) {
  return `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`
}

/**
 * @param {string} answer All that the server has sent: an error, or at its end INFO as a bulk string.
 * @returns {RedisFacts | undefined} undefined while it is not whole
 */
function readInfo(answer) {
  const refusal = /^-(.*?)\r\n/m.exec(answer)
  if (refusal !== null) throw new Error(`Redis says: ${refusal[1]}`)
  const bulk = /^\$(\d+)\r\n/m.exec(answer)
  if (bulk === null || answer.length < bulk.index + bulk[0].length + Number(bulk[1])) return undefined
  const field = (/** @type {string} */ name) => new RegExp(`^${name}:(.*?)\r?$`, 'm').exec(answer)?.[1]
  const valkey = field('valkey_version')
  return {
    version: valkey === undefined ? `Redis ${field('redis_version')}` : `Valkey ${valkey}`,
    policy: field('maxmemory_policy'),
    appendOnly: field('aof_enabled') === '1',
  }
}
