import { parse } from 'csv-parse/sync'
import { EMOTIONS } from '@ser/contracts'
import { corpusError } from './errors.ts'
import { readLabel } from './read-label.ts'
import type { ClipLabel, LabelRejection, ManifestSplit } from './verdict.ts'

const REQUIRED = ['path', 'label', 'speaker'] as const
const COLUMNS = [...REQUIRED, 'word', 'split'] as const
type Column = (typeof COLUMNS)[number]

const SPLITS: Readonly<Record<string, ManifestSplit>> = {
  train: 'train',
  training: 'train',
  validation: 'validation',
  valid: 'validation',
  val: 'validation',
  dev: 'validation',
  test: 'test',
  testing: 'test',
}

export type ManifestRow = ClipLabel & { readonly path: string; readonly line: number }
export type ManifestRejection = LabelRejection & { readonly path: string; readonly line: number }
export type Manifest = { readonly rows: readonly ManifestRow[]; readonly rejections: readonly ManifestRejection[] }

type Line = { readonly line: number; readonly fields: readonly string[] }

/**
 * Reads a list of anybody's recordings: CSV in UTF-8 (RFC 4180, a byte order mark allowed) with the header
 * `path,label,speaker[,word][,split]` in any order; further columns are left alone. Paths are relative to the source's root,
 * divided by `/`, in Unicode's NFC. A row that cannot be used is reported with its line and never stops the others.
 *
 * @throws SerError MANIFEST_INVALID when the header lacks a column or names one twice
 */
export function parseManifest(text: string): Manifest {
  const rows = new Map<string, ManifestRow>()
  const rejections: ManifestRejection[] = []
  const lines = readLines(text, rejections)
  const header = readHeader(lines[0])
  for (const line of lines.slice(1)) {
    const row = readRow(line, header, lines[0].fields.length)
    if ('code' in row) rejections.push(row)
    else if (rows.has(row.path)) rejections.push(listedTwice(row, rows.get(row.path)!))
    else rows.set(row.path, row)
  }
  return { rows: [...rows.values()], rejections }
}

/** The form in which a path is looked up: Unicode's NFC (macOS writes names decomposed), without a leading `./`. */
export function manifestKey(path: string): string {
  return path.normalize('NFC').replace(/^(?:\.\/)+/, '')
}

function readLines(text: string, rejections: ManifestRejection[]): Line[] {
  const records: string[][] = []
  const lines: number[] = []
  parse(text, {
    bom: true,
    trim: true,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    on_skip: (error) => {
      rejections.push(badRow('', Number(error?.['lines'] ?? 0), error?.message ?? 'cannot be read as CSV'))
      return undefined
    },
    on_record: (record: string[], { lines: line }) => {
      records.push(record)
      lines.push(line)
      return null
    },
  })
  return records.map((fields, index) => ({ line: lines[index], fields }))
}

function readHeader(first: Line | undefined): ReadonlyMap<Column, number> {
  if (first === undefined)
    throw corpusError('MANIFEST_INVALID', 'the manifest is empty; its first line must be path,label,speaker')
  const names = first.fields.map((name) => name.toLowerCase())
  const twice = COLUMNS.find((column) => names.indexOf(column) !== names.lastIndexOf(column))
  if (twice !== undefined)
    throw corpusError('MANIFEST_INVALID', `the manifest's header names the column ${twice} twice`)
  const missing = REQUIRED.filter((column) => !names.includes(column))
  if (missing.length > 0) {
    throw corpusError(
      'MANIFEST_INVALID',
      `the manifest's header lacks ${missing.join(', ')}: it is ${JSON.stringify(first.fields.join(','))}, and must be path,label,speaker[,word][,split], divided by commas`,
    )
  }
  return new Map(COLUMNS.filter((column) => names.includes(column)).map((column) => [column, names.indexOf(column)]))
}

function readRow(
  { line, fields }: Line,
  header: ReadonlyMap<Column, number>,
  width: number,
): ManifestRow | ManifestRejection {
  const field = (column: Column) => (header.has(column) ? (fields[header.get(column)!] ?? '') : '')
  const path = manifestKey(field('path'))
  if (fields.length !== width) return badRow(path, line, `${fields.length} fields where the header has ${width}`)
  const unsafe = unsafeReason(path)
  if (unsafe !== undefined) return { code: 'unsafe_path', path, line, message: `line ${line}: the path ${unsafe}` }
  const label = readLabel(field('label'))
  if (label === undefined) return unknownLabel(path, line, field('label'))
  const speaker = field('speaker')
  if (speaker === '') return badRow(path, line, 'no speaker; without one, splits cannot keep speakers apart')
  const split = field('split') === '' ? null : SPLITS[field('split').toLowerCase()]
  if (split === undefined)
    return badRow(path, line, `the split ${JSON.stringify(field('split'))} is none of train, validation, test`)
  const word = field('word').normalize('NFC').toLowerCase()
  return { path, line, label, speaker, word: word === '' ? null : word, split }
}

function unsafeReason(path: string): string | undefined {
  if (path === '') return 'is missing'
  if (path.includes('\0')) return 'has a NUL in it'
  if (/^(?:[/\\]|[a-z]:[/\\])/i.test(path)) return 'is absolute; it must be relative to the source'
  if (path.split(/[/\\]/).includes('..')) return 'leads out of the source (..)'
  return undefined
}

function badRow(path: string, line: number, what: string): ManifestRejection {
  return { code: 'bad_manifest_row', path, line, message: `line ${line} of the manifest: ${what}` }
}

function unknownLabel(path: string, line: number, label: string): ManifestRejection {
  const message = `line ${line} of the manifest: the label ${JSON.stringify(label)} is none of ${EMOTIONS.join(', ')} or their usual synonyms`
  return { code: 'unknown_label', path, line, message }
}

function listedTwice(row: ManifestRow, first: ManifestRow): ManifestRejection {
  const message = `line ${row.line} of the manifest: this path is already on line ${first.line}, which counts`
  return { code: 'listed_twice', path: row.path, line: row.line, message }
}
