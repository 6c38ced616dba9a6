import { problemSchema, textSchema } from '@ser/contracts'
import { z } from 'zod'

const MEANINGS: Readonly<Record<number, string>> = {
  400: 'The request is not valid; `errors` says where.',
  401: 'The bearer token is missing or wrong.',
  404: 'There is no such thing.',
  409: 'The request contradicts the state.',
  413: 'The body is too large.',
  415: 'The media type is not one that this route takes.',
  422: 'The recording cannot be used; `code` says why.',
  503: 'A service is not reachable, or all is busy; try again.',
}

type ContentResponse = {
  readonly description: string
  readonly content: Readonly<Record<string, { readonly schema: z.ZodType }>>
}

/** The problem responses of a route, by status; 401 and 503 are those of every route. */
export function problems<const Status extends number>(
  ...statuses: readonly Status[]
): Record<Status | 401 | 503, ContentResponse> {
  const entries = [...statuses, 401 as const, 503 as const].map((status) => [status, problemResponse(status)] as const)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Object.fromEntries forgets which keys it was given
  return Object.fromEntries(entries) as Record<Status | 401 | 503, ContentResponse>
}

function problemResponse(status: number): ContentResponse {
  return content('application/problem+json', problemSchema, MEANINGS[status] ?? 'A problem.')
}

/** A response of one media type. */
export function content(mediaType: string, schema: z.ZodType, description: string): ContentResponse {
  return { description, content: { [mediaType]: { schema } } }
}

/** A page of a list. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() })
}

/** What a paged list takes. */
export const pageQuery = {
  cursor: textSchema.min(1).max(8192).optional().describe('`nextCursor` of the page before'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
}

/** What every route below /v1 says about itself. */
export const SECURED = [{ token: [] }]
