import type { TestServices } from './services.ts'

/** The environment in which an app works on the test servers, in parts of its own. */
export function appEnvironment(
  { redisUrl, s3 }: TestServices,
  own: { readonly databaseUrl: string; readonly bucket: string; readonly prefix: string },
) {
  return {
    DATABASE_URL: own.databaseUrl,
    REDIS_URL: redisUrl,
    S3_ENDPOINT: s3.endpoint,
    S3_ACCESS_KEY: s3.accessKey,
    S3_SECRET_KEY: s3.secretKey,
    S3_REGION: s3.region,
    S3_BUCKET: own.bucket,
    SER_QUEUE_PREFIX: own.prefix,
  }
}
