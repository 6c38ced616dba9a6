import { connect } from 'node:net'
import { connect as connectTls } from 'node:tls'

/**
 * Opens a connection, sends a request and hands every answer so far to `read` until that returns something.
 * @template T
 * @param {{ host: string, port: number, tls?: boolean, timeoutMs?: number }} server
 * @param {Buffer | string} request
 * @param {(answer: Buffer) => T | undefined} read Throws when the answer is a refusal.
 * @returns {Promise<T>}
 */
export function talkToServer({ host, port, tls = false, timeoutMs = 3000 }, request, read) {
  return new Promise((resolve, reject) => {
    const socket = tls ? connectTls({ host, port, servername: host }) : connect({ host, port })
    let answer = Buffer.alloc(0)
    const end = (/** @type {() => void} */ settle) => {
      socket.destroy()
      settle()
    }
    socket.setTimeout(timeoutMs, () =>
      end(() => reject(new Error(`${host}:${port} did not answer in ${timeoutMs} ms`))),
    )
    socket.once(tls ? 'secureConnect' : 'connect', () => socket.write(request))
    socket.once('error', (error) => end(() => reject(error)))
    socket.once('close', () => reject(new Error(`${host}:${port} closed the connection`)))
    socket.on('data', (part) => {
      answer = Buffer.concat([answer, part])
      try {
        const result = read(answer)
        if (result !== undefined) end(() => resolve(result))
      } catch (error) {
        end(() => reject(error))
      }
    })
  })
}
