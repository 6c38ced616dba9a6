import { expect, test } from 'vitest'
import { createMessageSplitter } from './split-messages.ts'

function message(code: string, content: string): Buffer {
  const head = Buffer.alloc(5)
  head.write(code)
  head.writeInt32BE(4 + content.length, 1)
  return Buffer.concat([head, Buffer.from(content)])
}

test('tells copied data from other messages, wherever the stream is cut', () => {
  const stream = Buffer.concat([
    message('H', 'copy begins'),
    message('d', 'first'),
    message('d', ''),
    message('N', 'a notice'),
    message('d', 'a longer second row'),
    message('c', ''),
    message('Z', 'I'),
  ])
  for (let size = 1; size <= stream.length; size += 1) {
    const seen: string[] = []
    const split = createMessageSplitter(
      (data, start, end) => void seen.push(data.toString('latin1', start, end)),
      (other) => void seen.push(`${other.toString('latin1', 0, 1)}${other.length}`),
    )
    for (let at = 0; at < stream.length; at += size) split(stream.subarray(at, at + size))
    expect(seen).toEqual(['H16', 'first', '', 'N13', 'a longer second row', 'c5', 'Z6'])
  }
})
