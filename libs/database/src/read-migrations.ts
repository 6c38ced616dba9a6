import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile, readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

/** A migration: `version` is the number that its file's name starts with, `checksum` the SHA-256 of its text. */
export type Migration = {
  readonly version: number
  readonly name: string
  readonly sql: string
  readonly checksum: string
}

/** The migrations of a folder, by version. */
export async function readMigrations(folder: string = migrationsFolder()): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort()
  return Promise.all(names.map((name) => readMigration(folder, name)))
}

async function readMigration(folder: string, name: string): Promise<Migration> {
  const version = Number(/^(\d{4})_[a-z0-9_]+\.sql$/.exec(name)?.[1])
  if (Number.isNaN(version)) throw new Error(`migrations/${name} is not named like 0001_what_it_does.sql`)
  const sql = await readFile(`${folder}/${name}`, 'utf8')
  return { version, name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
}

/** Beside the bundle, where the build copies them (infra/build/bundle-app.mjs); else where the sources have them. */
function migrationsFolder(): string {
  const bundled = fileURLToPath(new URL('migrations', import.meta.url))
  return existsSync(bundled) ? bundled : fileURLToPath(new URL('../migrations', import.meta.url))
}
