import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { schema } from '../../schema/index.ts'
import { errorTable } from '../../src/errors.ts'
import { newId } from '../../src/ids.ts'
import { createTestApi, type TestApi } from '../support/api.ts'
import { describeOnBothDatabases } from '../support/databases.ts'
import { addStream } from '../support/rows.ts'
import { operationsOf } from '../support/schema-arbitrary.ts'
import { addConsumer } from '../support/sessions.ts'

/** Runs a field; enough together for some thousand operations. */
const runs = 60

describeOnBothDatabases('whatever an input holds', (database) => {
  let api: TestApi
  let key: string
  let ids: string[]

  beforeAll(async () => {
    api = await createTestApi(database())
    key = api.key('READ', 'WRITE', 'PUBLISH', 'PLAY', 'ADMIN')
    const stream = await addStream(database().db, api.projectId)
    const consumer = await addConsumer(database().db, stream)
    ids = [api.projectId, stream.id, consumer.id, newId('Stream'), newId('Consumer'), newId('ApiKey')]
  })
  afterAll(() => expect(api.logged).toEqual([]))

  const roots = [
    ['mutation', schema.getMutationType()!],
    ['query', schema.getQueryType()!],
  ] as const
  describe.each(roots)('%s', (root, type) => {
    test.each(Object.values(type.getFields()).map((field) => [field.name, field] as const))(
      '%s answers with data or an error of the table',
      async (_, field) => {
        await fc.assert(
          fc.asyncProperty(operationsOf(schema, root, field, ids), async ({ query, variables }) => {
            const { status, data, errors } = await api.query(query, variables, { key })
            expect(status).toBeLessThan(500)
            for (const { extensions, message } of errors) {
              expect(Object.keys(errorTable), message).toContain(extensions.code)
              expect(extensions.code, `${message} ${JSON.stringify(api.logged.at(-1)?.context)}`).not.toBe('INTERNAL')
            }
            expect(data !== null || errors.length > 0).toBe(true)
          }),
          { numRuns: runs },
        )
      },
    )
  })
})
