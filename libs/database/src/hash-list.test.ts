import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { createHashList, findHashes, hashesToHex, selectHashes, sortHashes } from './hash-list.ts'

const hashOf = (index: number) => createHash('sha256').update(String(index)).digest('hex')

function listOf(texts: readonly string[]) {
  const list = createHashList()
  for (const text of texts) list.add(Buffer.from(`00${text}`, 'hex'), 1)
  return list.all()
}

test.each([0, 1, 2, 1000, 5000])('puts %s hashes in the order of their bytes', (count) => {
  const texts = Array.from({ length: count }, (_, index) => hashOf(index))
  const all = listOf(texts)
  expect(hashesToHex(all)).toEqual(texts)
  const places = sortHashes(all, () => 0)
  expect(hashesToHex(selectHashes(all, places))).toEqual(texts.toSorted())
})

test('puts equal ones in the order asked for, few or many, and hashes that differ only in their last byte in theirs', () => {
  const few = hashOf(0)
  const texts = [few, `${few.slice(0, 62)}ff`, few, `${few.slice(0, 62)}00`, few, ...Array<string>(100).fill(hashOf(1))]
  const places = [...sortHashes(listOf(texts), (a, b) => b - a)]
  const expected = [...texts.keys()].toSorted((a, b) => (texts[a] < texts[b] ? -1 : texts[a] > texts[b] ? 1 : b - a))
  expect(places).toEqual(expected)
})

test('finds hashes among others in any order, and says which are not there', () => {
  const ascending = Array.from({ length: 1000 }, (_, index) => hashOf(index)).toSorted()
  const others = Array.from({ length: 1500 }, (_, index) => hashOf(index + 500))
  const found = findHashes(listOf(ascending), listOf(others))
  expect([...found]).toEqual(ascending.map((text) => others.indexOf(text)))
  expect(found.filter((place) => place < 0)).toHaveLength(500)
  expect([...findHashes(listOf([]), listOf(others))]).toEqual([])
  expect([...findHashes(listOf(ascending.slice(0, 2)), listOf([]))]).toEqual([-1, -1])
})
