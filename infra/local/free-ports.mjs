import { createServer } from 'node:net'

/**
 * Ports of 127.0.0.1 on which nothing listens: the wished ones where they are free, else others.
 * @param {number} count
 * @param {number[]} [wished]
 * @returns {Promise<number[]>}
 */
export async function freePorts(count, wished = []) {
  const kept = wished.length === count ? await Promise.allSettled(wished.map(hold)) : []
  const servers = kept.filter((result) => result.status === 'fulfilled').map((result) => result.value)
  try {
    if (servers.length === count) return wished
    // All are held at once, or the same one would be given twice.
    while (servers.length < count) servers.push(await hold(0))
    return servers.map(portOf)
  } finally {
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  }
}

/** @param {import('node:net').Server} server */
function portOf(server) {
  const address = server.address()
  return typeof address === 'object' ? (address?.port ?? 0) : 0
}

/**
 * @param {number} port
 * @returns {Promise<import('node:net').Server>}
 */
function hold(port) {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve(server))
  })
}
