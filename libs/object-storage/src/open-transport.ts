import http from 'node:http'
import https from 'node:https'

export type TransportOptions = { readonly secure: boolean; readonly sockets: number; readonly idleMs: number }

// The S3 client throws at these without reading the body, and a body that nobody reads keeps its socket for ever.
const UNREAD_STATUSES = new Set([408, 429, 499, 500, 502, 503, 504, 520])

/** The HTTP under the S3 client: kept-alive connections, and none that may stand still for longer than `idleMs`. */
export function openTransport({ secure, sockets, idleMs }: TransportOptions) {
  const { Agent, request } = secure ? https : http
  const agent = new Agent({ keepAlive: true, maxSockets: sockets, maxFreeSockets: sockets, scheduling: 'lifo' })
  const send = (options: http.RequestOptions, onResponse: (response: http.IncomingMessage) => void) => {
    const sent = request(options, (response) => {
      if (UNREAD_STATUSES.has(response.statusCode ?? 0)) response.resume()
      onResponse(response)
    })
    return sent.setTimeout(idleMs, () =>
      sent.destroy(Object.assign(new Error(`no byte in ${idleMs} ms`), { code: 'ETIMEDOUT' })),
    )
  }
  return { agent, transport: { request: send } }
}
