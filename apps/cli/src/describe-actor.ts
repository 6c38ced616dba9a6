import { hostname, userInfo } from 'node:os'

/** Who gives the command, to be kept with what it changes: `anna@workstation`. The token says what the server knows. */
export function actorHeader(): Record<string, string> {
  const actor = `${userInfo().username}@${hostname()}`.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 200)
  return { 'x-ser-actor': actor }
}
