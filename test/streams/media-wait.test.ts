import { beforeAll, describe, expect, test } from 'vitest'
import { newId } from '../../src/ids.ts'
import { createInProcessBus } from '../../src/platform/bus/in-process.ts'
import { silentLogger } from '../../src/platform/logs/logger.ts'
import { insertProject } from '../../src/projects/store.ts'
import { createMediaWait } from '../../src/streams/media-wait.ts'
import type { StreamRow } from '../../src/streams/types.ts'
import { openTestPglite, type TestDatabase } from '../support/databases.ts'
import { addStream } from '../support/rows.ts'

describe('waiting for the media of a stream', () => {
  let row: StreamRow
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestPglite()
    const { id } = await insertProject(database.db, { id: newId('Project'), name: 'Test' })
    row = await addStream(database.db, id, { desiredState: 'RUNNING', state: 'STARTING', generation: 2 })
    return database.close
  })

  /** A wait for what `rows` says at each look, told of changes by `change`. */
  function waiting(first: Partial<StreamRow> | null, timeoutMs = 60_000) {
    const bus = createInProcessBus(silentLogger)
    let now: Partial<StreamRow> | null = first
    let looks = 0
    let failing: Error | null = null
    const looked: (() => void)[] = []
    const wait = createMediaWait({
      bus,
      timeoutMs,
      async load() {
        looks += 1
        for (const each of looked.splice(0)) each()
        if (failing) throw failing
        return now && { ...row, ...now }
      },
    })
    return {
      wait: () => wait.waitForMedia(row),
      looks: () => looks,
      nextLook: () => new Promise<void>((resolve) => looked.push(resolve)),
      fail(error: Error | null) {
        failing = error
      },
      change(next: Partial<StreamRow> | null) {
        now = next
        bus.publish('streams', row.id)
      },
    }
  }
  const live: Partial<StreamRow> = { state: 'LIVE', observedGeneration: 2 }

  test('many wait by one look and have their row when it is live', async () => {
    const it = waiting({})
    const all = Promise.all(Array.from({ length: 50 }, () => it.wait()))
    await it.nextLook()
    it.change(live)
    expect(await all).toHaveLength(50)
    expect(it.looks()).toBeLessThan(10)
  })

  test('live under an earlier order is not live', async () => {
    const it = waiting({ state: 'LIVE', observedGeneration: 1 }, 100)
    await expect(it.wait()).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  })

  test('after its time it is UNAVAILABLE, with the reason and when to come back', async () => {
    const it = waiting({ stateReason: 'The camera does not answer.' }, 100)
    await expect(it.wait()).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining('The camera does not answer.'),
      details: { retryAfterSeconds: 5 },
    })
  })

  test('stopped or deleted meanwhile it says so at once', async () => {
    const stopped = waiting({})
    const one = stopped.wait()
    stopped.change({ desiredState: 'STOPPED' })
    await expect(one).rejects.toMatchObject({ code: 'INVALID_STATE' })
    await expect(waiting({ deletedAt: new Date() }).wait()).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(waiting(null).wait()).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(waiting({ ...live, projectId: 'project_other' }).wait()).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  test('a database that is away for a look is asked again', async () => {
    const it = waiting(live)
    it.fail(new Error('away'))
    const waited = it.wait()
    it.fail(new Error('away'))
    await new Promise((resolve) => setImmediate(resolve))
    it.fail(null)
    expect(await waited).toMatchObject({ state: 'LIVE' })
    expect(it.looks()).toBeGreaterThan(1)
  })
})
