import { expect, it } from 'vitest'
import { renderTable } from './terminal.ts'

it('lines tables up without borders, numbers on the right', () => {
  expect(
    renderTable(
      ['name', 'clips'],
      [
        ['tess', 2800],
        ['mine', 7],
      ],
    ),
  ).toEqual(['name  clips', 'tess   2800', 'mine      7'])
})

it('says "none" of a table without rows', () => {
  expect(renderTable(['name'], [])).toEqual(['none'])
})
