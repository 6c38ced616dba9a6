import { expect, test } from 'vitest'
import { parseManifest } from './parse-manifest.ts'

test('reads path, label and speaker, and word and split where given, in any order of columns', () => {
  const { rows, rejections } = parseManifest(
    'Speaker,path,notes,LABEL,split,word\nAnna,a/1.wav,x,Anger,Training,Back\n',
  )
  expect(rejections).toEqual([])
  expect(rows).toEqual([{ path: 'a/1.wav', line: 2, label: 'angry', speaker: 'Anna', word: 'back', split: 'train' }])
})

test('takes a byte order mark, quotes with commas and line feeds in them, CRLF and blank lines', () => {
  const { rows, rejections } = parseManifest(
    '\uFEFFpath,label,speaker\r\n"a, b\n.wav",sad,"O ""B"""\r\n\r\n./c.wav,happy,C\r\n',
  )
  expect(rejections).toEqual([])
  expect(rows.map(({ path, speaker }) => [path, speaker])).toEqual([
    ['a, b\n.wav', 'O "B"'],
    ['c.wav', 'C'],
  ])
})

test('reports each bad row with its line and keeps the good ones', () => {
  const text = [
    'path,label,speaker,split',
    'good.wav,sad,A,test',
    'calm.wav,calm,A,test',
    ',sad,A,test',
    'nobody.wav,sad,,test',
    'short.wav,sad',
    'side.wav,sad,A,holdout',
    'good.wav,happy,A,test',
    'last.wav,happy,B,',
  ].join('\n')
  const { rows, rejections } = parseManifest(text)
  expect(rows.map(({ path, line }) => [path, line])).toEqual([
    ['good.wav', 2],
    ['last.wav', 9],
  ])
  expect(rejections.map(({ line, code }) => [line, code])).toEqual([
    [3, 'unknown_label'],
    [4, 'unsafe_path'],
    [5, 'bad_manifest_row'],
    [6, 'bad_manifest_row'],
    [7, 'bad_manifest_row'],
    [8, 'listed_twice'],
  ])
  expect(rejections[0].message).toContain('"calm" is none of angry, disgust')
  expect(rejections[5].message).toContain('already on line 2')
})

test.each([
  '../up.wav',
  'a/../../up.wav',
  '/etc/passwd',
  'C:\\x.wav',
  '\\\\host\\x.wav',
  'a\\..\\..\\x.wav',
  'a\0.wav',
])('refuses the path %j', (path) => {
  const { rows, rejections } = parseManifest(`path,label,speaker\n${path},sad,A\nfine.wav,sad,A\n`)
  expect(rows.map((row) => row.path)).toEqual(['fine.wav'])
  expect(rejections).toMatchObject([{ line: 2, code: 'unsafe_path' }])
})

test('looks paths up in one Unicode form, however the manifest was typed', () => {
  expect(parseManifest('path,label,speaker\ncafe\u0301.wav,sad,A\n').rows[0].path).toBe('caf\u00e9.wav')
})

test('goes on after a line that is not CSV and reports it', () => {
  const { rows, rejections } = parseManifest('path,label,speaker\na"b.wav,sad,A\nfine.wav,sad,A\n')
  expect(rejections).toMatchObject([{ code: 'bad_manifest_row' }])
  expect(rows.map((row) => row.path)).toEqual(['fine.wav'])
})

test.each([
  ['', /empty/],
  ['file,emotion\na.wav,sad\n', /lacks path, label, speaker/],
  ['path;label;speaker\na.wav;sad;A\n', /divided by commas/],
  ['path,label,speaker,path\na,sad,A,b\n', /path twice/],
])('refuses the header of %j', (text, message) => {
  expect(() => parseManifest(text)).toThrow(message)
})
