import { sha256Schema, type ClipVariant } from '@ser/contracts'
import { getClip, type StoredClip } from '@ser/database'
import { renderClipComparison, type ShownClip } from '@ser/report'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { ApiDeps } from './api-deps.ts'
import { createSpectrograms, type Spectrograms } from './create-spectrograms.ts'
import { mediaType } from './media-type.ts'
import { content, problems, SECURED } from './response-schemas.ts'

const params = z.object({ sha256: sha256Schema })
const about = { tags: ['datasets'], security: SECURED, params }

/** Its name is its content, so what is drawn of it never changes. */
const FOR_EVER = 'private, max-age=31536000, immutable'
/** A longer recording is not carried in a page. */
const PLAYED_BYTES = 4 * 2 ** 20
/** Pictures of one page. */
const VARIANTS_AT_MOST = 8

export function serveSpectrograms({ db, storage }: Pick<ApiDeps, 'db' | 'storage'>): FastifyPluginAsyncZod {
  return async (app) => {
    const spectrograms = createSpectrograms()
    app.addHook('onClose', spectrograms.close)
    const show = (clip: StoredClip, made?: ClipVariant) => showClip(clip, made, { storage, spectrograms })
    app.get(
      '/clips/:sha256/spectrogram',
      {
        schema: {
          ...about,
          operationId: 'getClipSpectrogram',
          summary: 'The log-mel spectrogram of a recording as a picture',
          response: { 200: content('image/svg+xml', z.string(), 'Self-contained SVG.'), ...problems(400, 404, 422) },
        },
      },
      async ({ params: { sha256 } }, reply) => {
        const clip = await getClip(db, sha256)
        const svg = await spectrograms.draw(sha256, () => storage.get(clip.objectKey))
        return reply.header('content-type', 'image/svg+xml').header('cache-control', FOR_EVER).send(svg)
      },
    )
    app.get(
      '/clips/:sha256/comparison',
      {
        schema: {
          ...about,
          operationId: 'compareClip',
          summary:
            'A variant beside what it was made from, or a recording beside its variants, to look at and to listen to',
          response: { 200: content('text/html', z.string(), 'The page.'), ...problems(400, 404, 422) },
        },
      },
      async ({ params: { sha256 } }, reply) => {
        const clip = await getClip(db, sha256)
        const made = clip.madeFrom.find(({ parent }) => parent !== sha256)
        const shown: ShownClip[] = []
        if (made === undefined) {
          shown.push(await show(clip))
          for (const variant of clip.variants.filter((each) => each.sha256 !== sha256).slice(0, VARIANTS_AT_MOST)) {
            shown.push(await show(await getClip(db, variant.sha256), variant))
          }
        } else {
          shown.push(await show(await getClip(db, made.parent)), await show(clip, made))
        }
        return reply.header('content-type', 'text/html; charset=utf-8').send(renderClipComparison(shown))
      },
    )
  }
}

async function showClip(
  { sha256, objectKey, seconds, sampleRate, bytes, container }: StoredClip,
  made: ClipVariant | undefined,
  { storage, spectrograms }: { storage: ApiDeps['storage']; spectrograms: Spectrograms },
): Promise<ShownClip> {
  const recording = await storage.get(objectKey, { maxBytes: bytes })
  const spectrogram = await spectrograms.draw(sha256, () => Promise.resolve(recording))
  const base = { sha256, seconds, sampleRate, spectrogram, ...(made === undefined ? {} : { made }) }
  if (bytes > PLAYED_BYTES) return base
  return { ...base, audio: `data:${mediaType(container)};base64,${Buffer.from(recording).toString('base64')}` }
}
