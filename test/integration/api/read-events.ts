export type ReceivedEvent = { readonly event: string; readonly id: string | undefined; readonly data: unknown }

/** The events of a response until it ends, or until `enough` of them have come. */
export async function readEvents(response: Response, enough = Infinity): Promise<ReceivedEvent[]> {
  const events: ReceivedEvent[] = []
  let text = ''
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    const blocks = (text + chunk).split('\n\n')
    text = blocks.pop()!
    for (const block of blocks) {
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1]
      const [event, data] = [field('event'), field('data')]
      if (event !== undefined && data !== undefined) events.push({ event, id: field('id'), data: JSON.parse(data) })
    }
    if (events.length >= enough) break
  }
  return events
}
