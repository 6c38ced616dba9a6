export { createTestBucket, type TestBucket } from './test-bucket.ts'
export { createTestDatabase, type TestDatabase } from './test-database.ts'
export { deleteQueueKeys, testQueuePrefix } from './test-queue.ts'
export { repositoryRoot, testServices, type TestServices } from './services.ts'
