import { createHash, createHmac } from 'node:crypto'

/**
 * Lists the buckets with a signed request: proves the address and the keys.
 * @param {{ endpoint: string, accessKey: string, secretKey: string, region: string }} storage
 * @returns {Promise<string>} the server's name for itself, or ''
 */
export async function probeS3({ endpoint, accessKey, secretKey, region }) {
  const url = new URL('/', endpoint)
  const headers = signedHeaders({ host: url.host, accessKey, secretKey, region, now: new Date() })
  const response = await fetch(url, { headers, redirect: 'manual', signal: AbortSignal.timeout(3000) })
  const text = await response.text()
  const code = /<Code>(\w+)<\/Code>/.exec(text)?.[1]
  // Keys that may use one bucket only must not list the others; the signature was accepted.
  if (response.ok || code === 'AccessDenied') return response.headers.get('server') ?? ''
  throw new Error(`S3 answers ${response.status}${code === undefined ? '' : ` ${code}`}`)
}

/**
 * AWS Signature Version 4 of `GET /` without a body.
 * @param {{ host: string, accessKey: string, secretKey: string, region: string, now: Date }} request
 * @returns {Record<string, string>}
 */
export function signedHeaders({ host, accessKey, secretKey, region, now }) {
  const time = `${now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`
  const scope = `${time.slice(0, 8)}/${region}/s3/aws4_request`
  const payload = sha256('')
  const names = 'host;x-amz-content-sha256;x-amz-date'
  const canonical = `GET\n/\n\nhost:${host}\nx-amz-content-sha256:${payload}\nx-amz-date:${time}\n\n${names}\n${payload}`
  const key = scope
    .split('/')
    .reduce(
      (/** @type {string | Buffer} */ secret, part) => createHmac('sha256', secret).update(part).digest(),
      `AWS4${secretKey}`,
    )
  const signature = createHmac('sha256', key)
    .update(`AWS4-HMAC-SHA256\n${time}\n${scope}\n${sha256(canonical)}`)
    .digest('hex')
  return {
    'x-amz-date': time,
    'x-amz-content-sha256': payload,
    authorization: `AWS4-HMAC-SHA256 Credential=${accessKey}/${scope}, SignedHeaders=${names}, Signature=${signature}`,
  }
}

/** @param {string} text */
function sha256(text) {
  return createHash('sha256').update(text).digest('hex')
}
