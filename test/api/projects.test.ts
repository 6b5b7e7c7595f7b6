import { beforeAll, expect, test } from 'vitest'
import { graphql } from '../../src/client/generated/gql.ts'
import type { TestProjectsQuery } from '../../src/client/generated/graphql.ts'
import { newId } from '../../src/ids.ts'
import { apiKeys, events } from '../../src/platform/database/tables.ts'
import { type Answer, createTestApi, type TestApi } from '../support/api.ts'
import { describeOnBothDatabases } from '../support/databases.ts'

const CreateTestProject = graphql(/* GraphQL */ `
  mutation CreateTestProject($name: String!, $idempotencyKey: String) {
    createProject(input: { name: $name }, idempotencyKey: $idempotencyKey) {
      id
      name
      publicHealth
    }
  }
`)
const UpdateTestProject = graphql(/* GraphQL */ `
  mutation UpdateTestProject($id: ID!, $input: UpdateProjectInput!) {
    updateProject(id: $id, input: $input) {
      name
      publicHealth
      quotas {
        requestsPerMinute
      }
      sourcePolicy {
        schemes
        allowCidrs
        denyCidrs
      }
    }
  }
`)
const CreateTestKey = graphql(/* GraphQL */ `
  mutation CreateTestKey($input: CreateApiKeyInput!, $idempotencyKey: String) {
    createApiKey(input: $input, idempotencyKey: $idempotencyKey) {
      key
      apiKey {
        id
        prefix
        scopes
        expiresAt
        revokedAt
      }
    }
  }
`)
const RevokeTestKey = graphql(/* GraphQL */ `
  mutation RevokeTestKey($id: ID!) {
    revokeApiKey(id: $id) {
      id
      revokedAt
    }
  }
`)
const TestProjects = graphql(/* GraphQL */ `
  query TestProjects($after: String, $id: ID!) {
    projects(first: 1, after: $after) {
      nodes {
        id
        apiKeys {
          nodes {
            id
          }
        }
      }
      pageInfo {
        endCursor
        hasNextPage
      }
    }
    project(id: $id) {
      name
    }
    node(id: $id) {
      id
    }
  }
`)
const WhoAmI = graphql(/* GraphQL */ `
  query WhoAmI {
    viewer {
      scopes
      project {
        id
      }
    }
  }
`)

describeOnBothDatabases('projects and keys by the API', (database) => {
  /** Its project is the first one: its ADMIN key is the operator's. */
  let api: TestApi
  /** A project of somebody else. */
  let other: TestApi
  let operator: string

  beforeAll(async () => {
    api = await createTestApi(database())
    other = await createTestApi(database())
    operator = api.key('ADMIN')
  })

  const codes = (errors: { extensions: { code: string } }[]) => errors.map((error) => error.extensions.code)

  async function make(
    input: { name?: string; projectId?: string; scopes?: 'READ' | 'ADMIN'; expiresAt?: string } = {},
  ) {
    const { scopes = 'READ', ...rest } = input
    const answer = await api.query(
      CreateTestKey,
      { input: { name: 'made', scopes: [scopes], ...rest } },
      { key: operator },
    )
    expect(answer.errors).toEqual([])
    return answer.data!.createApiKey!
  }

  async function logOf(subjectId: string) {
    const rows = await database().db.query.events.findMany({ where: { subjectId }, orderBy: { position: 'asc' } })
    return rows.map(({ type, projectId, actor, data }) => ({ type, projectId, actor: actor?.name, data }))
  }

  test('the operator makes a project and its key, which opens that project alone; both stand in its log', async () => {
    const { data } = await api.query(CreateTestProject, { name: 'Studio' }, { key: operator })
    const project = data!.createProject!
    expect(project).toEqual({ id: expect.stringMatching(/^project_/), name: 'Studio', publicHealth: false })
    const { key, apiKey } = await make({ projectId: project.id, scopes: 'ADMIN' })
    expect(key.startsWith(`${apiKey.prefix}_`)).toBe(true)

    const who = await api.query(WhoAmI, {}, { key })
    expect(who.data).toEqual({ viewer: { scopes: ['ADMIN'], project: { id: project.id } } })
    const seen = await api.query(TestProjects, { id: api.projectId }, { key })
    expect(seen.data).toMatchObject({ project: null, node: null })
    expect(seen.data!.projects!.nodes.map((each) => each!.id)).toEqual([project.id])
    expect(seen.data!.projects!.pageInfo.hasNextPage).toBe(false)
    expect(await logOf(project.id)).toEqual([
      { type: 'project.created', projectId: project.id, actor: operator, data: { name: 'Studio' } },
    ])
    expect(await logOf(apiKey.id)).toEqual([
      {
        type: 'key.created',
        projectId: project.id,
        actor: operator,
        data: { name: 'made', prefix: apiKey.prefix, scopes: ['ADMIN'] },
      },
    ])
    const kept = JSON.stringify(await database().db.select().from(events))
    expect(kept).not.toContain(key.slice(-32))
  })

  test('the operator sees every project, page by page, and their keys', async () => {
    const { apiKey } = await make({ projectId: other.projectId })
    const seen = new Map<string, string[]>()
    let after: string | null = null
    do {
      const { data, errors }: Answer<TestProjectsQuery> = await api.query(
        TestProjects,
        { after, id: other.projectId },
        { key: operator },
      )
      expect(errors).toEqual([])
      expect(data).toMatchObject({ project: { name: 'Test' }, node: { id: other.projectId } })
      for (const node of data!.projects!.nodes) {
        seen.set(
          node!.id,
          node!.apiKeys!.nodes.map((key) => key!.id),
        )
      }
      after = data!.projects!.pageInfo.hasNextPage ? data!.projects!.pageInfo.endCursor! : null
    } while (after)
    expect(seen.get(other.projectId)).toContain(apiKey.id)
    expect([...seen.keys()]).toEqual([...seen.keys()].sort())
    expect(seen.has(api.projectId)).toBe(true)
  })

  test('to an ADMIN of another project what is not its own is not there, and no projects can be made', async () => {
    const stranger = { key: other.key('ADMIN') }
    const { apiKey } = await make()
    const updated = await other.query(UpdateTestProject, { id: api.projectId, input: { name: 'mine' } }, stranger)
    const input = { name: 'spy', scopes: ['READ' as const], projectId: api.projectId }
    const made = await other.query(CreateTestKey, { input }, stranger)
    const revoked = await other.query(RevokeTestKey, { id: apiKey.id }, stranger)
    for (const { errors } of [updated, made, revoked]) expect(codes(errors)).toEqual(['NOT_FOUND'])
    const project = await other.query(CreateTestProject, { name: 'mine too' }, stranger)
    expect(codes(project.errors)).toEqual(['FORBIDDEN'])
    for (const key of [null, other.key('READ', 'WRITE', 'PUBLISH', 'PLAY')]) {
      const { errors } = await other.query(CreateTestKey, { input: { name: 'x', scopes: ['READ'] } }, { key })
      expect(codes(errors)).toEqual([key === null ? 'UNAUTHENTICATED' : 'FORBIDDEN'])
    }
  })

  test('a call that is repeated makes nothing: a project is answered again, a key was shown once', async () => {
    const once = { name: 'Once', idempotencyKey: 'p1' }
    const first = await api.query(CreateTestProject, once, { key: operator })
    const again = await api.query(CreateTestProject, once, { key: operator })
    expect(again.data).toEqual(first.data)
    const another = await api.query(CreateTestProject, { ...once, name: 'Twice' }, { key: operator })
    expect(codes(another.errors)).toEqual(['CONFLICT'])

    const call = { input: { name: 'keyed', scopes: ['PLAY' as const] }, idempotencyKey: 'k1' }
    const made = await api.query(CreateTestKey, call, { key: operator })
    const { id } = made.data!.createApiKey!.apiKey
    const count = await database().db.$count(apiKeys)
    const repeated = await api.query(CreateTestKey, call, { key: operator })
    expect(codes(repeated.errors)).toEqual(['CONFLICT'])
    expect(repeated.errors[0]!.message).toContain(id)
    expect(await database().db.$count(apiKeys)).toBe(count)
  })

  test.each([
    [{ name: '', scopes: ['READ' as const] }, 'input.name'],
    [{ name: 'x', scopes: [] }, 'input.scopes'],
    [{ name: 'x', scopes: ['READ' as const], expiresAt: '2020-01-01T00:00:00.000Z' }, 'input.expiresAt'],
    [{ name: 'x', scopes: ['READ' as const], projectId: newId('Stream') }, 'input.projectId'],
  ])('%j is refused by its path and makes nothing', async (input, path) => {
    const count = await database().db.$count(apiKeys)
    const { errors } = await api.query(CreateTestKey, { input }, { key: operator })
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', fields: [{ path }] } }])
    expect(await database().db.$count(apiKeys)).toBe(count)
  })

  test('a key that is revoked opens nothing from then on; revoked again it stays as it was', async () => {
    const { key, apiKey } = await make()
    expect((await api.query(WhoAmI, {}, { key })).errors).toEqual([])
    const first = await api.query(RevokeTestKey, { id: apiKey.id }, { key: operator })
    expect(first.data!.revokeApiKey).toEqual({ id: apiKey.id, revokedAt: expect.any(String) })
    expect(codes((await api.query(WhoAmI, {}, { key })).errors)).toEqual(['UNAUTHENTICATED'])
    const second = await api.query(RevokeTestKey, { id: apiKey.id }, { key: operator })
    expect(second.data).toEqual(first.data)
    expect((await logOf(apiKey.id)).map(({ type, actor }) => [type, actor])).toEqual([
      ['key.created', operator],
      ['key.revoked', operator],
    ])
  })

  test('the last ADMIN key of the first project stays, also where two revoke each the other', async () => {
    const temporary = await make({ scopes: 'ADMIN', expiresAt: new Date(Date.now() + 60_000).toISOString() })
    const one = await make({ scopes: 'ADMIN' })
    const alone = await api.query(RevokeTestKey, { id: one.apiKey.id }, { key: operator })
    expect(codes(alone.errors)).toEqual(['INVALID_STATE'])
    expect(alone.errors[0]!.message).toContain('createApiKey')
    const two = await make({ scopes: 'ADMIN' })
    const answers = await Promise.all([
      api.query(RevokeTestKey, { id: one.apiKey.id }, { key: two.key }),
      api.query(RevokeTestKey, { id: two.apiKey.id }, { key: one.key }),
    ])
    const ends = answers.map(({ errors, data }) => (data?.revokeApiKey ? 'OK' : codes(errors)[0]))
    expect(ends.filter((end) => end === 'OK')).toHaveLength(1)
    const revoked = await api.query(RevokeTestKey, { id: temporary.apiKey.id }, { key: operator })
    expect(revoked.errors).toEqual([])
    // That of another project may go: the operator makes it a new one.
    const foreign = await make({ scopes: 'ADMIN', projectId: other.projectId })
    expect((await api.query(RevokeTestKey, { id: foreign.apiKey.id }, { key: operator })).errors).toEqual([])
  })

  test('what updateProject sets is answered, kept, and told by the names of what changed', async () => {
    const { data } = await api.query(CreateTestProject, { name: 'Set' }, { key: operator })
    const { id } = data!.createProject!
    const set = (input: object) => api.query(UpdateTestProject, { id, input }, { key: operator })
    const sourcePolicy = { schemes: ['rtsp'], allowCidrs: ['10.0.0.0/8'], denyCidrs: null }
    const first = await set({ publicHealth: true, quotas: { requestsPerMinute: 50 }, sourcePolicy })
    expect(first.data!.updateProject).toEqual({
      name: 'Set',
      publicHealth: true,
      quotas: { requestsPerMinute: 50 },
      sourcePolicy,
    })
    await set({ publicHealth: true })
    const back = await set({ publicHealth: null, quotas: { requestsPerMinute: null }, sourcePolicy: null })
    expect(back.data!.updateProject).toEqual({
      name: 'Set',
      publicHealth: false,
      quotas: { requestsPerMinute: null },
      sourcePolicy: { schemes: null, allowCidrs: null, denyCidrs: null },
    })
    const changed = ['publicHealth', 'quotas', 'sourcePolicy']
    expect((await logOf(id)).slice(1)).toMatchObject([{ data: { changed } }, { data: { changed } }])
    const bad = await set({ name: 'not this', quotas: { requestsPerMinute: 0 } })
    expect(bad.errors).toMatchObject([{ extensions: { fields: [{ path: 'input.quotas.requestsPerMinute' }] } }])
    const unchanged = await api.query(UpdateTestProject, { id, input: {} }, { key: operator })
    expect(unchanged.data!.updateProject!.name).toBe('Set')
  })
})
