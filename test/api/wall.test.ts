import { afterEach, beforeEach, expect, test } from 'vitest'
import { graphql } from '../../src/client/generated/gql.ts'
import { streams } from '../../src/platform/database/tables.ts'
import { createTestApi, type TestApi } from '../support/api.ts'
import { nextData, operate } from '../support/api-server.ts'
import { describeOnBothDatabases } from '../support/databases.ts'
import { type LogServer, logEvent, startLogServer } from '../support/log-client.ts'
import { addStream, figuresOf } from '../support/rows.ts'
import { until } from '../support/until.ts'

const WatchWall = graphql(/* GraphQL */ `
  subscription WatchWall($after: String) {
    streams(intervalSeconds: 1, after: $after) {
      reset
      complete
      cursor
      removedIds
      changed {
        id
        name
        state
        uptimeSeconds
        health {
          status
        }
        process {
          cpuPercent
          fps
          bitrateBps
        }
      }
    }
  }
`)

const cameras = 200

describeOnBothDatabases('a wall of 200 cameras', (database) => {
  let api: TestApi
  let node: LogServer
  let ids: string[]

  beforeEach(async () => {
    api = await createTestApi(database())
    node = await startLogServer(api, database().db)
    ids = []
    for (let i = 0; i < cameras; i++) {
      const { id } = await addStream(database().db, api.projectId, { name: `camera ${i}`, state: 'LIVE' })
      ids.push(id)
      api.figures.set(id, figuresOf(id))
    }
  })
  afterEach(async () => {
    await node.close()
    await database().db.delete(streams)
  })

  function measureAll(cpuPercent: number): void {
    for (const id of ids) {
      const figures = figuresOf(id, [], Date.now() + cpuPercent)
      figures.process!.cpuPercent = cpuPercent
      api.figures.set(id, figures)
    }
  }

  test('one subscription: whole at first, then figures of all by the clock, in few statements and small messages', async () => {
    const messages = operate(node.server.client(api.key('READ')), WatchWall, {})
    const whole = await database().countStatements(() => nextData(messages))
    expect(whole.result.streams).toMatchObject({ reset: true, complete: true })
    expect(whole.result.streams.changed).toHaveLength(cameras)
    expect(whole.statements.length).toBeLessThanOrEqual(4)
    measureAll(77)
    const figures = await database().countStatements(() => nextData(messages))
    expect(figures.result.streams).toMatchObject({ reset: false, removedIds: [] })
    expect(figures.result.streams.changed.map(({ process }) => process!.cpuPercent)).toEqual(ids.map(() => 77))
    expect(figures.statements.length).toBeLessThanOrEqual(4)
    expect(JSON.stringify(figures.result).length / cameras).toBeLessThan(300)
  })

  test('forty who watch the same cost one look, one read of figures and one execution', async () => {
    const key = api.key('READ')
    const all = Array.from({ length: 40 }, () => operate(node.server.client(key), WatchWall, {}))
    await Promise.all(all.map((messages) => nextData(messages)))
    measureAll(12)
    const readsBefore = api.figureReads.length
    const { result, statements } = await database().countStatements(() =>
      Promise.all(all.map((messages) => nextData(messages))),
    )
    for (const { streams } of result) expect(streams).toEqual(result[0]!.streams)
    expect(result[0]!.streams.changed).toHaveLength(cameras)
    expect(statements.length).toBeLessThanOrEqual(5)
    expect(api.figureReads.length - readsBefore).toBeLessThanOrEqual(4)
  })

  test('its cursor leads on into the log: what is told after it is not in the state', async () => {
    await node.append(logEvent(api.projectId, 'before'))
    await until('it is numbered', async () => (await node.api.deps.eventHub.bounds()).lastCursor > 0)
    const { lastCursor } = await node.api.deps.eventHub.bounds()
    const { streams } = await nextData(operate(node.server.client(api.key('READ')), WatchWall, {}))
    expect(streams.cursor).toBe(String(lastCursor))
    const again = operate(node.server.client(api.key('READ')), WatchWall, { after: streams.cursor })
    expect((await nextData(again)).streams).toMatchObject({ reset: true })
    const wrong = await operate(node.server.client(null), WatchWall, { after: '999999' }).next()
    expect(wrong.value.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', fields: [{ path: 'after' }] } }])
  })
})
