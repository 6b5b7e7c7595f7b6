import { eq } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { newId } from '../../src/ids.ts'
import { projects } from '../../src/platform/database/tables.ts'
import { once } from '../../src/platform/idempotency.ts'
import { describeOnBothDatabases } from '../support/databases.ts'

describeOnBothDatabases('idempotency keys', (database) => {
  /** Makes a project in the transaction that the key stands in. */
  function create(key: string | null, input: unknown, projectId = 'project_a', fail = false): Promise<string> {
    return database().db.transaction((tx) =>
      once(tx, { projectId, mutation: 'createThing', key, input }, async () => {
        const id = newId('Project')
        await tx.insert(projects).values({ id, name: String(key) })
        if (fail) throw new Error('failed after writing')
        return id
      }),
    )
  }
  const countMade = (key: string) => database().db.$count(projects, eq(projects.name, key))

  test('the same key and input again answers with the same id and makes nothing', async () => {
    const first = await create('same', { a: 1, b: { c: [1, 2], d: null } })
    expect(await create('same', { b: { d: null, c: [1, 2] }, a: 1 })).toBe(first)
    expect(await countMade('same')).toBe(1)
  })

  test('another input under the same key is a CONFLICT', async () => {
    await create('other', { list: [1, 2] })
    await expect(create('other', { list: [2, 1] })).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  test('a key counts within its project only, and null is no key', async () => {
    expect(await create('mine', {})).not.toBe(await create('mine', {}, 'project_b'))
    expect(await create(null, {})).not.toBe(await create(null, {}))
  })

  test('a failure takes the key back: the next try makes it', async () => {
    await expect(create('again', {}, 'project_a', true)).rejects.toThrow('failed after writing')
    expect(await countMade('again')).toBe(0)
    await create('again', {})
    expect(await countMade('again')).toBe(1)
  })

  test('of twenty at the same instant one makes it and all answer with its id', async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, () => create('race', { n: 1 })))
    expect(new Set(ids).size).toBe(1)
    expect(await countMade('race')).toBe(1)
  })

  test.each(['', 'x'.repeat(201)])('a key of impossible length is refused', async (key) => {
    await expect(create(key, {})).rejects.toMatchObject({ code: 'BAD_USER_INPUT' })
  })
})
