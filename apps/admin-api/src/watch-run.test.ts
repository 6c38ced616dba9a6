import { expect, it } from 'vitest'
import { lastEpochSeen } from './watch-run.ts'

it.each([
  ['17', 17],
  [undefined, 0],
  ['', 0],
  ['-3', 0],
  ['end', 0],
  ['99999999999999999999', 0],
])('takes a Last-Event-ID of %s as epoch %i', (header, epoch) => {
  expect(lastEpochSeen(header)).toBe(epoch)
})
