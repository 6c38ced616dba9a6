import type { ServerEvent } from './stream-events.ts'

/** Gives an event for a value that is not the one before, else none. */
export function onChange(): (value: unknown, id: string, event: string) => ServerEvent[] {
  let last: string | undefined
  return (value, id, event) => {
    const text = JSON.stringify(value)
    if (text === last) return []
    last = text
    return [{ event, data: value, id }]
  }
}
