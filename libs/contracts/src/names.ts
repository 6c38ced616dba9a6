import { z } from 'zod'

/** Any text that is stored: Postgres knows no NUL, and half of a surrogate pair is no character. */
export const textSchema = z.string().refine((text) => !/[\0\p{Surrogate}]/u.test(text), {
  error: 'text must hold no NUL character and no half of a surrogate pair',
})

/** A name of a dataset or a model: lower case letters, digits, dots, dashes; at most 63 characters. */
export const nameSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9.-]{0,62}$/, 'a name is 1 to 63 lower case letters, digits, dots and dashes')

/** The SHA-256 of a recording's bytes: the identity of a clip. */
export const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 is 64 hexadecimal digits')

export const idSchema = z.uuid()

/** ISO 8601. */
export const timeSchema = z.iso.datetime({ offset: true })
