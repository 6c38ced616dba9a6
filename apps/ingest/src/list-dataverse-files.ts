import { SerError } from '@ser/contracts'
import { z } from 'zod'
import { request, type HttpOptions } from './request-with-retry.ts'

/** A file of a dataset in a Dataverse. */
export type DataverseFile = {
  readonly url: string
  /** Where it goes below the target folder, divided by `/`. */
  readonly path: string
  readonly bytes: number
  readonly checksum: { readonly algorithm: 'md5' | 'sha1' | 'sha256' | 'sha512'; readonly hex: string }
}

const ALGORITHMS = { MD5: 'md5', 'SHA-1': 'sha1', 'SHA-256': 'sha256', 'SHA-512': 'sha512' } as const

const dataFileSchema = z.object({
  id: z.int(),
  filesize: z.int().min(0),
  md5: z.string().optional(),
  checksum: z.object({ type: z.enum(['MD5', 'SHA-1', 'SHA-256', 'SHA-512']), value: z.string() }).optional(),
  /** These three: of a table that the Dataverse converted and keeps the original of. */
  originalFileFormat: z.string().optional(),
  originalFileName: z.string().optional(),
  originalFileSize: z.int().optional(),
})
const answerSchema = z.object({
  status: z.literal('OK'),
  data: z.array(
    z.object({
      label: z.string().min(1),
      directoryLabel: z.string().optional(),
      restricted: z.boolean().optional(),
      dataFile: dataFileSchema,
    }),
  ),
})
type ListedFile = z.output<typeof answerSchema>['data'][number]

export type DataverseDataset = {
  /** `https://borealisdata.ca` */
  readonly baseUrl: string
  /** `doi:10.5683/SP2/E8H2MF` */
  readonly persistentId: string
}

/**
 * The files of the latest published version of a dataset, by the native API of Dataverse
 * (guides.dataverse.org, "List Files in a Dataset"): its bundle download would be cut at a size limit.
 *
 * @throws SerError DATAVERSE_INVALID when what answers is no Dataverse, or a file cannot be had or placed
 */
export async function listDataverseFiles(dataset: DataverseDataset, options: HttpOptions): Promise<DataverseFile[]> {
  const query = new URLSearchParams({ persistentId: dataset.persistentId })
  const url = `${dataset.baseUrl}/api/datasets/:persistentId/versions/:latest/files?${query.toString()}`
  const answer = answerSchema.safeParse(await readJson(url, options))
  if (!answer.success)
    throw invalid(`${dataset.baseUrl} does not answer like a Dataverse: ${z.prettifyError(answer.error)}`)
  const files = answer.data.data.map((file) => describeFile(file, dataset))
  if (files.length === 0) throw invalid(`${dataset.persistentId} has no files`)
  const twice = files.find(({ path }, index) => files.findIndex((other) => other.path === path) !== index)
  if (twice !== undefined) throw invalid(`${dataset.persistentId} has two files named ${twice.path}`)
  return files
}

async function readJson(url: string, options: HttpOptions): Promise<unknown> {
  const text = await request(url, {}, options, (response) => response.text())
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function describeFile(
  { label, directoryLabel, restricted, dataFile }: ListedFile,
  dataset: DataverseDataset,
): DataverseFile {
  if (restricted === true) {
    throw invalid(
      `${label} is restricted: ask for access at ${dataset.baseUrl}/dataset.xhtml?persistentId=${dataset.persistentId}`,
    )
  }
  const converted = dataFile.originalFileFormat !== undefined
  const name = converted ? (dataFile.originalFileName ?? label) : label
  const path = directoryLabel === undefined || directoryLabel === '' ? name : `${directoryLabel}/${name}`
  if (path.split(/[/\\]/).some((part) => part === '' || part === '.' || part === '..') || path.includes('\0')) {
    throw invalid(`the file name ${JSON.stringify(path)} leads out of the folder`)
  }
  const sum =
    dataFile.checksum ?? (dataFile.md5 === undefined ? undefined : { type: 'MD5' as const, value: dataFile.md5 })
  if (sum === undefined) throw invalid(`${path} has no check sum`)
  return {
    // A converted table is asked for as it was uploaded; its check sum is that of the upload.
    url: `${dataset.baseUrl}/api/access/datafile/${dataFile.id}${converted ? '?format=original' : ''}`,
    path,
    bytes: converted ? (dataFile.originalFileSize ?? dataFile.filesize) : dataFile.filesize,
    checksum: { algorithm: ALGORITHMS[sum.type], hex: sum.value.toLowerCase() },
  }
}

function invalid(message: string): SerError {
  return new SerError('DATAVERSE_INVALID', message, { kind: 'bad-input' })
}
