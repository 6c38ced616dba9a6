import { expect, test } from 'vitest'
import { createRowParser } from './parse-copy.ts'

const header = Buffer.concat([Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), Buffer.alloc(8)])
const trailer = Buffer.from([0xff, 0xff])

function row(...fields: (string | null)[]): Buffer {
  const parts = fields.map((field) => {
    const length = Buffer.alloc(4)
    length.writeInt32BE(field === null ? -1 : field.length)
    return Buffer.concat([length, Buffer.from(field ?? '')])
  })
  return Buffer.concat([Buffer.from([0, fields.length]), ...parts])
}

function parse(messages: readonly Buffer[]): (string | null)[][] {
  const rows: (string | null)[][] = []
  const take = createRowParser({
    fields: 2,
    read(data, starts, lengths) {
      rows.push(
        Array.from(starts, (start, field) =>
          lengths[field] < 0 ? null : data.toString('latin1', start, start + lengths[field]),
        ),
      )
    },
  })
  for (const message of messages) {
    // As it lies among others.
    const data = Buffer.concat([Buffer.from('before'), message, Buffer.from('after')])
    take(data, 6, 6 + message.length)
  }
  return rows
}

test('reads a row of each message, of which the first begins with the header', () => {
  expect(parse([Buffer.concat([header, row('a', 'bcd')]), row('', null), trailer])).toEqual([
    ['a', 'bcd'],
    ['', null],
  ])
  expect(parse([Buffer.concat([header, trailer])])).toEqual([])
})

test('takes nothing for COPY BINARY that is not', () => {
  expect(() => parse([Buffer.from('sha256\tlabel\tspeaker\n')])).toThrow(/signature/)
  expect(() => parse([Buffer.concat([header, row('a', 'b', 'c')])])).toThrow(/3 fields instead of 2/)
  expect(() => parse([Buffer.concat([header, row('a', 'bcd').subarray(0, -1)])])).toThrow(/longer than its message/)
})
