import { checkedPredictionOptionsSchema, PREDICTION_LIMITS, SerError, type PredictionOptions } from '@ser/contracts'
import type { MultipartFile } from '@fastify/multipart'
import { errorCodes, type FastifyRequest } from 'fastify'
import { z } from 'zod'

/** A recording of a request, or why it could not be read. */
export type Sent =
  | { readonly file: string | null; readonly bytes: Uint8Array }
  | { readonly file: string | null; readonly error: unknown }

export type Asked = {
  readonly recordings: readonly Sent[]
  readonly options: PredictionOptions
  readonly ofOneSpeaker?: boolean
}

/** Reads the body of a request: a recording as it is, or a form of recordings and options. Options of the form come before the query's. */
export async function readRecordings(
  request: FastifyRequest,
  query: PredictionOptions,
  mostBytes: number,
): Promise<Asked> {
  const { recordings, fields } = request.isMultipart()
    ? await readForm(request, mostBytes)
    : { recordings: readBody(request.body), fields: {} }
  if (recordings.length === 0) {
    throw new SerError('NO_RECORDING', 'send a recording as the body, or as a file of a multipart form', {
      kind: 'bad-input',
    })
  }
  return { recordings, options: checkOptions({ ...query, ...fields }) }
}

function readBody(body: unknown): Sent[] {
  return body instanceof Uint8Array && body.length > 0 ? [{ file: null, bytes: body }] : []
}

async function readForm(
  request: FastifyRequest,
  mostBytes: number,
): Promise<{ recordings: Sent[]; fields: Record<string, unknown> }> {
  const recordings: Sent[] = []
  const fields: Record<string, unknown> = {}
  let bytes = 0
  for await (const part of request.parts()) {
    if (part.type === 'file') {
      const sent = await readFile(part)
      bytes += 'bytes' in sent ? sent.bytes.length : 0
      // The parts have their bound, but not the form.
      if (bytes > mostBytes) throw new errorCodes.FST_ERR_CTP_BODY_TOO_LARGE()
      recordings.push(sent)
    } else fields[part.fieldname] = part.value
  }
  return { recordings, fields }
}

async function readFile(part: MultipartFile): Promise<Sent> {
  const file = part.filename === '' ? null : part.filename
  const bytes = await part.toBuffer()
  return bytes.length > 0 ? { file, bytes } : { file, error: emptyError() }
}

function emptyError(): SerError {
  return new SerError('empty', 'the file is empty; copy it again or leave it out', { kind: 'bad-input' })
}

function checkOptions(options: unknown): PredictionOptions {
  const checked = checkedPredictionOptionsSchema.safeParse(options)
  if (checked.success) return checked.data
  throw new SerError('OPTIONS_INVALID', z.prettifyError(checked.error), { kind: 'bad-input' })
}

/** The bounds of a form. */
export const FORM_LIMITS = { files: PREDICTION_LIMITS.recordings, fields: 8, fieldSize: 256 }
