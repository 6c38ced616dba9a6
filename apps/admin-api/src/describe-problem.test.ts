import { SerError } from '@ser/contracts'
import { describe, expect, it } from 'vitest'
import { describeProblem } from './describe-problem.ts'

describe('problem details', () => {
  it.each([
    ['bad-input', 422],
    ['gone', 404],
    ['conflict', 409],
    ['transient', 503],
  ] as const)('answer a failure of kind %s with %i and its code', (kind, status) => {
    const error = new SerError('SOME_CODE', 'what is wrong', { kind })
    expect(describeProblem(error, 'r1')).toEqual({
      type: 'urn:ser:problem:some-code',
      title: expect.any(String),
      status,
      detail: 'what is wrong',
      code: 'SOME_CODE',
    })
  })

  it('take the code and kind of errors that are not SerErrors', () => {
    const error = Object.assign(new Error('not a recording'), { code: 'not_audio', kind: 'bad-input' })
    expect(describeProblem(error, 'r1')).toMatchObject({ status: 422, code: 'not_audio', detail: 'not a recording' })
  })

  it('say nothing of the inside when the error is not known', () => {
    const answer = describeProblem(new Error('password=hunter2'), 'r1')
    expect(answer).toMatchObject({ status: 500, code: 'INTERNAL' })
    expect(JSON.stringify(answer)).not.toContain('hunter2')
    expect(answer.detail).toContain('r1')
  })

  it('name what Fastify refuses by codes of our own', () => {
    const error = Object.assign(new Error('Request body is too large'), {
      code: 'FST_ERR_CTP_BODY_TOO_LARGE',
      statusCode: 413,
    })
    expect(describeProblem(error, 'r1')).toMatchObject({ status: 413, code: 'BODY_TOO_LARGE' })
  })
})
