import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createAuthorizer, parseChallenges } from '../../../src/sources/gate/authorization.ts'

const credentials = { user: 'Mufasa', password: 'Circle of Life' }

describe('Digest', () => {
  // RFC 7616, 3.9.1.
  const request = { method: 'GET', uri: '/dir/index.html' }
  const challenge = (algorithm: string) =>
    `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=${algorithm}, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"`
  const cnonce = 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ'
  test.each([
    ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
    ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
  ])('%s, as the RFC has it', (algorithm, response) => {
    const authorizer = createAuthorizer(credentials, () => cnonce)
    expect(authorizer.header(request)).toBeNull()
    expect(authorizer.refused(parseChallenges([challenge(algorithm)]))).toBe(true)
    const header = authorizer.header(request)!
    expect(header).toContain(`response="${response}"`)
    expect(header).toContain('nc=00000001')
    expect(authorizer.header(request)).toContain('nc=00000002')
  })

  test('the strongest that is offered, of one header or of several', () => {
    const authorizer = createAuthorizer(credentials, () => 'c')
    authorizer.refused(
      parseChallenges([
        'Basic realm="a", Digest realm="a", nonce="1", qop="auth"',
        'Digest realm="a", nonce="2", algorithm=SHA-256',
      ]),
    )
    expect(authorizer.header(request)).toMatch(/^Digest .*nonce="2".*algorithm=SHA-256/)
  })

  test('what nobody can answer is not tried', () => {
    const authorizer = createAuthorizer(credentials, () => 'c')
    for (const offer of [
      'Digest realm="a", nonce="1", algorithm=SHA-512',
      'Negotiate',
      'Digest realm="a", nonce="1", qop="auth-int"',
      '',
    ])
      expect(authorizer.refused(parseChallenges([offer]))).toBe(false)
    expect(createAuthorizer(null, () => 'c').refused(parseChallenges([challenge('MD5')]))).toBe(false)
  })

  test('a stale nonce is taken up; the same refusal twice is final', () => {
    const authorizer = createAuthorizer(credentials, () => 'c')
    const offer = (nonce: string, more = '') => parseChallenges([`Digest realm="a", nonce="${nonce}"${more}`])
    expect(authorizer.refused(offer('1'))).toBe(true)
    expect(authorizer.refused(offer('1'))).toBe(false)
    expect(authorizer.refused(offer('2', ', stale=TRUE'))).toBe(true)
    expect(authorizer.header(request)).toContain('nonce="2"')
    const basic = createAuthorizer(credentials, () => 'c')
    expect(basic.refused(parseChallenges(['Basic realm="a"']))).toBe(true)
    expect(basic.refused(parseChallenges(['Basic realm="a"']))).toBe(false)
  })

  test('a hostile realm stays within its quotes', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => {
        const authorizer = createAuthorizer(credentials, () => 'c')
        authorizer.refused(parseChallenges([`Digest realm="${text}", nonce="n"`]))
        const header = authorizer.header(request)
        if (header === null) return
        // Read back by the same grammar, there is exactly one of each name, and ours are what we said.
        const [read] = parseChallenges([header])
        expect(read!.parameters).toMatchObject({ username: credentials.user, uri: request.uri })
        expect(header.match(/(^|, )response=/g)).toHaveLength(1)
      }),
    )
  })
})

test('Basic', () => {
  const authorizer = createAuthorizer(credentials, () => 'c')
  expect(authorizer.refused(parseChallenges(['Basic realm="a"']))).toBe(true)
  expect(authorizer.header({ method: 'GET', uri: '/' })).toBe(`Basic ${btoa('Mufasa:Circle of Life')}`)
})
